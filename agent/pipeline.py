"""One call's pipeline. Everything in it is made for this call and shared with no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker, ProcessorUnusablePolicy
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.processors.frameworks.rtvi import RTVIObserverParams
from pipecat.workers.runner import WorkerRunner

from agent.brains.guided import GuidedBrain
from agent.keypad import Keypad
from agent.latency import TurnClock
from agent.listener import Listener, Teller
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
    brain: GuidedBrain


def build(
    *,
    name: str,
    transport: WireTransport,
    speech: CallSpeech,
    brain: GuidedBrain,
    context: LLMContext,
    turns: Turns,
    clock: TurnClock,
    keypad: Keypad,
    on_notice: Callable[[], None],
    rate: int,
    rtvi: RTVIObserverParams | None = None,
    resources: Any = None,
) -> Call:
    """transport -> keys -> ears -> listener -> brain -> mouth -> transport -> teller.

    No observers run on a phone call: every stamp is taken where the frame passes anyway. The pipeline's
    own idle watch is off; the session watches the call. ``rtvi``: what an RTVI client is told; None: there
    is none.
    """
    # a noise that cut the agent off makes it go on where it was; one in a pause is ignored
    listener = Listener(context, speech.turns.params(empty_turn_prompt="go on"), turns, clock)
    chain: list[FrameProcessor] = [
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
        Pipeline(chain),
        name=name,
        params=PipelineParams(
            audio_in_sample_rate=rate,
            audio_out_sample_rate=rate,
            send_initial_empty_metrics=False,
        ),
        app_resources=resources,
        cancel_timeout_secs=CANCEL_SECONDS,
        enable_rtvi=rtvi is not None,
        rtvi_observer_params=rtvi,
        enable_turn_tracking=False,
        idle_timeout_secs=None,
        # the session decides: a dead voice is apologised for before the call is handed on
        processor_unusable_policy=ProcessorUnusablePolicy.CONTINUE,
    )
    return Call(worker, WorkerRunner(handle_sigint=False), listener, brain)
