"""Postgres killed twice while six writers are at work: what was acknowledged is there, once (A001, A027)."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from core.errors import Conflict, SeiketsuError
from core.ids import new_id
from stores import leads, receipts, tenancy, usage
from stores.db import Database, open_database
from tests.postgres import quick_folder

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


async def write(db: Database, client: UUID, key: str) -> bool:
    """One act as the tools do it: write, proof and count in one transaction. False: it was there already."""
    try:
        async with db.tenant(client) as session:
            await receipts.write_receipt(
                session, tool="load", key=key, arguments={}, result={}, status="done"
            )
            await leads.add_lead(session, intent="buyer", name=key)
            await usage.meter(session, "voice_seconds", key, 10, at=NOW)
        return True
    except Conflict:
        return False


@pytest.mark.slow
async def test_no_acknowledged_write_is_lost_and_none_is_there_twice() -> None:
    home = Path(tempfile.mkdtemp(prefix="sk", dir=quick_folder()))
    db = await open_database(home, fsync=False)
    try:
        clients = []
        for n in range(3):
            async with db.tenant(new_id()) as session:
                clients.append((await tenancy.create_tenant(session, f"Client {n}")).id)
        acknowledged: dict[UUID, set[str]] = {client: set() for client in clients}
        failures, after, killed = 0, 0, 0
        done = asyncio.Event()

        async def writer(number: int) -> None:
            """Repeats an act under its key until it is acknowledged, as a client of the API does."""
            nonlocal failures, after
            n, client = 0, clients[number % 3]
            while not done.is_set():
                key = f"{number}-{n}"
                try:
                    await write(db, client, key)
                except SeiketsuError:
                    failures += 1
                    continue
                acknowledged[client].add(key)
                after += killed == 2
                n += 1

        writers = [asyncio.create_task(writer(n)) for n in range(6)]
        assert db._embedded is not None
        for _ in range(2):
            await asyncio.sleep(0.5)
            pid = db._embedded.pid
            assert pid
            os.kill(pid, signal.SIGKILL)
            killed += 1
            began = time.monotonic()
            while db._embedded.pid in (pid, None) or not await db.ping():
                assert time.monotonic() - began < 60, "it did not come back"
                await asyncio.sleep(0.05)
        while after < 30:
            assert time.monotonic() - began < 60, "nothing is written any more"
            await asyncio.sleep(0.02)
        done.set()
        await asyncio.gather(*writers)
        assert failures > 0, "nobody noticed: nothing was tested"
        for client, keys in acknowledged.items():
            async with db.tenant(client) as session:
                found, cursor = Counter[str | None](), None
                while True:
                    page, cursor = await leads.list_leads(session, limit=200, before=cursor)
                    found.update(lead.name for lead in page)
                    if cursor is None:
                        break
                assert set(found) == keys
                assert set(found.values()) == {1}
                assert (await usage.used(session, at=NOW))["voice_seconds"] == 10 * len(keys)
    finally:
        await db.close()
        shutil.rmtree(home)
