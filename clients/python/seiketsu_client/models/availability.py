from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.availability_exceptions_item import AvailabilityExceptionsItem
  from ..models.availability_hours import AvailabilityHours
  from ..models.calendar import Calendar





T = TypeVar("T", bound="Availability")



@_attrs_define
class Availability:
    """ When a member can be booked, and which leads they take. Empty ``hours``: the office's.

     """

    member_id: UUID
    name: str
    hours: AvailabilityHours
    """ Opening times by day: `{"mon": [["09:00", "18:00"]]}`, local time. A missing day is closed. """
    exceptions: list[AvailabilityExceptionsItem]
    buffer_minutes: int
    timezone: None | str
    bookable: bool
    takes_leads: bool
    languages: list[str]
    areas: list[str]
    price_min: int | None
    price_max: int | None
    weight: int
    calendar: Calendar | None





    def to_dict(self) -> dict[str, Any]:
        from ..models.availability_exceptions_item import AvailabilityExceptionsItem # noqa: PLC0415
        from ..models.availability_hours import AvailabilityHours # noqa: PLC0415
        from ..models.calendar import Calendar # noqa: PLC0415
        member_id = str(self.member_id)

        name = self.name

        hours = self.hours.to_dict()

        exceptions = []
        for exceptions_item_data in self.exceptions:
            exceptions_item = exceptions_item_data.to_dict()
            exceptions.append(exceptions_item)



        buffer_minutes = self.buffer_minutes

        timezone: None | str
        timezone = self.timezone

        bookable = self.bookable

        takes_leads = self.takes_leads

        languages = self.languages



        areas = self.areas



        price_min: int | None
        price_min = self.price_min

        price_max: int | None
        price_max = self.price_max

        weight = self.weight

        calendar: dict[str, Any] | None
        if isinstance(self.calendar, Calendar):
            calendar = self.calendar.to_dict()
        else:
            calendar = self.calendar


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "member_id": member_id,
            "name": name,
            "hours": hours,
            "exceptions": exceptions,
            "buffer_minutes": buffer_minutes,
            "timezone": timezone,
            "bookable": bookable,
            "takes_leads": takes_leads,
            "languages": languages,
            "areas": areas,
            "price_min": price_min,
            "price_max": price_max,
            "weight": weight,
            "calendar": calendar,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.availability_exceptions_item import AvailabilityExceptionsItem # noqa: PLC0415
        from ..models.availability_hours import AvailabilityHours # noqa: PLC0415
        from ..models.calendar import Calendar # noqa: PLC0415
        d = dict(src_dict)
        member_id = UUID(d.pop("member_id"))




        name = d.pop("name")

        hours = AvailabilityHours.from_dict(d.pop("hours"))




        exceptions = []
        _exceptions = d.pop("exceptions")
        for exceptions_item_data in (_exceptions):
            exceptions_item = AvailabilityExceptionsItem.from_dict(exceptions_item_data)



            exceptions.append(exceptions_item)


        buffer_minutes = d.pop("buffer_minutes")

        def _parse_timezone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        timezone = _parse_timezone(d.pop("timezone"))


        bookable = d.pop("bookable")

        takes_leads = d.pop("takes_leads")

        languages = cast(list[str], d.pop("languages"))


        areas = cast(list[str], d.pop("areas"))


        def _parse_price_min(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        price_min = _parse_price_min(d.pop("price_min"))


        def _parse_price_max(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        price_max = _parse_price_max(d.pop("price_max"))


        weight = d.pop("weight")

        def _parse_calendar(data: object) -> Calendar | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                calendar_type_0 = Calendar.from_dict(data)



                return calendar_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Calendar | None, data)

        calendar = _parse_calendar(d.pop("calendar"))


        availability = cls(
            member_id=member_id,
            name=name,
            hours=hours,
            exceptions=exceptions,
            buffer_minutes=buffer_minutes,
            timezone=timezone,
            bookable=bookable,
            takes_leads=takes_leads,
            languages=languages,
            areas=areas,
            price_min=price_min,
            price_max=price_max,
            weight=weight,
            calendar=calendar,
        )

        return availability

