"""The one gate: whether a call, a chat, a request, a simulation or a job of a tenant may begin (A027, C42).

It asks, in this order: is the client open, is something left of the plan, is there a line. It fails closed:
when the database does not answer, ``Unavailable`` comes out, which is a spoken apology on the phone and a 503
elsewhere. It is asked only at beginnings, so a call that is on is never cut by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import NotAllowed, Refused, SeiketsuError
from core.ids import HOUSE_TENANT, new_id
from policies import admission as policy
from stores import calls, slots, tenancy, usage
from stores.db import Database
from tools.base import Rehearse

Kind = Literal["inbound", "outbound", "chat", "simulation", "job"]
Why = Literal["closed", "quota", "busy"]

LINES: frozenset[Kind] = frozenset({"inbound", "outbound", "simulation", "job"})
"""What holds a line while it goes on."""


@dataclass(frozen=True)
class Denied:
    """No, and why: a sentence for a caller (after it, ``fallback`` is rung), a message for a program."""

    why: Why
    spoken: str
    detail: str
    fallback: str | None = None
    retry_after: float | None = None

    def error(self) -> SeiketsuError:
        """The same as an exception for problem+json."""
        if self.why == "closed":
            return NotAllowed(self.detail, code="closed")
        return Refused(self.detail, code=self.why, retry_after=self.retry_after)


class Admission:
    """One process's gate. ``capacity``: lines of the whole platform; ``process``: its name in the rows."""

    def __init__(self, db: Database, clock: Clock, *, capacity: int, process: str | None = None):
        self._db, self._clock = db, clock
        self.process = process or new_id().hex
        others, tenant = policy.room(capacity)
        self._room = slots.Room(total=capacity, others=others, tenant=tenant)
        self._working: set[str] = set()

    async def admit(self, kind: Kind, tenant_id: UUID, *, key: str = "") -> Denied | None:
        """None: it may begin, and holds a line under ``key`` if it needs one. Asking again is harmless.

        Raises NotFound (no such tenant), Unavailable.
        """
        denied = await self._open(kind, tenant_id, key)
        if denied is not None or kind not in LINES:
            return denied
        return None if await self._take(kind, tenant_id, key) else _busy()

    async def _open(self, kind: Kind, tenant_id: UUID, key: str) -> Denied | None:
        """Whether the client's state and plan allow it."""
        async with self._db.tenant(tenant_id) as session:
            tenant = await tenancy.get_tenant(session)
            spoken = policy.admission().spoken
            if kind in ("inbound", "outbound", "chat") and tenant.status != "live":
                return Denied("closed", spoken.closed, "this client's line is not open", tenant.main_phone)
            if kind in ("inbound", "outbound"):
                if key and (known := await calls.find_by_sid(session, key)) and known.status in calls.LIVE:
                    return None  # it is on already
                seconds = (await usage.used(session, at=self._clock.now()))["voice_seconds"]
                if not policy.voice_is_open(tenant.plan, seconds, inbound=kind == "inbound"):
                    said = spoken.quota if tenant.main_phone else spoken.quota_without_office
                    detail = policy.refusal(tenant.plan or "", "voice_minutes")
                    return Denied("quota", said, detail, tenant.main_phone, self.until_next_month())
        return None

    def until_next_month(self) -> float:
        """Seconds until the counters begin anew."""
        now = self._clock.now()
        return (usage.month_end(now) - now).total_seconds()

    # -- lines ------------------------------------------------------------------------------------

    async def _take(self, kind: Kind, tenant_id: UUID, key: str, *, always: bool = False) -> bool:
        lines = policy.admission().lines
        room = self._room
        if tenant_id == HOUSE_TENANT:
            room = slots.Room(room.total, room.others, room.total)
        async with self._db.platform("a line is taken, counted over all tenants") as session:
            return await slots.take(
                session,
                tenant_id,
                kind=kind,
                key=key,
                process=self.process,
                now=self._clock.now(),
                seconds=lines.ringing_seconds if kind == "inbound" else lines.lease_seconds,
                room=room,
                always=always,
            )

    async def keep(self, tenant_id: UUID, key: str, *, kind: Kind = "inbound") -> None:
        """A call that is on comes back, perhaps from another process: it keeps its line, whatever is busy."""
        try:
            await self._take(kind, tenant_id, key, always=True)
        except SeiketsuError as error:
            logger.warning("a call goes on without being counted: {}", error.code)

    async def release(self, tenant_id: UUID, key: str) -> None:
        """It is over. A line that cannot be freed now is free when its lease ends."""
        try:
            async with self._db.tenant(tenant_id, durable=False) as session:
                await slots.release(session, key, now=self._clock.now())
        except SeiketsuError as error:
            logger.warning("a line is freed by its lease: {}", error.code)

    @asynccontextmanager
    async def line(
        self, kind: Literal["outbound", "simulation", "job"], tenant_id: UUID
    ) -> AsyncIterator[str]:
        """A line for the length of the block; waits for one. Refused when there is none in time."""
        key = f"{kind}-{new_id()}"
        waited, patience = 0.0, policy.admission().lines.patience_seconds
        while (denied := await self.admit(kind, tenant_id, key=key)) is not None:
            if denied.why != "busy" or waited >= patience:
                raise denied.error()
            await asyncio.sleep(0.25)
            waited += 0.25
        beating = asyncio.create_task(self.keep_beating(lambda: [key]), name="a line in use")
        try:
            yield key
        finally:
            beating.cancel()
            await asyncio.shield(self.release(tenant_id, key))

    async def beat(self, keys: Iterable[str]) -> int:
        """Renew the leases of what goes on in this process; how many were there."""
        if not (keys := list(keys)):
            return 0
        async with self._db.platform("lines in use are renewed") as session:
            return await slots.renew(
                session,
                self.process,
                keys,
                now=self._clock.now(),
                seconds=policy.admission().lines.lease_seconds,
            )

    async def keep_beating(self, on_air: Callable[[], Iterable[str]]) -> None:
        """Renew for ever, three times a lease. A beat the database misses is made up by the next."""
        while True:
            await asyncio.sleep(policy.admission().lines.lease_seconds / 3)
            with suppress(SeiketsuError):
                await self.beat(on_air())


class Rationed:
    """Rehearsals that wait for a line, so that simulations never take the last one from people who ring."""

    def __init__(self, rehearse: Rehearse, admission: Admission):
        self._rehearse, self._admission = rehearse, admission

    async def __call__(self, tenant_id: UUID) -> list[Mapping[str, Any]]:
        """See ``tools.base.Rehearse``. Refused when no line comes free in time."""
        async with self._admission.line("simulation", tenant_id):
            return await self._rehearse(tenant_id)


def _busy() -> Denied:
    said = policy.admission().spoken.busy
    return Denied("busy", said, "all lines are busy", retry_after=30.0)
