"""What a conversation answers: the next words, and everything the line has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from agent.phrasing import Utterance
from agent.understanding.base import Patience


@dataclass(frozen=True, slots=True)
class ToolRun:
    """A tool the engine ran in this turn; ``ms`` is how long it took."""

    name: str
    arguments: Mapping[str, Any]
    status: str
    receipt_id: UUID | None = None
    ms: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        receipt = str(self.receipt_id) if self.receipt_id else None
        return {
            "name": self.name,
            "arguments": dict(self.arguments),
            "status": self.status,
            "receipt_id": receipt,
            "ms": round(self.ms, 1),
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``recording`` false: the caller has asked not to be recorded.

    ``careful``: a name or a place is expected, of which one misheard word is enough to be wrong.
    """

    says: tuple[Utterance, ...]
    tools: tuple[ToolRun, ...] = ()
    ended: bool = False
    transfer_to: str | None = None
    patience: Patience = "open"
    vocabulary: tuple[str, ...] = ()
    careful: bool = False
    step: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    awaiting: Mapping[str, Any] = field(default_factory=dict)
    recording: bool = True

    @property
    def text(self) -> str:
        """All words as written."""
        return " ".join(u.text for u in self.says)


@dataclass(frozen=True, slots=True)
class StepPrompt:
    """What a language model is told about the step it is in. Volatile, so it goes last in the context."""

    step: str
    title: str
    goal: str
    awaiting: str
    open_slots: tuple[str, ...]
    known: Mapping[str, str]
    say: str

    def text(self) -> str:
        """As one developer message."""
        known = "; ".join(f"{k} = {v}" for k, v in self.known.items()) or "nothing yet"
        return (
            f"Step: {self.title}. Known: {known}. Still open: {', '.join(self.open_slots) or 'nothing'}. "
            f"The caller was just asked: {self.awaiting}. If unsure, say: {self.say}"
        )
