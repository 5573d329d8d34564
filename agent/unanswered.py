"""Questions that come beside something else: each is answered, or said to be noted and noted (A047, A092).

People ask while they take a time, say yes, give a name or leave. Whatever a turn makes of the rest of their
words, this looks at its end whether what they asked was met in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from loguru import logger

from agent import acts
from agent.acts import Event
from agent.homes import STOCK, WHAT_IS_THERE, Homes, before_what_leads_on
from agent.lead_slots import OUTCOME
from agent.phrasing import Utterance
from agent.reply import ToolRun
from agent.understanding.answering import guessed
from agent.understanding.commands import find_command
from agent.understanding.reached import way_preferred
from agent.understanding.sentences import questions
from agent.understanding.turning import named_outright
from agent.understanding.types.errand import named_in
from core.errors import SeiketsuError
from policies.listing_facts import of_the_home
from policies.objections import find_objection
from tools import knowledge

FELT = frozenset({"", "said_before", "going_on", "sorry_for_loss"})
"""What is said before going on: it answers nothing."""
NO_ANSWERS = frozenset({"callback_booked", "callback_moved", "too_far", "not_booked"})
"""Lines of a turn that was about a time."""
OF_HOME = frozenset({"answered", "see_it", "homes_found", "homes_none"})
"""Lines of a turn that told of a home, beside which something else may have been asked."""
FEW = 5
"""Words in which a home is only named ("what about 12 Cherry Lane?")."""
_OF_A_HOME = re.compile(
    r"\b(?:tell (?:me|us)|info|details?|available|open|(?:for|on) (?:sale|rent|the market)|how much"
    r"|price[ds]?|rent|cost|asking|taken|sold|gone|listed|(?:to|can i|can we) (?:see|tour|visit|view)"
    r"|showing|anything|something|have (?:one|any|other)|got)\b(?! (?:costs?|insurance))",
    re.I,
)
"""What is told of a home with its price."""
MESSAGE = "message"
_TAG = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|and|yes|yeah|no|well|is|are|does|will|would|that|this|it|right|alright|all right"
    r"|correct|yeah|huh|eh|you know|know what i mean|is that (?:all|it|everything)|what else|anything else"
    r"|what'?s next|now what|you (?:still )?there|sound(?:s)? good|that (?:work|ok(?:ay)?)|works?|for you"
    r"|hello|really|seriously|what|huh|sorry|pardon|excuse me)[\s,?!.]*)+",
    re.I,
)
"""A question in form only ("right?", "is that all?")."""


class Unanswered(Homes):
    """Meets what was asked in the same breath as something else."""

    async def _beside_it(
        self, said: str, events: Sequence[Event], before: Sequence[Utterance], already: Sequence[ToolRun]
    ) -> tuple[Sequence[Event], list[Utterance], list[ToolRun]]:
        """The events, what is said before the next question and the tools run, with the questions in ``said``
        answered or noted, unless the turn has met them already."""
        says, runs = await self._home_beside(said, before, already)
        if not said or not self._to_be_met(says, events):
            return events, says, runs
        told: list[Utterance] = []
        for question in await self._open_questions(said):
            of_it = of_the_home(question) or _OF_A_HOME.search(question)
            found = await self._of_home(question) if of_it else await self._of_office(question)
            if found:
                told.append(Utterance(found, found, True, "answered"))
            if not found or (of_it and self._unknown):
                told.append(await self._put_to_agent(question, runs))
        told = [
            u for i, u in enumerate(told) if u.key not in {t.key for t in told[:i]} or u.key == "answered"
        ]
        if told:
            events = [acts.Command("repeat") if e == acts.Command("help") else e for e in events]
        return events, [*told, *says] if self._quiet else before_what_leads_on(says, told), runs

    async def _of_office(self, question: str) -> str:
        """What the office's facts say of a question; never a home's price and size."""
        try:
            found = await knowledge.answer(self._context(), question)
        except SeiketsuError as error:
            logger.warning("a question could not be looked up: {}", error.code)
            return ""
        return found.text if found is not None and found.kind != "listing" else ""

    def _to_be_met(self, says: Sequence[Utterance], events: Sequence[Event]) -> bool:
        """Whether something asked may be open: nothing but a time or a home was spoken of in this turn."""
        waiting = self.state.awaiting
        if OUTCOME not in self.flow.slots or self.state.closed or waiting.slots == [MESSAGE]:
            return False
        if any(isinstance(e, acts.Aside) and e.key not in FELT for e in events):
            return False
        of_home = OF_HOME if self._home_told else frozenset[str]()
        return all(u.key.startswith("ask:") or u.key in (NO_ANSWERS | of_home) for u in says)

    async def _open_questions(self, said: str) -> list[str]:
        """The questions among these words that nothing else is made of."""
        waiting = self.state.awaiting
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        found = []
        for question in questions(said):
            timed = self._speaks_of_time(question)
            taken = bool(asked) and guessed(question, self.view(), asked)
            handled = find_command(question) is not None or find_objection(question, asked=asked) is not None
            handled = handled or way_preferred(question) is not None  # "can somebody text me instead?"
            wants = not self.state.peek("intent").counts and any(n.sure for n in named_in(question))
            wants = wants or (len(question.split()) == 1 and bool(named_outright(question, "")))  # "rent?"
            if not (_TAG.fullmatch(question) or timed or taken or handled or wants):
                found.append(question)
        return [q for q in found if not (self._home_told and await self._told_by_home(q))]

    async def _told_by_home(self, question: str) -> bool:
        """Whether what was just told of a home meets a question."""
        of_homes = STOCK.search(question) or WHAT_IS_THERE.search(question)
        if of_homes or of_the_home(question) or _OF_A_HOME.search(question):
            return True
        return len(question.split()) <= FEW and await self._row(question) is not None

    def _speaks_of_time(self, question: str) -> bool:
        """Whether a question is a wish for a time."""
        raise NotImplementedError
