from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.lead_new_intent import check_lead_new_intent
from ..models.lead_new_intent import LeadNewIntent
from ..models.lead_new_represented_type_0 import check_lead_new_represented_type_0
from ..models.lead_new_represented_type_0 import LeadNewRepresentedType0
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="LeadNew")



@_attrs_define
class LeadNew:
    """ A lead from elsewhere; it needs a phone number or an e-mail address.

     """

    intent: LeadNewIntent
    name: None | str | Unset = UNSET
    phones: list[str] | Unset = UNSET
    emails: list[str] | Unset = UNSET
    areas: list[str] | Unset = UNSET
    beds: int | None | Unset = UNSET
    baths: float | None | Unset = UNSET
    price_min: int | None | Unset = UNSET
    price_max: int | None | Unset = UNSET
    timeline: None | str | Unset = UNSET
    features: list[str] | Unset = UNSET
    financing: None | str | Unset = UNSET
    represented: LeadNewRepresentedType0 | None | Unset = UNSET
    property_address: None | str | Unset = UNSET
    summary: None | str | Unset = UNSET
    language: None | str | Unset = UNSET
    disposition: None | str | Unset = UNSET
    dnc: bool | Unset = UNSET
    source: None | str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        intent: str = self.intent

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        phones: list[str] | Unset = UNSET
        if not isinstance(self.phones, Unset):
            phones = self.phones



        emails: list[str] | Unset = UNSET
        if not isinstance(self.emails, Unset):
            emails = self.emails



        areas: list[str] | Unset = UNSET
        if not isinstance(self.areas, Unset):
            areas = self.areas



        beds: int | None | Unset
        if isinstance(self.beds, Unset):
            beds = UNSET
        else:
            beds = self.beds

        baths: float | None | Unset
        if isinstance(self.baths, Unset):
            baths = UNSET
        else:
            baths = self.baths

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

        timeline: None | str | Unset
        if isinstance(self.timeline, Unset):
            timeline = UNSET
        else:
            timeline = self.timeline

        features: list[str] | Unset = UNSET
        if not isinstance(self.features, Unset):
            features = self.features



        financing: None | str | Unset
        if isinstance(self.financing, Unset):
            financing = UNSET
        else:
            financing = self.financing

        represented: None | str | Unset
        if isinstance(self.represented, Unset):
            represented = UNSET
        elif isinstance(self.represented, str):
            represented = self.represented
        else:
            represented = self.represented

        property_address: None | str | Unset
        if isinstance(self.property_address, Unset):
            property_address = UNSET
        else:
            property_address = self.property_address

        summary: None | str | Unset
        if isinstance(self.summary, Unset):
            summary = UNSET
        else:
            summary = self.summary

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        else:
            language = self.language

        disposition: None | str | Unset
        if isinstance(self.disposition, Unset):
            disposition = UNSET
        else:
            disposition = self.disposition

        dnc = self.dnc

        source: None | str | Unset
        if isinstance(self.source, Unset):
            source = UNSET
        else:
            source = self.source


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "intent": intent,
        })
        if name is not UNSET:
            field_dict["name"] = name
        if phones is not UNSET:
            field_dict["phones"] = phones
        if emails is not UNSET:
            field_dict["emails"] = emails
        if areas is not UNSET:
            field_dict["areas"] = areas
        if beds is not UNSET:
            field_dict["beds"] = beds
        if baths is not UNSET:
            field_dict["baths"] = baths
        if price_min is not UNSET:
            field_dict["price_min"] = price_min
        if price_max is not UNSET:
            field_dict["price_max"] = price_max
        if timeline is not UNSET:
            field_dict["timeline"] = timeline
        if features is not UNSET:
            field_dict["features"] = features
        if financing is not UNSET:
            field_dict["financing"] = financing
        if represented is not UNSET:
            field_dict["represented"] = represented
        if property_address is not UNSET:
            field_dict["property_address"] = property_address
        if summary is not UNSET:
            field_dict["summary"] = summary
        if language is not UNSET:
            field_dict["language"] = language
        if disposition is not UNSET:
            field_dict["disposition"] = disposition
        if dnc is not UNSET:
            field_dict["dnc"] = dnc
        if source is not UNSET:
            field_dict["source"] = source

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        intent = check_lead_new_intent(d.pop("intent"))




        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))


        phones = cast(list[str], d.pop("phones", UNSET))


        emails = cast(list[str], d.pop("emails", UNSET))


        areas = cast(list[str], d.pop("areas", UNSET))


        def _parse_beds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        beds = _parse_beds(d.pop("beds", UNSET))


        def _parse_baths(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        baths = _parse_baths(d.pop("baths", UNSET))


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


        def _parse_timeline(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timeline = _parse_timeline(d.pop("timeline", UNSET))


        features = cast(list[str], d.pop("features", UNSET))


        def _parse_financing(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        financing = _parse_financing(d.pop("financing", UNSET))


        def _parse_represented(data: object) -> LeadNewRepresentedType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                represented_type_0 = check_lead_new_represented_type_0(data)



                return represented_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LeadNewRepresentedType0 | None | Unset, data)

        represented = _parse_represented(d.pop("represented", UNSET))


        def _parse_property_address(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        property_address = _parse_property_address(d.pop("property_address", UNSET))


        def _parse_summary(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        summary = _parse_summary(d.pop("summary", UNSET))


        def _parse_language(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        language = _parse_language(d.pop("language", UNSET))


        def _parse_disposition(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        disposition = _parse_disposition(d.pop("disposition", UNSET))


        dnc = d.pop("dnc", UNSET)

        def _parse_source(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source = _parse_source(d.pop("source", UNSET))


        lead_new = cls(
            intent=intent,
            name=name,
            phones=phones,
            emails=emails,
            areas=areas,
            beds=beds,
            baths=baths,
            price_min=price_min,
            price_max=price_max,
            timeline=timeline,
            features=features,
            financing=financing,
            represented=represented,
            property_address=property_address,
            summary=summary,
            language=language,
            disposition=disposition,
            dnc=dnc,
            source=source,
        )

        return lead_new

