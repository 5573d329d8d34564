"""The form engine: pure, without audio, model or database.

Three promises, property-tested: no sequence of events loses a confirmed slot, commits an
unconfirmed one, or leaves the caller without a next act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent import acts
from agent.acts import Act, Event
from agent.form import order
from agent.form.state import Awaiting, FormState, SlotState
from agent.understanding.base import ASKS_BACK, Reading
from flows.schema import Confirm, Flow, Step

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
MISSES_BEFORE_LETTING_GO = 3
MISSES_BEFORE_A_PERSON = 6
SILENCES_BEFORE_GOODBYE = 4
FIXES_READ_BACK = 2
"""Corrections of one value that are read back although it is only the ear that doubts them."""
READ_BACK_AT_ONCE = 3

# Read back one at a time: each is long, and a caller corrects it part by part.
ALONE = frozenset({"email", "address", "weekly_hours", "person_name", "url"})


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


def advance(
    flow: Flow, state: FormState, events: Iterable[Event], env: Env
) -> tuple[FormState, tuple[Act, ...]]:
    """Take in what was heard and decide what to do next.

    Returns a new state (the given one is not touched) and the acts to perform in order. The last act
    is always one that leads on: a question, a read-back, a commit or the end.
    """
    turn = _Turn(flow, state.model_copy(deep=True), env)
    for event in events:
        turn.take(event)
    turn.finish()
    return turn.state, tuple(turn.acts)


class _Turn:
    """One turn's work on one private copy of the state."""

    def __init__(self, flow: Flow, state: FormState, env: Env):
        self.flow = flow
        self.state = state
        self.env = env
        self.acts: list[Act] = []
        self.lead: Act | None = None
        self.again = False

    # -- hearing ----------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        if self.state.closed:
            return
        match event:
            case acts.Answer():
                self._answer(event.slot, event.reading, event.volunteered)
            case acts.Fix():
                self._answer(event.slot, event.reading, volunteered=False, fix=True)
            case acts.Yes():
                self._yes()
            case acts.No():
                self._no()
            case acts.Command():
                self._command(event)
            case acts.Aside():
                self._aside(event)
            case acts.Silence():
                self._silence()
            case acts.Unclear():
                self._unclear()
            case acts.Committed():
                self._committed(event)
            case acts.CommitFailed():
                self._commit_failed(event)

    def _answer(self, name: str, reading: Reading, volunteered: bool, fix: bool = False) -> None:
        spec = self.flow.slots.get(name)
        if spec is None or not order.applies(spec.when, self.state):
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
            echoed = spec.type in ECHOED and reading.confidence < ECHOED_BELOW and self.env.channel == "voice"
            if (spec.confirm is Confirm.IMPLICIT or echoed) and name not in self.state.landmarks:
                self.state.landmarks.append(name)

    def _accept(self, name: str, value: Any) -> None:
        slot = self.state.slot(name)
        slot.value, slot.status = value, "confirmed"
        slot.proposal = slot.offer = slot.partial = None
        slot.fails, slot.fixes, slot.question = 0, 0, ""
        if self.state.focus == name:
            self.state.focus = None
        if name in self.state.history:
            self.state.history.remove(name)
        self.state.history.append(name)
        for step in self.flow.steps_of(name):
            # a committed step whose slot has changed is committed again; it was approved already
            if self.state.done.pop(step.step, None) is None and step.step in self.state.approved:
                self.state.approved.remove(step.step)

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

    def _confirm(self, name: str) -> None:
        slot = self.state.slot(name)
        if slot.pending:
            self._accept(name, slot.proposal)

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

    def _withdraw(self, name: str) -> None:
        """The value read back was wrong: forget the proposal (never a confirmed value) and ask again."""
        slot = self.state.slot(name)
        slot.proposal = slot.offer = slot.partial = None
        if slot.status == "proposed":
            slot.status = "empty"
        self.state.focus = name
        self._miss(name)

    def _aside(self, aside: acts.Aside) -> None:
        """Acknowledge, then one question at most; who has had enough is asked nothing more."""
        if aside.key:
            self.acts.append(acts.Say(aside.key, dict(aside.facts)))
        if aside.enough:
            for name in order.still_to_come(self.flow, self.state):
                if name != aside.ask and name not in aside.keeps:
                    self._drop(name)
        wanted = aside.ask and not self.state.peek(aside.ask).counts and self._can_be_asked(aside.ask)
        if wanted and self.state.peek(aside.ask).status != "skipped":
            self.state.focus = aside.ask
            self.lead = acts.Ask(aside.ask, 0)
        else:
            self.again = aside.stays and not aside.enough

    def _drop(self, name: str) -> None:
        """No longer asked; what is known of it already stays."""
        slot = self.state.slot(name)
        slot.proposal = slot.offer = slot.partial = None
        if not slot.counts:
            slot.status = "skipped"
        self._clear_focus(name)

    def _silence(self) -> None:
        waiting = self.state.awaiting
        waiting.misses += 1
        if waiting.misses >= SILENCES_BEFORE_GOODBYE:
            self._close("silence")
            return
        self.acts.append(acts.Say(f"silence_{waiting.misses}"))
        self.again = True

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

    def _clear_focus(self, name: str) -> None:
        if self.state.focus == name:
            self.state.focus = None

    # -- commands ---------------------------------------------------------------------------------

    def _command(self, command: acts.Command) -> None:
        waiting = self.state.awaiting
        match command.name:
            case "help" | "status" | "who_are_you" | "wait":
                facts = {"slot": waiting.slots[0] if waiting.slots else ""}
                self.acts.append(acts.Say(command.name, facts))
                self.again = command.name != "wait"
                if command.name == "wait":
                    self.lead = acts.Say("wait")
                    self.acts.pop()
            case "repeat":
                self.again = True
            case "dont_record" | "undo" | "send_link" | "resume":
                values = {"target": command.target} if command.target else {}
                self.acts.append(acts.Run(command.name, values))
                self.again = True
            case "human":
                if self.state.handed_over:
                    self.acts.append(acts.Say("human_already"))
                else:
                    self._hand_over("asked")
                self.again = True
            case "opt_out":
                self.acts.append(acts.Run("opt_out"))
                self._close("opt_out")
            case "goodbye" | "pause":
                self._close("caller_done")
            case "skip":
                if waiting.kind == "confirm" and waiting.slots:
                    self._withdraw(waiting.slots[0])
                elif waiting.slots:
                    self._skip(waiting.slots[0])
                else:
                    self.again = True
            case "go_back":
                self._change(self.state.history[-1] if self.state.history else None)
            case "change":
                self._change(command.target)

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

    def _change(self, target: str | None) -> None:
        if target in self.flow.slots and self._can_be_asked(target):
            slot = self.state.slot(target)
            if not slot.counts:
                slot.proposal = slot.offer = None
                slot.status = "empty"
            self.state.focus = target
            self.lead = acts.Ask(target, 0)
            return
        steps = [s for s in self.flow.steps if s.step == target] or order.path(self.flow, self.state)[-1:]
        known = tuple(
            n for s in steps for n in order.members(self.flow, s, self.state) if self.state.peek(n).counts
        )
        if known:
            self.lead = acts.Which(known)
        else:
            self.again = True

    def _can_be_asked(self, name: str) -> bool:
        """Whether the slot belongs to a step and its condition holds."""
        return bool(self.flow.steps_of(name)) and order.applies(self.flow.slots[name].when, self.state)

    # -- outcomes ---------------------------------------------------------------------------------

    def _committed(self, event: acts.Committed) -> None:
        step = self.flow.step(event.step)
        self.state.awaiting = Awaiting()
        if event.status == "undone":
            self.state.done.pop(step.step, None)
            if step.step in self.state.approved:
                self.state.approved.remove(step.step)
            known = tuple(n for n in order.members(self.flow, step, self.state) if self.state.peek(n).counts)
            self.lead = acts.Which(known) if known else None
            return
        self.state.done[step.step] = event.status
        self.state.failures.pop(step.step, None)
        if step.done:
            self.acts.append(acts.Say(f"step:{step.step}:done", dict(event.facts)))

    def _commit_failed(self, event: acts.CommitFailed) -> None:
        self.state.awaiting = Awaiting()
        fails = self.state.failures[event.step] = self.state.failures.get(event.step, 0) + 1
        if event.step in self.state.approved:
            self.state.approved.remove(event.step)
        named = [n for n in event.slots if n in self.flow.slots]
        if fails > MISSES_BEFORE_LETTING_GO or (not named and fails > 1):
            self.acts.append(acts.Say("tool_failed", {"message": event.message}))
            self._hand_over("tool_failed")
            self._close("tool_failed")
            return
        if named:
            for name in named:
                self.state.slot(name).status = "rejected"
            self.lead = acts.Ask(named[0], 0, event.slots[named[0]])
        else:
            self.acts.append(acts.Say("tool_failed", {"message": event.message}))

    def _hand_over(self, reason: str) -> None:
        self.state.handed_over = True
        self.acts.append(acts.HandOver(reason))

    def _close(self, reason: str) -> None:
        self.state.closed = True
        self.state.awaiting = Awaiting(kind="closed")
        self.acts.append(acts.Close(reason))

    # -- deciding ---------------------------------------------------------------------------------

    def finish(self) -> None:
        """Add the one act that leads on, unless the conversation has just ended."""
        if self.state.closed:
            if not self.acts or not isinstance(self.acts[-1], acts.Close):
                self.acts.append(acts.Close("already"))
            return
        if self._lead_still_wanted():
            assert self.lead is not None
            self._emit(self.lead)
        elif self.again and self.state.awaiting.kind in ("ask", "offer", "confirm", "summary", "which"):
            self._repeat()
        else:
            self._next()

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
                if slot.counts and self.state.focus != names[0]:
                    self._next()  # answered in the same breath
                    return
                rung = max(slot.fails, min(waiting.misses, 2))
                offer = slot.offer if waiting.kind == "offer" else None
                self._emit(acts.Ask(names[0], rung, waiting.question, offer))
            case "confirm":
                still = tuple(n for n in names if self.state.peek(n).pending)
                if still:
                    self._emit(acts.ReadBack(still))
                else:
                    self._next()
            case "summary":
                self._emit(acts.Summary(waiting.step))
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
        for name in order.asked(self.flow, step, self.state):
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
            offers = self.env.offers(self.state.confirmed())
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
        """Feed implicitly confirmed values forward once, unless a summary is about to say them all."""
        names = [n for n in self.state.landmarks if self.state.peek(n).counts]
        self.state.landmarks = []
        if names and not isinstance(act, acts.Summary):
            self.acts.append(acts.Say("landmark", {"slots": names}))


def fresh(flow: Flow) -> FormState:
    """An empty form of this flow."""
    return FormState(flow=flow.flow, version=flow.version)


def slot_view(state: SlotState) -> dict[str, Any]:
    """What other surfaces may see of a slot: its status and newest value."""
    value = state.proposal if state.pending and not state.counts else state.value
    return {"status": state.status, "value": value}
