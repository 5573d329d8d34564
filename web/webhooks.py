"""Webhooks out over the API: endpoints, their secrets, and what was sent to them (A046, B005)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool

from agent.parts import Parts
from core.errors import InvalidInput, Problem, Unavailable
from policies.webhooks import webhooks as policy
from stores import webhooks as store
from stores.db import Session
from tools.webhooks import Desk, Sender, message_id
from web.access import Access, May
from web.parts import PartsDep, parts_of

router = APIRouter(prefix="/api/v1/tenants/{tenant}/webhooks", tags=["webhooks"])

Reader = Annotated[Access, Depends(May("webhooks:read"))]
Writer = Annotated[Access, Depends(May("webhooks:write"))]
EventName = Annotated[str, Field(min_length=1, max_length=60)]


class Strict(BaseModel):
    """A key nobody knows is an error."""

    model_config = ConfigDict(extra="forbid")


class NewWebhook(Strict):
    """``events``: names from the list, or ``*`` for all."""

    url: str = Field(max_length=2000, examples=["https://example.com/hooks/seiketsu"])
    events: list[EventName] = Field(["*"], min_length=1, max_length=50)
    description: str = Field("", max_length=200)


class WebhookChange(Strict):
    """What is left out stays as it is."""

    url: str | None = Field(None, max_length=2000)
    events: list[EventName] | None = Field(None, min_length=1, max_length=50)
    description: str | None = Field(None, max_length=200)
    enabled: StrictBool | None = None


class Webhook(BaseModel):
    """An endpoint. ``secret`` is there only in the answer that made it."""

    id: UUID
    url: str
    events: list[str]
    description: str
    enabled: bool
    source: str
    disabled_reason: str | None
    disabled_at: datetime | None
    failing_since: datetime | None
    last_delivered_at: datetime | None
    previous_secret_until: datetime | None
    created_at: datetime
    secret: str | None = None


class WebhookPage(BaseModel):
    """All of a tenant's endpoints; there are at most twenty, so there is no next page."""

    items: list[Webhook]
    next: str | None = None


class Delivery(BaseModel):
    """One event for one endpoint. ``response_body`` is the beginning of the last answer."""

    id: UUID
    webhook_id: UUID
    message_id: str
    event: str
    data: dict[str, Any]
    status: str
    attempts: int
    next_attempt_at: datetime | None
    attempted_at: datetime | None
    delivered_at: datetime | None
    response_status: int | None
    response_body: str | None
    error: str | None
    created_at: datetime


class DeliveryPage(BaseModel):
    """Newest first; ``next`` goes into ``before`` for the following page."""

    items: list[Delivery]
    next: str | None = None


class EventType(BaseModel):
    """Something that can be told."""

    name: str
    description: str


class EventTypes(BaseModel):
    """Everything that can be told."""

    items: list[EventType]


class Replay(Strict):
    """From when on failed deliveries are sent again."""

    since: AwareDatetime


class Replayed(BaseModel):
    """How many are on their way again."""

    replayed: int


def _desk(session: Session, access: Access, parts: Parts) -> Desk:
    return Desk(
        session,
        parts.ports.vault,
        access.principal.id,
        parts.clock.now(),
        local=parts.ports.webhooks_local,
    )


def _shown(row: store.WebhookEndpoint, secret: str | None = None) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        events=row.events,
        description=row.description,
        enabled=row.enabled,
        source=row.source,
        disabled_reason=row.disabled_reason,
        disabled_at=row.disabled_at,
        failing_since=row.failing_since,
        last_delivered_at=row.last_delivered_at,
        previous_secret_until=row.previous_until,
        created_at=row.created_at,
        secret=secret,
    )


def _delivery(row: store.WebhookDelivery, event: store.WebhookEvent) -> Delivery:
    return Delivery(
        id=row.id,
        webhook_id=row.endpoint_id,
        message_id=message_id(event),
        event=event.type,
        data=event.data,
        status=row.status,
        attempts=row.attempts,
        next_attempt_at=row.next_at if row.status == "pending" else None,
        attempted_at=row.attempted_at,
        delivered_at=row.delivered_at,
        response_status=row.response_status,
        response_body=row.response_body,
        error=row.error,
        created_at=row.created_at,
    )


@router.get("")
async def list_webhooks(access: Reader, parts: PartsDep) -> WebhookPage:
    """The tenant's endpoints, oldest first; never a secret."""
    async with parts.db.tenant(access.tenant_id) as session:
        return WebhookPage(items=[_shown(row) for row in await store.endpoints(session)])


@router.post("", status_code=201)
async def add_webhook(new: NewWebhook, access: Writer, parts: PartsDep) -> Webhook:
    """Add an endpoint. The answer holds its signing secret, once; keep it."""
    async with parts.db.tenant(access.tenant_id) as session:
        row, secret = await _desk(session, access, parts).add(
            new.url, events=new.events, description=new.description
        )
        return _shown(row, secret)


@router.get("/event-types")
async def list_event_types(access: Reader) -> EventTypes:
    """Everything an endpoint can be told."""
    return EventTypes(items=[EventType(name=n, description=d) for n, d in policy().events.items()])


@router.get("/{webhook_id}")
async def get_webhook(webhook_id: UUID, access: Reader, parts: PartsDep) -> Webhook:
    """One endpoint; never its secret."""
    async with parts.db.tenant(access.tenant_id) as session:
        return _shown(await store.get_endpoint(session, webhook_id))


@router.patch("/{webhook_id}")
async def change_webhook(webhook_id: UUID, change: WebhookChange, access: Writer, parts: PartsDep) -> Webhook:
    """Change an endpoint. Switched off, it is sent nothing, and what was waiting has failed."""
    fields = {k: v for k, v in change.model_dump(exclude_unset=True).items() if v is not None}
    async with parts.db.tenant(access.tenant_id) as session:
        return _shown(await _desk(session, access, parts).change(webhook_id, fields))


@router.delete("/{webhook_id}", status_code=204)
async def remove_webhook(webhook_id: UUID, access: Writer, parts: PartsDep) -> Response:
    """Forget an endpoint, its secret and what was sent to it."""
    async with parts.db.tenant(access.tenant_id) as session:
        await _desk(session, access, parts).remove(webhook_id)
    return Response(status_code=204)


@router.post("/{webhook_id}/rotate")
async def rotate_webhook_secret(webhook_id: UUID, access: Writer, parts: PartsDep) -> Webhook:
    """A new signing secret, shown once. Until ``previous_secret_until`` messages carry two signatures."""
    async with parts.db.tenant(access.tenant_id) as session:
        row, secret = await _desk(session, access, parts).rotate(webhook_id)
        return _shown(row, secret)


@router.post("/{webhook_id}/test")
async def send_test_event(webhook_id: UUID, access: Writer, request: Request) -> Delivery:
    """Send a ``webhook.test`` event now, and tell what came of the first attempt."""
    parts = parts_of(request)
    if parts.ports.webhooks is None or parts.ports.vault is None:
        raise Unavailable("webhooks cannot be sent here")
    async with parts.db.tenant(access.tenant_id) as session:
        delivery = await _desk(session, access, parts).test(webhook_id)
    sender = Sender(parts.db, parts.ports.vault, parts.ports.webhooks, parts.clock)
    await sender.flush(access.tenant_id, only=delivery)
    async with parts.db.tenant(access.tenant_id) as session:
        row = await store.get_delivery(session, delivery)
        return _delivery(row, await store.get_event(session, row.event_id))


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(
    webhook_id: UUID,
    access: Reader,
    parts: PartsDep,
    status: str | None = None,
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DeliveryPage:
    """What was sent to an endpoint or waits for it, newest first. ``status``: pending, delivered, failed."""
    if status is not None and status not in store.STATUSES:
        raise InvalidInput(
            "no such status", problems=[Problem(f"is one of {', '.join(store.STATUSES)}", "status")]
        )
    async with parts.db.tenant(access.tenant_id) as session:
        await store.get_endpoint(session, webhook_id)
        rows, cursor = await store.deliveries(session, webhook_id, status=status, before=before, limit=limit)
        return DeliveryPage(items=[_delivery(*row) for row in rows], next=str(cursor) if cursor else None)


@router.post("/{webhook_id}/replay", status_code=202)
async def replay_failed_deliveries(
    webhook_id: UUID, replay: Replay, access: Writer, parts: PartsDep
) -> Replayed:
    """Send again everything that failed since a moment, each under the id it had."""
    async with parts.db.tenant(access.tenant_id) as session:
        return Replayed(replayed=await _desk(session, access, parts).replay_failed(webhook_id, replay.since))


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", status_code=202)
async def replay_delivery(webhook_id: UUID, delivery_id: UUID, access: Writer, parts: PartsDep) -> Delivery:
    """Send one again, whatever became of it, under the id it had."""
    async with parts.db.tenant(access.tenant_id) as session:
        row = await _desk(session, access, parts).replay(webhook_id, delivery_id)
        return _delivery(row, await store.get_event(session, row.event_id))
