"""Nobody waits in silence; and nobody who talks long is talked over."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from agent import watch as module
from agent.limits import Limits
from agent.ports import Utterance
from agent.turns import Turns
from agent.watch import Watch
from tests.line.doubles import Say, Script

LIMITS = Limits(stalled=0.1, monologue=0.6, silent_voice=0.1, dead_line=0.3)


class Line:
    def __init__(self) -> None:
        self.log: list[str] = []

    async def say(self, says: Sequence[Utterance]) -> None:
        self.log += [utterance.text for utterance in says]

    async def say_owed(self) -> None:
        self.log.append("owed")

    def wake(self) -> None:
        self.log.append("wake")

    def give_up(self) -> None:
        self.log.append("give up")

    def silent_voice(self) -> None:
        self.log.append("silent voice")

    async def lost(self) -> None:
        self.log.append("lost")

    def time_is_up(self) -> None:
        self.log.append("time is up")


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.02)


async def watched(watch: Watch, seconds: float) -> None:
    works = [asyncio.ensure_future(work) for work in watch.works()]
    await asyncio.sleep(seconds)
    for work in works:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


async def test_a_line_on_which_nothing_happens_is_woken() -> None:
    line = Line()
    await watched(Watch(line, Turns(Script()), LIMITS, idle_seconds=lambda: 0.1), 0.3)
    assert line.log[0] == "wake"


async def test_a_caller_who_talks_long_is_not_talked_over() -> None:
    line = Line()
    watch = Watch(line, Turns(Script()), LIMITS, idle_seconds=lambda: 0.1)
    watch.caller_talking = True
    await watched(watch, 0.4)
    assert line.log == []
    await watched(watch, 0.4)
    assert line.log == ["wake"], "but a turn that never ends is ended"


async def test_words_without_sound_are_said_again_once() -> None:
    line, turns = Line(), Turns(Script())
    watch = Watch(line, turns, LIMITS, idle_seconds=lambda: 9.0)
    turns.saying([Say("Hello?")])
    await watched(watch, 0.13)
    turns.saying([Say("Hello?")])  # as say_owed would
    await watched(watch, 0.3)
    assert line.log == ["silent voice", "owed", "silent voice", "give up"]


async def test_working_is_not_silence() -> None:
    line, script = Line(), Script(work=0.5)
    turns = Turns(script)
    hearing = asyncio.create_task(turns.hear("x"))
    await watched(Watch(line, turns, LIMITS, idle_seconds=lambda: 0.1), 0.4)
    assert line.log == []
    await hearing


async def test_a_wire_without_sound_is_dead() -> None:
    line = Line()
    heard_at = time.monotonic()
    watch = Watch(
        line,
        Turns(Script()),
        replace(LIMITS, stalled=9.0),
        idle_seconds=lambda: 9.0,
        heard_at=lambda: heard_at,
    )
    await watched(watch, 0.2)
    assert line.log == []
    await watched(watch, 0.3)
    assert line.log == ["lost"]
