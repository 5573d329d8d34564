"""What a caller can know of where it stands: asked of the service, or guessed from the words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_READ_BACK = re.compile(
    r"\b(is that (right|correct)|(right|correct|yes or no)\?$|did i get that right)", re.I
)


@dataclass(frozen=True)
class State:
    """``kind``: ask, offer, confirm, summary, which, closed or "" (unknown). ``slots``: what it is about.

    ``values`` and ``statuses`` are by slot; ``open`` are slots without a value, in the form's order.
    """

    kind: str = ""
    slots: tuple[str, ...] = ()
    step: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    ended: bool = False
    offer: Any = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> State:
        """From ``GET /api/v1/conversations/{id}``; what is missing there stays unknown."""
        slots = data.get("slots") or {}
        awaiting = data.get("awaiting") or {}
        named = tuple(awaiting.get("slots") or ())
        held = slots.get(named[0]) if named else None
        offer = awaiting.get("offer", held.get("offer") if isinstance(held, Mapping) else None)
        return cls(
            kind=str(awaiting.get("kind") or ""),
            slots=named,
            step=str(data.get("step") or ""),
            values={name: slot.get("value") for name, slot in slots.items()},
            statuses={name: str(slot.get("status")) for name, slot in slots.items()},
            ended=bool(
                data.get("ended") or data.get("status") == "ended" or awaiting.get("kind") == "closed"
            ),
            offer=offer,
            raw=data,
        )

    @property
    def open(self) -> tuple[str, ...]:
        """Slots that have no value yet."""
        return tuple(name for name, status in self.statuses.items() if status in ("empty", "rejected"))


def guess(state: State, said: Sequence[str], cues: Mapping[str, Sequence[str]]) -> State:
    """Fill in what the service did not tell: a read-back is known by its words, a question by its cues
    (slot -> words), else it is taken for the first open slot.
    """
    if state.kind or state.ended:
        return state
    words = " ".join(said)
    if _READ_BACK.search(words):
        proposed = tuple(name for name, status in state.statuses.items() if status == "proposed")
        return replace(state, kind="confirm", slots=proposed)
    sentences = re.split(r"(?<=[.!?])\s+", words)
    question = next((part for part in reversed(sentences) if part.endswith("?")), words).casefold()
    heard = (slot for slot, words in cues.items() if any(cue.casefold() in question for cue in words))
    slot = next(heard, None) or (state.open[0] if state.open else None)
    return replace(state, kind="ask", slots=(slot,) if slot else ())
