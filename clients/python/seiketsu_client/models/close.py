from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.close_status import check_close_status
from ..models.close_status import CloseStatus
from typing import cast






T = TypeVar("T", bound="Close")



@_attrs_define
class Close:
    """ How it went.

     """

    status: CloseStatus





    def to_dict(self) -> dict[str, Any]:
        status: str = self.status


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "status": status,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = check_close_status(d.pop("status"))




        close = cls(
            status=status,
        )

        return close

