"""The application with everything but speech, over a database of the test's own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from core.settings import Settings
from service.app import create_app
from service.parts import make_parts
from stores.db import Database
from tools import delivery

KEY = "the-operators-own-key"
HOUSE = "+13035550100"
ACCOUNT = (
    "Acme Realty",
    "Colorado",
    "yes",
    "five",
    "Maria Reed",
    "managing broker",
    "yes",
    "maria@acmerealty.com",
    "303 555 0142",
    "professional",
    "yes",
    "yes",
)
"""What Maria Reed answers, until her account is registered."""


def settings_for(folder: Path, **changed: Any) -> Settings:
    """Settings that read neither the environment nor a ``.env``."""
    given = {"data_dir": folder, "admin_key": KEY, "speech": False, "brain": "guided", **changed}
    return Settings(_env_file=None, **given)


def make_app(settings: Settings, db: Database) -> FastAPI:
    """The application as it is served, its parts put together by hand instead of by the lifespan."""
    app = create_app(settings)
    app.state.parts = make_parts(settings, db)
    return app


@dataclass
class Desk:
    """A client of the API."""

    app: FastAPI
    http: httpx.AsyncClient
    key: dict[str, str] = field(default_factory=lambda: {"Authorization": f"Bearer {KEY}"})

    async def begin(self, to: str = HOUSE, **more: Any) -> dict[str, Any]:
        """A new conversation."""
        answer = await self.http.post("/api/v1/conversations", json={"to": to, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def say(self, conversation: str, text: str) -> dict[str, Any]:
        """One message and its answer."""
        answer = await self.http.post(f"/api/v1/conversations/{conversation}/messages", json={"text": text})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def look(self, conversation: str) -> dict[str, Any]:
        """The conversation as stored."""
        return (await self.http.get(f"/api/v1/conversations/{conversation}")).json()

    async def register(self) -> str:
        """A conversation in which Maria Reed has registered Acme Realty: one step is done."""
        begun = await self.begin()
        for words in ACCOUNT:
            answer = await self.say(begun["id"], words)
        assert [t["status"] for t in answer["tools"]] == ["registered"], answer
        await delivery.settle()
        return begun["id"]

    async def letters(self) -> list[str]:
        """The one-time links in the outbox, newest letter first, without the host."""
        box = await self.http.get("/outbox", headers=self.key)
        assert box.status_code == 200, box.text
        return re.findall(r'href="http://127\.0\.0\.1:8000(/l/[^"]+)"', box.text)

    async def read(self, path: str) -> Any:
        """With the operator's key."""
        answer = await self.http.get(f"/api/v1{path}", headers=self.key)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application on a free port of this loop; its host and port."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws_max_size=64 * 1024
    )
    server = Quiet(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await running


class Quiet(uvicorn.Server):
    """Leaves the test runner's signal handlers alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


MakeDesk = Callable[..., Desk]


@pytest.fixture
async def make_desk(db: Database, tmp_path: Path) -> AsyncIterator[MakeDesk]:
    """Desks at applications with other settings."""
    clients = []

    def make(peer: str = "127.0.0.1", **changed: Any) -> Desk:
        app = make_app(settings_for(tmp_path, **changed), db)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(peer, 1234))
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        clients.append(client)
        return Desk(app, client)

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def desk(make_desk: MakeDesk) -> Desk:
    """A client of the application as a newcomer runs it."""
    return make_desk()
