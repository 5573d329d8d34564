"""Times on offer: two that suit, held for the caller while they talk (A047, C41).

A time that was offered is kept for the caller for ten minutes (``hold_minutes``, policies/appointments.yaml).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import phonenumbers
from phonenumbers import timezone as phone_timezone
from pydantic import Field

from core.clock import Clock
from policies import appointments as policy
from policies import offering
from policies.free_times import Slot
from policies.moment_words import when_words
from policies.regions import spoken_timezone
from policies.wished_times import agrees, chosen, understood
from stores import appointments, leads, routing
from stores.appointments import Appointment
from stores.db import Database, Session
from tools import agenda
from tools.appointments import Kind
from tools.base import Args, Ports, ToolContext, ToolResult, tool, unchanged
from tools.values import Text, Timezone

NO_OFFER = {
    "offer": "", "slot_a": "", "slot_b": "", "agent": "", "timezone_words": "", "kind": "", "missed": "",
    "missed_es": "",
}  # fmt: skip


class OfferArgs(Args):
    """``wish``: day and time in the caller's words. ``more``: what was offered before does not suit.

    ``member``: a person asked for by name. Without ``kind`` the intent decides.
    """

    kind: Kind | None = None
    wish: str | None = Field(None, max_length=300)
    timezone: Timezone | None = None
    member: Text | None = None
    more: bool = False


async def let_go(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Nothing is held for the caller any more."""
    await appointments.release(session, await appointments.holds(session, ctx.conversation_id))
    return ToolResult(status="undone", after={"held": 0})


@tool(
    "offer_slots",
    OfferArgs,
    at_home=True,
    undo=let_go,
    statuses=("offered", "one", "none", "too_far", "represented"),
    facts=tuple(NO_OFFER),
)
async def offer_slots(ctx: ToolContext, session: Session, args: OfferArgs) -> ToolResult:
    """Find two free times that suit, hold them for the caller and say them with the time zone."""
    lead = await leads.lead_of_conversation(session, ctx.conversation_id)
    represented = ctx.slots.get("represented") or (lead.represented if lead else None)
    if represented == "exclusive":
        # somebody else's client is not shown around (C29)
        return unchanged("represented", **NO_OFFER)
    now = ctx.clock.now()
    kind = args.kind or policy.kind_for(str(ctx.slots.get("intent") or (lead.intent if lead else "")))
    office = await agenda.open_office(session)
    who = _asked_for(office, args.member)
    if args.member is None:
        who = await _speaking(session, who, str(ctx.slots.get("language") or ""))
    if not ctx.rehearsal:
        await appointments.lock_agendas(session, who)
    before = await appointments.holds(session, ctx.conversation_id)
    declined = [row.starts_at for row in before] if args.more else []
    await appointments.release(session, before)
    slots = await agenda.free_slots(session, office, now=now, kind=kind, members=who)
    given = await routing.current(session, lead.id) if lead else None
    if given is not None and args.member is None:
        theirs = [s for s in slots if s.member == str(given.member_id)]
        slots = theirs or slots
    zone = args.timezone or _caller_zone(ctx, office, kind)
    today = agenda.local_date(now, zone)
    wish = understood(args.wish, today=today)
    found = offering.choose(slots, wish, zone, today=today, declined=declined)
    if not found or offering.too_far(wish, today):
        return unchanged("too_far" if found else "none", **NO_OFFER)
    miss = offering.missed(found, slots, wish, zone, today=today)
    await _hold(ctx, session, office, found, kind=kind, zone=zone, lead_id=lead.id if lead else None)
    said = offering.missed_words(miss, today) if miss else ""
    facts = _offer_words(office, found, zone, now, kind, missed=said)
    facts["missed_es"] = offering.missed_words_es(miss) if miss else ""
    return ToolResult(
        status="offered" if len(found) > 1 else "one",
        facts=facts,
        undo={"conversation": str(ctx.conversation_id)},
        after={"held": [s.start.isoformat() for s in found], "kind": kind},
    )


async def _hold(
    ctx: ToolContext,
    session: Session,
    office: agenda.Office,
    slots: Sequence[Slot],
    *,
    kind: str,
    zone: str,
    lead_id: UUID | None,
) -> None:
    """Keep these times for the caller while they talk."""
    now = ctx.clock.now()
    for slot in slots:
        person = office.people[UUID(slot.member)]
        await appointments.place(
            session,
            now=now,
            member_id=person.id,
            starts_at=slot.start,
            ends_at=slot.end,
            buffer=person.day.buffer,
            kind=kind,
            status="held",
            held_until=now + timedelta(minutes=policy.appointments().hold_minutes),
            timezone=zone,
            conversation_id=ctx.conversation_id,
            lead_id=lead_id,
            phone=ctx.caller,
            test=ctx.rehearsal,
        )


def _asked_for(office: agenda.Office, name: str | None) -> list[UUID]:
    """The people a name means; everybody when it means nobody."""
    wanted = set((name or "").lower().split())
    named = [p.id for p in office.people.values() if wanted & set(p.name.lower().split())]
    return named or list(office.people)


async def _speaking(session: Session, who: list[UUID], language: str) -> list[UUID]:
    """Of these, who speaks what the caller asked to speak; all of them when nobody does.

    Only a language that was asked for or spoken counts, never a name or a number (C21).
    """
    if language in ("", "en"):
        return who
    able = {a.member_id for a in await appointments.agendas(session) if language in a.languages}
    return [member for member in who if member in able] or who


def _caller_zone(ctx: ToolContext, office: agenda.Office, kind: str) -> str:
    """The zone times are said in: the office's for what happens there, the caller's for a call."""
    given = ctx.slots.get("timezone")
    if isinstance(given, str) and given:
        return given
    if policy.appointments().kinds[kind].by_phone and ctx.caller:
        try:
            zones = phone_timezone.time_zones_for_number(phonenumbers.parse(ctx.caller, None))
        except phonenumbers.NumberParseException:
            zones = ()
        if len(zones) == 1 and zones[0] != "Etc/Unknown":
            return str(zones[0])
    return office.timezone


def _offer_words(
    office: agenda.Office,
    found: Sequence[Slot],
    zone: str,
    now: datetime,
    kind: str,
    *,
    missed: str,
) -> dict[str, Any]:
    people = [office.people[UUID(s.member)] for s in found]
    times = [when_words(s.start, zone, now) for s in found]
    spoken_zone = spoken_timezone(zone)
    what = policy.appointments().kinds[kind].words
    if len(found) == 1:
        said = f"I have {people[0].first} free for {what} {times[0]}, {spoken_zone}. Does that suit you?"
    elif people[0].id == people[1].id:
        said = (
            f"I have {people[0].first} free for {what} {times[0]} or {times[1]}, {spoken_zone}."
            " Which suits you?"
        )
    else:
        said = (
            f"For {what}, I have {times[0]} with {people[0].first}, or {times[1]} with {people[1].first},"
            f" {spoken_zone}. Which suits you?"
        )
    return {
        "offer": f"{missed} {said}".strip(),
        "missed": missed,
        "slot_a": times[0],
        "slot_b": times[1] if len(times) > 1 else "",
        "agent": people[0].first,
        "timezone_words": spoken_zone,
        "kind": kind,
    }


async def pick(ctx: ToolContext, session: Session, choice: str | int | None) -> Appointment | str:
    """The hold that is meant, or the word for why there is none."""
    now = ctx.clock.now()
    held = list(await appointments.holds(session, ctx.conversation_id))
    if not held:
        return "no_offer"
    if not ctx.rehearsal:
        await appointments.lock_agendas(session, [h.member_id for h in held])
        # what others took while ours had run out is gone now
        held_now = {h.id for h in await appointments.holds(session, ctx.conversation_id)}
    else:
        held_now = {h.id for h in held}
    number: int | None = 0 if len(held) == 1 and choice is None else None
    if isinstance(choice, int) or (isinstance(choice, str) and choice.strip().isdigit()):
        wanted = int(choice) - 1
        number = wanted if 0 <= wanted < len(held) else None
    elif isinstance(choice, str):
        starts = [h.starts_at for h in held]
        zone = held[0].timezone
        number = chosen(choice, starts, zone, today=agenda.local_date(now, zone))
        if number is None and len(held) == 1 and agrees(choice):
            number = 0
    if number is None:
        return "unclear"
    if number < 0:
        return "declined"
    row = held[number]
    if row.id not in held_now or row.starts_at <= now:
        return "taken"
    return row


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """Times held for callers who have long gone are free again."""
    before = clock.now() - timedelta(hours=1)
    async with db.platform("appointments held for nobody") as session:
        waiting = await appointments.tenants_with_old_holds(session, before=before)
    for tenant_id in waiting:
        async with db.tenant(tenant_id) as session:
            await appointments.drop_old_holds(session, before=before)
