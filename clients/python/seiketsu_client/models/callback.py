from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Callback")



@_attrs_define
class Callback:
    """ A promise to ring somebody.

     """

    id: UUID
    phone: str
    at: datetime.datetime | None
    reason: str
    status: str





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        phone = self.phone

        at: None | str
        if isinstance(self.at, datetime.datetime):
            at = self.at.isoformat()
        else:
            at = self.at

        reason = self.reason

        status = self.status


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "phone": phone,
            "at": at,
            "reason": reason,
            "status": status,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        phone = d.pop("phone")

        def _parse_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                at_type_0 = datetime.datetime.fromisoformat(data)



                return at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        at = _parse_at(d.pop("at"))


        reason = d.pop("reason")

        status = d.pop("status")

        callback = cls(
            id=id,
            phone=phone,
            at=at,
            reason=reason,
            status=status,
        )

        return callback

