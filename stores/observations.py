"""What was measured: one row a call, and each tenant's day of replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Index, UniqueConstraint, cast, func, select
from sqlalchemy.orm import Mapped, mapped_column

from stores.base import Base, Session, TenantRow, belongs_to, change, insert_unless_there, of_tenant
from stores.calls import FINAL, Call
from stores.conversations import Turn


class CallMeasure(TenantRow, Base):
    """A finished call in numbers. ``cost`` in micro-dollars by cause (an estimate, see policies/costs.yaml).

    ``reply_p50_ms`` and ``reply_p95_ms``: end of the caller's speech to the agent's first sound.
    ``corrections``: values that were changed after they were first heard; ``repairs``: questions that had
    to be asked again. ``faults``: kind -> how often.
    """

    __tablename__ = "call_measures"
    __table_args__ = (
        of_tenant(),
        belongs_to("calls", "call_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "call_id"),
        Index("ix_call_measures_tenant_id_ended_at", "tenant_id", "ended_at"),
    )

    call_id: Mapped[UUID]
    ended_at: Mapped[datetime]
    seconds: Mapped[int]
    turns: Mapped[int]
    interruptions: Mapped[int]
    corrections: Mapped[int]
    repairs: Mapped[int]
    confidence: Mapped[float | None]
    reply_p50_ms: Mapped[int | None]
    reply_p95_ms: Mapped[int | None]
    split_ms: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    outcome: Mapped[str]
    score: Mapped[int | None]
    cost: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    guardrails: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class ServiceLevel(TenantRow, Base):
    """A tenant's replies of one day (UTC): how many, how fast, and the ticket a breach has opened."""

    __tablename__ = "service_levels"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "day"))

    day: Mapped[date]
    replies: Mapped[int]
    p50_ms: Mapped[int]
    p95_ms: Mapped[int]
    limit_ms: Mapped[int]
    breached: Mapped[bool]
    ticket_id: Mapped[UUID | None]


@dataclass(frozen=True)
class Replies:
    """Answers given by voice in a span of time; milliseconds."""

    count: int
    p50_ms: int
    p95_ms: int


async def save_measure(session: Session, call: Call, fields: Mapping[str, Any]) -> CallMeasure:
    """Write a call's numbers, and on the call that they were taken; measured again they are replaced."""
    await change(session, call, {"measured": True})
    values = {"call_id": call.id, **fields}
    row = await insert_unless_there(session, CallMeasure, values, conflict=["tenant_id", "call_id"])
    if row is not None:
        return row
    row = (await session.scalars(select(CallMeasure).where(CallMeasure.call_id == call.id))).one()
    return await change(session, row, fields)


async def measure_of(session: Session, call_id: UUID) -> CallMeasure | None:
    """A call's numbers, once they were taken."""
    return await session.scalar(select(CallMeasure).where(CallMeasure.call_id == call_id))


async def unmeasured(session: Session, *, before: datetime, limit: int = 200) -> Sequence[tuple[UUID, UUID]]:
    """Platform: (tenant, call) of calls that ended before then and were not measured yet, oldest first.

    Costs what there is to do, however many calls there have been: the index holds no others.
    """
    query = (
        select(Call.tenant_id, Call.id)
        .where(~Call.measured, Call.status.in_(FINAL), Call.ended_at < before)
        .order_by(Call.ended_at)
        .limit(limit)
    )
    return [(tenant, call) for tenant, call in (await session.execute(query)).all()]


async def talking_tenants(session: Session, *, since: datetime) -> Sequence[UUID]:
    """Platform: tenants that had a call since then."""
    return (await session.scalars(select(Call.tenant_id).where(Call.started_at >= since).distinct())).all()


async def replies(session: Session, since: datetime, until: datetime) -> Replies | None:
    """How fast the tenant's agent answered by voice in that span; None when nobody spoke."""
    total = cast(Turn.latency["total_ms"].as_string(), Float)
    query = select(
        func.count(),
        func.percentile_cont(0.5).within_group(total),
        func.percentile_cont(0.95).within_group(total),
    ).where(
        Turn.role == "agent",
        Turn.started_at >= since,
        Turn.started_at < until,
        Turn.signals["kind"].as_string() == "hear",
        Turn.latency.has_key("total_ms"),
    )
    count, p50, p95 = (await session.execute(query)).one()
    return Replies(int(count), round(p50), round(p95)) if count else None


async def save_level(
    session: Session, day: date, found: Replies, *, limit_ms: int, breached: bool
) -> ServiceLevel:
    """Write a day's numbers; a ticket that was opened stays."""
    fields = {
        "replies": found.count,
        "p50_ms": found.p50_ms,
        "p95_ms": found.p95_ms,
        "limit_ms": limit_ms,
        "breached": breached,
    }
    row = await insert_unless_there(
        session, ServiceLevel, {"day": day, **fields}, conflict=["tenant_id", "day"]
    )
    if row is not None:
        return row
    query = select(ServiceLevel).where(ServiceLevel.day == day).with_for_update()
    return await change(session, (await session.scalars(query)).one(), fields)


async def note_ticket(session: Session, level: ServiceLevel, ticket_id: UUID) -> None:
    """The breach has a ticket."""
    await change(session, level, {"ticket_id": ticket_id})


async def levels(session: Session, *, limit: int = 30) -> Sequence[ServiceLevel]:
    """The tenant's newest days."""
    query = select(ServiceLevel).order_by(ServiceLevel.day.desc()).limit(limit)
    return (await session.scalars(query)).all()
