"""How long a turn took, split by cause."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.ports import Reply, ToolRun


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the end of the caller's speech to the agent's first sound; the parts add up.

    ``endpointing_ms``: deciding that the caller was finished, words in hand. ``stt_ms``: waiting for the
    words after the pause was noticed. ``brain_ms``: deciding, without ``tool_ms`` (tools run by the engine).
    ``tts_ms``: from the decision to the first sound made. ``transport_ms``: until it was on its way.
    """

    endpointing_ms: float = 0.0
    stt_ms: float = 0.0
    brain_ms: float = 0.0
    tool_ms: float = 0.0
    tts_ms: float = 0.0
    transport_ms: float = 0.0
    total_ms: float = 0.0

    def as_dict(self) -> dict[str, float]:
        """As it is stored with the turn, one decimal."""
        return {name: round(value, 1) for name, value in vars(self).items()}


@dataclass(frozen=True)
class TurnRecord:
    """One exchange, for metrics, the live transcript and the stored turn.

    ``kind``: ``open`` (the agent spoke first), ``hear``, ``silence``, ``news`` (from elsewhere). ``heard``
    and ``said`` are personal data: they are for the caller's own transcript, never for logs.
    """

    number: int
    kind: str
    heard: str
    said: tuple[str, ...]
    tools: tuple[ToolRun, ...] = ()
    step: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    latency: Latency = field(default_factory=Latency)
    ended: bool = False
    confidence: float | None = None
    interrupted: bool = False
    """Whether the caller cut the agent off to say this."""

    def signals(self) -> dict[str, Any]:
        """As it is stored with the turn, beside its latency."""
        found: dict[str, Any] = {"kind": self.kind}
        if self.confidence is not None:
            found["confidence"] = round(self.confidence, 3)
        return found | ({"interrupted": True} if self.interrupted else {})


OnTurn = Callable[[TurnRecord], None]


class TurnClock:
    """Stamps of the running turn. All times are monotonic seconds.

    A record is emitted when the agent becomes audible, or, when ``voice`` is False, with the reply.
    """

    def __init__(self, on_turn: OnTurn, *, voice: bool = True, now: Callable[[], float] = time.monotonic):
        self.on_turn = on_turn
        self._voice = voice
        self._now = now
        self._count = 0
        self._kind = "open"
        self._heard = ""
        self._reply: Reply | None = None
        self._speech_end = self._noticed = self._words = self._turn_end = self._decided = 0.0
        self._made = 0.0
        self._tool_ms = 0.0

    def pause_noticed(self, silence: float) -> None:
        """The voice detector saw the caller stop, ``silence`` seconds ago."""
        self._noticed = self._now()
        self._speech_end = self._noticed - silence
        self._words = 0.0

    def words_came(self) -> None:
        """The recogniser delivered; the first words after the last pause count."""
        self._words = self._words or self._now()

    def turn_ended(self, heard: str, kind: str = "hear") -> None:
        """The caller is finished and the brain takes over."""
        self._turn_end = self._now()
        self._kind, self._heard, self._reply = kind, heard, None

    def decided(self, reply: Reply) -> None:
        """The conversation has answered."""
        self._decided = self._now()
        self._tool_ms = sum(run.ms for run in reply.tools)
        self._reply, self._made = reply, 0.0
        if not self._voice:
            self._emit(self._decided)

    def sound_made(self) -> None:
        """The voice has made the first sound of the answer; the transport has it."""
        if self._reply is not None and not self._made:
            self._made = self._now()

    def audible(self) -> None:
        """The first sound of the answer went out."""
        if self._voice:
            self._emit(self._now())

    def _emit(self, at: float) -> None:
        reply, self._reply = self._reply, None
        if reply is None:
            return
        self._count += 1
        self.on_turn(
            TurnRecord(
                number=self._count,
                kind=self._kind,
                heard=self._heard,
                said=tuple(utterance.text for utterance in reply.says),
                tools=tuple(reply.tools),
                step=reply.step,
                slots=reply.slots,
                latency=self._latency(at),
                ended=reply.ended,
            )
        )
        self._speech_end = self._noticed = self._words = 0.0

    def _latency(self, at: float) -> Latency:
        began = self._speech_end or self._turn_end
        waited = min(max(self._words - self._noticed, 0.0), self._turn_end - began) if self._noticed else 0.0
        tools = self._tool_ms
        made = min(max(self._made, self._decided), at) if self._made else at
        return Latency(
            endpointing_ms=(self._turn_end - began - waited) * 1000,
            stt_ms=waited * 1000,
            brain_ms=max((self._decided - self._turn_end) * 1000 - tools, 0.0),
            tool_ms=tools,
            tts_ms=(made - self._decided) * 1000,
            transport_ms=(at - made) * 1000,
            total_ms=(at - began) * 1000,
        )
