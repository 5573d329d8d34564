"""The steps of a lead's follow-up: when each is due, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from stores.base import Base, Session, TenantRow, belongs_to, change, insert_unless_there, of_tenant
from stores.consents import Consent


class FollowUp(TenantRow, Base):
    """One step. ``reason``: why it was stopped or skipped. A lead has each step once."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        of_tenant(),
        belongs_to("leads", "lead_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "lead_id", "step"),
        CheckConstraint("channel in ('email', 'sms', 'call')", name="channel"),
        CheckConstraint("status in ('planned', 'sent', 'stopped', 'skipped')", name="status"),
        Index("ix_follow_ups_tenant_id_status_due_at", "tenant_id", "status", "due_at"),
    )

    lead_id: Mapped[UUID]
    step: Mapped[int]
    channel: Mapped[str]
    template: Mapped[str]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default="planned")
    sent_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    stop_on: Mapped[list[str]] = mapped_column(server_default="{}")


async def plan_step(session: Session, *, lead_id: UUID, step: int, **fields: Any) -> FollowUp | None:
    """Write a step unless the lead has it already (then None)."""
    return await insert_unless_there(
        session,
        FollowUp,
        {"lead_id": lead_id, "step": step, **fields},
        conflict=["tenant_id", "lead_id", "step"],
    )


async def steps(session: Session, lead_id: UUID) -> Sequence[FollowUp]:
    """A lead's steps in order."""
    query = select(FollowUp).where(FollowUp.lead_id == lead_id).order_by(FollowUp.step)
    return (await session.scalars(query)).all()


async def take_due(session: Session, *, now: datetime, limit: int = 50) -> Sequence[FollowUp]:
    """Planned steps that are due, locked: two sweeps never send one twice."""
    query = (
        select(FollowUp)
        .where(FollowUp.status == "planned", FollowUp.due_at <= now)
        .order_by(FollowUp.due_at, FollowUp.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def settle(session: Session, row: FollowUp, status: str, **fields: Any) -> FollowUp:
    """Sent, stopped or skipped; or another due moment."""
    return await change(session, row, {"status": status, **fields})


async def stop(session: Session, lead_id: UUID, reason: str) -> int:
    """No step of the lead that is still planned will be sent; how many."""
    stopped = await session.scalars(
        update(FollowUp)
        .where(FollowUp.lead_id == lead_id, FollowUp.status == "planned")
        .values(status="stopped", reason=reason)
        .returning(FollowUp.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(stopped.all())


async def refuse_email(session: Session, address: str, *, evidence: str, at: datetime) -> None:
    """The owner of an address wants no e-mail, whether or not they ever agreed to any."""
    session.add(
        Consent(address=address, kind="email", granted=False, evidence=evidence, source="page", at=at)
    )
    await session.flush()


async def tenants_with_due(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Platform: whose steps are due."""
    query = select(FollowUp.tenant_id).where(FollowUp.status == "planned", FollowUp.due_at <= now)
    return (await session.scalars(query.distinct())).all()
