"""What is undone when a step fails or somebody says stop, and what a conversation's run does (A018, A019)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.clock import FakeClock
from core.errors import Conflict, Unavailable
from core.ids import HOUSE_TENANT
from jobs.provisioning import provision
from jobs.work import Inline
from stores import assistance, conversations, identity, jobs, tenancy
from stores import provisioning as runs
from stores.db import Database
from stores.vault import KeyRing, Vault
from tests.jobs.conftest import ACME
from tests.jobs.worker import rehearsed
from tests.tools.conftest import ACCOUNT, Carrier, Postbox
from tests.tools.conftest import Desk as Talk
from tools import provisioning, provisioning_steps, standing
from tools.base import Ports, Work
from tools.provisioning import Order, Ordered

RING = KeyRing({"k1": b"1" * 32}, "k1")


class Accounts:
    """Clients' own accounts; ``down`` for so many requests."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.down = 0

    def _answer(self) -> None:
        if self.down:
            self.down -= 1
            raise Unavailable("the carrier does not answer")

    async def ensure(self, name: str) -> Any:
        from integrations.twilio import Account

        self._answer()
        self.open.add(name)
        return Account("AC" + "1" * 32, "token")

    async def suspend(self, sid: str, *, suspended: bool) -> None: ...

    async def shut(self, name: str) -> None:
        self._answer()
        self.open.discard(name)


class Sold(Carrier):
    """Knows what was bought under a key."""

    async def owned(self, *, key: str) -> Any:
        from integrations.numbers import Found

        if key in self.sold and self.sold[key] not in self.released:
            return Found((self.sold[key],), self.provider, f"PN{self.sold[key][-4:]}")
        return Found((), self.provider)


@pytest.fixture
def work(db: Database) -> Work:
    ports = Ports(numbers=Sold(), mail=Postbox(), accounts=Accounts(), rehearse=rehearsed)
    return Work(db, ports, FakeClock(), Vault(RING), "https://voice.example")


async def order(work: Work, wanted: Order = ACME) -> Ordered:
    return await provisioning.order(work, wanted, key=None, body_hash="b", actor="operator")


async def run(work: Work, done: Ordered) -> str:
    await provision(work, Inline(), done.tenant_id, {"provisioning_id": str(done.run_id)})
    return await state(work, done)


async def state(work: Work, done: Ordered) -> str:
    async with work.db.tenant(done.tenant_id) as session:
        return (await runs.run_of(session, done.run_id)).state


async def nothing_is_left(work: Work, done: Ordered) -> None:
    """Neither here nor at the carrier."""
    async with work.db.tenant(done.tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        assert tenant.status == "closed" and tenant.slug != "acme-real-estate"
        assert await tenancy.numbers(session) == [] and await tenancy.members(session) == []
        assert await identity.credentials(session) == {}
    assert sorted(work.ports.numbers.released) == sorted(work.ports.numbers.sold.values())
    assert work.ports.accounts.open == set()


def broken_at(work: Work, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """This step does all its work, and then fails."""
    step = provisioning_steps._STEPS[name]

    async def fails(w: Work, tenant_id: UUID, run_id: UUID) -> None:
        from core.errors import Refused

        await step(w, tenant_id, run_id)
        raise Refused("no", code="broken_here")

    monkeypatch.setitem(provisioning_steps._STEPS, name, fails)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", runs.STEPS[1:])
async def test_a_step_that_fails_takes_everything_back(
    work: Work, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_at(work, name, monkeypatch)
    done = await order(work)
    assert await run(work, done) == "failed"
    await nothing_is_left(work, done)
    async with work.db.tenant(done.tenant_id) as session:
        found = await runs.run_of(session, done.run_id)
        kinds = [(e.kind, e.step) for e in await runs.events(session, done.run_id)]
    assert found.problem == {"step": name, "code": "broken_here", "why": "no"}
    undone = [step for kind, step in kinds if kind == "step_undone"]
    assert undone == list(reversed(runs.STEPS[: runs.STEPS.index(name) + 1]))
    assert await run(work, done) == "failed" and kinds[-1] == ("failed", None)


@pytest.mark.parametrize(
    ("results", "check"),
    [
        ([{"name": f"s{n}", "passed": n > 0, "turns": [0.1]} for n in range(6)], "conversation"),
        ([{"name": f"s{n}", "passed": True, "turns": [2.5]} for n in range(6)], "latency"),
    ],
)
async def test_a_red_check_is_kept_and_undoes_the_run(
    work: Work, results: list[dict[str, Any]], check: str
) -> None:
    async def rehearse(tenant_id: UUID) -> list[Mapping[str, Any]]:
        return list(results)

    work = replace(work, ports=replace(work.ports, rehearse=rehearse))
    done = await order(work)
    assert await run(work, done) == "failed"
    async with work.db.tenant(done.tenant_id) as session:
        checks = (await runs.run_of(session, done.run_id)).checks
    assert [name for name, found in checks.items() if not found["ok"]] == [check]
    assert set(checks) == {"conversation", "isolation", "latency", "credentials"}


@pytest.mark.parametrize(("passed", "ends"), [(True, "done"), (False, "failed")])
async def test_a_client_that_others_can_reach_is_not_kept(work: Work, passed: bool, ends: str) -> None:
    attacked: list[UUID] = []

    async def attack(tenant_id: UUID) -> Mapping[str, Any]:
        attacked.append(tenant_id)
        door = {"passed": passed, "tried": 40, "failures": [] if passed else ["GET /leads as agent: 200"]}
        return {"passed": passed, "checks": {"cross_tenant_access": door}}

    work = replace(work, ports=replace(work.ports, check_security=attack))
    done = await order(work)
    assert await run(work, done) == ends and attacked == [done.tenant_id]
    async with work.db.tenant(done.tenant_id) as session:
        found = (await runs.run_of(session, done.run_id)).checks["isolation"]
    assert found["ok"] is passed and found["attack"]["cross_tenant_access"]["tried"] == 40


async def test_a_carrier_that_is_away_for_a_while_is_waited_for(work: Work) -> None:
    work.ports.accounts.down = 3
    done = await order(work)
    assert await run(work, done) == "done"
    work.ports.accounts.down = 100
    other = await order(work)
    assert await run(work, other) == "undoing"  # its account cannot be closed either
    work.ports.accounts.down = 0
    async with work.db.tenant(other.tenant_id) as session:
        found = await runs.run_of(session, other.run_id)
        assert found.problem is not None and found.problem["code"] == "unavailable"
        await jobs.ended(session, f"provision:{other.run_id}:1", ok=False)
    assert await provisioning.retry(work, other.tenant_id, other.run_id, actor="operator") is None
    assert await run(work, other) == "failed"


async def test_what_failed_is_tried_again_as_a_new_tenant_of_the_same_name(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        broken_at(work, "validation", patched)
        done = await order(work)
        with pytest.raises(Conflict):
            await provisioning.retry(work, done.tenant_id, done.run_id, actor="operator")
        assert await run(work, done) == "failed"
    again = await provisioning.retry(work, done.tenant_id, done.run_id, actor="operator")
    assert again is not None and again.credentials is not None
    assert again.tenant_id != done.tenant_id and again.slug == "acme-real-estate"
    assert await run(work, again) == "done"
    with pytest.raises(Conflict):
        await provisioning.retry(work, again.tenant_id, again.run_id, actor="operator")


async def test_a_run_that_is_done_can_be_called_off_until_its_client_is_live(work: Work) -> None:
    done = await order(work)
    assert await run(work, done) == "done"
    await provisioning.cancel_run(work, done.tenant_id, done.run_id, actor="operator")
    assert await state(work, done) == "undoing"
    assert await run(work, done) == "canceled"
    await nothing_is_left(work, done)
    live = await order(work)
    assert await run(work, live) == "done"
    async with work.db.tenant(live.tenant_id) as session:
        await tenancy.set_status(session, "live", at=work.clock.now())
    with pytest.raises(Conflict):
        await provisioning.cancel_run(work, live.tenant_id, live.run_id, actor="operator")


async def test_what_a_done_run_has_made_and_told(work: Work) -> None:
    done = await order(work)
    assert await run(work, done) == "done"
    async with work.db.tenant(done.tenant_id) as session:
        profile, law = await tenancy.get_profile(session), await tenancy.get_rules(session)
        assert await work.vault.open(session, "carrier.token") == "token"
        tasks = await assistance.tasks(session)
        assert await assistance.review(session) == []
    assert profile is not None and profile.voice_profile == "professional_female" and profile.greeting
    assert law is not None and law.criteria
    assert [task.kind for task in tasks] == ["specialist"] * 2  # five users: an assisted client (A009)


async def test_an_enterprise_waits_for_its_signed_review(work: Work) -> None:
    from tools import launch

    done = await order(work, replace(ACME, subscription_tier="enterprise", initial_users=60))
    assert await run(work, done) == "done"
    async with work.db.tenant(done.tenant_id) as session:
        items, tasks = await assistance.review(session), await assistance.tasks(session)
        assert len(items) == 4 and {task.kind for task in tasks} == {"milestone"}
        assert "review" not in await launch.gates(session)
        for item in items:
            await assistance.update_item(session, item.name, status="signed")
        assert "review" in await launch.gates(session)


# --- a conversation's run ------------------------------------------------------------------------------


@pytest.fixture
async def talk(db: Database, work: Work) -> Talk:
    from core.ids import new_id

    conversation_id = new_id()
    async with db.tenant(HOUSE_TENANT) as session:
        await conversations.create(
            session, id=conversation_id, channel="voice", flow="onboarding", flow_version=1
        )
    return Talk(db, FakeClock(), Postbox(), work.ports.numbers, conversation_id)


async def run_of(talk: Talk) -> Ordered:
    assert talk.subject is not None
    async with talk.db.tenant(talk.subject) as session:
        newest = await runs.latest(session)
        assert newest is not None
        assert await jobs.state_of(session, f"provision:{newest.id}:1") == "waiting"
        return Ordered(talk.subject, "", newest.id, None)


async def test_a_call_wants_the_same_and_its_test_calls_are_the_last_checks(work: Work, talk: Talk) -> None:
    await talk.run("register_organization", ACCOUNT)
    done = await run_of(talk)
    assert await run(work, done) == "waiting"
    async with work.db.tenant(done.tenant_id) as session:
        found = await runs.run_of(session, done.run_id)
        assert await tenancy.get_profile(session) is None  # the caller is asked for it
    assert {name: c["ok"] for name, c in found.checks.items()} == {
        "isolation": True,
        "credentials": True,
        "conversation": None,
        "latency": None,
    }
    assert len(work.ports.accounts.open) == 1
    await talk.run("configure_voice_agent", {})
    talk.results = [dict(one) for one in await rehearsed(done.tenant_id)]
    await talk.run("run_test_conversations", {})
    assert await state(work, done) == "done"


async def test_taking_a_registration_back_takes_the_rest_back_and_another_run_waits_for_it(
    work: Work, talk: Talk
) -> None:
    await talk.run("register_organization", ACCOUNT, key="a")
    first = await run_of(talk)
    assert await run(work, first) == "waiting"
    await talk.undo()
    assert await state(work, first) == "undoing" and len(work.ports.accounts.open) == 1
    await talk.run("register_organization", ACCOUNT, key="b")
    second = await run_of(talk)
    assert second.run_id != first.run_id
    with pytest.raises(Unavailable):
        await provisioning_steps.do(work, second.tenant_id, second.run_id, "resources")
    assert await run(work, first) == "canceled"
    assert await run(work, second) == "waiting"
    assert len(work.ports.accounts.open) == 1
    async with work.db.tenant(second.tenant_id) as session:
        assert (await tenancy.get_tenant(session)).status == "onboarding"
        assert len(await tenancy.numbers(session)) == 1


async def test_a_client_that_is_closed_gives_its_number_and_account_back(work: Work) -> None:
    from jobs.closing import close_tenant

    done = await order(work)
    await run(work, done)
    await standing.close(work, done.tenant_id, actor="operator")
    assert await close_tenant(work, Inline(), done.tenant_id, {}) == {}
    assert work.ports.accounts.open == set() and len(work.ports.numbers.released) == 1
    async with work.db.tenant(done.tenant_id) as session:
        assert await tenancy.numbers(session) == []
        assert await jobs.state_of(session, f"close_tenant:{done.tenant_id}") == "waiting"
