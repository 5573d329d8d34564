"""Whose turn it is: when the caller may cut in, when the caller has finished, how long silence may last.

Two judges decide the end of a turn, because either alone is wrong too often: smart turn (the melody of
the voice; takes 70 % of sentences cut in the middle for finished ones) and the words recognised so far
(a sentence that ends in "and" goes on). Each verdict only chooses how much silence must follow, and
the longest of these waits ends a turn in any case, so neither can hang a call.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from loguru import logger
from pipecat.audio.vad.vad_analyzer import VADAnalyzer
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
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
from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameDirection
from pipecat.turns.empty_user_turn import EmptyUserTurnConfig
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_mute import BaseUserMuteStrategy
from pipecat.turns.user_start import BaseUserTurnStartStrategy
from pipecat.turns.user_stop import BaseUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from agent.frames import PatienceFrame
from agent.speech.frames import FinishTurnFrame
from agent.speech.judge import TurnJudge
from agent.speech.listening import backchannel, hangs, is_key_press, plain_answer
from agent.speech.patches import InlineSilero
from agent.understanding.base import Patience


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of silence after the last word that end a turn, and the silence that counts as no answer.

    ``sure``: melody and words agree that it is over. ``likely``: the melody alone says so.
    ``unsure``: the caller seems to be in the middle of something. ``enough``: an answer that is known
    to be whole (ten digits of a telephone number).
    """

    sure: float
    likely: float
    unsure: float
    idle: float
    enough: float = 0.6


PACES: dict[Patience, Pace] = {
    "short": Pace(sure=0.45, likely=0.6, unsure=0.9, idle=4.0),
    "open": Pace(sure=0.45, likely=0.75, unsure=1.6, idle=7.0),
    "spelled": Pace(sure=1.5, likely=1.5, unsure=2.0, idle=8.0),
}
"""Yes/no 0.6 to 0.9 s, letters and digits 1.5 to 2 s, first no-input after 4 s (yes/no) or 6 to 8 s."""

BARGE_IN_SECS = 0.55
"""Speech this long while the agent talks is an interruption; anything shorter is judged by its words."""

_SURE = 0.8
_JUDGED_SECONDS = 8.0
_BEFORE_SPEECH = 0.7
_FINAL_MARGIN = 2.0
_LOOK_AGAIN = 0.04


@dataclass(slots=True)
class TurnTally:
    """One call's counters, for metrics and for the call's record."""

    turns: int = 0
    barge_ins: int = 0
    backchannels: int = 0
    empty: int = 0
    capped: int = 0
    """Turns ended because the final transcript did not come."""


@dataclass
class TurnControl:
    """One call's turn taking, as the session steers it. All methods may be called at any time."""

    patience: Patience = "open"
    paces: dict[Patience, Pace] = field(default_factory=lambda: dict(PACES))
    enough: Callable[[str], bool] | None = None
    muted: bool = False
    in_turn: bool = False
    bot_speaking: bool = False
    tally: TurnTally = field(default_factory=TurnTally)
    idle_sent: float = 0.0

    def set_patience(self, patience: Patience, *, enough: Callable[[str], bool] | None = None) -> None:
        """How the next answer is waited for; ``enough`` says when its words are surely all there."""
        self.patience, self.enough = patience, enough

    def mute(self, on: bool) -> None:
        """Do not listen (the legal opening is being said). A turn in progress is heard to its end."""
        self.muted = on

    @property
    def pace(self) -> Pace:
        """The waits that hold now."""
        return self.paces[self.patience]

    def wait(self, probability: float | None, text: str | None) -> float:
        """Seconds of silence that end the turn, by what is known so far (None: not yet known)."""
        pace = self.pace
        if text and self.enough is not None and self.enough(text):
            return min(pace.sure, pace.enough)
        if text is not None and hangs(text):
            return pace.unsure
        if text and self.patience == "short" and plain_answer(text):
            return pace.sure
        if probability is None or probability < 0.5:
            return pace.unsure
        return pace.sure if text is not None and probability >= _SURE else pace.likely


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
        self._control.in_turn = True
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
            self._speaking = False
            await self._disarm()
        elif isinstance(frame, (TranscriptionFrame, InterimTranscriptionFrame)) and not self._control.in_turn:
            await self._words(frame)
        return ProcessFrameResult.CONTINUE

    async def _voice_began(self, heard_for: float) -> None:
        self._speaking = True
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
        self._speaking = False
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

    async def _voice_began(self) -> None:
        self._speaking = True
        await self._stop_timers()
        self._probability = self._interim = None
        self._asked = self._final_is_new = False
        self._quiet_since = None

    async def _voice_ended(self, at: float) -> None:
        self._speaking = False
        self._quiet_since = at
        if self._judge is not None:
            self._judging = self.create_task(self._ask_judge(self._judge, bytes(self._recent), at))
        await self._rearm()

    async def _ask_judge(self, judge: TurnJudge, pcm: bytes, at: float) -> None:
        began = time.perf_counter()
        try:
            probability = await judge.finished(pcm, self._rate)
        except Exception as error:  # without its opinion the words and the silence decide
            logger.error("smart turn failed: {}", type(error).__name__)
            return
        if self._quiet_since != at:
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
        if idle != self._control.idle_sent:
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


@dataclass(frozen=True)
class Turns:
    """One call's turn taking, ready for an aggregator."""

    control: TurnControl
    vad: VADAnalyzer | None
    strategies: UserTurnStrategies
    mutes: list[BaseUserMuteStrategy]
    stop_timeout: float = 5.0

    def params(self, *, empty_turn_prompt: str | None = None) -> LLMUserAggregatorParams:
        """For ``LLMContextAggregatorPair(user_params=...)``.

        ``empty_turn_prompt``: developer message sent to the brain when noise cut the agent off; None
        leaves it to the idle clock to ask again.
        """
        empty = EmptyUserTurnConfig(interrupted_prompt=empty_turn_prompt) if empty_turn_prompt else None
        return LLMUserAggregatorParams(
            vad_analyzer=self.vad,
            user_turn_strategies=self.strategies,
            user_mute_strategies=self.mutes,
            user_turn_stop_timeout=self.stop_timeout,
            user_idle_timeout=self.control.pace.idle,
            empty_user_turn=empty,
        )


def build_turns(
    vad: VADAnalyzer | None,
    judge: TurnJudge | None,
    *,
    patience: Patience = "open",
    muted: bool = False,
    paces: dict[Patience, Pace] | None = None,
    barge_in_secs: float = BARGE_IN_SECS,
    voiced: Callable[[], bool] | None = None,
) -> Turns:
    """New turn taking for one call.

    Without a ``judge`` silence and words decide alone. ``voiced`` tells whether this very moment is
    speech; by default the ``vad`` is asked.
    """
    control = TurnControl(patience=patience, muted=muted, paces=paces or dict(PACES))
    control.idle_sent = control.pace.idle
    if voiced is None:
        voiced = (lambda: vad.voiced) if isinstance(vad, InlineSilero) else (lambda: True)
    return Turns(
        control=control,
        vad=vad,
        strategies=UserTurnStrategies(
            start=[BargeIn(control, hold=barge_in_secs, voiced=voiced)],
            stop=[EndOfTurn(control, judge)],
        ),
        mutes=[LineMute(control)],
    )
