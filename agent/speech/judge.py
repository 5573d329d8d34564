"""Has the caller finished? Smart turn v3.2, shared by the process, on a thread of its own."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import onnxruntime as ort

from agent.speech.patches import smart_turn_session, turn_probability


@dataclass(slots=True)
class JudgeTally:
    """Counters of a process, for metrics."""

    verdicts: int = 0
    seconds: float = 0.0
    waiting: int = 0


class TurnJudge:
    """Smart turn. Its word is a hint: it takes most cut sentences for finished ones."""

    def __init__(self, *, workers: int = 1):
        self.tally = JudgeTally()
        self._session: ort.InferenceSession | None = None
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="turn")

    def load(self) -> None:
        """Verify and load the weights (off the event loop). Raises ``WeightsError``."""
        self._session = smart_turn_session()

    def warm(self) -> None:
        """Run once."""
        self._judge(bytes(16000), 8000)

    async def finished(self, pcm: bytes, rate: int) -> float:
        """Probability 0..1 that the turn in ``pcm`` (16-bit mono, the last 8 s count) is complete."""
        self.tally.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._judge, pcm, rate)
        finally:
            self.tally.waiting -= 1

    def _judge(self, pcm: bytes, rate: int) -> float:
        if self._session is None:
            raise RuntimeError("turn detection is not loaded")
        began = time.perf_counter()
        probability = turn_probability(self._session, pcm, rate)
        self.tally.verdicts += 1
        self.tally.seconds += time.perf_counter() - began
        return probability

    def close(self) -> None:
        """Stop the thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._session = None
