"""Somebody else's client is left to their agent: no tour, no questionnaire, and no wooing (C29).

A buyer who has signed with an agent, and a seller whose house is listed with another firm. Whatever was about
to be booked is let go; they hear why, and that they are welcome when that ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from agent import acts
from agent.acts import Act, Event
from agent.deciding import TurnInput
from agent.elsewhere import Elsewhere
from agent.lead_slots import HOME, INTENT
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading
from agent.understanding.listed_until import listed_until
from agent.understanding.spanish import gloss
from policies.moment_words import MONTHS, day_said_es
from tools.agenda import local_date

REPRESENTED, LISTED, UNTIL = "represented", "listed", "listed_until"
TO_CALL = (HOME, "name", "phone", "consent_contact")
"""What is asked of somebody who is called once their listing has ended."""
LEFT = "left_alone"
"""Noted among what came up: they heard that we leave them to their agent."""
SEEN_BY_AGENTS = frozenset({"buyer", "investor"})


class OthersClient(Elsewhere):
    """Ends the questions as soon as it is known that another firm represents the caller."""

    async def _take_turn(self, turn: TurnInput) -> Reply:
        """As anywhere, unless these events say that somebody else represents them."""
        if (until := self._listed_until(turn.events)) is not None:
            turn = replace(turn, events=self._with_end(turn.events, until))
        key = self._left_to(turn.events)
        if not key:
            return await super()._take_turn(turn)
        self._let_go_of_times()
        self.state = self.state.with_raised(LEFT)
        told = [
            e for e in turn.events if isinstance(e, acts.Answer | acts.Fix) and e.reading.value is not None
        ]
        if key == "listed_elsewhere" and not self._meant(told, INTENT):
            told.append(acts.Answer(INTENT, Reading(value="seller")))
        rest = [e for e in told if e.slot not in ("appointment", "visit")]
        if end := self._meant(told, UNTIL):
            # somebody calls once it has ended: who they are is asked, and nothing that woos them (C29)
            facts = {"when": self._day(date.fromisoformat(str(end)))}
            return await super()._take_turn(
                replace(turn, events=[*rest, acts.Aside("listed_until", facts, enough=True, keeps=TO_CALL)])
            )
        return await super()._take_turn(replace(turn, events=[*rest, acts.Aside(key, enough=True)]))

    async def _perform(
        self, act: Act, says: list[Utterance], runs: list[ToolRun]
    ) -> tuple[list[Event], str | None]:
        """They have heard why: it is not said twice."""
        if isinstance(act, acts.Say) and act.key == "step:left_alone:done" and LEFT in self.state.raised:
            says.append(self._phraser().line("lead_thanks"))
            return [], None
        return await super()._perform(act, says, runs)

    def _listed_until(self, events: Sequence[Event]) -> date | None:
        """The last day of another firm's listing, among what was just said; None where none is named."""
        said = gloss(self._told_now) if self.state.language == "es" else self._told_now
        intent = self._meant([e for e in events if isinstance(e, acts.Answer | acts.Fix)], INTENT)
        if UNTIL not in self.flow.slots or self.state.closed or intent not in (None, "seller"):
            return None
        zone = str(self.facts.values.get("timezone") or "UTC")
        asked = LISTED in self.state.awaiting.slots
        return listed_until(said, local_date(self.parts.clock.now(), zone), asked=asked)

    def _with_end(self, events: Sequence[Event], until: date) -> list[Event]:
        """These events, with a listing that runs until that day and is no timing of their own."""
        own = (LISTED, UNTIL, "timeline")
        rest = [e for e in events if not acts.is_about(e, own) and not isinstance(e, acts.Yes | acts.Unclear)]
        listed = acts.Answer(LISTED, Reading(value=True))
        return [*rest, listed, acts.Answer(UNTIL, Reading(value=until.isoformat()))]

    def _too_soon(self, at: datetime | None) -> bool:
        """Whether a call then, or now, would come while another firm still has the listing."""
        until = self.state.peek(UNTIL).value
        return bool(until) and (at is None or at.date() <= date.fromisoformat(str(until)))

    def _day(self, day: date) -> str:
        return day_said_es(day) if self.state.language == "es" else f"{MONTHS[day.month - 1]} {day.day}"

    def _left_to(self, events: Sequence[Event]) -> str:
        """The phrase for somebody who is another's client from now on; "" for anybody else."""
        if LISTED not in self.flow.slots or self.state.closed or LEFT in self.state.raised:
            return ""
        told = [e for e in events if isinstance(e, acts.Answer | acts.Fix)]
        intent = self._meant(told, INTENT)
        if intent in (None, "seller") and self._meant(told, LISTED) is True:
            return "listed_elsewhere"
        if self._meant(told, REPRESENTED) != "exclusive" or intent not in (None, *SEEN_BY_AGENTS):
            return ""
        home = self._meant(told, HOME)
        return "tour_by_own_agent" if home or self.state.booking or self.state.offer else "own_agent_helps"

    def _meant(self, told: Sequence[acts.Answer | acts.Fix], slot: str) -> object:
        """What was just said of a slot, else what is known of it."""
        said = [e.reading.value for e in told if e.slot == slot and e.reading.value is not None]
        return said[-1] if said else self.state.peek(slot).value

    def _let_go_of_times(self) -> None:
        """Nothing is booked for them, and no wish is kept to book it later."""
        self._wished, self._words = False, ""
        self._forget_offer()
        self.state = self.state.model_copy(deep=True)
        self.state.booking, self.state.wish = {}, ""
        for name in ("appointment", "visit"):
            held = self.state.slot(name)
            held.proposal = held.offer = None
            if held.status == "proposed":
                held.status = "empty"
