"""Hundreds of calls in waves against one process: what is left of them afterwards must be nothing."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from core.settings import ONBOARDING
from simulate.line import PhoneLine
from simulate.load import MB
from simulate.service import LocalService, stub_speech
from simulate.voice import PiperVoice
from simulate.whistle import WhistleVoice

WORDS = ("Summit Realty", "yes", "Colorado")
REST = 20.0
"""Seconds after the last call before what is left counts: sweeps and garbage collection have run."""


@dataclass(frozen=True)
class Weight:
    """A process at rest."""

    rss_mb: float
    tasks: int
    sockets: int
    files: int


@dataclass
class Soak:
    """What ``calls`` calls left behind."""

    calls: int
    answered: int
    before: Weight
    after: Weight
    seconds: float
    faults: list[str] = field(default_factory=list)

    @property
    def grown(self) -> float:
        """Share of the memory at rest that did not come back."""
        return self.after.rss_mb / self.before.rss_mb - 1

    @property
    def problems(self) -> list[str]:
        """What is left and should not be."""
        found = list(self.faults)
        if self.answered < self.calls:
            found.append(f"{self.calls - self.answered} calls were not answered to their end")
        if self.grown > 0.10:
            found.append(f"memory grew by {self.grown:.0%}")
        if self.after.tasks > self.before.tasks:
            found.append(f"{self.after.tasks - self.before.tasks} tasks are left")
        if self.after.sockets > self.before.sockets:
            found.append(f"{self.after.sockets - self.before.sockets} sockets are left")
        return found

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "calls": self.calls,
            "answered": self.answered,
            "seconds": round(self.seconds),
            "before": vars(self.before),
            "after": vars(self.after),
            "memory_grown": round(self.grown, 3),
            "problems": self.problems,
        }


async def soak(
    folder: Path, *, calls: int = 200, wave: int = 20, tell: Callable[[str], None] = lambda line: None
) -> Soak:
    """Run ``calls`` calls, ``wave`` at once, on a process of our own with stub speech."""
    service = LocalService(
        folder,
        settings={
            **stub_speech(texts=folder / "texts.json", pace=0.3),
            "SEIKETSU_MAX_CALLS": str(wave + 5),
        },
    )
    voice = WhistleVoice(PiperVoice(folder / "voices"), folder / "texts.json")
    began, answered = time.monotonic(), 0
    faults: list[str] = []
    try:
        await service.start()
        await service.ready()
        assert service.process is not None
        for _ in range(2):  # what is made once a process is made now
            await _wave(service.url, voice, wave, faults)
        await asyncio.sleep(REST)
        before = await weigh(service.url, service.process.pid)
        tell(f"at rest: {before.rss_mb:.0f} MB, {before.tasks} tasks, {before.sockets} sockets")
        for number in range(-(-calls // wave)):
            answered += await _wave(service.url, voice, min(wave, calls - number * wave), faults)
            tell(f"wave {number + 1}: {answered} calls")
        await asyncio.sleep(REST)
        after = await weigh(service.url, service.process.pid)
        tell(f"at rest: {after.rss_mb:.0f} MB, {after.tasks} tasks, {after.sockets} sockets")
    finally:
        await voice.close()
        await service.stop()
    return Soak(calls, answered, before, after, time.monotonic() - began, faults)


async def weigh(url: str, pid: int) -> Weight:
    """A process at rest, by its own count and the system's."""
    async with httpx.AsyncClient(base_url=url, timeout=10) as http:
        text = (await http.get("/metrics")).text
    found = re.search(r"^seiketsu_tasks ([0-9.]+)$", text, re.M)
    process = psutil.Process(pid)
    sockets = [c for c in process.net_connections("tcp") if c.status in ("ESTABLISHED", "CLOSE_WAIT")]
    return Weight(
        round(process.memory_info().rss / MB, 1),
        round(float(found[1])) if found else 0,
        len(sockets),
        process.num_fds(),
    )


async def _wave(url: str, voice: WhistleVoice, calls: int, faults: list[str]) -> int:
    done = await asyncio.gather(*(_call(url, voice, faults) for _ in range(calls)))
    return sum(done)


async def _call(url: str, voice: WhistleVoice, faults: list[str]) -> bool:
    line = PhoneLine(url, to=ONBOARDING)
    try:
        await line.dial()
        heard = await line.listen(quiet=0.4, timeout=40)
        for words in WORDS:
            await line.say(await voice.clip(words))
            heard = await line.listen(quiet=0.4, timeout=20) and heard
    except RuntimeError as wrong:
        faults.append(str(wrong))
        return False
    finally:
        await line.hang_up()
        await line.closed.wait()
    faults += line.faults
    return heard
