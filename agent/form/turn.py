"""One turn of the form: what every part of it works on, and what each may do to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent import acts
from agent.acts import Act
from agent.form import order
from agent.form.state import Awaiting, FormState
from flows.schema import Flow


@dataclass(frozen=True)
class Env:
    """What the engine may know of the world: the channel, facts by name, whether a link can be sent.

    ``offers`` computes what a question can offer from the values confirmed so far (pure, and asked after
    the events are taken in, so an answer can shape the very next question).
    """

    channel: str = "voice"
    facts: Mapping[str, Any] = field(default_factory=dict)
    can_send_link: bool = True
    offers: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda values: {}


class Turn:
    """One turn's work on one private copy of the state.

    ``acts``: what is to be done so far; ``lead``: the act that leads on, where what was heard demands one;
    ``again``: the question asked before is put again, ``brief``: in few words. ``taken``: the slots that took
    a value without a read-back; ``told``: those, and the ones whose value is read back first.
    """

    def __init__(self, flow: Flow, state: FormState, env: Env):
        self.flow = flow
        self.state = state
        self.env = env
        self.acts: list[Act] = []
        self.lead: Act | None = None
        self.again = False
        self.brief = False
        self.taken: list[str] = []
        self.told: list[str] = []

    def _accept(self, name: str, value: Any) -> None:
        """The value counts from now on, and what was committed without it is committed again."""
        slot = self.state.slot(name)
        slot.value, slot.status = value, "confirmed"
        slot.proposal = slot.offer = slot.partial = None
        slot.fails, slot.fixes, slot.question = 0, 0, ""
        self._clear_focus(name)
        if name in self.state.history:
            self.state.history.remove(name)
        self.state.history.append(name)
        for step in self.flow.steps_of(name):
            # a committed step whose slot has changed is committed again; it was approved already
            if self.state.done.pop(step.step, None) is None and step.step in self.state.approved:
                self.state.approved.remove(step.step)

    def _confirm(self, name: str) -> None:
        slot = self.state.slot(name)
        if slot.pending:
            self._accept(name, slot.proposal)

    def _clear_focus(self, name: str) -> None:
        if self.state.focus == name:
            self.state.focus = None

    def _can_be_asked(self, name: str) -> bool:
        """Whether the slot belongs to a step and its condition holds."""
        return bool(self.flow.steps_of(name)) and order.applies(self.flow.slots[name].when, self.state)

    def _hand_over(self, reason: str) -> None:
        self.state.handed_over = True
        self.acts.append(acts.HandOver(reason))

    def _close(self, reason: str) -> None:
        self.state.closed = True
        self.state.awaiting = Awaiting(kind="closed")
        self.acts.append(acts.Close(reason))
