"""What a tenant has used: counted in the transaction of the act, once however often the act is reported.

Three tables: a counter a month and kind (what admission reads), the acts behind it (what makes counting
idempotent and the bill explainable), and the notices sent about it (A023-A027).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from stores.base import Base, Session, TenantRow, insert_unless_there, of_tenant

FLOWS = ("api_calls", "voice_seconds")
"""Used up within a month, and begun anew with the next."""
LEVELS = ("storage_bytes",)
"""Held, whatever the month."""
KINDS = (*FLOWS, *LEVELS)

STANDING = date(2000, 1, 1)
"""The month under which a level is kept."""


class UsageCounter(TenantRow, Base):
    """How much of a kind in a month: the first day of a calendar month in UTC, or ``STANDING``."""

    __tablename__ = "usage_counters"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "month", "kind"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    month: Mapped[date]
    kind: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger, server_default="0")


class UsageAct(TenantRow, Base):
    """One act and what it used: a call's seconds, a file's bytes, a process's requests in a month.

    ``key`` names the act. An act that is reported again, or corrected, changes the counter by the
    difference; it stays in the month in which it was counted first.
    """

    __tablename__ = "usage_acts"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "kind", "key"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    kind: Mapped[str]
    key: Mapped[str]
    month: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)


class UsageNotice(TenantRow, Base):
    """The client (or, for fair use, the platform) was told once in a month that a limit is near or reached.

    ``level``: "80" or "100" (percent of the plan's limit), "fair_use", "plan_blocked". Amounts are in the
    units of the plan's limit.
    """

    __tablename__ = "usage_notices"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "month", "limit_name", "level"),
        Index("ix_usage_notices_tenant_id_at", "tenant_id", "at"),
    )

    month: Mapped[date]
    limit_name: Mapped[str]
    level: Mapped[str]
    used: Mapped[int] = mapped_column(BigInteger)
    allowed: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class PlanChange(TenantRow, Base):
    """A change of plan that waits for the end of the billing month. One may wait at a time."""

    __tablename__ = "plan_changes"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("status in ('waiting', 'done', 'cancelled')", name="status"),
        Index(
            "uq_plan_changes_waiting",
            "tenant_id",
            unique=True,
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    plan: Mapped[str]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default="waiting")
    actor: Mapped[str]


def month_of(at: datetime) -> date:
    """The billing month of a moment: the calendar month in UTC, by its first day."""
    return at.astimezone(UTC).date().replace(day=1)


def month_end(at: datetime) -> datetime:
    """When the billing month of a moment ends and the counters begin anew."""
    first = month_of(at)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return datetime(following.year, following.month, 1, tzinfo=UTC)


async def meter(session: Session, kind: str, key: str, amount: int, *, at: datetime) -> int:
    """Say what one act has used in all, and get the counter's new value.

    Saying it again changes nothing; saying something else corrects it. Any number of sessions may do so
    at once: the act's row decides who counts, the counter's row adds up.
    """
    month = STANDING if kind in LEVELS else month_of(at)
    if amount:
        values = {"kind": kind, "key": key, "month": month, "amount": amount}
        fresh = await insert_unless_there(session, UsageAct, values, conflict=["tenant_id", "kind", "key"])
        if fresh is not None:
            return await _add(session, kind, month, amount)
    query = select(UsageAct).where(UsageAct.kind == kind, UsageAct.key == key).with_for_update()
    act = await session.scalar(query.execution_options(populate_existing=True))
    if act is None:  # what uses nothing leaves no trace
        return await _add(session, kind, month, 0)
    month, delta, act.amount = act.month, amount - act.amount, amount
    await session.flush()
    return await _add(session, kind, month, delta)


async def _add(session: Session, kind: str, month: date, delta: int) -> int:
    """Move a counter; its new value."""
    where = (UsageCounter.month == month, UsageCounter.kind == kind)
    if delta == 0:
        return int(await session.scalar(select(UsageCounter.amount).where(*where)) or 0)
    statement = (
        update(UsageCounter)
        .where(*where)
        .values(amount=UsageCounter.amount + delta)
        .returning(UsageCounter.amount)
        .execution_options(synchronize_session=False)
    )
    total = await session.scalar(statement)
    if total is None:
        values = {"month": month, "kind": kind, "amount": delta}
        made = await insert_unless_there(
            session, UsageCounter, values, conflict=["tenant_id", "month", "kind"]
        )
        total = made.amount if made is not None else await session.scalar(statement)
    return int(total or 0)


async def used(session: Session, *, at: datetime) -> Mapping[str, int]:
    """Every counter of a moment's month, and the levels: kind -> amount."""
    query = select(UsageCounter.kind, UsageCounter.amount).where(
        UsageCounter.month.in_((month_of(at), STANDING))
    )
    found = {kind: int(amount) for kind, amount in (await session.execute(query)).all()}
    return {kind: found.get(kind, 0) for kind in KINDS}


async def months(session: Session, *, limit: int = 12) -> Sequence[UsageCounter]:
    """What was used in earlier months, the newest first (three kinds a month at most)."""
    query = (
        select(UsageCounter)
        .where(UsageCounter.month != STANDING)
        .order_by(UsageCounter.month.desc(), UsageCounter.kind)
        .limit(limit * len(FLOWS))
    )
    return (await session.scalars(query)).all()


async def counted(session: Session, kind: str) -> int:
    """What the acts of a kind add up to: equal to its counters, or something is wrong."""
    return int(await session.scalar(select(func.sum(UsageAct.amount)).where(UsageAct.kind == kind)) or 0)


async def notice_once(
    session: Session, *, limit_name: str, level: str, used: int, allowed: int, at: datetime
) -> UsageNotice | None:
    """Keep a notice; None when this month's has been sent already. Of many at once, one gets the row."""
    values = {
        "month": month_of(at),
        "limit_name": limit_name,
        "level": level,
        "used": used,
        "allowed": allowed,
        "at": at,
    }
    conflict = ["tenant_id", "month", "limit_name", "level"]
    return await insert_unless_there(session, UsageNotice, values, conflict=conflict)


async def noticed(session: Session, *, at: datetime) -> frozenset[tuple[str, str]]:
    """The (limit, level) pairs that a moment's month has had its notice of."""
    query = select(UsageNotice.limit_name, UsageNotice.level).where(UsageNotice.month == month_of(at))
    return frozenset((name, level) for name, level in (await session.execute(query)).all())


async def notices(session: Session, *, limit: int = 50) -> Sequence[UsageNotice]:
    """The tenant's notices, newest first."""
    query = select(UsageNotice).order_by(UsageNotice.at.desc(), UsageNotice.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


# --- a plan that is to change ------------------------------------------------------------------------


async def waiting_change(session: Session) -> PlanChange | None:
    """The change of plan that waits, if one does."""
    return await session.scalar(select(PlanChange).where(PlanChange.status == "waiting").with_for_update())


async def schedule_change(session: Session, *, plan: str, due_at: datetime, actor: str) -> PlanChange:
    """Let a change of plan wait; it takes the place of one that waits already."""
    waiting = await waiting_change(session)
    if waiting is not None:
        waiting.status = "cancelled"
        await session.flush()
    row = PlanChange(plan=plan, due_at=due_at, actor=actor)
    session.add(row)
    await session.flush()
    return row


async def settle_change(session: Session, status: str) -> bool:
    """The waiting change is done or cancelled; False when there is none."""
    waiting = await waiting_change(session)
    if waiting is None:
        return False
    waiting.status = status
    await session.flush()
    return True


async def tenants_with_due_change(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Platform: whose change of plan has come due."""
    query = select(PlanChange.tenant_id).where(PlanChange.status == "waiting", PlanChange.due_at <= now)
    return (await session.scalars(query)).all()
