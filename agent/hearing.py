"""What a caller of a brokerage says, as events: answers, and all that may stand beside or instead of them.

Nothing said in the same breath is lost (A092).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from agent import acts
from agent.acts import Event, brings_value
from agent.form.engine import advance
from agent.form.state import Awaiting
from agent.lead_slots import CLIENT, DATED, ELSE, INTENT, NEXT, OUTCOME, WHOSE
from agent.looking_up import LookingUp
from agent.objecting import told_besides
from agent.understanding.base import Reading
from agent.understanding.clauses import without_contacts
from agent.understanding.lead_topics import topic
from agent.understanding.messages import ENOUGH, joined, telling
from agent.understanding.polarity import polarity, split_polarity
from agent.understanding.sentences import asks, requests, sentences
from agent.understanding.turning import named_outright
from agent.understanding.types.errand import named_in
from agent.understanding.understand import understand

NOT_BY_TAIL = frozenset({"yes_no", "representation", "text", "organization", "role_title", "person_name"})
"""Types of which almost any words are a value, and those that take a yes."""
SURE = 0.7
MESSAGE = "message"
"""The slot, the errand and the topic of words that are for somebody else."""


_SPEAKS_OF = {"condition": "seller", "listed": "seller", "lease": "renter"}
"""What only callers of one kind speak of (``lead_topics.txt``)."""
_DONE = re.compile(
    r"\b(that'?s|that is) (all|it|everything)\b|\bnothing( else)?\b|\bno,? thank(s| you)\b|\ball (set|good)\b"
    r"|\bi'?m (good|fine|done)\b|\beso es todo\b",
    re.I,
)
_I_AM = re.compile(
    r"\b(i'?m|i am|we'?re|we are)( just| still| actually| only)? (the |a |an )?(buyer|seller|owner"
    r"|selling|buying|renting|buy|sell|rent)\b",
    re.I,
)
"""Who is taken for another kind of caller, and says so."""
STARTLED = re.compile(r"\W*(?:huh|what|wait,? what|wait|excuse me|pardon|sorry)\b[\s,]*[?!.]+\s*", re.I)
""" "Huh?", before somebody puts it right."""
_FILLS = re.compile(
    r"\b(like|as) i( already)? (said|told you)\b,?|,?\s*\bi( already| just)? (said|told you)( dear| so"
    r"| already| that)?\b,?\s*",
    re.I,
)
_RELATIVE = re.compile(r"\b(today|tonight|tomorrow)\b(?! \()", re.I)
_TOLD_BEFORE = re.compile(
    r"\b(i|we)('ve| have)? (already|just) (said|told|mentioned|gave|answered)\b|\b(like|as) i (said|told"
    r"|mentioned)\b"
    r"|\bi told you\b|\byou('re| are) not listening\b|\bi (said|asked) (that )?(already|before)\b"
    r"|\bya (le|se lo) dije\b"
)
_AGREES_MORE = re.compile(
    r"(?:\W*\b(?:keep|leave|take|use|put|do|go|ahead|with|it|that|this|one|as|is|so|please|thanks?|you|great|perfect|good|fine|sounds"
    r"|looks|works|for|me|us|all|right)\b)+\W*",
    re.I,
)
""" "Yes, keep it": the yes again, and no answer to the next question."""
_LOSS = re.compile(
    r"\b(my|our) (late )?(\w+ )?(mom|mother|dad|father|parents?|wife|husband|grand\w+|aunt|uncle|brother"
    r"|sister|son|daughter|partner)"
    r"( just| recently)? (passed( away)?|died)\b|\b(passed away|in probate after)\b|\b(falleció|murió)\b",
    re.I,
)


def is_for_somebody(text: str) -> bool:
    """Whether words want somebody told something, or to call back."""
    return any(topic(sentence) == MESSAGE for sentence in sentences(without_contacts(text)))


class Hearing(LookingUp):
    """Understands an utterance, asides first."""

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """Everything that was said, as events; objections with what follows from them."""
        aside = self._objection(text)
        if aside is not None:
            return aside
        waiting = self.state.awaiting
        if OUTCOME in self.flow.slots and waiting.slots == [INTENT] and len(text.split()) < 7:
            no = polarity(text) == "no"
            if (no and len(text.split()) < 4 and ELSE in self.state.raised) or (
                (no or not asks(text)) and _DONE.search(text)
            ):
                return [acts.Command("goodbye")]
        turned = self._another_errand(text)
        if turned:
            return turned
        events = self._with_tail(text, understand(text, self.view(), confidence))
        if OUTCOME in self.flow.slots and waiting.slots == [INTENT] and waiting.kind == "ask":
            # what somebody calls about cannot be skipped
            events = [e for e in events if not isinstance(e, acts.No) and e != acts.Command("skip")]
            events = self._errand_after_all(text, self._for_somebody(text, events)) or [acts.Unclear(text)]
        events = [self._kept_clean(e) for e in events]
        if OUTCOME in self.flow.slots and not self.state.closed and (key := self._felt(text, events)):
            return [acts.Aside(key, stays=False), *events]
        return events

    def _for_somebody(self, text: str, events: list[Event]) -> list[Event]:
        """These events; words that want somebody told, or to call back, are a message (A047)."""
        known = any(acts.is_about(e, (INTENT,)) or isinstance(e, acts.Command) for e in events)
        if known or not is_for_somebody(text):
            return events
        note = [
            acts.Answer(slot, Reading(value=value)) for slot, value in ((INTENT, MESSAGE), (MESSAGE, text))
        ]
        return [*note, *(e for e in events if brings_value(e) and not acts.is_about(e, (MESSAGE,)))]

    def _errand_after_all(self, text: str, events: list[Event]) -> list[Event]:
        """These events with what the caller wants, where it was asked before and they tell something else.

        Who speaks of their roof sells, who speaks of a lease rents; whoever tells a second thing that is
        neither has it passed on: nobody is asked a third time what they have been saying all along.
        """
        slot, held = self.state.peek(INTENT), self.state.peek(MESSAGE)
        named = any(acts.is_about(e, (INTENT,)) or isinstance(e, acts.Command | acts.Aside) for e in events)
        if named or asks(text) or telling(text) < ENOUGH:
            return events
        kind = next((_SPEAKS_OF[t] for s in sentences(text) if (t := topic(s)) in _SPEAKS_OF), "")
        if kind:
            return [acts.Answer(INTENT, Reading(value=kind)), *events]
        words = joined([str(held.value), text] if held.counts else [text])
        told: list[Event] = [e for e in events if brings_value(e) and not acts.is_about(e, (MESSAGE,))]
        note = acts.Answer(MESSAGE, Reading(value=words), volunteered=True)
        if slot.fails or slot.passed:
            return [acts.Answer(INTENT, Reading(value=MESSAGE)), note, *told]
        return [note, *told] if told else events

    def _another_errand(self, text: str) -> list[Event]:
        """ "I AM THE BUYER": who was taken for another kind of caller is heard at any question."""
        slot = self.state.peek(INTENT)
        asked = self.state.awaiting.slots
        if INTENT not in self.flow.slots or not slot.counts or self.state.closed:
            return []
        if NEXT in asked:
            # asked what follows the sale: who says what they are doing has not answered yet
            plain = STARTLED.sub("", text)
            insists = _I_AM.match(plain) and slot.value == self._said_to_be(plain)
            return [acts.Command("repeat")] if insists else []
        if polarity(text) == "yes":
            return []
        if _I_AM.search(text) and slot.value == self._said_to_be(text):
            free = bool(asked) and self.flow.slots[asked[0]].type == "text"
            vain = (free and len(text.split()) < 6) or self._says_no_more(text)
            return [acts.Command("repeat")] if vain else []
        kind = named_outright(text, str(slot.value))
        if not kind and named_outright(text, "") == slot.value and self._says_no_more(text):
            return [acts.Command("repeat")]  # "we want to buy", which is known: no answer, and no vain one
        if asked == [WHOSE] and slot.value == CLIENT and not kind:
            # asked whose client they are: who wants to sell, buy or rent is a client to be
            kind = next((n.value for n in named_in(text) if n.sure and n.value != CLIENT), "")
        if kind not in ("buyer", "seller", "renter"):
            return []
        state = self.state.model_copy(deep=True)
        state.slot(INTENT).value, state.awaiting = kind, Awaiting()
        rest = [e for e in understand(text, replace(self.view(), state=state)) if told_besides(e, INTENT)]
        return [acts.Answer(INTENT, Reading(value=kind)), *rest]

    def _says_no_more(self, text: str) -> bool:
        """Whether nothing else is in the words than what the caller is taken for."""
        told = understand(text, self.view())
        return not any(brings_value(e) or isinstance(e, acts.Command | acts.Fix) for e in told)

    def _facts_in(self, text: str) -> list[Event]:
        """Every value the words hold, whatever was asked, and whether they ask something themselves."""
        state = self.state.model_copy(deep=True)
        state.awaiting, state.offer = Awaiting(), {}
        heard = understand(text, replace(self.view(), state=state))
        return [e for e in heard if isinstance(e, acts.Answer) and e.reading.problem == ""]

    def _said_to_be(self, text: str) -> object:
        """The kind of caller somebody says they are."""
        view = self.view()
        reading = view.type_of(INTENT).parse(text, view.context(INTENT))
        return reading.value if reading is not None else None

    def _kept_clean(self, event: Event) -> Event:
        """Words that are kept as said: without "I told you", and with the date of "tomorrow"."""
        if not isinstance(event, acts.Answer | acts.Fix) or not isinstance(event.reading.value, str):
            return event
        if OUTCOME not in self.flow.slots or self.flow.slots[event.slot].type != "text":
            return event
        words = _FILLS.sub(" ", event.reading.value).strip(" ,.") or event.reading.value
        if event.slot in DATED:
            zone = ZoneInfo(str(self.facts.values.get("timezone") or "UTC"))
            today = self.parts.clock.now().astimezone(zone).date()

            def dated(match: re.Match[str]) -> str:
                day = today + timedelta(days=match[1].lower() == "tomorrow")
                return f"{match[1]} ({day:%B} {day.day})"

            words = _RELATIVE.sub(dated, words)
        if words == event.reading.value:
            return event
        return replace(event, reading=replace(event.reading, value=words[:1].upper() + words[1:]))

    def _with_tail(self, text: str, events: list[Event]) -> list[Event]:
        """ "Yes. Two thousand a month": what follows a yes and answers the next question is used for it.

        Once, and only where nothing else was made of those words; never for a question of yes or no, which
        somebody has to hear first.
        """
        if not events or not isinstance(events[0], acts.Yes) or len(events) > 1:
            return events
        _, tail = split_polarity(text)
        if len(tail.split()) < 2 or asks(tail) or _AGREES_MORE.fullmatch(tail):
            return events
        after, _ = advance(self.flow, self.state, events, self._env())
        waiting = after.awaiting
        name = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        if not name or self.flow.slots[name].type in NOT_BY_TAIL or after.peek(name).fails:
            return events
        view = replace(self.view(), state=after)
        reading = view.type_of(name).parse(tail, view.context(name))
        if reading is None or reading.value is None or not reading.confidence >= SURE:
            return events
        return [*events, acts.Answer(name, reading)]

    def _felt(self, text: str, events: Sequence[Event]) -> str:
        """What a person would say before going on: sorry to ask twice, sorry for a loss, sure."""
        if _TOLD_BEFORE.search(text):
            return "said_before"
        if _LOSS.search(text) and "loss" not in self.state.raised:
            self.state = self.state.with_raised("loss")
            return "sorry_for_loss"
        answered = any(isinstance(e, acts.Answer) and e.reading.value is not None for e in events)
        if answered and any(asks(s) and requests(s) for s in sentences(text)):
            return "going_on"
        return ""

    # -- questions --------------------------------------------------------------------------------
