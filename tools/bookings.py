"""Appointments as people of the client keep them: booked by hand, moved, called off, closed (A047, C30)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import Field

from core.errors import Conflict, NotFound
from policies import appointments as policy
from policies.free_times import Day, working_spans
from policies.scrub import scrub
from stores import appointments, leads
from stores.appointments import Appointment
from stores.db import Session
from tools import agenda, events
from tools.appointments import (
    Kind,
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
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.values import Email, Phone, Text, Timezone


class NewBooking(Args):
    """``anyway``: also outside the member's hours (an agent may give away their own evening)."""

    member_id: UUID
    starts_at: datetime
    kind: Kind = "tour"
    minutes: int | None = Field(None, ge=10, le=480)
    lead_id: UUID | None = None
    name: Text | None = None
    phone: Phone | None = None
    email: Email | None = None
    place: Text | None = None
    note: str | None = Field(None, max_length=500)
    timezone: Timezone | None = None
    anyway: bool = False


class Moving(Args):
    """To when, and to whom."""

    appointment_id: UUID
    starts_at: datetime
    member_id: UUID | None = None
    anyway: bool = False


class Which(Args):
    """Which."""

    appointment_id: UUID


class Closing(Which):
    """How it went."""

    status: Literal["done", "no_show"]


def _free(person: agenda.Person, office: agenda.Office, kind: str, start: datetime, end: datetime) -> bool:
    """Whether a time lies within somebody's working hours and clear of their calendar."""
    day = Day(person.day.hours, person.day.timezone, person.day.exceptions)
    within = any(a <= start and end <= b for a, b in working_spans(day, start, holidays=office.holidays))
    return within and not any(a < end and start < b for a, b in person.day.busy)


@tool("add_appointment", NewBooking, undo=unbook, statuses=("booked",), facts=("appointment_id",))
async def add_appointment(ctx: ToolContext, session: Session, args: NewBooking) -> ToolResult:
    """Book a time with a member."""
    office = await agenda.open_office(session)
    person = office.people.get(args.member_id)
    if person is None:
        raise NotFound("no such member, or one that cannot be booked")
    if args.starts_at <= ctx.clock.now():
        return refused("That time has passed.", starts_at="It has to be in the future.")
    lead = await leads.get_lead(session, args.lead_id) if args.lead_id else None
    minutes = args.minutes or policy.appointments().kinds[args.kind].minutes
    ends_at = args.starts_at + timedelta(minutes=minutes)
    if not args.anyway and not _free(person, office, args.kind, args.starts_at, ends_at):
        raise Conflict("that time is outside their hours, or their calendar is full", code="not_available")
    row = await appointments.place(
        session,
        now=ctx.clock.now(),
        member_id=person.id,
        starts_at=args.starts_at,
        ends_at=ends_at,
        buffer=person.day.buffer,
        kind=args.kind,
        status="booked",
        timezone=args.timezone or office.timezone,
        lead_id=lead.id if lead else None,
        name=args.name or (lead.name if lead else None),
        phone=args.phone or next(iter(lead.phones if lead else ()), None),
        email=args.email or next(iter(lead.emails if lead else ()), None),
        place=args.place,
        note=scrub(args.note) if args.note else None,
        buyer_agreement_required=needs_agreement(args.kind, lead.intent if lead else "buyer"),
    )
    if lead is not None:
        await attach(session, row, lead)
    await events.emit(session, "appointment.booked", public(row), subject_id=row.lead_id)
    return ToolResult(
        status="booked",
        facts={"appointment_id": str(row.id)},
        undo={"appointment": str(row.id)},
        after=plain(row),
    )


async def _booked(session: Session, appointment_id: UUID) -> Appointment:
    row = await appointments.get_appointment(session, appointment_id)
    if row.status != "booked":
        raise Conflict(f"this appointment is {row.status}", code="not_booked")
    return row


@tool("move_appointment", Moving, undo=move_back, statuses=("moved",))
async def move_appointment(ctx: ToolContext, session: Session, args: Moving) -> ToolResult:
    """Give a booked appointment another time, or another member."""
    row = await _booked(session, args.appointment_id)
    office = await agenda.open_office(session)
    person = office.people.get(args.member_id or row.member_id)
    if person is None:
        raise NotFound("no such member, or one that cannot be booked")
    if args.starts_at <= ctx.clock.now():
        return refused("That time has passed.", starts_at="It has to be in the future.")
    ends_at = args.starts_at + (row.ends_at - row.starts_at)
    if not args.anyway and not _free(person, office, row.kind, args.starts_at, ends_at):
        raise Conflict("that time is outside their hours, or their calendar is full", code="not_available")
    before = plain(row)
    undo = where_it_was(row)
    row = await appointments.move(
        session,
        row,
        now=ctx.clock.now(),
        member_id=person.id,
        starts_at=args.starts_at,
        ends_at=ends_at,
        buffer=person.day.buffer,
    )
    if row.lead_id is not None:
        await attach(session, row, await leads.get_lead(session, row.lead_id))
    await events.emit(session, "appointment.changed", public(row), subject_id=row.lead_id)
    return ToolResult(status="moved", undo=undo, before=before, after=plain(row))


@tool("call_off_appointment", Which, undo=rebook, statuses=("cancelled",))
async def call_off_appointment(ctx: ToolContext, session: Session, args: Which) -> ToolResult:
    """Call a booked appointment off."""
    row = await _booked(session, args.appointment_id)
    before = plain(row)
    await call_off(session, row, at=ctx.clock.now(), by="office")
    return ToolResult(status="cancelled", undo={"appointment": str(row.id)}, before=before, after=plain(row))


@tool("close_appointment", Closing, statuses=("closed",))
async def close_appointment(ctx: ToolContext, session: Session, args: Closing) -> ToolResult:
    """Say how an appointment went, once it has begun."""
    row = await _booked(session, args.appointment_id)
    if row.starts_at > ctx.clock.now():
        raise Conflict("it has not begun yet", code="not_begun")
    before = plain(row)
    await appointments.change_appointment(session, row, {"status": args.status})
    return ToolResult(status="closed", before=before, after=plain(row))
