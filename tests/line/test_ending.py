"""However a call ends from our side, it ends in time."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from agent.ending import end_call


class Worker:
    """A pipeline as ``end_call`` sees it."""

    def __init__(self, flush_seconds: float = 0.0, drained: bool = True):
        self.flush_seconds, self.drained = flush_seconds, drained
        self.log: list[str] = []

    async def flush_pipeline(self, timeout: float) -> bool:
        await asyncio.sleep(self.flush_seconds)
        self.log.append("flushed")
        return self.drained

    async def cancel(self, reason: str) -> None:
        self.log.append(f"cancelled: {reason}")


async def end(worker: Worker, **how: Any) -> bool:
    return await end_call(cast(Any, worker), reason="test", **how)


async def test_words_then_farewell_then_the_cut() -> None:
    worker = Worker()

    async def farewell() -> None:
        worker.log.append("farewell")

    assert await end(worker, farewell=farewell)
    assert worker.log == ["flushed", "farewell", "cancelled: test"]


async def test_endless_words_are_cut() -> None:
    worker = Worker(flush_seconds=60)
    assert not await end(worker, words=0.05)
    assert worker.log == ["cancelled: test"]


@pytest.mark.parametrize("fault", ["slow", "broken"])
async def test_a_farewell_that_fails_does_not_keep_the_line(fault: str) -> None:
    worker = Worker()

    async def farewell() -> None:
        if fault == "broken":
            raise ConnectionError
        await asyncio.sleep(60)

    assert await end(worker, farewell=farewell, goodbye=0.05)
    assert worker.log == ["flushed", "cancelled: test"]
