"""The two ends of a conversation's context on a live line, with stamps and without needless traffic."""

from __future__ import annotations

from collections.abc import Callable

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    InputAudioRawFrame,
    TranscriptionFrame,
    TTSTextFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMAssistantAggregator,
    LLMUserAggregator,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.turns.user_mute import BaseUserMuteStrategy

from agent.frames import NoticePlayedFrame
from agent.latency import TurnClock
from agent.turns import Turns


class Listener(LLMUserAggregator):
    """pipecat's user aggregator: voice detection, turn taking, the caller's words into the context.

    Raw sound ends here; nothing behind it listens to it.
    """

    def __init__(self, context: LLMContext, params: LLMUserAggregatorParams, clock: TurnClock):
        super().__init__(context, params=params)
        self._stamps = clock

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Stamps the arrival of words."""
        if isinstance(frame, TranscriptionFrame):
            self._stamps.words_came()
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


class MuteDuring(BaseUserMuteStrategy):
    """Nothing is heard while ``playing()`` holds: the legal opening cannot be talked over."""

    def __init__(self, playing: Callable[[], bool]):
        super().__init__()
        self._playing = playing

    async def process_frame(self, frame: Frame) -> bool:
        """Whether the caller is muted now."""
        return self._playing()
