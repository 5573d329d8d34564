from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.booking_new_kind import BookingNewKind
from ..models.booking_new_kind import check_booking_new_kind
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="BookingNew")



@_attrs_define
class BookingNew:
    """ An appointment made by hand. ``anyway``: also outside the member's hours.

     """

    member_id: UUID
    starts_at: datetime.datetime
    kind: BookingNewKind | Unset = 'tour'
    minutes: int | None | Unset = UNSET
    lead_id: None | Unset | UUID = UNSET
    name: None | str | Unset = UNSET
    phone: None | str | Unset = UNSET
    email: None | str | Unset = UNSET
    place: None | str | Unset = UNSET
    note: None | str | Unset = UNSET
    timezone: None | str | Unset = UNSET
    anyway: bool | Unset = False





    def to_dict(self) -> dict[str, Any]:
        member_id = str(self.member_id)

        starts_at = self.starts_at.isoformat()

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind


        minutes: int | None | Unset
        if isinstance(self.minutes, Unset):
            minutes = UNSET
        else:
            minutes = self.minutes

        lead_id: None | str | Unset
        if isinstance(self.lead_id, Unset):
            lead_id = UNSET
        elif isinstance(self.lead_id, UUID):
            lead_id = str(self.lead_id)
        else:
            lead_id = self.lead_id

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        phone: None | str | Unset
        if isinstance(self.phone, Unset):
            phone = UNSET
        else:
            phone = self.phone

        email: None | str | Unset
        if isinstance(self.email, Unset):
            email = UNSET
        else:
            email = self.email

        place: None | str | Unset
        if isinstance(self.place, Unset):
            place = UNSET
        else:
            place = self.place

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        timezone: None | str | Unset
        if isinstance(self.timezone, Unset):
            timezone = UNSET
        else:
            timezone = self.timezone

        anyway = self.anyway


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "member_id": member_id,
            "starts_at": starts_at,
        })
        if kind is not UNSET:
            field_dict["kind"] = kind
        if minutes is not UNSET:
            field_dict["minutes"] = minutes
        if lead_id is not UNSET:
            field_dict["lead_id"] = lead_id
        if name is not UNSET:
            field_dict["name"] = name
        if phone is not UNSET:
            field_dict["phone"] = phone
        if email is not UNSET:
            field_dict["email"] = email
        if place is not UNSET:
            field_dict["place"] = place
        if note is not UNSET:
            field_dict["note"] = note
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        if anyway is not UNSET:
            field_dict["anyway"] = anyway

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        member_id = UUID(d.pop("member_id"))




        starts_at = datetime.datetime.fromisoformat(d.pop("starts_at"))




        _kind = d.pop("kind", UNSET)
        kind: BookingNewKind | Unset
        if isinstance(_kind,  Unset):
            kind = UNSET
        else:
            kind = check_booking_new_kind(_kind)




        def _parse_minutes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        minutes = _parse_minutes(d.pop("minutes", UNSET))


        def _parse_lead_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                lead_id_type_0 = UUID(data)



                return lead_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        lead_id = _parse_lead_id(d.pop("lead_id", UNSET))


        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))


        def _parse_phone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phone = _parse_phone(d.pop("phone", UNSET))


        def _parse_email(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        email = _parse_email(d.pop("email", UNSET))


        def _parse_place(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        place = _parse_place(d.pop("place", UNSET))


        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))


        def _parse_timezone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timezone = _parse_timezone(d.pop("timezone", UNSET))


        anyway = d.pop("anyway", UNSET)

        booking_new = cls(
            member_id=member_id,
            starts_at=starts_at,
            kind=kind,
            minutes=minutes,
            lead_id=lead_id,
            name=name,
            phone=phone,
            email=email,
            place=place,
            note=note,
            timezone=timezone,
            anyway=anyway,
        )

        return booking_new

