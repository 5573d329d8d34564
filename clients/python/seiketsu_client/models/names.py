from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="Names")



@_attrs_define
class Names:
    """ What came, what went, what is different.

     """

    added: list[str]
    removed: list[str]
    changed: list[str]





    def to_dict(self) -> dict[str, Any]:
        added = self.added



        removed = self.removed



        changed = self.changed




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "added": added,
            "removed": removed,
            "changed": changed,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        added = cast(list[str], d.pop("added"))


        removed = cast(list[str], d.pop("removed"))


        changed = cast(list[str], d.pop("changed"))


        names = cls(
            added=added,
            removed=removed,
            changed=changed,
        )

        return names

