"""When the caller's turn ends.

Two judges decide, because either alone is wrong too often: smart turn (the melody of the voice; takes
70 % of sentences cut in the middle for finished ones) and the words recognised so far (a sentence that
ends in "and" goes on). Each verdict only chooses how much silence must follow, and the longest of these
waits ends a turn in any case, so neither can hang a call.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from loguru import logger
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    MetricsFrame,
    STTMetadataFrame,
    TranscriptionFrame,
    UserIdleTimeoutUpdateFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.metrics.metrics import TurnMetricsData
from pipecat.processors.frame_processor import FrameDirection
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_stop import BaseUserTurnStopStrategy

from agent.frames import PatienceFrame
from agent.speech.frames import FinishTurnFrame, PauseFrame
from agent.speech.judge import TurnJudge
from agent.speech.listening import is_key_press
from agent.speech.patience import TurnControl

_JUDGED_SECONDS = 8.0
_BEFORE_SPEECH = 0.7
_FINAL_MARGIN = 2.0
_NO_OPINION = 0.6
"""Put for the verdict of a judge that is too busy: likely over, but not sure."""


class EndOfTurn(BaseUserTurnStopStrategy):
    """Ends the caller's turn after as much silence as melody, words and patience ask for.

    Works with recognisers that send finals on their own and with ``EmbeddedSTTService``, which shows
    its text as an interim and sends the final when asked to by ``FinishTurnFrame``.
    """

    def __init__(
        self, control: TurnControl, judge: TurnJudge | None, *, now: Callable[[], float] = time.time
    ):
        super().__init__()
        self._control = control
        self._judge = judge
        self._now = now
        self._final_wait = _FINAL_MARGIN
        self._rate = 8000
        self._recent = bytearray()
        self._speaking = self._pausing = False
        self._quiet_since: float | None = None
        self._timer: asyncio.Task[None] | None = None
        self._judging: asyncio.Task[None] | None = None
        self._forget()

    def _forget(self) -> None:
        self._probability: float | None = None
        self._interim: str | None = None
        self._final = ""
        self._final_is_new = False
        self._asked = False

    async def cleanup(self) -> None:
        """Stop all waiting."""
        await super().cleanup()
        await self._stop_timers()

    async def handle_user_turn_started(self) -> None:
        """What is known about speech that has ended already (a short "stop") stays known."""
        await super().handle_user_turn_started()
        self._final, self._final_is_new, self._asked = "", False, False
        if self._speaking:
            self._probability = self._interim = None

    async def handle_user_turn_stopped(self) -> None:
        """Leave nothing behind, in the recogniser either; but words still being decoded are not lost."""
        await super().handle_user_turn_stopped()
        await self._stop_timers()
        if not self._asked:
            still_decoding = self._interim is None and self._quiet_since is not None
            await self.push_frame(FinishTurnFrame(keep=still_decoding), FrameDirection.UPSTREAM)
        self._quiet_since = None
        self._forget()

    async def process_frame(self, frame: Frame) -> ProcessFrameResult:
        """Watch voices, words and the session's wishes."""
        await super().process_frame(frame)
        if isinstance(frame, InputAudioRawFrame):
            self._remember(frame)
            await self._notice_pause()
        elif isinstance(frame, VADUserStartedSpeakingFrame):
            await self._voice_began()
        elif isinstance(frame, VADUserStoppedSpeakingFrame):
            await self._voice_ended(frame.timestamp - frame.stop_secs)
        elif isinstance(frame, TranscriptionFrame):
            await self._final_words(frame.text)
        elif isinstance(frame, InterimTranscriptionFrame):
            await self._interim_words(frame.text)
        elif isinstance(frame, PatienceFrame):
            self._control.set_patience(frame.patience)
        elif isinstance(frame, STTMetadataFrame):
            self._final_wait = frame.ttfs_p99_latency + _FINAL_MARGIN
        await self._tell_idle()
        return ProcessFrameResult.CONTINUE

    # -- what happens ------------------------------------------------------------------------

    def _remember(self, frame: InputAudioRawFrame) -> None:
        self._rate = frame.sample_rate
        self._recent += frame.audio
        seconds = _JUDGED_SECONDS if self._speaking or self._quiet_since else _BEFORE_SPEECH
        surplus = len(self._recent) - int(seconds * self._rate) * 2
        if surplus > 0:
            del self._recent[:surplus]

    async def _notice_pause(self) -> None:
        pausing = self._speaking and self._control.in_turn and self._control.pausing()
        if pausing and not self._pausing:
            await self.push_frame(PauseFrame(), FrameDirection.UPSTREAM)
        self._pausing = pausing

    async def _voice_began(self) -> None:
        self._speaking = True
        await self._stop_timers()
        self._probability = self._interim = None
        self._asked = self._final_is_new = False
        self._quiet_since = None

    async def _voice_ended(self, at: float) -> None:
        self._speaking = False
        self._quiet_since = at
        if self._judge is not None and self._judge.busy:
            self._judge.spare()
            self._probability = _NO_OPINION
        elif self._judge is not None:
            self._judging = self.create_task(self._ask_judge(self._judge, bytes(self._recent)))
        await self._rearm()

    async def _ask_judge(self, judge: TurnJudge, pcm: bytes) -> None:
        """Cancelled when the caller goes on: an opinion of an earlier pause is worth nothing."""
        began = time.perf_counter()
        try:
            probability = await judge.finished(pcm, self._rate)
        except Exception as error:  # without its opinion the words and the silence decide
            logger.error("smart turn failed: {}", type(error).__name__)
            return
        self._probability, self._judging = probability, None
        took = (time.perf_counter() - began) * 1000
        metrics = TurnMetricsData(
            processor="TurnJudge",
            is_complete=probability >= 0.5,
            probability=probability,
            e2e_processing_time_ms=took,
        )
        await self.push_frame(MetricsFrame(data=[metrics]))
        await self._rearm()

    async def _interim_words(self, text: str) -> None:
        if not self._control.in_turn:  # taken for a backchannel
            self._quiet_since = self._probability = None
            return
        self._interim = text
        if self._asked and not text:
            await self._stop_turn()
        else:
            await self._rearm()

    async def _final_words(self, text: str) -> None:
        if not self._control.in_turn:
            return
        self._final = f"{self._final} {text}".strip()
        if self._speaking:
            return
        self._final_is_new = True
        self._interim = self._final
        if self._asked or is_key_press(text) or self._quiet_since is None:
            await self._stop_turn()
        else:
            await self._rearm()

    # -- the decision ------------------------------------------------------------------------

    async def _rearm(self) -> None:
        """Set the alarm to when the turn is over, by what is known now."""
        if not self._control.in_turn or self._speaking or self._asked or self._quiet_since is None:
            return
        left = self._quiet_since + self._control.wait(self._probability, self._interim) - self._now()
        await self._drop_timer()
        self._timer = self.create_task(self._finish_after(max(0.0, left)))

    async def _finish_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._timer = None
        if self._speaking or not self._control.in_turn:
            return
        if self._final_is_new or self._interim == "":
            await self._stop_turn()
            return
        if self._interim is not None:
            self._asked = True
            await self.push_frame(FinishTurnFrame(), FrameDirection.UPSTREAM)
        self._timer = self.create_task(self._give_up_after(self._final_wait))

    async def _give_up_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._timer = None
        if not self._speaking and self._control.in_turn:
            self._control.tally.capped += 1
            await self._stop_turn()

    async def _stop_turn(self) -> None:
        self._control.tally.empty += not self._final
        await self.trigger_user_turn_stopped()

    async def _tell_idle(self) -> None:
        """The idle clock lives in pipecat's aggregator; tell it when patience has changed."""
        idle = self._control.pace.idle
        if self._control.idle_sent not in (None, idle):
            self._control.idle_sent = idle
            await self.push_frame(UserIdleTimeoutUpdateFrame(timeout=idle))

    async def _stop_timers(self) -> None:
        await self._drop_timer()
        judging, self._judging = self._judging, None
        if judging is not None and judging is not asyncio.current_task():
            await self.cancel_task(judging)

    async def _drop_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None and timer is not asyncio.current_task():
            await self.cancel_task(timer)
