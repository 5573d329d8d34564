"""The service as it is served, in this process, and callers who can say any text on a real line."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from fastapi import FastAPI

from agent.speech import whistle
from agent.speech.heard import Heard
from agent.speech.providers.stub import StubRecognizer
from core.settings import Settings
from service.app import create_app
from simulate.line import PhoneLine
from simulate.sound import RATE, Clip
from stores import calls, conversations, receipts, support
from stores.cluster import Cluster
from stores.db import Database
from tests.simulate.service import serving
from tests.speech.audio import telephone
from tests.web.conftest import HOUSE, settings_for


class Whistles:
    """Real speech for the detectors, with a whistle that says which text is meant (agent.speech.whistle).

    The voice detector and turn taking hear a person; the stub recogniser (``hear``) reads the whistle,
    from the sound that reached it and nothing else. A text that leaks into another call is seen.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []

    def clip(self, text: str) -> Clip:
        """The text, a second long, whatever its words."""
        if text not in self.texts:
            self.texts.append(text)
        voice = np.frombuffer(telephone("That is right.", 1.1), "<i2")
        return Clip.of(whistle.put(voice, self.texts.index(text), RATE), text)

    async def hear(self, _: StubRecognizer, pcm: bytes, rate: int, **__: Any) -> Heard:
        """In place of StubRecognizer.hear."""
        samples = np.frombuffer(pcm, "<i2")
        number = whistle.read(samples, rate)
        if number is None or number >= len(self.texts):
            return Heard(dropped="silence")
        return Heard(self.texts[number], 0.95, seconds=samples.size / rate)


@dataclass
class Left:
    """What a call has left in the database."""

    call: Any
    row: Any
    turns: list[Any]
    receipts: list[Any]
    tickets: list[Any]

    @property
    def slots(self) -> dict[str, Any]:
        """Confirmed values by name."""
        held = (self.row.state or {}).get("slots", {})
        return {n: s.get("value") for n, s in held.items() if s.get("status") == "confirmed"}

    def said(self, role: str = "agent") -> list[str]:
        """The stored words of one side."""
        return [turn.text for turn in self.turns if turn.role == role]


@dataclass
class House:
    """One process's worth of service."""

    app: FastAPI
    url: str
    folder: Path
    whistles: Whistles
    lines: list[PhoneLine] = field(default_factory=list)
    ready_after: float = 0.0

    @property
    def db(self) -> Database:
        return self.app.state.parts.db

    @property
    def registry(self) -> Any:
        return self.app.state.telephone.registry

    async def ring(self, *, to: str = HOUSE, **more: Any) -> PhoneLine:
        """A call that has heard the opening out."""
        line = PhoneLine(self.url, to=to, **more)
        self.lines.append(line)
        await line.dial()
        assert await line.listen(quiet=0.5, timeout=25), (line.reason, line.faults)
        return line

    async def say(self, line: PhoneLine, text: str, *, listen: bool = True) -> None:
        """The caller's words, and the agent's answer heard out."""
        await line.say(self.whistles.clip(text))
        if listen:
            assert await line.listen(quiet=0.3, timeout=20), (text, line.reason, line.faults)

    async def left(self, line: PhoneLine) -> Left:
        """What is stored of a call now."""
        async with self.db.platform("a test looks") as session:
            found = await calls.find_by_sid(session, line.sid)
        assert found is not None
        return await self.left_of(found.tenant_id, found.conversation_id, found)

    async def left_of(self, tenant_id: Any, conversation_id: Any, call: Any = None) -> Left:
        """What is stored of a conversation now."""
        async with self.db.tenant(tenant_id) as session:
            call = call and await calls.get_call(session, call.id)
            row = await conversations.load(session, conversation_id)
            return Left(
                call,
                row,
                list(await conversations.turns(session, conversation_id)),
                list(await receipts.receipts(session, conversation_id)),
                list(await support.list_tickets(session)),
            )

    async def until(self, holds: Any, timeout: float = 10.0) -> None:
        async with asyncio.timeout(timeout):
            while not holds():
                await asyncio.sleep(0.02)

    async def empty(self) -> None:
        """Until no call is on."""
        await self.until(lambda: len(self.registry) == 0, 20)


@contextlib.asynccontextmanager
async def house(
    cluster: Cluster | None, folder: Path, whistles: Whistles, **changed: Any
) -> AsyncIterator[House]:
    """``create_app`` with its life: database, models, lines. ``cluster`` None: its own embedded Postgres."""
    settings = house_settings(cluster, folder, **changed)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        began = time.monotonic()
        async with asyncio.timeout(120):
            while app.state.telephone.state != "ok":
                assert "failed" not in app.state.telephone.state, app.state.telephone.state
                await asyncio.sleep(0.05)
        async with serving(app) as url:
            home = House(app, url, folder, whistles, ready_after=time.monotonic() - began)
            yield home
            for line in home.lines:
                await line.hang_up()
                await asyncio.wait_for(line.closed.wait(), 10)
            await home.empty()


def house_settings(cluster: Cluster | None, folder: Path, **changed: Any) -> Settings:
    """Stub speech unless it is said otherwise."""
    url = cluster.admin.render_as_string(hide_password=False) if cluster else None
    given = {"speech": True, "stt": "stub", "tts": "stub", "database_url": url, **changed}
    return settings_for(folder, **given)
