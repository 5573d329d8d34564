"""The door for pipecat's harness, with the real conversation, flows and Postgres behind it."""

from __future__ import annotations

import asyncio
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI

with warnings.catch_warnings():  # pipecat imports audioop and an alias of websockets, which both warn
    warnings.simplefilter("ignore", DeprecationWarning)
    import pipecat.evals.script_session  # noqa: F401

from agent.parts import Parts
from agent.speech.engine import SpeechEngine
from flows.loader import load_all
from stores.db import Database
from tests.conversation.conftest import clock, office, parts
from tests.simulate.service import serving
from web.evals import evals_router

__all__ = ["clock", "office", "parts"]

FLOWS = Path(__file__).parents[2] / "flows"


@dataclass(frozen=True)
class Door:
    """Where the harness connects: the onboarding line, and a client's line."""

    url: str
    parts: Parts
    tenant_id: UUID

    def line(self, name: str) -> str:
        """``onboarding``, or anything else for the client's own number."""
        address = self.url.replace("http", "ws", 1) + "/eval?from=%2B13035550142"
        return address if name.startswith("onboarding") else f"{address}&tenant={self.tenant_id}"


@pytest.fixture(scope="session")
def engine() -> Iterator[SpeechEngine]:
    """Without the embedded recogniser and voice: scenarios in text."""
    engine = SpeechEngine(embedded=False)
    asyncio.run(engine.load(Path(tempfile.gettempdir())))
    yield engine
    engine.close()


@pytest.fixture
async def door(db: Database, tenant_id: UUID, engine: SpeechEngine) -> AsyncIterator[Door]:
    """A server for one scenario."""
    parts = Parts(db=db, flows=load_all(FLOWS))
    app = FastAPI()
    app.include_router(evals_router(parts, engine))
    async with serving(app) as url:
        yield Door(url, parts, tenant_id)
        await asyncio.sleep(0.1)
