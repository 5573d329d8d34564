"""Objections: acknowledged in a fixed phrase, then one question or offer; a second no is taken (A092)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent import acts
from agent.acts import Event
from agent.form import order
from agent.languages import Languages
from agent.lead_slots import BRIEF, INTENT, OUTCOME
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.lead_topics import topic
from agent.understanding.polarity import polarity
from agent.understanding.understand import understand
from agent.understanding.ways import stances
from flows.languages import ENGLISH
from policies.objections import Objection, find_objection, objections


def told_besides(event: Event, besides: str) -> bool:
    """Whether an event is a value of another slot."""
    return isinstance(event, acts.Answer) and event.slot != besides and event.reading.value is not None


MOSTLY = 0.55
"""Share of the words that must be the objection where words of their own are wanted, or a yes or no."""


HOLD = acts.Command("wait")
"""Who asks to wait may be on the way to something else ("hang on, gotta take this call")."""
SOUGHT = ("areas", "beds", "baths", "price", "rent")
"""What is taken in of words that are all an objection or a wish."""


class Objecting(Languages):
    """Hears what somebody has against going on; nothing said in the same breath is lost."""

    def _objection(self, text: str) -> list[Event] | None:
        if OUTCOME not in self.flow.slots or self.state.closed:
            return None
        waiting = self.state.awaiting
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        found = self._against(text, asked)
        if found is None:
            return None
        name, objection, share = found
        if objection.ends and asked and polarity(text) == "yes":
            return None  # a yes to what was asked ends nothing
        if objection.brief and stances(text).get("mail") == "welcome":
            return None  # who has no time to talk, and would have an e-mail, is not called back
        free = bool(asked) and self.flow.slots[asked].type == "text"
        if free and share < MOSTLY and (beside := self._beside_objection(text, asked, name)) is not None:
            return [*beside, *self._outcomes(objection.outcome), *self._answered(name, objection)]
        if share < MOSTLY and (free or waiting.kind in ("confirm", "offer", "summary")):
            # an answer that happens to hold such words; how it may end is noted all the same
            return [*understand(text, self.view()), *self._outcomes(objection.outcome)]
        heard = [e for e in understand(text, self.view()) if isinstance(e, acts.Answer | acts.Fix)]
        # "send me 3 bedroom houses in Denver" says what is sought, too
        told: list[Event] = [e for e in heard if acts.is_about(e, SOUGHT) or share < MOSTLY]
        return [*told, *self._outcomes(objection.outcome), *self._answered(name, objection)]

    def _against(self, text: str, asked: str) -> tuple[str, Objection, float] | None:
        """The objection in a sentence, by its words or what it is about ("i gotta run, my kid cries")."""
        found = find_objection(text, asked=asked, intent=str(self.state.peek(INTENT).value or ""))
        plain = found is None and self.state.language == ENGLISH and find_command(text) in (None, HOLD)
        about = topic(text) if plain else ""
        for name, objection in objections().items() if about else ():
            if objection.about == about and asked not in objection.not_while:
                return name, objection, 1.0
        return found

    def _beside_objection(self, text: str, asked: str, name: str) -> list[Event] | None:
        """What is told beside a clause that is the objection ("just send me that, gail@..."); else None."""
        parts = [p for p in re.split(r"(?<=[.!?])\s+|,\s+", text) if p.strip()]
        if len(parts) < 2:
            return None
        against = [f for p in parts if (f := find_objection(p, asked=asked)) and f[0] == name]
        if not any(share >= MOSTLY for _, _, share in against):
            return None
        told: list[Event] = [e for e in understand(text, self.view()) if told_besides(e, asked)]
        if any(isinstance(e, acts.Answer) and e.slot == "email" for e in told):
            told.append(acts.Answer("updates", Reading(value="email"), volunteered=True))
        return told

    def _answered(self, name: str, objection: Objection) -> list[Event]:
        """Acknowledge, then one question or offer; the second time the no is taken."""
        before = self.state.raised.get(name, 0)
        self.state = self.state.with_raised(name, before + 1)
        if objection.person:
            return [acts.Command("human")]
        if objection.ends or (before and not objection.again):
            key = objection.say if objection.ends and not before else "objection_accepted"
            return [acts.Aside(key, enough=True)]
        if objection.brief:
            keeps = tuple(n for n in BRIEF if n in self.flow.slots)
            return [acts.Aside(objection.say, enough=True, keeps=keeps)]
        if objection.skips:
            return [acts.Aside(objection.say, stays=False), *self._let_it_go()]
        return [acts.Aside(objection.say, ask=self._first_open(objection.ask))]

    def _let_it_go(self) -> list[Event]:
        asked = self.state.awaiting.slots
        return [acts.Command("skip")] if self.state.awaiting.kind == "ask" and asked else []

    def _first_open(self, names: Sequence[str]) -> str:
        """The first of these slots that this caller would still be asked."""
        to_come = set(order.still_to_come(self.flow, self.state))
        step = order.current(self.flow, self.state)
        extra = {n for s in self.flow.steps if s.step == "contact" for n in s.optional}
        for name in names:
            slot = self.state.peek(name)
            open_ = not slot.counts and slot.status != "skipped"
            if open_ and (name in to_come or (name in extra and step is not None)):
                return name
        return ""

    def _outcomes(self, *values: str) -> list[Event]:
        """How the conversation may end, added to what is known of it."""
        had: list[Any] = list(self.state.peek(OUTCOME).value or [])
        more = [v for v in values if v and v not in had]
        return [acts.Answer(OUTCOME, Reading(value=[*had, *more]), volunteered=True)] if more else []
