"""What a slot type is: how one kind of value is heard, checked, repaired and said.

A slot type is a pure object: text in, canonical JSON value out. One file a type in ``types/``,
each with a module-level ``TYPE``; the index is rebuilt from the folder, so adding a type is
adding a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from flows.schema import Channel, Choice, Slot

ASKS_BACK = frozenset({"representation"})
"""Types whose question back is put at once even when their value was only spoken of in passing."""

Patience = Literal["short", "open", "spelled"]
"""How long a pause may be before the caller counts as finished: yes/no, a sentence, letters or digits."""


@dataclass(frozen=True, slots=True)
class SlotContext:
    """Everything a type may look at.

    ``facts`` holds what the session knows (``caller_id``, ``organization_domain``, ``timezone``,
    ``country``, values of other slots by name). ``current`` is the value held now (being read back
    or confirmed); ``partial`` what an earlier ``Reading.partial`` left (e-mail: ``{"user": ...}``).
    ``fails`` counts failed tries, so a type can become more careful (spell by letter, then by word).
    """

    name: str
    slot: Slot
    channel: Channel = "voice"
    facts: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    now: datetime | None = None
    current: Any = None
    partial: Any = None
    fails: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a type made of some words.

    One of these holds: ``value`` is set (understood); ``problem`` is set (heard something of
    this kind, but it cannot be right: a full sentence to say to the caller, with what to do);
    ``ask`` is set (half of it is known, kept in ``partial``: the question for the rest). ``value`` and
    ``ask`` together: it will do as it is, and the question that would make it whole is asked once, when
    its turn comes.
    ``suggestion`` (with a value) is a likely correction to offer as a question, e.g. gmail.com for
    gmial.com. ``confidence`` 0..1: below 0.6 the engine reads back even what needs no confirmation.
    ``rest`` is the part of the text that was not used, for other slots.
    """

    value: Any = None
    problem: str = ""
    ask: str = ""
    partial: Any = None
    suggestion: Any = None
    confidence: float = 1.0
    rest: str = ""


class SlotType(Protocol):
    """The contract. All methods are pure and never raise on any text."""

    name: str
    patience: Patience

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Read an answer to *this* slot's question (spoken, typed, or keyed as ``DTMF: 123#``).

        None when nothing of this kind was said at all. Fillers ("um, it's ...") are expected.
        """

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Find this value in a sentence that answers *another* question.

        Precision over recall: a wrong find costs a correction, a miss costs one question.
        Uses ``ctx.slot.cues`` (phrases that announce the value) where the kind alone is ambiguous.
        """

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Apply a correction to ``ctx.current`` ("no, it's N as in Nancy", "the last two are 4 7").

        None when the words are no correction of this value.
        """

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Why a canonical value is not acceptable (a sentence), or None when it is.

        Used for values that come from a page, the API or a model.
        """

    def say(self, value: Any, ctx: SlotContext) -> str:
        """The value as it is read back aloud (phone 3-3-4, e-mail in chunks with 'as in')."""

    def show(self, value: Any, ctx: SlotContext) -> str:
        """The value as it is written in chat and on pages."""

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Vocabulary to bias the recogniser with while this slot is asked."""
