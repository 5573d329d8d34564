"""A client's requests, counted once each and cheaply: in memory at first, in the store soon (A027).

Every process keeps, for every client, how many requests it has let through in the month, and writes that
number (not a difference) a second later at the latest. So a write that is repeated, because nobody knows
whether the first one arrived, counts nothing twice. A process that is killed forgets what it had not written
yet: at most a second's or ``BATCH`` requests, to the client's advantage.

Near the limit nothing is kept in memory any more: within ``NEAR`` requests of it each one is written before
it is let through, atomically against all other processes. Request 10,000 of Starter passes and 10,001 does
not, as long as no more than ``NEAR / BATCH`` processes serve one client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import Refused, SeiketsuError
from core.ids import new_id
from policies import admission as policy
from stores import tenancy, usage
from stores.db import Database
from tools import metering

BATCH = 50
NEAR = 1000
FLUSH_SECONDS = 1.0
MOST_KNOWN = 20_000


@dataclass(frozen=True)
class Standing:
    """Where a client stands: ``limit`` (None: none), ``remaining`` requests, seconds until ``reset``."""

    limit: int | None
    remaining: int
    reset: float
    plan: str | None


@dataclass
class _Count:
    """What this process knows of one client's month. ``mine`` of all requests are this process's."""

    month: date
    key: str = field(default_factory=lambda: str(new_id()))
    plan: str | None = None
    cap: int | None = None
    total: int = 0
    mine: int = 0
    written: int = 0
    read_at: datetime | None = None
    counted_at: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def unwritten(self) -> int:
        return self.mine - self.written


class Allowance:
    """One process's count of API requests; ``keep_writing`` puts it into the store every second."""

    def __init__(self, db: Database, clock: Clock):
        self._db, self._clock = db, clock
        self._counts: dict[UUID, _Count] = {}

    async def look(self, tenant_id: UUID) -> Standing:
        """Where the client stands, without counting. Raises Unavailable when that cannot be known."""
        return self._standing(await self._current(tenant_id))

    async def take(self, tenant_id: UUID) -> Standing:
        """Count one request. Refused (429) when the month is used up; Unavailable when nobody can tell."""
        count = await self._current(tenant_id)
        if count.cap is not None and count.total + count.unwritten + NEAR >= count.cap:
            await self._write(tenant_id, count, one_more=True)
        else:
            count.mine += 1
            count.counted_at = self._clock.now()
            if count.unwritten >= BATCH:
                await self._write(tenant_id, count, unless=lambda: count.unwritten < BATCH)
        return self._standing(count)

    async def write_all(self) -> None:
        """Put every unwritten count into the store; what fails stays and goes with the next."""
        for tenant_id, count in list(self._counts.items()):
            if count.unwritten:
                try:
                    await self._write(tenant_id, count)
                except SeiketsuError as error:
                    logger.warning("requests wait to be counted: {}", error.code)

    async def keep_writing(self) -> None:
        """Write for ever; the last time when cancelled."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await self.write_all()
        finally:
            await asyncio.shield(self.write_all())

    # -- the parts --------------------------------------------------------------------------------

    def _standing(self, count: _Count) -> Standing:
        now = self._clock.now()
        used = count.total + count.unwritten
        remaining = 0 if count.cap is None else max(0, count.cap - used)
        return Standing(count.cap, remaining, (usage.month_end(now) - now).total_seconds(), count.plan)

    async def _current(self, tenant_id: UUID) -> _Count:
        """This month's count, read from the store not too long ago."""
        now = self._clock.now()
        month = usage.month_of(now)
        count = self._counts.get(tenant_id)
        if count is not None and count.month != month:
            if count.unwritten:
                await self._write(tenant_id, count)  # the old month's, under its own date
            count = None
        if count is None:
            self._forget_some()
            count = self._counts[tenant_id] = _Count(month)
        oldest = policy.admission().counter_seconds

        def recent() -> bool:
            return count.read_at is not None and (now - count.read_at).total_seconds() < oldest

        if not recent():
            await self._write(tenant_id, count, unless=recent)
        return count

    async def _write(
        self,
        tenant_id: UUID,
        count: _Count,
        *,
        one_more: bool = False,
        unless: Callable[[], bool] = lambda: False,
    ) -> None:
        """Write what is counted (with ``one_more``: and this request, if it fits), and read what all have."""
        async with count.lock:
            if unless():
                return
            now = self._clock.now()
            target = count.mine + one_more
            # a batch may be lost with the power, not with the process; the last ones before the limit may not
            async with self._db.tenant(tenant_id, durable=one_more) as session:
                tenant = await tenancy.get_tenant(session)
                cap = policy.ceiling(tenant.plan, "api_calls")
                if target > count.written:
                    at = now if one_more else count.counted_at or now
                    total = await usage.meter(session, "api_calls", count.key, target, at=at)
                else:
                    total = (await usage.used(session, at=now))["api_calls"]
                if one_more and cap is not None and total > cap:
                    count.plan, count.cap, count.total, count.read_at = tenant.plan, cap, cap, now
                    raise Refused(
                        policy.refusal(tenant.plan or "", "api_calls"),
                        code="quota",
                        retry_after=(usage.month_end(now) - now).total_seconds(),
                    )
                if target > count.written:
                    await metering.notify(session, now=now)
            count.mine += one_more
            count.written, count.total = target, total
            count.plan, count.cap, count.read_at = tenant.plan, cap, now

    def _forget_some(self) -> None:
        """Make room: counts that are written are read again when they are needed."""
        if len(self._counts) >= MOST_KNOWN:
            for tenant_id in [t for t, c in self._counts.items() if not c.unwritten][: MOST_KNOWN // 2]:
                del self._counts[tenant_id]
