"""API requests: call 10,001 is refused, none is billed twice, and nobody is let in unseen (A023, A027)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.clock import FakeClock
from core.errors import Refused, Unavailable
from stores import tenancy, usage
from stores.db import Database, Session
from tests.quota.conftest import MakeClient
from tools.allowance import BATCH, NEAR, Allowance


async def counted(db: Database, tenant: UUID, clock: FakeClock) -> int:
    async with db.tenant(tenant) as session:
        return (await usage.used(session, at=clock.now()))["api_calls"]


async def spend(db: Database, tenant: UUID, clock: FakeClock, amount: int) -> None:
    async with db.tenant(tenant) as session:
        await usage.meter(session, "api_calls", "elsewhere", amount, at=clock.now())


async def test_request_10000_passes_and_10001_does_not_whichever_process_serves_it(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme = await client("starter")
    # both know the counter from before the limit came near, and hold requests nobody has written yet
    doors = [Allowance(db, clock), Allowance(db, clock)]
    for door in doors:
        for _ in range(BATCH - 10):
            await door.take(acme)
    await spend(db, acme, clock, 10_000 - NEAR - 1)
    clock.advance(seconds=6)
    await spend(db, acme, clock, 10_000 - 2 * (BATCH - 10) - 5)

    answers = await asyncio.gather(*(doors[n % 2].take(acme) for n in range(12)), return_exceptions=True)
    refusals = [a for a in answers if isinstance(a, Refused)]
    assert (len(answers), len(refusals)) == (12, 7)
    assert {r.code for r in refusals} == {"quota"} and "Professional" in refusals[0].message
    assert refusals[0].retry_after == pytest.approx(10.5 * 86400, abs=60)
    assert await counted(db, acme, clock) == 10_000
    assert (await doors[0].look(acme)).remaining == 0
    # an upgrade opens the door within seconds
    async with db.tenant(acme) as session:
        await tenancy.update_tenant(session, plan="professional")
    clock.advance(seconds=6)
    assert (await doors[0].take(acme)).remaining == 39_999


async def test_requests_are_written_in_batches_and_each_once(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme, door = await client("professional"), Allowance(db, clock)
    left = [(await door.take(acme)).remaining for _ in range(BATCH - 1)]
    assert left == [50_000 - n for n in range(1, BATCH)]
    assert await counted(db, acme, clock) == 0
    await door.take(acme)
    assert await counted(db, acme, clock) == BATCH
    await asyncio.gather(*(door.take(acme) for _ in range(5)))
    await asyncio.gather(*(door.write_all() for _ in range(3)))
    assert await counted(db, acme, clock) == BATCH + 5
    # a new process counts on; the old one's number stands
    other = Allowance(db, clock)
    await other.take(acme)
    await other.write_all()
    assert await counted(db, acme, clock) == BATCH + 6


class Forgetful(Database):
    """Commits, and loses the answer: nobody knows whether the write arrived."""

    lose = 0

    @asynccontextmanager
    async def tenant(self, tenant_id: UUID, *, durable: bool = True) -> AsyncIterator[Session]:
        async with super().tenant(tenant_id, durable=durable) as session:
            yield session
        if self.lose:
            self.lose -= 1
            raise Unavailable("the connection to the database broke")


async def test_a_write_that_is_repeated_bills_nothing_twice(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme, lossy = await client("professional"), Forgetful(db.cluster)
    door = Allowance(lossy, clock)
    for _ in range(7):
        await door.take(acme)
    lossy.lose = 2
    for _ in range(3):
        await door.write_all()
    assert await counted(db, acme, clock) == 7
    await lossy.close()


async def test_requests_of_the_old_month_stay_in_it(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme, door = await client("starter"), Allowance(db, clock)
    for _ in range(3):
        await door.take(acme)
    before = clock.now()
    clock.advance(days=11)
    assert (await door.take(acme)).remaining == 9_999
    await door.write_all()
    async with db.tenant(acme) as session:
        assert (await usage.used(session, at=before))["api_calls"] == 3
        assert (await usage.used(session, at=before + timedelta(days=11)))["api_calls"] == 1


async def test_nobody_is_let_in_by_an_old_counter(db: Database, client: MakeClient, clock: FakeClock) -> None:
    acme = await client("starter")

    class Away(Database):
        away = False

        def tenant(self, *args: Any, **kw: Any) -> Any:
            if self.away:
                raise Unavailable("the database does not answer")
            return super().tenant(*args, **kw)

    leaving = Away(db.cluster)
    door = Allowance(leaving, clock)
    await door.take(acme)
    leaving.away = True
    await door.take(acme)  # a moment's outage is bridged
    clock.advance(seconds=6)
    with pytest.raises(Unavailable):
        await door.take(acme)
    await door.write_all()  # does not raise: it is tried again
    leaving.away = False
    await door.write_all()
    assert await counted(db, acme, clock) == 2
    await leaving.close()
