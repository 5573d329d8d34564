"""Every request has a name: the caller's ``X-Request-Id``, or one made here. It is echoed and logged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from loguru import logger
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.ids import new_id

_GIVEN = re.compile(r"[A-Za-z0-9._:-]{1,80}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The name of the request that is being answered; empty outside one."""
    return _current.get()


@contextmanager
def named(name: str) -> Iterator[None]:
    """What happens inside belongs to the request of that name."""
    token = _current.set(name)
    try:
        with logger.contextualize(request=name):
            yield
    finally:
        _current.reset(token)


class RequestIds:
    """ASGI: names the request for the log and the answer. A name that could forge a log line is not taken."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name HTTP requests; sockets pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        name = given if _GIVEN.fullmatch(given) else str(new_id())

        scope.setdefault("state", {})["request_id"] = name  # for what answers when all else has broken

        async def echo(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name.encode())]
            await send(message)

        with named(name):
            await self._app(scope, receive, echo)
