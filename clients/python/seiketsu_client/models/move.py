from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Move")



@_attrs_define
class Move:
    """ Another time, perhaps with another member.

     """

    starts_at: datetime.datetime
    member_id: None | Unset | UUID = UNSET
    anyway: bool | Unset = False





    def to_dict(self) -> dict[str, Any]:
        starts_at = self.starts_at.isoformat()

        member_id: None | str | Unset
        if isinstance(self.member_id, Unset):
            member_id = UNSET
        elif isinstance(self.member_id, UUID):
            member_id = str(self.member_id)
        else:
            member_id = self.member_id

        anyway = self.anyway


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "starts_at": starts_at,
        })
        if member_id is not UNSET:
            field_dict["member_id"] = member_id
        if anyway is not UNSET:
            field_dict["anyway"] = anyway

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        starts_at = datetime.datetime.fromisoformat(d.pop("starts_at"))




        def _parse_member_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                member_id_type_0 = UUID(data)



                return member_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        member_id = _parse_member_id(d.pop("member_id", UNSET))


        anyway = d.pop("anyway", UNSET)

        move = cls(
            starts_at=starts_at,
            member_id=member_id,
            anyway=anyway,
        )

        return move

