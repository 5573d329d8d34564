"""Keys that fit nothing are counted by where they come from (A039)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import HTTPConnection

from core.errors import Refused
from core.ids import fingerprint
from tools.sign_in import network
from web.peers import peer
from web.rate import Rate

_KNOWN = 10_000


class Guesses:
    """At most ``per_minute`` wrong keys from one address (IPv6: one subscriber's /64), in this process.

    Where that many were wrong no other key is looked at for a while, but those that were right before: who
    shares an address with a guesser goes on working.
    """

    def __init__(self, per_minute: float, *, now: Callable[[], float] = time.monotonic):
        self._rate = Rate(per_minute, now=now)
        self._known: OrderedDict[str, None] = OrderedDict()

    def begin(self, connection: HTTPConnection, key: str) -> None:
        """Count a key before it is looked up, so that many at once cannot slip past. Refused."""
        if fingerprint(key) in self._known:
            return
        if seconds := self._rate.wait(_from(connection)):
            raise Refused("too many wrong keys; please wait", retry_after=seconds, code="too_many_tries")

    def end(self, connection: HTTPConnection, key: str, *, right: bool) -> None:
        """What came of it. A right key costs nothing."""
        name = fingerprint(key)
        if not right:
            self._known.pop(name, None)
            return
        if name not in self._known:
            self._rate.give_back(_from(connection))
        self._known[name] = None
        self._known.move_to_end(name)
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)


def _from(connection: HTTPConnection) -> str:
    return network(peer(connection))
