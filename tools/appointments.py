"""Appointments by voice: two times held while talking, booked, moved, called off (A047, C30, C41).

A time that was offered is kept for the caller for ten minutes. Only the caller's own appointments are found:
by the number they call from, or in this conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import phonenumbers
from phonenumbers import timezone as phone_timezone
from pydantic import Field

from core.clock import Clock
from core.errors import Conflict
from core.ids import fingerprint, new_token
from integrations.calendars import invitation
from policies import appointments as policy
from policies import compliance
from policies.regions import spoken_timezone
from policies.scrub import scrub
from prompts.messages import message
from stores import appointments, follow_up, leads, outbox, routing
from stores.appointments import Appointment
from stores.db import Database, Session
from tools import agenda, events, letters
from tools.base import Args, Ports, ToolContext, ToolResult, tool, unchanged
from tools.values import Email, Phone, Text, Timezone

Kind = Literal["tour", "viewing", "consult", "valuation", "call"]


class OfferArgs(Args):
    """``wish``: day and time in the caller's words. ``more``: what was offered before does not suit.

    ``member``: a person asked for by name. Without ``kind`` the intent decides.
    """

    kind: Kind | None = None
    wish: str | None = Field(None, max_length=300)
    timezone: Timezone | None = None
    member: Text | None = None
    more: bool = False


class BookArgs(Args):
    """``choice``: 1, 2, "the second one", "Tuesday at ten". Without it the only one on offer."""

    choice: str | int | None = None
    name: Text | None = None
    phone: Phone | None = None
    email: Email | None = None
    place: Text | None = None
    note: str | None = Field(None, max_length=500)
    text_ok: bool | None = None


class WhichArgs(Args):
    """``which``: the appointment in the caller's words, where there are several."""

    which: str | None = Field(None, max_length=200)


class MoveArgs(WhichArgs):
    """``choice``: one of the new times on offer."""

    choice: str | int | None = None
    text_ok: bool | None = None


NO_OFFER = {"offer": "", "slot_a": "", "slot_b": "", "agent": "", "timezone_words": "", "kind": ""}
NO_BOOKING = {
    "when": "", "agent": "", "booking_result": "", "appointment_id": "", "confirmation": "", "kind": "",
    "agreement_notice": "",
}  # fmt: skip


# --- offering -----------------------------------------------------------------------------------------


async def let_go(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Nothing is held for the caller any more."""
    await appointments.release(session, await appointments.holds(session, ctx.conversation_id))
    return ToolResult(status="undone", after={"held": 0})


@tool(
    "offer_slots",
    OfferArgs,
    at_home=True,
    undo=let_go,
    statuses=("offered", "one", "none", "represented"),
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
    wish = policy.understood(args.wish, today=agenda.local_date(now, zone))
    found = policy.choose(slots, wish, zone, declined=declined)
    if not found:
        return unchanged("none", **NO_OFFER)
    for slot in found:
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
            lead_id=lead.id if lead else None,
            phone=ctx.caller,
            test=ctx.rehearsal,
        )
    facts = _offer_words(office, found, zone, now, kind, suits=policy.suits(found[0].start, wish, zone))
    return ToolResult(
        status="offered" if len(found) > 1 else "one",
        facts=facts,
        undo={"conversation": str(ctx.conversation_id)},
        after={"held": [s.start.isoformat() for s in found], "kind": kind},
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
    found: Sequence[policy.Slot],
    zone: str,
    now: datetime,
    kind: str,
    *,
    suits: bool,
) -> dict[str, Any]:
    people = [office.people[UUID(s.member)] for s in found]
    times = [policy.when_words(s.start, zone, now) for s in found]
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
    if not suits:
        said = f"Nobody is free just then. {said}"
    return {
        "offer": said,
        "slot_a": times[0],
        "slot_b": times[1] if len(times) > 1 else "",
        "agent": people[0].first,
        "timezone_words": spoken_zone,
        "kind": kind,
    }


# --- booking ------------------------------------------------------------------------------------------


async def unbook(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The booking is taken back; nobody is reminded of it."""
    row = await appointments.get_appointment(session, UUID(undo["appointment"]))
    await call_off(session, row, at=ctx.clock.now(), by="caller", reason="taken back")
    return ToolResult(status="undone", after={"appointment": str(row.id), "status": "cancelled"})


@tool(
    "book_appointment",
    BookArgs,
    at_home=True,
    undo=unbook,
    statuses=("booked", "no_offer", "unclear", "declined", "taken"),
    facts=tuple(NO_BOOKING),
)
async def book_appointment(ctx: ToolContext, session: Session, args: BookArgs) -> ToolResult:
    """Book one of the times on offer, and confirm it in writing where the caller agreed to that."""
    now = ctx.clock.now()
    row = await _pick(ctx, session, args.choice)
    if isinstance(row, str):
        return unchanged(row, **NO_BOOKING)
    office = await agenda.open_office(session)
    lead = await leads.lead_of_conversation(session, ctx.conversation_id)
    slots = ctx.slots
    fields = {
        "status": "booked",
        "held_until": None,
        "lead_id": lead.id if lead else None,
        "name": args.name or _text(slots.get("name")) or (lead.name if lead else None),
        "phone": args.phone or slots.get("phone") or ctx.caller,
        "email": args.email or slots.get("email") or next(iter(lead.emails if lead else ()), None),
        "place": args.place or _text(slots.get("property_address")),
        "note": scrub(args.note) if args.note else None,
        "buyer_agreement_required": needs_agreement(row.kind, str(slots.get("intent") or "buyer")),
    }
    row = await appointments.change_appointment(session, row, fields)
    others = [h for h in await appointments.holds(session, ctx.conversation_id) if h.id != row.id]
    await appointments.release(session, others)
    if lead is not None:
        await attach(session, row, lead)
    if not ctx.rehearsal:
        await _tell_agent(ctx, session, office, row, "appointment_agent_email")
        await events.emit(session, "appointment.booked", public(row), subject_id=row.lead_id)
    sent = await confirm(ctx, session, office, row, text_ok=args.text_ok, key="appointment")
    return ToolResult(
        status="booked",
        facts=booking_words(office, row, now, sent),
        undo={"appointment": str(row.id)},
        after=plain(row),
    )


def needs_agreement(kind: str, intent: str) -> bool:
    """Whether a written buyer agreement must be gone over first: buyers' tours, not rentals (C30)."""
    return policy.appointments().kinds[kind].agreement and intent != "renter"


async def attach(session: Session, row: Appointment, lead: leads.Lead) -> None:
    """The lead has an appointment: its record says so, nobody has to agree on a time, nothing is chased."""
    if row.lead_id is None:
        await appointments.change_appointment(session, row, {"lead_id": lead.id})
    said = {
        "id": str(row.id),
        "start": row.starts_at.isoformat(),
        "kind": row.kind,
        "with": str(row.member_id),
        "timezone": row.timezone,
        "status": row.status,
        "buyer_agreement_required": row.buyer_agreement_required,
    }
    stays = lead.dnc or lead.disposition in ("opted_out", "represented")
    disposition = lead.disposition if stays or row.status != "booked" else "appointment_set"
    await leads.update_lead(session, lead.id, appointment=said, disposition=disposition)
    if row.status == "booked":
        for task in await leads.open_tasks(session, lead_id=lead.id):
            if task.kind == "appointment":
                await leads.set_task_status(session, task.id, "done")
        await follow_up.stop(session, lead.id, "appointment")


async def attach_lead(session: Session, conversation_id: UUID, lead: leads.Lead) -> None:
    """A lead that was saved after its appointment was booked gets it."""
    for row in await appointments.list_appointments(session, statuses=("booked",), limit=500):
        if row.conversation_id == conversation_id and row.lead_id is None:
            await attach(session, row, lead)


async def _pick(ctx: ToolContext, session: Session, choice: str | int | None) -> Appointment | str:
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
        number = policy.chosen(choice, starts, zone, today=agenda.local_date(now, zone))
        if number is None and len(held) == 1 and policy.agrees(choice):
            number = 0
    if number is None:
        return "unclear"
    if number < 0:
        return "declined"
    row = held[number]
    if row.id not in held_now or row.starts_at <= now:
        return "taken"
    return row


# --- moving and calling off ----------------------------------------------------------------------------


async def move_back(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The appointment is where it was; refused when that time has been given away since."""
    row = await appointments.get_appointment(session, UUID(undo["appointment"]))
    try:
        await appointments.move(
            session,
            row,
            now=ctx.clock.now(),
            member_id=UUID(undo["member"]),
            starts_at=datetime.fromisoformat(undo["start"]),
            ends_at=datetime.fromisoformat(undo["end"]),
            buffer=timedelta(seconds=undo["buffer"]),
        )
    except Conflict:
        return ToolResult(status="taken", ok=False, message="That time has been given away since.")
    return ToolResult(status="undone", after=plain(row))


@tool(
    "reschedule_appointment",
    MoveArgs,
    at_home=True,
    undo=move_back,
    statuses=("moved", "no_offer", "unclear", "declined", "taken", "which", "nothing"),
    facts=(*NO_BOOKING, "choices"),
)
async def reschedule_appointment(ctx: ToolContext, session: Session, args: MoveArgs) -> ToolResult:
    """Move the caller's appointment to one of the times on offer."""
    now = ctx.clock.now()
    office = await agenda.open_office(session)
    old = await _own(ctx, session, args.which, now)
    if not isinstance(old, Appointment):
        return unchanged(old[0], **NO_BOOKING, choices=old[1])
    hold = await _pick(ctx, session, args.choice)
    if isinstance(hold, str):
        return unchanged(hold, **NO_BOOKING, choices="")
    before = plain(old)
    undo = {
        "appointment": str(old.id),
        "member": str(old.member_id),
        "start": old.starts_at.isoformat(),
        "end": old.ends_at.isoformat(),
        "buffer": (old.blocks_until - old.ends_at).total_seconds(),
    }
    to: dict[str, Any] = {
        "member_id": hold.member_id,
        "starts_at": hold.starts_at,
        "ends_at": hold.ends_at,
        "buffer": hold.blocks_until - hold.ends_at,
        "timezone": hold.timezone,
    }
    await appointments.release(session, await appointments.holds(session, ctx.conversation_id))
    row = await appointments.move(session, old, now=now, **to)
    if row.lead_id is not None:
        await attach(session, row, await leads.get_lead(session, row.lead_id))
    if not ctx.rehearsal:
        await _tell_agent(ctx, session, office, row, "appointment_agent_email")
        await events.emit(session, "appointment.changed", public(row), subject_id=row.lead_id)
    sent = await confirm(ctx, session, office, row, text_ok=args.text_ok, key="appointment")
    facts = booking_words(office, row, now, sent)
    facts["booking_result"] = facts["booking_result"].replace("You're booked:", "It's moved:")
    return ToolResult(
        status="moved", facts={**facts, "choices": ""}, undo=undo, before=before, after=plain(row)
    )


async def rebook(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The appointment stands again; refused when its time has been given away since."""
    old = await appointments.get_appointment(session, UUID(undo["appointment"]))
    try:
        row = await appointments.move(
            session,
            old,
            now=ctx.clock.now(),
            member_id=old.member_id,
            starts_at=old.starts_at,
            ends_at=old.ends_at,
            buffer=old.blocks_until - old.ends_at,
            status="booked",
        )
    except Conflict:
        return ToolResult(status="taken", ok=False, message="That time has been given away since.")
    if row.lead_id is not None:
        await attach(session, row, await leads.get_lead(session, row.lead_id))
    return ToolResult(status="undone", after=plain(row))


@tool(
    "cancel_appointment",
    WhichArgs,
    at_home=True,
    undo=rebook,
    statuses=("cancelled", "which", "nothing"),
    facts=("when", "agent", "cancel_result", "choices"),
)
async def cancel_appointment(ctx: ToolContext, session: Session, args: WhichArgs) -> ToolResult:
    """Call the caller's appointment off."""
    now = ctx.clock.now()
    office = await agenda.open_office(session)
    row = await _own(ctx, session, args.which, now)
    if not isinstance(row, Appointment):
        return unchanged(row[0], when="", agent="", cancel_result="", choices=row[1])
    before = plain(row)
    await call_off(session, row, at=now, by="caller")
    if not ctx.rehearsal:
        await _tell_agent(ctx, session, office, row, "appointment_off_agent_email")
    when = policy.when_words(row.starts_at, row.timezone, now)
    first = _first(office, row)
    return ToolResult(
        status="cancelled",
        facts={
            "when": when,
            "agent": first,
            "cancel_result": f"Your appointment {when} is cancelled, and {first} knows.",
            "choices": "",
        },
        undo={"appointment": str(row.id)},
        before=before,
        after=plain(row),
    )


async def call_off(session: Session, row: Appointment, *, at: datetime, by: str, reason: str = "") -> None:
    """Cancel an appointment; the agent is asked to get in touch where a lead would otherwise be lost."""
    await appointments.change_appointment(
        session,
        row,
        {"status": "cancelled", "held_until": None, "sequence": row.sequence + 1},
    )
    if not row.test:
        await events.emit(session, "appointment.changed", public(row), subject_id=row.lead_id)
    if row.lead_id is not None:
        lead = await leads.get_lead(session, row.lead_id)
        if lead.appointment and lead.appointment.get("id") == str(row.id):
            await leads.update_lead(session, lead.id, appointment={**lead.appointment, "status": "cancelled"})
        if reason != "taken back":
            label = policy.appointments().kinds[row.kind].label
            await leads.add_task(
                session,
                kind="call_back",
                title=f"The {label} was cancelled by the {by}: offer another time",
                due_at=at + timedelta(hours=24),
                lead_id=row.lead_id,
            )


async def _own(
    ctx: ToolContext, session: Session, which: str | None, now: datetime
) -> Appointment | tuple[str, str]:
    """The caller's one appointment; else (status, the choices in words).

    Only a carrier says whose number a line has. In a chat anybody can name anybody's, so there only what
    was booked in this very conversation is the caller's own.
    """
    phones = [ctx.caller] if ctx.caller else []
    mine = list(await appointments.booked_for(session, phones, after=now, test=ctx.rehearsal))
    if ctx.channel != "voice":
        mine = [m for m in mine if m.conversation_id == ctx.conversation_id]
    if not mine:
        return "nothing", ""
    if len(mine) == 1:
        return mine[0]
    if which:
        zone = mine[0].timezone
        number = policy.chosen(which, [m.starts_at for m in mine], zone, today=agenda.local_date(now, zone))
        if number is not None and number >= 0:
            return mine[number]
    said = " or ".join(policy.when_words(m.starts_at, m.timezone, now) for m in mine[:3])
    return "which", said


# --- words and letters ----------------------------------------------------------------------------------


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        parts = (value.get("display") or value.get("line") or value.get("text"),)
        return next((str(p) for p in parts if p), None)
    return str(value) if value else None


def _first(office: agenda.Office, row: Appointment) -> str:
    person = office.people.get(row.member_id)
    return person.first if person else "the agent"


def plain(row: Appointment) -> dict[str, Any]:
    """An appointment for the audit trail and the API."""
    names = (
        "id", "member_id", "lead_id", "kind", "status", "starts_at", "ends_at", "timezone", "name", "phone",
        "email", "place", "note", "buyer_agreement_required", "sequence",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def public(row: Appointment) -> dict[str, Any]:
    """An appointment as the client's own systems are told of it."""
    return {**plain(row), "created_at": row.created_at}


def booking_words(
    office: agenda.Office, row: Appointment, now: datetime, sent: Sequence[str]
) -> dict[str, Any]:
    """What may be said of a booking: only what is so."""
    what = policy.appointments().kinds[row.kind].words
    first = _first(office, row)
    when = policy.when_words(row.starts_at, row.timezone, now, zone=True)
    notice = compliance.template("touring") if row.buyer_agreement_required else ""
    confirmation = {
        (): "",
        ("sms",): "I've texted you the confirmation.",
        ("email",): "I've sent you the confirmation by e-mail.",
    }.get(tuple(sent), "I've sent you the confirmation by text and e-mail.")
    said = " ".join(p for p in (f"You're booked: {what} with {first} {when}.", notice, confirmation) if p)
    return {
        "when": when,
        "agent": first,
        "booking_result": said,
        "appointment_id": str(row.id),
        "confirmation": confirmation,
        "kind": row.kind,
        "agreement_notice": notice,
    }


async def confirm(
    ctx: ToolContext,
    session: Session,
    office: agenda.Office,
    row: Appointment,
    *,
    text_ok: bool | None,
    key: str,
) -> list[str]:
    """Write to the caller where they agreed to it: which ways were used ("sms", "email")."""
    now = ctx.clock.now()
    sent = []
    url = ""
    if (text_ok and row.phone) or row.email:
        url = await letters.link(
            ctx,
            session,
            "appointment",
            lasts=max(row.starts_at - now, timedelta(minutes=30)),
            payload={"appointment": str(row.id), "sequence": row.sequence},
        )
    facts = letter_facts(office, row, now, url, await _language(session, row, ctx.slots))
    if text_ok and row.phone and await letters.sms(ctx, session, row.phone, f"{key}_sms", facts):
        sent.append("sms")
    if row.email:
        file = calendar_of(row, office, now)
        await letters.email(ctx, session, row.email, f"{key}_email", facts, calendar=file)
        sent.append("email")
    await appointments.change_appointment(session, row, {"reminded": {"ways": sent}})
    return sent


async def _language(session: Session, row: Appointment, slots: Mapping[str, Any] | None = None) -> str:
    """What the person with this appointment would rather read: said now, else kept with the lead."""
    said = (slots or {}).get("language")
    if said or row.conversation_id is None:
        return str(said or "en")
    lead = await leads.lead_of_conversation(session, row.conversation_id)
    return str(lead.language or "en") if lead is not None else "en"


def letter_facts(
    office: agenda.Office, row: Appointment, now: datetime, url: str, language: str = "en"
) -> dict[str, object]:
    """Placeholders of the letters about an appointment, in words of the receiver's language."""
    kind = policy.appointments().kinds[row.kind]
    if language == "es":
        return {
            "language": language,
            "brand": office.brand,
            "name": (row.name or "").split(" ")[0] or "qué tal",
            "what": kind.label_es or kind.label,
            "agent": _first(office, row),
            "when": policy.when_words_es(row.starts_at, row.timezone),
            "place": f"\nDónde: {row.place}" if row.place else "",
            "notice": f"\n{compliance.template('touring', 'es')}" if row.buyer_agreement_required else "",
            "url": url,
            "address": f"\n{office.address}" if office.address else "",
        }
    return {
        "brand": office.brand,
        "name": (row.name or "there").split(" ")[0],
        "what": kind.label,
        "agent": _first(office, row),
        "when": policy.when_words(row.starts_at, row.timezone, now, zone=True),
        "place": f"\nWhere: {row.place}" if row.place else "",
        "notice": f"\n{compliance.template('touring')}" if row.buyer_agreement_required else "",
        "url": url,
        "address": f"\n{office.address}" if office.address else "",
    }


async def _tell_agent(
    ctx: ToolContext, session: Session, office: agenda.Office, row: Appointment, key: str
) -> None:
    await tell_agent(session, office, row, now=ctx.clock.now(), key=key)


async def tell_agent(
    session: Session, office: agenda.Office, row: Appointment, *, now: datetime, key: str
) -> None:
    """Write to the member whose time it is."""
    person = office.people.get(row.member_id)
    if person is None or row.test:
        return
    facts = letter_facts(office, row, now, "") | {
        "name": person.first,
        "client": row.name or "a caller",
        "phone": row.phone or "no number",
    }
    text = message(key, facts)
    await outbox.queue_message(
        session,
        kind="email",
        to=person.email,
        subject=text.subject,
        body=text.body,
        calendar=calendar_of(row, office, now),
    )


def calendar_of(row: Appointment, office: agenda.Office, now: datetime) -> str:
    """The appointment as a calendar file; a later one of the same appointment replaces it."""
    label = policy.appointments().kinds[row.kind].label.capitalize()
    body = invitation(
        uid=f"{row.id}@seiketsu",
        sequence=row.sequence,
        start=row.starts_at,
        end=row.ends_at,
        summary=f"{label} with {_first(office, row)}, {office.brand}",
        description=compliance.template("touring") if row.buyer_agreement_required else "",
        place=row.place,
        stamp=now,
        cancelled=row.status == "cancelled",
    )
    return body.decode()


# --- sweeps -----------------------------------------------------------------------------------------------


async def sweep_reminders(db: Database, ports: Ports, clock: Clock) -> None:
    """Remind people of tomorrow's and the next hour's appointments, the way they agreed to (C03)."""
    now = clock.now()
    until = now + timedelta(minutes=max(policy.appointments().reminders.values()) + 1)
    async with db.platform("appointments to be reminded of") as session:
        waiting = await appointments.tenants_with_bookings(session, since=now, until=until)
    for tenant_id in waiting:
        async with db.tenant(tenant_id) as session:
            await remind(session, now=now, until=until, public_url=ports.public_url)


async def remind(session: Session, *, now: datetime, until: datetime, public_url: str) -> int:
    """Send a tenant's due reminders, each once; how many appointments got one."""
    office: agenda.Office | None = None
    count = 0
    for row in await appointments.to_remind(session, since=now, until=until):
        due = policy.reminders_due(
            row.starts_at, row.timezone, now=now, booked_at=row.created_at, sent=row.reminded
        )
        ways = list(row.reminded.get("ways") or ())
        if not due or not ways:
            continue
        office = office or await agenda.open_office(session)
        token = new_token()
        await outbox.create_link(
            session,
            token_hash=fingerprint(token),
            purpose="appointment",
            payload={"appointment": str(row.id), "sequence": row.sequence},
            expires_at=row.starts_at,
            conversation_id=row.conversation_id,
        )
        facts = letter_facts(office, row, now, f"{public_url}/l/{token}", await _language(session, row))
        if "sms" in ways and row.phone and not await letters.opted_out(session, row.phone):
            body = message("appointment_reminder_sms", facts).body
            await outbox.queue_message(
                session, kind="sms", to=row.phone, body=body, conversation_id=row.conversation_id
            )
        if "email" in ways and row.email:
            text = message("appointment_reminder_email", facts)
            await outbox.queue_message(
                session, kind="email", to=row.email, subject=text.subject, body=text.body
            )
        stamps = dict.fromkeys(due, now.isoformat())
        await appointments.change_appointment(session, row, {"reminded": {**row.reminded, **stamps}})
        count += 1
    return count


async def sweep_holds(db: Database, ports: Ports, clock: Clock) -> None:
    """Times held for callers who have long gone are free again."""
    before = clock.now() - timedelta(hours=1)
    async with db.platform("appointments held for nobody") as session:
        waiting = await appointments.tenants_with_old_holds(session, before=before)
    for tenant_id in waiting:
        async with db.tenant(tenant_id) as session:
            await appointments.drop_old_holds(session, before=before)
