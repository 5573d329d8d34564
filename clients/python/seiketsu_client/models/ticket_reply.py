from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="TicketReply")



@_attrs_define
class TicketReply:
    """ What was written under a ticket. ``from_us``: by the platform's own people.

     """

    id: UUID
    author: str
    from_us: bool
    body: str
    created_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        author = self.author

        from_us = self.from_us

        body = self.body

        created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "author": author,
            "from_us": from_us,
            "body": body,
            "created_at": created_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        author = d.pop("author")

        from_us = d.pop("from_us")

        body = d.pop("body")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        ticket_reply = cls(
            id=id,
            author=author,
            from_us=from_us,
            body=body,
            created_at=created_at,
        )

        return ticket_reply

