"""Webhooks out: where a client wants to be told, what happened, and each telling (A046, B005).

An event is written in the transaction of the act it tells of, with one delivery for each endpoint that
wants it: either all of that happened or none. Deliveries are then sent by whoever claims them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, event, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.session import SessionTransaction

from core.errors import Conflict, NotFound
from stores.base import (
    Base,
    Session,
    TenantRow,
    belongs_to,
    change,
    insert_unless_there,
    of_tenant,
    tenant_of,
)

STATUSES = ("pending", "delivered", "failed")
ALL_EVENTS = "*"
MOST_ENDPOINTS = 20
"""Endpoints a tenant may have: every event is written once for each."""


class WebhookEndpoint(TenantRow, Base):
    """An address of the client. Its secret is in the vault (``secret_name``), never here.

    ``events``: types it wants, ``*`` for all. ``source``: "api", or "voice" when the address was given in
    the set-up conversation. ``failing_since``: when the first of an unbroken row of failures was.
    ``previous_until``: until then the secret before the last rotation signs too.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "url"),
        CheckConstraint("source in ('api', 'voice')", name="source"),
    )

    url: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    events: Mapped[list[str]]
    enabled: Mapped[bool] = mapped_column(server_default="true")
    source: Mapped[str] = mapped_column(server_default="api")
    disabled_reason: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    last_delivered_at: Mapped[datetime | None]
    previous_until: Mapped[datetime | None]


class WebhookEvent(TenantRow, Base):
    """Something that happened. ``subject_id``: the lead, call, ticket ... it is about."""

    __tablename__ = "webhook_events"
    __table_args__ = (of_tenant(), Index("ix_webhook_events_tenant_id_subject_id", "tenant_id", "subject_id"))

    type: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    subject_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WebhookDelivery(TenantRow, Base):
    """One event for one endpoint. ``next_at`` NULL: due at once; while somebody sends it, when their claim
    runs out. ``response_body`` is the beginning of what the endpoint answered.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        belongs_to("webhook_endpoints", "endpoint_id", ondelete="CASCADE"),
        belongs_to("webhook_events", "event_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "event_id", "endpoint_id"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
        Index(
            "ix_webhook_deliveries_due", "tenant_id", "next_at", postgresql_where=text("status = 'pending'")
        ),
        Index("ix_webhook_deliveries_tenant_id_endpoint_id", "tenant_id", "endpoint_id", "id"),
    )

    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime | None]
    attempted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    response_status: Mapped[int | None]
    response_body: Mapped[str | None]
    error: Mapped[str | None]


def secret_name(endpoint_id: UUID, *, previous: bool = False) -> str:
    """Under which name the vault keeps an endpoint's signing secret."""
    return f"webhook:{endpoint_id}:previous" if previous else f"webhook:{endpoint_id}"


# --- what happened ----------------------------------------------------------------------------------

Nudge = Callable[[UUID], None]
nudges: set[Nudge] = set()
"""Called with the tenant once a transaction that emitted has committed, in this process."""


async def emit(
    session: Session,
    type: str,
    data: Mapping[str, Any],
    *,
    subject_id: UUID | None = None,
    at: datetime | None = None,
    only: UUID | None = None,
) -> WebhookEvent | None:
    """Tell every enabled endpoint that wants this type; None when nobody does (then nothing is written).

    ``only``: that endpoint, whatever it wants (a test). Leaves when the transaction has committed.
    """
    query = select(WebhookEndpoint.id).where(WebhookEndpoint.enabled)
    if only is None:
        query = query.where(WebhookEndpoint.events.overlap([type, ALL_EVENTS]))
    else:
        query = query.where(WebhookEndpoint.id == only)
    wanted = (await session.scalars(query)).all()
    if not wanted:
        return None
    row = WebhookEvent(type=type, data=dict(data), subject_id=subject_id)
    if at is not None:
        row.occurred_at = at
    session.add(row)
    await session.flush()
    session.add_all(WebhookDelivery(endpoint_id=endpoint, event_id=row.id) for endpoint in wanted)
    await session.flush()
    if only is None:  # who tests is about to send it
        _nudge_after_commit(session)
    return row


def _nudge_after_commit(session: Session) -> None:
    sync = session.sync_session
    if sync.info.get("nudges"):
        return
    sync.info["nudges"] = True
    tenant = tenant_of(session)

    def tell(_: object, transaction: SessionTransaction) -> None:
        if transaction.parent is None:  # not a savepoint; after a rollback there is just nothing to find
            for nudge in tuple(nudges):
                nudge(tenant)

    event.listen(sync, "after_transaction_end", tell)


# --- endpoints --------------------------------------------------------------------------------------


async def add_endpoint(session: Session, url: str, **fields: Any) -> WebhookEndpoint:
    """A new address. Conflict when the client has it already, or has too many."""
    if int(await session.scalar(select(func.count(WebhookEndpoint.id))) or 0) >= MOST_ENDPOINTS:
        raise Conflict(f"no more than {MOST_ENDPOINTS} webhooks", code="too_many_webhooks")
    row = await insert_unless_there(
        session, WebhookEndpoint, {"url": url, **fields}, conflict=["tenant_id", "url"]
    )
    if row is None:
        raise Conflict("this address is a webhook already", code="webhook_exists")
    return row


async def endpoints(session: Session, *, source: str | None = None) -> Sequence[WebhookEndpoint]:
    """The client's addresses, oldest first."""
    query = select(WebhookEndpoint).order_by(WebhookEndpoint.id)
    if source is not None:
        query = query.where(WebhookEndpoint.source == source)
    return (await session.scalars(query)).all()


async def get_endpoint(session: Session, endpoint_id: UUID, *, lock: bool = False) -> WebhookEndpoint:
    """One address. NotFound."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id)
    if lock:  # a weak one: an event that is being written for it meanwhile need not wait
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = await session.scalar(query)
    if row is None:
        raise NotFound("no such webhook")
    return row


async def change_endpoint(session: Session, endpoint_id: UUID, **fields: Any) -> WebhookEndpoint:
    """Change the named fields. NotFound; Conflict when the new address is taken."""
    return await change(session, await get_endpoint(session, endpoint_id, lock=True), fields)


async def disable(session: Session, endpoint_id: UUID, reason: str, *, at: datetime) -> WebhookEndpoint:
    """Send nothing there any more; what waits has failed, and can be replayed later."""
    row = await change_endpoint(session, endpoint_id, enabled=False, disabled_reason=reason, disabled_at=at)
    await session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.status == "pending")
        .values(status="failed", next_at=None, error="the webhook was switched off")
        .execution_options(synchronize_session=False)
    )
    return row


async def enable(session: Session, endpoint_id: UUID) -> WebhookEndpoint:
    """Send there again, from the next event on."""
    return await change_endpoint(
        session, endpoint_id, enabled=True, disabled_reason=None, disabled_at=None, failing_since=None
    )


async def remove_endpoint(session: Session, endpoint_id: UUID) -> None:
    """Forget an address with its deliveries. NotFound."""
    await session.delete(await get_endpoint(session, endpoint_id))
    await session.flush()


# --- deliveries -------------------------------------------------------------------------------------


async def tenants_with_due(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Platform: for whom something is due."""
    query = select(WebhookDelivery.tenant_id).where(WebhookDelivery.status == "pending", _due(now)).distinct()
    return (await session.scalars(query)).all()


async def claim_due(
    session: Session, *, now: datetime, lease: timedelta, limit: int, only: UUID | None = None
) -> Sequence[WebhookDelivery]:
    """Take what is due, oldest first; until ``now + lease`` nobody else takes it.

    A sender that dies leaves its claims to run out: they are then sent again, under the same id.
    """
    query = (
        select(WebhookDelivery)
        .where(WebhookDelivery.status == "pending", _due(now))
        .order_by(WebhookDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if only is not None:
        query = query.where(WebhookDelivery.id == only)
    rows = (await session.scalars(query)).all()
    for row in rows:
        row.next_at, row.attempts, row.attempted_at = now + lease, row.attempts + 1, now
    await session.flush()
    return rows


def _due(now: datetime) -> Any:
    return or_(WebhookDelivery.next_at.is_(None), WebhookDelivery.next_at <= now)


async def get_delivery(session: Session, delivery_id: UUID, *, lock: bool = False) -> WebhookDelivery:
    """One delivery. NotFound."""
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = await session.scalar(query)
    if row is None:
        raise NotFound("no such delivery")
    return row


async def get_event(session: Session, event_id: UUID) -> WebhookEvent:
    """What a delivery tells. NotFound."""
    row = await session.scalar(select(WebhookEvent).where(WebhookEvent.id == event_id))
    if row is None:
        raise NotFound("no such event")
    return row


async def deliveries(
    session: Session,
    endpoint_id: UUID,
    *,
    status: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> tuple[Sequence[tuple[WebhookDelivery, WebhookEvent]], UUID | None]:
    """An endpoint's deliveries with what they tell, newest first, and the cursor of the next page."""
    query = (
        select(WebhookDelivery, WebhookEvent)
        .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(limit + 1)
    )
    if status is not None:
        query = query.where(WebhookDelivery.status == status)
    if before is not None:
        query = query.where(WebhookDelivery.id < before)
    found = [(row[0], row[1]) for row in (await session.execute(query)).all()]
    page = found[:limit]
    return page, page[-1][0].id if len(found) > limit else None


async def replay(session: Session, delivery_id: UUID) -> WebhookDelivery:
    """Send one again from the first attempt, whatever became of it. NotFound."""
    row = await get_delivery(session, delivery_id, lock=True)
    fields = {"status": "pending", "attempts": 0, "next_at": None, "error": None}
    row = await change(session, row, fields)
    _nudge_after_commit(session)
    return row


async def replay_failed(session: Session, endpoint_id: UUID, *, since: datetime) -> int:
    """Send again all that failed since then; how many."""
    of = select(WebhookEvent.id).where(WebhookEvent.occurred_at >= since)
    changed = await session.scalars(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.status == "failed",
            WebhookDelivery.event_id.in_(of),
        )
        .values(status="pending", attempts=0, next_at=None, error=None)
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    )
    count = len(changed.all())
    _nudge_after_commit(session)
    return count
