"""When the caller's turn begins: at once when the agent is silent, deliberately when it speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_mute import BaseUserMuteStrategy
from pipecat.turns.user_start import BaseUserTurnStartStrategy

from agent.speech.frames import FinishTurnFrame
from agent.speech.listening import backchannel, is_key_press
from agent.speech.patience import TurnControl

BARGE_IN_SECS = 0.55
"""Speech this long while the agent talks is an interruption; anything shorter is judged by its words."""

_LOOK_AGAIN = 0.04


class LineMute(BaseUserMuteStrategy):
    """Deaf while the control says so, but never from the middle of a turn on."""

    def __init__(self, control: TurnControl):
        super().__init__()
        self._control = control

    async def process_frame(self, frame: Frame) -> bool:
        """Whether the caller is not to be heard now."""
        await super().process_frame(frame)
        return self._control.muted and not self._control.in_turn


class BargeIn(BaseUserTurnStartStrategy):
    """Starts the caller's turn: at once when the agent is silent, deliberately when it speaks.

    While the agent speaks, half a second of speech interrupts it; shorter speech is recognised first
    and interrupts only if it says something ("stop", "no"), not if it says "mhm".
    """

    def __init__(
        self,
        control: TurnControl,
        *,
        hold: float = BARGE_IN_SECS,
        voiced: Callable[[], bool] = lambda: True,
    ):
        super().__init__()
        self._control = control
        self._hold = hold
        self._voiced = voiced
        self._speaking = False
        self._timer: asyncio.Task[None] | None = None

    async def cleanup(self) -> None:
        """Stop waiting."""
        await super().cleanup()
        await self._disarm()

    async def handle_user_turn_started(self) -> None:
        """A turn has begun, by whatever strategy."""
        await super().handle_user_turn_started()
        self._control.in_turn, self._control.undecided = True, False
        self._control.tally.turns += 1
        self._control.tally.barge_ins += self._control.bot_speaking
        await self._disarm()

    async def handle_user_turn_stopped(self) -> None:
        """A turn is over."""
        self._control.in_turn = False

    async def process_frame(self, frame: Frame) -> ProcessFrameResult:
        """Watch voices and words."""
        await super().process_frame(frame)
        if isinstance(frame, BotStartedSpeakingFrame):
            self._control.bot_speaking = True
        elif isinstance(frame, BotStoppedSpeakingFrame):
            self._control.bot_speaking = False
            if self._timer is not None:  # still speaking, and nobody is left to be interrupted
                await self._start()
        elif isinstance(frame, VADUserStartedSpeakingFrame):
            await self._voice_began(frame.start_secs)
        elif isinstance(frame, VADUserStoppedSpeakingFrame):
            self._speaking = self._control.voice = False
            self._control.undecided = not self._control.in_turn
            await self._disarm()
        elif isinstance(frame, (TranscriptionFrame, InterimTranscriptionFrame)) and not self._control.in_turn:
            await self._words(frame)
        return ProcessFrameResult.CONTINUE

    async def _voice_began(self, heard_for: float) -> None:
        self._speaking = self._control.voice = True
        if self._control.in_turn:
            return
        if self._control.bot_speaking and heard_for < self._hold:
            await self._disarm()
            self._timer = self.create_task(self._interrupt_after(self._hold - heard_for))
        else:
            await self._start()

    async def _interrupt_after(self, seconds: float) -> None:
        """VAD reports the end of speech late; a pause that may be that end is not speech."""
        while True:
            await asyncio.sleep(seconds)
            if self._voiced():
                break
            seconds = _LOOK_AGAIN
        self._timer = None
        if self._speaking and not self._control.muted:
            await self.trigger_user_turn_started()

    async def _words(self, frame: TranscriptionFrame | InterimTranscriptionFrame) -> None:
        """Words outside a turn: of a short sound under the agent's speech, or keys."""
        final = isinstance(frame, TranscriptionFrame)
        self._control.undecided = False
        if is_key_press(frame.text):
            await self._start()
            return
        confidence = getattr(frame.result, "confidence", 1.0) if frame.text else 1.0
        listening = self._control.bot_speaking and backchannel(frame.text, self._control.patience, confidence)
        if frame.text and not listening:
            await self._start()
            return
        if frame.text:
            self._control.tally.backchannels += 1
        if final:
            await self.trigger_reset_aggregation()
        elif not self._speaking:
            await self.push_frame(FinishTurnFrame(keep=False), FrameDirection.UPSTREAM)

    async def _start(self) -> None:
        await self._disarm()
        await self.trigger_user_turn_started()

    async def _disarm(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None and timer is not asyncio.current_task():
            await self.cancel_task(timer)
