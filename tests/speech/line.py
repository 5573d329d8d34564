"""A call reduced to ears and turn taking, played on a timeline ten times as fast as life."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    TranscriptionFrame,
    UserIdleTimeoutUpdateFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner

from agent.speech.frames import PauseFrame
from agent.speech.heard import Heard
from agent.speech.stt import EmbeddedSTTService
from agent.speech.turns import PACES, Pace, Turns, build_turns

FAST = 10
START = STOP = 0.2 / FAST
PACES_FAST = {
    name: Pace(*(seconds / FAST for seconds in (p.sure, p.likely, p.unsure, p.idle, p.enough, p.plain)))
    for name, p in PACES.items()
}


class ScriptedRecognizer:
    """Hears what the test says was said: the text pronounced so far in the audio handed over."""

    model_name = "base"
    p99_seconds = 0.1
    idle = True

    def __init__(self, delay: float = 0.02):
        self.delay = delay
        self.texts: dict[int, str] = {}
        self.confidence = 0.9
        self.deaf_after = ""
        self.asked: list[tuple[str, ...]] = []
        self.careful: list[bool] = []

    def speaks(self, language: str) -> bool:
        return language == "en"

    async def hear(self, pcm, rate, *, words=(), language="en", careful=False, **_) -> Heard:
        self.asked.append(tuple(words))
        self.careful.append(careful)
        await asyncio.sleep(self.delay)
        said = [self.texts[mark] for mark in sorted(set(pcm) - {0}) if self.texts.get(mark)]
        for count, part in enumerate(said, 1):
            if self.deaf_after and self.deaf_after in part:
                said = said[:count]
        text = " ".join(said)
        return Heard(text=text, confidence=self.confidence if text else 0.0, seconds=len(pcm) / 2 / rate)


class ScriptedJudge:
    """Says what the test tells it to."""

    def __init__(self, probability: float = 0.95):
        self.probability = probability
        self.delay = 0.004
        self.busy = False
        self.spared = 0

    def spare(self) -> None:
        self.spared += 1

    async def finished(self, pcm, rate) -> float:
        await asyncio.sleep(self.delay)
        return self.probability


class Tap(FrameProcessor):
    """Remembers what passes."""

    def __init__(self, into: list[Frame]):
        super().__init__()
        self.into = into

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if not isinstance(frame, InputAudioRawFrame):
            self.into.append(frame)
        await self.push_frame(frame, direction)


@dataclass
class Line:
    """One call."""

    worker: PipelineWorker
    turns: Turns
    stt: EmbeddedSTTService | None
    ears: ScriptedRecognizer
    judge: ScriptedJudge
    context: LLMContext
    frames: list[Frame] = field(default_factory=list)
    began: list[float] = field(default_factory=list)
    ended: list[tuple[float, str]] = field(default_factory=list)
    quiet_at: float = 0.0
    marks: int = 0
    voice: bool = False

    async def send(self, frame: Frame) -> None:
        await self.worker.queue_frame(frame)

    async def say(
        self, text: str, seconds: float = 0.1, *, pause: float = 0.0, hint: float | None = None
    ) -> None:
        """A stretch of speech, the silence after which the detector reports it, and a pause.

        ``hint``: how long after the end of the speech the ears hear of a pause; negative: before its end.
        """
        self.marks += 1
        self.ears.texts[self.marks] = text
        await self.send(InputAudioRawFrame(bytes([self.marks]) * 320, 8000, 1))
        self.voice = True
        await asyncio.sleep(START)
        await self.send(VADUserStartedSpeakingFrame(start_secs=START))
        await asyncio.sleep(max(0.0, seconds - START))
        if hint is not None and hint < 0:
            await self.worker.queue_frame(PauseFrame())
            await self.send(InputAudioRawFrame(bytes(8000), 8000, 1))
        await self.send(InputAudioRawFrame(bytes([self.marks]) * 320, 8000, 1))
        self.quiet_at, self.voice = time.time(), False
        if hint is not None and hint >= 0:
            await asyncio.sleep(hint)
            await self.worker.queue_frame(PauseFrame())
            await asyncio.sleep(STOP - hint)
        else:
            await asyncio.sleep(STOP)
        await self.send(VADUserStoppedSpeakingFrame(stop_secs=STOP))
        await asyncio.sleep(max(0.0, pause - STOP))

    async def bot(self, speaking: bool) -> None:
        await self.send(BotStartedSpeakingFrame() if speaking else BotStoppedSpeakingFrame())
        await asyncio.sleep(0.01)

    async def keys(self, digits: str) -> None:
        await self.send(TranscriptionFrame(f"DTMF: {digits}", "", "", finalized=True))

    async def over(self, timeout: float = 2.0) -> tuple[float, str]:
        """Wait for the end of a turn: seconds of silence before it, what was said."""
        count = len(self.ended)
        deadline = time.time() + timeout
        while len(self.ended) == count and time.time() < deadline:
            await asyncio.sleep(0.002)
        assert len(self.ended) > count, "the turn did not end"
        at, text = self.ended[-1]
        return at - self.quiet_at, text

    @property
    def interruptions(self) -> int:
        return sum(isinstance(f, InterruptionFrame) for f in self.frames)

    @property
    def said(self) -> list[str]:
        return [m["content"] for m in self.context.get_messages() if m["role"] == "user"]

    @property
    def idle_timeouts(self) -> list[float]:
        return [round(f.timeout, 3) for f in self.frames if isinstance(f, UserIdleTimeoutUpdateFrame)]


@asynccontextmanager
async def call(*, embedded: bool = True, **kw):
    """A running call; ``embedded`` false leaves finals to the test, as a vendor's recogniser sends them."""
    ears, judge, context, frames = ScriptedRecognizer(), ScriptedJudge(), LLMContext(), []
    turns = build_turns(None, judge, paces=PACES_FAST, barge_in_secs=0.055, voiced=lambda: line.voice, **kw)
    pair = LLMContextAggregatorPair(context, user_params=turns.params())
    stt = EmbeddedSTTService(ears) if embedded else None
    parts = [*([stt] if stt else []), pair.user(), Tap(frames)]
    worker = PipelineWorker(Pipeline(parts), enable_rtvi=False, cancel_on_idle_timeout=False)
    line = Line(worker, turns, stt, ears, judge, context, frames)
    started = asyncio.Event()

    @worker.event_handler("on_pipeline_started")
    async def _started(*_):
        started.set()

    @pair.user().event_handler("on_user_turn_started")
    async def _began(*_):
        line.began.append(time.time())

    @pair.user().event_handler("on_user_turn_stopped")
    async def _ended(_, __, message):
        line.ended.append((time.time(), message.content))

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(started.wait(), 5)
    try:
        yield line
    finally:
        await worker.cancel()
        await asyncio.wait_for(running, 5)


__all__ = ["FAST", "FrameDirection", "Line", "call"]
