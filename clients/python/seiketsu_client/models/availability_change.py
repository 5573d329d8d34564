from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.availability_change_hours_type_0 import AvailabilityChangeHoursType0
  from ..models.other_hours import OtherHours





T = TypeVar("T", bound="AvailabilityChange")



@_attrs_define
class AvailabilityChange:
    """ What is to change; null empties.

     """

    hours: AvailabilityChangeHoursType0 | None | Unset = UNSET
    exceptions: list[OtherHours] | None | Unset = UNSET
    buffer_minutes: int | Unset = UNSET
    timezone: None | str | Unset = UNSET
    bookable: bool | Unset = UNSET
    takes_leads: bool | Unset = UNSET
    languages: list[str] | None | Unset = UNSET
    areas: list[str] | None | Unset = UNSET
    price_min: int | None | Unset = UNSET
    price_max: int | None | Unset = UNSET
    weight: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.availability_change_hours_type_0 import AvailabilityChangeHoursType0 # noqa: PLC0415
        from ..models.other_hours import OtherHours # noqa: PLC0415
        hours: dict[str, Any] | None | Unset
        if isinstance(self.hours, Unset):
            hours = UNSET
        elif isinstance(self.hours, AvailabilityChangeHoursType0):
            hours = self.hours.to_dict()
        else:
            hours = self.hours

        exceptions: list[dict[str, Any]] | None | Unset
        if isinstance(self.exceptions, Unset):
            exceptions = UNSET
        elif isinstance(self.exceptions, list):
            exceptions = []
            for exceptions_type_0_item_data in self.exceptions:
                exceptions_type_0_item = exceptions_type_0_item_data.to_dict()
                exceptions.append(exceptions_type_0_item)


        else:
            exceptions = self.exceptions

        buffer_minutes = self.buffer_minutes

        timezone: None | str | Unset
        if isinstance(self.timezone, Unset):
            timezone = UNSET
        else:
            timezone = self.timezone

        bookable = self.bookable

        takes_leads = self.takes_leads

        languages: list[str] | None | Unset
        if isinstance(self.languages, Unset):
            languages = UNSET
        elif isinstance(self.languages, list):
            languages = self.languages


        else:
            languages = self.languages

        areas: list[str] | None | Unset
        if isinstance(self.areas, Unset):
            areas = UNSET
        elif isinstance(self.areas, list):
            areas = self.areas


        else:
            areas = self.areas

        price_min: int | None | Unset
        if isinstance(self.price_min, Unset):
            price_min = UNSET
        else:
            price_min = self.price_min

        price_max: int | None | Unset
        if isinstance(self.price_max, Unset):
            price_max = UNSET
        else:
            price_max = self.price_max

        weight = self.weight


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if hours is not UNSET:
            field_dict["hours"] = hours
        if exceptions is not UNSET:
            field_dict["exceptions"] = exceptions
        if buffer_minutes is not UNSET:
            field_dict["buffer_minutes"] = buffer_minutes
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        if bookable is not UNSET:
            field_dict["bookable"] = bookable
        if takes_leads is not UNSET:
            field_dict["takes_leads"] = takes_leads
        if languages is not UNSET:
            field_dict["languages"] = languages
        if areas is not UNSET:
            field_dict["areas"] = areas
        if price_min is not UNSET:
            field_dict["price_min"] = price_min
        if price_max is not UNSET:
            field_dict["price_max"] = price_max
        if weight is not UNSET:
            field_dict["weight"] = weight

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.availability_change_hours_type_0 import AvailabilityChangeHoursType0 # noqa: PLC0415
        from ..models.other_hours import OtherHours # noqa: PLC0415
        d = dict(src_dict)
        def _parse_hours(data: object) -> AvailabilityChangeHoursType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                hours_type_0 = AvailabilityChangeHoursType0.from_dict(data)



                return hours_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AvailabilityChangeHoursType0 | None | Unset, data)

        hours = _parse_hours(d.pop("hours", UNSET))


        def _parse_exceptions(data: object) -> list[OtherHours] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                exceptions_type_0 = []
                _exceptions_type_0 = data
                for exceptions_type_0_item_data in (_exceptions_type_0):
                    exceptions_type_0_item = OtherHours.from_dict(exceptions_type_0_item_data)



                    exceptions_type_0.append(exceptions_type_0_item)

                return exceptions_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[OtherHours] | None | Unset, data)

        exceptions = _parse_exceptions(d.pop("exceptions", UNSET))


        buffer_minutes = d.pop("buffer_minutes", UNSET)

        def _parse_timezone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timezone = _parse_timezone(d.pop("timezone", UNSET))


        bookable = d.pop("bookable", UNSET)

        takes_leads = d.pop("takes_leads", UNSET)

        def _parse_languages(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                languages_type_0 = cast(list[str], data)

                return languages_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        languages = _parse_languages(d.pop("languages", UNSET))


        def _parse_areas(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                areas_type_0 = cast(list[str], data)

                return areas_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        areas = _parse_areas(d.pop("areas", UNSET))


        def _parse_price_min(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        price_min = _parse_price_min(d.pop("price_min", UNSET))


        def _parse_price_max(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        price_max = _parse_price_max(d.pop("price_max", UNSET))


        weight = d.pop("weight", UNSET)

        availability_change = cls(
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
        )

        return availability_change

