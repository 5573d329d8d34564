"""Calls that the agent places: whom, why, when, how often it was tried and what became of it (C01-C05, C14).

A row is one wish to reach somebody; each try of it has a ``nonce`` of its own, which the carrier's requests
carry, so that what an earlier try still reports changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, belongs_to, change, insert_unless_there, of_tenant

WAITING = "planned"
UNDER_WAY = ("claimed", "placing", "placed", "talking")
"""A try is on: being asked about, being sent to the carrier, ringing, connected."""
OPEN = (WAITING, *UNDER_WAY)
STATUSES = (*OPEN, "done", "stopped")
WHY = ("follow_up", "callback", "transfer", "manual")
"""A step of the cadence, a call somebody was promised, a transfer that nobody took, asked for by a person."""
OUTCOMES = ("reached", "machine", "no-answer", "busy", "failed", "canceled", "unknown")


class Dial(TenantRow, Base):
    """``due_at``: not before. ``subject``: what it comes from ("follow_up:<id>"); there is one of each.

    ``tries`` counts calls that were placed. ``reason`` is why it waits or was stopped (a key of
    policies/dialing.yaml), ``outcome`` what the last try came to, ``answered_by`` the carrier's word for it.
    """

    __tablename__ = "dials"
    __table_args__ = (
        of_tenant(),
        belongs_to("leads", "lead_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "subject"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
        CheckConstraint(f"why in {WHY}", name="why"),
        Index("ix_dials_tenant_id_status_due_at", "tenant_id", "status", "due_at"),
        Index("ix_dials_tenant_id_lead_id", "tenant_id", "lead_id"),
    )

    phone: Mapped[str]
    lead_id: Mapped[UUID | None]
    callback_id: Mapped[UUID | None]
    why: Mapped[str]
    template: Mapped[str]
    subject: Mapped[str]
    actor: Mapped[str]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default="planned")
    tries: Mapped[int] = mapped_column(server_default="0")
    reason: Mapped[str | None]
    outcome: Mapped[str | None]
    answered_by: Mapped[str | None]
    nonce: Mapped[str | None]
    attempt_id: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    caller_id: Mapped[str | None]
    account_sid: Mapped[str | None]
    sid: Mapped[str | None]
    call_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


async def plan(session: Session, *, subject: str, **fields: Any) -> Dial | None:
    """Want a call; None when the same one is wanted already."""
    return await insert_unless_there(
        session, Dial, {"subject": subject, **fields}, conflict=["tenant_id", "subject"]
    )


async def get(session: Session, dial_id: UUID, *, lock: bool = False) -> Dial:
    """One of them. NotFound."""
    query = select(Dial).where(Dial.id == dial_id)
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("no such call")
    return row


async def by_subject(session: Session, subject: str) -> Dial | None:
    """What was planned for it."""
    return await session.scalar(select(Dial).where(Dial.subject == subject))


async def by_call(session: Session, call_id: UUID) -> Dial | None:
    """The wish a call comes from; None for a call that somebody made to us."""
    return await session.scalar(select(Dial).where(Dial.call_id == call_id))


async def move(session: Session, row: Dial, fields: Mapping[str, Any]) -> Dial:
    """Change columns."""
    return await change(session, row, fields)


async def due(session: Session, *, now: datetime, limit: int = 10) -> Sequence[UUID]:
    """Ids of what may be dialled now, the oldest wish first."""
    query = (
        select(Dial.id)
        .where(Dial.status == WAITING, Dial.due_at <= now)
        .order_by(Dial.due_at, Dial.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def stale(session: Session, *, before: datetime, limit: int = 20) -> Sequence[UUID]:
    """Ids of tries that were begun before that moment and of which nothing final was heard."""
    query = (
        select(Dial.id)
        .where(Dial.status.in_(UNDER_WAY), Dial.claimed_at < before)
        .order_by(Dial.claimed_at)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def under_way(session: Session, phone: str) -> bool:
    """Whether a try to that number is on."""
    query = select(Dial.id).where(Dial.phone == phone, Dial.status.in_(UNDER_WAY)).limit(1)
    return await session.scalar(query) is not None


async def open_ones(
    session: Session, *, lead_id: UUID | None = None, phones: Sequence[str] | None = None
) -> Sequence[Dial]:
    """What is still wanted, of a lead or to these numbers, locked."""
    query = select(Dial).where(Dial.status.in_(OPEN)).order_by(Dial.id).with_for_update()
    if lead_id is not None:
        query = query.where(Dial.lead_id == lead_id)
    if phones is not None:
        query = query.where(Dial.phone.in_(list(phones)))
    return (await session.scalars(query)).all()


async def stop(
    session: Session,
    reason: str,
    *,
    at: datetime,
    lead_id: UUID | None = None,
    phones: Sequence[str] | None = None,
    why: Sequence[str] | None = None,
) -> int:
    """Nothing that waits is dialled any more; how many. What rings already is not tried again after it."""
    stopped = 0
    for row in await open_ones(session, lead_id=lead_id, phones=phones):
        if why is not None and row.why not in why:
            continue
        if row.status in (WAITING, "claimed"):
            await change(session, row, {"status": "stopped", "reason": reason, "ended_at": at})
            stopped += 1
        else:
            await change(session, row, {"reason": reason})
    return stopped


async def page(
    session: Session, *, limit: int, before: UUID | None = None, status: str | None = None
) -> Sequence[Dial]:
    """Newest first. ``status``: one, or "open" for everything that is."""
    query = select(Dial).order_by(Dial.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Dial.id < before)
    if status == "open":
        query = query.where(Dial.status.in_(OPEN))
    elif status is not None:
        query = query.where(Dial.status == status)
    return (await session.scalars(query)).all()


async def tenants_with_work(session: Session, *, now: datetime, before: datetime) -> Sequence[UUID]:
    """Platform: whose calls are due, or were begun before ``before`` and never heard of again."""
    wanted = (Dial.status == WAITING) & (Dial.due_at <= now)
    lost = Dial.status.in_(UNDER_WAY) & (Dial.claimed_at < before)
    return (await session.scalars(select(Dial.tenant_id).where(wanted | lost).distinct())).all()
