"""A real server on a real port, with doubles behind the line."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from agent.latency import TurnRecord
from agent.limits import Limits
from agent.ports import LiveCall
from agent.registry import Registry
from agent.session import Farewell, Session
from tests.line.doubles import EnergyEars, MemoryBook, Script, StubSpeech, ToneMouth, stub_speech
from tests.line.handset import Handset
from web.twilio import PhoneParts, twilio_router


@dataclass
class Exchange:
    """The service under test."""

    url: str = ""
    book: MemoryBook = field(default_factory=MemoryBook)
    registry: Registry = field(default_factory=lambda: Registry(10))
    limits: Limits = field(default_factory=Limits)
    scripts: dict[str, Script] = field(default_factory=dict)
    default: Script | None = None
    speech: dict[str, StubSpeech] = field(default_factory=dict)
    turns: list[TurnRecord] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    handsets: list[Handset] = field(default_factory=list)
    idle: float | None = None
    make_extra: dict[str, Any] = field(default_factory=dict)
    broken: bool = False

    async def session(self, call: LiveCall, farewell: Farewell) -> Session:
        if self.broken:
            raise RuntimeError("no conversation")
        script = self.scripts.setdefault(call.call_sid, self.default or Script())
        self.speech[call.call_sid] = speech = stub_speech(self.idle)
        session = Session(
            call,
            script,
            speech,
            limits=self.limits,
            farewell=farewell,
            on_turn=self.turns.append,
            **{name: make(call) for name, make in self.make_extra.items()},
        )
        self.sessions.append(session)
        return session

    def handset(self) -> Handset:
        handset = Handset(self.url)
        self.handsets.append(handset)
        return handset

    async def call(self, script: Script | None = None) -> tuple[Handset, Script]:
        """Ring and pick up."""
        handset = self.handset()
        if script is not None:
            self.scripts[handset.sid] = script
        await handset.pick_up(await handset.ring())
        await handset.until_sound()
        return handset, self.scripts[handset.sid]

    def ears(self, handset: Handset) -> EnergyEars:
        return self.speech[handset.sid].stt

    def mouth(self, handset: Handset) -> ToneMouth:
        return self.speech[handset.sid].tts

    def says(self, handset: Handset, text: str, seconds: float = 0.4) -> None:
        """The caller says ``text``."""
        self.ears(handset).will_hear.append(text)
        handset.say(seconds)

    async def until(self, holds: Any, timeout: float = 5.0) -> None:
        async with asyncio.timeout(timeout):
            while not holds():
                await asyncio.sleep(0.01)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def serve(parts: PhoneParts) -> AsyncIterator[str]:
    app = FastAPI()
    app.include_router(twilio_router(parts))
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off", loop="asyncio")
    )
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    await running


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    """A line with doubles behind it."""
    exchange = Exchange()
    async for url in serve(
        PhoneParts(book=exchange.book, registry=exchange.registry, sessions=exchange.session)
    ):
        exchange.url = url
        yield exchange
        for handset in exchange.handsets:
            await handset.finish()
        await exchange.until(lambda: len(exchange.registry) == 0, 15)
