"""What else a caller of a brokerage may say than answers: objections, questions, another language (A092).

Each is acknowledged in a fixed phrase and leads back to the form; nothing said in the same breath is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from loguru import logger

from agent import acts
from agent.acts import Event
from agent.form import order
from agent.languages import Languages
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.understand import is_question, understand
from core.errors import SeiketsuError
from policies.objections import Objection, find_objection
from tools import knowledge

OUTCOME = "outcome"
MOSTLY = 0.55
"""Share of the words that must be the objection where words of their own are wanted, or a yes or no."""
BRIEF = ("name", "phone")
"""What is still asked of somebody who has no time: enough to call back."""


class Hearing(Languages):
    """Understands an utterance, asides first."""

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """Everything that was said, as events; objections with what follows from them."""
        aside = self._objection(text)
        return aside if aside is not None else understand(text, self.view(), confidence)

    def _objection(self, text: str) -> list[Event] | None:
        if OUTCOME not in self.flow.slots or self.state.closed:
            return None
        waiting = self.state.awaiting
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        found = find_objection(text, asked=asked)
        if found is None:
            return None
        name, objection, share = found
        free = bool(asked) and self.flow.slots[asked].type == "text"
        if share < MOSTLY and (free or waiting.kind in ("confirm", "offer", "summary")):
            # an answer that happens to hold such words; how it may end is noted all the same
            return [*understand(text, self.view()), *self._outcomes(objection.outcome)]
        told: list[Event] = []
        if share < MOSTLY:
            told = [e for e in understand(text, self.view()) if isinstance(e, acts.Answer)]
        return [*told, *self._outcomes(objection.outcome), *self._answered(name, objection)]

    def _answered(self, name: str, objection: Objection) -> list[Event]:
        """Acknowledge, then one question or offer; the second time the no is taken."""
        before = self.state.raised.get(name, 0)
        self.state = self.state.model_copy(update={"raised": {**self.state.raised, name: before + 1}})
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

    def _put_through(self) -> None:
        if OUTCOME in self.flow.slots:
            slot = self.state.slot(OUTCOME)
            slot.value, slot.status = [*(slot.value or []), "transferred"], "confirmed"

    # -- questions --------------------------------------------------------------------------------

    async def _asked_something(self, text: str) -> Reply | None:
        """A question in the middle: answered from what the client has told us, or left to an agent.

        None when it is no question, or one that the form itself answers by going on.
        """
        if OUTCOME not in self.flow.slots or self.state.closed or not is_question(text):
            return None
        if find_command(text) is not None or find_objection(text) is not None:
            return None
        heard = understand(text, self.view())
        if any(isinstance(e, acts.Command) and e.name != "help" for e in heard):
            return None
        told = [e for e in heard if isinstance(e, acts.Answer | acts.Fix) and e.reading.problem == ""]
        waiting = self.state.awaiting
        free = waiting.kind == "ask" and self.flow.slots[waiting.slots[0]].type == "text"
        if free:
            told = [e for e in told if e.slot != waiting.slots[0]]
        found = await self._looked_up(text)
        if found is None and told:
            return None  # "can you find me two bedrooms in Boulder?" is answered by going on
        if found is None and waiting.kind == "ask" and waiting.slots == ["message"]:
            return None  # the question is the message
        runs: list[ToolRun] = []
        if found is None:
            result, run = await self._run_tool("answer_question", {"question": text[:500]}, f"q{self._turns}")
            runs.append(run)
            says = [self._phraser().line("answer_later" if result.ok else "answer_not_noted")]
        else:
            says = [Utterance(found, found, True, "answered")]
        events: list[Event] = [*told] or [acts.Command("repeat")]
        return await self._turn(events, before=says, already=runs)

    async def _looked_up(self, text: str) -> str | None:
        """What the client's own facts say, with where it comes from."""
        try:
            found = await knowledge.answer(self._context(), text)
        except SeiketsuError as error:
            logger.warning("a question could not be looked up: {}", error.code)
            return None
        return found.text if found is not None else None
