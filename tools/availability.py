"""When an agent can be met: weekly hours, exceptions, a calendar of their own; and which leads they take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from loguru import logger
from pydantic import Field, field_validator

from core.clock import Clock
from core.errors import NotFound, SeiketsuError
from integrations.http import address_problem
from policies import appointments as policy
from policies import business_hours
from stores import appointments, tenancy
from stores.db import Database, Session
from tools.base import Args, Ports, ToolContext, ToolResult, refused, tool
from tools.values import Timezone, WeeklyHours

FIELDS = (
    "hours", "exceptions", "buffer_minutes", "timezone", "bookable", "takes_leads", "languages", "areas",
    "price_min", "price_max", "weight",
)  # fmt: skip
EVERY = timedelta(minutes=15)
"""How often a calendar is looked at."""


class AvailabilityArgs(Args):
    """What is named is changed. ``exceptions``: days with other hours, or none."""

    member_id: UUID
    hours: WeeklyHours | None = None
    exceptions: list[dict[str, Any]] | None = Field(None, max_length=400)
    buffer_minutes: int | None = Field(None, ge=0, le=240)
    timezone: Timezone | None = None
    bookable: bool | None = None
    takes_leads: bool | None = None
    languages: list[str] | None = Field(None, max_length=10)
    areas: list[str] | None = Field(None, max_length=50)
    price_min: int | None = Field(None, ge=0)
    price_max: int | None = Field(None, ge=0)
    weight: int | None = Field(None, ge=0, le=100)
    cleared: list[str] = Field(default_factory=list)
    """Fields that are emptied."""

    @field_validator("exceptions")
    @classmethod
    def _days(cls, value: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
        if value is None:
            return None
        found = []
        for one in value:
            on = date.fromisoformat(str(one.get("date")))
            spans = [[str(a), str(b)] for a, b in one.get("spans") or ()]
            if wrong := business_hours.problems({business_hours.DAYS[on.weekday()]: spans}):
                raise ValueError(wrong[0])
            found.append({"date": on.isoformat(), "spans": spans})
        return sorted(found, key=lambda o: str(o["date"]))


class CalendarArgs(Args):
    """Whose calendar; its address is ``ctx.slots["url"]`` and stays out of receipts. Without it: let go."""

    member_id: UUID


def plain(row: appointments.Agenda) -> dict[str, Any]:
    """An agenda for the audit trail."""
    return {name: getattr(row, name) for name in FIELDS}


async def _member(session: Session, member_id: UUID) -> tenancy.Member:
    member = await tenancy.get_member(session, member_id)
    if member is None or member.status == "removed":
        raise NotFound("no such member")
    return member


async def restore(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """As it was."""
    before = {k: undo[k] for k in FIELDS}
    await appointments.update_agenda(session, UUID(undo["member_id"]), **before)
    return ToolResult(status="undone", after=before)


@tool("set_availability", AvailabilityArgs, undo=restore, statuses=("set",))
async def set_availability(ctx: ToolContext, session: Session, args: AvailabilityArgs) -> ToolResult:
    """Set when somebody can be booked and which leads they take."""
    await _member(session, args.member_id)
    row = await appointments.ensure_agenda(session, args.member_id)
    before = plain(row)
    changes = {k: getattr(args, k) for k in FIELDS if getattr(args, k) is not None}
    empty: dict[str, Any] = {"hours": {}, "exceptions": [], "languages": [], "areas": []}
    changes |= {k: empty.get(k) for k in args.cleared if k in (*empty, "timezone", "price_min", "price_max")}
    low, high = changes.get("price_min", row.price_min), changes.get("price_max", row.price_max)
    if low is not None and high is not None and low > high:
        return refused(
            "The lower price is above the higher one.", price_min="It must not be above price_max."
        )
    row = await appointments.update_agenda(session, args.member_id, **changes)
    return ToolResult(
        status="set",
        undo={**before, "member_id": str(args.member_id)},
        before=before,
        after=plain(row),
    )


@tool("connect_calendar", CalendarArgs, statuses=("connected", "removed"), facts=("calendar_state",))
async def connect_calendar(ctx: ToolContext, session: Session, args: CalendarArgs) -> ToolResult:
    """Read somebody's busy times from the calendar behind an address, or stop doing so."""
    await _member(session, args.member_id)
    url = str(ctx.slots.get("url") or "").strip()
    row = await appointments.ensure_agenda(session, args.member_id)
    secret = f"calendar.{row.member_id}"
    if not url:
        if row.calendar_secret and ctx.ports.vault is not None:
            await ctx.ports.vault.forget(session, row.calendar_secret)
        await appointments.update_agenda(
            session, args.member_id, calendar_secret=None, calendar_host=None, calendar_state=None, busy=[],
            calendar_checked_at=None, calendar_fresh_at=None,
        )  # fmt: skip
        return ToolResult(status="removed", facts={"calendar_state": ""}, after={"calendar": None})
    url = f"https{url[6:]}" if url.startswith("webcal:") else url
    problem = address_problem(url, local=ctx.ports.webhooks_local)
    if problem:
        return refused(problem, url=problem)
    if ctx.ports.vault is None:
        return refused("Calendars cannot be connected here.")
    await ctx.ports.vault.seal(session, secret, url)
    await appointments.update_agenda(
        session, args.member_id, calendar_secret=secret, calendar_host=urlsplit(url).hostname,
        calendar_state="waiting", calendar_checked_at=None, calendar_fresh_at=None, busy=[],
    )  # fmt: skip
    state = await refresh(session, ctx.ports, args.member_id, now=ctx.clock.now())
    return ToolResult(
        status="connected",
        facts={"calendar_state": state},
        after={"calendar": urlsplit(url).hostname, "state": state},
    )


async def refresh(session: Session, ports: Ports, member_id: UUID, *, now: datetime) -> str:
    """Read one calendar; its state in a word. What was read before stays when it cannot be read now."""
    row = await appointments.ensure_agenda(session, member_id)
    if row.calendar_secret is None or ports.vault is None or ports.calendars is None:
        return row.calendar_state or ""
    tenant = await tenancy.get_tenant(session)
    fields: dict[str, Any] = {"calendar_checked_at": now}
    try:
        url = await ports.vault.open(session, row.calendar_secret)
        until = now + timedelta(days=policy.appointments().horizon_days + 3)
        zone = row.timezone or tenant.timezone or "America/New_York"
        busy = await ports.calendars.busy(url, since=now - timedelta(days=1), until=until, zone=zone)
    except SeiketsuError as error:
        # the last known busy times still keep people from being booked twice
        state = "unreachable" if error.code == "unavailable" else error.code
        fields["calendar_state"] = state
    else:
        fields |= {
            "calendar_state": "ok",
            "calendar_fresh_at": now,
            "busy": [{"start": b.start.isoformat(), "end": b.end.isoformat()} for b in busy],
        }
    row = await appointments.update_agenda(session, member_id, **fields)
    return row.calendar_state or ""


def staleness(row: appointments.Agenda, now: datetime) -> str | None:
    """In words, how old the busy times are; None while they are fresh or there is no calendar."""
    if row.calendar_secret is None:
        return None
    if row.calendar_fresh_at is None:
        return "The calendar has not been read yet."
    hours = (now - row.calendar_fresh_at).total_seconds() / 3600
    if hours < 1:
        return None
    return f"The calendar was last read {round(hours)} hour{'s' if round(hours) != 1 else ''} ago."


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """Look at every calendar that has not been looked at for a quarter of an hour."""
    if ports.calendars is None:
        return
    now = clock.now()
    async with db.platform("calendars that were not read lately") as session:
        waiting = await appointments.tenants_with_calendars(session, before=now - EVERY)
    for tenant_id in waiting:
        async with db.tenant(tenant_id) as session:
            due = [
                a.member_id
                for a in await appointments.agendas(session)
                if a.calendar_secret
                and (a.calendar_checked_at is None or a.calendar_checked_at < now - EVERY)
            ]
        for member_id in due:
            # a transaction each: one slow server keeps nobody else's rows
            async with db.tenant(tenant_id) as session:
                state = await refresh(session, ports, member_id, now=now)
            if state != "ok":
                logger.warning("a calendar could not be read: {}", state)


def view(row: appointments.Agenda | None) -> Mapping[str, Any]:
    """An agenda's own fields, or the standard where there is none yet."""
    if row is not None:
        return plain(row)
    return {
        "hours": {}, "exceptions": [], "buffer_minutes": policy.appointments().buffer_minutes,
        "timezone": None, "bookable": True, "takes_leads": True, "languages": [], "areas": [],
        "price_min": None, "price_max": None, "weight": 1,
    }  # fmt: skip
