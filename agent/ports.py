"""What a live call needs from the rest of the application, as shapes.

The session, the telephone routes and the brains are written against these, so that they can be run
with a scripted conversation, stub speech and an in-memory call book.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID

from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameProcessor

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

    @property
    def language(self) -> str:
        """What it is in, ISO 639-1."""


class ToolRun(Protocol):
    """A tool the engine ran in this turn."""

    @property
    def name(self) -> str:
        """The verb."""

    @property
    def arguments(self) -> Mapping[str, Any]:
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
    def careful(self) -> bool:
        """A name or a place is expected: one word heard unsure is to count."""

    @property
    def step(self) -> str:
        """Where in the flow the conversation is."""

    @property
    def slots(self) -> Mapping[str, Any]:
        """name -> {"status", "value"}."""


class Conversation(Protocol):
    """The pipecat-free heart of a call or chat (agent.conversation.Conversation)."""

    @property
    def id(self) -> UUID:
        """Its row."""

    @property
    def tenant_id(self) -> UUID:
        """Whose agent speaks."""

    @property
    def channel(self) -> str:
        """``voice`` or ``chat``."""

    @property
    def recording(self) -> bool:
        """False once the caller has asked not to be recorded."""

    @property
    def language(self) -> str:
        """What is spoken now, ISO 639-1."""

    async def open(self) -> Reply:
        """The first words, or the welcome back."""

    async def hear(self, text: str, *, confidence: float = 1.0) -> Reply:
        """The caller's words (keys arrive as ``DTMF: 12#``)."""

    async def silence(self) -> Reply:
        """The caller said nothing for as long as the idle timeout."""

    async def timed(self, latency: Mapping[str, float], signals: Mapping[str, Any] | None = None) -> None:
        """Note how long the newest turn took, and what led to it."""

    async def close(self, reason: str) -> None:
        """Store what there is and end; idempotent."""


class TurnControl(Protocol):
    """How a call's turn taking is steered (agent.speech.turns.TurnControl)."""

    def set_patience(self, patience: Patience) -> None:
        """How the next answer is waited for."""

    def mute(self, on: bool) -> None:
        """Do not listen: the legal opening is being said."""

    async def silent(self) -> bool:
        """Wait for what is being heard now; whether nothing came of it."""

    @property
    def hearing(self) -> bool:
        """Whether the caller speaks, or what was said is being recognised or waited out."""

    @property
    def pace(self) -> Pace:
        """The waits that hold now."""


class Pace(Protocol):
    """Seconds of silence."""

    @property
    def idle(self) -> float:
        """That count as no answer."""


class TurnTaking(Protocol):
    """A call's turn taking (agent.speech.turns.Turns)."""

    @property
    def control(self) -> TurnControl:
        """The session's handle on it."""

    def params(self, *, empty_turn_prompt: str | None = None) -> LLMUserAggregatorParams:
        """For pipecat's user aggregator."""


class CallSpeech(Protocol):
    """One call's ears, mouth and turn taking (agent.speech.engine.CallServices).

    Nothing in it is shared with another call but the weights.
    """

    @property
    def stt(self) -> FrameProcessor:
        """Speech to text."""

    @property
    def tts(self) -> FrameProcessor:
        """Text to speech."""

    @property
    def turns(self) -> TurnTaking:
        """Whose turn it is."""


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
