"""Webhooks out: a client's endpoints, and the sending (A046, B005).

A delivery is claimed, sent and marked in three steps, with no transaction open while somebody else's
server thinks. A process that dies after the claim lets it run out: the same message goes again under the
same ``webhook-id``. So a receiver may see one twice and must look at the id; the order is not promised.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import InvalidInput, NotFound, Problem, SeiketsuError
from integrations.http import address_problem
from integrations.webhooks import Courier, Sent, new_secret
from policies import webhooks as policy
from prompts.messages import message
from stores import integrations, outbox, receipts, tenancy, webhooks
from stores.base import to_json
from stores.db import Database, Session
from stores.vault import Unreadable, Vault
from stores.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent, secret_name
from tools import plan
from tools.base import ToolContext

# -- endpoints ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """Who changes a client's webhooks, when, and with which vault. ``local``: see ``address_problem``."""

    session: Session
    vault: Vault
    actor: str
    now: datetime
    local: bool = False

    async def add(
        self, url: str, *, events: Sequence[str], description: str = "", source: str = "api"
    ) -> tuple[WebhookEndpoint, str]:
        """A new endpoint and its secret, which is never shown again. It is one of the client's connections.

        InvalidInput; Conflict; PlanLimit when the plan has no room for another connection.
        """
        self._check(url, events)
        if source == "api":
            if hint := await plan.room_for_integration(self.session, "webhook", url):
                raise plan.upgrade_needed(hint)
            await integrations.upsert_integration(
                self.session, "webhook", url, state="connected", config={"source": "api"}
            )
        row = await webhooks.add_endpoint(
            self.session, url, events=sorted(set(events)), description=description, source=source
        )
        secret = new_secret()
        await self.vault.seal(self.session, secret_name(row.id), secret)
        await self._audit("add_webhook", row, after=_shape(row))
        return row, secret

    async def change(self, endpoint_id: UUID, fields: dict[str, Any]) -> WebhookEndpoint:
        """Change ``url``, ``events``, ``description``, ``enabled``. NotFound, InvalidInput, Conflict."""
        row = await webhooks.get_endpoint(self.session, endpoint_id, lock=True)
        before = _shape(row)
        self._check(fields.get("url", row.url), fields.get("events", row.events))
        enabled = fields.pop("enabled", None)
        if fields.get("url", row.url) != row.url:
            await self._disconnect(row.url)
            await integrations.upsert_integration(
                self.session, "webhook", fields["url"], state="connected", config={"source": "api"}
            )
        if "events" in fields:
            fields["events"] = sorted(set(fields["events"]))
        if fields:
            row = await webhooks.change_endpoint(self.session, endpoint_id, **fields)
        if enabled is True and not row.enabled:
            row = await webhooks.enable(self.session, endpoint_id)
        elif enabled is False and row.enabled:
            row = await webhooks.disable(self.session, endpoint_id, "by its owner", at=self.now)
        await self._audit("change_webhook", row, before=before, after=_shape(row))
        return row

    async def rotate(self, endpoint_id: UUID) -> tuple[WebhookEndpoint, str]:
        """A new secret, never shown again; the old one signs too until the overlap is over. NotFound."""
        row = await webhooks.get_endpoint(self.session, endpoint_id, lock=True)
        old, secret = await self.vault.open(self.session, secret_name(row.id)), new_secret()
        until = self.now + timedelta(hours=policy.webhooks().overlap_hours)
        await self.vault.seal(self.session, secret_name(row.id, previous=True), old)
        await self.vault.seal(self.session, secret_name(row.id), secret)
        row = await webhooks.change_endpoint(self.session, row.id, previous_until=until)
        await self._audit("rotate_webhook_secret", row)
        return row, secret

    async def remove(self, endpoint_id: UUID) -> None:
        """Forget an endpoint, its secrets and its deliveries. NotFound."""
        row = await webhooks.get_endpoint(self.session, endpoint_id)
        await self._audit("remove_webhook", row, before=_shape(row))
        for previous in (False, True):
            await self.vault.forget(self.session, secret_name(row.id, previous=previous))
        await webhooks.remove_endpoint(self.session, endpoint_id)
        await self._disconnect(row.url)

    async def _disconnect(self, url: str) -> None:
        for known in await integrations.list_integrations(self.session, kind="webhook"):
            if known.vendor == url:
                await integrations.remove_integration(self.session, known.id)

    async def test(self, endpoint_id: UUID) -> UUID:
        """Write a test event for that endpoint alone; the id of its delivery. NotFound, InvalidInput."""
        row = await webhooks.get_endpoint(self.session, endpoint_id)
        if not row.enabled:
            raise InvalidInput("this webhook is switched off", problems=[_problem("enabled", "switch it on")])
        event = await webhooks.emit(
            self.session, "webhook.test", {"webhook_id": str(row.id)}, at=self.now, only=row.id
        )
        assert event is not None
        found, _ = await webhooks.deliveries(self.session, row.id, limit=1)
        return found[0][0].id

    async def replay(self, endpoint_id: UUID, delivery_id: UUID) -> WebhookDelivery:
        """Send one again, from the first attempt. NotFound; InvalidInput while the endpoint is off."""
        row = await webhooks.get_delivery(self.session, delivery_id)
        if row.endpoint_id != endpoint_id:
            raise NotFound("no such delivery")
        await self._on(endpoint_id)
        return await webhooks.replay(self.session, delivery_id)

    async def replay_failed(self, endpoint_id: UUID, since: datetime) -> int:
        """Send again all that failed since then; how many. NotFound, InvalidInput."""
        await self._on(endpoint_id)
        return await webhooks.replay_failed(self.session, endpoint_id, since=since)

    async def _on(self, endpoint_id: UUID) -> None:
        if not (await webhooks.get_endpoint(self.session, endpoint_id)).enabled:
            raise InvalidInput("this webhook is switched off", problems=[_problem("enabled", "switch it on")])

    def _check(self, url: str, events: Sequence[str]) -> None:
        problems = []
        if why := address_problem(url, local=self.local):
            problems.append(_problem("url", why))
        if not events:
            problems.append(_problem("events", 'Name at least one event, or "*" for all.'))
        problems += [_problem("events", f"There is no event {name[:60]!r}.") for name in _unknown(events)]
        if problems:
            raise InvalidInput("This webhook cannot be set up.", problems=problems)

    async def _audit(
        self,
        action: str,
        row: WebhookEndpoint,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        await receipts.audit(
            self.session,
            actor=self.actor,
            action=action,
            subject=f"webhook:{row.id}",
            at=self.now,
            before=before,
            after=after,
        )


async def follow(ctx: ToolContext, session: Session) -> None:
    """Make the endpoints those that are among the client's connections: the set-up conversation and the
    connections page name addresses there. A new one gets every event; its secret is shown when it is rotated.
    """
    if not isinstance(ctx.ports.vault, Vault):
        return
    desk = Desk(
        session,
        ctx.ports.vault,
        f"{ctx.actor}/{ctx.channel}",
        ctx.clock.now(),
        local=ctx.ports.webhooks_local,
    )
    wanted = {row.vendor for row in await integrations.list_integrations(session, kind="webhook")}
    known = await webhooks.endpoints(session)
    for row in known:
        if row.url not in wanted:
            await desk.remove(row.id)
    for url in sorted(wanted - {row.url for row in known}):
        await desk.add(url, events=[policy.ALL], source="voice")
        await integrations.upsert_integration(session, "webhook", url, state="connected")


def _unknown(events: Sequence[str]) -> list[str]:
    return policy.unknown_events(events)


def _shape(row: WebhookEndpoint) -> dict[str, Any]:
    return {
        "url": row.url,
        "events": list(row.events),
        "enabled": row.enabled,
        "description": row.description,
    }


def _problem(where: str, why: str) -> Problem:
    return Problem(why, where)


# -- sending -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Parcel:
    """What one attempt needs, read before the transaction was closed."""

    delivery: UUID
    attempts: int
    endpoint: UUID
    url: str
    id: str
    payload: str
    keys: tuple[str, ...]


class Sender:
    """Sends what is due. Any number may run, in any number of processes."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        courier: Courier,
        clock: Clock,
        *,
        chance: Callable[[], float] = random.random,
    ):
        self._db, self._vault, self._courier, self._clock = db, vault, courier, clock
        self._chance = chance
        self._room = asyncio.Semaphore(policy.webhooks().at_once)

    async def flush_all(self) -> int:
        """Send what is due, whoever's it is; how many attempts were made. One client's slow receiver does
        not keep the others waiting.
        """
        async with self._db.platform("webhooks that are due") as session:
            waiting = await webhooks.tenants_with_due(session, now=self._clock.now())
        return sum(await asyncio.gather(*(self._safely(tenant) for tenant in waiting)))

    async def flush(self, tenant_id: UUID, *, only: UUID | None = None) -> int:
        """Send what is due for one client (``only``: that delivery); how many attempts were made."""
        made, rules = 0, policy.webhooks()
        lane = asyncio.Semaphore(rules.at_once_per_tenant)
        while parcels := await self._claim(tenant_id, only):
            await asyncio.gather(*(self._one(tenant_id, parcel, lane) for parcel in parcels))
            made += len(parcels)
            if only is not None or len(parcels) < rules.claim_at_once:
                break
        return made

    async def _safely(self, tenant_id: UUID) -> int:
        try:
            return await self.flush(tenant_id)
        except SeiketsuError as error:
            logger.warning("webhooks of a tenant wait: {}", error.code)
        except Exception as error:
            logger.error("webhooks of a tenant broke: {}", type(error).__name__)
        return 0

    async def _claim(self, tenant_id: UUID, only: UUID | None) -> list[_Parcel]:
        rules, now = policy.webhooks(), self._clock.now()
        parcels = []
        async with self._db.tenant(tenant_id) as session:
            rows = await webhooks.claim_due(
                session,
                now=now,
                lease=timedelta(seconds=rules.claim_seconds),
                limit=rules.claim_at_once,
                only=only,
            )
            for row in rows:
                endpoint = await webhooks.get_endpoint(session, row.endpoint_id)
                event = await webhooks.get_event(session, row.event_id)
                keys = await self._keys(session, endpoint, now)
                if not endpoint.enabled or not keys:
                    row.status, row.next_at = "failed", None
                    row.error = "the webhook was switched off" if keys else "the webhook's secret is gone"
                    continue
                parcels.append(
                    _Parcel(
                        row.id, row.attempts, endpoint.id, endpoint.url, message_id(event), body(event), keys
                    )
                )
        return parcels

    async def _keys(self, session: Session, endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
        try:
            keys = [await self._vault.open(session, secret_name(endpoint.id))]
            if endpoint.previous_until is not None and now < endpoint.previous_until:
                keys.append(await self._vault.open(session, secret_name(endpoint.id, previous=True)))
        except (NotFound, Unreadable):
            return ()
        return tuple(keys)

    async def _one(self, tenant_id: UUID, parcel: _Parcel, lane: asyncio.Semaphore) -> None:
        async with lane, self._room:
            sent = await self._courier.send(
                parcel.url, parcel.id, self._clock.now(), parcel.payload, parcel.keys
            )
        async with self._db.tenant(tenant_id) as session:
            await self._mark(session, parcel, sent)

    async def _mark(self, session: Session, parcel: _Parcel, sent: Sent) -> None:
        now, rules = self._clock.now(), policy.webhooks()
        try:
            endpoint = await webhooks.get_endpoint(session, parcel.endpoint, lock=True)
            row = await webhooks.get_delivery(session, parcel.delivery, lock=True)
        except NotFound:
            return  # removed while it was under way
        if sent.ok:
            endpoint.failing_since, endpoint.last_delivered_at = None, now
        elif endpoint.failing_since is None:
            endpoint.failing_since = now
        if row.status != "delivered" and row.attempts == parcel.attempts:
            row.response_status, row.response_body, row.error = sent.status, sent.body or None, sent.error
            if sent.ok:
                row.status, row.delivered_at, row.next_at = "delivered", now, None
            elif row.status == "pending":
                pause = policy.wait(row.attempts, self._chance(), sent.retry_after)
                row.next_at = now + timedelta(seconds=pause) if pause is not None else None
                row.status = "pending" if pause is not None else "failed"
        await session.flush()
        if sent.ok or not endpoint.enabled:
            return
        assert endpoint.failing_since is not None
        if sent.gone:
            await self._switch_off(session, endpoint, "it answered 410 Gone", now)
        elif now - endpoint.failing_since >= timedelta(days=rules.disable_after_days):
            why = f"it has not accepted anything for {rules.disable_after_days:g} days"
            await self._switch_off(session, endpoint, why, now)

    async def _switch_off(self, session: Session, endpoint: WebhookEndpoint, why: str, now: datetime) -> None:
        """Nothing is sent there any more, and the client's owners are told."""
        await webhooks.disable(session, endpoint.id, why, at=now)
        await receipts.audit(
            session,
            actor="webhooks",
            action="disable_webhook",
            subject=f"webhook:{endpoint.id}",
            at=now,
            after={"reason": why},
        )
        tenant = await tenancy.get_tenant(session)
        for member in await tenancy.members(session):
            if member.role in ("owner", "admin"):
                facts = {
                    "name": member.name, "organization": tenant.brand_name, "url": endpoint.url, "why": why,
                }  # fmt: skip
                text = message("webhook_off", facts)
                await outbox.queue_message(
                    session, kind="email", to=member.email, subject=text.subject, body=text.body
                )
        logger.warning("a webhook was switched off: {}", why)


def message_id(event: WebhookEvent) -> str:
    """The same for every attempt and every replay: what a receiver knows a repetition by."""
    return f"msg_{event.id.hex}"


def body(event: WebhookEvent) -> str:
    """The message as it is signed and sent; the same bytes each time."""
    return to_json({"type": event.type, "timestamp": event.occurred_at.isoformat(), "data": event.data})
