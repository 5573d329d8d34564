from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="FreeTime")



@_attrs_define
class FreeTime:
    """ A free time.

     """

    member_id: UUID
    member: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    words: str





    def to_dict(self) -> dict[str, Any]:
        member_id = str(self.member_id)

        member = self.member

        starts_at = self.starts_at.isoformat()

        ends_at = self.ends_at.isoformat()

        words = self.words


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "member_id": member_id,
            "member": member,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "words": words,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        member_id = UUID(d.pop("member_id"))




        member = d.pop("member")

        starts_at = datetime.datetime.fromisoformat(d.pop("starts_at"))




        ends_at = datetime.datetime.fromisoformat(d.pop("ends_at"))




        words = d.pop("words")

        free_time = cls(
            member_id=member_id,
            member=member,
            starts_at=starts_at,
            ends_at=ends_at,
            words=words,
        )

        return free_time

