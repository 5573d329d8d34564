"""The live calls of this process: room for more, who is on, and how they leave when the process must."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from loguru import logger

from agent.session import Session

SEAT_SECONDS = 60.0
"""A seat kept for a call whose media socket has not come yet."""
LET_GO_SECONDS = 10.0


class Registry:
    """Seats are taken when a call is answered and turned into a place when its socket comes."""

    def __init__(self, limit: int, *, now: Callable[[], float] = time.monotonic):
        self.limit = limit
        self.draining = False
        self._now = now
        self._seats: dict[str, float] = {}
        self._live: dict[UUID, Session] = {}
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """Live calls."""
        return len(self._live)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._live.values()))

    def get(self, call_id: UUID) -> Session | None:
        """The session of a call, if it is on in this process."""
        return self._live.get(call_id)

    def take_seat(self, sid: str, *, returning: bool = False) -> bool:
        """Room for this call? A call that has a seat or is on keeps it; one that comes back gets one."""
        if self.draining:
            return False
        on = any(session.call.call_sid == sid for session in self._live.values())
        now = self._now()
        self._seats = {held: until for held, until in self._seats.items() if until > now}
        full = len(self._live) + len(self._seats) >= self.limit
        if full and not (on or returning or sid in self._seats):
            return False
        if not on:
            self._seats[sid] = now + SEAT_SECONDS
        return True

    def give_back(self, sid: str) -> None:
        """The call will not come."""
        self._seats.pop(sid, None)

    @contextmanager
    def on_air(self, session: Session) -> Iterator[None]:
        """While a session runs it is listed."""
        self.give_back(session.call.call_sid)
        self._live[session.call.id] = session
        try:
            yield
        finally:
            if self._live.get(session.call.id) is session:
                del self._live[session.call.id]
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()

    async def supersede(self, call_id: UUID, timeout: float) -> bool:
        """A call comes back while its earlier session still holds a dead socket: make that one let go."""
        if (session := self._live.get(call_id)) is None:
            return True
        session.abandon()
        return await self._until(lambda: call_id not in self._live, timeout)

    async def _until(self, holds: Callable[[], bool], timeout: float) -> bool:
        try:
            async with asyncio.timeout(timeout):
                while not holds():
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def drain(self, timeout: float) -> int:
        """Take no more calls, wait ``timeout`` seconds for those that are on, then let the rest go.

        What is let go finishes its sentence and loses its socket; the carrier then asks
        ``/twilio/resume``, where another process goes on with it. Returns how many were let go.
        """
        self.draining = True
        if await self._until(lambda: not self._live, timeout):
            return 0
        rest = list(self._live.values())
        logger.info("letting go of {} live calls", len(rest))
        await asyncio.gather(
            *(session.stop("drained", "the process stops") for session in rest), return_exceptions=True
        )
        await self._until(lambda: not self._live, LET_GO_SECONDS)
        return len(rest)
