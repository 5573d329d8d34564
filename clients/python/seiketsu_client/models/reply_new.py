from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="ReplyNew")



@_attrs_define
class ReplyNew:
    """ What to write under a ticket.

     """

    body: str
    close: bool | Unset = False





    def to_dict(self) -> dict[str, Any]:
        body = self.body

        close = self.close


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "body": body,
        })
        if close is not UNSET:
            field_dict["close"] = close

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        body = d.pop("body")

        close = d.pop("close", UNSET)

        reply_new = cls(
            body=body,
            close=close,
        )

        return reply_new

