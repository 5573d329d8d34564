"""The two ends of a conversation's context on a live line, with stamps and without needless traffic."""

from __future__ import annotations

from collections.abc import Callable

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    TTSTextFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMAssistantAggregator,
    LLMUserAggregator,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection

from agent.frames import NoticePlayedFrame
from agent.latency import TurnClock
from agent.turns import Turns


class Listener(LLMUserAggregator):
    """pipecat's user aggregator: voice detection, turn taking, the caller's words into the context.

    Raw sound ends here; nothing behind it listens to it.
    """

    def __init__(self, context: LLMContext, params: LLMUserAggregatorParams, turns: Turns, clock: TurnClock):
        super().__init__(context, params=params)
        self._turns, self._stamps = turns, clock

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Stamps pauses and the arrival of words, and keeps how sure the recogniser was of them."""
        if isinstance(frame, TranscriptionFrame):
            self._stamps.words_came()
            self._turns.note_confidence(float(getattr(frame.result, "confidence", 1.0)))
        elif isinstance(frame, InterimTranscriptionFrame):
            self._stamps.words_came()
        elif isinstance(frame, VADUserStoppedSpeakingFrame):
            self._stamps.pause_noticed(frame.stop_secs)
        await super().process_frame(frame, direction)

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        """Keeps raw sound from travelling on."""
        if not isinstance(frame, InputAudioRawFrame):
            await super().push_frame(frame, direction)


class Teller(LLMAssistantAggregator):
    """pipecat's assistant aggregator, at the far end: knows what was played to its end."""

    def __init__(self, context: LLMContext, turns: Turns, clock: TurnClock, on_notice: Callable[[], None]):
        super().__init__(context)
        self._turns, self._stamps, self._on_notice = turns, clock, on_notice

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Books what becomes audible and what was played to its end."""
        if isinstance(frame, TTSTextFrame):
            self._turns.said(frame.text)
        elif isinstance(frame, BotStartedSpeakingFrame):
            self._stamps.audible()
            self._turns.audible()
        elif isinstance(frame, BotStoppedSpeakingFrame):
            self._turns.quiet()
        elif isinstance(frame, NoticePlayedFrame):
            self._on_notice()
        await super().process_frame(frame, direction)
