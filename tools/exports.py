"""Exports a client asked for: made in the background, fetched for two days, then removed (C35)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import NotFound, SeiketsuError
from policies.lifecycle import lifecycle as policy
from stores import archives as store
from stores import receipts
from stores.archives import Archive
from stores.db import Database
from tools import archives, metering
from tools.base import Ports

_making: set[asyncio.Task[int]] = set()


async def order(db: Database, clock: Clock, tenant_id: UUID, *, actor: str) -> Archive:
    """Want an export; one that is on its way already is returned."""
    async with db.tenant(tenant_id) as session:
        row = await store.order_archive(session, "export", requested_by=actor)
        if row.progress == 0 and row.state == "waiting":
            await receipts.audit(
                session, actor=actor, action="order_export", subject=f"export:{row.id}", at=clock.now()
            )
        return row


def soon(db: Database, clock: Clock, ports: Ports, tenant_id: UUID) -> None:
    """Make what was ordered in the background, now; the sweep makes what this process does not get to."""
    if ports.data_dir is None:
        return
    task = asyncio.create_task(make_waiting(db, clock, ports, tenant_id), name="export")
    _making.add(task)
    task.add_done_callback(_done)


def _done(task: asyncio.Task[int]) -> None:
    _making.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("an export could not be made: {}", type(error).__name__)


async def settle() -> None:
    """Wait for exports that are being made (shutdown, tests)."""
    loop = asyncio.get_running_loop()
    while mine := [task for task in _making if task.get_loop() is loop]:
        await asyncio.gather(*mine, return_exceptions=True)


async def make_waiting(db: Database, clock: Clock, ports: Ports, tenant_id: UUID) -> int:
    """Make a tenant's waiting exports; how many. Each is claimed, so that several makers share the work; a
    maker that dies leaves its claim to run out.
    """
    made, lease = 0, timedelta(minutes=policy().export_claim_minutes)
    while True:
        async with db.tenant(tenant_id) as session:
            row = await store.claim_archive(session, now=clock.now(), lease=lease)
        if row is None:
            return made
        await _make(db, clock, ports, tenant_id, row)
        made += 1


async def _make(db: Database, clock: Clock, ports: Ports, tenant_id: UUID, row: Archive) -> None:
    async def step(done: int, of: int) -> None:
        async with db.tenant(tenant_id, durable=False) as session:
            await store.change_archive(session, row.id, progress=done, steps=of)

    assert ports.data_dir is not None
    path = archives.archives_of(ports.data_dir, tenant_id) / f"{row.id}.zip"
    try:
        made = await archives.export(
            db, tenant_id, path, vault=ports.vault, data_dir=ports.data_dir, clock=clock, step=step
        )
    except Exception as error:
        why = error.code if isinstance(error, SeiketsuError) else type(error).__name__
        async with db.tenant(tenant_id) as session:
            await store.change_archive(session, row.id, state="failed", error=why, finished_at=clock.now())
        logger.error("an export failed: {}", why)
        return
    now = clock.now()
    async with db.tenant(tenant_id) as session:
        await store.change_archive(
            session,
            row.id,
            state="ready",
            path=str(path),
            size=made.size,
            sha256=made.sha256,
            finished_at=now,
            expires_at=now + timedelta(hours=policy().export_hours),
            claimed_until=None,
        )
        await metering.files_stored(session, [path], at=now)


async def fetch(db: Database, clock: Clock, tenant_id: UUID, archive_id: UUID, *, actor: str) -> Path:
    """The file of a finished export; that it was fetched is on record. NotFound when there is none (yet)."""
    async with db.tenant(tenant_id) as session:
        row = await store.get_archive(session, archive_id)
        ready = row.state == "ready" and row.expires_at is not None and clock.now() < row.expires_at
        if not ready or row.path is None or not await asyncio.to_thread(Path(row.path).is_file):
            raise NotFound("this export cannot be fetched (any more)")
        await receipts.audit(
            session, actor=actor, action="fetch_export", subject=f"export:{row.id}", at=clock.now()
        )
        return Path(row.path)


async def expire(db: Database, clock: Clock, tenant_id: UUID) -> int:
    """Remove the files of exports whose time is over; how many."""
    gone = []
    async with db.tenant(tenant_id) as session:
        for row in await store.list_archives(session):
            if row.state == "ready" and row.expires_at is not None and row.expires_at <= clock.now():
                gone.append(row.path)
                await store.change_archive(session, row.id, state="gone", path=None)
    files = [path for path in gone if path]
    for path in files:
        await asyncio.to_thread(Path(path).unlink, missing_ok=True)
    if files:
        async with db.tenant(tenant_id) as session:
            await metering.files_stored(session, files, at=clock.now())
    return len(gone)
