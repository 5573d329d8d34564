"""``WS /chat``: typing with an agent, as RTVI messages in JSON. The same conversation as a call.

``?to=NUMBER`` begins one, ``?conversation=ID`` takes one up. The agent speaks first, on ``client-ready``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from loguru import logger

from agent.chat import LABEL, RTVIChat, TextSession
from agent.conversation import Conversation
from agent.record import LEASE_SECONDS
from agent.reply import Reply
from agent.transports import TYPED_CAP, read_json, server_message
from core.errors import Conflict, Refused, SeiketsuError, Unavailable
from core.ids import new_id
from stores import conversations
from web.conversations import visible
from web.live import live_of
from web.metrics import Counted
from web.quota import let_in
from web.rate import Rate
from web.sockets import hang_up, open_socket, refuse, tell, whose

router = APIRouter()

IDLE_SECONDS = 1800.0
MESSAGES_PER_MINUTE = 60.0
MOST_REFUSALS = 20
"""So many unreadable or hasty messages and the peer is no chat."""
MOST_CHATS = 500


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    """A chat, from the upgrade to the goodbye."""
    state = websocket.app.state
    if not await open_socket(websocket):
        return
    try:
        state.admit(websocket)
        if len(live_of(state)) >= MOST_CHATS:
            raise Refused("too many chats are open just now", retry_after=60)
        tenant_id, row = await whose(state.parts, websocket)
        await let_in(state, tenant_id)
        owner = f"chat:{new_id()}"
        conversation = await Conversation.start(
            state.parts,
            tenant_id=tenant_id,
            channel="chat",
            conversation_id=row.id if row else None,
            owner=owner,
        )
    except SeiketsuError as error:
        await refuse(websocket, error)
        return
    except Exception as error:
        logger.opt(exception=error).error("a chat could not begin: {}", type(error).__name__)
        await refuse(websocket, Unavailable("Something went wrong here. Please try again in a moment."))
        return
    line = ChatLine(websocket, conversation, Counted(state.text_brain), owner)
    with (
        live_of(state).on(line),
        logger.contextualize(tenant=str(tenant_id), conversation=str(conversation.id)),
    ):
        try:
            await line.run()
        finally:
            await line.leave()
    await hang_up(websocket, line.code)


class ChatLine:
    """One open chat. Messages are answered one after the other."""

    def __init__(self, websocket: WebSocket, conversation: Conversation, brain: Any, owner: str):
        self.code = 1000
        self._socket = websocket
        self._chat = RTVIChat(TextSession(conversation, brain))
        self._owner = owner
        self._turn = asyncio.Lock()
        self._pace = Rate(MESSAGES_PER_MINUTE)
        self._refused = 0

    @property
    def conversation(self) -> Conversation:
        """What this line carries."""
        return self._chat.session.conversation

    async def run(self) -> None:
        """Answer until either side is done."""
        async with self._kept():
            while not self._chat.closing:
                message = await self._next()
                if message is None:
                    return
                async with self._turn:
                    async for part in self._chat.answer(message):
                        await self._send(part)

    async def in_turn(self, work: Callable[[], Awaitable[Reply]]) -> Reply:
        """Run work on the conversation between its turns; the agent's words appear in this chat."""
        async with self._turn:
            reply: Reply = await self._chat.session._finish(work())
            async for part in self._chat._reply(reply):
                await self._send(part)
        return reply

    async def leave(self) -> None:
        """The socket is gone: the conversation can be taken up elsewhere."""
        try:
            await self._chat.session.close("finished")
        except SeiketsuError as error:
            logger.warning("a chat was not let go of: {}", error.code)

    async def _next(self) -> dict[str, Any] | None:
        """The peer's next message that can be answered; None when it has left."""
        while self._refused < MOST_REFUSALS:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    frame = await self._socket.receive()
            except TimeoutError:
                await self._send(server_message("idle", text="Nothing was written for a while. It is saved."))
                return None
            except (WebSocketDisconnect, RuntimeError):
                return None
            if frame["type"] == "websocket.disconnect":
                return None
            message = read_json(frame.get("text") or frame.get("bytes") or "") or {}
            problem = self._problem(message)
            if problem is None:
                return message
            self._refused += 1
            await self._send(_refusal(message, problem))
        self.code = 1008
        return None

    def _problem(self, message: dict[str, Any]) -> str | None:
        if self._pace.wait("") or not self._socket.app.state.gate.chat_is_open(self.conversation.tenant_id):
            return "Please write a little slower."
        match message:
            case {"type": "send-text", "data": {"content": str(text)}} if len(text) > TYPED_CAP:
                return f"Please keep it under {TYPED_CAP} characters."
            case {"type": str()}:
                return None
        return "That is no RTVI message."

    async def _send(self, message: dict[str, Any]) -> None:
        data = message.get("data", {})
        if message.get("type") == "bot-output":
            # how RTVI 2 says that a sentence is there to be read, not heard
            told = {"output_type": "sentence", "will_be_spoken": False, "spoken_status": "new"}
            message = {**message, "data": {**data, **told}}
        elif data.get("event") == "state":
            slots = visible(self.conversation.flow, data["slots"])
            message = {**message, "data": {**data, "slots": slots, "awaiting": self.conversation.awaiting()}}
        await tell(self._socket, message)

    @asynccontextmanager
    async def _kept(self) -> AsyncIterator[None]:
        """Hold the conversation while the peer thinks; when it has gone to another line, so has this chat."""
        keeping = asyncio.create_task(self._keep(), name="chat.lease")
        try:
            yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def _keep(self) -> None:
        parts = self.conversation.parts
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            try:
                async with parts.db.tenant(self.conversation.tenant_id, durable=False) as session:
                    held = await conversations.renew_lease(
                        session,
                        self.conversation.id,
                        self._owner,
                        now=parts.clock.now(),
                        seconds=LEASE_SECONDS,
                    )
            except SeiketsuError:
                continue
            if not held and not self._chat.session.ended:
                await refuse(self._socket, Conflict("it goes on elsewhere", code="in_use"))
                return


def _refusal(message: dict[str, Any], problem: str) -> dict[str, Any]:
    ident = message.get("id")
    return {
        "label": LABEL,
        "type": "error-response",
        "id": ident if isinstance(ident, str) else "",
        "data": {"error": problem},
    }
