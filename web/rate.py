"""A burst limit for doors that need no key: by peer address, in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from fastapi import Request

from core.errors import Refused

_PEERS = 10_000


class Rate:
    """At most ``per_minute`` requests a minute from one address, refilled evenly (token bucket)."""

    def __init__(self, per_minute: float, *, now: Callable[[], float] = time.monotonic):
        self._rate = per_minute / 60.0
        self._size = per_minute
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admit(self, request: Request) -> None:
        """Let it through or raise Refused with the seconds to wait."""
        peer = request.client.host if request.client else ""
        now = self._now()
        left, since = self._buckets.pop(peer, (self._size, now))
        left = min(self._size, left + (now - since) * self._rate)
        allowed = left >= 1.0
        self._buckets[peer] = (left - 1.0 if allowed else left, now)
        while len(self._buckets) > _PEERS:
            self._buckets.popitem(last=False)
        if not allowed:
            raise Refused("too many requests from this address", retry_after=(1.0 - left) / self._rate)
