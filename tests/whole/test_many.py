"""Ten callers at once on one process: nobody hears another's words, and nothing is left of them."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import psutil
import pytest
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameProcessor

from agent.conversation import Conversation
from agent.session import Session
from tests.whole.house import House

CALLS = 10
KINDS = (Session, Conversation, PipelineWorker, FrameProcessor)


@pytest.mark.slow
async def test_ten_calls_at_once_leave_nothing_behind(home: House) -> None:
    await _call(home, 0, CALLS)  # what is made once a process
    before, rss = await _weigh(home), psutil.Process().memory_info().rss
    calling = asyncio.gather(*(_call(home, n, n + 1, together=True) for n in range(CALLS)))
    await home.until(lambda: len(home.registry) == CALLS, 30)
    assert len(_objects()) > len(before["objects"]) + 10 * CALLS, "they would be seen"
    await calling
    after = await _weigh(home)
    assert after["objects"] == before["objects"], "what belonged to the calls is gone"
    assert after["tasks"] == before["tasks"]
    assert after["sockets"] <= before["sockets"]
    grown = psutil.Process().memory_info().rss / rss - 1
    assert grown < 0.12, f"{grown:.0%} of the memory did not come back"


async def test_the_first_caller_need_not_wait_long(home: House) -> None:
    assert home.ready_after < 8, "without speech models to load there is next to nothing to do"


async def _call(home: House, number: int, area: int, together: bool = False) -> None:
    """One caller with a name of its own: everything stored is about it and nobody else."""
    name = f"{NAMES[number]} Realty"
    line = await home.ring(from_=f"+130355501{10 + area:02d}")
    if together:  # everybody is on the line before the first one speaks
        await home.until(lambda: len(home.registry) == CALLS, 30)
    await home.say(line, name)
    await home.say(line, "yes")
    left = await home.left(line)
    assert left.slots == {"organization_name": name}, number
    assert left.said("caller") == [name, "yes"], number
    assert name in left.said()[1], number
    assert not [n for n in NAMES if n != NAMES[number] and n in " ".join(left.said())]
    await line.hang_up()
    await line.closed.wait()
    home.lines.remove(line)
    assert line.faults == []


NAMES = ("Aspen", "Birch", "Cedar", "Dogwood", "Elm", "Juniper", "Laurel", "Maple", "Poplar", "Willow")


async def _weigh(home: House) -> dict[str, Any]:
    """Tasks, sockets and objects of calls, once everything has settled."""
    await home.empty()
    await asyncio.sleep(1.0)
    gc.collect()
    return {
        "tasks": sorted(task.get_name().rstrip("0123456789") for task in asyncio.all_tasks()),
        "sockets": sum(
            connection.status in ("ESTABLISHED", "CLOSE_WAIT")
            for connection in psutil.Process().net_connections("tcp")
        ),
        "objects": _objects(),
    }


def _objects() -> list[str]:
    # by type, not isinstance: that would follow weak proxies to objects that are gone
    return sorted(type(thing).__name__ for thing in gc.get_objects() if issubclass(type(thing), KINDS))
