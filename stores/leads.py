"""Leads: the canonical record of what a caller wants, and the tasks that follow from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Select,
    UniqueConstraint,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, belongs_to, change, insert_unless_there, of_tenant

END_OF_ADDRESSES = "\x1f"


class Lead(TenantRow, Base):
    """One person who called about property. Prices in whole dollars, phones E.164.

    ``appointment``: {"start", "kind", "with", ...}; ``consent``: {"voice"|"sms"|"email": {text_version, at,
    evidence}}; ``score_reasons``: sentences. ``test`` marks rehearsals and demonstrations.
    """

    __tablename__ = "leads"
    __table_args__ = (
        of_tenant(),
        belongs_to("conversations", "conversation_id"),
        belongs_to("calls", "call_id"),
        belongs_to("leads", "duplicate_of", ondelete="SET NULL (duplicate_of)"),
        UniqueConstraint("tenant_id", "conversation_id"),
        CheckConstraint("intent in ('buyer', 'seller', 'renter', 'investor', 'other')", name="intent"),
        CheckConstraint("score between 0 and 100", name="score"),
        Index("ix_leads_tenant_id_intent_id", "tenant_id", "intent", "id"),
        Index("ix_leads_tenant_id_id", "tenant_id", "id", postgresql_include=["search", "test"]),
    )

    intent: Mapped[str]
    name: Mapped[str | None]
    phones: Mapped[list[str]] = mapped_column(server_default="{}")
    emails: Mapped[list[str]] = mapped_column(server_default="{}")
    areas: Mapped[list[str]] = mapped_column(server_default="{}")
    price_min: Mapped[int | None]
    price_max: Mapped[int | None]
    beds: Mapped[int | None]
    baths: Mapped[float | None]
    features: Mapped[list[str]] = mapped_column(server_default="{}")
    timeline: Mapped[str | None]
    financing: Mapped[str | None]
    represented: Mapped[str | None]
    property_address: Mapped[str | None]
    appointment: Mapped[dict[str, Any] | None]
    score: Mapped[int | None]
    score_reasons: Mapped[list[str]] = mapped_column(server_default="{}")
    summary: Mapped[str | None]
    consent: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    dnc: Mapped[bool] = mapped_column(server_default="false")
    language: Mapped[str | None]
    source: Mapped[str | None]
    channel: Mapped[str | None]
    disposition: Mapped[str | None]
    conversation_id: Mapped[UUID | None]
    call_id: Mapped[UUID | None]
    extra: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    test: Mapped[bool] = mapped_column(server_default="false")
    search: Mapped[str] = mapped_column(server_default="")
    """What it is found by, in lower case: addresses, mark, name and the rest, 600 characters (an index entry
    must stay below 2,704 bytes). A trigger keeps it."""
    duplicate_of: Mapped[UUID | None]
    """The first lead of the same person: nobody is chased twice."""


class Task(TenantRow, Base):
    """Something a person of the client has to do."""

    __tablename__ = "tasks"
    __table_args__ = (
        of_tenant(),
        belongs_to("leads", "lead_id", ondelete="CASCADE"),
        CheckConstraint("status in ('open', 'done', 'cancelled')", name="status"),
        Index("ix_tasks_tenant_id_status_due_at", "tenant_id", "status", "due_at"),
        Index("ix_tasks_tenant_id_lead_id", "tenant_id", "lead_id"),
    )

    kind: Mapped[str]
    title: Mapped[str]
    due_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default="open")
    lead_id: Mapped[UUID | None]


async def upsert_lead(session: Session, conversation_id: UUID, *, intent: str, **fields: Any) -> Lead:
    """The lead of a conversation: created, or the named fields changed. One conversation, one lead."""
    values = {"conversation_id": conversation_id, "intent": intent, **fields}
    created = await insert_unless_there(session, Lead, values, conflict=["tenant_id", "conversation_id"])
    if created is not None:
        return created
    query = select(Lead).where(Lead.conversation_id == conversation_id).with_for_update()
    return await change(session, (await session.scalars(query)).one(), {"intent": intent, **fields})


async def add_lead(session: Session, *, intent: str, **fields: Any) -> Lead:
    """A lead that no conversation led to."""
    lead = Lead(intent=intent, **fields)
    session.add(lead)
    await session.flush()
    return lead


async def get_lead(session: Session, lead_id: UUID, *, lock: bool = False) -> Lead:
    """One lead. NotFound."""
    query = select(Lead).where(Lead.id == lead_id)
    lead = await session.scalar(query.with_for_update() if lock else query)
    if lead is None:
        raise NotFound("no such lead")
    return lead


async def lead_of_conversation(session: Session, conversation_id: UUID) -> Lead | None:
    """The lead a conversation led to, if it did."""
    return await session.scalar(select(Lead).where(Lead.conversation_id == conversation_id))


async def first_lead_of(
    session: Session, *, phones: Sequence[str], emails: Sequence[str], besides: UUID, test: bool
) -> Lead | None:
    """The oldest lead of the same person, by telephone or e-mail, other than that conversation's."""
    same = or_(
        Lead.phones.overlap(list(phones)) if phones else false(),
        Lead.emails.overlap(list(emails)) if emails else false(),
    )
    query = (
        select(Lead)
        .where(Lead.id.in_(with_any([*phones, *emails])), same)
        .where(Lead.test.is_(test), Lead.duplicate_of.is_(None))
        .where(or_(Lead.conversation_id.is_(None), Lead.conversation_id != besides))
        .order_by(Lead.id)
        .limit(1)
    )
    return await session.scalar(query)


async def update_lead(session: Session, lead_id: UUID, **fields: Any) -> Lead:
    """Change fields of a lead. NotFound."""
    return await change(session, await get_lead(session, lead_id), fields)


async def delete_lead(session: Session, lead_id: UUID) -> None:
    """Remove a lead with its tasks (undo, or a caller's request)."""
    await session.delete(await get_lead(session, lead_id))
    await session.flush()


async def list_leads(
    session: Session,
    *,
    limit: int = 50,
    before: UUID | None = None,
    intent: str | None = None,
    phone: str | None = None,
    include_tests: bool = False,
    words: str | None = None,
    disposition: str | None = None,
    score_min: int | None = None,
    score_max: int | None = None,
    created_from: datetime | None = None,
    created_to: datetime | None = None,
) -> tuple[Sequence[Lead], UUID | None]:
    """Newest first, and the cursor for the next page (None on the last): pass it as ``before``.

    ``words``: part of the name, of a phone number or e-mail address, of the address or the summary (its
    beginning, where it is long).
    """
    query = select(Lead).order_by(Lead.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(Lead.id < before)
    if intent is not None:
        query = query.where(Lead.intent == intent)
    if phone is not None:
        query = query.where(Lead.id.in_(with_any([phone])), Lead.phones.contains([phone]))
    if not include_tests:
        query = query.where(Lead.test.is_(False))
    if words is not None:
        query = query.where(Lead.id.in_(mentioning(words)))
    if disposition is not None:
        query = query.where(Lead.disposition == disposition)
    if score_min is not None:
        query = query.where(Lead.score >= score_min)
    if score_max is not None:
        query = query.where(Lead.score <= score_max)
    if created_from is not None:
        query = query.where(Lead.created_at >= created_from)
    if created_to is not None:
        query = query.where(Lead.created_at < created_to)
    found = (await session.scalars(query)).all()
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


def mentioning(words: str) -> Select[UUID]:
    """The ids of leads that have these words in what they are found by; one index answers it alone."""
    return _alone(select(Lead.id).where(_has(words)))


def with_any(addresses: Sequence[str]) -> Select[UUID]:
    """The ids of leads that may have one of these telephone numbers or e-mail addresses, and of few others.

    Addresses come first in what a lead is found by, up to a mark: where the mark was cut off, some may be
    missing, and the lead is among them in any case.
    """
    return _alone(
        select(Lead.id).where(or_(*map(_has, addresses), func.strpos(Lead.search, END_OF_ADDRESSES) == 0))
    )


def _alone(ids: Select[UUID]) -> Select[UUID]:
    """Answered for itself, from the index; without OFFSET Postgres merges it into the query around it."""
    return ids.offset(0)


def _has(words: str) -> ColumnElement[bool]:
    within = "%" + re.sub(r"([%_\\])", r"\\\1", words) + "%"
    return Lead.search.like(func.lower(within), escape="\\")


async def add_task(
    session: Session, *, kind: str, title: str, due_at: datetime | None = None, lead_id: UUID | None = None
) -> Task:
    """Put something on the client's list."""
    task = Task(kind=kind, title=title, due_at=due_at, lead_id=lead_id)
    session.add(task)
    await session.flush()
    return task


async def open_tasks(session: Session, *, lead_id: UUID | None = None) -> Sequence[Task]:
    """What is still to do, by due date."""
    query = select(Task).where(Task.status == "open").order_by(Task.due_at.asc().nulls_last(), Task.id)
    if lead_id is not None:
        query = query.where(Task.lead_id == lead_id)
    return (await session.scalars(query)).all()


async def find_task(session: Session, task_id: UUID) -> Task | None:
    """One task; None when it is gone."""
    return await session.scalar(select(Task).where(Task.id == task_id))


async def get_task(session: Session, task_id: UUID, *, lock: bool = False) -> Task:
    """One task. NotFound."""
    query = select(Task).where(Task.id == task_id)
    task = await session.scalar(query.with_for_update() if lock else query)
    if task is None:
        raise NotFound("no such task")
    return task


async def list_tasks(
    session: Session,
    *,
    limit: int,
    before: UUID | None = None,
    status: str | None = None,
    lead_id: UUID | None = None,
) -> Sequence[Task]:
    """Newest first."""
    query = select(Task).order_by(Task.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Task.id < before)
    if status is not None:
        query = query.where(Task.status == status)
    if lead_id is not None:
        query = query.where(Task.lead_id == lead_id)
    return (await session.scalars(query)).all()


async def set_task_status(session: Session, task_id: UUID, status: str) -> Task:
    """Finish, cancel or reopen a task. NotFound."""
    task = await session.scalar(select(Task).where(Task.id == task_id))
    if task is None:
        raise NotFound("no such task")
    return await change(session, task, {"status": status})
