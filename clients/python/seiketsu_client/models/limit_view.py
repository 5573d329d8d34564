from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.limit_view_limit import check_limit_view_limit
from ..models.limit_view_limit import LimitViewLimit
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="LimitView")



@_attrs_define
class LimitView:
    """ One limit of the plan. ``used`` and ``allowed`` in the limit's own units; no ``allowed``: no limit.

     """

    limit: LimitViewLimit
    used: float
    allowed: int | None
    percent: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        limit: str = self.limit

        used = self.used

        allowed: int | None
        allowed = self.allowed

        percent: float | None | Unset
        if isinstance(self.percent, Unset):
            percent = UNSET
        else:
            percent = self.percent


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "limit": limit,
            "used": used,
            "allowed": allowed,
        })
        if percent is not UNSET:
            field_dict["percent"] = percent

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        limit = check_limit_view_limit(d.pop("limit"))




        used = d.pop("used")

        def _parse_allowed(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        allowed = _parse_allowed(d.pop("allowed"))


        def _parse_percent(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        percent = _parse_percent(d.pop("percent", UNSET))


        limit_view = cls(
            limit=limit,
            used=used,
            allowed=allowed,
            percent=percent,
        )


        limit_view.additional_properties = d
        return limit_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
