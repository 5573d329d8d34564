"""Who wants somebody else: another number, or the agent of another firm (A092, C29).

A wrong number is told once and plainly where it has got to, in whatever words it comes, and what we can do
instead. "My agent isn't calling me back" does not say whose agent that is: it is asked.
"""

from __future__ import annotations

import re

from agent import acts
from agent.acts import Event
from agent.lead_slots import ELSE, INTENT, OUTCOME
from agent.passing_on import PassingOn
from agent.pressing import NAMED
from agent.reply import Reply
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.firm_spans import firms_in
from agent.understanding.messages import colleague, telling
from agent.understanding.polarity import polarity
from agent.understanding.sentences import asks
from agent.understanding.types.errand import named_in
from agent.understanding.wants import errand

WRONG, WHOSE = "wrong_number", "whose_agent"
"""Noted among what came up: they heard that this is another number; whose agent they mean was asked."""
CLIENT, REPRESENTED = "existing_client", "represented"
_KNOWS_IT = re.compile(
    r"\bwrong\b|\bmis-?dial|\bmean to\b|\bmistake\b|\baccident\b|\b(?:pocket|butt)\b|\bequivocad", re.I
)
"""Who says that it is the wrong number need not be told."""
_SILENT = re.compile(
    r"\b(?:my|our) (?:current |own |old )?(?:agent|realtor)\b[^.;!?]{0,30}?"
    r"(?:n['’]?t\b|\bnot\b|\bnever\b|\bno longer\b|\bignor\w+|\bghost\w+|\bstopped\b|\bunresponsive\b)"
    r"[^.;!?]{0,20}(?:call|answer|respon|return|repl|get(?:ting)? back|got back|pick|show|text|me\b|us\b|$)",
    re.I,
)
"""An agent who cannot be reached, whosever it is."""
_OURS = re.compile(
    r"\b(?:there|here|one of yours?|ours?|you guys|y'?all|(?:at|from|in|with) (?:you|your)\b"
    r"|your (?:office|team|company|agents?|firm|people))\b",
    re.I,
)
_THEIRS = re.compile(r"\b(?:no|nope|another|different|other|not (?:you|yours|there|with you))\b", re.I)


class Elsewhere(PassingOn):
    """Hears who was looking for somebody else before anything is noted for an agent."""

    async def _asked_something(self, text: str) -> Reply | None:
        """As anywhere; who means another number, or an agent who may be anybody's, is heard first."""
        if OUTCOME in self.flow.slots and not self.state.closed and not self.state.peek(INTENT).counts:
            if self._for_others(text):
                return await self._not_them(text)
            if _SILENT.search(text) and self._of_unknown_agent(text):
                self.state = self.state.with_raised(WHOSE)
                facts = [e for e in self._facts_in(text) if isinstance(e, acts.Answer)]
                told = [e for e in facts if e.slot not in (INTENT, REPRESENTED)]
                return await self._only([self._phraser().line("whose_agent")], [], told)
            if WRONG in self.state.raised and asks(text) and not errand(text) and not named_in(text):
                return await self._only([self._phraser().line("not_known_here")], [])
        return await super()._asked_something(text)

    def _for_others(self, text: str) -> bool:
        """Whether the words are meant for somebody else than a brokerage."""
        if find_command(text) is not None or _KNOWS_IT.search(text) or self._names_us(text):
            return False
        named = [n for n in named_in(text) if n.sure]
        if named:
            return all(n.value == WRONG for n in named)
        return errand(text) == WRONG

    def _names_us(self, text: str) -> bool:
        """Whether the words name this office, by the first word of its name or by what it is."""
        brand = str(self.facts.values.get("brand") or "").lower()
        return (brand and brand in text.lower()) or re.search(
            r"\breal ?(?:estate|tor)\w*\b|\bbrokerage\b", text, re.I
        ) is not None

    async def _not_them(self, text: str) -> Reply:
        """Where they have got to, once, and what there is help with."""
        again = WRONG in self.state.raised
        self.state = self.state.with_raised(WRONG).with_raised(ELSE)
        if again:
            return await self._only([self._phraser().line("not_known_here")], [])
        self._said_now = ""
        return await self._only([self._phraser().line("wrong_number")], [])

    def _of_unknown_agent(self, text: str) -> bool:
        """Whether nothing in the words says whose agent it is, nor what else they want."""
        plain = [n for n in named_in(text) if n.sure and n.value in ("buyer", "seller", "renter", "investor")]
        return not (plain or _OURS.search(text) or firms_in(text) or WHOSE in self.state.raised)

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """As anywhere; after either question its answer comes first."""
        if OUTCOME not in self.flow.slots or self.state.closed or self.state.peek(INTENT).counts:
            return super()._understood(text, confidence)
        if self.state.raised.get(WHOSE):
            self.state = self.state.with_raised(WHOSE, 0)
            return self._whose(text, super()._understood(text, confidence))
        events = super()._understood(text, confidence)
        if WRONG in self.state.raised and not any(isinstance(e, acts.Answer) for e in events):
            done = any(isinstance(e, acts.Command) and e.name == "goodbye" for e in events)
            if done or polarity(text) == "no" or not telling(text):
                return [acts.Answer(INTENT, Reading(value=WRONG))]
        return events

    def _whose(self, text: str, events: list[Event]) -> list[Event]:
        """One of ours: a client of the office; another firm's: how firmly they have signed is asked."""
        told: list[Event] = [
            e for e in events if isinstance(e, acts.Answer) and e.reading.value and e.slot != REPRESENTED
        ]
        brand = str(self.facts.values.get("brand") or "").lower()
        ours = _OURS.search(text) or (brand and brand.split()[0] in text.lower())
        if not _THEIRS.search(text) and (ours or polarity(text) == "yes"):
            rest = [e for e in told if isinstance(e, acts.Answer) and e.slot not in (INTENT, "name")]
            if named := colleague(text, asked=True):
                self._told_now = ""  # "it's Tom" says who the agent is
                rest.append(acts.Answer(NAMED, Reading(value=named), volunteered=True))
            return [acts.Answer(INTENT, Reading(value=CLIENT)), *rest]
        if polarity(text) == "no" or _THEIRS.search(text) or firms_in(text):
            view = self.view()
            reading = view.type_of(REPRESENTED).spot(f"I have an agent. {text}", view.context(REPRESENTED))
            own = {CLIENT, "agent", "message", "vendor"}  # of what they do, nothing was asked
            others = [e for e in told if not (isinstance(e, acts.Answer) and e.reading.value in own)]
            return [*others, acts.Answer(REPRESENTED, reading or Reading(value="yes"))]
        return events
