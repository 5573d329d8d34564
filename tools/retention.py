"""What was kept long enough goes, for each client by its own days; the proof stays longest (C33)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import SeiketsuError
from policies.lifecycle import kept_for
from policies.lifecycle import lifecycle as policy
from policies.webhooks import webhooks as webhook_policy
from stores import lifecycle, receipts, retention, tenancy
from stores.db import Database
from tools import archives, exports, metering
from tools.base import Ports
from tools.kept_files import remove_files, remove_tenant_files

_STRAY_SECONDS = 3600.0
"""A file no call points to may belong to a call that is going on; after an hour it does not."""


@dataclass
class Removed:
    """What went (or, in a dry run, would go): counts by store, and files."""

    counts: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    def add(self, counts: dict[str, int], files: Iterable[str] = ()) -> None:
        """Count some more."""
        for name, n in counts.items():
            self.counts[name] = self.counts.get(name, 0) + n
        self.files += files

    @property
    def total(self) -> int:
        """All rows and files."""
        return sum(self.counts.values()) + len(self.files)


async def run(
    db: Database, clock: Clock, data_dir: Path | None, tenant_id: UUID, *, dry_run: bool = False
) -> Removed:
    """Remove a tenant's expired data; ``dry_run`` only says what it would be."""
    removed, now, do = Removed(), clock.now(), not dry_run
    while True:
        some = Removed()
        async with db.tenant(tenant_id) as session:
            rules = await tenancy.get_rules(session)
            kept = kept_for(rules.compliance if rules else None)
            recordings = await retention.audio(session, now - kept["audio"], do=do)
            some.add({"recordings": len(recordings)}, recordings)
            counts, files = await retention.transcripts(session, now - kept["transcript"], do=do)
            some.add(counts, files)
            some.add(await retention.proof(session, now - kept["proof"], at=now, do=do))
            days = timedelta(days=webhook_policy().keep_days)
            some.add({"webhook_events": await retention.deliveries(session, now - days, do=do)})
            days = timedelta(days=policy().link_days)
            some.add({"links": await retention.links(session, now - days, do=do)})
            if do and some.total:
                await receipts.audit(
                    session,
                    actor="retention",
                    action="expire",
                    subject="tenant",
                    at=now,
                    after={"counts": {k: v for k, v in some.counts.items() if v}, "files": len(some.files)},
                )
        if do:
            await asyncio.to_thread(remove_files, some.files)
            async with db.tenant(tenant_id) as session:
                await metering.files_stored(session, some.files, at=now)
        removed.add(some.counts, some.files)
        if dry_run or max(some.counts.values(), default=0) < retention.BATCH:
            break
    if data_dir is not None:
        async with db.tenant(tenant_id) as session:
            deleted = await lifecycle.was_deleted(session)
        if deleted and do:  # who deleted it may have died before the files were gone
            gone = await asyncio.to_thread(remove_tenant_files, data_dir, tenant_id)
            removed.add({"files_of_the_deleted": gone})
        stray = await _stray(db, data_dir, tenant_id)
        removed.add({"stray_files": len(stray)}, stray)
        if do:
            await asyncio.to_thread(remove_files, stray)
            await exports.expire(db, clock, tenant_id)
    return removed


async def _stray(db: Database, data_dir: Path, tenant_id: UUID) -> list[str]:
    """Recordings and transcripts no call points to: left by a process that died at the wrong moment."""
    folder = archives.recordings_of(data_dir, tenant_id)
    async with db.tenant(tenant_id) as session:
        used = await retention.files_in_use(session)

    def look() -> list[str]:
        if not folder.is_dir():
            return []
        old = time.time() - _STRAY_SECONDS
        return [
            str(p) for p in folder.iterdir() if p.is_file() and p.name not in used and p.stat().st_mtime < old
        ]

    return await asyncio.to_thread(look)


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """For every tenant. One that fails does not keep the others."""
    async with db.platform("what every tenant has kept long enough") as session:
        tenants = [t.id for t in await tenancy.list_tenants(session, limit=100_000)]
    for tenant_id in tenants:
        try:
            removed = await run(db, clock, ports.data_dir, tenant_id)
            if removed.total:
                logger.info("{} expired rows and files removed", removed.total)
        except SeiketsuError as error:
            logger.warning("retention waits: {}", error.code)
