"""What happened reaches the client's server: signed, at least once, whatever it does (A046, B005)."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.clock import FakeClock, SystemClock
from core.errors import Conflict, InvalidInput
from core.ids import HOUSE_TENANT, new_id
from integrations.http import Outside
from integrations.webhooks import Sent, Webhooks
from jobs.webhooks import keep_nudged
from policies import webhooks as policy
from stores import integrations, outbox, receipts, tenancy, webhooks
from stores.cluster import Cluster
from stores.db import Database
from stores.vault import KeyRing, Vault
from stores.webhooks import WebhookDelivery, WebhookEndpoint
from tests.webhooks.receiver import (
    Receiver,
    Script,
    answer,
    dripping,
    half_a_head,
    hang_up,
    listening,
    nonsense,
    silent,
)
from tools import events
from tools.base import Ports, ToolContext
from tools.plan import PlanLimit
from tools.webhooks import Desk, Sender, follow

VAULT = Vault(KeyRing({"k1": b"1" * 32}, "k1"))


class Now(FakeClock):
    """Begins now: the specification's library refuses what is more than five minutes old."""

    def __init__(self) -> None:
        super().__init__(SystemClock().now())


@dataclass
class Scene:
    """One client with one endpoint at a real receiver."""

    db: Database
    tenant: UUID
    receiver: Receiver
    sender: Sender
    clock: Now
    courier: Webhooks
    endpoint: UUID = field(default_factory=new_id)

    async def desk(self, work: str, *args: Any, **kw: Any) -> Any:
        async with self.db.tenant(self.tenant) as session:
            desk = Desk(session, VAULT, "member:dana", self.clock.now(), local=True)
            return await getattr(desk, work)(*args, **kw)

    async def emit(self, type: str = "lead.created", **data: Any) -> None:
        async with self.db.tenant(self.tenant) as session:
            await events.emit(session, type, data or {"name": "Zoë"}, at=self.clock.now())

    async def deliveries(self) -> list[WebhookDelivery]:
        async with self.db.tenant(self.tenant) as session:
            rows, _ = await webhooks.deliveries(session, self.endpoint)
            return [row for row, _ in reversed(rows)]

    async def delivery(self) -> WebhookDelivery:
        (row,) = await self.deliveries()
        return row

    async def stored(self) -> WebhookEndpoint:
        async with self.db.tenant(self.tenant) as session:
            return await webhooks.get_endpoint(session, self.endpoint)

    async def until(self, moment: datetime | None) -> None:
        assert moment is not None
        self.clock.advance(seconds=(moment - self.clock.now()).total_seconds())


@pytest.fixture
async def scene(db: Database, tenant_id: UUID) -> AsyncIterator[Scene]:
    async with listening() as receiver:
        clock, courier = Now(), Webhooks(Outside(local=True), timeout=5)
        sender = Sender(db, VAULT, courier, clock, chance=lambda: 0.5)
        scene = Scene(db, tenant_id, receiver, sender, clock, courier)
        row, receiver.secret = await scene.desk("add", receiver.url, events=["*"])
        scene.endpoint = row.id
        yield scene
        await courier.close()


async def test_signed_sent_once_and_done(scene: Scene) -> None:
    await scene.emit("lead.created", name="Zoë", phones=["+13035550142"])
    assert await scene.sender.flush_all() == 1
    assert await scene.sender.flush_all() == 0
    (told,) = scene.receiver.heard
    assert (told["type"], told["data"]) == ("lead.created", {"name": "Zoë", "phones": ["+13035550142"]})
    assert datetime.fromisoformat(told["timestamp"]) == scene.clock.now()
    row = await scene.delivery()
    assert (row.status, row.attempts, row.response_status, row.response_body) == ("delivered", 1, 200, "ok")
    assert scene.receiver.forged == 0


async def test_only_what_was_asked_for_and_only_after_the_commit(scene: Scene) -> None:
    await scene.desk("change", scene.endpoint, {"events": ["ticket.created"]})
    await scene.emit("lead.created")
    async with scene.db.tenant(scene.tenant) as session:
        await events.emit(session, "ticket.created", {})
        await session.rollback()
    async with scene.db.tenant(HOUSE_TENANT) as session:
        await events.emit(session, "ticket.created", {"whose": "another tenant's"})
    assert await scene.sender.flush_all() == 0
    await scene.emit("ticket.created")
    assert await scene.sender.flush_all() == 1
    with pytest.raises(KeyError):
        await scene.emit("lead.exploded")


@pytest.mark.parametrize(
    ("fault", "status", "why"),
    [
        (answer(401, "who are you?"), 401, "answered 401"),
        (answer(500), 500, "answered 500"),
        (answer(503), 503, "answered 503"),
        (answer(301, location="http://127.0.0.1/"), 301, "answered 301"),
        (hang_up, None, "the connection broke"),
        (half_a_head, None, "the connection broke"),
        (nonsense, None, "the connection broke"),
    ],
    ids=["401", "500", "503", "redirect", "hang-up", "half", "nonsense"],
)
async def test_a_failure_is_told_and_tried_again(
    scene: Scene, fault: Script, status: int | None, why: str
) -> None:
    scene.receiver.will(fault, answer(204))
    await scene.emit()
    await scene.sender.flush_all()
    row = await scene.delivery()
    assert (row.status, row.response_status) == ("pending", status) and why in str(row.error)
    assert row.next_at == scene.clock.now() + timedelta(seconds=5 * 1.1)
    assert await scene.sender.flush_all() == 0, "not before it is due"
    await scene.until(row.next_at)
    await scene.sender.flush_all()
    row = await scene.delivery()
    assert (row.status, row.attempts, row.response_status) == ("delivered", 2, 204)
    assert len(set(scene.receiver.ids)) == 1, "a repetition carries the same id"
    assert (await scene.stored()).failing_since is None


async def test_who_is_silent_is_left_and_who_drips_has_accepted(scene: Scene) -> None:
    scene.receiver.will(silent, dripping)
    scene.sender._courier = quick = Webhooks(Outside(local=True), timeout=0.4)
    await scene.emit()
    await scene.sender.flush_all()
    row = await scene.delivery()
    assert (row.status, row.response_status, row.error) == ("pending", None, "no answer within 0.4 seconds")
    await scene.until(row.next_at)
    await scene.sender.flush_all()
    assert (await scene.delivery()).status == "delivered"
    await quick.close()


async def test_retry_after_is_honoured_within_reason(scene: Scene) -> None:
    for asked, wait in (("90", 90.0), ("9999999", 21600.0), ("soon", 600 * 1.1)):
        scene.receiver.will(answer(429, retry_after=asked))
        if not await scene.deliveries():
            await scene.emit()
        await scene.sender.flush_all()
        row = await scene.delivery()
        assert row.next_at == scene.clock.now() + timedelta(seconds=wait), asked
        await scene.until(row.next_at)
        if asked == "9999999":  # let it fall due by the schedule next
            scene.clock.advance(seconds=1)
            scene.receiver.will(answer(500))
            await scene.sender.flush_all()
            await scene.until((await scene.delivery()).next_at)


async def test_tried_for_about_a_day_and_then_kept_as_failed(scene: Scene) -> None:
    scene.receiver.will(answer(500))
    await scene.emit()
    began = scene.clock.now()
    while (row := await scene.delivery()).status == "pending":
        if row.next_at is not None:
            await scene.until(row.next_at)
        scene.sender._courier = _Always(Sent(500, error="answered 500"))
        await scene.sender.flush_all()
    assert row.attempts == 11
    assert timedelta(hours=23) < scene.clock.now() - began < timedelta(hours=29)
    scene.sender._courier = scene.courier
    scene.receiver.will(answer(200))
    scene.clock = scene.sender._clock = Now()  # type: ignore[assignment]
    assert await scene.desk("replay_failed", scene.endpoint, began - timedelta(minutes=1)) == 1
    await scene.sender.flush_all()
    assert (await scene.delivery()).status == "delivered"


@dataclass
class _Always:
    """A courier whose every attempt ends the same way."""

    sent: Sent
    taken: int = 0

    async def send(self, url: str, id: str, at: datetime, payload: str, keys: Any) -> Sent:
        self.taken += 1
        return self.sent


def test_the_schedule_lengthens_and_ends() -> None:
    waits = [policy.wait(n, 0.0) for n in range(1, 13)]
    assert waits[-2:] == [None, None] and waits[:2] == [5, 30]
    steps = [w for w in waits if w is not None]
    assert steps == sorted(steps) and 23 * 3600 < sum(steps) < 25 * 3600
    assert policy.wait(1, 1.0) == 6.0


async def test_gone_switches_off_and_is_told(scene: Scene) -> None:
    async with scene.db.tenant(scene.tenant) as session:
        await tenancy.add_member(session, name="Dana", email="dana@example.com", role="owner")
        await tenancy.add_member(session, name="Al", email="al@example.com", role="agent")
    scene.receiver.will(answer(410))
    await scene.emit()
    await scene.sender.flush_all()
    row = await scene.stored()
    assert (row.enabled, row.disabled_reason) == (False, "it answered 410 Gone")
    assert (await scene.delivery()).status == "failed"
    await scene.emit()
    assert len(await scene.deliveries()) == 1, "nothing is written for it any more"
    async with scene.db.tenant(scene.tenant) as session:
        (letter,) = await outbox.list_messages(session)
        assert letter.to_ == "dana@example.com" and row.url in letter.body
        assert "disable_webhook" in [e.action for e in await receipts.audit_trail(session)]
    with pytest.raises(InvalidInput):
        await scene.desk("test", scene.endpoint)


async def test_days_of_failure_switch_off_but_a_bad_hour_does_not(scene: Scene) -> None:
    scene.sender._courier = _Always(Sent(500, error="answered 500"))
    await scene.emit()
    await scene.sender.flush_all()
    scene.clock.advance(days=4.9)
    await scene.emit()
    await scene.sender.flush_all()
    assert (await scene.stored()).enabled
    scene.clock.advance(days=0.2)
    await scene.emit()
    await scene.sender.flush_all()
    assert not (await scene.stored()).enabled
    await scene.desk("change", scene.endpoint, {"enabled": True})
    assert (await scene.stored()).failing_since is None


async def test_two_secrets_sign_while_they_overlap(scene: Scene) -> None:
    old = scene.receiver.secret
    row, new = await scene.desk("rotate", scene.endpoint)
    assert new != old and new.startswith("whsec_")
    for secret, forged in ((old, 0), (new, 0)):
        scene.receiver.secret = secret
        await scene.emit()
        await scene.sender.flush_all()
        assert scene.receiver.forged == forged
    assert len(scene.receiver.heard[-1]["signature"].split(" ")) == 2
    # the overlap ends (the row's, so that the clock of the signature stays today's)
    async with scene.db.tenant(scene.tenant) as session:
        await webhooks.change_endpoint(session, row.id, previous_until=scene.clock.now())
    scene.receiver.secret = old
    await scene.emit()
    await scene.sender.flush_all()
    assert scene.receiver.forged == 1


async def test_who_dies_between_sending_and_marking_leaves_it_to_the_next(scene: Scene) -> None:
    """kill -9 after the send: the claim runs out, the same message goes again, the id shows it."""
    await scene.emit()

    async def killed(*args: Any) -> None:
        raise asyncio.CancelledError

    dying = Sender(scene.db, VAULT, scene.courier, scene.clock)
    dying._mark = killed  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await dying.flush(scene.tenant)
    assert len(scene.receiver.heard) == 1
    assert await scene.sender.flush_all() == 0, "the claim still holds"
    scene.clock.advance(seconds=policy.webhooks().claim_seconds)
    assert await scene.sender.flush_all() == 1
    assert len(scene.receiver.heard) == 2 and len(set(scene.receiver.ids)) == 1
    assert (await scene.delivery()).status == "delivered"


_DYING = """
import asyncio, os, signal, sys
from uuid import UUID
from sqlalchemy import make_url
from core.clock import SystemClock
from integrations.http import Outside
from integrations.webhooks import Webhooks
from stores.cluster import Cluster
from stores.db import Database
from stores.vault import KeyRing, Vault
from tools.webhooks import Sender

async def main(url, secret, tenant):
    db = Database(Cluster(make_url(url), secret))
    sender = Sender(
        db, Vault(KeyRing({"k1": b"1" * 32}, "k1")), Webhooks(Outside(local=True), timeout=20), SystemClock()
    )
    async def mark(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    sender._mark = mark
    await sender.flush(UUID(tenant))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_kill_9_between_sending_and_marking(scene: Scene, fresh: Cluster) -> None:
    """The same with a real process and a real signal."""
    await scene.emit()
    address = fresh.admin.render_as_string(hide_password=False)
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _DYING, address, fresh.secret, str(scene.tenant), cwd=Path(__file__).parents[2]
    )
    assert await dying.wait() == -signal.SIGKILL
    assert len(scene.receiver.heard) == 1
    assert (await scene.delivery()).status == "pending"
    scene.clock.advance(seconds=policy.webhooks().claim_seconds + 60)
    assert await scene.sender.flush_all() == 1
    assert len(scene.receiver.heard) == 2 and len(set(scene.receiver.ids)) == 1
    assert (await scene.delivery()).status == "delivered"


async def test_many_senders_share_the_work_and_send_nothing_twice(scene: Scene) -> None:
    for n in range(60):
        await scene.emit(n=n)
    senders = [Sender(scene.db, VAULT, scene.courier, scene.clock) for _ in range(4)]
    made = await asyncio.gather(*(s.flush_all() for s in senders))
    assert sum(made) == 60
    assert sorted(m["data"]["n"] for m in scene.receiver.heard) == list(range(60))
    assert len(set(scene.receiver.ids)) == 60


async def test_one_clients_dead_server_does_not_hold_up_another(scene: Scene) -> None:
    async with scene.db.tenant(new_id()) as session:
        other = (await tenancy.create_tenant(session, "Bolder Homes", status="live")).id
    async with listening() as dead, scene.db.tenant(other) as session:
        dead.will(silent)
        desk = Desk(session, VAULT, "member:x", scene.clock.now(), local=True)
        await desk.add(dead.url, events=["*"])
        for _ in range(10):
            await events.emit(session, "lead.created", {}, at=scene.clock.now())
        await session.commit()
        await scene.emit()
        sending = asyncio.create_task(scene.sender.flush_all())
        async with asyncio.timeout(4):  # less than the ten messages to the silent one take
            await scene.receiver.came.wait()
        assert not sending.done()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def test_an_event_leaves_without_waiting_for_the_sweep(scene: Scene) -> None:
    ports = Ports(vault=VAULT, webhooks=scene.courier)
    nudged = asyncio.create_task(keep_nudged(scene.db, ports, scene.clock))
    await asyncio.sleep(0)
    async with scene.db.tenant(scene.tenant) as session:
        async with session.begin_nested():
            await events.emit(session, "lead.created", {}, at=scene.clock.now())
        await asyncio.sleep(0.05)
        assert not scene.receiver.came.is_set(), "not before the commit"
    async with asyncio.timeout(10):
        await scene.receiver.came.wait()
    nudged.cancel()
    await asyncio.gather(nudged, return_exceptions=True)
    assert not webhooks.nudges


async def test_a_secret_is_sealed_and_removed_with_its_endpoint(scene: Scene) -> None:
    async with scene.db.tenant(scene.tenant) as session:
        assert scene.receiver.secret == await VAULT.open(session, webhooks.secret_name(scene.endpoint))
        trail = [repr((e.before, e.after)) for e in await receipts.audit_trail(session)]
        assert trail and not any(scene.receiver.secret in entry for entry in trail)
    await scene.emit()
    await scene.desk("remove", scene.endpoint)
    assert await scene.sender.flush_all() == 0
    async with scene.db.tenant(scene.tenant) as session:
        assert not await VAULT.names(session)


async def test_an_address_given_in_the_conversation_is_delivered_to(scene: Scene) -> None:
    """What is said at set-up is set up: no page has to be opened before the first lead arrives."""
    async with listening() as spoken:
        ctx = _talking(scene)
        async with scene.db.tenant(scene.tenant) as session:
            await integrations.upsert_integration(session, "webhook", spoken.url)
            await follow(ctx, session)
            await follow(ctx, session)
            row = next(e for e in await webhooks.endpoints(session) if e.url == spoken.url)
            assert (row.source, row.events) == ("voice", ["*"])
            spoken.secret = await VAULT.open(session, webhooks.secret_name(row.id))
        await scene.emit("call.completed", seconds=60)
        await scene.sender.flush_all()
        assert (
            [m["type"] for m in spoken.heard]
            == [m["type"] for m in scene.receiver.heard]
            == ["call.completed"]
        )
        async with scene.db.tenant(scene.tenant) as session:
            for known in await integrations.list_integrations(session, kind="webhook"):
                if known.vendor == spoken.url:
                    await integrations.remove_integration(session, known.id)
            await follow(ctx, session)
            assert [e.url for e in await webhooks.endpoints(session)] == [scene.receiver.url]


def _talking(scene: Scene) -> ToolContext:
    return ToolContext(
        db=scene.db,
        clock=scene.clock,
        ports=Ports(vault=VAULT, webhooks_local=True),
        home=HOUSE_TENANT,
        subject=scene.tenant,
        conversation_id=new_id(),
    )


async def test_a_webhook_takes_a_place_among_the_plans_connections(scene: Scene) -> None:
    async with scene.db.tenant(scene.tenant) as session:
        await tenancy.update_tenant(session, plan="starter")
    await scene.desk("add", "https://two.example.com/", events=["*"])
    with pytest.raises(PlanLimit):
        await scene.desk("add", "https://three.example.com/", events=["*"])
    with pytest.raises(Conflict):
        await scene.desk("add", "https://two.example.com/", events=["*"])
