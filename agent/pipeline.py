"""One call's pipeline. Everything in it is made for this call and shared with no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker, ProcessorUnusablePolicy
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.services.llm_service import LLMService
from pipecat.turns.empty_user_turn import EmptyUserTurnConfig
from pipecat.workers.runner import WorkerRunner

from agent.keypad import Keypad
from agent.latency import TurnClock
from agent.listener import Listener, MuteDuring, Teller
from agent.ports import CallSpeech
from agent.transports import WireTransport
from agent.turns import Turns

CANCEL_SECONDS = 3.0
"""How long a cut may take before a blocked processor is left behind."""


@dataclass
class Call:
    """The running parts of one call."""

    worker: PipelineWorker
    runner: WorkerRunner
    listener: Listener
    brain: LLMService


def build(
    *,
    name: str,
    transport: WireTransport,
    speech: CallSpeech,
    brain: LLMService,
    context: LLMContext,
    turns: Turns,
    clock: TurnClock,
    keypad: Keypad,
    idle_seconds: float,
    notice_playing: Callable[[], bool],
    on_notice: Callable[[], None],
    rtvi: bool = False,
    resources: Any = None,
) -> Call:
    """transport -> keys -> ears -> listener -> brain -> mouth -> transport -> teller.

    No observers run on a phone call: every stamp is taken where the frame passes anyway. The pipeline's
    own idle watch is off; the session watches the call.
    """
    listener = Listener(
        context,
        LLMUserAggregatorParams(
            vad_analyzer=speech.vad,
            user_turn_strategies=speech.strategies,
            user_mute_strategies=[MuteDuring(notice_playing)],
            user_idle_timeout=idle_seconds,
            user_turn_stop_timeout=speech.stop_timeout,
            # a noise that cut the agent off makes it go on where it was; one in a pause is ignored
            empty_user_turn=EmptyUserTurnConfig(interrupted_prompt="go on", max_consecutive_recoveries=3),
        ),
        clock,
    )
    chain: list[FrameProcessor | None] = [
        transport.input(),
        keypad,
        speech.stt,
        listener,
        brain,
        speech.tts,
        transport.output(),
        Teller(context, turns, clock, on_notice),
    ]
    worker = PipelineWorker(
        Pipeline([processor for processor in chain if processor is not None]),
        name=name,
        params=PipelineParams(
            audio_in_sample_rate=speech.sample_rate,
            audio_out_sample_rate=speech.sample_rate,
            send_initial_empty_metrics=False,
        ),
        app_resources=resources,
        cancel_timeout_secs=CANCEL_SECONDS,
        enable_rtvi=rtvi,
        enable_turn_tracking=False,
        idle_timeout_secs=None,
        # the session decides: a dead voice is apologised for before the call is handed on
        processor_unusable_policy=ProcessorUnusablePolicy.CONTINUE,
    )
    return Call(worker, WorkerRunner(handle_sigint=False), listener, brain)
