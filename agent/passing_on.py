"""Taking a message: all that somebody has to be told is in it, whenever it was said (A092).

What was said before it was known that there is a message is kept until it is; what comes after it, beside
a name or as a question nobody here can answer, is added. A caller who said it all at once is not asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent import acts
from agent.acts import Event
from agent.deciding import TurnInput
from agent.lead_slots import INTENT, OUTCOME
from agent.meeting_wishes import LEADS
from agent.pressing import FIRM, MESSAGE, NAMED, Urgent
from agent.reply import Reply
from agent.understanding.base import Reading
from agent.understanding.clauses import clauses
from agent.understanding.details import adds, details, favors, ranges
from agent.understanding.messages import ENOUGH, colleague, company, is_person, joined, substance, telling
from agent.understanding.passing import first_names, name_in
from agent.understanding.reached import MAIL, UPDATES, way_preferred
from agent.understanding.remains import holds_time
from agent.understanding.sentences import asks, parted, questions, sentences
from agent.understanding.spanish import gloss
from agent.understanding.ways import stances
from flows.languages import ENGLISH

PASSED_ON = frozenset({"message", "existing_client", "vendor", "agent"})
"""Kinds of callers whose words are passed on; of the others the form keeps what it asked for."""
ANSWERED = frozenset({"answered", "call_when", "call_when_free", "help", "help_why", "not_answered"})
"""What is said to somebody whose question has been answered: it is no part of a message."""
SHOWING = "showing_time"
"""When another agent would like to show a home, or what else they need."""
COUNTED = ("beds", "units")
"""What may be told as a range, of which a lead holds the least."""
KEPT = 4
"""Remarks that are kept while it is not known what somebody wants."""

REACHED_BY = frozenset(("phone", "consent_contact"))
"""The questions to which "e-mail me instead" is a no."""


class PassingOn(Urgent):
    """Gathers the message of a caller who leaves one."""

    _said_now = ""
    """What was said in this turn, where it may be passed on."""

    async def _asked_something(self, text: str) -> Reply | None:
        """As anywhere; another agent who asks instead of naming a time has said what they need."""
        if self.state.peek(INTENT).value != "agent" or self.state.closed or not asks(text):
            return await super()._asked_something(text)
        asked = self.state.awaiting.slots == [SHOWING]
        if holds_time(text):  # "is Tuesday at 11 ok?", which the listing agent answers
            noted = [self._phraser().line("message_added")]
            return None if asked else await self._turn([acts.Command("repeat")], before=noted)
        if not asked:
            return await super()._asked_something(text)
        if await self._of_home(text) is not None and not self._unknown:
            return await super()._asked_something(text)
        result, run = await self._run_tool("answer_question", {"question": text[:500]}, f"q{self._turns}")
        says = [self._phraser().line("answer_later" if result.ok else "answer_not_noted")]
        need: list[Event] = [acts.Answer(SHOWING, Reading(value=text.strip()))]
        return await self._turn(need, before=says, already=[run])

    async def _take_turn(self, turn: TurnInput) -> Reply:
        """As anywhere, with what was said in the message."""
        said = text = self._said_now
        self._said_now = ""
        if OUTCOME in self.flow.slots and MESSAGE in self.flow.slots and not self.state.closed:
            answered = any(u.key in ANSWERED for u in turn.before)
            told = parted(said)[0] if self._passes_on(turn.events) else ""
            text = told if answered else text
            events = self._with_message(text, self._with_colleague(text, turn.events))
            turn = replace(turn, events=self._with_mail(said, events))
            all_answered = answered and len(sentences(said)) == 1  # "pets allowed"
            if self._is_lead(turn.events) and not all_answered:
                turn = await self._with_favors(
                    replace(turn, events=await self._with_details(turn.events, said)), said
                )
        return await super()._take_turn(turn)

    def _is_lead(self, events: Sequence[Event]) -> bool:
        """Whether somebody seeks, sells or lets, by these events or as was known before."""
        told = [e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix) and e.slot == INTENT]
        return (told[-1] if told else self.state.peek(INTENT).value) in LEADS

    def _passes_on(self, events: Sequence[Event]) -> bool:
        """Whether another agent speaks, whose request stands beside a question that was answered."""
        told = [e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix) and e.slot == INTENT]
        return (told[-1] if told else self.state.peek(INTENT).value) == "agent"

    async def _with_details(self, events: Sequence[Event], said: str) -> Sequence[Event]:
        """What a lead tells that no slot holds is kept for the agent, in their words."""
        told = {e.slot: e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix)}
        earlier, spanish = self.state.told, self.state.language == "es"
        if earlier:
            self.state = self.state.model_copy(update={"told": []})
        home = await self._row(said) if said else None
        values = self.state.best() | told | ({"home": [home.address, home.city]} if home else {})
        found = [
            detail
            for words in (*earlier, said)
            for detail in details(gloss(words) if spanish else words, self.view(), values)
        ]
        found = [said] if spanish and found else found
        counts = {self.flow.slots[n].label: told[n] for n in COUNTED if isinstance(told.get(n), int)}
        found += [r for r in ranges(said, counts) if not any(r in detail for detail in found)]
        held = str(told.get(MESSAGE) or self.state.peek(MESSAGE).value or "")
        more = [d for d in found if adds(d, held)]
        if not more:
            return events
        note = acts.Answer(MESSAGE, Reading(value=joined([held, *more])), volunteered=True)
        rest = [e for e in events if not (isinstance(e, acts.Answer | acts.Fix) and e.slot == MESSAGE)]
        if all(isinstance(e, acts.Unclear) for e in rest):
            rest = [acts.Aside("message_added")]
        return [*rest, self._kept_clean(note)]

    async def _with_favors(self, turn: TurnInput, said: str) -> TurnInput:
        """What a lead asks for that only a person can do is put to one."""
        if self.state.language != ENGLISH:
            return turn
        told = {e.slot: e.reading.value for e in turn.events if isinstance(e, acts.Answer | acts.Fix)}
        runs = list(turn.already)
        noted = " ".join(str(run.arguments.get("question", "")) for run in runs)
        wished = favors(said, self.view(), self.state.best() | told)
        known = (*questions(said), noted)
        wished = [w for w in wished if not any(w in one for one in known) and way_preferred(w) is None]
        says = [await self._put_to_agent(w, runs) for w in wished]
        return replace(turn, before=[*turn.before, *says[:1]], already=runs)

    def _with_mail(self, said: str, events: Sequence[Event]) -> Sequence[Event]:
        """Who would have an e-mail is asked for the address, at once and once."""
        told = {e.slot for e in events if isinstance(e, acts.Answer | acts.Fix)}
        known = self.state.peek(MAIL)
        if self.state.peek(INTENT).value not in (None, *LEADS) or stances(said).get("mail") != "welcome":
            return events
        wish = [] if UPDATES in told else [acts.Answer(UPDATES, Reading(value="email"), volunteered=True)]
        if known.status == "skipped" and MAIL not in told:
            return [
                *events,
                *wish,
                *self._let_it_go(),
            ]  # no address was understood: the question is answered no
        if MAIL in told or known.counts or known.pending or MAIL in self.state.raised:
            return [*events, *wish]
        self.state = self.state.with_raised(MAIL)
        rest = [e for e in events if not isinstance(e, acts.Unclear) and e != acts.Command("repeat")]
        return [
            *(e for e in rest if not isinstance(e, acts.Aside) or e.ask != MAIL),
            *wish,
            acts.Aside("", ask=MAIL),
        ]

    def _with_colleague(self, text: str, events: Sequence[Event]) -> list[Event]:
        """These events with the agent the caller deals with, who is named anywhere and is no sentence."""
        told = {e.slot: e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix)}
        intent = told.get(INTENT) or self.state.peek(INTENT).value
        events = self._with_showing(text, events)
        unknown = FIRM not in told and not self.state.peek(FIRM).counts
        if intent in ("agent", "vendor") and unknown and (firm := company(text)):
            events = [*events, acts.Answer(FIRM, Reading(value=firm), volunteered=True)]
        said, asked = told.get(NAMED), NAMED in self.state.awaiting.slots
        if isinstance(said, str) and (intent in LEADS or not is_person(said)):
            events = [e for e in events if not (isinstance(e, acts.Answer | acts.Fix) and e.slot == NAMED)]
            said = None
            if asked and telling(text) >= ENOUGH:
                events = [*events, acts.Command("skip")]  # who it is for is found by what it is about
        known = self.state.peek(NAMED).counts or said is not None
        if known or not text or intent not in ("existing_client", "message"):
            return list(events)
        introduced = name_in(clauses(text, first_names()), self.view())
        held = introduced.reading.value if introduced is not None else self.state.peek("name").value
        own = str(held.get("first") or "") if isinstance(held, dict) else ""
        named = colleague(text, own, asked=asked)
        if not named:
            return list(events)
        rest = [e for e in events if not (asked and e == acts.Command("skip"))]
        return [*rest, acts.Answer(NAMED, Reading(value=named), volunteered=not asked)]

    def _with_showing(self, text: str, events: Sequence[Event]) -> Sequence[Event]:
        """A time that is named after a question took its place."""
        held = self.state.peek(SHOWING).value
        if not (isinstance(held, str) and asks(held) and holds_time(text)):
            return events
        rest = [e for e in events if not isinstance(e, acts.Unclear)]
        return [*rest, self._kept_clean(acts.Fix(SHOWING, Reading(value=text.strip())))]

    def _with_message(self, text: str, events: Sequence[Event]) -> list[Event]:
        """These events, with the whole message where there is one; what is no message yet is kept."""
        told = {e.slot: e for e in events if isinstance(e, acts.Answer | acts.Fix)}
        now, held = told.get(MESSAGE), self.state.peek(MESSAGE)
        intent = told[INTENT].reading.value if INTENT in told else None
        intent = intent or self.state.peek(INTENT).value
        if now is not None and now.reading.value:
            whole = joined([*self.state.told, str(now.reading.value)])
            rest: list[Event] = [e for e in events if e is not now]
            return [*rest, self._of_message(whole, known=False)] if intent in PASSED_ON else list(events)
        waiting = self.state.awaiting
        asked = waiting.slots[0] if waiting.slots else ""
        words = gloss(text) if self.state.language == "es" else text
        answers = [e.reading.value for e in told.values() if e.slot != SHOWING]
        more = substance(words, self.view(), asked=asked, answers=answers)
        if more and words != text:
            more = text.strip()
        if held.counts and isinstance(held.value, str) and intent in PASSED_ON:
            whole = joined([held.value, more])
            if whole == held.value:
                return list(events)
            only = all(isinstance(e, acts.Unclear) for e in events)
            besides = [acts.Aside("message_added")] if only else events
            return [self._of_message(whole, known=True), *besides]
        if intent is not None and intent not in PASSED_ON:
            return list(events)
        if more:
            kept = [*self.state.told, more][-KEPT:]
            self.state = self.state.model_copy(update={"told": kept})
        whole = joined(self.state.told)
        again = not more or len(self.state.told) > 1
        if intent is None and "name" in told and again and telling(whole) >= ENOUGH:
            # they said what it is about, and who they are when asked for more
            return [
                *events,
                acts.Answer(INTENT, Reading(value=MESSAGE)),
                self._of_message(whole, known=False),
            ]
        if intent not in PASSED_ON or telling(whole) < ENOUGH:
            return list(events)
        return [*events, self._of_message(whole, known=False)]

    def _of_message(self, whole: str, *, known: bool) -> Event:
        """The message as an event: put right where it is known, else told."""
        reading = Reading(value=whole)
        event = acts.Fix(MESSAGE, reading) if known else acts.Answer(MESSAGE, reading, volunteered=True)
        return self._kept_clean(event)
