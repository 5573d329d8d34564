"""Appointments in a conversation: two times offered and held, one chosen, read back, booked (A047, C30).

Where the office keeps no agendas, the wish is taken down in the caller's own words and an agent agrees on
the time. Callers who come back move or cancel what they booked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agent import acts
from agent.acts import Act, Event
from agent.deciding import QUESTIONS
from agent.form.engine import advance
from agent.form.state import Awaiting, FormState
from agent.form.values import NOTHING
from agent.hearing import AGENT, BRIEF, DATED, INTENT, NEXT, VISITS
from agent.homes import HOME
from agent.not_offered import GONE, NotOffered
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.fragments import introduced
from agent.understanding.meeting import (
    another_hour,
    asks_for_times,
    no_meeting,
    prefers_times,
    refuses_meeting,
)
from agent.understanding.polarity import polarity, split_polarity
from agent.understanding.sentences import asks, farewell, parted
from agent.understanding.spanish import gloss
from agent.understanding.spanish_words import moment, when_said
from agent.understanding.understand import understand
from agent.understanding.wants import wanted
from agent.understanding.wishes import CallBack, call_back, limits_contact, ways_to_reach
from policies import wished_times as policy
from policies.business_hours import DAYS
from policies.listing_facts import of_the_home
from policies.moment_words import when_words
from policies.objections import find_objection
from stores import appointments as store
from stores.knowledge import Listing
from tools.agenda import local_date

BOOKED = "booked"
"""Noted among what came up in this conversation: a time was booked in it."""
_WRONG_TIME = re.compile(r"\b(no|nope|not|wrong|i said|i meant|rather|instead|actually|can'?t)\b", re.I)
_TO_MEET = re.compile(
    r"\b(see|view|visit|tour|show(ing|n)?|viewing|look at|come (by|over)|stop by|meet|appointment|book"
    r"|ver(la|lo)?|visitar)\b",
    re.I,
)
_TO_SEE = re.compile(
    r"\b(?:can|could|may|want to|wanna|like to|love to|need to|how do|how can) (?:i|we|my \w+ and i)?\s?"
    r"(?:please |come |go |maybe )*(?:see|view|tour|visit|walk through|look at|check out)\b"
    r"(?! (?:if|what|how|whether|some|any|more|other|homes|houses|places|about|you|something))"
    r"|\b(?:schedule|book|set up|arrange|want|need|like|get) (?:me |us )?(?:for )?(?:a |an )?"
    r"(?:showing|tour|viewing|visit)\b"
    r"|\b(?:u|you|someone|somebody|an agent) (?:just )?show (?:me|us) "
    r"(?!some|any|what|more|homes|houses|places)",
    re.I,
)
"""A wish to see one home, without a day."""
LEADS = frozenset({"buyer", "seller", "renter", "investor"})
NOT_BESIDE = frozenset(
    {INTENT, "timeline", "beds", "baths", "units", "price", "rent", "price_idea", "updates", "also_wants"}
)
"""Slots that a day, an hour or a word about them could be mistaken for."""
SLOTS = frozenset({"appointment", "visit"})
REPRESENTED = "represented"
"""Whether they have an agent of their own."""
BOOKING_NEEDS = (*BRIEF, REPRESENTED, "consent_contact")
"""What is asked of somebody who only wants to see a home: whose client they are (C29), how they may be told
of it (C01)."""
_TIMES = frozenset({"timeline", "text", "date"})
"""Types whose answers speak of days themselves."""
_BY_PHONE = re.compile(
    r"\bby (phone|telephone)\b|\b(phone|telephone) call\b|\b(just|only) a call\b|\b(not?|without) (a "
    r"|any )?(home )?visit\b"
    r"|\bcall me (instead|next|on)\b|\bpor tel[eé]fono\b",
    re.I,
)
_OF_ONESELF = re.compile(r"\b(?:i|we|my|our)\b", re.IGNORECASE)
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
_SOMETHING_ELSE = re.compile(
    r"\W*(?:wait |first )?(?:tell|answer|show|send|explain|i (?:want|need|would like) to know)\b", re.I
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
_REACHED = re.compile(r"\b(?:call|text|phone|ring|reach|contact|e-?mail)\w*\b", re.I)
_ANY_HOUR = re.compile(
    r"\b(?:any ?time|any other|another time|other times|all day|whenever|flexible|no matter when)\b", re.I
)
_NOT_SUITING = re.compile(
    r"\b(?:can'?t|cannot|won'?t|don'?t|doesn'?t|isn'?t|aren'?t|not) (?:really |quite |so )?"
    r"(?:make|do|work|suit|good|great|free)\b",
    re.I,
)
"""Of times on offer: others are wanted."""
_NOT_GOOD = re.compile(r"\b(?:not|no|never|nope|\w+n'?t)\b", re.I)
_ONCE_SOMETHING = re.compile(
    r"\b(?:if|when|once|as soon as) (?:something|anything|somethin|one|there'?s)\b", re.I
)
""" "Call me if something comes up" is no call to be made now."""
_JUST_CALL = re.compile(r"\bjust (?:want |do |have |need )?(?:the|a|my) (?:phone )?call\b", re.I)
OFFERS = 5
"""Times are offered so often at most; then the wish is noted."""

_WHAT = r"(appointments?|showings?|tours?|visits?|viewings?|meetings?|consult(ation)?s?|citas?|visita)"
_DAY = r"(today|tomorrow|tonight|(mon|tues|wednes|thurs|fri|satur|sun)day)"
_CANCEL = re.compile(
    rf"\b(cancel|call off|drop|cancelar|cancele)\b.{{0,30}}\b({_WHAT}|{_DAY}( thing)?)\b"
    rf"|\b{_WHAT}\b.{{0,60}}\bcancel (it|that|this)\b"
    rf"|\b(can'?t|cannot|won'?t) make (it\b.{{0,20}}\b({_WHAT}|{_DAY})|(my|our|the) {_WHAT})\b"
    r"(?!.*\b(another|different|later|move|reschedul))",
    re.I,
)
_MOVE = re.compile(
    rf"\b(move|change|push|switch|bump|shift) (it|that|this|things?)\b.{{0,20}}"
    rf"\b({_DAY}|next week|later|another|a (day|week))\b"
    rf"|\b(can'?t|cannot|won'?t) make (it )?{_DAY}\b.{{0,30}}\b(later|another|different|next|other)\b"
    rf"|\b(can'?t|cannot|won'?t( be able to)?) (make|do|come)\b.{{0,40}}\b{_DAY}\b.{{0,60}}\b{_DAY}\b"
    rf"|\b(can|could) we (do|make it) {_DAY}\b.{{0,20}}\binstead\b|\b{_DAY} instead\b"
    rf"|\b(move|change|push|switch) (my |the |our )?({_DAY}'?s?|(existing )?(one|booking|time))\b.{{0,40}}"
    rf"|\b(reschedul\w+|move|change|push( back)?|postpone|cambiar|mover|reprogramar)\b.{{0,30}}\b{_WHAT}\b"
    rf"|\b{_WHAT}\b.{{0,60}}\b(move|change|reschedule|push|postpone|switch) (it|that|this)\b"
    rf"|\b(another|different|later) time for (my|our|the) {_WHAT}\b|\breschedule\b",
    re.I,
)


def _suit(held: Sequence[store.Appointment], wish: policy.Wish, zone: str) -> bool:
    """Whether a wish names nothing but what all the times on offer have ("so tuesday??")."""
    if wish.at is not None or not (wish.timed or wish.dated):
        return False
    return all(policy.suits(row.starts_at, wish, zone) for row in held)


def _names(wish: policy.Wish, row: store.Appointment) -> bool:
    """Whether a wish names that time or its day, and nothing else ("tues")."""
    local = row.starts_at.astimezone(ZoneInfo(row.timezone))
    same = wish.at is None or (local.hour, local.minute) == (wish.at.hour, wish.at.minute)
    return wish != policy.Wish() and same and policy.suits(row.starts_at, wish, row.timezone)


def _about(event: Event, slot: str) -> bool:
    return isinstance(event, acts.Answer | acts.Fix) and event.slot == slot


class Appointing(NotOffered):
    """Offers, choices, bookings."""

    async def _about_appointment(self, text: str) -> Reply | None:
        """An answer to times on offer, or a wish about an earlier booking; None when it is about neither."""
        if not SLOTS & set(self.flow.slots) or self.state.closed:
            return None
        self._words = text
        if chosen := self._of_those(text):
            told = await self._about_appointment(chosen) or await self._asked_something(chosen)
            return told or await self._turn(self._understood(chosen, 1.0))
        homes = await self._about_homes(text)
        if homes is not None:
            return homes
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
        meant = wanted(text) if BOOKED in self.state.raised or not self.state.peek(INTENT).counts else ""
        if _MOVE.search(plain) or _MOVE.search(text) or meant == "move":
            return await self._move(text)
        if _CANCEL.search(plain) or _CANCEL.search(text) or meant == "cancel":
            return await self._cancel(text)
        if meant == "check":
            return await self._recall(text)
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

    def _names_another_time(self, plain: str) -> bool:
        """ "No, I said Wednesday", of a time agreed to; hours to be called at are none."""
        reached = {"consent_contact", "message"} & set(self.state.awaiting.slots) or _REACHED.search(plain)
        return not reached and _WRONG_TIME.search(plain) is not None and self._wish(plain) != policy.Wish()

    async def _meets_nobody(self, text: str) -> Reply | None:
        """A tour that is refused before one is offered is not offered; a call instead is booked."""
        plain = gloss(text) if self.state.language == "es" else text
        slot = self._visit_slot()
        if (
            not slot
            or self.state.peek(slot).counts
            or not refuses_meeting(plain)
            or self._asked_appointment()
        ):
            return None
        self._skip_visits()
        call = call_back(_JUST_CALL.sub("just call me", plain), self.facts.values, self.parts.clock.now())
        if call is not None:
            return await self._book_call(call, text)
        if asks(text):
            return None
        said = self._phraser().line("not_booked")
        return await self._turn([*self._beside(text), acts.Command("repeat")], before=[said])

    def _visit_slot(self) -> str:
        """The slot that holds when this caller would like to meet; "" where nobody is met."""
        intent = self.state.peek(INTENT).value
        return VISITS.get(str(intent), "visit" if intent == "seller" else "")

    def _skip_visits(self) -> None:
        """No time to meet is asked for any more."""
        self.state = self.state.model_copy(deep=True)
        self.state.wish, self._wished, self._words = "", False, ""
        self._forget_offer()
        for name in SLOTS:
            if not self.state.peek(name).counts and not self.state.booking:
                self.state.slot(name).status = "skipped"
                if self.state.focus == name:
                    self.state.focus = None

    async def _offered_openings(self, text: str) -> Reply:
        """ "Any openings Tuesday?": offered at once, if it is known what for; else that is asked."""
        if self._visit_slot() or self.state.peek(HOME).counts or await self._our_home(text) is not None:
            return await self._turn(self._beside(text))
        self._wished = self._openings = False
        sure = self._phraser().line("going_on")
        return await self._turn([*self._beside(text), acts.Command("repeat")], before=[sure])

    def _keep_preference(self, text: str, wish: policy.Wish) -> bool:
        """ "Afternoons are best", told instead of what was asked: times are offered then."""
        waiting, slot = self.state.awaiting, self._visit_slot()
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        if not slot or asked in DATED or not asked or self.flow.slots[asked].type == "yes_no":
            return False
        if not prefers_times(text) or wish == policy.Wish() or self._beside(text):
            return False
        days = "" if wish.dated else policy.day_words(self._wish(self.state.wish))
        self.state = self.state.model_copy(update={"wish": f"{text[:200]} {days}".strip()})
        return True

    async def _names_home(self, text: str) -> bool:
        """Whether a home of ours is named with a day ("noon tomorrow at 18 Maple works for me")."""
        if self.state.peek(INTENT).value == "seller" or not self._wish(text).dated:
            return False
        return await self._our_home(text) is not None

    def _keep_wish(self, text: str, *, home: bool = False) -> None:
        """ "Can I see it Sunday at ten?", before anything was asked about it: the times on offer begin there.

        After a yes the rest of the words will do ("Yes. Tuesday at two works").
        """
        self._wished = self._openings = False
        if BOOKED in self.state.raised or self.state.booking:
            return
        if self.state.peek(INTENT).value not in (None, *LEADS):
            return  # another agent's hour for a showing is a request to ours
        plain = gloss(text) if self.state.language == "es" else text
        sign, tail = split_polarity(plain)
        agreed = sign == "yes" and self.state.awaiting.kind in ("confirm", "offer", "summary")
        words = tail if agreed else plain
        wish = self._wish(words)
        dated = wish.dated and wish.timed
        waiting = self.state.awaiting
        asked = self.flow.slots[waiting.slots[0]].type if waiting.kind == "ask" else ""
        lead = self.state.peek(INTENT).value in LEADS or self.state.peek(HOME).counts
        plainly = lead and wish.dated and (wish.at is not None or asked == "person_name")
        plainly = home or (plainly and (asked not in _TIMES or self._to_see(asked, wish)))
        again = lead and wish.timed and self.state.wish and asked not in _TIMES
        free = not DATED & set(waiting.slots)
        if free and asks_for_times(words) and self.state.peek(INTENT).value in (None, *LEADS):
            self._wished = self._openings = True
            kept = _TO_MEET.sub(" ", words)[:200] if wish != policy.Wish() else self.state.wish
            self.state = self.state.model_copy(update={"wish": kept})
            return
        if refuses_meeting(words):
            return
        if wish == policy.Wish() and _TO_SEE.search(words) and find_command(words) is None:
            self._wished = True  # no day was named: the next free times will do
            return
        if wish == policy.Wish() or not (_TO_MEET.search(words) or (agreed and dated) or plainly or again):
            return
        if not wish.dated and self.state.wish:
            words = f"{words} {policy.day_words(self._wish(self.state.wish))}"
            wish = self._wish(words)
        self._wished = wish.dated
        self.state = self.state.model_copy(update={"wish": words[:200]})

    def _to_see(self, asked: str, wish: policy.Wish) -> bool:
        """Whether a day and an hour, told instead of a reason, are for the home they asked about."""
        waiting = self.state.awaiting.slots
        own_words = asked == "text" and not {"message", "showing_time", *SLOTS} & set(waiting)
        return own_words and self.state.peek(HOME).counts and wish.at is not None

    async def _in_passing(self, text: str) -> None:
        """A home and a day named with the first words in another language are kept, as at any time."""
        if not SLOTS & set(self.flow.slots):
            return
        self._words = gloss(text) if self.state.language == "es" else text
        self._keep_wish(text, home=await self._names_home(self._words))

    async def _turn(
        self,
        events: Sequence[Event],
        before: Sequence[Utterance] = (),
        already: Sequence[ToolRun] = (),
        ready: Callable[[FormState], None] = lambda state: None,
    ) -> Reply:
        """A time is never taken from words in passing: it is offered, and at once where the home is named."""
        words, self._words = self._words, ""
        wished, self._wished = self._wished, False
        before, self._said_first = [*self._said_first, *before], []
        events = self._as_asked(events)
        said, self._told_now = self._told_now, ""
        if said:
            events = introduced(said, self.view(), events)
        if said and not self.state.closed:
            events, before, already = await self._beside_it(said, events, before, already)
            events = self._with_animals(said, events)
            told, noted = await self._by_video(said)
            before, events = [*before, *told], [*noted, *events]
        if words and not self.state.closed:
            events = await self._with_our_home(words, events)
            if wished and not self._quiet:
                events = self._to_meet(events)
        return await super()._turn(self._agent_first(said, events), before, already, ready)

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

    _booked_last = False
    """The time was booked with the last answer, when there was a number to tell of it."""
    _said_first: Sequence[Utterance] = ()
    """What the next turn begins with."""
    _words = ""
    """What is being answered."""
    _told_now = ""
    """What was said, until its turn is taken: who they are is heard beside anything."""
    _wished = False
    """A day to meet was wished for in it."""
    _openings = False
    """Free times were asked for in it."""

    def _as_asked(self, events: Sequence[Event]) -> list[Event]:
        """These events as answers to what was asked: what follows a sale changes no errand, and what holds
        no time is no wish for one."""
        if self.state.awaiting.kind == "ask" and self.state.awaiting.slots == [NEXT]:
            answered = any(_about(e, NEXT) or isinstance(e, acts.No | acts.Yes) for e in events)
            events = [e for e in events if not (answered and _about(e, INTENT))]
        kept: list[Event] = []
        for event in events:
            said = event.reading.value if isinstance(event, acts.Answer) and event.slot in SLOTS else None
            if isinstance(said, str) and said != NOTHING and not _HOLDS_TIME.search(said):
                refused = polarity(said) == "no" or no_meeting(said)
                event = acts.Command("skip") if refused else acts.Unclear(said)
            kept.append(event)
        return kept

    async def _book_call(self, wish: CallBack, text: str) -> Reply:
        """Ask a person to call back."""
        raise NotImplementedError

    def _call_instead(self, plain: str, offer: dict[str, Any]) -> CallBack | None:
        """The wish to be called, where times to meet were offered; None where a call is what they are for."""
        if offer.get("kind") == "call" or offer["move"] or _ONCE_SOMETHING.search(plain):
            return None
        words = _JUST_CALL.sub("just call me", plain)
        return call_back(words, self.facts.values, self.parts.clock.now())

    async def _no_meeting(self, text: str, plain: str, offer: dict[str, Any]) -> Reply | None:
        """Times on offer that nobody wants: nothing is noted of them; a call instead is asked for.

        None where the words are about the times.
        """
        call = self._call_instead(plain, offer)
        refused = no_meeting(plain)
        if call is None and (not refused or _BY_PHONE.search(text)):
            return None
        if offer["move"]:
            return None
        self._forget_offer()
        slot = str(offer["slot"])
        if call is None:
            ends = find_objection(text, asked=slot, intent=str(self.state.peek(INTENT).value or ""))
            if ends is not None:
                return None
            return await self._turn([*self._beside(text), acts.Command("skip")])
        self.state, _ = advance(self.flow, self.state, [acts.Command("skip")], self._env())
        self._words = ""
        return await self._book_call(call, text)

    def _to_meet(self, events: Sequence[Event]) -> list[Event]:
        """These events without a time taken in passing, and what leads to times on offer."""
        rest: list[Event] = [e for e in events if not (isinstance(e, acts.Answer) and e.slot in SLOTS)]
        told = {e.slot: e.reading.value for e in rest if isinstance(e, acts.Answer | acts.Fix)}
        home = bool(told.get(HOME)) or self.state.peek(HOME).counts
        intent = told.get(INTENT) or self.state.peek(INTENT).value
        if intent is None and home:
            intent = "buyer"
            rest.append(acts.Answer(INTENT, Reading(value=intent)))
        slot = VISITS.get(str(intent), "visit" if intent == "seller" and self._openings else "")
        if not slot or self.state.peek(slot).counts or self.state.peek(REPRESENTED).value == "exclusive":
            return rest or list(events)
        given_up = self.state.peek(slot).status == "skipped"
        if not home and not given_up and not self._openings:
            return rest or [acts.Command("repeat")]  # offered when its turn comes, from that day on
        if given_up:
            self.state = self.state.model_copy(deep=True)
            self.state.slot(slot).status = "empty"
        useful = [e for e in rest if not isinstance(e, acts.Unclear | acts.Command | acts.No)]
        keeps = tuple(n for n in BOOKING_NEEDS if n in self.flow.slots)
        if any(isinstance(e, acts.Answer) and e.slot == AGENT and e.reading.ask for e in useful):
            # whose client they are comes first (C29), then the times
            return [*useful, acts.Aside("", enough=home, keeps=(*keeps, slot), stays=False)]
        return [*useful, acts.Aside("", ask=slot, enough=home, keeps=keeps)]

    async def _with_our_home(self, words: str, events: Sequence[Event]) -> Sequence[Event]:
        """A listing of ours that is named is known with its town: nobody is asked where it is."""
        if self.state.peek(HOME).counts or self.state.peek(INTENT).value == "seller":
            return events
        if any(
            isinstance(e, acts.Answer) and e.slot == INTENT and e.reading.value == "seller" for e in events
        ):
            return events
        reading = await self._our_home(words)
        if reading is None:
            return events
        if self._home_now is not None:
            events = self._seeking(self._home_now, words, events)
        rest = [e for e in events if not (isinstance(e, acts.Answer) and e.slot == HOME)]
        return [
            acts.Answer(HOME, reading, volunteered=True),
            *(e for e in rest if not isinstance(e, acts.Unclear)),
        ]

    async def _our_home(self, words: str) -> Reading | None:
        """The one listing of ours that the words name, as the address slot holds it."""
        if HOME not in self.flow.slots:
            return None
        row = self._home_now = await self._home_meant(words, to_see=_TO_SEE.search(words) is not None)
        if row is None or row.status in GONE:
            return None
        view = self.view()
        whole = ", ".join(part for part in (row.address, row.city, row.state) if part)
        reading = view.type_of(HOME).parse(whole, view.context(HOME))
        return Reading(value=reading.value) if reading is not None and reading.value is not None else None

    _home_now: Listing | None = None
    """The listing that was named last."""

    def _speaks_of_time(self, question: str) -> bool:
        plain = gloss(question) if self.state.language == "es" else question
        about = asks_for_times(plain) or another_hour(plain)
        return bool(about) or self._wish(plain) != policy.Wish()

    def _wish(self, text: str) -> policy.Wish:
        zone = str(self.facts.values.get("timezone") or "UTC")
        return policy.understood(text, today=local_date(self.parts.clock.now(), zone))

    async def _another_time(self, text: str) -> Reply | None:
        """The time read back was not agreed to: what was booked against a no would be worse than nothing.

        None for a plain yes, and for what is not about the time.
        """
        slot = str(self.state.booking.get("slot") or "")
        plain = gloss(text) if self.state.language == "es" else text
        sign, wish = polarity(plain), self._wish(plain)
        held = await self._held()
        read = held[int(self.state.booking["choice"]) - 1 :][:1]  # that was read back
        beyond = self._beyond(text, read, read[0].timezone) if read and sign != "yes" else ""
        wish = self._wish(beyond) if beyond else wish
        if sign is None and not beyond and read and _names(wish, read[0]):
            return await self._turn([acts.Command("repeat")] if asks(text) else [acts.Yes()])
        if not slot or sign == "yes" or find_command(plain) or farewell(plain):
            return None
        if sign is None and wish == policy.Wish():
            # whatever it is, it is no other time
            told = [e for e in self._understood(text, 1.0) if not _about(e, slot)]
            return None if asks(text) else await self._turn(told or [acts.Unclear(text)])
        before, self.state.booking = self.state.booking.get("offer", {}), {}
        self.state = self.state.model_copy(deep=True)
        self.state.offer = {key: before[key] for key in ("wish", "kind") if key in before}
        told_slot = self.state.slot(slot)
        told_slot.proposal, told_slot.status = None, "empty"
        other = split_polarity(plain)[1] if sign == "no" else ""
        if wish == policy.Wish() and (asks(other) or _SOMETHING_ELSE.match(other)):
            # a no, and something else that they want to hear first: answered, and nothing is booked
            self.state.awaiting = Awaiting(kind="ask", slots=[slot])
            self._forget_offer()
            return None
        runs: list[ToolRun] = []
        said = await self._offer_times(slot, runs, beyond or plain, more=True)
        if said is None:
            self._forget_offer()
            asked, lines = self._for_an_agent(split_polarity(text)[1] or text)
            return await self._turn([acts.Answer(slot, asked)], before=lines, already=runs)
        self.state.awaiting = Awaiting(kind="ask", slots=[slot])
        return await self._only([said], runs, self._beside(text))

    def _beside(self, text: str) -> list[Event]:
        """What is told beside a time ("yes, Rick Paulson", "eleven, but I've signed with an agent")."""
        told = [e for e in self._facts_in(text) if isinstance(e, acts.Answer)]
        return [e for e in told if e.slot not in NOT_BESIDE and e.slot not in SLOTS]

    def _asked_appointment(self) -> str:
        waiting = self.state.awaiting
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        return asked if asked in SLOTS else ""

    def _offered_before(self, slot: str) -> Utterance | None:
        """The times on offer said again."""
        words = str(self.state.offer.get("words", "")) if self.state.offer.get("slot") == slot else ""
        return Utterance(words, words, True, f"ask:{slot}:times") if words else None

    # -- offering ---------------------------------------------------------------------------------

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

    def _can_be_told(self) -> bool:
        """Whether somebody who does not come, or is expected in vain, can be told."""
        return bool(self._caller) or any(self.state.peek(n).counts for n in ("phone", "email"))

    def _unreachable(self) -> Utterance:
        self.state.booking = {}
        return self._phraser().line("booking_unreachable")

    async def _route(self) -> None:
        """The lead is somebody's from now on, by the client's rules, and followed up; once, whoever asks
        (A091, A092)."""
        if "intent" in self.flow.slots and self.state.peek("intent").value in LEADS:
            await self._run_tool("route_lead", {}, "route")
            await self._run_tool("plan_follow_up", {}, "follow_up")

    async def _offer_times(
        self,
        slot: str,
        runs: list[ToolRun],
        wish: str = "",
        *,
        more: bool = False,
        move: bool = False,
        kind: str = "",
    ) -> Utterance | None:
        """Two times, held; None when there are none to offer."""
        before = str(self.state.offer.get("wish", ""))
        meant = self._wish(wish)
        if before and not meant.dated and not meant.not_on:
            wish = f"{wish} {policy.day_words(self._wish(before))}".strip()
        if before and not meant.timed and not _ANY_HOUR.search(wish):
            wish = f"{wish} {policy.hour_words(self._wish(before))}".strip()
        values: dict[str, Any] = {"wish": wish[:300] or None, "more": more}
        if kind or _BY_PHONE.search(wish) or self.state.offer.get("kind") == "call":
            values["kind"] = kind or "call"
        elif not move and self._no_home_to_show() and not _TO_MEET.search(wish):
            values["kind"] = "consult"
        result, run = await self._run_tool("offer_slots", values, f"offer{self._turns}")
        self._too_far = result.status == "too_far"
        if result.status not in ("offered", "one"):
            return None
        runs.append(run)
        rounds = int(self.state.offer.get("rounds", 0)) + 1 if self.state.offer else 1
        missed, agent = str(result.facts["missed"]), str(result.facts["agent"])
        words = str(result.facts["offer"]).removeprefix(missed).strip()
        if self.state.language == "es":
            times = [moment(row.starts_at, row.timezone) for row in await self._held()]
            key = "offer_times" if len(times) > 1 else "offer_time"
            words = self._phraser().line(key, {"agent": agent, "first": times[0], "second": times[-1]}).text
            missed = str(result.facts["missed_es"])
        self.state.offer = {
            "slot": slot, "rounds": rounds, "agent": agent, "move": move, "words": words, "wish": wish[:200],
            "kind": values.get("kind", ""),
        }  # fmt: skip
        words = f"{missed} {words}".strip()
        return Utterance(words, words, True, f"ask:{slot}:times")

    def _no_home_to_show(self) -> bool:
        """Whether somebody who seeks a home has named none: a talk is offered, and no tour of nothing."""
        return self.state.peek(INTENT).value in VISITS and not self.state.peek(HOME).counts

    _too_far = False
    """The day wished for last lies behind those that can be booked."""

    def _for_an_agent(self, wish: str) -> tuple[Reading, list[Utterance]]:
        """A wish that is noted for an agent, as it was said; a day far ahead by its date, which is said."""
        if not self._too_far:
            return Reading(value=wish.strip()), []
        self._too_far = False
        zone = str(self.facts.values.get("timezone") or "UTC")
        when = policy.wish_said(self._wish(wish), local_date(self.parts.clock.now(), zone))
        when = when_said(when) if self.state.language == "es" else when
        return Reading(value=when), [self._phraser().line("too_far", {"when": when})]

    async def _held(self) -> list[store.Appointment]:
        async with self.parts.db.tenant(self.tenant_id) as session:
            return list(await store.holds(session, self.id))

    # -- choosing ---------------------------------------------------------------------------------

    async def _chosen(self, text: str, offer: dict[str, Any]) -> Reply | None:
        slot, now = str(offer["slot"]), self.parts.clock.now()
        held = await self._held()
        if not held or (not offer["move"] and self._asked_appointment() != slot):
            self._forget_offer()
            return None
        zone = held[0].timezone
        first, question = parted(text)
        if self._speaks_of_time(question):
            question = ""
        if question and first:
            text = first  # a time may be taken beside what is asked, which is met where the turn ends
        said_as = gloss(text) if self.state.language == "es" else text
        sign, rest = split_polarity(said_as)
        if beyond := self._beyond(text, held, zone):
            return await self._other_times(slot, offer, beyond, text)
        if (
            (asks(rest) or _SOMETHING_ELSE.match(rest))
            and not asks_for_times(rest)
            and sign != "yes"
            and self._wish(rest) == policy.Wish()
        ):
            return None  # something they want to hear first; the times still stand
        refused = await self._no_meeting(text, said_as, offer)
        if refused is not None or not self.state.offer:
            return refused
        number = policy.chosen(said_as, [h.starts_at for h in held], zone, today=local_date(now, zone))
        wish = policy.understood(said_as, today=local_date(now, zone))
        if number is None and wish == policy.Wish() and _NOT_SUITING.search(said_as):
            number = -1
        agreed = (
            (sign == "yes" or policy.agrees(said_as))
            and polarity(said_as) != "no"
            and not _NOT_GOOD.search(said_as)
        )
        if number is None and len(held) == 1 and (agreed or _suit(held, wish, zone)):
            number = 0
        if number is not None and number >= 0:
            alone = len(held) == 1
            return await self._take_time(slot, held[number], number + 1, offer, text, alone=alone)
        again = "yes" if self._plain_yes(sign, rest, wish) else "same" if _suit(held, wish, zone) else ""
        if number is None and (
            (len(held) > 1 and again) or (asks_for_times(said_as) and wish == policy.Wish())
        ):
            return await self._either(slot, held, offer, text, again)
        days_on = {local_date(h.starts_at, zone) for h in held}
        named = {day for day in days_on if DAYS[day.weekday()] in wish.days}
        if len(wish.days) == 1 and len(named) == 1 and not (wish.on or wish.not_before or wish.unless):
            said_as = f"{said_as} {next(iter(named)).isoformat()}"  # "Monday" is the Monday on offer
            wish = policy.understood(said_as, today=local_date(now, zone))
        other = wish.timed and not wish.dated
        if other and len(days := {local_date(h.starts_at, zone) for h in held}) == 1:
            self.state.offer = offer = {**offer, "wish": next(iter(days)).isoformat()}
        if _BY_PHONE.search(text) and offer.get("kind") != "call":
            number = -1
        if number == -1 or wish != policy.Wish():
            others = await self._other_times(slot, offer, said_as, text)
            if others is not None:
                return others
        if question and number is None and wish == policy.Wish():
            return None  # something they want to hear first; the times still stand
        if number is None and (told := self._beside(text)) and not asks(text):
            return await self._turn([*told, acts.Command("repeat")])  # and the times still stand
        if number is None and not offer.get("unclear") and self._says_nothing(text, slot):
            self.state.offer = {**offer, "unclear": True}
            words = str(offer["words"])
            return await self._only([Utterance(words, words, True, "again")], [], [])
        self._forget_offer()
        if wish == policy.Wish() and polarity(said_as) == "no" and not asks(text):
            return await self._turn([*self._beside(text), acts.Command("skip")])
        if find_command(text) is not None or wish == policy.Wish():
            return None  # a question, a command: understood as anywhere
        asked, lines = self._for_an_agent(text)
        return await self._turn([acts.Answer(slot, asked)], before=lines)

    async def _other_times(self, slot: str, offer: dict[str, Any], wish: str, text: str) -> Reply | None:
        """Other times than those on offer; None when there are none, or there was enough of them."""
        if offer["rounds"] >= OFFERS:
            return None
        runs: list[ToolRun] = []
        said = await self._offer_times(slot, runs, wish, more=True, move=bool(offer["move"]))
        return await self._only([said], runs, self._beside(text)) if said is not None else None

    def _beyond(self, text: str, held: Sequence[store.Appointment], zone: str) -> str:
        """ "Anything later?", as a wish for times behind those on offer; "" where none is asked for."""
        way = another_hour(gloss(text) if self.state.language == "es" else text)
        if not way or self._wish(text).dated:
            return ""
        first, last = (at.astimezone(ZoneInfo(zone)) for at in (held[0].starts_at, held[-1].starts_at))
        today = local_date(self.parts.clock.now(), zone)
        if way == "sooner" and first.date() > today:
            return f"from {today.isoformat()}"
        if way == "later_day" or (way == "later" and first.date() != last.date()):
            return f"from {(last.date() + timedelta(days=way == 'later_day')).isoformat()}"
        day = last if way == "later" else first
        bound = "after" if way == "later" else "before"
        return f"{day.date().isoformat()} {bound} {day:%H:%M}"

    def _says_nothing(self, text: str, slot: str) -> bool:
        """Whether words beside an offer are neither about times nor anything else we understand."""
        if polarity(text) is not None or find_command(text) is not None or asks(text):
            return False
        if of_the_home(text) and not _OF_ONESELF.search(text):  # "pets allowed"
            return False
        if find_objection(text, asked=slot, intent=str(self.state.peek(INTENT).value or "")) is not None:
            return False
        return all(isinstance(e, acts.Unclear) for e in understand(text, self.view()))

    def _plain_yes(self, sign: str | None, rest: str, wish: policy.Wish) -> bool:
        """Whether two times are agreed to with nothing that says which ("yes works for me")."""
        return sign == "yes" and wish == policy.Wish() and not asks(rest) and not self._beside(rest)

    async def _either(
        self, slot: str, held: Sequence[store.Appointment], offer: dict[str, Any], text: str, sign: str
    ) -> Reply:
        """Both times on offer are meant as much as each other: said again, then the first is read back.

        A no still changes it there. ``sign``: "yes", "same" for a day said again, "" for a question.
        """
        if sign and offer.get(sign):
            return await self._take_time(slot, held[0], 1, offer, text)
        self.state.offer = {**offer, sign: True} if sign else offer
        words = str(offer["words"])
        return await self._only([Utterance(words, words, True, "again")], [], self._beside(text))

    async def _take_time(
        self,
        slot: str,
        row: store.Appointment,
        choice: int,
        offer: dict[str, Any],
        text: str,
        *,
        alone: bool = False,
    ) -> Reply:
        """One of the times: read back before it is booked, unless it was ``alone`` on offer.

        A move is done at once, and can be undone.
        """
        self._forget_offer()
        if offer["move"]:
            result, run = await self._run_tool(
                "reschedule_appointment", {"choice": choice}, f"move{self._turns}"
            )
            key = "booked_moved" if result.status == "moved" else "booking_missed"
            said = self._result({**result.facts, "when": self._when(row)}, key)
            return await self._turn([acts.Command("repeat")], before=[said], already=[run])
        when = self._when(row)
        self.state.booking = {
            "choice": choice, "agent": offer["agent"], "when": when, "slot": slot, "offer": offer,
        }  # fmt: skip
        # the one time on offer was said with its day, hour and zone: a yes to it is no question's beginning
        sure = 1.0 if alone else 0.3
        events: list[Event] = [*self._beside(text), acts.Answer(slot, Reading(value=when, confidence=sure))]
        if self.state.peek(HOME).counts:
            # who will see the one home they came for is not asked about others
            keeps = tuple(n for n in (*BOOKING_NEEDS, slot) if n in self.flow.slots)
            events.insert(0, acts.Aside("", enough=True, keeps=keeps, stays=False))
        return await self._turn(events)

    def _when(self, row: store.Appointment) -> str:
        if self.state.language == "es":
            return moment(row.starts_at, row.timezone)
        return when_words(row.starts_at, row.timezone, self.parts.clock.now(), zone=True)

    def _forget_offer(self) -> None:
        self.state.offer = {}

    async def _book(self, runs: list[ToolRun]) -> list[Utterance]:
        """The read-back was agreed to and the lead is stored: now it is booked."""
        booking = self.state.booking
        self.state.booking = {}
        values: dict[str, Any] = {"choice": booking["choice"]}
        limits, consent = self.state.peek("contact_limits").value, self.state.peek("consent_contact")
        if consent.counts and consent.value and limits != "calls_only":
            values["text_ok"] = True
        result, run = await self._run_tool("book_appointment", values, f"book{self._turns}")
        runs.append(run)
        if result.status != "booked":
            return [self._phraser().line("booking_missed")]
        # in place: another state is another form (Deciding), and the questions that follow would be dropped
        self.state.raised = {**self.state.raised, BOOKED: 1}
        said = [self._result({**result.facts, "when": booking["when"]}, "booked")]
        if self.state.language == "es" and result.facts.get("agreement_notice"):
            said.append(self._phraser().line("touring"))
        return said

    def _result(self, facts: Any, key: str) -> Utterance:
        """What the tool says of it; in Spanish a phrase with its facts."""
        text = str(facts.get("booking_result") or "")
        if key == "booking_missed" or not text:
            return self._phraser().line("booking_missed")
        if self.state.language == "es":
            return self._phraser().line(key, {"when": facts.get("when", ""), "agent": facts.get("agent", "")})
        return Utterance(text, text, True, key)

    # -- an earlier booking -----------------------------------------------------------------------

    async def _move(self, text: str) -> Reply:
        runs: list[ToolRun] = []
        said = None
        if self.channel == "voice" or self.state.peek("appointment").counts:
            # a chat proves nobody's number: what was booked elsewhere is moved by a person who calls back
            to = re.split(r"\b(?:to|do|for|make it)\b", text, flags=re.I)[-1]
            wish = to if self._wish(to).dated else text
            kind = await self._booked_kind()
            said = await self._offer_times("appointment", runs, wish, move=True, kind=kind)
        if said is not None:
            return await self._only([said], runs)
        # no time to offer: somebody who can move it calls back
        result, run = await self._run_tool(
            "book_callback", {"reason": "Move an appointment"}, f"m{self._turns}"
        )
        if not result.ok or self.channel != "voice":
            return await self._passed_on(text, "move_passed_on", run)
        key = "callback_booked"
        said = self._phraser().line(key, {"when": "", **result.facts})
        return await self._turn([acts.Command("repeat")], before=[said], already=[run])

    async def _booked_kind(self) -> str:
        """The kind of the caller's appointment, which a move leaves as it is; "" when that is not known."""
        async with self.parts.db.tenant(self.tenant_id) as session:
            phones = [self._caller] if self._caller else []
            mine = await store.booked_for(session, phones, after=self.parts.clock.now(), test=self.rehearsal)
            kinds = {row.kind for row in mine}
        return kinds.pop() if len(kinds) == 1 else ""

    async def _cancel(self, text: str) -> Reply:
        result, run = await self._run_tool(
            "cancel_appointment", {"which": text[:200]}, f"cancel{self._turns}"
        )
        nothing = "cancel_nothing" if self.channel == "voice" else "cancel_unproved"
        key = {"cancelled": "cancelled", "which": "cancel_which"}.get(result.status, nothing)
        facts = {name: str(result.facts.get(name, "")) for name in ("when", "agent", "choices")}
        if result.status == "nothing":
            return await self._passed_on(text, nothing, run)
        said = self._phraser().line(key, facts)
        if result.status == "cancelled" and self.state.language != "es":
            text = str(result.facts["cancel_result"])
            said = Utterance(text, text, True, key)
        return await self._turn([acts.Command("repeat")], before=[said], already=[run])

    async def _recall(self, text: str) -> Reply:
        """When, with whom and where: told to whom it is, or looked up by the office."""
        result, run = await self._run_tool(
            "recall_appointment", {"which": text[:200]}, f"recall{self._turns}"
        )
        nothing = "recall_nothing" if self.channel == "voice" else "recall_unproved"
        key = {"booked": "recalled", "which": "cancel_which"}.get(result.status, nothing)
        if result.status == "nothing":
            return await self._passed_on(text, nothing, run)
        facts = {name: str(value) for name, value in result.facts.items()}
        if self.state.language == "es":
            facts["appointment"] = f"{facts['when_es']}, con {facts['agent']}"
        return await self._turn(
            [acts.Command("repeat")], before=[self._phraser().line(key, facts)], already=[run]
        )

    async def _not_booked(self) -> Reply:
        """A time that was agreed to and is not booked yet is let go."""
        self.state = self.state.model_copy(deep=True)
        self.state.booking, self.state.wish = {}, ""
        for name in SLOTS:
            slot = self.state.slot(name)
            slot.proposal = slot.value = None
            slot.status = "skipped"
        self._words, self._wished = "", False
        return await self._turn([acts.Command("repeat")], before=[self._phraser().line("not_booked")])

    async def _passed_on(self, text: str, key: str, run: ToolRun) -> Reply:
        """Nobody is sent away with a wish about an appointment: it is the message, for whoever keeps it."""
        self.state = self.state.model_copy(update={"wish": ""})
        self._words, self._wished = "", False
        events: list[Event] = []
        if not self.state.peek(INTENT).counts:
            events.append(acts.Answer(INTENT, Reading(value="message")))
        if not self.state.peek("message").counts:
            events.append(acts.Answer("message", Reading(value=text.strip()[:1000]), volunteered=True))
        told = [e for e in self._beside(text) if e not in events]
        said = self._phraser().line(key)
        return await self._turn([*events, *told, acts.Command("repeat")], before=[said], already=[run])
