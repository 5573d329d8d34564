from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.must_have_field import check_must_have_field
from ..models.must_have_field import MustHaveField
from ..models.must_have_of_item import check_must_have_of_item
from ..models.must_have_of_item import MustHaveOfItem
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="MustHave")



@_attrs_define
class MustHave:
    """ What a lead must have to be hot: a limit (``at_least``, ``at_most``) or a list (``any_of``).

     """

    key: str
    field: MustHaveField
    at_least: int | None | Unset = UNSET
    at_most: int | None | Unset = UNSET
    any_of: list[str] | Unset = UNSET
    of: list[MustHaveOfItem] | Unset = UNSET
    """ Of whom it is asked or wanted. """





    def to_dict(self) -> dict[str, Any]:
        key = self.key

        field: str = self.field

        at_least: int | None | Unset
        if isinstance(self.at_least, Unset):
            at_least = UNSET
        else:
            at_least = self.at_least

        at_most: int | None | Unset
        if isinstance(self.at_most, Unset):
            at_most = UNSET
        else:
            at_most = self.at_most

        any_of: list[str] | Unset = UNSET
        if not isinstance(self.any_of, Unset):
            any_of = self.any_of



        of: list[str] | Unset = UNSET
        if not isinstance(self.of, Unset):
            of = []
            for of_item_data in self.of:
                of_item: str = of_item_data
                of.append(of_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "key": key,
            "field": field,
        })
        if at_least is not UNSET:
            field_dict["at_least"] = at_least
        if at_most is not UNSET:
            field_dict["at_most"] = at_most
        if any_of is not UNSET:
            field_dict["any_of"] = any_of
        if of is not UNSET:
            field_dict["of"] = of

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        key = d.pop("key")

        field = check_must_have_field(d.pop("field"))




        def _parse_at_least(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        at_least = _parse_at_least(d.pop("at_least", UNSET))


        def _parse_at_most(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        at_most = _parse_at_most(d.pop("at_most", UNSET))


        any_of = cast(list[str], d.pop("any_of", UNSET))


        _of = d.pop("of", UNSET)
        of: list[MustHaveOfItem] | Unset = UNSET
        if _of is not UNSET:
            of = []
            for of_item_data in _of:
                of_item = check_must_have_of_item(of_item_data)



                of.append(of_item)


        must_have = cls(
            key=key,
            field=field,
            at_least=at_least,
            at_most=at_most,
            any_of=any_of,
            of=of,
        )

        return must_have

