"""Who is at the other end: the socket's address, or what proxies of ours say of it."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from core.networks import Networks
from core.settings import is_loopback

_NONE = Networks(())


def peer(connection: HTTPConnection) -> str:
    """The address of who is asking.

    A proxy of ours appends whom it was asked by to ``X-Forwarded-For``: read from the end, the first address
    that is no proxy's is the peer's. What stands before it anybody may have written.
    """
    found = _socket(connection)
    named = connection.headers.get("x-forwarded-for", "").split(",")
    while named and is_proxy(connection, found):
        if step := named.pop().strip():
            found = step
    return found


def is_proxy(connection: HTTPConnection, address: str | None = None) -> bool:
    """Whether an address (else the socket's) is believed about others: this machine's, or one that is set."""
    address = _socket(connection) if address is None else address
    app = connection.scope.get("app")
    trusted: Networks = getattr(getattr(app, "state", None), "proxies", _NONE)
    return is_loopback(address) or address in trusted


def is_here(connection: HTTPConnection) -> bool:
    """Whether the request comes from this very machine, in its own name.

    Not through a proxy, and not by a foreign page whose host name was pointed at this machine.
    """
    name = connection.url.hostname or ""
    return is_loopback(_socket(connection)) and is_loopback(peer(connection)) and is_loopback(name)


def _socket(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""
