"""Lines: counted over all processes, kept for those who ring, freed when a process dies (A001, A027)."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.clock import FakeClock, SystemClock
from core.errors import Refused
from core.ids import HOUSE_TENANT, new_id
from stores import slots
from stores.cluster import Cluster
from stores.db import Database
from tests.quota.conftest import MakeClient
from tools.admission import Admission, Denied, Rationed

ROOT = Path(__file__).parents[2]


def gate(db: Database, clock: FakeClock | SystemClock, capacity: int = 4, process: str = "p1") -> Admission:
    return Admission(db, clock, capacity=capacity, process=process)


def let_in(answers: list[Denied | None]) -> int:
    return answers.count(None)


async def test_those_who_ring_at_once_get_as_many_lines_as_there_are(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    clients = [await client() for _ in range(4)]
    gates = [gate(db, clock, 5, f"p{n}") for n in range(3)]
    answers = await asyncio.gather(
        *(gates[n % 3].admit("inbound", clients[n % 4], key=f"CA{n}") for n in range(16))
    )
    assert let_in(answers) == 5
    assert {a.why for a in answers if a is not None} == {"busy"}
    async with db.platform("a test counts lines") as session:
        assert await slots.held(session, now=clock.now()) == {"inbound": 5}


async def test_a_repeated_webhook_holds_one_line(db: Database, client: MakeClient, clock: FakeClock) -> None:
    acme, one = await client(), gate(db, clock, 2)
    answers = await asyncio.gather(*(one.admit("inbound", acme, key="CA1") for _ in range(4)))
    assert let_in(answers) == 4
    assert await one.admit("inbound", HOUSE_TENANT, key="CA2") is None
    assert await one.admit("inbound", HOUSE_TENANT, key="CA3") is not None


async def test_lines_are_kept_for_those_who_ring(db: Database, client: MakeClient, clock: FakeClock) -> None:
    one = gate(db, clock, 4)
    work = [await one.admit("simulation", await client(), key=f"s{n}") for n in range(3)]
    assert let_in(work) == 2  # half of four
    assert (await one.admit("job", await client(), key="j")) is not None
    assert let_in([await one.admit("inbound", await client(), key=f"CA{n}") for n in range(3)]) == 2


async def test_one_client_does_not_get_all_lines_but_the_house_may(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme, one = await client(), gate(db, clock, 5)
    assert let_in([await one.admit("inbound", acme, key=f"CA{n}") for n in range(6)]) == 4
    assert await one.admit("inbound", await client(), key="other") is None
    for n in range(4):
        await one.release(acme, f"CA{n}")
    assert let_in([await one.admit("inbound", HOUSE_TENANT, key=f"H{n}") for n in range(5)]) == 4


async def test_a_call_that_comes_back_elsewhere_keeps_its_line(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme, first, second = await client(), gate(db, clock, 1, "p1"), gate(db, clock, 1, "p2")
    assert await first.admit("inbound", acme, key="CA1") is None
    await second.keep(acme, "CA1")
    clock.advance(seconds=70)
    assert await first.beat(["CA1"]) == 0  # it is the other's now
    assert await second.beat(["CA1"]) == 1
    clock.advance(seconds=20)
    assert await second.admit("inbound", await client(), key="CA2") is not None
    # even when its lease had lapsed and the line was given away: a live call is counted, not refused
    clock.advance(seconds=31)
    assert await second.admit("inbound", await client(), key="CA3") is None
    await first.keep(acme, "CA1")
    async with db.platform("a test counts lines") as session:
        assert await slots.held(session, now=clock.now()) == {"inbound": 2}


async def test_leases_lapse_unless_they_are_renewed_and_rows_are_used_again(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme, one = await client(), gate(db, clock, 2)
    for n in range(6):
        assert await one.admit("inbound", acme, key=f"CA{n}") is None
        clock.advance(seconds=76)
        assert await one.beat([f"CA{n}"]) == 0  # too late: it may be somebody else's
    async with db.tenant(acme) as session:
        assert await slots.release(session, "none", now=clock.now()) is False
    assert await one.admit("inbound", acme, key="last") is None
    async with db.tenant(acme) as session:
        assert await slots.release(session, "last", now=clock.now())
        assert await slots.held(session, now=clock.now()) == {}


async def test_work_waits_for_a_line_and_gives_it_back(
    db: Database, client: MakeClient, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme, one = await client(), gate(db, clock, 2)
    order: list[str] = []

    async def work(name: str) -> None:
        async with one.line("simulation", acme) as key:
            order.append(name)
            assert await one.beat([key]) == 1
            await asyncio.sleep(0.05)
            order.append(name)

    await asyncio.gather(work("a"), work("b"))
    assert order in (["a", "a", "b", "b"], ["b", "b", "a", "a"])
    with pytest.raises(RuntimeError):
        async with one.line("job", acme):
            raise RuntimeError
    impatient = type("P", (), {"patience_seconds": 0.0, "lease_seconds": 30.0, "ringing_seconds": 75.0})
    policy = type("A", (), {"lines": impatient, "spoken": type("S", (), {"busy": "busy"})})
    async with one.line("job", acme):
        monkeypatch.setattr("tools.admission.policy.admission", lambda: policy)
        with pytest.raises(Refused, match="busy"):
            async with one.line("simulation", acme):
                raise AssertionError("not reached")


HOLDER = """
import asyncio, sys
from uuid import UUID
from sqlalchemy import make_url
from core.clock import SystemClock
from stores.cluster import Cluster
from stores.db import Database
from tools.admission import Admission

async def main(url, secret, *tenants):
    db = Database(Cluster(make_url(url), secret))
    gate = Admission(db, SystemClock(), capacity=3)
    for n, tenant in enumerate(tenants):
        assert await gate.admit("inbound", UUID(tenant), key=f"dies-{n}") is None
    print("held", flush=True)
    while True:
        await gate.beat([f"dies-{n}" for n in range(len(tenants))])
        await asyncio.sleep(0.2)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_the_lines_of_a_killed_process_are_free_a_lease_later(
    db: Database, fresh: Cluster, client: MakeClient
) -> None:
    """kill -9 in the middle: while it lives its lines are taken, a lease after its death they are not."""
    clients = [str(await client()) for _ in range(3)]
    url = fresh.admin.set(drivername="postgresql").render_as_string(hide_password=False)
    holder = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        HOLDER,
        url,
        fresh.secret,
        *clients,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert (await asyncio.wait_for(holder.stdout.readline(), 60)).strip() == b"held"
        clock = FakeClock(SystemClock().now())
        mine, acme = gate(db, clock, 3, "survivor"), await client()
        clock.advance(seconds=29)  # its beats have pushed the leases on
        assert await mine.admit("inbound", acme, key="CA1") is not None
        os.kill(holder.pid, signal.SIGKILL)
        await holder.wait()
        clock.advance(seconds=75)
        answers = [await mine.admit("inbound", await client(), key=str(new_id())) for _ in range(4)]
        assert let_in(answers) == 3
    finally:
        if holder.returncode is None:
            holder.kill()
            await holder.wait()


async def test_rehearsals_take_turns_on_the_lines_that_are_not_for_callers(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    one, at_once, most = gate(db, clock, 4), 0, 0

    async def rehearse(tenant_id: UUID) -> list[Mapping[str, Any]]:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)
        at_once -= 1
        return [{"tenant": tenant_id}]

    clients = [await client() for _ in range(5)]
    results = await asyncio.gather(*(Rationed(rehearse, one)(c) for c in clients))
    assert [r[0]["tenant"] for r in results] == clients
    assert most == 2
    async with db.platform("a test counts lines") as session:
        assert await slots.held(session, now=clock.now()) == {}
