"""Has the caller finished? Smart turn v3.2, shared by the process, on a thread of its own."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import onnxruntime as ort

from agent.speech.patches import smart_turn_session, turn_probability

LATE = 0.25
"""Seconds after which a verdict is of no use: the silence it was to shorten is over."""
REST = 1.0
"""Seconds for which nobody is asked after a late one: so busy a process hears by words and silence alone."""


@dataclass(slots=True)
class JudgeTally:
    """Counters of a process, for metrics. ``spared``: pauses for which nobody was asked."""

    verdicts: int = 0
    seconds: float = 0.0
    waiting: int = 0
    spared: int = 0


class TurnJudge:
    """Smart turn. Its word is a hint: it takes most cut sentences for finished ones.

    A verdict costs 60 ms of a core. When verdicts come late because calls are many, asking for more makes
    every call wait; then ``busy`` says so, and pauses are judged without it for a while.
    """

    def __init__(self, *, workers: int = 1):
        self.tally = JudgeTally()
        self._rests_until = 0.0
        self._session: ort.InferenceSession | None = None
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="turn")

    def load(self) -> None:
        """Verify and load the weights (off the event loop). Raises ``WeightsError``."""
        self._session = smart_turn_session()

    def warm(self) -> None:
        """Run once."""
        self._judge(bytes(16000), 8000)

    @property
    def busy(self) -> bool:
        """Whether an answer would come too late to be of use."""
        return time.monotonic() < self._rests_until

    def spare(self) -> None:
        """Count a pause for which nobody was asked."""
        self.tally.spared += 1

    async def finished(self, pcm: bytes, rate: int) -> float:
        """Probability 0..1 that the turn in ``pcm`` (16-bit mono, the last 8 s count) is complete."""
        self.tally.waiting += 1
        began = time.monotonic()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._judge, pcm, rate)
        finally:
            self.tally.waiting -= 1
            if time.monotonic() - began > LATE:
                self._rests_until = time.monotonic() + REST

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
