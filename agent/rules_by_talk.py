"""Rules for leads given by talk: what can be set is set, the rest is kept word for word (A047, A091).

A broker gives rules beside answers, as a "no, ..." to the standard ones, and long after them. Each is read by
itself (``broker_wishes``), so that it is neither lost nor taken for the answer to what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from agent import acts
from agent.acts import Event, is_about, tells
from agent.deciding import TurnInput
from agent.form import order
from agent.guarding import Guarding
from agent.phrasing import worded
from agent.reply import Reply
from agent.setting_choices import FOLLOW_UP, HOT_SCORE, ROUTING, RULES, all_to_one, standard_rest
from agent.understanding.base import Reading
from agent.understanding.broker_wishes import EARLIEST, Wish, broker_wishes
from agent.understanding.by_topic import by_topic
from agent.understanding.cadence import cadence_said
from agent.understanding.polarity import split_polarity
from agent.understanding.sentences import asks, sentences
from agent.understanding.topics import topic
from agent.understanding.types.hot_rule import unexplained
from agent.understanding.wishes import limits_contact

PLAN, HOT, FROM, OWN_QUESTION, OWN_RULES = "plan", "hot_rule", "book_from", "own_question", "own_rules"
RULES_STEP = "rules"
NOTED = "own_rules"
ALIKE = 85
"""From how like one that is noted a rule is taken for the same, of 100."""
_ASK = re.compile(
    r"\bask(?:s|ing)?(?: (?:every|each|all|any|the|our|all the)?(?: ?(?:callers?|sellers?|buyers?|renters?"
    r"|leads?|people|everyone|everybody|them|body|one)))? (?:also )?(?:if|whether) they"
    r"(?P<verb> have|'ve got| want| need| own| like| are| can|'re)?(?P<what>[^.,;!?]{2,80}?)"
    r"(?= and (?:call|hot|never|send|flag)\b|[.,;!?]|$)",
    re.I,
)
_ASKED = {
    "have": "Do you have",
    "'ve got": "Do you have",
    "are": "Are you",
    "'re": "Are you",
    "can": "Can you",
}
_KEEPS = re.compile(r"\bkeep\b.{0,12}\b(?:standards?|rules|them|those|all)\b", re.I)
_THEN = re.compile(r"\b(?:then|if|otherwise|unless|except|over|under|above|below|weekends?|copy)\b", re.I)
"""Who gets leads only sometimes, or not alone."""


_MINE = re.compile(r"\b(?:leads?|calls?|callers?|buyers?|sellers?|rentals?)\b", re.I)


def own_question(text: str) -> str:
    """ "Ask every seller if they have a pool": the question as the agent asks it; "" where there is none."""
    found = _ASK.search(text)
    if found is None or not found["verb"]:
        return ""
    verb = found["verb"].strip().lower()
    return f"{_ASKED.get(verb, f'Do you {verb}')} {found['what'].strip()}?"


@dataclass
class _Taken:
    """What the wishes of one utterance come to: values, what is said of them, rules to note, other words."""

    events: list[Event] = field(default_factory=list)
    says: list[Event] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    def answer(self, slot: str, reading: Reading) -> None:
        self.events.append(acts.Answer(slot, reading, volunteered=True))

    def changes(self) -> bool:
        """Whether one of the standard rules is another now."""
        return any(is_about(e, (ROUTING, FOLLOW_UP, HOT_SCORE)) for e in self.events)


class RulesByTalk(Guarding):
    """Hears the rules a broker gives, whatever was asked."""

    _rule = ""
    """Rules in words that this turn cannot set."""

    def _wishes_told(self, text: str, confidence: float) -> list[Event] | None:
        """Events of an utterance that gives rules, with what else it says; None when it gives none."""
        waiting = self.state.awaiting
        if waiting.kind == "ask" and self.flow.slots[waiting.slots[0]].type in ("text", "hot_rule"):
            return None
        found, rest = broker_wishes(text)
        if not rest and self._answers_it(text):
            return None
        taken = _Taken()
        for wish in found:
            self._take_wish(wish, taken)
        rest = self._by_meaning(rest, taken)
        if waiting.slots == [FOLLOW_UP] and not taken.changes() and (said := cadence_said(rest)) is not None:
            taken.answer(FOLLOW_UP, said)
            rest = ""
        if not (taken.events or taken.noted):
            return None
        rest = " ".join([rest, *taken.other]).strip()
        more = self._understood(rest, confidence) if any(c.isalnum() for c in rest) else []
        return self._together(text, rest, taken, more)

    def _by_meaning(self, rest: str, taken: _Taken) -> str:
        """What is left of the words when those are taken that speak of a rule without one of its words."""
        left: list[str] = []
        for part in (p for sentence in sentences(rest) for p in by_topic(sentence)):
            told = _Taken()
            about = topic(part) if len(part.split()) > 3 and not asks(part) else ""
            if about == "follow_up" and self._at_rules() and self.state.awaiting.slots != [FOLLOW_UP]:
                said = cadence_said(part)
                if said is not None:
                    told.answer(FOLLOW_UP, said)
            elif about == "sharing" and self.state.awaiting.slots != [ROUTING] and _MINE.search(part):
                self._take_wish(Wish("handling", part.strip(" ,.")), told)
            left += [] if told.events or told.noted else [part]
            taken.events += told.events
            taken.noted += told.noted
        return " ".join(part.strip() for part in left)

    def _answers_it(self, text: str) -> bool:
        """Whether all of it is an answer to what was asked ("take a message and text me if ...")."""
        waiting = self.state.awaiting
        if waiting.kind != "ask" or self.flow.slots[waiting.slots[0]].type == "yes_no":
            return False
        if waiting.slots[0] == FOLLOW_UP:
            return False
        view = self.view()
        reading = view.type_of(waiting.slots[0]).parse(text, view.context(waiting.slots[0]))
        return reading is not None and reading.value is not None

    def _take_wish(self, wish: Wish, taken: _Taken) -> None:
        view = self.view()
        match wish.topic:
            case "hot":
                self._take_hot(wish, taken)
            case "earliest":
                early = EARLIEST.search(wish.words)
                reading = view.type_of(FROM).parse(early.group(), view.context(FROM)) if early else None
                self._take_reading(FROM, reading, wish, taken)
            case "ask" if asked := own_question(wish.words):
                taken.answer(OWN_QUESTION, Reading(value=asked))
                taken.says.append(acts.Aside("own_question_taken", {"question": asked}, stays=False))
            case "ask" if view.type_of(OWN_QUESTION).spot(wish.words, view.context(OWN_QUESTION)):
                taken.other.append(wish.words)
            case "follow_up":
                if not self._at_rules() and not re.search(r"\bfollow", wish.words, re.I):
                    taken.other.append(wish.words)
                elif said := cadence_said(wish.words):
                    as_it_is = said.value == "standard" and self.state.best().get(RULES) is True
                    taken.answer(RULES if as_it_is else FOLLOW_UP, Reading(value=True) if as_it_is else said)
                else:
                    taken.noted.append(wish.words)
            case "handling" if limits_contact(wish.words):
                taken.other.append(wish.words)  # about themselves, and no rule for callers
            case "sharing" | "handling":
                self._take_sharing(wish, taken)
            case _:
                taken.noted.append(wish.words)

    def _take_hot(self, wish: Wish, taken: _Taken) -> None:
        """The conditions we know set the rule; words that none of them holds are noted beside it."""
        view = self.view()
        kind, context = view.type_of(HOT), view.context(HOT)
        reading = kind.parse(wish.words, context)
        only_points = reading is not None and reading.value is not None and set(reading.value) <= {"score"}
        if only_points and re.search(r"\d", wish.words):
            if reading is not None and self.state.awaiting.slots == [RULES]:
                taken.answer(HOT_SCORE, Reading(value=reading.value["score"]))
            else:
                taken.other.append(wish.words)
            return
        self._take_reading(HOT, reading, wish, taken)
        if reading is not None and reading.value is not None and unexplained(wish.words):
            taken.noted.append(wish.words)

    def _take_reading(self, name: str, reading: Reading | None, wish: Wish, taken: _Taken) -> None:
        if reading is None:
            taken.noted.append(wish.words)
            return
        taken.answer(name, reading)
        if reading.value is not None and self.channel != "voice":
            value = worded(self.view(), name, reading.value)
            taken.says.append(acts.Aside(f"{name}_taken", {"value": value}, stays=False))

    def _take_sharing(self, wish: Wish, taken: _Taken) -> None:
        """Who gets the leads, as far as it is one of the ways we have; who comes then is noted."""
        view = self.view()
        whole = len(re.findall(r"\bto\b|\d{3}", wish.words)) == 1
        plain = whole and not _THEN.search(wish.words)
        if plain and all_to_one(wish.words, view) is not None:
            taken.other.append(wish.words)
            return
        if wish.topic == "sharing":
            reading = view.type_of(ROUTING).parse(_as_mode(wish.words), view.context(ROUTING))
            if reading is not None and reading.value is not None:
                taken.answer(ROUTING, Reading(value=reading.value))
        if wish.topic == "handling" or not plain:
            taken.noted.append(wish.words)

    def _at_rules(self) -> bool:
        """Whether the rules are what is spoken of, or were."""
        step = order.current(self.flow, self.state)
        return RULES_STEP in self.state.done or (step is not None and step.step == RULES_STEP)

    def _together(self, text: str, rest: str, taken: _Taken, more: Sequence[Event]) -> list[Event]:
        """The rules and the other words as one: a "no" is explained by them, a changed step read again."""
        waiting = self.state.awaiting
        asked = waiting.slots == [RULES]
        named = [e.slot for e in taken.events if isinstance(e, acts.Answer)]
        kept = [e for e in more if tells(e) and not isinstance(e, acts.No) and not is_about(e, named)]
        refused = asked and split_polarity(text)[0] == "no"
        events: list[Event] = [*taken.events]
        if asked and not taken.changes() and not refused and _KEEPS.search(rest):
            kept = [*(e for e in kept if not is_about(e, (RULES,))), acts.Answer(RULES, Reading(value=True))]
        if taken.changes() or refused:
            kept = [e for e in kept if not is_about(e, (RULES,))]
            events = [self._rules_refused(), *events, *standard_rest(self.view(), [*events, *kept])]
        if waiting.kind == "summary" and taken.events:
            kept = [e for e in kept if not isinstance(e, acts.Yes)]
        return [*taken.says, *self._noting(taken), *events, *kept]

    def _rules_refused(self) -> Event:
        reading = Reading(value=False)
        return acts.Fix(RULES, reading) if self.state.peek(RULES).counts else acts.Answer(RULES, reading)

    def _noting(self, taken: _Taken) -> list[Event]:
        """Rules that talk cannot set: kept in the broker's words, read back, and a ticket opened."""
        had = str(self.state.best().get(OWN_RULES) or "")
        new = [w for w in taken.noted if fuzz.token_set_ratio(w.lower(), had.lower()) < ALIKE or not had]
        if not taken.noted:
            return []
        if not new:
            words = taken.noted[0]
            return [acts.Aside("own_rules_known", {"words": words}, stays=not taken.events)]
        self._rule = "; ".join(new)
        kept = "; ".join([had, *new] if had else new)
        return [
            acts.Aside(NOTED, {"words": self._rule}, stays=False),
            acts.Answer(OWN_RULES, Reading(value=kept), volunteered=True),
        ]

    async def _take_turn(self, turn: TurnInput) -> Reply:
        """As anywhere; a rule that talk cannot set becomes a ticket, and that is said."""
        rule, self._rule = self._rule, ""
        if rule and any(isinstance(e, acts.Aside) and e.key == NOTED for e in turn.events):
            subject = "A rule for leads is wished for"
            result, run = await self._ask_our_team(subject, rule, f"rule{self._turns}")
            key = NOTED if result.ok else "own_rules_lost"
            events = [
                replace(e, key=key, facts={**e.facts, **result.facts})
                if isinstance(e, acts.Aside) and e.key == NOTED
                else e
                for e in turn.events
            ]
            turn = replace(turn, events=events, already=[*turn.already, run])
        return await super()._take_turn(turn)


def _as_mode(words: str) -> str:
    """The way of sharing in the words of its choices: "each office area gets its own" is by area."""
    if re.search(r"\b(?:to|for|try|ring|call) me\b", words, re.I):
        return "to me"
    return "by price" if re.search(r"\bprice\b", words, re.I) else "by area"
