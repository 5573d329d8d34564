from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="AuditCheck")



@_attrs_define
class AuditCheck:
    """ Whether the chain holds.

     """

    whole: bool
    entries: int
    broken_at: int | None
    """ The first entry that was changed, removed or cut off. """





    def to_dict(self) -> dict[str, Any]:
        whole = self.whole

        entries = self.entries

        broken_at: int | None
        broken_at = self.broken_at


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "whole": whole,
            "entries": entries,
            "broken_at": broken_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        whole = d.pop("whole")

        entries = d.pop("entries")

        def _parse_broken_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        broken_at = _parse_broken_at(d.pop("broken_at"))


        audit_check = cls(
            whole=whole,
            entries=entries,
            broken_at=broken_at,
        )

        return audit_check

