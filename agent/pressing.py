"""What cannot wait for a form, and who calls about other business: answered, noted and passed on (A092).

Somebody who was sent new bank details is warned before anything else is said; a tenant without heat is no
renter looking for a home. What they said is the message: it is not asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent import acts
from agent.acts import Event, brings_value
from agent.homes import another_agents
from agent.lead_slots import INTENT, OUTCOME
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.setup_questions import SetupQuestions
from agent.understanding.base import Reading
from agent.understanding.sentences import sentences
from agent.understanding.types.errand import business_in, is_meant_by, only_names_it, tells_business
from agent.understanding.understand import understand
from policies.pressing import Pressing, find_pressing, pressing_matters

MESSAGE, NAMED, FIRM = "message", "agent_named", "firm"
TAKES_MESSAGE = frozenset({"message", "existing_client"})
CONTACT = ("name", "phone")
"""What a person needs who is to call back."""


_AGENT = re.compile(r"\b(?:my|our) (?:\w+ )?(?:agent|realtor)\b", re.IGNORECASE)


class Urgent(SetupQuestions):
    """Hears what is urgent before the form does, and takes what was told as the message."""

    def _pressing(self, text: str) -> str | None:
        """The kind of urgent matter these words are; None where the flow keeps no outcome, or it waits."""
        if OUTCOME not in self.flow.slots or self.state.closed:
            return None
        found = find_pressing(text)
        # a repair is passed on once; bank details are warned of every time
        return None if found is None or (found == "repair" and found in self.state.raised) else found

    async def _at_once(self, name: str, text: str) -> Reply:
        """The fixed sentence, a person told, and the form goes on with what is still needed."""
        matter: Pressing = pressing_matters()[name]
        language = self._other_language(text)
        if language is not None and self._speaks(language):
            self._speak_in(language)
        runs: list[ToolRun] = []
        says: list[Utterance] = []
        told = True
        if name not in self.state.raised:
            result, run = await self._run_tool(
                "note_for_staff", {"kind": matter.note, "label": name}, f"pressing-{name}"
            )
            runs.append(run)
            told = result.ok
        says.append(self._phraser().line(matter.say))
        if told and name not in self.state.raised:
            says.append(self._phraser().line("pressing_noted"))
        self.state = self.state.with_raised(name)
        heard = [
            e
            for e in understand(text, self.view())
            if isinstance(e, acts.Answer)
            and e.reading.value is not None
            and e.slot in ("property_address", NAMED, *CONTACT)
        ]
        events: list[Event] = [*self._outcomes(matter.outcome)]
        if self.state.peek(INTENT).value not in TAKES_MESSAGE:
            events.append(acts.Answer(INTENT, Reading(value=matter.intent)))
        events += [e for e in heard if not self.state.peek(e.slot).counts]
        if not self.state.peek(MESSAGE).counts:
            events.append(acts.Answer(MESSAGE, Reading(value=text.strip()[:1000]), volunteered=True))
        if matter.ask and not self._said(matter.ask, heard):
            events.append(acts.Aside("", ask=matter.ask))
        return await self._turn(events, before=says, already=runs)

    def _said(self, slot: str, events: Sequence[acts.Answer]) -> bool:
        return self.state.peek(slot).counts or any(e.slot == slot for e in events)

    async def _asked_something(self, text: str) -> Reply | None:
        """As anywhere; a question of a client, a tenant or a neighbor is their message, unless known."""
        kind = self._business(text)
        if not kind or (kind in ("business", "landlord") and await self._looked_up(text) is not None):
            return await super()._asked_something(text)
        return None

    def _business(self, text: str) -> str:
        """The kind of other business somebody calls about, while nothing is known of what they want."""
        if OUTCOME not in self.flow.slots or self.state.closed or self.state.peek(INTENT).counts:
            return ""
        kind = business_in(text)
        return "" if kind == "own_agent" and _AGENT.search(text) and another_agents(text) else kind

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """As anywhere; who says outright what they call about has left the message."""
        kind = self._business(text)
        events = super()._understood(text, confidence)
        if OUTCOME not in self.flow.slots or self.state.closed:
            return events
        if kind:
            events = self._of_business(kind, text, events)
        return self._person_needs(self._told_already(text, events))

    def _of_business(self, kind: str, text: str, events: list[Event]) -> list[Event]:
        """The errand and whose agent it is, beside what else was told; a question in it stays."""
        view = self.view()
        known = [e for e in events if isinstance(e, acts.Answer) and e.slot != INTENT and e.reading.value]
        known = [e for e in known if e.slot in ("property_address", NAMED, FIRM, *CONTACT)]
        told: list[Event] = [acts.Answer(INTENT, Reading(value=is_meant_by(kind))), *known]
        named = view.type_of(NAMED).spot(text, view.context(NAMED))
        if named is not None and named.value and all(e.slot != NAMED for e in known):
            told.append(acts.Answer(NAMED, named, volunteered=True))
        commands = [e for e in events if isinstance(e, acts.Command) and e.name == "human"]
        if kind == "returned_call":
            told.insert(0, acts.Aside("returned_call", stays=False))
        if kind == "landlord":
            # the office can do nothing without knowing which home it is
            told.append(acts.Aside("landlord", ask="property_address", stays=False))
        return [*told, *commands]

    def _told_already(self, text: str, events: list[Event]) -> list[Event]:
        """What they said beside the errand is the message; whose agent it is for is no company."""
        answers = [e for e in events if brings_value(e)]
        wanted = next((e.reading.value for e in answers if e.slot == INTENT), None)
        if wanted not in TAKES_MESSAGE or self.state.peek(MESSAGE).counts or not tells_business(text):
            return events
        agent = next((e.reading.value for e in answers if e.slot == NAMED), None)
        kept: list[Event] = [
            e
            for e in events
            if not isinstance(e, acts.Answer)
            or not (e.slot == MESSAGE or (e.slot == FIRM and e.reading.value == agent))
        ]
        words = " ".join(s for s in sentences(text) if not only_names_it(s)) or text
        return [*kept, acts.Answer(MESSAGE, Reading(value=words.strip()[:1000]), volunteered=True)]

    def _person_needs(self, events: list[Event]) -> list[Event]:
        """Somebody is to call back: their name and number are asked for, not the old question again."""
        asks = any(isinstance(e, acts.Command) and e.name == "human" for e in events)
        missing = [n for n in CONTACT if not self._reachable(n)]
        if asks and self._target() is None and missing:
            if not self.state.peek(INTENT).counts:
                return [*events, acts.Aside("", enough=True, keeps=CONTACT)]
            return [*events, acts.Aside("", ask=missing[0])]
        named = any(isinstance(e, acts.Answer) and e.slot == CONTACT[0] for e in events)
        if self.state.handed_over and named and CONTACT[1] in missing:
            return [*events, acts.Aside("", ask=CONTACT[1])]
        return events

    def _reachable(self, name: str) -> bool:
        slot = self.state.peek(name)
        known = slot.counts or slot.pending or slot.status == "skipped"
        return known or (name == "phone" and bool(self._caller))
