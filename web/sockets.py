"""What the sockets of pages have in common: who may open one, how fast they may send, how they say no."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import WebSocket, WebSocketDisconnect
from loguru import logger
from starlette.types import Message

from agent.chat import LABEL
from agent.parts import Parts
from core.errors import Conflict, InvalidInput, NotFound, Problem, SeiketsuError
from stores.conversations import Conversation as Row
from web.conversations import NUMBER, find, route

# Close codes 4000-4999 are ours; the page is told in words before them.
CODES = {404: 4404, 409: 4409, 422: 4422, 429: 4429, 503: 4503}


def is_foreign(websocket: WebSocket) -> bool:
    """Whether another site's page opens this socket. A client without an ``Origin`` is no page."""
    origin = websocket.headers.get("origin")
    if origin is None:
        return False
    ours = {websocket.headers.get("host", "").lower()}
    public = websocket.app.state.settings.public_url
    if public:
        ours.add(urlsplit(public).netloc.lower())
    return urlsplit(origin).netloc.lower() not in ours


async def open_socket(websocket: WebSocket) -> bool:
    """Accept a socket, or refuse the upgrade (403 for a foreign page). False: it is over already."""
    if is_foreign(websocket):
        logger.warning("a socket from a foreign page was refused")
        await websocket.close(4403)
        return False
    await websocket.accept()
    return True


async def whose(parts: Parts, websocket: WebSocket) -> tuple[UUID, Row | None]:
    """The tenant whose agent answers, and the conversation to take up, from ``?to=`` or ``?conversation=``.

    Raises InvalidInput, NotFound, Conflict (the line is closed, the conversation has ended).
    """
    to, named = (websocket.query_params.get(name, "") for name in ("to", "conversation"))
    if not named:
        if not NUMBER.fullmatch(to):
            raise InvalidInput(
                "whom to talk to?",
                problems=[Problem("is no telephone number", "to", "e.g. ?to=%2B13035550100")],
            )
        return await route(parts, to), None
    try:
        row = await find(parts, UUID(named))
    except ValueError:
        raise NotFound("no such conversation") from None
    if row.status == "ended":
        raise Conflict("this conversation has ended; begin a new one", code="ended")
    return row.tenant_id, row


async def refuse(websocket: WebSocket, error: SeiketsuError) -> None:
    """Say why in RTVI's words, then close with the matching code."""
    data: dict[str, Any] = {"message": said(error), "code": error.code, "fatal": True}
    if error.retry_after is not None:
        data["retry_after"] = round(error.retry_after, 1)
    await tell(websocket, {"label": LABEL, "type": "error", "id": "refused", "data": data})
    await hang_up(websocket, CODES.get(error.status, 1011))


def said(error: SeiketsuError) -> str:
    """A problem as a sentence for a person."""
    words = {
        "in_use": "This conversation is going on in another window or on the phone.",
        "not_live": "This line is not open at the moment. Please try again later.",
        "ended": "This conversation has ended. Please start a new one.",
        "lines_busy": "All lines are busy. Please try again in a minute, or type.",
    }
    text = words.get(error.code, error.message)
    return text if text.endswith((".", "?", "!")) else f"{text[:1].upper()}{text[1:]}."


async def tell(websocket: WebSocket, message: dict[str, Any]) -> bool:
    """Send a message; False when nobody is there any more."""
    try:
        await websocket.send_json(message)
        return True
    except (RuntimeError, WebSocketDisconnect, OSError):
        return False


async def hang_up(websocket: WebSocket, code: int = 1000) -> None:
    """Close, whatever state the socket is in."""
    try:
        async with asyncio.timeout(2.0):
            await websocket.close(code)
    except (RuntimeError, WebSocketDisconnect, OSError, TimeoutError):
        pass


def paced(websocket: WebSocket, *, bytes_per_second: float, burst: float) -> None:
    """Drop the peer when it sends more than a microphone can; ``burst`` seconds may come at once."""
    receive: Callable[[], Any] = websocket.receive
    loop = asyncio.get_running_loop()
    began, taken = loop.time(), 0

    async def measured() -> Message:
        nonlocal taken
        message: Message = await receive()
        taken += len(message.get("bytes") or b"") + len(message.get("text") or "")
        if taken > (loop.time() - began + burst) * bytes_per_second:
            logger.warning("a page sends sound faster than it can be spoken")
            return {"type": "websocket.disconnect", "code": 1008}
        return message

    websocket.receive = measured  # type: ignore[method-assign]
