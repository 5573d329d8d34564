from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="TransferTarget")



@_attrs_define
class TransferTarget:
    """ Somebody a caller may be put through to. A new number waits until a test call has proved it.

     """

    e164: str
    name: str | Unset = ''
    ring_seconds: int | Unset = 20





    def to_dict(self) -> dict[str, Any]:
        e164 = self.e164

        name = self.name

        ring_seconds = self.ring_seconds


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "e164": e164,
        })
        if name is not UNSET:
            field_dict["name"] = name
        if ring_seconds is not UNSET:
            field_dict["ring_seconds"] = ring_seconds

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        e164 = d.pop("e164")

        name = d.pop("name", UNSET)

        ring_seconds = d.pop("ring_seconds", UNSET)

        transfer_target = cls(
            e164=e164,
            name=name,
            ring_seconds=ring_seconds,
        )

        return transfer_target

