"""What the application's routes ask of who comes, read from the routes themselves (A033, A039)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, WebSocketRoute

from policies.rights import MEMBER_ROLES, across_tenants
from web.access import May, MayPlatform, Principal, is_public, known, operator, principal

Asks = Literal["public", "tenant", "platform", "operator", "person", "nothing"]
"""``person``: that somebody is known; the route decides by who it is. ``nothing``: a hole."""

ANY_ID = "01a20197-e125-719e-ba85-960fa3091f72"
"""An id that nothing has."""


@dataclass(frozen=True)
class Door:
    """One method of one path, and whom it lets in."""

    method: str
    path: str
    asks: Asks
    right: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def changes(self) -> bool:
        """Whether going through may change something."""
        return self.method not in ("GET", "HEAD")

    def at(self, tenant: str, ids: Mapping[str, str] | None = None) -> str:
        """The path for a tenant; ``ids``: names of other parameters -> what to put there."""
        given = {"tenant": tenant, **(ids or {})}
        return re.sub(r"{([^}:]+)[^}]*}", lambda found: given.get(found[1], ANY_ID), self.path)

    def lets_in(self, who: Principal | None) -> bool:
        """Whether somebody may pass in a tenant where they may act at all (None: nobody known)."""
        if self.asks == "public":
            return True
        if who is None or self.asks == "nothing":
            return False
        if self.asks == "tenant":
            return who.may(self.right)
        if self.asks == "platform":
            return across_tenants(who.role) and who.may(self.right)
        if self.asks == "operator":
            return who.kind == "operator"
        return True


def doors(app: FastAPI) -> Iterator[Door]:
    """Every operation of the application; sockets as method ``WS``. Static files are no operation."""
    for found in iter_route_contexts(app.routes):
        route = found.original_route
        if isinstance(route, Mount):
            continue
        path = found.path or ""
        methods = ("WS",) if isinstance(route, WebSocketRoute) else sorted(found.methods or ())
        asks, right = _asks(getattr(route, "dependant", None))
        for method in methods:
            if is_public(method, path):
                yield Door(method, path, "public")
            else:
                yield Door(method, path, asks, right)


def _asks(dependant: Dependant | None) -> tuple[Asks, str]:
    calls = [one.call for one in _all(dependant)] if dependant is not None else []
    for call in calls:
        if isinstance(call, May):
            return "tenant", call.right
        if isinstance(call, MayPlatform):
            return "platform", call.right
    if any(call is operator or getattr(call, "for_operator", False) for call in calls):
        return "operator", ""
    return ("person", "") if known in calls or principal in calls else ("nothing", "")


def _all(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _all(one)


@dataclass(frozen=True)
class Caller:
    """Somebody at the doors, with real credentials. ``principal`` None: nobody known."""

    name: str
    principal: Principal | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_client(self) -> bool:
        """Whether it is a client's person or key, who must never leave their tenant."""
        return self.principal is not None and self.principal.role in MEMBER_ROLES


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    @property
    def refused(self) -> bool:
        """Whether somebody was turned away at the door."""
        return self.status in (401, 403)


async def knock(
    app: FastAPI,
    method: str,
    path: str,
    headers: Mapping[str, str],
    *,
    body: bytes = b"{}",
    wait: float = 30.0,
) -> Answer:
    """One request through the whole application, middleware and all, without a network.

    The caller is on another machine (an address of RFC 5737), so nothing is opened for this one.
    """
    exchange = _Exchange(body, wait)
    try:
        async with asyncio.timeout(wait):
            await app(_scope(method, path, headers, len(body)), exchange.receive, exchange.send)
    except TimeoutError:
        pass  # a stream that goes on: its status is what we came for
    except Exception:
        exchange.status = exchange.status or 500  # the server's outermost layer answers and raises on
    return Answer(exchange.status, b"".join(exchange.parts))


def _scope(method: str, path: str, headers: Mapping[str, str], length: int) -> dict[str, Any]:
    host, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": host,
        "raw_path": host.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (b"host", b"self-check.invalid"),
            (b"content-type", b"application/json"),
            (b"content-length", str(length).encode()),
            *((name.lower().encode(), value.encode()) for name, value in headers.items()),
        ],
        "client": ("192.0.2.1", 1),
        "server": ("self-check.invalid", 80),
        "state": {},
    }


class _Exchange:
    """What the application is sent, and what it answers."""

    def __init__(self, body: bytes, wait: float):
        self.status, self.parts = 0, list[bytes]()
        self._body, self._wait, self._sent = body, wait, False

    async def receive(self) -> dict[str, Any]:
        """The request, then nothing for long."""
        if self._sent:
            await asyncio.sleep(self._wait)
            return {"type": "http.disconnect"}
        self._sent = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Any) -> None:
        """Keep the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))
