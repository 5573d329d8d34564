"""Whole calls: the real service on the test's database, callers on real sockets."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

with warnings.catch_warnings():  # pipecat imports the standard library's audioop, which warns on import
    warnings.simplefilter("ignore", DeprecationWarning)
    import pipecat.audio.utils  # noqa: F401

from agent.speech.providers import stub
from agent.turns import Turns
from stores.cluster import Cluster
from tests.whole.house import House, Whistles, house


@pytest.fixture
def whistles(monkeypatch: pytest.MonkeyPatch) -> Whistles:
    """Stub ears that hear what is meant, and a stub voice that speaks ten times as fast as a person."""
    whistles = Whistles()

    async def hear(self, pcm, rate, **rest):
        return await whistles.hear(self, pcm, rate, **rest)

    monkeypatch.setattr(stub.StubRecognizer, "hear", hear)
    monkeypatch.setattr(stub, "SECONDS_PER_CHARACTER", 0.006)
    stub.tone.cache_clear()
    yield whistles
    stub.tone.cache_clear()


@pytest.fixture
async def home(fresh: Cluster, whistles: Whistles, tmp_path: Path) -> AsyncIterator[House]:
    """One process."""
    async with house(fresh, tmp_path, whistles) as home:
        yield home


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What callers heard to its end, on any line, in order."""
    heard: list[str] = []
    said = Turns.said

    def note(self: Turns, text: str) -> None:
        before = len(self._saying)
        said(self, text)
        if len(self._saying) < before:
            heard.append(text)

    monkeypatch.setattr(Turns, "said", note)
    return heard
