"""Burst limits in this process: for doors that need no key, and for keys that fit nothing."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import HTTPConnection

from core.errors import Refused
from web.peers import peer

_KEYS = 10_000


class Rate:
    """At most ``per_minute`` in a minute for one key, refilled evenly (token bucket)."""

    def __init__(self, per_minute: float, *, now: Callable[[], float] = time.monotonic):
        self._rate = per_minute / 60.0
        self._size = per_minute
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one for ``key``; 0, or the seconds to wait when there is none left."""
        now = self._now()
        left, since = self._buckets.pop(key, (self._size, now))
        left = min(self._size, left + (now - since) * self._rate)
        allowed = left >= 1.0
        self._buckets[key] = (left - 1.0 if allowed else left, now)
        while len(self._buckets) > _KEYS:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - left) / self._rate

    def give_back(self, key: str) -> None:
        """One was taken that does not count."""
        left, since = self._buckets.get(key, (self._size, self._now()))
        self._buckets[key] = (min(self._size, left + 1.0), since)

    def left(self, key: str) -> int:
        """How many more ``key`` could take at once."""
        left, since = self._buckets.get(key, (self._size, self._now()))
        return int(min(self._size, left + (self._now() - since) * self._rate))

    def admit(self, connection: HTTPConnection) -> None:
        """Let a request or a socket through, or raise Refused with the seconds to wait."""
        if seconds := self.wait(peer(connection)):
            raise Refused("too many requests from this address", retry_after=seconds)
