"""A caller who answers what it is asked, agrees to what is right and corrects what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from simulate.facts import same
from simulate.script import DoorName, Habit, Leg, Script
from simulate.spelling import spelled
from simulate.state import State

_CODE = re.compile(r"\bcode\b\D{0,40}((?:\d[\s,.-]*){6})", re.I)

TIMES_NAMED = 3
"""How often a wrong name is put right before one lives with it."""


@dataclass(frozen=True)
class Move:
    """What the caller does next. ``then`` is said over the agent's reply, ``after`` seconds into it."""

    do: Literal["say", "keys", "silence", "hang_up", "cut"]
    text: str = ""
    seconds: float = 0.0
    then: str = ""
    after: float = 0.0
    about: str = ""


@dataclass
class Caller:
    """Plays one leg of a script. ``troubles`` are things a patient person would complain about."""

    script: Script
    door: DoorName = "chat"
    leg: Leg = field(default_factory=Leg)
    learned: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    _corrected: Counter[str] = field(default_factory=Counter)
    _places: Counter[str] = field(default_factory=Counter)
    _step: str = ""
    _said: str = ""
    _turns: int = 0
    _opened: int = 0
    _agreed: int = 0
    _lost: int = 0
    _settled: set[str] = field(default_factory=set)
    _done: set[int] = field(default_factory=set)
    _pending: list[str] = field(default_factory=list)

    def move(self, state: State, said: Sequence[str]) -> Move:
        """The next move, given where the conversation stands and what the agent has just said."""
        self._turns += 1
        self._said = " ".join(said)
        self.remember(said)
        habit = self._habit(state)
        if habit is None:
            return self._ordinary(state)
        return self._unusual(habit, state)

    # -- the ordinary --------------------------------------------------------------------------------

    def _ordinary(self, state: State) -> Move:
        opens = self.leg.opens or self.script.opens
        if self._opened < len(opens):
            self._opened += 1
            return self._say(opens[self._opened - 1], "opening")
        if self._pending:
            return self._say(self._pending.pop(0))
        if state.kind == "confirm":
            return self._judge(state, state.slots)
        if (misnamed := self._misnamed(state)) is not None:
            return misnamed
        if state.kind == "summary":
            return self._judge(state, self._new_in(state), summary=True)
        if state.kind == "offer" and state.slots:
            return self._take_or_leave(state)
        if state.kind == "which" and state.slots:
            return self._say(self._name(self._wrong(state, state.slots) or state.slots[0]), state.slots[0])
        if state.kind == "ask" and state.slots:
            return self._answer(state.slots[0])
        self._lost += 1
        return self._say("Okay." if self._lost == 1 else self.script.bye, "bye")

    def _answer(self, slot: str, *, after: str = "") -> Move:
        """The next way of saying it; what cannot be got across is given up."""
        self.tried[slot] += 1
        self.answered[slot] += 1
        answer = self.script.answers.get(slot)
        if answer is None:
            return self._say(self.script.otherwise, slot)
        if self.tried[slot] > self.script.patience:
            self.troubles.append(f"{slot} could not be got across in {self.script.patience} attempts")
            return self._say(self.script.otherwise, slot)
        if answer.keys and self.door == "phone" and self.tried[slot] >= answer.keys_from:
            return Move("keys", self.script.filled(answer.keys, self.learned), about=slot)
        ways = (answer.type if self.door != "phone" else ()) or answer.say or answer.type
        if not ways:
            return self._say(self.script.otherwise, slot)
        return self._say(after + ways[min(self.tried[slot], len(ways)) - 1], slot)

    def _judge(self, state: State, slots: Sequence[str], *, summary: bool = False) -> Move:
        """Yes when all of it is right; else the correction of the first thing that is wrong."""
        wrong = self._wrong(state, slots)
        if wrong is None:
            if summary:
                self._settled.update(slots)
            self._agreed += 1
            return self._say(self.script.yes[(self._agreed - 1) % len(self.script.yes)], "yes")
        ready = self.script.corrections.get(wrong, ())
        if self._corrected[wrong] < len(ready):
            self._corrected[wrong] += 1
            return self._say(ready[self._corrected[wrong] - 1], wrong)
        if summary:
            self._corrected[wrong] += 1
            if self._corrected[wrong] > self.script.patience:
                self.troubles.append(f"{wrong} stayed wrong in the summary")
                return self._say(self.script.yes[0], "yes")
            return self._say(f"{self.script.no} Change the {self._name(wrong)}.", wrong)
        return self._refuse(wrong)

    def _misnamed(self, state: State) -> Move | None:
        """The correction of a name that was only said ("Thanks, Donna."); then letter by letter."""
        fact, held = self.script.facts.get("name"), state.values.get("name")
        if self.door != "phone" or not isinstance(fact, str) or not isinstance(held, Mapping):
            return None
        told, times = str(held.get("first") or ""), self._corrected["name"]
        if same(fact, held) or not told or times >= TIMES_NAMED or (not times and told not in self._said):
            return None
        self._corrected["name"] += 1
        first, _, last = fact.partition(" ")
        again = f"My name is {fact}."
        if self._corrected["name"] > 1:
            again = spelled({"first": first, "last": last}, held)
        return self._say(f"{self.script.no} {again}", "name")

    def _new_in(self, state: State) -> tuple[str, ...]:
        """What a summary is about: values that no earlier summary held."""
        return state.slots or tuple(slot for slot in state.values if slot not in self._settled)

    def _wrong(self, state: State, slots: Sequence[str]) -> str | None:
        for slot in slots:
            held = state.values.get(slot)
            if held is not None and slot in self.script.facts and not same(self.script.facts[slot], held):
                return slot
        return None

    def _take_or_leave(self, state: State) -> Move:
        slot = state.slots[0]
        wanted = self.script.offers.get(slot)
        if wanted is None:
            offer = state.values.get(slot) if state.offer is None else state.offer
            wanted = slot not in self.script.facts or same(self.script.facts[slot], offer)
        if wanted:
            self._agreed += 1
            return self._say(self.script.yes[0], slot)
        return self._refuse(slot)

    def _refuse(self, slot: str) -> Move:
        """No, and what it is instead; where that would be keyed in, a no must come first by itself."""
        if slot not in self.script.answers:
            return self._say(self.script.no, slot)
        answer = self._answer(slot, after=f"{self.script.no} ")
        return self._say(self.script.no, slot) if answer.do == "keys" else answer

    def _say(self, text: str, about: str = "") -> Move:
        return Move("say", self.script.filled(text, self.learned), about=about)

    @staticmethod
    def _name(slot: str) -> str:
        return slot.replace("_", " ")

    # -- habits ----------------------------------------------------------------------------------------

    def _habit(self, state: State) -> Habit | None:
        here = set(self._where(state))
        for place in here:
            self._places[place] += 1
        for number, habit in enumerate((*self.leg.habits, *self.script.habits)):
            if number not in self._done and habit.when in here and self._places[habit.when] == habit.nth:
                self._done.add(number)
                return habit
        return None

    def _where(self, state: State) -> Iterator[str]:
        yield f"turn:{self._turns}"
        if state.step and state.step != self._step:
            self._step = state.step
            yield f"step:{state.step}"
        if state.kind:
            yield f"{state.kind}:*"
            for name in state.slots if state.kind != "summary" else (state.step,):
                yield f"{state.kind}:{name}"

    def _unusual(self, habit: Habit, state: State) -> Move:
        text = self.script.filled(habit.text, self.learned)
        about = state.slots[0] if state.slots else ""
        if habit.do in ("say", "keys"):
            return Move(habit.do, text, about=about)
        if habit.do == "silence":
            return Move("silence", seconds=habit.seconds)
        if habit.do == "hang_up":
            return Move("hang_up")
        ordinary = self._ordinary(state)
        if habit.do == "cut":
            return Move("cut", ordinary.text, about=ordinary.about)
        if self.door != "phone":
            self._pending.append(habit.text)
            return ordinary
        return Move(ordinary.do, ordinary.text, then=text, after=habit.after, about=ordinary.about)

    def remember(self, said: Sequence[str]) -> None:
        """Note what will be needed later: the code with which a set-up is taken up again."""
        if found := _CODE.search(" ".join(said)):
            self.learned["resume_code"] = re.sub(r"\D", "", found[1])
