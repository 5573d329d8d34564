"""Real sound through everything at once, in real time: detector, smart turn, recogniser, turn taking."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    LLMContextFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.workers.runner import WorkerRunner

from agent.frames import PatienceFrame
from agent.speech.judge import TurnJudge
from agent.speech.stt import EmbeddedSTTService
from agent.speech.turns import build_turns
from agent.speech.vad import VoiceActivity
from tests.speech.audio import RATE, noise, silence, telephone
from tests.speech.line import Tap

pytestmark = [pytest.mark.speech, pytest.mark.slow]

PACKET = RATE // 50 * 2


def trimmed(pcm: bytes) -> bytes:
    heard = np.flatnonzero(np.abs(np.frombuffer(pcm, "<i2")) > 300)
    return pcm[heard[0] * 2 : heard[-1] * 2]


async def test_a_conversation_of_sounds(recognizer):
    activity, judge = VoiceActivity(), TurnJudge()
    for part in (activity, judge):
        part.load()
        part.warm()
    turns = build_turns(activity.detector(), judge)
    context, frames = LLMContext(), list[Frame]()
    pair = LLMContextAggregatorPair(context, user_params=turns.params())
    worker = PipelineWorker(
        Pipeline([EmbeddedSTTService(recognizer), pair.user(), Tap(frames)]),
        params=PipelineParams(audio_in_sample_rate=RATE),
        enable_rtvi=False,
        cancel_on_idle_timeout=False,
    )
    started = asyncio.Event()

    @worker.event_handler("on_pipeline_started")
    async def _started(*_):
        started.set()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(started.wait(), 5)

    async def play(pcm: bytes) -> float:
        due = time.time()
        for at in range(0, len(pcm), PACKET):
            await worker.queue_frame(InputAudioRawFrame(pcm[at : at + PACKET].ljust(PACKET, b"\0"), RATE, 1))
            due += 0.02
            await asyncio.sleep(max(0.0, due - time.time()))
        return time.time()

    async def answer() -> float:
        before, ended = len(said()), time.time()
        while len(said()) == before and time.time() < ended + 4:
            await play(silence(0.04))
        return time.time() - ended

    def said() -> list[str]:
        return [m["content"] for m in context.get_messages() if m["role"] == "user"]

    def interruptions() -> int:
        return sum(isinstance(f, InterruptionFrame) for f in frames)

    try:
        await play(silence(0.5))
        await play(trimmed(telephone("Hi, I would like to set up an account.")))
        assert await answer() < 1.5
        assert "set up an account" in said()[0]

        # a number in three breaths is one answer
        await worker.queue_frame(PatienceFrame("spelled"))
        for group in ("3 0 3.", "5 5 5.", "0 1 4 2."):
            await play(trimmed(telephone(group)) + silence(0.7 if group != "0 1 4 2." else 0))
        await answer()
        assert len(said()) == 2
        assert "".join(c for c in said()[1] if c.isdigit()) == "3035550142"

        # while the agent speaks: a noise and a short sound leave it alone, a sentence does not
        await worker.queue_frame(PatienceFrame("open"))
        await worker.queue_frame(BotStartedSpeakingFrame())
        cut = interruptions()
        await play(noise("clicks", 0.6) + silence(0.4))
        await play(trimmed(telephone("Okay."))[: int(0.3 * RATE) * 2] + silence(0.8))
        assert interruptions() == cut
        spoken = asyncio.create_task(play(trimmed(telephone("Wait, please change the plan."))))
        await asyncio.sleep(0.35)
        assert interruptions() == cut, "not yet"
        await spoken
        assert interruptions() == cut + 1
        await worker.queue_frame(BotStoppedSpeakingFrame())
        await answer()
        assert "change the plan" in said()[2]
        assert sum(isinstance(f, LLMContextFrame) for f in frames) == 3
    finally:
        await worker.cancel()
        await asyncio.wait_for(running, 5)
        judge.close()
