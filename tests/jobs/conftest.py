"""Provisioning with its real parts: Postgres, the engine in processes that die, a double of the carrier."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.clock import SystemClock
from stores import provisioning as runs
from stores import tenancy
from stores.cluster import Cluster
from stores.db import Database
from stores.vault import DataKey, open_vault
from tests.jobs.carrier import Carrier, carrier
from tests.jobs.worker import rehearsed, settings_of
from tests.web.conftest import desk, make_desk  # noqa: F401 fixtures
from tools import provisioning
from tools.base import Ports, Work
from tools.provisioning import Order, Ordered

ACME = Order("Acme Real Estate", "admin@acmerealestate.com", "professional", 5, ("salesforce", "hubspot"))


@pytest.fixture(scope="session")
def zygote() -> Iterator[subprocess.Popen[str]]:
    """The process that has imported everything and forks workers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    yield process
    assert process.stdin is not None
    process.stdin.close()
    process.wait(10)


@pytest.fixture
async def exchange() -> AsyncIterator[Carrier]:
    """The carrier's double."""
    async with carrier() as double:
        yield double


@dataclass
class Yard:
    """One database, one carrier, and workers that come and go."""

    zygote: subprocess.Popen[str]
    cluster: Cluster
    db: Database
    exchange: Carrier
    folder: Path
    living: list[int] = field(default_factory=list)

    def order_of(self, **more: Any) -> dict[str, Any]:
        url = self.cluster.admin.render_as_string(hide_password=False)
        return {"data_dir": str(self.folder), "url": url, "carrier": self.exchange.url, **more}

    async def worker(self, **more: Any) -> int:
        """Another worker; its process id."""
        assert self.zygote.stdin is not None
        assert self.zygote.stdout is not None
        self.zygote.stdin.write(json.dumps(self.order_of(**more)) + "\n")
        self.zygote.stdin.flush()
        line = await asyncio.to_thread(self.zygote.stdout.readline)
        pid = int(json.loads(line)["pid"])
        self.living.append(pid)
        return pid

    def work(self) -> Work:
        """What the request's side sees."""
        settings = settings_of(self.order_of())
        return Work(self.db, Ports(rehearse=rehearsed), SystemClock(), open_vault(settings), "http://test")

    async def order(self, wanted: Order = ACME, key: str | None = None) -> Ordered:
        return await provisioning.order(self.work(), wanted, key=key, body_hash="b", actor="operator")

    async def until_dead(self, pid: int, seconds: float = 100) -> None:
        async with asyncio.timeout(seconds):
            while alive(pid):
                await asyncio.sleep(0.03)

    async def state(self, done: Ordered) -> str:
        async with self.db.tenant(done.tenant_id) as session:
            return (await runs.run_of(session, done.run_id)).state

    async def until(self, done: Ordered, *states: str, seconds: float = 100) -> str:
        async with asyncio.timeout(seconds):
            while (state := await self.state(done)) not in states:
                await asyncio.sleep(0.05)
        return state

    async def made(self, tenant_id: UUID) -> dict[str, Any]:
        """What there is of a tenant, here and at the carrier."""
        from sqlalchemy import select

        async with self.db.tenant(tenant_id) as session:
            tenant = await tenancy.get_tenant(session)
            lines = [line.e164 for line in await tenancy.numbers(session)]
            keys = (await session.scalars(select(DataKey))).all()
        name = provisioning.account_name(tenant_id)
        return {
            "status": tenant.status,
            "slug": tenant.slug,
            "lines": lines,
            "keys": [key.wrapped is not None for key in keys],
            "bought": sorted(n["phone_number"] for n in self.exchange.numbers.values()),
            "accounts": [a["sid"] for a in self.exchange.open_accounts() if a["friendly_name"] == name],
        }


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
async def yard(
    zygote: subprocess.Popen[str], fresh: Cluster, db: Database, exchange: Carrier, tmp_path: Path
) -> AsyncIterator[Yard]:
    """Where workers die."""
    it = Yard(zygote, fresh, db, exchange, tmp_path)
    yield it
    for pid in it.living:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid in it.living:
        await it.until_dead(pid)
