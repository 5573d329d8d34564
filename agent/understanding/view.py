"""What understanding may look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.form.state import FormState
from agent.understanding.base import SlotContext, SlotType
from agent.understanding.types import slot_types
from flows.schema import Channel, Choice, Flow, Slot


@dataclass(frozen=True)
class View:
    """What understanding may look at: the form, the channel, and what is known around it."""

    flow: Flow
    state: FormState
    channel: Channel = "voice"
    facts: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    choices: Callable[[Slot], Sequence[Choice]] = lambda slot: slot.choices

    @property
    def language(self) -> str:
        """What is spoken now."""
        return self.state.language

    def type_of(self, name: str) -> SlotType:
        """The slot's type."""
        return slot_types()[self.flow.slots[name].type]

    def context(self, name: str) -> SlotContext:
        """Everything the slot's type may look at."""
        spec, slot = self.flow.slots[name], self.state.peek(name)
        return SlotContext(
            name=name,
            slot=spec,
            channel=self.channel,
            facts={**self.state.best(), **self.facts},
            choices=self.choices(spec),
            now=self.now,
            current=slot.proposal if slot.pending else slot.value,
            partial=slot.partial,
            fails=slot.fails,
        )
