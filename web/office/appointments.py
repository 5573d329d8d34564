"""Availability and appointments (A047, C30)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, Field

from core.errors import NotFound
from policies.moment_words import when_words
from stores import appointments, tenancy
from stores.db import Session
from tools import agenda, availability
from tools.values import Timezone
from web.access import Access, May
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Bool, Change, Email, Int, Line, Page, Phone, Shape, WeeklyHours, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}", tags=["appointments"])

Kind = Literal["tour", "viewing", "consult", "valuation", "call"]
Status = Literal["booked", "cancelled", "done", "no_show"]
Read = Annotated[Access, Depends(May("appointments:read"))]
Write = Annotated[Act, Depends(Once("appointments:write"))]


class Booking(Shape):
    """A time with a member. ``timezone``: the one it is said in."""

    id: UUID
    member_id: UUID
    lead_id: UUID | None
    kind: Kind
    status: Status
    starts_at: datetime
    ends_at: datetime
    timezone: str
    name: str | None
    phone: str | None
    email: str | None
    place: str | None
    note: str | None
    buyer_agreement_required: bool = Field(
        description="A written buyer agreement has to be gone over before the tour."
    )
    sequence: int = Field(description="Counts the changes.")
    created_at: datetime
    updated_at: datetime


class BookingPage(Page[Booking]):
    """Appointments in the order of time."""


class Bookings(Shape):
    """Filters. Without them: what is booked from now on."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    member_id: UUID | None = None
    lead_id: UUID | None = None
    status: Status = "booked"
    limit: int = Field(100, ge=1, le=200)


class BookingNew(Shape):
    """An appointment made by hand. ``anyway``: also outside the member's hours."""

    member_id: UUID
    starts_at: AwareDatetime
    kind: Kind = "tour"
    minutes: Int | None = Field(None, ge=10, le=480)
    lead_id: UUID | None = None
    name: Line | None = Field(None, max_length=120)
    phone: Phone | None = None
    email: Email | None = None
    place: Line | None = Field(None, max_length=200)
    note: Line | None = Field(None, max_length=500)
    timezone: Timezone | None = None
    anyway: Bool = False


class Move(Shape):
    """Another time, perhaps with another member."""

    starts_at: AwareDatetime
    member_id: UUID | None = None
    anyway: Bool = False


class Close(Shape):
    """How it went."""

    status: Literal["done", "no_show"]


class FreeTimes(Shape):
    """What to look for."""

    kind: Kind = "tour"
    member_id: UUID | None = None
    days: int = Field(14, ge=1, le=30)
    limit: int = Field(50, ge=1, le=200)


class FreeTime(Shape):
    """A free time."""

    member_id: UUID
    member: str
    starts_at: datetime
    ends_at: datetime
    words: str = Field(examples=["Tuesday, November 24 at 9 AM Mountain time"])


class FreeTimePage(Page[FreeTime]):
    """Free times, soonest first."""


class OtherHours(Shape):
    """A day with other hours than usual; without ``spans`` a day off."""

    date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", examples=["2026-12-24"])]
    spans: list[list[str]] = Field([], max_length=6)


class Calendar(Shape):
    """The member's own calendar, as far as it may be shown: its address is a secret."""

    host: str | None
    state: str | None = Field(description="ok, waiting, unreachable, calendar_forbidden, calendar_gone ...")
    checked_at: datetime | None
    fresh_at: datetime | None = Field(description="When its busy times were last read.")
    stale: str | None = Field(description="In words, when they are old.")
    busy: int = Field(description="How many busy times are known.")


class Availability(Shape):
    """When a member can be booked, and which leads they take. Empty ``hours``: the office's."""

    member_id: UUID
    name: str
    hours: WeeklyHours
    exceptions: list[dict[str, Any]]
    buffer_minutes: int
    timezone: str | None
    bookable: bool
    takes_leads: bool
    languages: list[str]
    areas: list[str]
    price_min: int | None
    price_max: int | None
    weight: int
    calendar: Calendar | None


class AvailabilityPage(Page[Availability]):
    """Everybody's availability."""


class AvailabilityChange(Change):
    """What is to change; null empties."""

    hours: WeeklyHours | None = None
    exceptions: list[OtherHours] | None = Field(None, max_length=400)
    buffer_minutes: Int = Field(15, ge=0, le=240)
    timezone: Timezone | None = None
    bookable: Bool = True
    takes_leads: Bool = True
    languages: list[Line] | None = Field(None, max_length=10, examples=[["en", "es"]])
    areas: list[Line] | None = Field(None, max_length=50)
    price_min: Int | None = Field(None, ge=0, le=2_000_000_000)
    price_max: Int | None = Field(None, ge=0, le=2_000_000_000)
    weight: Int = Field(1, ge=0, le=100)


class CalendarNew(Shape):
    """The secret address of a calendar in ICS form (https or webcal). It is kept encrypted."""

    url: str = Field(min_length=8, max_length=2000, examples=["https://calendar.example.com/private.ics"])


async def _look(session: Session, appointment_id: UUID) -> Booking:
    row = await appointments.get_appointment(session, appointment_id)
    if row.status == "held" or row.test:
        raise NotFound("no such appointment")
    return view(Booking, row)


async def _availability(session: Session, member_id: UUID, now: datetime) -> Availability:
    member = await tenancy.get_member(session, member_id)
    if member is None or member.status == "removed":
        raise NotFound("no such member")
    row = await appointments.agenda_of(session, member_id)
    calendar = None
    if row is not None and row.calendar_secret is not None:
        calendar = Calendar(
            host=row.calendar_host,
            state=row.calendar_state,
            checked_at=row.calendar_checked_at,
            fresh_at=row.calendar_fresh_at,
            stale=availability.staleness(row, now),
            busy=len(row.busy),
        )
    return Availability(member_id=member_id, name=member.name, calendar=calendar, **availability.view(row))


@router.get("/appointments", response_model=BookingPage)
async def list_appointments(
    request: Request,
    parts: PartsDep,
    access: Read,
    query: Annotated[Bookings, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Appointments in the order of time."""
    since = query.since or (parts.clock.now() if query.status == "booked" else None)
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rows = await appointments.list_appointments(
            session,
            since=since,
            until=query.until,
            member_id=query.member_id,
            lead_id=query.lead_id,
            statuses=(query.status,),
            limit=query.limit,
        )
    return answer(request, BookingPage(items=[view(Booking, row) for row in rows], next=None))


@router.post("/appointments", status_code=201, response_model=Booking)
async def create_appointment(request: Request, parts: PartsDep, act: Write, body: BookingNew) -> Response:
    """Book a time with a member. 409 when it is not free."""
    done = await do(request, act, "add_appointment", body.model_dump(mode="json", exclude_none=True))
    appointment_id = UUID(done.facts["appointment_id"])
    async with parts.db.tenant(act.tenant_id) as session:
        found = await _look(session, appointment_id)
    return answer(request, found, 201, headers={"Location": f"{request.url.path}/{appointment_id}"})


@router.get("/appointments/{appointment_id}", response_model=Booking)
async def get_appointment(
    request: Request, parts: PartsDep, access: Read, appointment_id: UUID, if_none_match: IfNoneMatch = None
) -> Response:
    """One appointment."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await _look(session, appointment_id))


async def _acted(
    request: Request, parts: PartsDep, act: Act, tool: str, appointment_id: UUID, **args: Any
) -> Response:
    async with parts.db.tenant(act.tenant_id) as session:
        await _look(session, appointment_id)
    await do(request, act, tool, {"appointment_id": appointment_id, **args})
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await _look(session, appointment_id))


@router.post("/appointments/{appointment_id}/move", response_model=Booking)
async def move_appointment(
    request: Request, parts: PartsDep, act: Write, appointment_id: UUID, body: Move
) -> Response:
    """Give it another time, or another member."""
    args = body.model_dump(mode="json", exclude_none=True)
    return await _acted(request, parts, act, "move_appointment", appointment_id, **args)


@router.post("/appointments/{appointment_id}/cancel", response_model=Booking)
async def cancel_appointment(request: Request, parts: PartsDep, act: Write, appointment_id: UUID) -> Response:
    """Call it off."""
    return await _acted(request, parts, act, "call_off_appointment", appointment_id)


@router.post("/appointments/{appointment_id}/close", response_model=Booking)
async def close_appointment(
    request: Request, parts: PartsDep, act: Write, appointment_id: UUID, body: Close
) -> Response:
    """Say how it went, once it has begun."""
    return await _acted(request, parts, act, "close_appointment", appointment_id, status=body.status)


@router.get("/availability", response_model=AvailabilityPage)
async def list_availability(
    request: Request, parts: PartsDep, access: Read, if_none_match: IfNoneMatch = None
) -> Response:
    """When each member can be booked."""
    now = parts.clock.now()
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        found = [
            await _availability(session, m.id, now)
            for m in await tenancy.members(session)
            if m.role in agenda.WORKING
        ]
    return answer(request, AvailabilityPage(items=found, next=None))


@router.get("/availability/slots", response_model=FreeTimePage)
async def list_free_times(
    request: Request,
    parts: PartsDep,
    access: Read,
    query: Annotated[FreeTimes, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Free times, soonest first, as the agent would offer them."""
    now = parts.clock.now()
    async with parts.db.tenant(access.tenant_id) as session:
        office = await agenda.open_office(session)
        members = [query.member_id] if query.member_id else None
        slots = await agenda.free_slots(
            session, office, now=now, kind=query.kind, members=members, horizon_days=query.days
        )
    items = [
        FreeTime(
            member_id=UUID(s.member),
            member=office.people[UUID(s.member)].name,
            starts_at=s.start,
            ends_at=s.end,
            words=when_words(s.start, office.timezone, now, zone=True),
        )
        for s in sorted(slots)[: query.limit]
    ]
    return answer(request, FreeTimePage(items=items, next=None))


@router.get("/availability/{member_id}", response_model=Availability)
async def get_availability(
    request: Request, parts: PartsDep, access: Read, member_id: UUID, if_none_match: IfNoneMatch = None
) -> Response:
    """One member's availability."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await _availability(session, member_id, parts.clock.now()))


@router.patch("/availability/{member_id}", response_model=Availability)
async def change_availability(
    request: Request,
    parts: PartsDep,
    act: Write,
    member_id: UUID,
    body: AvailabilityChange,
    if_match: IfMatch = None,
) -> Response:
    """Change when somebody can be booked, or which leads they take."""
    now = parts.clock.now()
    changes = body.changes()
    cleared = [name for name, value in changes.items() if value is None]
    args = {k: v for k, v in changes.items() if v is not None} | {"member_id": member_id, "cleared": cleared}
    guard = unless_changed(if_match, lambda session: _availability(session, member_id, now), needed=False)
    await do(request, act, "set_availability", args, guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await _availability(session, member_id, now))


@router.put("/availability/{member_id}/calendar", response_model=Availability)
async def connect_calendar(
    request: Request, parts: PartsDep, act: Write, member_id: UUID, body: CalendarNew
) -> Response:
    """Read the member's busy times from a calendar, now and every quarter of an hour."""
    await do(request, act, "connect_calendar", {"member_id": member_id}, secrets={"url": body.url})
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await _availability(session, member_id, parts.clock.now()))


@router.delete("/availability/{member_id}/calendar", status_code=204)
async def remove_calendar(request: Request, act: Write, member_id: UUID) -> Response:
    """Let go of the calendar and forget its address."""
    await do(request, act, "connect_calendar", {"member_id": member_id})
    return Response(status_code=204)
