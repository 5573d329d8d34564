"""Appointments in a conversation: two times offered and held, one chosen, read back, booked (A047, C30).

Where the office keeps no agendas, the wish is taken down in the caller's own words and an agent agrees on
the time. Callers who come back move or cancel what they booked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent import acts
from agent.acts import Act, Event
from agent.arranged import Arranged
from agent.deciding import QUESTIONS, TurnInput
from agent.form.values import NOTHING
from agent.lead_slots import HOME, INTENT, NEXT
from agent.meeting_wishes import BOOKED, LEADS, REPRESENTED, SLOTS
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.fragments import introduced
from agent.understanding.meeting import (
    no_meeting,
)
from agent.understanding.of_meeting import calls_it_off, moves_it
from agent.understanding.polarity import polarity
from agent.understanding.sentences import sentences
from agent.understanding.spanish import gloss
from agent.understanding.wants import wanted
from agent.understanding.wishes import limits_contact, ways_to_reach
from policies import wished_times as policy

_NAMES = re.compile(
    r"(?:(?:it'?s|i'?m|this is|my name is) )?[A-Z][\w'-]+(?: and [A-Z][\w'-]+)?(?: [A-Z][\w'-]+){1,2}\.?"
)
_NOT_AGREED = re.compile(
    r"\b(cancel|undo|drop|forget)\b.{0,20}\b(it|that|this|booking|time|appointment|tour|viewing|visit)\b"
    r"|\bdon'?t book\b|\bdo not book\b|\bdid(n'?t| not) (say yes|agree|book|want)\b|\bcancel!*$",
    re.I,
)
_CANCEL_IT = re.compile(
    r"\b(cancel|undo)\b.{0,12}\b(it|that|this|booking|reservation)\b|\bcancel\W*$"
    r"|\bdid(n'?t| not) (say yes|agree)\b",
    re.I,
)
_HOLDS_TIME = re.compile(
    r"\d|\b(?:any|when|flexib|whenever|soon|asap|as soon|week|month|\w*days?\b|tomorrow|tonight|morning"
    r"|noon|midday|afternoon|evening|night|hours?\b|o'?clock|lunch|work|later|earl|now\b|spring|summer|fall\b"
    r"|autumn|winter|year|holiday|christmas|thanksgiving|easter"
    r"|around|after|before|next|time|first|second|either"
    r"|both|last\b|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b|"
    r"jan|feb|march|apr|may\b|june|july|aug|sep|oct|nov|dec|mon\b|tues?\b|wed\b|thur?s?\b|fri\b|sat\b|sun\b"
    r"|semana|mes\b|d[ií]as?\b|mañana|tarde|noche|hora|luego|pronto|cualquier|cuando|lunes|martes|mi[eé]rcoles"
    r"|jueves|viernes|s[aá]bado|domingo|pm\b|am\b|open|free|available|whatever|up to (?:you|them)|your call)",
    re.I,
)
"""A day, an hour, or that any will do."""


class Appointing(Arranged):
    """Offers, choices, bookings."""

    _booked_last = False
    """The time was booked with the last answer, when there was a number to tell of it."""

    _said_first: Sequence[Utterance] = ()
    """What the next turn begins with."""

    _told_now = ""
    """What was said, until its turn is taken: who they are is heard beside anything."""

    async def _about_appointment(self, text: str) -> Reply | None:
        """An answer to times on offer, or a wish about an earlier booking; None when it is about neither."""
        if not SLOTS & set(self.flow.slots) or self.state.closed:
            return None
        self._words = text
        if chosen := self._of_those(text):
            told = await self._about_appointment(chosen) or await self._asked_something(chosen)
            return told or await self._turn(self._understood(chosen, 1.0))
        met = await self._whose_booking(text) or await self._of_meeting(text) or await self._about_homes(text)
        if met is not None:
            return met
        offer = self.state.offer
        if offer:
            return await self._chosen(text, offer)
        refused = await self._meets_nobody(text)
        if refused is not None:
            return refused
        self._keep_wish(text, home=await self._names_home(text))
        if self._asked_appointment() and _NAMES.fullmatch(text.strip()) and self._wish(text) == policy.Wish():
            view = self.view()
            name = view.type_of("name").parse(text, view.context("name"))
            if name is not None and name.value is not None:
                return await self._turn([acts.Answer("name", name, volunteered=True), acts.Command("repeat")])
        if self.state.booking and _NOT_AGREED.search(text):
            return await self._not_booked()
        if BOOKED in self.state.raised and _CANCEL_IT.search(text):
            return await self._cancel(text)
        if self._asked_appointment() and not self._openings:
            return None
        plain = gloss(text) if self.state.language == "es" else text
        wrong = self._names_another_time(plain)
        if self.state.booking and (self.state.awaiting.kind == "confirm" or wrong):
            return await self._another_time(text)
        if self.state.awaiting.slots == ["consent_contact"] and (
            limits_contact(plain) or ways_to_reach(plain, asked=True)
        ):
            return None  # "texts are fine, no calls before five" says when to call, and moves nothing
        earlier = await self._earlier_booking(text, plain)
        if earlier is not None:
            return earlier
        if self._openings:
            return await self._offered_openings(text)
        if self._keep_preference(plain, self._wish(plain)):
            sure = self._phraser().line("going_on")
            return await self._turn([acts.Command("repeat")], before=[sure])
        if self._wished and (self.state.peek(HOME).counts or await self._our_home(text) is not None):
            # to see that home then: nothing else has to be known first
            row = self._home_now
            known = self.state.peek(HOME).counts or (row is not None and row.mls_id == self._spoken_of)
            found = None if known else (await self._of_home(text) or await self._looked_up(text))
            said = [Utterance(found, found, True, "answered")] if found else []
            return await self._turn(self._understood(text, 1.0), before=said)
        if BOOKED in self.state.raised and wrong:
            return await self._move(text)  # "no, I said Wednesday", after it was booked
        return None

    async def _earlier_booking(self, text: str, plain: str) -> Reply | None:
        """A booking that is to be moved, called off or looked up, by what is said or by what it is like."""
        open_to_it = BOOKED in self.state.raised or not self.state.peek(INTENT).counts
        meant = {wanted(words) for words in (text, *sentences(text))} if open_to_it else set()
        if moves_it(plain) or moves_it(text) or "move" in meant:
            return await self._move(text)
        if calls_it_off(plain) or calls_it_off(text) or "cancel" in meant:
            return await self._cancel(text)
        return await self._recall(text) if "check" in meant else None

    async def _take_turn(self, turn: TurnInput) -> Reply:
        """A time is never taken from words in passing: it is offered, and at once where the home is named."""
        words, self._words = self._words, ""
        wished, self._wished = self._wished, False
        before: Sequence[Utterance] = [*self._said_first, *turn.before]
        self._said_first, already = [], turn.already
        events: Sequence[Event] = self._as_asked(turn.events)
        said, self._told_now = self._told_now, ""
        if said:
            events = introduced(said, self.view(), events)
        if said and not self.state.closed:
            events, before, already = await self._beside_it(said, events, before, already)
            events = self._with_animals(said, events)
            for told, noted, done in (await self._by_video(said), await self._kept_for_it(said)):
                before, events, already = [*before, *told], [*noted, *events], [*already, *done]
        if words and not self.state.closed:
            events = await self._with_our_home(words, events)
            if wished and not self._quiet:
                events = self._to_meet(events)
        events = self._agent_first(said, events)
        return await super()._take_turn(replace(turn, events=events, before=before, already=already))

    def _agent_first(self, said: str, events: Sequence[Event]) -> Sequence[Event]:
        """Who speaks of an agent of their own is asked how firmly they have signed before a time (C29)."""
        known = self.state.peek(REPRESENTED)
        if (
            not said
            or self.state.closed
            or known.counts
            or known.partial
            or REPRESENTED not in self.flow.slots
        ):
            return events
        told = {e.slot: e for e in events if isinstance(e, acts.Answer)}
        intent = told[INTENT].reading.value if INTENT in told else self.state.peek(INTENT).value
        if intent not in ("buyer", "investor"):
            return events
        own = told.get(REPRESENTED)
        view = self.view()
        reading = own.reading if own else view.type_of(REPRESENTED).spot(said, view.context(REPRESENTED))
        if reading is None or not reading.ask:
            return events
        return [*(e for e in events if e is not own), acts.Answer(REPRESENTED, reading)]

    def _as_asked(self, events: Sequence[Event]) -> list[Event]:
        """These events as answers to what was asked: what follows a sale changes no errand, and what holds
        no time is no wish for one."""
        if self.state.awaiting.kind == "ask" and self.state.awaiting.slots == [NEXT]:
            answered = any(acts.is_about(e, (NEXT,)) or isinstance(e, acts.No | acts.Yes) for e in events)
            events = [e for e in events if not (answered and acts.is_about(e, (INTENT,)))]
        kept: list[Event] = []
        for event in events:
            said = event.reading.value if isinstance(event, acts.Answer) and event.slot in SLOTS else None
            if said is not None and self.state.offer:
                continue  # a time on offer is chosen (Choosing), never written down instead
            if isinstance(said, str) and said != NOTHING and not _HOLDS_TIME.search(said):
                refused = polarity(said) == "no" or no_meeting(said)
                event = acts.Command("skip") if refused else acts.Unclear(said)
            kept.append(event)
        return kept

    async def _perform(
        self, act: Act, says: list[Utterance], runs: list[ToolRun]
    ) -> tuple[list[Event], str | None]:
        if self._quiet and isinstance(act, QUESTIONS):
            return [], None  # times were just offered: that is the question
        if isinstance(act, acts.Ask) and act.slot in SLOTS and act.attempt == 0 and not act.question:
            wish, self.state.wish = self.state.wish, ""
            offered = self._offered_before(act.slot) or await self._offer_times(act.slot, runs, wish)
            if offered is not None:
                says.append(offered)
                return [], None
            if wish:
                asked, said = self._for_an_agent(wish)
                says += said
                return [acts.Answer(act.slot, asked)], None
        if self._booked_last and isinstance(act, acts.Say) and act.key == "step:contact:done":
            says.append(self._phraser().line("lead_booked"))  # nobody has to get back to them about a time
            return [], None
        done = await super()._perform(act, says, runs)
        if isinstance(act, acts.Commit):
            contact = self.flow.step(act.step).next == "end"
            if self.state.booking and (contact or (SLOTS & set(act.values) and self._can_be_told())):
                said = await self._book(runs) if self._can_be_told() else [self._unreachable()]
                self._booked_last = contact and BOOKED in self.state.raised
                says += said
            if self.flow.step(act.step).next == "end":
                await self._route()
        return done

    async def _route(self) -> None:
        """The lead is somebody's from now on, by the client's rules, and followed up; once, whoever asks
        (A091, A092)."""
        if "intent" in self.flow.slots and self.state.peek("intent").value in LEADS:
            await self._run_tool("route_lead", {}, "route")
            await self._run_tool("plan_follow_up", {}, "follow_up")
