"""Chat over ``WS /chat``: RTVI messages in JSON, as a web page would exchange them."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from core.errors import Unavailable
from simulate.caller import Move
from simulate.doors import Heard, ToolSeen
from simulate.state import State

ANSWER_SECONDS = 30.0


class SocketDoor:
    """One chat window. ``conversation`` takes up one that was begun elsewhere (its id).

    Raises Unavailable with the service's words when it refuses, or says nothing for 30 s.
    """

    def __init__(self, url: str, to: str, *, conversation: str | None = None):
        query = f"conversation={conversation}" if conversation else f"to={quote(to)}"
        self.address = f"{url.replace('http', 'ws', 1)}/chat?{query}"
        self.id = ""
        self._socket: ClientConnection | None = None
        self._state = State()
        self._last = Heard()

    async def open(self) -> Heard:
        """Open the window; the agent speaks first."""
        try:
            self._socket = await connect(self.address, open_timeout=10, close_timeout=2)
        except (OSError, TimeoutError) as wrong:
            raise Unavailable(f"the chat does not open: {type(wrong).__name__}") from wrong
        return await self._exchange("client-ready", {"version": "2.2.0"})

    async def act(self, move: Move) -> Heard:
        """Type it, or press keys; silence is not to write."""
        if move.do == "hang_up":
            await self.close()
            return Heard(ended=True)
        if move.do == "silence":
            await asyncio.sleep(move.seconds)
            return Heard(self._last.texts)
        if move.do == "keys":
            return await self._exchange("dtmf", {"button": move.text})
        return await self._exchange("send-text", {"content": move.text})

    async def state(self) -> State:
        """As the socket told it after the last answer."""
        return self._state

    async def close(self) -> None:
        """Close the window."""
        if self._socket is not None:
            await self._socket.close()

    async def _exchange(self, kind: str, data: dict[str, Any]) -> Heard:
        """Send one message; everything up to the state that follows the answer."""
        if self._socket is None:
            raise Unavailable("the chat is not open")
        began = asyncio.get_running_loop().time()
        message = {"label": "rtvi-ai", "type": kind, "id": uuid4().hex[:8], "data": data}
        texts: list[str] = []
        try:
            await self._socket.send(json.dumps(message))
            async with asyncio.timeout(ANSWER_SECONDS):
                while True:
                    part = json.loads(await self._socket.recv())
                    told = self._take(part, texts)
                    if told is not None:
                        break
        except TimeoutError as wrong:
            raise Unavailable(f"no answer to {kind} within {ANSWER_SECONDS:.0f} s") from wrong
        except ConnectionClosed as wrong:
            code = wrong.rcvd.code if wrong.rcvd else 1006
            raise Unavailable(f"the chat was closed with code {code}") from wrong
        tools = [ToolSeen.of(tool) for tool in told.get("tools") or ()]
        ended = self._state.ended
        self._last = Heard(texts, tools, ended, asyncio.get_running_loop().time() - began)
        return self._last

    def _take(self, message: dict[str, Any], texts: list[str]) -> dict[str, Any] | None:
        """Note one message; the form's state, when this is it."""
        kind, data = message.get("type"), message.get("data") or {}
        if kind == "bot-ready":
            self.id = str((data.get("about") or {}).get("conversation") or "")
        elif kind == "bot-output":
            texts.append(str(data.get("text") or ""))
        elif kind in ("error", "error-response"):
            raise Unavailable(str(data.get("message") or data.get("error") or "refused"))
        elif kind == "server-message" and data.get("event") == "state":
            self._state = State.of(data)
            return dict(data)
        return None
