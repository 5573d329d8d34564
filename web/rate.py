"""A burst limit for doors that need no key: by peer address, in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import HTTPConnection

from core.errors import Refused
from core.settings import is_loopback

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

    def left(self, key: str) -> int:
        """How many more ``key`` could take at once."""
        left, since = self._buckets.get(key, (self._size, self._now()))
        return int(min(self._size, left + (self._now() - since) * self._rate))

    def admit(self, connection: HTTPConnection) -> None:
        """Let a request or a socket through, or raise Refused with the seconds to wait."""
        if seconds := self.wait(peer(connection)):
            raise Refused("too many requests from this address", retry_after=seconds)


def peer(connection: HTTPConnection) -> str:
    """Who is asking: the socket's address, or what a proxy on this machine says it is."""
    host = connection.client.host if connection.client else ""
    if is_loopback(host):
        forwarded = connection.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
        return forwarded or host
    return host


def is_here(connection: HTTPConnection) -> bool:
    """Whether the request comes from this very machine, in its own name.

    Not through a proxy, and not by a foreign page whose host name was pointed at this machine.
    """
    name = connection.url.hostname or ""
    return is_loopback(peer(connection)) and is_loopback(name)
