"""Somebody else's client is left to their agent: no tour, no questionnaire, and no wooing (C29).

A buyer who has signed with an agent, and a seller whose house is listed with another firm. Whatever was about
to be booked is let go; they hear why, and that they are welcome when that ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent import acts
from agent.acts import Act, Event
from agent.deciding import TurnInput
from agent.elsewhere import Elsewhere
from agent.hearing import INTENT
from agent.homes import HOME
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading

REPRESENTED, LISTED = "represented", "listed"
LEFT = "left_alone"
"""Noted among what came up: they heard that we leave them to their agent."""
SEEN_BY_AGENTS = frozenset({"buyer", "investor"})


class OthersClient(Elsewhere):
    """Ends the questions as soon as it is known that another firm represents the caller."""

    async def _take_turn(self, turn: TurnInput) -> Reply:
        """As anywhere, unless these events say that somebody else represents them."""
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
        return await super()._take_turn(replace(turn, events=[*rest, acts.Aside(key, enough=True)]))

    async def _perform(
        self, act: Act, says: list[Utterance], runs: list[ToolRun]
    ) -> tuple[list[Event], str | None]:
        """They have heard why: it is not said twice."""
        if isinstance(act, acts.Say) and act.key == "step:left_alone:done" and LEFT in self.state.raised:
            says.append(self._phraser().line("lead_thanks"))
            return [], None
        return await super()._perform(act, says, runs)

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
