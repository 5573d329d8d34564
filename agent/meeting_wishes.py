"""When a caller would like to meet, as they say it in passing: kept until times are offered (A047)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent import acts
from agent.acts import Event
from agent.lead_slots import AGENT, BRIEF, DATED, HOME, INTENT, SEEKERS, VISITS
from agent.not_offered import GONE, NotOffered
from agent.reply import Reply
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.lead_topics import topic
from agent.understanding.meeting import (
    another_hour,
    asks_for_times,
    prefers_times,
    refuses_meeting,
)
from agent.understanding.polarity import split_polarity
from agent.understanding.sentences import asks, requests
from agent.understanding.spanish import gloss
from policies import wished_times as policy
from stores.listings import Listing
from tools.agenda import local_date
from tools.listing_words import describe

BOOKED = "booked"
"""Noted among what came up in this conversation: a time was booked in it."""
TO_MEET = re.compile(
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
    {
        INTENT,
        "timeline",
        "beds",
        "baths",
        "units",
        "price",
        "rent",
        "price_idea",
        "updates",
        "also_wants",
        "showing_time",
    }
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


_ONE = re.compile(r"\bone\b", re.IGNORECASE)
""" "The Colfax one" is no hour."""


class MeetingWishes(NotOffered):
    """Hears days and hours that are wished for."""

    _words = ""
    """What is being answered."""

    _wished = False
    """A day to meet was wished for in it."""

    _openings = False
    """Free times were asked for in it."""

    _home_now: Listing | None = None
    """The listing that was named last."""

    def _wish(self, text: str) -> policy.Wish:
        zone = str(self.facts.values.get("timezone") or "UTC")
        return policy.understood(text, today=local_date(self.parts.clock.now(), zone))

    def _speaks_of_time(self, question: str) -> bool:
        plain = gloss(question) if self.state.language == "es" else question
        about = asks_for_times(plain) or another_hour(plain)
        return bool(about) or self._wish(plain) != policy.Wish()

    def _visit_slot(self) -> str:
        """The slot that holds when this caller would like to meet; "" where nobody is met."""
        intent = self.state.peek(INTENT).value
        return VISITS.get(str(intent), "visit" if intent == "seller" else "")

    def _asked_appointment(self) -> str:
        waiting = self.state.awaiting
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        return asked if asked in SLOTS else ""

    def _beside(self, text: str) -> list[Event]:
        """What is told beside a time ("yes, Rick Paulson", "eleven, but I've signed with an agent")."""
        told = [e for e in self._facts_in(text) if isinstance(e, acts.Answer)]
        return [e for e in told if e.slot not in NOT_BESIDE and e.slot not in SLOTS]

    async def _about_homes(self, text: str) -> Reply | None:
        """As anywhere; who names another home of ours than the one they asked for means that one now."""
        return await self._turned_to(text) or await super()._about_homes(text)

    async def _turned_to(self, text: str) -> Reply | None:
        held, state = self.state.peek(HOME), self.state
        settled = state.booking or BOOKED in state.raised or state.closed
        if not held.counts or settled or state.peek(INTENT).value not in SEEKERS:
            return None
        if (asks(text) and not requests(text)) or (reading := await self._our_home(text)) is None:
            return None
        row = self._home_now
        if row is None or reading.value["street"] == held.value["street"]:
            return None
        new = state.model_copy(deep=True)
        new.slot(HOME).value = reading.value
        self._note_changes(new)
        self.state, self._spoken_of = new, row.mls_id
        if self._wish(_ONE.sub(" ", text)) != policy.Wish():
            return None  # "Tuesday at 2:30 for the Colfax one": the time is taken as any
        said = self._quoted(describe(row))
        return await self._turn([acts.Command("repeat")], before=[said])

    async def _names_home(self, text: str) -> bool:
        """Whether a home of ours is named with a day ("noon tomorrow at 18 Maple works for me")."""
        if self.state.peek(INTENT).value == "seller" or not self._wish(text).dated:
            return False
        return await self._our_home(text) is not None

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
            if self._sold_to_who_rents(self._home_now, events) and not _TO_SEE.search(words):
                # "is it still for rent?": they are asked what they seek
                return [e for e in events if not (isinstance(e, acts.Answer) and e.slot == HOME)]
        rest = [e for e in events if not (isinstance(e, acts.Answer) and e.slot == HOME)]
        return [
            acts.Answer(HOME, reading, volunteered=True),
            *(e for e in rest if not isinstance(e, acts.Unclear)),
        ]

    async def _in_passing(self, text: str) -> None:
        """A home and a day named with the first words in another language are kept, as at any time."""
        if not SLOTS & set(self.flow.slots):
            return
        self._words = gloss(text) if self.state.language == "es" else text
        self._keep_wish(text, home=await self._names_home(self._words))

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
            kept = TO_MEET.sub(" ", words)[:200] if wish != policy.Wish() else self.state.wish
            self.state = self.state.model_copy(update={"wish": kept})
            return
        if refuses_meeting(words):
            return
        if wish == policy.Wish() and _TO_SEE.search(words) and find_command(words) is None:
            self._wished = True  # no day was named: the next free times will do
            return
        meant = TO_MEET.search(words) or (wish.dated and topic(words) == "meeting")
        if wish == policy.Wish() or not (meant or (agreed and dated) or plainly or again):
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
            # offered when its turn comes, from that day on
            return [acts.Aside("time_later", stays=False), *(rest or [acts.Command("repeat")])]
        if given_up:
            self.state = self.state.model_copy(deep=True)
            self.state.slot(slot).status = "empty"
        useful = [e for e in rest if not isinstance(e, acts.Unclear | acts.Command | acts.No)]
        keeps = tuple(n for n in BOOKING_NEEDS if n in self.flow.slots)
        if any(isinstance(e, acts.Answer) and e.slot == AGENT and e.reading.ask for e in useful):
            # whose client they are comes first (C29), then the times
            return [*useful, acts.Aside("", enough=home, keeps=(*keeps, slot), stays=False)]
        return [*useful, acts.Aside("", ask=slot, enough=home, keeps=keeps)]
