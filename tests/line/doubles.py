"""A scripted conversation, stub speech and an in-memory call book: a line without models or database."""

from __future__ import annotations

import asyncio
import audioop
import math
import struct
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from agent.callbook import MOST_SOCKETS, Admitted, Again, Lost, Next, Over, Transferred, TurnedAway
from agent.ports import LiveCall, Outcome
from agent.speech.turns import Pace, Turns, build_turns
from agent.understanding.base import Patience

NOTICE = "This call is recorded."
QUESTION = "Who is calling?"


@dataclass(frozen=True)
class Say:
    text: str
    interruptible: bool = True
    key: str = ""
    language: str = "en"

    @property
    def spoken(self) -> str:
        return self.text


@dataclass(frozen=True)
class Ran:
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    status: str = "ok"
    ms: float = 0.0


@dataclass(frozen=True)
class Answer:
    says: tuple[Say, ...] = ()
    tools: tuple[Ran, ...] = ()
    ended: bool = False
    transfer_to: str | None = None
    patience: Patience = "open"
    vocabulary: tuple[str, ...] = ()
    careful: bool = False
    step: str = "account"
    slots: Mapping[str, Any] = field(default_factory=dict)


def says(*texts: str, **rest: Any) -> Answer:
    return Answer(tuple(Say(text) for text in texts), **rest)


class Script:
    """A conversation that answers from a list, or echoes. ``log`` holds what it was told."""

    def __init__(self, *answers: Answer | Exception, opening: Answer | None = None, work: float = 0.0):
        self.id, self.tenant_id, self.channel = uuid4(), uuid4(), "voice"
        self.answers = deque(answers)
        self.opening = opening or Answer((Say(NOTICE, interruptible=False), Say(QUESTION)))
        self.work = work
        self.log: list[str] = []
        self.confidences: list[float] = []
        self.signals: list[dict[str, Any]] = []
        self.timings: list[dict[str, float]] = []
        self.opens = 0
        self.closed: str | None = None
        self.recording = True
        self.language = "en"
        self.finished_hearing = 0

    async def open(self) -> Answer:
        self.opens += 1
        self.log.append("open")
        return self.opening if self.opens == 1 else says("We were cut off.", QUESTION)

    async def hear(self, text: str, *, confidence: float = 1.0) -> Answer:
        self.log.append(f"hear {text}")
        self.confidences.append(confidence)
        await asyncio.sleep(self.work)
        self.finished_hearing += 1
        return self._next(f"You said {text}.")

    async def silence(self) -> Answer:
        self.log.append("silence")
        return self._next("Are you there?")

    async def close(self, reason: str) -> None:
        self.closed = self.closed or reason
        self.log.append(f"close {reason}")

    async def timed(self, latency: Mapping[str, float], signals: Mapping[str, Any] | None = None) -> None:
        self.timings.append(dict(latency))
        self.signals.append(dict(signals or {}))

    def _next(self, otherwise: str) -> Answer:
        answer = self.answers.popleft() if self.answers else says(otherwise)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass(frozen=True)
class Heard:
    confidence: float


class EnergyEars(FrameProcessor):
    """Hears loud and quiet; what was said comes from ``will_hear``."""

    def __init__(self, pause: float = 0.1):
        super().__init__()
        self.will_hear: deque[str] = deque()
        self.dead = False
        self._pause, self._quiet, self._talking = pause, 0.0, False

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame) and not self.dead:
            await self._listen(frame)

    async def _listen(self, frame: InputAudioRawFrame) -> None:
        if audioop.rms(frame.audio, 2) > 500:
            self._quiet = 0.0
            if not self._talking:
                self._talking = True
                await self.push_frame(VADUserStartedSpeakingFrame())
            return
        self._quiet += len(frame.audio) / 2 / frame.sample_rate
        if self._talking and self._quiet >= self._pause:
            self._talking = False
            text = self.will_hear.popleft() if self.will_hear else ""
            await self.push_frame(VADUserStoppedSpeakingFrame(stop_secs=self._pause))
            if text:
                await self.push_frame(TranscriptionFrame(text, "", "", result=Heard(0.9), finalized=True))
            else:
                await self.push_frame(InterimTranscriptionFrame("", "", ""))


class ToneMouth(TTSService):
    """Says every text as a tone, 12 ms a character. ``silent``: makes no sound at all."""

    def __init__(self) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            sample_rate=8000,
            settings=TTSSettings(model=None, voice=None, language=None),
        )
        self.silent = False
        self.spoke: list[str] = []

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        self.spoke.append(text)
        if not self.silent:
            yield TTSAudioRawFrame(tone(0.012 * len(text)), 8000, 1, context_id=context_id)


def tone(seconds: float, rate: int = 8000, hertz: float = 440.0) -> bytes:
    count = int(seconds * rate)
    return struct.pack(
        f"<{count}h", *(int(8000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(count))
    )


def _pace(idle: float) -> Pace:
    return Pace(sure=0.1, likely=0.12, unsure=0.14, idle=idle)


PACES: dict[Patience, Pace] = {"short": _pace(4.0), "open": _pace(7.0), "spelled": _pace(8.0)}


@dataclass
class StubSpeech:
    stt: EnergyEars
    tts: ToneMouth
    turns: Turns


def stub_speech(idle: float | None = None) -> StubSpeech:
    paces: dict[Patience, Pace] = {
        patience: replace(pace, idle=idle or pace.idle) for patience, pace in PACES.items()
    }
    return StubSpeech(EnergyEars(), ToneMouth(), build_turns(None, None, paces=paces))


@dataclass
class Row:
    call: LiveCall
    token: str = ""
    claimed: bool = False
    expired: bool = False
    sockets: int = 1
    left: str = ""
    ended: str = ""
    transfer: str | None = None
    status: str = "ringing"
    events: set[str] = field(default_factory=set)


class MemoryBook:
    """agent.callbook.CallBook without a database."""

    def __init__(self, numbers: Mapping[str, str] | None = None):
        self.numbers = dict(numbers or {"+13035550100": "live"})
        self.rows: dict[str, Row] = {}
        self.broken = False
        self.lines = 10
        self._count = 0

    def _token(self, row: Row) -> str:
        self._count += 1
        row.token, row.claimed = f"token-{self._count}", False
        return row.token

    async def answer(self, *, sid: str, account_sid: str, caller: str, dialled: str) -> Admitted | TurnedAway:
        if self.broken:
            raise RuntimeError("the database is away")
        status = self.numbers.get(dialled)
        if status is None:
            return TurnedAway("unknown")
        if status != "live":
            return TurnedAway("closed", "+13035550199")
        if sid not in self.rows and len(self.rows) >= self.lines:
            return TurnedAway("busy")
        row = self.rows.setdefault(
            sid,
            Row(
                LiveCall(
                    id=uuid4(),
                    tenant_id=uuid4(),
                    call_sid=sid,
                    account_sid=account_sid,
                    caller=caller,
                    dialled=dialled,
                    fallback_number="+13035550199",
                )
            ),
        )
        return Admitted(row.call, self._token(row))

    async def claim(self, token: str, sid: str) -> LiveCall | None:
        row = self.rows.get(sid)
        if row is None or row.token != token or row.claimed or row.expired:
            return None
        row.claimed, row.status = True, "in-progress"
        return row.call

    async def noticed(self, call: LiveCall) -> None:
        pass

    async def joined(self, call: LiveCall, conversation_id: UUID) -> None:
        pass

    async def whisper(self, sid: str) -> str | None:
        row = self.rows.get(sid)
        return "A caller." if row and row.transfer else None

    async def accepted(self, sid: str) -> bool:
        return sid in self.rows

    async def what_next(self, sid: str, *, dial: str | None = None, bridged: bool | None = None) -> Next:
        row = self.rows.get(sid)
        if row is None or dial == "completed":
            return Over()
        if row.transfer and dial is None:
            return Transferred(row.transfer, "")
        if row.left == "failed":
            return Lost(row.call.fallback_number)
        if row.ended:
            return Over()
        if row.sockets >= MOST_SOCKETS:
            return Lost(row.call.fallback_number)
        row.transfer = None
        row.sockets += 1
        return Again(row.call, self._token(row))

    async def leave(
        self,
        call: LiveCall,
        outcome: Outcome,
        *,
        transfer_to: str | None = None,
        files: Mapping[str, str] | None = None,
    ) -> None:
        row = self.rows[call.call_sid]
        row.left, row.transfer = outcome, transfer_to or row.transfer
        if outcome in ("done", "hung_up", "capped"):
            row.ended = outcome

    async def report(self, *, sid: str, status: str, event: str, data: Mapping[str, str]) -> LiveCall | None:
        row = self.rows.get(sid)
        if row is None or event in row.events:
            return None
        row.events.add(event)
        final = status in ("completed", "failed", "busy", "no-answer", "canceled")
        if final and not row.ended:
            row.ended, row.status = status, status
            return row.call
        return None


Make = Callable[[LiveCall], Script]
