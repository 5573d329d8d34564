"""The vocabulary between hearing, deciding and saying.

``Event``: what was heard, already understood. ``Act``: what the engine decided to do next.
Both are plain values, so the engine can be tested without audio, model or database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard, get_args

from agent.understanding.base import Reading

CommandName = Literal[
    "help",
    "human",
    "repeat",
    "go_back",
    "change",
    "status",
    "undo",
    "skip",
    "who_are_you",
    "dont_record",
    "opt_out",
    "goodbye",
    "wait",
    "resume",
    "send_link",
    "pause",
]

BRIEFLY = "briefly"
"""The target of ``repeat`` that puts the question again in few words."""
COMMANDS: tuple[str, ...] = get_args(CommandName)

# -- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """A value (or half of one, or an impossible one) for a slot; ``volunteered`` if not asked for."""

    slot: str
    reading: Reading
    volunteered: bool = False


@dataclass(frozen=True, slots=True)
class Yes:
    """Agreement to what was read back or offered."""


@dataclass(frozen=True, slots=True)
class No:
    """Disagreement, without saying what is wrong."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction of a slot's value ("no, it's N as in Nancy")."""

    slot: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be said anywhere; ``target`` is a slot or step name, or a code."""

    name: CommandName
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """Words that are no answer and deserve one (an objection, a question): ``key`` is said, then ``ask`` is
    asked if it is still open, else the question stands (``stays``). ``enough``: nothing more is asked but
    ``keeps``.
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    ask: str = ""
    enough: bool = False
    keeps: tuple[str, ...] = ()
    stays: bool = True


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller said nothing for as long as the idle timeout."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words, but nothing in them was understood."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Committed:
    """A step's tool has run and left a receipt; ``facts`` may be spoken."""

    step: str
    status: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommitFailed:
    """A step's tool refused: per slot a sentence to say, or a general ``message``."""

    step: str
    message: str
    slots: Mapping[str, str] = field(default_factory=dict)


Event = Answer | Yes | No | Fix | Command | Aside | Silence | Unclear | Committed | CommitFailed


def brings_value(event: Event) -> TypeGuard[Answer | Fix]:
    """Whether an event brings a value, asked for or put right."""
    return isinstance(event, Answer | Fix) and event.reading.value is not None


def tells(event: Event) -> bool:
    """Whether an event brings a value, a yes or a no, or a remark that is answered."""
    return brings_value(event) or isinstance(event, Yes | No | Aside)


def is_about(event: Event, slots: Sequence[str]) -> TypeGuard[Answer | Fix]:
    """Whether an event is about one of these values."""
    return isinstance(event, Answer | Fix) and event.slot in slots


# -- acts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a fixed phrase (a key of prompts/phrases.yaml) with facts; never the last act of a turn."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for a slot; ``attempt`` 0 is the first wording, 1.. the repair ladder; ``brief``: in few words."""

    slot: str
    attempt: int = 0
    question: str = ""
    offer: Any = None
    brief: bool = False


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Read values back and wait for yes, no or a correction."""

    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Read the whole step back before it is committed; ``brief``: it was, and only the yes is missing.

    ``changed``: it was read a moment ago, and these values alone are others now.
    """

    step: str
    brief: bool = False
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Which:
    """Ask which of these values is wrong."""

    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """Run the step's tool with these confirmed values; the engine waits for the outcome."""

    step: str
    tool: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the caller to a person: open a ticket, book a call-back, then go on or end."""

    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """Run a tool that commits no step (undo, opt_out, send_link ...)."""

    tool: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Close:
    """Say goodbye and end the conversation."""

    reason: str


Act = Say | Ask | ReadBack | Summary | Which | Commit | HandOver | Run | Close
