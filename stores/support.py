"""Support: tickets, call-backs and what callers thought of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, belongs_to, change, of_tenant, tenant_of
from stores.tenancy import Tenant

FIRST_NUMBER = 1001
PRIORITIES = ("critical", "high", "medium", "low")


class Ticket(TenantRow, Base):
    """A request for help. ``number`` is what a person says: 1001, 1002 ... within the tenant.

    ``conversation_id`` may be a conversation of the house tenant, so it is no foreign key.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint(f"priority in {PRIORITIES}", name="priority"),
        CheckConstraint("status in ('open', 'waiting', 'solved', 'closed', 'cancelled')", name="status"),
        Index("ix_tickets_tenant_id_status", "tenant_id", "status"),
    )

    number: Mapped[int]
    category: Mapped[str]
    priority: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="open")
    channel: Mapped[str]
    conversation_id: Mapped[UUID | None]
    due_at: Mapped[datetime | None]


class Callback(TenantRow, Base):
    """A promise to ring someone: at a moment, or within ``window_end``. ``claimed_by``: who sees to it;
    ``note``: what came of it.
    """

    __tablename__ = "callbacks"
    __table_args__ = (
        of_tenant(),
        belongs_to("tickets", "ticket_id"),
        belongs_to("members", "claimed_by"),
        CheckConstraint("status in ('booked', 'done', 'missed', 'cancelled')", name="status"),
        Index("ix_callbacks_tenant_id_status_at", "tenant_id", "status", "at"),
    )

    phone: Mapped[str]
    at: Mapped[datetime | None]
    window_end: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="booked")
    ticket_id: Mapped[UUID | None]
    claimed_by: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    note: Mapped[str | None]


class Survey(TenantRow, Base):
    """One answer to a satisfaction question of that kind, on that kind's own scale."""

    __tablename__ = "surveys"
    __table_args__ = (of_tenant(), Index("ix_surveys_tenant_id_kind", "tenant_id", "kind"))

    kind: Mapped[str]
    score: Mapped[int | None]
    comment: Mapped[str | None]
    conversation_id: Mapped[UUID | None]


async def open_ticket(
    session: Session, *, category: str, priority: str, subject: str, channel: str, **fields: Any
) -> Ticket:
    """Open a ticket under the tenant's next number; those who open at once queue on the tenant's row."""
    await session.scalar(
        select(Tenant.id).where(Tenant.id == tenant_of(session)).with_for_update(key_share=True)
    )
    last = await session.scalar(select(func.max(Ticket.number)))
    number = FIRST_NUMBER if last is None else last + 1
    ticket = Ticket(
        number=number, category=category, priority=priority, subject=subject, channel=channel, **fields
    )
    session.add(ticket)
    await session.flush()
    return ticket


async def get_ticket(session: Session, ticket: UUID | int, *, lock: bool = False) -> Ticket:
    """One ticket by id or by its spoken number. NotFound."""
    column = Ticket.number if isinstance(ticket, int) else Ticket.id
    query = select(Ticket).where(column == ticket)
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("no such ticket")
    return row


async def list_tickets(
    session: Session,
    *,
    status: str | None = None,
    limit: int = 100,
    before: int | None = None,
    priority: str | None = None,
    category: str | None = None,
) -> Sequence[Ticket]:
    """Newest first, from behind number ``before``."""
    query = select(Ticket).order_by(Ticket.number.desc()).limit(limit)
    if status is not None:
        query = query.where(Ticket.status == status)
    if before is not None:
        query = query.where(Ticket.number < before)
    if priority is not None:
        query = query.where(Ticket.priority == priority)
    if category is not None:
        query = query.where(Ticket.category == category)
    return (await session.scalars(query)).all()


async def tickets_of(session: Session, conversation_id: UUID) -> Sequence[Ticket]:
    """What was asked for in one conversation, in its order."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id).order_by(Ticket.number)
    return (await session.scalars(query)).all()


async def update_ticket(session: Session, ticket_id: UUID, **fields: Any) -> Ticket:
    """Change fields of a ticket. NotFound."""
    return await change(session, await get_ticket(session, ticket_id), fields)


async def set_ticket_status(session: Session, ticket_id: UUID, status: str) -> Ticket:
    """Move a ticket. NotFound."""
    return await change(session, await get_ticket(session, ticket_id), {"status": status})


async def book_callback(session: Session, *, phone: str, **fields: Any) -> Callback:
    """Promise a call: ``at`` or ``window_end``, ``reason``, ``ticket_id``."""
    row = Callback(phone=phone, **fields)
    session.add(row)
    await session.flush()
    return row


async def callbacks_of(session: Session, tickets: Sequence[UUID]) -> Sequence[Callback]:
    """Promises that belong to these tickets, in the order they were made."""
    query = select(Callback).where(Callback.ticket_id.in_(tickets)).order_by(Callback.id)
    return (await session.scalars(query)).all()


async def list_callbacks(session: Session, *, status: str | None = "booked") -> Sequence[Callback]:
    """Promises of that status (None: all), the soonest first."""
    query = select(Callback).order_by(Callback.at.asc().nulls_last(), Callback.id)
    if status is not None:
        query = query.where(Callback.status == status)
    return (await session.scalars(query)).all()


async def get_callback(session: Session, callback_id: UUID, *, lock: bool = False) -> Callback | None:
    """One promise."""
    query = select(Callback).where(Callback.id == callback_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def change_callback(session: Session, callback_id: UUID, fields: Mapping[str, Any]) -> Callback:
    """Change fields of a promise. NotFound."""
    row = await get_callback(session, callback_id, lock=True)
    if row is None:
        raise NotFound("no such call-back")
    return await change(session, row, fields)


async def set_callback_status(session: Session, callback_id: UUID, status: str) -> Callback:
    """Keep, miss or cancel a promise. NotFound."""
    row = await session.scalar(select(Callback).where(Callback.id == callback_id))
    if row is None:
        raise NotFound("no such call-back")
    return await change(session, row, {"status": status})


async def record_survey(
    session: Session,
    *,
    kind: str,
    score: int | None,
    comment: str | None = None,
    conversation_id: UUID | None = None,
) -> Survey:
    """Keep an answer."""
    row = Survey(kind=kind, score=score, comment=comment, conversation_id=conversation_id)
    session.add(row)
    await session.flush()
    return row


async def list_surveys(session: Session, *, kind: str | None = None) -> Sequence[Survey]:
    """Answers in the order they came."""
    query = select(Survey).order_by(Survey.id)
    if kind is not None:
        query = query.where(Survey.kind == kind)
    return (await session.scalars(query)).all()
