"""The embedded recogniser as a pipecat service: one light object a call over the shared ``Recognizer``.

Stock segmented services transcribe every stretch of speech between two pauses of 0.2 s by itself: "3 0 3"
and "5 5 5" and "0 1 4 2", each without the others. This one decodes the whole turn so far at each pause
(in a 10 s window that costs the same), while turn taking is still making up its mind; when the turn
is over the text is there already. A pause in the middle of an e-mail address costs nothing but the work.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    UserMuteStartedFrame,
    UserMuteStoppedFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.utils.time import time_now_iso8601

from agent.frames import PatienceFrame, VocabularyFrame
from agent.speech.frames import FinishTurnFrame, PauseFrame
from agent.speech.heard import Heard
from agent.speech.loops import characters, ends_like
from agent.speech.recognizer import Recognizer

_BEFORE_SECS = 0.7
"""Kept from before the detector was sure (it needs 0.2 s): the first consonant is in there."""
SPELLING = ("N-G-U-Y-E-N", "P as in Papa", "B as in boy")
"""Expected while somebody spells: without a hint "P as in" is heard as "he is in", and letters run
together to words. Digits are heard no worse with it."""
LANGUAGES = ("en", "es")
"""What callers may change to at any time. Whoever has spoken one is expected to go on in it."""
_SLOW_CHARACTERS = 6.0
"""Letters and digits a second: a sentence brings twelve and more, spelling and digits two to four."""
_COMMIT_SECS = 14.0
"""At a pause after this much speech the text so far is settled, so that long answers stay cheap."""
_LONGEST_SECS = 90.0
_AHEAD_SECS = 0.22
"""What was decoded at a pause is the text of the turn if the detector reports that pause within this time."""


@dataclass(slots=True)
class HearingTally:
    """One call's counters."""

    decodes: int = 0
    ahead: int = 0
    """Begun before the detector had reported the end of speech, and good."""
    stale: int = 0
    """Decoded at a pause after which the caller went on."""
    mended: int = 0
    """Turns whose last part had to be decoded by itself."""
    finals: int = 0
    nothing: int = 0


def together(parts: Sequence[Heard]) -> Heard:
    """Consecutive stretches of speech as one; as sure as the least sure of them."""
    said = [part for part in parts if part.text]
    if len(said) < 2:
        return said[0] if said else parts[-1]
    return replace(
        said[-1],
        text=" ".join(part.text for part in said),
        confidence=min(part.confidence for part in said),
        seconds=sum(part.seconds for part in said),
        retried=any(part.retried for part in said),
    )


def expected(words: Sequence[str], *, spelling: bool) -> tuple[str, ...]:
    """What the recogniser is told to expect: the question's words, and those of spelling while it goes on."""
    return (*SPELLING, *words) if spelling else tuple(words)


class EmbeddedSTTService(STTService):
    """Shows what was said at each pause as an interim, sends the final on ``FinishTurnFrame``.

    ``TranscriptionFrame.result`` is the ``Heard`` with the recogniser's confidence.
    """

    def __init__(
        self, recognizer: Recognizer, *, words: Sequence[str] = (), language: str = "en", **kwargs: Any
    ):
        if not recognizer.speaks(language):
            raise ValueError(f"{recognizer.model_name} does not understand {language!r}: choose model 'base'")
        kwargs.setdefault("ttfs_p99_latency", recognizer.p99_seconds)
        super().__init__(
            settings=STTSettings(model=f"whisper-{recognizer.model_name}", language=language), **kwargs
        )
        self.tally = HearingTally()
        self._recognizer = recognizer
        self._words = tuple(words)
        self._spelling = self._careful = False
        self._spoken_language = language
        self._before = bytearray()
        self._speech = bytearray()
        self._open = False
        self._voice = False
        self._deaf = False
        self._taken = 0
        self._resumed = 0
        self._earlier: tuple[int, Heard] | None = None
        self._settled: list[Heard] = []
        self._heard: Heard | None = None
        self._decoding: asyncio.Task[None] | None = None
        self._ahead: asyncio.Task[Heard] | None = None
        self._ahead_at = 0
        self._finishing = False

    def can_generate_metrics(self) -> bool:
        """Time from the end of speech to the final transcript is reported."""
        return True

    def set_vocabulary(self, words: Sequence[str]) -> None:
        """Words to expect from now on, most likely first."""
        self._words = tuple(words)

    # -- frames ------------------------------------------------------------------------------

    async def process_audio_frame(self, frame: InputAudioRawFrame, direction: FrameDirection) -> None:
        """Keep the turn's audio, and a little from before it."""
        if self.is_muted or self._deaf:
            return
        if self._open:
            if len(self._speech) < _LONGEST_SECS * frame.sample_rate * 2:
                self._speech += frame.audio
            return
        self._before += frame.audio
        surplus = len(self._before) - int(_BEFORE_SECS * frame.sample_rate) * 2
        if surplus > 0:
            del self._before[:surplus]

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follow the voice, the vocabulary and the turn."""
        await super().process_frame(frame, direction)
        if isinstance(frame, VocabularyFrame):
            self.set_vocabulary(frame.words)
            self._careful = frame.careful
        elif isinstance(frame, PatienceFrame):
            self._spelling = frame.patience == "spelled"
        elif isinstance(frame, UserMuteStartedFrame):
            self._deaf, self._voice = True, False
            await self._finish(keep=False)
            self._before.clear()
        elif isinstance(frame, UserMuteStoppedFrame):
            self._deaf = False
        elif self._deaf:
            return
        elif isinstance(frame, VADUserStartedSpeakingFrame):
            await self._voice_began()
        elif isinstance(frame, VADUserStoppedSpeakingFrame):
            self._voice = False
            await self._decode()
        elif isinstance(frame, PauseFrame):
            await self._look_ahead()
        elif isinstance(frame, FinishTurnFrame):
            await self._finish(frame.keep)

    async def stop(self, frame: EndFrame) -> None:
        """The call is over: what is being decoded is not needed."""
        await self._drop_ahead()
        await self._drop_decoding()
        await super().stop(frame)

    async def cancel(self, frame: CancelFrame) -> None:
        """The call is over at once."""
        await self._drop_ahead()
        await self._drop_decoding()
        await super().cancel(frame)

    async def cleanup(self) -> None:
        """Let go of everything."""
        await super().cleanup()
        await self._drop_ahead()
        await self._drop_decoding()

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Transcribe one segment of 16-bit PCM by itself (the contract of pipecat's services)."""
        heard = await self._ask(audio)
        if heard.text:
            yield self._transcript(heard)

    # -- a turn ------------------------------------------------------------------------------

    async def _voice_began(self) -> None:
        self._voice, self._finishing = True, False
        if not self._open:
            self._open = True
            self._speech, self._before = self._before, bytearray()
            return
        if self._heard is not None and self._taken > _COMMIT_SECS * self.sample_rate * 2:
            self._settled.append(self._heard)
            self._earlier = None
            del self._speech[: self._taken]
        elif self._heard is not None or self._decoding is not None:
            self.tally.stale += 1
            if self._heard is not None and self._heard.text:
                self._earlier = (self._taken, self._heard)
        self._resumed = len(self._speech)
        await self._drop_decoding()
        self._heard = None

    async def _look_ahead(self) -> None:
        """Begin to decode while it is not yet known whether the speech is over; not at others' cost."""
        if not self._open or not self._voice or not self._recognizer.idle:
            return
        await self._drop_ahead()
        self._ahead_at = len(self._speech)
        self._ahead = self.create_task(self._recognized(bytes(self._speech)))

    async def _decode(self) -> None:
        """Start decoding all that was said in this turn, unless that has begun at this very pause."""
        if not self._open:
            return
        await self._drop_decoding()
        self._heard = None
        ahead, self._ahead = self._ahead, None
        if ahead is not None and len(self._speech) - self._ahead_at < _AHEAD_SECS * self.sample_rate * 2:
            self.tally.ahead += 1
            self._taken = self._ahead_at
            self._decoding = self.create_task(self._hear(ahead))
            return
        if ahead is not None:
            await self.cancel_task(ahead)
        self._taken = len(self._speech)
        self._decoding = self.create_task(self._hear(self._recognized(bytes(self._speech))))

    async def _hear(self, decoded: Awaitable[Heard]) -> None:
        heard = await decoded
        self.tally.decodes += 1
        self._heard, self._decoding = heard, None
        if self._finishing:
            await self._send_final()
        else:
            whole = self._whole(heard)
            await self.push_frame(InterimTranscriptionFrame(whole.text, "", time_now_iso8601(), result=whole))

    async def _recognized(self, pcm: bytes) -> Heard:
        try:
            return await self._whole_turn(pcm)
        except Exception as error:
            logger.error("speech recognition failed: {}", type(error).__name__)
            await self.push_error("speech recognition failed", exception=error)
            return Heard(dropped="error")

    async def _whole_turn(self, pcm: bytes) -> Heard:
        """Decode the turn; where the model stopped listening half-way, decode the rest by itself.

        Whisper may take a pause after something that looks complete (an address, a name) for the end.
        """
        heard = await self._ask(pcm)
        if self._earlier is None:
            return heard
        at, before = self._earlier
        seconds = max(0.2, (len(pcm) - self._resumed) / 2 / self.sample_rate)
        grown = len(characters(heard.text)) - len(characters(before.text))
        if grown >= seconds * _SLOW_CHARACTERS:
            return heard
        rest = await self._ask(pcm[at:])
        if not rest.text or ends_like(heard.text, rest.text):
            return heard
        self.tally.mended += 1
        return together([before, rest])

    async def _ask(self, pcm: bytes) -> Heard:
        words = expected(self._words, spelling=self._spelling)
        return await self._recognizer.hear(
            pcm,
            self.sample_rate,
            words=words,
            language=self._spoken_language,
            others=LANGUAGES,
            careful=self._careful,
        )

    async def _finish(self, keep: bool) -> None:
        if not keep:
            self._close()
            await self._drop_ahead()
            await self._drop_decoding()
        elif self._heard is not None:
            await self._send_final()
        elif self._open:
            self._finishing = True
            if self._decoding is None:  # ended while the voice goes on (a time limit)
                await self._decode()

    async def _send_final(self) -> None:
        heard = self._whole(self._heard or Heard())
        self._close()
        if heard.text:
            self._spoken_language = heard.language or self._spoken_language
            self.tally.finals += 1
            await self.push_frame(self._transcript(heard))
        else:
            self.tally.nothing += 1
            await self.push_frame(InterimTranscriptionFrame("", "", time_now_iso8601(), result=heard))

    def _close(self) -> None:
        """Forget the turn, but not what the caller has begun to say since."""
        since = self._speech[self._taken :]
        if self._voice:
            self._speech = since
        else:
            self._open, self._speech = False, bytearray()
            self._before = since[-int(_BEFORE_SECS * self.sample_rate) * 2 :]
        self._taken = self._resumed = 0
        self._earlier = None
        self._settled = []
        self._heard = None
        self._finishing = False

    def _whole(self, last: Heard) -> Heard:
        return together([*self._settled, last])

    def _transcript(self, heard: Heard) -> TranscriptionFrame:
        return TranscriptionFrame(heard.text, "", time_now_iso8601(), result=heard, finalized=True)

    async def _drop_ahead(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            await self.cancel_task(ahead)

    async def _drop_decoding(self) -> None:
        decoding, self._decoding = self._decoding, None
        if decoding is not None and decoding is not asyncio.current_task():
            await self.cancel_task(decoding)
