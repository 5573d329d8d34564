from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.run_summary import RunSummary





T = TypeVar("T", bound="RunPage")



@_attrs_define
class RunPage:
    """ Newest first; ``next`` is the ``before`` of the following page.

     """

    items: list[RunSummary]
    next_: None | Unset | UUID = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.run_summary import RunSummary # noqa: PLC0415
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)



        next_: None | str | Unset
        if isinstance(self.next_, Unset):
            next_ = UNSET
        elif isinstance(self.next_, UUID):
            next_ = str(self.next_)
        else:
            next_ = self.next_


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "items": items,
        })
        if next_ is not UNSET:
            field_dict["next"] = next_

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_summary import RunSummary # noqa: PLC0415
        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in (_items):
            items_item = RunSummary.from_dict(items_item_data)



            items.append(items_item)


        def _parse_next_(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_type_0 = UUID(data)



                return next_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        next_ = _parse_next_(d.pop("next", UNSET))


        run_page = cls(
            items=items,
            next_=next_,
        )

        return run_page

