from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.lead_intent import check_lead_intent
from ..models.lead_intent import LeadIntent
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.lead_appointment_type_0 import LeadAppointmentType0
  from ..models.lead_consent import LeadConsent
  from ..models.lead_extra import LeadExtra





T = TypeVar("T", bound="Lead")



@_attrs_define
class Lead:
    """ Somebody who called about property, or was written down by hand. Prices in whole dollars.

     """

    id: UUID
    intent: LeadIntent
    name: None | str
    phones: list[str]
    emails: list[str]
    areas: list[str]
    beds: int | None
    baths: float | None
    price_min: int | None
    price_max: int | None
    timeline: None | str
    features: list[str]
    financing: None | str
    represented: None | str
    property_address: None | str
    appointment: LeadAppointmentType0 | None
    score: int | None
    """ 0 to 100, by the rules; `score_reasons` say why. """
    score_reasons: list[str]
    summary: None | str
    consent: LeadConsent
    """ What was agreed to or refused, in which words, and the proof: `voice` (calls by people), `voice_ai` (calls
    by an artificial voice), `sms`, `email`. """
    dnc: bool
    """ Opted out: never contacted again. """
    language: None | str
    source: None | str
    channel: None | str
    disposition: None | str
    conversation_id: None | UUID
    call_id: None | UUID
    extra: LeadExtra
    created_at: datetime.datetime
    updated_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        from ..models.lead_appointment_type_0 import LeadAppointmentType0 # noqa: PLC0415
        from ..models.lead_consent import LeadConsent # noqa: PLC0415
        from ..models.lead_extra import LeadExtra # noqa: PLC0415
        id = str(self.id)

        intent: str = self.intent

        name: None | str
        name = self.name

        phones = self.phones



        emails = self.emails



        areas = self.areas



        beds: int | None
        beds = self.beds

        baths: float | None
        baths = self.baths

        price_min: int | None
        price_min = self.price_min

        price_max: int | None
        price_max = self.price_max

        timeline: None | str
        timeline = self.timeline

        features = self.features



        financing: None | str
        financing = self.financing

        represented: None | str
        represented = self.represented

        property_address: None | str
        property_address = self.property_address

        appointment: dict[str, Any] | None
        if isinstance(self.appointment, LeadAppointmentType0):
            appointment = self.appointment.to_dict()
        else:
            appointment = self.appointment

        score: int | None
        score = self.score

        score_reasons = self.score_reasons



        summary: None | str
        summary = self.summary

        consent = self.consent.to_dict()

        dnc = self.dnc

        language: None | str
        language = self.language

        source: None | str
        source = self.source

        channel: None | str
        channel = self.channel

        disposition: None | str
        disposition = self.disposition

        conversation_id: None | str
        if isinstance(self.conversation_id, UUID):
            conversation_id = str(self.conversation_id)
        else:
            conversation_id = self.conversation_id

        call_id: None | str
        if isinstance(self.call_id, UUID):
            call_id = str(self.call_id)
        else:
            call_id = self.call_id

        extra = self.extra.to_dict()

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "intent": intent,
            "name": name,
            "phones": phones,
            "emails": emails,
            "areas": areas,
            "beds": beds,
            "baths": baths,
            "price_min": price_min,
            "price_max": price_max,
            "timeline": timeline,
            "features": features,
            "financing": financing,
            "represented": represented,
            "property_address": property_address,
            "appointment": appointment,
            "score": score,
            "score_reasons": score_reasons,
            "summary": summary,
            "consent": consent,
            "dnc": dnc,
            "language": language,
            "source": source,
            "channel": channel,
            "disposition": disposition,
            "conversation_id": conversation_id,
            "call_id": call_id,
            "extra": extra,
            "created_at": created_at,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lead_appointment_type_0 import LeadAppointmentType0 # noqa: PLC0415
        from ..models.lead_consent import LeadConsent # noqa: PLC0415
        from ..models.lead_extra import LeadExtra # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        intent = check_lead_intent(d.pop("intent"))




        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))


        phones = cast(list[str], d.pop("phones"))


        emails = cast(list[str], d.pop("emails"))


        areas = cast(list[str], d.pop("areas"))


        def _parse_beds(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        beds = _parse_beds(d.pop("beds"))


        def _parse_baths(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        baths = _parse_baths(d.pop("baths"))


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


        def _parse_timeline(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        timeline = _parse_timeline(d.pop("timeline"))


        features = cast(list[str], d.pop("features"))


        def _parse_financing(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        financing = _parse_financing(d.pop("financing"))


        def _parse_represented(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        represented = _parse_represented(d.pop("represented"))


        def _parse_property_address(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        property_address = _parse_property_address(d.pop("property_address"))


        def _parse_appointment(data: object) -> LeadAppointmentType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                appointment_type_0 = LeadAppointmentType0.from_dict(data)



                return appointment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LeadAppointmentType0 | None, data)

        appointment = _parse_appointment(d.pop("appointment"))


        def _parse_score(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        score = _parse_score(d.pop("score"))


        score_reasons = cast(list[str], d.pop("score_reasons"))


        def _parse_summary(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        summary = _parse_summary(d.pop("summary"))


        consent = LeadConsent.from_dict(d.pop("consent"))




        dnc = d.pop("dnc")

        def _parse_language(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        language = _parse_language(d.pop("language"))


        def _parse_source(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source = _parse_source(d.pop("source"))


        def _parse_channel(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        channel = _parse_channel(d.pop("channel"))


        def _parse_disposition(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        disposition = _parse_disposition(d.pop("disposition"))


        def _parse_conversation_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                conversation_id_type_0 = UUID(data)



                return conversation_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        conversation_id = _parse_conversation_id(d.pop("conversation_id"))


        def _parse_call_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                call_id_type_0 = UUID(data)



                return call_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        call_id = _parse_call_id(d.pop("call_id"))


        extra = LeadExtra.from_dict(d.pop("extra"))




        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        lead = cls(
            id=id,
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
            appointment=appointment,
            score=score,
            score_reasons=score_reasons,
            summary=summary,
            consent=consent,
            dnc=dnc,
            language=language,
            source=source,
            channel=channel,
            disposition=disposition,
            conversation_id=conversation_id,
            call_id=call_id,
            extra=extra,
            created_at=created_at,
            updated_at=updated_at,
        )

        return lead

