"""Agents' agendas and the appointments in them. No moment of an agent's day is given away twice.

Three walls: whoever writes locks the agenda, an overlap is looked for under that lock, and Postgres itself
refuses the same start twice and (where it may use btree_gist) any overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, and_, or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import Conflict, NotFound
from stores.base import Base, Session, TenantRow, belongs_to, change, insert_unless_there, of_tenant

KINDS = ("tour", "viewing", "consult", "valuation", "call")
STATUSES = ("held", "booked", "cancelled", "done", "no_show")


class Agenda(TenantRow, Base):
    """When a member can be booked, and which leads they take. One a member.

    ``hours``: {"mon": [["09:00", "18:00"]], ...} in ``timezone`` (None: the tenant's); empty: the office's
    hours. ``exceptions``: [{"date": ISO, "spans": [["10:00", "12:00"]]}], a day without spans is free.
    ``busy``: [[ISO start, ISO end], ...] from the calendar behind ``calendar_secret`` (a name in the vault).
    """

    __tablename__ = "agendas"
    __table_args__ = (
        of_tenant(),
        belongs_to("members", "member_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "member_id"),
        CheckConstraint("buffer_minutes between 0 and 240", name="buffer_minutes"),
        CheckConstraint("weight between 0 and 100", name="weight"),
    )

    member_id: Mapped[UUID]
    hours: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    exceptions: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    buffer_minutes: Mapped[int] = mapped_column(server_default="15")
    timezone: Mapped[str | None]
    bookable: Mapped[bool] = mapped_column(server_default="true")
    takes_leads: Mapped[bool] = mapped_column(server_default="true")
    languages: Mapped[list[str]] = mapped_column(server_default="{}")
    areas: Mapped[list[str]] = mapped_column(server_default="{}")
    price_min: Mapped[int | None]
    price_max: Mapped[int | None]
    weight: Mapped[int] = mapped_column(server_default="1")
    calendar_secret: Mapped[str | None]
    calendar_host: Mapped[str | None]
    calendar_state: Mapped[str | None]
    calendar_checked_at: Mapped[datetime | None]
    calendar_fresh_at: Mapped[datetime | None]
    busy: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")


class Appointment(TenantRow, Base):
    """A time with a member: held while somebody talks, then booked. ``blocks_until``: end plus buffer.

    ``sequence`` counts the changes, as calendars want it. ``reminded``: {"ways": ["sms"], "24h": ISO moment}:
    how the person agreed to be written to, and which reminders have left.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        of_tenant(),
        belongs_to("members", "member_id", ondelete="CASCADE"),
        belongs_to("leads", "lead_id", ondelete="CASCADE"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
        CheckConstraint("starts_at < ends_at and ends_at <= blocks_until", name="times"),
        CheckConstraint("status <> 'held' or held_until is not null", name="held"),
        Index(
            "uq_appointments_tenant_id_member_id_starts_at",
            "tenant_id",
            "member_id",
            "starts_at",
            unique=True,
            postgresql_where=text("status in ('held', 'booked') and not test"),
        ),
        Index("ix_appointments_tenant_id_status_starts_at", "tenant_id", "status", "starts_at"),
        Index("ix_appointments_tenant_id_conversation_id", "tenant_id", "conversation_id"),
        Index("ix_appointments_tenant_id_phone", "tenant_id", "phone"),
    )

    member_id: Mapped[UUID]
    lead_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    kind: Mapped[str]
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    blocks_until: Mapped[datetime]
    held_until: Mapped[datetime | None]
    timezone: Mapped[str]
    name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    place: Mapped[str | None]
    note: Mapped[str | None]
    buyer_agreement_required: Mapped[bool] = mapped_column(server_default="false")
    sequence: Mapped[int] = mapped_column(server_default="0")
    reminded: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    test: Mapped[bool] = mapped_column(server_default="false")


# --- agendas ----------------------------------------------------------------------------------------


async def ensure_agenda(session: Session, member_id: UUID) -> Agenda:
    """The member's agenda, made with the standard when there is none."""
    made = await insert_unless_there(
        session, Agenda, {"member_id": member_id}, conflict=["tenant_id", "member_id"]
    )
    return made or (await session.scalars(select(Agenda).where(Agenda.member_id == member_id))).one()


async def agendas(session: Session) -> Sequence[Agenda]:
    """Every agenda, in the order they were made."""
    return (await session.scalars(select(Agenda).order_by(Agenda.id))).all()


async def agenda_of(session: Session, member_id: UUID) -> Agenda | None:
    """One member's agenda."""
    return await session.scalar(select(Agenda).where(Agenda.member_id == member_id))


async def update_agenda(session: Session, member_id: UUID, **fields: Any) -> Agenda:
    """Change an agenda, made when there is none."""
    return await change(session, await ensure_agenda(session, member_id), fields)


async def lock_agendas(session: Session, members: Iterable[UUID]) -> None:
    """Nobody else books with these members until the transaction ends. In one order: no deadlocks."""
    wanted = sorted(set(members))
    for member_id in wanted:
        await ensure_agenda(session, member_id)
    await session.scalars(
        select(Agenda.id).where(Agenda.member_id.in_(wanted)).order_by(Agenda.member_id).with_for_update()
    )


async def tenants_with_calendars(session: Session, *, before: datetime) -> Sequence[UUID]:
    """Platform: whose external calendars were last looked at before a moment."""
    stale = or_(Agenda.calendar_checked_at.is_(None), Agenda.calendar_checked_at < before)
    query = select(Agenda.tenant_id).where(Agenda.calendar_secret.is_not(None), stale).distinct()
    return (await session.scalars(query)).all()


# --- appointments -----------------------------------------------------------------------------------


def _stands(now: datetime) -> Any:
    """Occupies its time: booked, or held and not run out."""
    return or_(
        Appointment.status == "booked", and_(Appointment.status == "held", Appointment.held_until > now)
    )


async def taken(
    session: Session, members: Iterable[UUID], *, since: datetime, until: datetime, now: datetime
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """Member -> [(start, end with buffer)] of what stands between two moments."""
    query = select(Appointment).where(
        Appointment.member_id.in_(list(members)),
        Appointment.starts_at < until,
        Appointment.blocks_until > since,
        Appointment.test.is_(False),
        _stands(now),
    )
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for row in (await session.scalars(query)).all():
        found.setdefault(row.member_id, []).append((row.starts_at, row.blocks_until))
    return found


async def place(
    session: Session,
    *,
    now: datetime,
    member_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    buffer: timedelta = timedelta(0),
    ignoring: UUID | None = None,
    **fields: Any,
) -> Appointment:
    """Put an appointment (held or booked) into an agenda. Conflict when the time is not free."""
    blocks_until = ends_at + buffer
    test = bool(fields.get("test"))
    if not test:
        await lock_agendas(session, [member_id])
        await _make_room(session, member_id, starts_at, blocks_until, now=now, ignoring=ignoring)
    row = Appointment(
        member_id=member_id, starts_at=starts_at, ends_at=ends_at, blocks_until=blocks_until, **fields
    )
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError:
        raise Conflict("that time is not free", code="slot_taken") from None
    return row


async def move(
    session: Session,
    appointment: Appointment,
    *,
    now: datetime,
    member_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    buffer: timedelta = timedelta(0),
    **fields: Any,
) -> Appointment:
    """Give a booked appointment another time (and member). Conflict when that is not free."""
    blocks_until = ends_at + buffer
    if not appointment.test:
        await lock_agendas(session, [member_id, appointment.member_id])
        await _make_room(session, member_id, starts_at, blocks_until, now=now, ignoring=appointment.id)
    times = {
        "member_id": member_id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "blocks_until": blocks_until,
        "sequence": appointment.sequence + 1,
        "reminded": {},
    }
    try:
        async with session.begin_nested():
            return await change(session, appointment, times | fields)
    except IntegrityError:
        raise Conflict("that time is not free", code="slot_taken") from None


async def _make_room(
    session: Session,
    member_id: UUID,
    starts_at: datetime,
    blocks_until: datetime,
    *,
    now: datetime,
    ignoring: UUID | None,
) -> None:
    """Remove holds that ran out and lie in the way. Conflict when something that stands does."""
    query = select(Appointment).where(
        Appointment.member_id == member_id,
        Appointment.status.in_(("held", "booked")),
        Appointment.starts_at < blocks_until,
        Appointment.blocks_until > starts_at,
        Appointment.test.is_(False),
    )
    for row in (await session.scalars(query)).all():
        if row.id == ignoring:
            continue
        if row.status == "booked" or (row.held_until is not None and row.held_until > now):
            raise Conflict("that time is not free", code="slot_taken")
        await session.delete(row)
    await session.flush()


async def get_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """One appointment. NotFound."""
    row = await session.scalar(select(Appointment).where(Appointment.id == appointment_id))
    if row is None:
        raise NotFound("no such appointment")
    return row


async def change_appointment(session: Session, row: Appointment, fields: Mapping[str, Any]) -> Appointment:
    """Set fields that move nothing in the agenda."""
    return await change(session, row, fields)


async def holds(
    session: Session, conversation_id: UUID, *, now: datetime | None = None
) -> Sequence[Appointment]:
    """What a conversation holds, in the order of time; with ``now`` only what has not run out."""
    query = (
        select(Appointment)
        .where(Appointment.conversation_id == conversation_id, Appointment.status == "held")
        .order_by(Appointment.starts_at, Appointment.id)
    )
    if now is not None:
        query = query.where(Appointment.held_until > now)
    return (await session.scalars(query)).all()


async def release(session: Session, rows: Iterable[Appointment]) -> None:
    """Let go of holds."""
    for row in rows:
        await session.delete(row)
    await session.flush()


async def booked_for(
    session: Session, phones: Iterable[str], *, after: datetime, test: bool = False
) -> Sequence[Appointment]:
    """Booked appointments of these telephone numbers that have not begun, the soonest first."""
    query = (
        select(Appointment)
        .where(
            Appointment.phone.in_(list(phones)),
            Appointment.status == "booked",
            Appointment.starts_at > after,
            Appointment.test.is_(test),
        )
        .order_by(Appointment.starts_at)
    )
    return (await session.scalars(query)).all()


async def booked_in(
    session: Session, conversation_id: UUID, *, after: datetime | None = None
) -> Sequence[Appointment]:
    """What was booked in that conversation, the soonest first; with ``after`` only what begins later."""
    query = (
        select(Appointment)
        .where(Appointment.conversation_id == conversation_id, Appointment.status == "booked")
        .order_by(Appointment.starts_at)
    )
    if after is not None:
        query = query.where(Appointment.starts_at > after)
    return (await session.scalars(query)).all()


async def list_appointments(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    member_id: UUID | None = None,
    lead_id: UUID | None = None,
    statuses: Sequence[str] = ("booked",),
    limit: int = 200,
) -> Sequence[Appointment]:
    """In the order of time; tests are left out."""
    query = (
        select(Appointment)
        .where(Appointment.status.in_(statuses), Appointment.test.is_(False))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(limit)
    )
    if since is not None:
        query = query.where(Appointment.ends_at > since)
    if until is not None:
        query = query.where(Appointment.starts_at < until)
    if member_id is not None:
        query = query.where(Appointment.member_id == member_id)
    if lead_id is not None:
        query = query.where(Appointment.lead_id == lead_id)
    return (await session.scalars(query)).all()


async def tenants_with_bookings(session: Session, *, since: datetime, until: datetime) -> Sequence[UUID]:
    """Platform: who has booked appointments that begin between two moments."""
    query = select(Appointment.tenant_id).where(
        Appointment.status == "booked", Appointment.starts_at > since, Appointment.starts_at < until
    )
    return (await session.scalars(query.distinct())).all()


async def tenants_with_old_holds(session: Session, *, before: datetime) -> Sequence[UUID]:
    """Platform: who has holds that ran out before a moment."""
    query = select(Appointment.tenant_id).where(Appointment.status == "held", Appointment.held_until < before)
    return (await session.scalars(query.distinct())).all()


async def drop_old_holds(session: Session, *, before: datetime) -> int:
    """Remove holds that ran out before a moment; how many."""
    query = select(Appointment).where(Appointment.status == "held", Appointment.held_until < before)
    rows = (await session.scalars(query.with_for_update(skip_locked=True))).all()
    await release(session, rows)
    return len(rows)


async def to_remind(session: Session, *, since: datetime, until: datetime) -> Sequence[Appointment]:
    """Booked appointments that begin between two moments, locked: two sweeps never remind twice."""
    query = (
        select(Appointment)
        .where(
            Appointment.status == "booked",
            Appointment.starts_at > since,
            Appointment.starts_at < until,
            Appointment.test.is_(False),
        )
        .order_by(Appointment.starts_at)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()
