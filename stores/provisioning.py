"""How far the setting-up of each client is: the run, its four steps, and what happened when (A015-A019)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, belongs_to, insert_unless_there, of_tenant
from stores.tenancy import AgentProfile, Rules

STEPS = ("registration", "resources", "infrastructure", "validation")
"""Account registration, resource allocation, infrastructure provisioning, validation and activation."""
STATES = ("queued", "running", "waiting", "done", "undoing", "failed", "canceled")
OVER = ("done", "failed", "canceled")
STEP_STATES = ("waiting", "running", "done", "failed", "undone")


class Provisioning(TenantRow, Base):
    """One run. ``request`` is what was asked for; ``resources`` what the run has made and must undo.

    ``waiting``: everything is made, and the rest (a configured agent, its test calls) is the client's to do.
    ``checks``: the results of step 4 by name. ``events`` counts the events, for a reader to resume from.
    """

    __tablename__ = "provisionings"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("source in ('api', 'conversation')", name="source"),
        CheckConstraint(f"state in {STATES}", name="state"),
        # a request is repeated before its tenant is known; what is kept is a fingerprint
        UniqueConstraint("idempotency_key", name="uq_provisionings_idempotency_key"),
        Index("ix_provisionings_tenant_id_state", "tenant_id", "state"),
    )

    source: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="queued")
    request: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    idempotency_key: Mapped[str | None]
    body_hash: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(server_default="1")
    cancel_wanted: Mapped[bool] = mapped_column(server_default="false")
    resources: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    checks: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    problem: Mapped[dict[str, Any] | None]
    retry_of: Mapped[UUID | None]
    events: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[datetime | None]


class ProvisioningStep(TenantRow, Base):
    """One of the four steps of a run."""

    __tablename__ = "provisioning_steps"
    __table_args__ = (
        of_tenant(),
        belongs_to("provisionings", "provisioning_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "provisioning_id", "name"),
        CheckConstraint(f"name in {STEPS}", name="name"),
        CheckConstraint(f"state in {STEP_STATES}", name="state"),
    )

    provisioning_id: Mapped[UUID]
    name: Mapped[str]
    place: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class ProvisioningEvent(TenantRow, Base):
    """Something that happened to a run; ``n`` counts from 1 within it."""

    __tablename__ = "provisioning_events"
    __table_args__ = (
        of_tenant(),
        belongs_to("provisionings", "provisioning_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "provisioning_id", "n"),
    )

    provisioning_id: Mapped[UUID]
    n: Mapped[int]
    kind: Mapped[str]
    step: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    at: Mapped[datetime]


@dataclass(frozen=True)
class Found:
    """Whose run a request with this idempotency key has made."""

    tenant_id: UUID
    id: UUID
    body_hash: str | None


async def open_run(session: Session, source: str, *, at: datetime, **fields: Any) -> Provisioning:
    """Begin a run with its four steps. Conflict when the idempotency key was used."""
    run = Provisioning(source=source, **fields)
    session.add(run)
    await session.flush()
    for place, name in enumerate(STEPS, 1):
        session.add(ProvisioningStep(provisioning_id=run.id, name=name, place=place))
    await note(session, run, "queued", at=at)
    return run


async def run_of(session: Session, run_id: UUID, *, lock: bool = False) -> Provisioning:
    """One run, read anew; ``lock`` until the transaction ends. NotFound."""
    query = select(Provisioning).where(Provisioning.id == run_id).execution_options(populate_existing=True)
    run = await session.scalar(query.with_for_update() if lock else query)
    if run is None:
        raise NotFound("no such provisioning")
    return run


async def latest(session: Session, *, lock: bool = False) -> Provisioning | None:
    """The tenant's newest run."""
    query = select(Provisioning).order_by(Provisioning.id.desc()).limit(1)
    return await session.scalar(query.with_for_update() if lock else query)


async def steps(session: Session, run_id: UUID) -> Sequence[ProvisioningStep]:
    """The four steps of a run, in order."""
    query = select(ProvisioningStep).where(ProvisioningStep.provisioning_id == run_id)
    return (
        await session.scalars(
            query.order_by(ProvisioningStep.place).execution_options(populate_existing=True)
        )
    ).all()


async def step(session: Session, run_id: UUID, name: str) -> ProvisioningStep:
    """One step of a run. NotFound."""
    found = next((s for s in await steps(session, run_id) if s.name == name), None)
    if found is None:
        raise NotFound("no such step")
    return found


async def note(
    session: Session,
    run: Provisioning,
    kind: str,
    *,
    at: datetime,
    step: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an event to a run (whose row the caller has locked, or just made)."""
    run.events = (run.events or 0) + 1
    session.add(
        ProvisioningEvent(
            provisioning_id=run.id, n=run.events, kind=kind, step=step, detail=dict(detail or {}), at=at
        )
    )
    await session.flush()


async def events(session: Session, run_id: UUID, *, after: int = 0) -> Sequence[ProvisioningEvent]:
    """The events of a run from behind number ``after``, in order."""
    query = select(ProvisioningEvent).where(
        ProvisioningEvent.provisioning_id == run_id, ProvisioningEvent.n > after
    )
    return (await session.scalars(query.order_by(ProvisioningEvent.n))).all()


# --- across tenants -----------------------------------------------------------------------------------


async def by_key(session: Session, idempotency_key: str) -> Found | None:
    """Platform: the run that a request with this key has made."""
    query = select(Provisioning.tenant_id, Provisioning.id, Provisioning.body_hash)
    row = (await session.execute(query.where(Provisioning.idempotency_key == idempotency_key))).one_or_none()
    return Found(*row) if row is not None else None


async def whose(session: Session, run_id: UUID) -> UUID:
    """Platform: the tenant of a run. NotFound."""
    found = await session.scalar(select(Provisioning.tenant_id).where(Provisioning.id == run_id))
    if found is None:
        raise NotFound("no such provisioning")
    return found


async def page(
    session: Session, *, before: UUID | None = None, state: str | None = None, limit: int = 50
) -> Sequence[Provisioning]:
    """Platform: runs of all tenants, newest first, a page at a time."""
    query = select(Provisioning).order_by(Provisioning.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Provisioning.id < before)
    if state is not None:
        query = query.where(Provisioning.state == state)
    return (await session.scalars(query)).all()


# --- what a step finds or makes ---------------------------------------------------------------------------


async def earlier_open(session: Session, run_id: UUID) -> bool:
    """Whether an earlier run of the tenant is still being undone: its resources are not ours to use yet."""
    query = select(Provisioning.id).where(
        Provisioning.id < run_id,
        or_(Provisioning.state == "undoing", Provisioning.cancel_wanted),
        Provisioning.state.not_in(OVER),
    )
    return (await session.scalars(query.limit(1))).first() is not None


async def stands_still(session: Session, run_id: UUID, since: timedelta) -> bool:
    """Whether a run has not moved for so long, by the database's clock."""
    query = select(Provisioning.id).where(
        Provisioning.id == run_id, Provisioning.updated_at < func.now() - since
    )
    return (await session.scalars(query)).first() is not None


async def standard_profile(session: Session, values: Mapping[str, Any]) -> bool:
    """The agent's profile, unless it has one: what somebody has set stays."""
    return await insert_unless_there(session, AgentProfile, dict(values), conflict=["tenant_id"]) is not None


async def standard_rules(session: Session, values: Mapping[str, Any]) -> bool:
    """The rules for leads, unless there are some."""
    return await insert_unless_there(session, Rules, dict(values), conflict=["tenant_id"]) is not None
