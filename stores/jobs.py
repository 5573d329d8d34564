"""Durable work that has been asked for, in the transaction of the act that needs it, and who is at work.

A request is a row of the tenant; a worker takes it over into the durable engine, where it survives the
worker. Workers are the house's: each says again and again that it lives, and another takes over from one
that has stopped saying so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from stores.base import Base, Session, TenantRow, insert_unless_there, of_tenant

STATES = ("waiting", "taken", "done", "failed")


class JobRequest(TenantRow, Base):
    """A piece of durable work. ``args`` holds ids, never secrets or anything personal."""

    __tablename__ = "job_requests"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint(f"state in {STATES}", name="state"),
        Index("ix_job_requests_tenant_id_id", "tenant_id", "id", postgresql_where=text("state = 'waiting'")),
    )

    name: Mapped[str]
    key: Mapped[str]
    args: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    state: Mapped[str] = mapped_column(server_default="waiting")
    executor: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Worker(TenantRow, Base):
    """A process that runs durable work, in the house's name. ``place``: where its ``pid`` means something."""

    __tablename__ = "workers"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "executor"))

    executor: Mapped[str]
    place: Mapped[str]
    pid: Mapped[int]
    version: Mapped[str]
    beat_at: Mapped[datetime] = mapped_column(server_default=func.now())
    stopped_at: Mapped[datetime | None]


async def ask(session: Session, name: str, key: str, args: Mapping[str, Any]) -> bool:
    """Want a job done once this transaction has committed; False when it was asked for before."""
    row = await insert_unless_there(
        session, JobRequest, {"name": name, "key": key, "args": dict(args)}, conflict=["tenant_id", "key"]
    )
    return row is not None


async def waiting(session: Session, *, limit: int) -> Sequence[JobRequest]:
    """Platform: the oldest requests nobody has taken, locked: two workers never take one at a time."""
    query = (
        select(JobRequest)
        .where(JobRequest.state == "waiting")
        .order_by(JobRequest.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def taken(session: Session, row: JobRequest, executor: str) -> None:
    """Platform: the engine holds it now and will not lose it."""
    row.state, row.executor, row.taken_at = "taken", executor, func.now()
    await session.flush()


async def ended(session: Session, key: str, *, ok: bool) -> None:
    """The job has run to its end."""
    row = await session.scalar(select(JobRequest).where(JobRequest.key == key))
    if row is not None:
        row.state, row.ended_at = "done" if ok else "failed", func.now()
        await session.flush()


async def state_of(session: Session, key: str) -> str | None:
    """``waiting``, ``taken``, ``done`` or ``failed``; None when it was never asked for."""
    return await session.scalar(select(JobRequest.state).where(JobRequest.key == key))


async def beat(session: Session, executor: str, *, place: str, pid: int, version: str) -> None:
    """House: this worker lives."""
    values = {"executor": executor, "place": place, "pid": pid, "version": version}
    if await insert_unless_there(session, Worker, values, conflict=["tenant_id", "executor"]) is None:
        row = (await session.scalars(select(Worker).where(Worker.executor == executor))).one()
        row.beat_at = func.now()
        await session.flush()


async def workers(session: Session) -> Sequence[Worker]:
    """House: every worker that is known, oldest first."""
    return (await session.scalars(select(Worker).order_by(Worker.id))).all()


async def silent(session: Session, lease: timedelta, *, dead: Sequence[UUID] = ()) -> Sequence[Worker]:
    """House: workers that stopped, or have not been heard of for ``lease``, or are known to be dead.

    Locked until the transaction ends, and skipped by others: one worker takes over from each.
    """
    query = (
        select(Worker)
        .where(or_(Worker.beat_at < func.now() - lease, Worker.stopped_at.is_not(None), Worker.id.in_(dead)))
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def stopped(session: Session, executor: str) -> None:
    """House: the worker has left; what it had not finished is free at once."""
    row = await session.scalar(select(Worker).where(Worker.executor == executor))
    if row is not None:
        row.stopped_at = func.now()
        await session.flush()


async def forget(session: Session, worker: Worker) -> None:
    """House: nothing of this worker's is left to do."""
    await session.delete(worker)
    await session.flush()
