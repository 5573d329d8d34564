"""The caller's own appointments by voice: booked from what is on offer, moved, called off (A047, C30).

Only the caller's own are found: by the number they call from, or in this conversation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from policies import appointments as policy
from policies.moment_words import when_words, when_words_es
from policies.scrub import scrub
from policies.wished_times import chosen
from stores import appointments, leads
from stores.appointments import Appointment
from stores.db import Session
from tools import agenda, events
from tools.appointment_letters import booking_words, confirm, first_name, tell_agent
from tools.appointments import (
    attach,
    call_off,
    move_back,
    needs_agreement,
    plain,
    public,
    rebook,
    unbook,
    where_it_was,
)
from tools.base import Args, ToolContext, ToolResult, tool, unchanged
from tools.booking_wishes import proved_numbers
from tools.offers import pick
from tools.values import Email, Phone, Text

NO_BOOKING = {
    "when": "", "agent": "", "booking_result": "", "appointment_id": "", "confirmation": "", "kind": "",
    "agreement_notice": "",
}  # fmt: skip


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


class NoteArgs(Args):
    """``note``: all that is to be known, in the caller's words."""

    note: str = Field(max_length=500)


class MoveArgs(WhichArgs):
    """``choice``: one of the new times on offer."""

    choice: str | int | None = None
    text_ok: bool | None = None


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
    row = await pick(ctx, session, args.choice)
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
        await tell_agent(session, office, row, now=now, key="appointment_agent_email")
        await events.emit(session, "appointment.booked", public(row), subject_id=row.lead_id)
    sent = await confirm(ctx, session, office, row, text_ok=args.text_ok, key="appointment")
    return ToolResult(
        status="booked",
        facts=booking_words(office, row, now, sent),
        undo={"appointment": str(row.id)},
        after=plain(row),
    )


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
    hold = await pick(ctx, session, args.choice)
    if isinstance(hold, str):
        return unchanged(hold, **NO_BOOKING, choices="")
    before = plain(old)
    undo = where_it_was(old)
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
        await tell_agent(session, office, row, now=now, key="appointment_agent_email")
        await events.emit(session, "appointment.changed", public(row), subject_id=row.lead_id)
    sent = await confirm(ctx, session, office, row, text_ok=args.text_ok, key="appointment")
    facts = booking_words(office, row, now, sent)
    facts["booking_result"] = facts["booking_result"].replace("You're booked:", "It's moved:")
    return ToolResult(
        status="moved", facts={**facts, "choices": ""}, undo=undo, before=before, after=plain(row)
    )


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
        await tell_agent(session, office, row, now=now, key="appointment_off_agent_email")
    when = when_words(row.starts_at, row.timezone, now)
    first = first_name(office, row)
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


@tool(
    "recall_appointment",
    WhichArgs,
    at_home=True,
    statuses=("booked", "which", "nothing"),
    facts=("appointment", "agent", "when_es", "choices"),
)
async def recall_appointment(ctx: ToolContext, session: Session, args: WhichArgs) -> ToolResult:
    """Say when the caller's appointment is, with whom and where. Nothing changes."""
    now = ctx.clock.now()
    row = await _own(ctx, session, args.which, now)
    if not isinstance(row, Appointment):
        return unchanged(row[0], appointment="", agent="", when_es="", choices=row[1])
    office = await agenda.open_office(session)
    what = policy.appointments().kinds[row.kind].words
    place = f" at {row.place}" if row.place and row.kind != "call" else ""
    when = when_words(row.starts_at, row.timezone, now, zone=True)
    first = first_name(office, row)
    return unchanged(
        "booked",
        appointment=f"{what} with {first}{place} {when}",
        agent=first,
        when_es=when_words_es(row.starts_at, row.timezone),
        choices="",
    )


@tool("note_on_appointment", NoteArgs, at_home=True, statuses=("noted", "nothing"), facts=("agent",))
async def note_on_appointment(ctx: ToolContext, session: Session, args: NoteArgs) -> ToolResult:
    """Keep with the caller's appointment what whoever is met should know of it, and tell them."""
    now = ctx.clock.now()
    row = await _own(ctx, session, None, now)
    if not isinstance(row, Appointment):
        return unchanged("nothing", agent="")
    before = plain(row)
    await appointments.change_appointment(session, row, {"note": scrub(args.note)})
    office = await agenda.open_office(session)
    if not ctx.rehearsal:
        await tell_agent(session, office, row, now=now, key="appointment_agent_email")
    facts = {"agent": first_name(office, row)}
    return ToolResult(status="noted", facts=facts, before=before, after=plain(row))


async def own(ctx: ToolContext, session: Session, now: datetime) -> list[Appointment]:
    """The caller's own appointments that have not begun.

    Only a carrier says whose number a line has. In a chat anybody can name anybody's, so there only what
    was booked in this very conversation is the caller's own, and what a code that was sent has proved.
    """
    proved = [ctx.caller] if ctx.channel == "voice" else await proved_numbers(session, ctx.conversation_id)
    theirs = await appointments.booked_for(session, filter(None, proved), after=now, test=ctx.rehearsal)
    here = await appointments.booked_in(session, ctx.conversation_id, after=now)
    return sorted({row.id: row for row in (*here, *theirs)}.values(), key=lambda row: row.starts_at)


async def _own(
    ctx: ToolContext, session: Session, which: str | None, now: datetime
) -> Appointment | tuple[str, str]:
    """The caller's one appointment; else (status, the choices in words)."""
    mine = await own(ctx, session, now)
    if not mine:
        return "nothing", ""
    if len(mine) == 1:
        return mine[0]
    if which:
        zone = mine[0].timezone
        number = chosen(which, [m.starts_at for m in mine], zone, today=agenda.local_date(now, zone))
        if number is not None and number >= 0:
            return mine[number]
    said = " or ".join(when_words(m.starts_at, m.timezone, now) for m in mine[:3])
    return "which", said


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        parts = (value.get("display") or value.get("line") or value.get("text"),)
        return next((str(p) for p in parts if p), None)
    return str(value) if value else None
