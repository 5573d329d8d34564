"""Many calls at once against one process, and what they cost it: processor time, memory, patience."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil

from core.ranks import percentile
from simulate.line import PhoneLine
from simulate.sound import Clip

PERIOD = 7.0
"""Seconds from one thing the caller says to the next."""
SETTLE = 5.0
"""Seconds after the last call was placed before measuring begins."""
REST = 10.0
"""Seconds after the last call has ended before the memory that is left counts."""
SEED = 7
MB = 1024 * 1024


@dataclass(frozen=True)
class Load:
    """What ``calls`` simultaneous calls did to a process. Per-call numbers are of the process alone;
    ``children_*`` are what it started besides (a database). ``callers_cpu_percent``: what the measuring
    side used of a core; near 100 it measures itself.
    """

    name: str
    calls: int
    seconds: float
    cpu_percent_per_call: float
    children_cpu_percent_per_call: float
    rss_mb_idle: float
    rss_mb_per_call: float
    rss_mb_after: float
    children_rss_mb: float
    callers_cpu_percent: float = 0.0
    accept_ms: Sequence[float] = field(default_factory=list)
    reply_ms: Sequence[float] = field(default_factory=list)
    unanswered: int = 0
    dropped: int = 0

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form, lists as percentiles."""
        return {
            "name": self.name,
            "calls": self.calls,
            "seconds": round(self.seconds, 1),
            "cpu_percent_per_call": round(self.cpu_percent_per_call, 2),
            "children_cpu_percent_per_call": round(self.children_cpu_percent_per_call, 2),
            "rss_mb_idle": round(self.rss_mb_idle),
            "rss_mb_per_call": round(self.rss_mb_per_call, 1),
            "rss_mb_after": round(self.rss_mb_after),
            "children_rss_mb": round(self.children_rss_mb),
            "callers_cpu_percent": round(self.callers_cpu_percent),
            "accept_ms": spread(self.accept_ms),
            "reply_ms": spread(self.reply_ms),
            "unanswered": self.unanswered,
            "dropped": self.dropped,
        }


def spread(values: Sequence[float]) -> dict[str, float | int | None]:
    """n, p50, p95 and the largest, rounded to whole numbers."""
    found = {"p50": percentile(values, 0.5), "p95": percentile(values, 0.95), "max": percentile(values, 1.0)}
    return {"n": len(values), **{k: None if v is None else round(v) for k, v in found.items()}}


async def load(name: str, url: str, pid: int, clip: Clip, *, to: str, calls: int, seconds: float) -> Load:
    """Place ``calls`` calls within 1.5 s, let each say ``clip`` every 7 s, measure for ``seconds``.

    Callers do not speak in chorus: each begins after a random part of the period, the same in every run.

    A first call warms the process up; the memory it leaves counts as idle. ``reply_ms`` are turns in
    which the agent was heard within the period; turns it did not answer are ``unanswered``.
    """
    process = psutil.Process(pid)
    await _converse(url, to, clip, PERIOD * 2)
    await asyncio.sleep(2)
    idle = process.memory_info().rss / MB
    lines: list[PhoneLine] = []
    talking = []
    chance = random.Random(SEED)
    waits = [chance.uniform(0, PERIOD) for _ in range(calls)]
    for wait in waits:
        line = PhoneLine(url, to=to)
        lines.append(line)
        talking.append(asyncio.create_task(_talk(line, clip, wait, SETTLE + PERIOD + seconds + 3)))
        await asyncio.sleep(1.5 / calls)
    await asyncio.sleep(PERIOD + SETTLE)
    before, others = _cpu(process), _cpu(*process.children(recursive=True))
    own = time.process_time()
    began = asyncio.get_running_loop().time()
    await asyncio.sleep(seconds)
    took = asyncio.get_running_loop().time() - began
    cpu, more = _cpu(process) - before, _cpu(*process.children(recursive=True)) - others
    own = time.process_time() - own
    busy = process.memory_info().rss / MB
    dropped = sum(line.over.is_set() for line in lines)
    await asyncio.gather(*talking)
    await asyncio.sleep(REST)
    turns = [turn for line in lines for turn in line.meter.turns]
    replies = [turn.latency * 1000 for turn in turns if turn.latency is not None]
    firsts = [line.meter.openings[0].to_first_media for line in lines if line.meter.openings]
    return Load(
        name,
        calls,
        took,
        cpu_percent_per_call=cpu / took / calls * 100,
        children_cpu_percent_per_call=more / took / calls * 100,
        rss_mb_idle=idle,
        rss_mb_per_call=(busy - idle) / calls,
        rss_mb_after=process.memory_info().rss / MB,
        children_rss_mb=sum(child.memory_info().rss for child in process.children(recursive=True)) / MB,
        callers_cpu_percent=own / took * 100,
        accept_ms=[first * 1000 for first in firsts if first is not None],
        reply_ms=replies,
        unanswered=len(turns) - len(replies),
        dropped=dropped,
    )


async def openings(url: str, to: str, times: int) -> list[float]:
    """Milliseconds from the media socket's accept to the first sound message, one call after another."""
    found = []
    for _ in range(times):
        line = await PhoneLine(url, to=to).dial()
        await line.heard_something(timeout=10)
        await line.hang_up()
        await line.closed.wait()
        first = line.meter.openings[0].to_first_media if line.meter.openings else None
        if first is not None:
            found.append(first * 1000)
    return found


def pin(pid: int, core: int) -> None:
    """Keep a process and all it has started on one core; without effect where that cannot be done."""
    for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        if hasattr(one, "cpu_affinity") and (os.cpu_count() or 1) > core:
            for thread in one.threads():
                os.sched_setaffinity(thread.id, {core})
            one.cpu_affinity([core])


async def _converse(url: str, to: str, clip: Clip, seconds: float) -> None:
    await _talk(PhoneLine(url, to=to), clip, 0.0, seconds)


async def _talk(line: PhoneLine, clip: Clip, wait: float, seconds: float) -> None:
    """Wait, then say the clip every period until the time is up, whatever the agent says; then hang up."""
    loop = asyncio.get_running_loop()
    await line.dial()
    until = loop.time() + seconds
    await line.listen(quiet=1.0, timeout=20)
    await asyncio.sleep(wait)
    while loop.time() < until and not line.over.is_set():
        due = loop.time() + PERIOD
        await line.say(clip)
        await line.listen(quiet=0.5, timeout=max(0.1, due - loop.time()))
        await asyncio.sleep(max(0.0, min(due, until) - loop.time()))
    await line.hang_up()
    await line.closed.wait()


def _cpu(*processes: psutil.Process) -> float:
    """Seconds of processor time they have used."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
