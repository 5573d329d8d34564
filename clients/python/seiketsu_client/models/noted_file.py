from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="NotedFile")



@_attrs_define
class NotedFile:
    """ A file that was looked at; it lies elsewhere.

     """

    name: str
    note: str | Unset = ''





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        note = self.note


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "name": name,
        })
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        note = d.pop("note", UNSET)

        noted_file = cls(
            name=name,
            note=note,
        )

        return noted_file

