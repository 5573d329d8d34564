from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.number_status import check_number_status
from ..models.number_status import NumberStatus
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Number")



@_attrs_define
class Number:
    """ A telephone line.

     """

    id: UUID
    e164: str
    status: NumberStatus
    provider: str
    """ `fictional` numbers ring nowhere: there is no carrier account. """
    forwarded_from: None | str
    """ The client's own number that is forwarded to this one. """
    created_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        e164 = self.e164

        status: str = self.status

        provider = self.provider

        forwarded_from: None | str
        forwarded_from = self.forwarded_from

        created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "e164": e164,
            "status": status,
            "provider": provider,
            "forwarded_from": forwarded_from,
            "created_at": created_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        e164 = d.pop("e164")

        status = check_number_status(d.pop("status"))




        provider = d.pop("provider")

        def _parse_forwarded_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        forwarded_from = _parse_forwarded_from(d.pop("forwarded_from"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        number = cls(
            id=id,
            e164=e164,
            status=status,
            provider=provider,
            forwarded_from=forwarded_from,
            created_at=created_at,
        )

        return number

