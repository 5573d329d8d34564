"""What a live call needs from the rest of the application, as shapes.

The session, the telephone routes and the brains are written against these, so that they can be run
with a scripted conversation, stub speech and an in-memory call book.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID

from pipecat.audio.vad.vad_analyzer import VADAnalyzer
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from agent.understanding.base import Patience

Outcome = Literal["done", "hung_up", "dropped", "transferred", "failed", "drained", "capped"]
"""How a live call left this process.

``dropped``: the socket died while the call lives on, ``/twilio/resume`` may bring it back.
``failed``: it cannot go on here; the caller is apologised to and sent to the tenant's own number.
"""


class Utterance(Protocol):
    """One thing to say: as written, as spoken, and whether it may be talked over."""

    @property
    def text(self) -> str:
        """As written (captions, transcripts, chat)."""

    @property
    def spoken(self) -> str:
        """As it goes to the voice."""

    @property
    def interruptible(self) -> bool:
        """False: the legal opening, which plays to its end."""

    @property
    def key(self) -> str:
        """The phrase it came from."""


class ToolRun(Protocol):
    """A tool the engine ran in this turn."""

    @property
    def name(self) -> str:
        """The verb."""

    @property
    def arguments(self) -> dict[str, Any]:
        """What it was called with."""

    @property
    def status(self) -> str:
        """What came of it, in a word."""

    @property
    def ms(self) -> float:
        """How long it took."""


class Reply(Protocol):
    """What a conversation answers: the next words and everything the line has to know."""

    @property
    def says(self) -> Sequence[Utterance]:
        """The words, in order."""

    @property
    def tools(self) -> Sequence[ToolRun]:
        """What was done."""

    @property
    def ended(self) -> bool:
        """The goodbye is among ``says``."""

    @property
    def transfer_to(self) -> str | None:
        """E.164 number of a person the caller goes to after these words."""

    @property
    def patience(self) -> Patience:
        """How long a pause the next answer may hold."""

    @property
    def vocabulary(self) -> Sequence[str]:
        """Words to expect next."""

    @property
    def step(self) -> str:
        """Where in the flow the conversation is."""

    @property
    def slots(self) -> Mapping[str, Any]:
        """name -> {"status", "value"}."""


class Conversation(Protocol):
    """The pipecat-free heart of a call or chat (agent.conversation.Conversation)."""

    id: UUID
    tenant_id: UUID
    channel: str

    async def open(self) -> Reply:
        """The first words, or the welcome back."""

    async def hear(self, text: str, *, confidence: float = 1.0) -> Reply:
        """The caller's words (keys arrive as ``DTMF: 12#``)."""

    async def silence(self) -> Reply:
        """The caller said nothing for as long as the idle timeout."""

    async def close(self, reason: str) -> None:
        """Store what there is and end; idempotent."""


@dataclass
class CallSpeech:
    """One call's ears and mouth. Nothing in it is shared with another call but the weights.

    ``say_as`` registers how a written sentence is pronounced; ``tune`` tells ears and turn taking what
    comes next.
    """

    stt: FrameProcessor | None
    tts: FrameProcessor | None
    vad: VADAnalyzer | None = None
    strategies: UserTurnStrategies | None = None
    sample_rate: int = 8000
    stop_timeout: float = 5.0
    on_tune: Callable[[Patience, Sequence[str]], None] | None = None


SpeechFactory = Callable[["LiveCall"], Awaitable[CallSpeech]]
"""Builds one call's speech (voice profile of the tenant, shared weights). Must not block the loop."""


@dataclass(frozen=True)
class LiveCall:
    """The call as its row says; never as the wire says."""

    id: UUID
    tenant_id: UUID
    call_sid: str = ""
    account_sid: str = ""
    stream_sid: str = ""
    caller: str | None = None
    dialled: str | None = None
    conversation_id: UUID | None = None
    channel: str = "voice"
    voice: str | None = None
    fallback_number: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class CallControl(Protocol):
    """The carrier's remote control of a live call (integrations.twilio.Calls)."""

    async def hang_up(self, account_sid: str, call_sid: str) -> None:
        """End the call. A call that is already over is not an error."""
