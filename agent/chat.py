"""A chat over a socket: the same conversation as a call, without a pipeline, as RTVI messages in JSON.

In: ``client-ready`` (the agent opens), ``send-text``, ``dtmf``, ``disconnect-bot``. Out: ``bot-ready``,
then per answer ``bot-llm-started``, one ``bot-output`` an utterance, ``bot-llm-stopped`` and a
``server-message`` with the state of the form; ``error`` when something went wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

from loguru import logger

from agent.brains.text import TextBrain
from agent.captions import state
from agent.conversation import Conversation
from agent.reply import Reply
from agent.transports import KEYS, TYPED_CAP, server_message

LABEL = "rtvi-ai"
RTVI_VERSION = "2.2.0"


class TextSession:
    """One conversation in text: one message at a time, each finished whatever happens to the socket."""

    def __init__(self, conversation: Conversation, brain: TextBrain):
        self.conversation = conversation
        self.ended = False
        self._brain = brain
        self._lock = asyncio.Lock()

    async def open(self) -> Reply:
        """The first words, or the welcome back."""
        return await self._finish(self.conversation.open())

    async def say(self, text: str) -> Reply:
        """The agent's answer."""
        return await self._finish(self._brain.answer(self.conversation, text))

    async def close(self, reason: str) -> None:
        """The window was closed: an ended conversation is closed, another can be taken up again."""
        if self.ended:
            await self.conversation.close(reason)
        else:
            await self.conversation.let_go()

    async def _finish(self, work: Any) -> Reply:
        async def whole() -> Reply:
            async with self._lock:
                reply: Reply = await work
                self.ended = reply.ended
                return reply

        # a socket that dies must not cut a write in half
        return await asyncio.shield(asyncio.create_task(whole(), name="chat.turn"))


class RTVIChat:
    """A text session behind RTVI messages. ``answer`` never raises on anything a peer can send."""

    def __init__(self, session: TextSession):
        self.session = session
        self.closing = False
        self._opened = False

    async def answer(self, message: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """Messages that answer one of the peer's. ``closing`` is set when it was the last."""
        ident = message.get("id") or uuid4().hex[:8]
        try:
            match message:
                case {"type": "client-ready"} if not self._opened:
                    self._opened = True
                    about = {"library": "seiketsu", "conversation": str(self.session.conversation.id)}
                    yield _message("bot-ready", {"version": RTVI_VERSION, "about": about}, ident)
                    async for part in self._reply(await self.session.open()):
                        yield part
                case {"type": "send-text", "data": {"content": str(text)}} if text.strip():
                    async for part in self._reply(await self.session.say(text.strip()[:TYPED_CAP])):
                        yield part
                case {"type": "dtmf", "data": {"button": str(keys)}} if keys and set(keys) <= KEYS:
                    async for part in self._reply(await self.session.say(f"DTMF: {keys[:64]}")):
                        yield part
                case {"type": "disconnect-bot"}:
                    self.closing = True
                case _:
                    yield _message("error-response", {"error": "not understood"}, ident)
        except Exception as error:
            logger.error("a chat message failed: {}", type(error).__name__)
            yield _message("error", {"message": "Something went wrong here. Please send that again."}, ident)

    async def _reply(self, reply: Reply) -> AsyncIterator[dict[str, Any]]:
        yield _message("bot-llm-started")
        for said in reply.says:
            yield _message("bot-output", {"text": said.text, "spoken": False, "aggregated_by": "sentence"})
        yield _message("bot-llm-stopped")
        yield state(reply)
        if reply.ended:
            self.closing = True
            yield server_message("ended")


def _message(kind: str, data: dict[str, Any] | None = None, ident: str | None = None) -> dict[str, Any]:
    return {"label": LABEL, "type": kind, "id": ident or uuid4().hex[:8], "data": data or {}}
