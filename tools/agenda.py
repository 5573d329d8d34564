"""Who of the office can be met, and when: agendas, office hours, holidays and calendars put together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from policies import appointments as policy
from policies import business_hours
from policies.free_times import Day, Slot, free_times
from stores import appointments, tenancy
from stores.db import Session

WORKING = ("agent", "admin", "owner")


@dataclass(frozen=True)
class Person:
    """A member who can be booked."""

    id: UUID
    name: str
    email: str
    day: Day

    @property
    def first(self) -> str:
        """First name."""
        return self.name.split(" ")[0]


@dataclass(frozen=True)
class Office:
    """The office as an appointment sees it."""

    brand: str
    timezone: str
    holidays: Sequence[date]
    people: Mapping[UUID, Person]
    address: str | None = None


async def open_office(session: Session) -> Office:
    """Who can be booked: agents, or the admins where there are none; with their hours, or the office's."""
    tenant = await tenancy.get_tenant(session)
    profile = await tenancy.get_profile(session)
    zone = tenant.timezone or "America/New_York"
    weekly = (profile.hours if profile else None) or business_hours.standard()
    weekly = business_hours.not_before(weekly, str(tenant.settings.get("book_from") or ""))
    found = {a.member_id: a for a in await appointments.agendas(session)}
    people: dict[UUID, Person] = {}
    for member in bookable(await tenancy.members(session), found):
        people[member.id] = Person(
            member.id, member.name, member.email, working_day(found.get(member.id), weekly, zone)
        )
    return Office(tenant.brand_name, zone, holidays(profile), people, tenant.address)


def bookable(
    members: Sequence[tenancy.Member], agendas: Mapping[UUID, appointments.Agenda]
) -> list[tenancy.Member]:
    """Agents, and admins who keep an agenda; without any agent the admins. Who never came comes last."""
    willing = [m for m in members if m.role in WORKING and (m.id not in agendas or agendas[m.id].bookable)]
    active = [m for m in willing if m.status == "active"] or willing
    agents = [m for m in active if m.role == "agent" or (m.id in agendas and agendas[m.id].hours)]
    return agents or active


def working_day(
    agenda: appointments.Agenda | None, weekly: Mapping[str, Sequence[Sequence[str]]], zone: str
) -> Day:
    """An agenda as the policy reads it."""
    if agenda is None:
        return Day(weekly, zone, buffer=timedelta(minutes=policy.appointments().buffer_minutes))
    exceptions = {date.fromisoformat(str(e["date"])): e.get("spans") or () for e in agenda.exceptions}
    busy = [
        (datetime.fromisoformat(str(b["start"])), datetime.fromisoformat(str(b["end"]))) for b in agenda.busy
    ]
    return Day(
        agenda.hours or weekly,
        agenda.timezone or zone,
        exceptions,
        busy,
        timedelta(minutes=agenda.buffer_minutes),
    )


def holidays(profile: tenancy.AgentProfile | None) -> list[date]:
    """The office's holidays as dates; what is none is left out."""
    found = []
    for text in profile.holidays if profile else ():
        try:
            found.append(date.fromisoformat(str(text)))
        except ValueError:
            continue
    return found


async def free_slots(
    session: Session,
    office: Office,
    *,
    now: datetime,
    kind: str,
    members: Collection[UUID] | None = None,
    horizon_days: int | None = None,
) -> list[Slot]:
    """Every free time of these members (None: all), unsorted."""
    who = [p for p in office.people.values() if members is None or p.id in members]
    days = (horizon_days or policy.appointments().horizon_days) + 2
    taken = await appointments.taken(
        session,
        [p.id for p in who],
        since=now - timedelta(days=1),
        until=now + timedelta(days=days),
        now=now,
    )
    slots = []
    for person in who:
        busy = [*person.day.busy, *taken.get(person.id, ())]
        day = Day(person.day.hours, person.day.timezone, person.day.exceptions, busy, person.day.buffer)
        for start, end in free_times(
            day, now=now, kind=kind, holidays=office.holidays, horizon_days=horizon_days
        ):
            slots.append(Slot(start, end, str(person.id), person.day.buffer))
    return slots


def local_date(at: datetime, zone: str) -> date:
    """The date on a clock in that zone."""
    return at.astimezone(ZoneInfo(zone)).date()
