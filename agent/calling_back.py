"""A call that is wished for: promised within the office's hours, booked once there is a number (A047)."""

from __future__ import annotations

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from agent import acts
from agent.acts import Act, Event
from agent.lead_slots import BRIEF, OUTCOME
from agent.meeting_wishes import LEADS, SLOTS
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.returning import Returning
from agent.understanding.base import Reading
from agent.understanding.lead_topics import topic
from agent.understanding.of_meeting import to_know_of_it
from agent.understanding.reached import SPECIAL
from agent.understanding.spanish import gloss
from agent.understanding.wishes import (
    CallBack,
    call_back,
    says_when,
    without_talk,
)
from policies import business_hours
from policies.dialing import federal_holidays
from policies.moment_words import clock_words
from policies.objections import find_objection
from policies.regions import spoken_timezone

CALLED = "called"
"""Noted among what came up: somebody was asked to call."""
LATER = "later"
"""What words are about that put the rest off."""
MAY_HOLD_CALLS = frozenset({"message", "appointment", "visit", "showing_time", "consent_contact"})
"""Questions whose answers speak of calls themselves."""
_RATHER_CALLED = re.compile(
    r"\b(?:no|not|don'?t|forget|instead of|rather than) (?:\w+ ){0,3}(?:tour|visit|show|view|meet|appoint)",
    re.I,
)
"""A call wished for in place of a visit."""
NOW = "talk_now"
"""Whether the caller would like to be put through at once."""


class CallingBack(Returning):
    """Hears that somebody would be called, and asks a person to."""

    def _wished_call(self, text: str) -> CallBack | None:
        """The wish to be called back, unless words are wanted here that may hold one (an appointment)."""
        waiting = self.state.awaiting
        called = SLOTS & set(waiting.slots) and _RATHER_CALLED.search(text)
        if self._asks_when_called(text) or (self._arranging() and to_know_of_it(text)):
            return None
        if self.state.closed or self._business(text) or (MAY_HOLD_CALLS & set(waiting.slots) and not called):
            return None
        words = gloss(text) if self.state.language == "es" else text
        now = self.parts.clock.now()
        wish = call_back(words, self.facts.values, now)
        if wish is None and OUTCOME in self.flow.slots and topic(words) == LATER:
            # "can we chat this evening" puts the rest off to a time of theirs; without one it is an objection
            later = call_back(f"call me back, {words}", self.facts.values, now)
            wish = later if later is not None and later.at is not None else None
        return None if wish is not None and self._too_soon(wish.at) else wish

    async def _book_call(self, wish: CallBack, text: str) -> Reply:
        """Ask a person to call; outside the office's hours at the next opening, and said so."""
        at, moved = wish.at, False
        zone = str(self.facts.values.get("timezone") or "UTC")
        if at is not None:
            weekly = self.facts.weekly
            holidays = [*federal_holidays(at.year), *federal_holidays(at.year + 1)]
            if not business_hours.is_open(weekly, zone, at, holidays):
                at, moved = business_hours.at_that_hour(weekly, zone, at, holidays), True
        when = f" {business_hours.spoken_moment(at, zone, self.parts.clock.now())}" if at else ""
        if CALLED in self.state.raised and when in ("", self.state.promised):
            said = self._phraser().line("call_when", {"when": self.state.promised})
            return await self._turn([acts.Command("repeat")], before=[said])
        values = {"at": at.isoformat()} if at is not None else {}
        result, run = await self._run_tool("book_callback", values, f"callback{self._turns}")
        if result.ok:
            self._skip_visits()  # who is called agrees on the rest then
            self.state = self.state.with_raised(CALLED)
            self.state = self.state.model_copy(update={"promised": str(result.facts.get("when") or "")})
            if at is not None and at.utcoffset() != at.astimezone(ZoneInfo(zone)).utcoffset():
                result.facts["when"] = f"{result.facts.get('when')} {spoken_timezone(zone)}"  # not their own
        key = "callback_moved" if moved and at is not None else "callback_booked"
        said = self._phraser().line(key if result.ok else "tool_failed", result.facts)
        if not result.ok and result.message:
            said = replace(said, text=result.message, spoken=result.message)
        told: list[Event] = [
            e
            for e in self._facts_in(without_talk(text))
            if isinstance(e, acts.Answer) and e.slot not in SLOTS and not self.state.peek(e.slot).counts
        ]
        rest = [self._rest_by_phone()] if result.ok and (not told or self._no_time(text)) else []
        if moved and says_when(text) and not self.state.peek(SPECIAL).counts:
            told.append(acts.Answer(SPECIAL, Reading(value=text.strip()[:200]), volunteered=True))
        if result.ok and at is not None and self.state.peek("intent").value in LEADS:
            told += self._note_of(f"Asked for a call on {at:%A, %B} {at.day} at {clock_words(at)}")
        events: list[Event] = [*told, *rest] or [acts.Command("repeat")]
        if not result.ok and "phone" in result.slots and not self.state.peek("phone").counts:
            self.state = self.state.model_copy(update={"call_wish": {"wanted": "yes", **values}})
            events = [*told, acts.Aside("", ask="phone")]
        if self.state.awaiting.kind == "ask" and self.state.awaiting.slots == [NOW]:
            events = [acts.Answer(NOW, Reading(value=False))]  # later is a no to now
        return await self._turn(events, before=[said], already=[run])

    def _rest_by_phone(self) -> Event:
        """A lead who wants nothing but a call is asked only what the call needs."""
        if self.state.peek("intent").value not in LEADS:
            return acts.Command("repeat")
        return acts.Aside("", enough=True, keeps=(*BRIEF, "consent_contact"))

    def _no_time(self, text: str) -> bool:
        """Whether somebody says that they cannot talk ("three beds, but i'm driving, call me at ten")."""
        objection = find_objection(text)
        return objection is not None and objection[1].brief

    async def _perform(
        self, act: Act, says: list[Utterance], runs: list[ToolRun]
    ) -> tuple[list[Event], str | None]:
        """As anywhere; a call that was asked for before there was a number is booked once there is one."""
        done = await super()._perform(act, says, runs)
        if isinstance(act, acts.Commit) and self.state.call_wish and self.state.peek("phone").counts:
            wish, self.state.call_wish = self.state.call_wish, {}
            values = {"at": wish["at"]} if "at" in wish else {}
            result, run = await self._run_tool("book_callback", values, f"callback{self._turns}")
            runs.append(run)
            if result.ok:
                self.state.promised = str(result.facts.get("when") or "")
                says.append(self._phraser().line("callback_booked", result.facts))
        return done
