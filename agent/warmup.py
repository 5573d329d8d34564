"""One call to nobody, before the first real one.

A process that has never had a call imports and builds tables for a second or two in the middle of it:
pipecat's lazy parts, sentence splitting, the parsers. This call pays for that. Nothing of it is stored.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from loguru import logger
from pipecat.transports.websocket import fastapi as sockets

from agent.conversation import Conversation
from agent.parts import Parts
from agent.ports import CallSpeech, LiveCall
from agent.session import Session
from agent.session_facts import load_facts
from agent.transports import TwilioSerializer
from core.errors import Unavailable
from core.ids import HOUSE_TENANT, new_id
from stores import conversations
from stores.db import Session as StoreSession

SECONDS = 20.0
_SILENCE = json.dumps({"event": "media", "media": {"track": "inbound", "payload": "/" * 212 + "/w=="}})
_CONNECTED: Any = sockets.WebSocketState.CONNECTED  # type: ignore[attr-defined]
_GONE: Any = sockets.WebSocketState.DISCONNECTED  # type: ignore[attr-defined]


async def rehearse_call(parts: Parts, speech: CallSpeech) -> float:
    """Let the house tenant's agent open, hear a key and answer; the seconds it took.

    The conversation is told that the database is away, so it keeps everything to itself.
    """
    began = time.perf_counter()
    facts = await load_facts(parts, HOUSE_TENANT, caller=None)
    away = Parts(
        db=_NoDatabase(),  # type: ignore[arg-type]
        flows=parts.flows,
        clock=parts.clock,
        public_url=parts.public_url,
        onboarding_number=parts.onboarding_number,
    )
    flow = parts.flows["onboarding"]
    row = conversations.Conversation(
        id=new_id(),
        tenant_id=HOUSE_TENANT,
        channel="voice",
        flow=flow.flow,
        flow_version=flow.version,
        state={},
        version=0,
        test=True,
    )
    conversation = _ToNobody(away, facts, row, "warm-up")
    call = LiveCall(new_id(), HOUSE_TENANT, stream_sid="MZwarm")
    session = Session(call, conversation, speech)
    try:
        async with asyncio.timeout(SECONDS):
            await session.run(_Nobody(), TwilioSerializer("MZwarm"))
    except TimeoutError:
        logger.warning("the warm-up call did not end in {} s", SECONDS)
    return time.perf_counter() - began


class _ToNobody(Conversation):
    async def close(self, reason: str) -> None:
        """Nothing is put away: to try again and again would only keep the first caller waiting."""


class _NoDatabase:
    @asynccontextmanager
    async def tenant(self, tenant_id: UUID, *, durable: bool = True) -> AsyncIterator[StoreSession]:
        raise Unavailable("this call is not stored")
        yield  # makes it a generator


class _Nobody:
    """A WebSocket as pipecat uses one: a caller who listens, presses a key, listens and hangs up."""

    def __init__(self) -> None:
        self.client_state = self.application_state = _CONNECTED
        self._sounds = 0
        self._script = self._play()

    async def _play(self) -> AsyncIterator[str]:
        while not self._sounds:
            yield _SILENCE
        yield json.dumps({"event": "dtmf", "dtmf": {"digit": "9"}})
        heard = self._sounds
        while self._sounds < heard + 12:
            yield _SILENCE
        yield json.dumps({"event": "stop"})

    async def receive(self) -> dict[str, Any]:
        """The next message, a packet's time later."""
        await asyncio.sleep(0.02)
        try:
            return {"type": "websocket.receive", "text": await anext(self._script)}
        except StopAsyncIteration:
            self.client_state = _GONE
            return {"type": "websocket.disconnect", "code": 1000}

    async def send_text(self, data: str) -> None:
        """Count what is heard."""
        self._sounds += '"media"' in data

    async def send_bytes(self, data: bytes) -> None:
        """Nothing sends bytes to a telephone."""

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Hung up."""
        self.client_state = self.application_state = _GONE
