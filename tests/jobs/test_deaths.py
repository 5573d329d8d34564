"""Workers die at every step of provisioning; one tenant, one number, one account, one key remain (A019)."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from stores import provisioning as runs
from tests.jobs.conftest import Yard

pytestmark = pytest.mark.timeout(400)

# in: done and not yet remembered. after: remembered, and the next one not begun.
FORWARD = (
    "in registration",
    "in resources",
    "in infrastructure",
    "after infrastructure",
    "in validation",
    "in end",
)
BACKWARD = (
    "in begin undoing",
    "in undo infrastructure",
    "after undo infrastructure",
    "in undo resources",
    "in undo registration",
    "in end undoing",
)


@pytest.mark.slow
async def test_killed_at_every_step_it_still_ends_in_one_of_everything(yard: Yard) -> None:
    done = await yard.order()
    for point in FORWARD:
        pid = await yard.worker(point=point)
        await yard.until_dead(pid)
        made = await yard.made(done.tenant_id)
        assert made["status"] == "onboarding", point
        assert len(made["lines"]) <= 1 and len(made["bought"]) <= 1 and len(made["accounts"]) <= 1, point
    await yard.worker()
    assert await yard.until(done, "done", "failed") == "done"
    made = await yard.made(done.tenant_id)
    assert made["lines"] == made["bought"] and len(made["lines"]) == 1
    assert len(made["accounts"]) == 1 and made["keys"] == [True]
    async with yard.db.tenant(done.tenant_id) as session:
        steps = await runs.steps(session, done.run_id)
        kinds = [(e.kind, e.step) for e in await runs.events(session, done.run_id)]
    assert [s.state for s in steps] == ["done"] * 4
    for name in runs.STEPS:
        assert kinds.count(("step_done", name)) == 1, name
    assert kinds.count(("done", None)) == 1


@pytest.mark.slow
async def test_killed_at_every_step_back_it_leaves_nothing(yard: Yard) -> None:
    done = await yard.order()
    for point in BACKWARD:
        await yard.until_dead(await yard.worker(point=point, red=True))
    await yard.worker(red=True)
    assert await yard.until(done, "failed", "done") == "failed"
    made = await yard.made(done.tenant_id)
    assert made["status"] == "closed" and made["slug"].startswith("acme-real-estate-closed-")
    assert (made["lines"], made["bought"], made["accounts"], made["keys"]) == ([], [], [], [False])
    assert (await yard.order()).slug == "acme-real-estate"  # the name is free again


@pytest.mark.slow
@pytest.mark.parametrize("request_", ["POST .json", "POST /ME/IncomingPhoneNumbers.json"])
async def test_killed_when_the_carrier_has_done_it_and_before_anybody_knows(
    yard: Yard, request_: str
) -> None:
    yard.exchange.kill.add(request_)
    done = await yard.order()
    await yard.until_dead(await yard.worker())
    assert not yard.exchange.kill
    await yard.worker()
    assert await yard.until(done, "done", "failed") == "done"
    made = await yard.made(done.tenant_id)
    assert len(made["bought"]) == len(made["accounts"]) == 1 and made["lines"] == made["bought"]


@pytest.mark.slow
async def test_killed_with_a_number_in_hand_and_then_canceled_the_number_goes_back(yard: Yard) -> None:
    from tools import provisioning

    yard.exchange.kill.add("POST /ME/IncomingPhoneNumbers.json")
    done = await yard.order()
    await yard.until_dead(await yard.worker())
    assert len(yard.exchange.numbers) == 1
    await provisioning.cancel_run(yard.work(), done.tenant_id, done.run_id, actor="operator")
    await yard.worker()
    assert await yard.until(done, "canceled", "failed", "done") == "canceled"
    assert yard.exchange.numbers == {} and yard.exchange.open_accounts() == []


@pytest.mark.slow
async def test_a_worker_that_only_slept_does_nothing_twice_when_it_wakes(yard: Yard) -> None:
    done = await yard.order()
    sleeper = await yard.worker(lease=1.5, nap=True)
    async with asyncio.timeout(100):
        while not (yard.folder / "napping").exists():
            await asyncio.sleep(0.01)
    os.kill(sleeper, signal.SIGSTOP)  # it lives, and says nothing
    await yard.worker(lease=1.5)
    assert await yard.until(done, "done", "failed") == "done"
    os.kill(sleeper, signal.SIGCONT)
    await asyncio.sleep(2.5)
    made = await yard.made(done.tenant_id)
    assert len(made["bought"]) == len(made["accounts"]) == 1 and made["lines"] == made["bought"]
    async with yard.db.tenant(done.tenant_id) as session:
        step = await runs.step(session, done.run_id, "validation")
        kinds = [(e.kind, e.step) for e in await runs.events(session, done.run_id)]
    assert step.attempts == 2, "the other one did not begin it"
    assert kinds.count(("step_done", "validation")) == 1 and kinds.count(("done", None)) == 1
