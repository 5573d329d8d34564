"""What was not understood, not given or not wanted: asked another way, put off or let go."""

from __future__ import annotations

from agent import acts
from agent.form import order
from agent.form.turn import Turn

MISSES_BEFORE_LETTING_GO = 3
MISSES_BEFORE_A_PERSON = 6
SILENCES_BEFORE_GOODBYE = 4


class Repair(Turn):
    """The ladder of a question that gets no answer, and its end."""

    def _miss(self, name: str, problem: str = "") -> None:
        """One failed try at a slot: the next rung of its repair ladder."""
        slot = self.state.slot(name)
        if slot.counts and slot.partial is not None and self.state.focus == name:
            # only its other half was asked for: it will do as it is
            slot.partial = None
            self._clear_focus(name)
            return
        slot.fails += 1
        if slot.fails < MISSES_BEFORE_LETTING_GO or slot.fails in range(4, MISSES_BEFORE_A_PERSON):
            self.lead = acts.Ask(name, slot.fails, problem)
        elif slot.fails >= MISSES_BEFORE_A_PERSON and not slot.counts and order.must_know(self.flow, name):
            slot.status = "skipped"
            slot.partial = None
            self._clear_focus(name)
            if not self.state.handed_over:
                self._hand_over("repeated_failure")
        else:
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        """Stop asking: keep what was there, take the default, skip, or put it off with a link."""
        slot, spec = self.state.slot(name), self.flow.slots[name]
        slot.partial = None
        if slot.counts:
            slot.proposal = slot.offer = None
            self.acts.append(acts.Say("kept", {"label": spec.label}))
        elif spec.default is not None:
            self._accept(name, spec.default)
            self.acts.append(acts.Say("default_taken", {"label": spec.label, "slot": name}))
        elif not order.must_know(self.flow, name):
            slot.status, slot.proposal = "skipped", None
            self.acts.append(acts.Say("skipped", {"label": spec.label}))
        else:
            self._put_off(name)
        self._clear_focus(name)

    def _put_off(self, name: str) -> None:
        slot, spec = self.state.slot(name), self.flow.slots[name]
        slot.status, slot.proposal, slot.offer = "skipped", None, None
        slot.skips += 1
        if self.env.can_send_link:
            self.acts.append(acts.Run("send_link", {"slot": name}))
        self.acts.append(acts.Say("put_off", {"label": spec.label}))

    def _skip(self, name: str) -> None:
        slot = self.state.slot(name)
        if slot.counts or self.flow.slots[name].default is not None or not order.must_know(self.flow, name):
            self._let_go(name)
            return
        slot.skips += 1
        if slot.skips == 1:
            self.acts.append(acts.Say("why_needed", {"slot": name}))
            self.lead = acts.Ask(name, min(slot.fails + 1, 2))
        else:
            self._put_off(name)
            self._clear_focus(name)

    def _withdraw(self, name: str) -> None:
        """The value read back was wrong: forget the proposal (never a confirmed value) and ask again."""
        slot = self.state.slot(name)
        slot.proposal = slot.offer = slot.partial = None
        if slot.status == "proposed":
            slot.status = "empty"
        self.state.focus = name
        self._miss(name)

    def _drop(self, name: str) -> None:
        """No longer asked; what is known of it already stays."""
        slot = self.state.slot(name)
        slot.proposal = slot.offer = slot.partial = None
        if not slot.counts:
            slot.status = "skipped"
        self._clear_focus(name)

    def _unclear(self) -> None:
        waiting = self.state.awaiting
        if waiting.kind == "ask" and waiting.slots:
            if self.env.channel == "voice":
                # else they would not know whether their words were heard at all
                self.acts.append(acts.Say(f"unclear_{1 + min(self.state.peek(waiting.slots[0]).fails, 1)}"))
            self._miss(waiting.slots[0])
            return
        waiting.misses += 1
        if waiting.misses > MISSES_BEFORE_LETTING_GO and not self.state.handed_over:
            self._hand_over("not_understood")
        else:
            key = "unclear_yes_no" if waiting.kind in ("confirm", "summary", "offer") else "unclear"
            self.acts.append(acts.Say(f"{key}_{min(waiting.misses, MISSES_BEFORE_LETTING_GO)}"))
        self.again = True

    def _silence(self) -> None:
        waiting = self.state.awaiting
        waiting.misses += 1
        if waiting.misses >= SILENCES_BEFORE_GOODBYE:
            self._close("silence")
            return
        self.acts.append(acts.Say(f"silence_{waiting.misses}"))
        self.again = True
