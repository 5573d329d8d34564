"""Values, and the yes or no to them: proposed, read back, accepted, refused."""

from __future__ import annotations

from agent import acts
from agent.form import order
from agent.form.repair import Repair
from agent.understanding.base import ASKS_BACK, Reading
from flows.schema import Confirm

LOW_CONFIDENCE = 0.6
LOW_AMONG_FEW = 0.3
"""The same for answers out of a few: "yes" by itself is heard at 0.4 to 0.5. Of 602 yeses and noes in two
voices, clean and noisy, none was heard as the other; of 12 small counts at 0.4 to 0.6 none as another one.
"""
FEW = frozenset({"yes_no", "representation", "choice", "integer"})
NOTHING = "none"
"""What is kept of "no" where words of their own were asked for."""
ECHOED_BELOW = 0.75
ECHOED = frozenset({"areas", "address"})
"""Places heard less sure than this are said in passing ("Okay, Oak Park."), so that they can be put right."""
FIXES_READ_BACK = 2
"""Corrections of one value that are read back although it is only the ear that doubts them."""


class Values(Repair):
    """Takes in what was answered and what was agreed to."""

    def _answer(self, name: str, reading: Reading, volunteered: bool, fix: bool = False) -> None:
        spec = self.flow.slots.get(name)
        if spec is None or not order.takes(spec.when, self.state):
            return
        slot = self.state.slot(name)
        if reading.problem:
            if not volunteered:
                self._miss(name, reading.problem)
        elif reading.value is not None:
            known = slot.counts and slot.value == reading.value
            self._propose(name, reading, fix)
            if reading.ask and slot.counts and not known:
                slot.partial, slot.question = reading.partial, reading.ask
        elif reading.ask and volunteered and spec.type not in ASKS_BACK:
            if not slot.pending and not slot.counts:
                slot.partial, slot.question = reading.partial, reading.ask
        elif reading.ask and self._just_asked(name, reading.ask):
            self._miss(name)  # the same question a second time would be a loop
        elif reading.ask:
            slot.partial = reading.partial
            self.lead = acts.Ask(name, slot.fails, reading.ask)

    def _just_asked(self, name: str, question: str) -> bool:
        waiting = self.state.awaiting
        return waiting.kind == "ask" and waiting.slots == [name] and waiting.question == question

    def _propose(self, name: str, reading: Reading, fix: bool) -> None:
        spec, slot = self.flow.slots[name], self.state.slot(name)
        slot.partial, slot.question = None, ""
        if spec.confirm is Confirm.NEVER_BY_VOICE and self.env.channel == "voice":
            self.acts.append(acts.Say("never_by_voice", {"label": spec.label}))
            self._put_off(name)
            return
        if slot.counts and slot.value == reading.value:
            # said again: nothing to change, and a change under way is withdrawn
            slot.proposal = slot.offer = None
            if self.state.focus == name:
                self.state.focus = None
            return
        self.told.append(name)
        slot.channel = self.env.channel
        slot.offer = reading.suggestion
        explicit = spec.confirm in (Confirm.EXPLICIT, Confirm.OUT_OF_BAND)
        slot.fixes += fix
        # a correction heard unsure is read back too; not for ever
        few = spec.type in FEW or reading.value == NOTHING
        enough = LOW_AMONG_FEW if few else LOW_CONFIDENCE
        doubtful = reading.confidence < enough and slot.fixes <= FIXES_READ_BACK
        if explicit or doubtful or reading.suggestion is not None:
            slot.proposal = reading.value
            if not slot.counts:
                slot.status = "proposed"
        else:
            self._accept(name, reading.value)
            self.taken.append(name)
            echoed = spec.type in ECHOED and reading.confidence < ECHOED_BELOW and self.env.channel == "voice"
            if (spec.confirm is Confirm.IMPLICIT or echoed) and name not in self.state.landmarks:
                self.state.landmarks.append(name)

    def _yes(self) -> None:
        waiting = self.state.awaiting
        match waiting.kind:
            case "offer":
                slot = self.state.slot(waiting.slots[0])
                if slot.offer is None:
                    self._unclear()
                elif slot.pending:
                    slot.proposal, slot.offer = slot.offer, None
                else:
                    self._accept(waiting.slots[0], slot.offer)
            case "confirm":
                for name in waiting.slots:
                    self._confirm(name)
            case "summary":
                step = self.flow.step(waiting.step)
                for name in order.members(self.flow, step, self.state):
                    self._confirm(name)
                if step.step not in self.state.approved:
                    self.state.approved.append(step.step)
            case "commit" | "nothing":
                pass
            case _:
                self._unclear()

    def _no(self) -> None:
        waiting = self.state.awaiting
        match waiting.kind:
            case "offer":
                slot = self.state.slot(waiting.slots[0])
                slot.offer, slot.declined = None, True
                if not slot.pending:
                    self.lead = acts.Ask(waiting.slots[0], slot.fails)
            case "confirm" if len(waiting.slots) == 1:
                self._withdraw(waiting.slots[0])
            case "confirm":
                self.lead = acts.Which(tuple(waiting.slots))
            case "summary":
                step = self.flow.step(waiting.step)
                known = [
                    n
                    for n in order.members(self.flow, step, self.state)
                    if self.state.peek(n).counts or self.state.peek(n).pending
                ]
                self.lead = acts.Which(tuple(known))
            case "ask" if waiting.slots:
                self._skip(waiting.slots[0])
            case _:
                self._unclear()
