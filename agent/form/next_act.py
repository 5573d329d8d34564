"""The one act that leads on: a question, a read-back, a summary, a commit or the end."""

from __future__ import annotations

from agent import acts
from agent.acts import Act
from agent.form import order
from agent.form.repair import MISSES_BEFORE_A_PERSON, MISSES_BEFORE_LETTING_GO, Repair
from agent.form.state import Awaiting
from flows.schema import Confirm, Step

READ_BACK_AT_ONCE = 3
MUCH = 2
"""Values in one breath that are said again in passing."""
PASSED_OVER = 2
"""How often other things are told in place of an answer before the question waits for the others."""
SAID_AGAIN = frozenset({"areas", "address", "integer", "money_range"})
"""Types that are short to hear again, and wrong by one misheard word."""

# Read back one at a time: each is long, and a caller corrects it part by part.
ALONE = frozenset({"email", "address", "weekly_hours", "person_name", "url"})


class NextAct(Repair):
    """Decides what to do once everything is taken in."""

    def finish(self) -> None:
        """Add the one act that leads on, unless the conversation has just ended."""
        if self.state.closed:
            if not self.acts or not isinstance(self.acts[-1], acts.Close):
                self.acts.append(acts.Close("already"))
            return
        self._pass_over()
        if self._lead_still_wanted():
            assert self.lead is not None
            self._emit(self.lead)
        elif self.again and self.state.awaiting.kind in ("ask", "offer", "confirm", "summary", "which"):
            self._repeat()
        else:
            self._next()

    def _pass_over(self) -> None:
        """Count that something else was told to the question; who never answers it at all is let off."""
        was = self.state.awaiting
        if was.kind != "ask" or not self.told or order.must_know(self.flow, was.slots[0]):
            return
        slot = self.state.slot(was.slots[0])
        if slot.counts or slot.pending or slot.status == "skipped":
            return
        slot.passed += 1
        if slot.passed >= 2 * PASSED_OVER:
            slot.status = "skipped"

    def _lead_still_wanted(self) -> bool:
        match self.lead:
            case None:
                return False
            case acts.Ask(slot=name):
                slot = self.state.peek(name)
                if slot.pending and slot.partial is None:
                    return False
                return self.state.focus == name or not (slot.counts or slot.status == "skipped")
            case acts.Which(slots=names):
                return bool(names)
        return True

    def _repeat(self) -> None:
        waiting = self.state.awaiting
        names = tuple(waiting.slots)
        match waiting.kind:
            case "ask" | "offer":
                slot = self.state.peek(names[0])
                done = slot.counts or slot.status == "skipped" or (self.told and slot.passed >= PASSED_OVER)
                if done and self.state.focus != names[0]:
                    self._next()  # answered, let go or passed over in the same breath
                    return
                rung = max(slot.fails, min(waiting.misses, 2))
                offer = slot.offer if waiting.kind == "offer" else None
                self._emit(acts.Ask(names[0], rung, waiting.question, offer, self.brief))
            case "confirm":
                still = tuple(n for n in names if self.state.peek(n).pending)
                if still:
                    self._emit(acts.ReadBack(still))
                else:
                    self._next()
            case "summary":
                self._emit(acts.Summary(waiting.step, self.brief))
            case "which":
                self._emit(acts.Which(names))

    def _next(self) -> None:
        while True:
            step = order.current(self.flow, self.state)
            if step is None:
                self._close("finished")
                return
            act = self._next_in(step)
            if act is not None:
                self._emit(act)
                return
            if self.state.closed:
                return
            if step.hand_over is not None and order.applies(step.hand_over, self.state):
                self._hand_over("hot")
            self.state.done[step.step] = "done"

    def _next_in(self, step: Step) -> Act | None:
        """The next act within a step; None when the step has nothing left to ask or commit."""
        self._introduce(step)
        walked = order.path(self.flow, self.state)
        pending = [
            n for s in walked for n in order.members(self.flow, s, self.state) if self.state.peek(n).pending
        ]
        focus = self.state.focus
        if focus is not None and focus not in pending and self.state.peek(focus).pending:
            pending.insert(0, focus)
        for name in pending:
            if self.state.peek(name).offer is not None:
                return acts.Ask(name, 0, "", self.state.peek(name).offer)
        at_once = [n for n in pending if self._read_back_now(n, step)]
        if at_once:
            alone = [n for n in at_once if self.flow.slots[n].type in ALONE]
            return acts.ReadBack((alone[0],) if alone else tuple(at_once[:READ_BACK_AT_ONCE]))
        if self.state.focus is not None and not self._can_be_asked(self.state.focus):
            self.state.focus = None
        if self.state.focus is not None and self.state.peek(self.state.focus).pending:
            # a change that was asked for is read back by itself, typed or spoken
            return acts.ReadBack((self.state.focus,))
        if self.state.focus is not None:
            return acts.Ask(self.state.focus, self.state.peek(self.state.focus).fails)
        waiting = order.open_slots(self.flow, step, self.state)
        halves = order.halves(self.flow, step, self.state)
        for name in self._in_turn(order.asked(self.flow, step, self.state)):
            if name in halves:
                return self._complete(name)
            if name in waiting:
                return self._ask(name)
        if step.needs_all:
            missing = order.put_off(self.flow, self.state)
            if missing:
                return self._ask_put_off(missing[0])
        values = {
            n: self.state.peek(n).value
            for n in order.members(self.flow, step, self.state)
            if self.state.peek(n).counts
        }
        unapproved = step.summary and step.step not in self.state.approved
        if unapproved and (values or pending):
            return acts.Summary(step.step)
        if step.tool is not None:
            return acts.Commit(step.step, step.tool, values)
        return None

    def _in_turn(self, names: list[str]) -> list[str]:
        """The slots in the order they are asked; what other things are told to, time and again, is last."""
        late = {
            n for n in names if self.state.peek(n).passed >= PASSED_OVER and not order.must_know(self.flow, n)
        }
        return sorted(names, key=late.__contains__)

    def _complete(self, name: str) -> Act:
        """What is known of it will do; the missing part is asked for once."""
        slot = self.state.slot(name)
        question, slot.question = slot.question, ""
        self.state.focus = name
        return acts.Ask(name, 0, question)

    def _read_back_now(self, name: str, step: Step) -> bool:
        """Speech is read back at once; typed text is confirmed with the step's summary."""
        if self.env.channel == "voice":
            return True
        if not step.summary or step.step in self.state.approved:
            return True
        return name not in (*step.required, *step.optional)

    def _ask(self, name: str) -> Act:
        slot, spec = self.state.slot(name), self.flow.slots[name]
        if spec.confirm is Confirm.NEVER_BY_VOICE and self.env.channel == "voice":
            self.acts.append(acts.Say("never_by_voice", {"label": spec.label}))
            self._put_off(name)
            step = order.current(self.flow, self.state)
            assert step is not None
            return self._next_in(step) or acts.Say("wait")
        if slot.question and slot.partial is not None:
            question, slot.question = slot.question, ""
            return acts.Ask(name, slot.fails, question)
        offer = None
        if spec.suggest and not slot.declined:
            offers = self.env.offers(self.state.best())
            offer = offers.get(spec.suggest) or self.env.facts.get(spec.suggest)
        if offer and not slot.declined and slot.fails == 0:
            slot.offer = offer
            return acts.Ask(name, 0, "", offer)
        return acts.Ask(name, slot.fails)

    def _ask_put_off(self, name: str) -> Act | None:
        slot = self.state.slot(name)
        if slot.skips > 1 or slot.fails >= MISSES_BEFORE_A_PERSON:
            self.acts.append(acts.Say("still_needed", {"label": self.flow.slots[name].label}))
            if not self.state.handed_over:
                self._hand_over("missing_required")
            self._close("missing_required")
            return None
        slot.status = "empty"
        slot.skips += 1
        slot.fails = max(slot.fails, MISSES_BEFORE_LETTING_GO)
        self.acts.append(acts.Say("back_to", {"label": self.flow.slots[name].label}))
        return acts.Ask(name, 1)

    def _introduce(self, step: Step) -> None:
        if step.step not in self.state.introduced:
            self.state.introduced.append(step.step)
            if step.intro:
                self.acts.append(acts.Say(f"step:{step.step}:intro"))

    def _emit(self, act: Act) -> None:
        """Add the leading act and remember what it waits for."""
        self._landmarks(act)
        misses = self.state.awaiting.misses if self.again else 0
        match act:
            case acts.Ask():
                kind = "offer" if act.offer is not None else "ask"
                self._await(kind, [act.slot], misses, question=act.question)
            case acts.ReadBack():
                self._await("confirm", list(act.slots), misses)
            case acts.Which():
                self._await("which", list(act.slots), misses)
            case acts.Summary():
                self._await("summary", [], misses, step=act.step)
            case acts.Commit():
                self._await("commit", [], 0, step=act.step)
        self.acts.append(act)

    def _await(self, kind: str, slots: list[str], misses: int, *, question: str = "", step: str = "") -> None:
        self.state.awaiting = Awaiting.model_validate(
            {"kind": kind, "slots": slots, "step": step, "question": question, "misses": misses}
        )

    def _landmarks(self, act: Act) -> None:
        """Feed implicitly confirmed values forward once, unless a summary is about to say them all.

        Who says much in one breath hears it again, and knows that nothing has to be said twice.
        """
        told = [n for n in self.taken if self.flow.slots[n].type in SAID_AGAIN]
        was = self.state.awaiting
        same = isinstance(act, acts.Ask) and was.kind == "ask" and was.slots == [act.slot]
        # who hears the same question again wants to know that the other thing was heard
        heard = [*self.state.landmarks, *(told if same or len(told) >= MUCH else ())]
        names = [n for n in dict.fromkeys(heard) if self.state.peek(n).counts]
        self.state.landmarks = []
        if names and not isinstance(act, acts.Summary):
            self.acts.append(acts.Say("landmark", {"slots": names}))
