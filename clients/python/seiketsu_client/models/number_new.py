from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="NumberNew")



@_attrs_define
class NumberNew:
    """ Which line is wanted.

     """

    area_code: None | str | Unset = UNSET
    """ Without it: near the lines you have. """





    def to_dict(self) -> dict[str, Any]:
        area_code: None | str | Unset
        if isinstance(self.area_code, Unset):
            area_code = UNSET
        else:
            area_code = self.area_code


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if area_code is not UNSET:
            field_dict["area_code"] = area_code

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_area_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        area_code = _parse_area_code(d.pop("area_code", UNSET))


        number_new = cls(
            area_code=area_code,
        )

        return number_new

