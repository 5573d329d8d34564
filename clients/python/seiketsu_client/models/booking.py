from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.booking_kind import BookingKind
from ..models.booking_kind import check_booking_kind
from ..models.booking_status import BookingStatus
from ..models.booking_status import check_booking_status
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Booking")



@_attrs_define
class Booking:
    """ A time with a member. ``timezone``: the one it is said in.

     """

    id: UUID
    member_id: UUID
    lead_id: None | UUID
    kind: BookingKind
    status: BookingStatus
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    timezone: str
    name: None | str
    phone: None | str
    email: None | str
    place: None | str
    note: None | str
    buyer_agreement_required: bool
    """ A written buyer agreement has to be gone over before the tour. """
    sequence: int
    """ Counts the changes. """
    created_at: datetime.datetime
    updated_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        member_id = str(self.member_id)

        lead_id: None | str
        if isinstance(self.lead_id, UUID):
            lead_id = str(self.lead_id)
        else:
            lead_id = self.lead_id

        kind: str = self.kind

        status: str = self.status

        starts_at = self.starts_at.isoformat()

        ends_at = self.ends_at.isoformat()

        timezone = self.timezone

        name: None | str
        name = self.name

        phone: None | str
        phone = self.phone

        email: None | str
        email = self.email

        place: None | str
        place = self.place

        note: None | str
        note = self.note

        buyer_agreement_required = self.buyer_agreement_required

        sequence = self.sequence

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "member_id": member_id,
            "lead_id": lead_id,
            "kind": kind,
            "status": status,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "timezone": timezone,
            "name": name,
            "phone": phone,
            "email": email,
            "place": place,
            "note": note,
            "buyer_agreement_required": buyer_agreement_required,
            "sequence": sequence,
            "created_at": created_at,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        member_id = UUID(d.pop("member_id"))




        def _parse_lead_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                lead_id_type_0 = UUID(data)



                return lead_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        lead_id = _parse_lead_id(d.pop("lead_id"))


        kind = check_booking_kind(d.pop("kind"))




        status = check_booking_status(d.pop("status"))




        starts_at = datetime.datetime.fromisoformat(d.pop("starts_at"))




        ends_at = datetime.datetime.fromisoformat(d.pop("ends_at"))




        timezone = d.pop("timezone")

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))


        def _parse_phone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        phone = _parse_phone(d.pop("phone"))


        def _parse_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        email = _parse_email(d.pop("email"))


        def _parse_place(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        place = _parse_place(d.pop("place"))


        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))


        buyer_agreement_required = d.pop("buyer_agreement_required")

        sequence = d.pop("sequence")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        booking = cls(
            id=id,
            member_id=member_id,
            lead_id=lead_id,
            kind=kind,
            status=status,
            starts_at=starts_at,
            ends_at=ends_at,
            timezone=timezone,
            name=name,
            phone=phone,
            email=email,
            place=place,
            note=note,
            buyer_agreement_required=buyer_agreement_required,
            sequence=sequence,
            created_at=created_at,
            updated_at=updated_at,
        )

        return booking

