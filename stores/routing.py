"""Which lead was offered to whom, and who took it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, belongs_to, change, of_tenant, tenant_of
from stores.tenancy import Tenant

OPEN = ("offered", "claimed")


class Assignment(TenantRow, Base):
    """A lead given to a member. ``reason``: in words. ``claim_by`` None: theirs, nothing runs out."""

    __tablename__ = "assignments"
    __table_args__ = (
        of_tenant(),
        belongs_to("leads", "lead_id", ondelete="CASCADE"),
        belongs_to("members", "member_id", ondelete="CASCADE"),
        CheckConstraint("status in ('offered', 'claimed', 'expired', 'withdrawn')", name="status"),
        Index(
            "uq_assignments_tenant_id_lead_id",
            "tenant_id",
            "lead_id",
            unique=True,
            postgresql_where=text("status in ('offered', 'claimed')"),
        ),
        Index("ix_assignments_tenant_id_status_claim_by", "tenant_id", "status", "claim_by"),
        Index("ix_assignments_tenant_id_member_id", "tenant_id", "member_id"),
    )

    lead_id: Mapped[UUID]
    member_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(server_default="offered")
    mode: Mapped[str]
    reason: Mapped[str]
    given_at: Mapped[datetime]
    claim_by: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]


async def lock(session: Session) -> None:
    """One lead of a tenant is given out at a time: turns are not taken twice."""
    await session.scalar(
        select(Tenant.id).where(Tenant.id == tenant_of(session)).with_for_update(key_share=True)
    )


async def assign(session: Session, **fields: Any) -> Assignment:
    """Write that a lead is a member's."""
    row = Assignment(**fields)
    session.add(row)
    await session.flush()
    return row


async def current(session: Session, lead_id: UUID) -> Assignment | None:
    """Who has a lead now."""
    return await session.scalar(
        select(Assignment).where(Assignment.lead_id == lead_id, Assignment.status.in_(OPEN))
    )


async def history(session: Session, lead_id: UUID) -> Sequence[Assignment]:
    """Everybody a lead was offered to, oldest first."""
    query = select(Assignment).where(Assignment.lead_id == lead_id).order_by(Assignment.id)
    return (await session.scalars(query)).all()


async def turns(session: Session) -> dict[UUID, tuple[int, datetime]]:
    """Member -> (leads given so far, when the last one)."""
    query = select(Assignment.member_id, func.count(Assignment.id), func.max(Assignment.given_at)).group_by(
        Assignment.member_id
    )
    return {member: (count, last) for member, count, last in (await session.execute(query)).all()}


async def get_assignment(session: Session, assignment_id: UUID) -> Assignment:
    """One assignment. NotFound."""
    row = await session.scalar(select(Assignment).where(Assignment.id == assignment_id))
    if row is None:
        raise NotFound("no such assignment")
    return row


async def claim(session: Session, assignment: Assignment, *, at: datetime) -> Assignment:
    """The member takes it."""
    return await change(session, assignment, {"status": "claimed", "claimed_at": at, "claim_by": None})


async def close(session: Session, assignment: Assignment, status: str) -> Assignment:
    """It is nobody's offer any more (expired, withdrawn)."""
    return await change(session, assignment, {"status": status})


async def run_out(session: Session, *, now: datetime) -> Sequence[Assignment]:
    """Offers nobody claimed in time, locked for this transaction."""
    query = (
        select(Assignment)
        .where(Assignment.status == "offered", Assignment.claim_by <= now)
        .order_by(Assignment.claim_by)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def tenants_with_run_out(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Platform: whose offers ran out."""
    query = select(Assignment.tenant_id).where(Assignment.status == "offered", Assignment.claim_by <= now)
    return (await session.scalars(query.distinct())).all()
