"""No request may be larger than what any route can use."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 256 * 1024


class TooLarge(Exception):
    """More came than was allowed."""


class BodyCap:
    """ASGI: answers 413 by the announced length, and stops reading where the length was not told or a lie."""

    def __init__(self, app: ASGIApp, *, most: int = MOST_BYTES):
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on that is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._most:
            await self._refuse(scope, receive, send)
            return
        taken, over, answered = 0, False, False

        async def counted() -> Message:
            nonlocal taken, over
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most:
                over = True
                raise TooLarge
            return message

        async def held(message: Message) -> None:
            nonlocal answered
            if over and not answered:
                return  # whatever the application makes of the broken body, the answer is 413
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, held)
        except TooLarge:
            pass
        if over and not answered:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        from web.problems import problem

        answer = problem(413, "too_large", f"At most {self._most} bytes are read.")
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)
