"""What a conversation knows besides the form: the brand it speaks for, the caller's number, the hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import phonenumbers
from phonenumbers import timezone as phone_timezone

from agent.parts import Parts
from core.ids import HOUSE_TENANT
from policies import business_hours, calendar, compliance, voices
from policies.lead_rules import Question
from policies.towns import towns
from stores import lead_rules, listings, tenancy

HOUSE_PERSONA = "Kei"
MOST_PLACES = 14


@dataclass
class SessionFacts:
    """Facts by name, for placeholders and slot types; refreshed after every commit."""

    tenant_id: UUID
    values: dict[str, Any]
    targets: Sequence[dict[str, Any]] = ()
    voice_profile: str = "professional_female"
    max_call_minutes: int = 20
    recorded: bool = True
    """Whether calls are recorded at all: the notice says it, and without it nothing is."""
    messages_only: bool = False
    """The office is closed, and the client wants only messages taken then."""
    questions: Sequence[Question] = ()
    """The client's own questions to callers."""
    languages: tuple[str, ...] = ("en",)
    """What the agent can speak on the telephone; in writing it is more."""
    notices: tuple[str, ...] = ()
    """What the law of the client's states has said after the opening from a day on (C45)."""
    weekly: dict[str, Any] = field(default_factory=business_hours.standard)
    """When somebody is there to call back."""

    @property
    def house(self) -> bool:
        """Whether this is the onboarding number."""
        return self.tenant_id == HOUSE_TENANT

    def opening(self, channel: str, flow_opening: str) -> list[tuple[str, str]]:
        """(key, text) pairs: first the legal block nobody can change or talk over, then the flow's own."""
        brand, persona = str(self.values["brand"]), str(self.values["persona"])
        prefix = compliance.prefix(brand, persona, recorded=self.recorded, channel=channel, house=self.house)
        legal = _literal(" ".join([prefix, *self.notices]))
        return [("opening", legal), *([("greeting", flow_opening)] if flow_opening else [])]

    def transfer_target(self) -> str | None:
        """The first number a caller may be put through to now; None outside the hours.

        Only a number that has been proved: nobody's telephone rings because somebody named it (C41).
        """
        if self.house or not self.values.get("is_open"):
            return None
        return next((str(t["e164"]) for t in self.targets if t.get("e164") and t.get("verified")), None)

    def names(self) -> list[str]:
        """Names the recogniser should know: the brand and the persona."""
        return [str(self.values[k]) for k in ("brand", "organization", "persona") if self.values.get(k)]

    def places(self) -> list[str]:
        """Places callers of this client are likely to name, most likely first."""
        return [str(place) for place in self.values.get("markets") or ()]


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


async def load_facts(
    parts: Parts, tenant_id: UUID, *, caller: str | None, subject: UUID | None = None
) -> SessionFacts:
    """Read what there is to know about the tenant (and the client being set up)."""
    now, house = parts.clock.now(), tenant_id == HOUSE_TENANT
    async with parts.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        profile = await tenancy.get_profile(session)
        rules = await tenancy.get_rules(session)
        numbers = await tenancy.numbers(session)
        own = () if house else await lead_rules.lead_rules(session, "question")
        listed = [] if house else await listings.cities(session)
    brand = tenant.brand_name or tenant.name
    places = dict.fromkeys([*(tenant.markets or ()), *listed, *towns(tenant.states or ())])
    voice = profile.voice_profile if profile else "professional_female"
    values: dict[str, Any] = {
        "brand": brand,
        "persona": profile.persona_name if profile else HOUSE_PERSONA,
        "greeting": compliance.without_prefix((profile.greeting or "") if profile else ""),
        "closing_line": (profile.closing if profile else "") or f"Thanks for calling {brand}.",
        "caller_id": caller or "",
        "onboarding_number": _spoken_number(parts.onboarding_number),
        "public_url": parts.public_url,
        "number": _spoken_number(numbers[0].e164) if numbers else "",
        "resume_code": "",
        "resume_note": "",
        "markets": list(places)[:MOST_PLACES],
        "rules": rules.criteria if rules else {},
        **_office_hours(profile, tenant.timezone or "America/New_York", now),
        **(_caller_facts(caller) if caller else {}),
        **(await _subject_facts(parts, subject) if subject is not None else {}),
    }
    return SessionFacts(
        tenant_id,
        values,
        targets=tuple(profile.transfer_targets) if profile else (),
        voice_profile=voice,
        max_call_minutes=profile.max_call_minutes if profile and not house else 20,
        recorded=profile.recording_notice if profile and not house else True,
        messages_only=bool(values["messages_only"]),
        notices=() if house else calendar.notices(now.date(), tenant.states, brand=brand),
        weekly=(profile.hours if profile else {}) or business_hours.standard(),
        questions=tuple(Question.model_validate(row.spec) for row in own),
        languages=voices.spoken_languages(voice, parts.ports.engines, profile.languages if profile else ()),
    )


async def _subject_facts(parts: Parts, subject: UUID) -> dict[str, Any]:
    async with parts.db.tenant(subject) as session:
        tenant = await tenancy.get_tenant(session)
        numbers = await tenancy.numbers(session)
        profile = await tenancy.get_profile(session)
    return {
        "organization": tenant.name,
        "organization_domain": _domain(tenant.website),
        "slug": tenant.slug,
        "plan": tenant.plan or "",
        "number": _spoken_number(numbers[0].e164) if numbers else "",
        "e164": numbers[0].e164 if numbers else "",
        "tenant_status": tenant.status,
        "client_persona": profile.persona_name if profile else "Alex",
    }


def _domain(website: str | None) -> str:
    return re.sub(r"^https?://(www\.)?", "", website or "").split("/")[0]


def _spoken_number(e164: str) -> str:
    """National form with grouping; the voice reads groups with short pauses."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(e164, None), phonenumbers.PhoneNumberFormat.NATIONAL
        )
    except phonenumbers.NumberParseException:
        return e164


def _caller_facts(caller: str) -> dict[str, Any]:
    try:
        number = phonenumbers.parse(caller, None)
    except phonenumbers.NumberParseException:
        return {}
    zones = phone_timezone.time_zones_for_number(number)
    known = [z for z in zones if z != "Etc/Unknown"]
    return {"timezone_suggestion": known[0] if len(known) == 1 else "", "caller_ending": caller[-4:]}


def _date(day: Any) -> date | None:
    """A holiday as stored (an ISO date); what is none closes no line."""
    try:
        return date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        return None


def _office_hours(profile: tenancy.AgentProfile | None, timezone: str, now: datetime) -> dict[str, Any]:
    """Whether the office is open, when it opens next, and the line about it; without hours it always is."""
    hours = profile.hours if profile else {}
    mode = profile.after_hours_mode if profile else "full_agent"
    known = {"timezone": timezone, "after_hours_mode": mode}
    if profile is None or not hours:
        return known | {
            "is_open": True,
            "messages_only": False,
            "opens": "",
            "hours": "",
            "hours_line": "",
        }
    days = [day for day in map(_date, profile.holidays) if day is not None]
    opening = business_hours.next_opening(hours, timezone, now, days)
    opens = business_hours.spoken_opening(opening, now) if opening else ""
    is_open = business_hours.is_open(hours, timezone, now, days)
    messages_only = business_hours.takes_messages_only(hours, timezone, now, mode, days)
    line = "" if is_open or not opens else f"The office opens {opens}."
    return known | {
        "is_open": is_open,
        "messages_only": messages_only,
        "opens": opens,
        "hours": business_hours.spoken(hours),
        "hours_line": business_hours.hours_line(hours, timezone, now, mode, days) if messages_only else line,
    }
