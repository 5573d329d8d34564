"""A value goes where its clause speaks of (A042, A044): "no, the male one. 9 to 5 is fine" is a voice and hours.

Three rules. What a clause says of a value that is known already is a correction of it, whatever was asked. A
value is not taken from words that surely speak of others. And who plainly wants a value changed without saying
how is asked for it next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from agent import acts
from agent.acts import Event
from agent.form import order
from agent.understanding.cadence import cadence_said
from agent.understanding.cues import cue_span
from agent.understanding.firm_spans import firms_in
from agent.understanding.known_values import STATES, held, known, states_told
from agent.understanding.polarity import split_polarity
from agent.understanding.sentences import asks, requests, sentences
from agent.understanding.topics import SURE, SURER, leans_to, speaks_of, touches_on

if TYPE_CHECKING:
    from agent.understanding.base import Reading
    from agent.understanding.view import View

_READ = frozenset({"choice", "multi_choice", "weekly_hours", "phone", "timezone", "code", "integer"})
"""Types whose values show in a clause that is about them; almost any words could be a name or a text."""
_REPAIRED = frozenset({"person_name", "states", "email"})
"""Types of which a clause about them only puts right what is known."""
_NOT_OLD = re.compile(r"[\s,]+(?:and )?(?:not|instead of|rather than)\s+[^,.;]{1,30}$", re.I)
_BUT_NEW = re.compile(r"\bnot\s+[\w' :-]{1,20}?,?\s+but\s+", re.I)
"""What a value is not, behind it and before it."""
_OPENS = re.compile(r"^\W*(?:(?:and|but|so|oh|btw|by the way|also|well|actually)\b\W*)+", re.I)
_ONE_OF_FEW = frozenset({"choice", "multi_choice", "integer", "weekly_hours"})
"""Types whose answers other words come near to."""
_ANYTHING = frozenset({"choice", "multi_choice", "integer", "yes_no", "weekly_hours", "code", "text", "time"})
"""Types whose values are ordinary words and numbers, which other values are made of too."""
_JOINS = re.compile(
    r"\s*[,;]\s*(?:(?:and|but|also)\s+)*(?!\s*(?:(?:and|but)\s+)?(?:not|instead|rather)\b)|\s+(?:and|but)\s+(?!not\b)",
    re.I,
)
_WANTS_OTHER = re.compile(
    r"\b(?:i (?:said|meant|want(?:ed)?|asked for)|should|change|switch|fix|make|set|instead|rather|actually"
    r"|no longer|any ?more|not the|please)\b|^\W*but\b",
    re.I,
)
"""Something is to be otherwise, and is not only told."""
_IN_FIGURES = frozenset({"weekly_hours", "phone"})
"""Types of which figures that could not be read are another value all the same."""
_A_NUMBER = re.compile(r"\W*\d{3}\W*")
"""An area code by itself says what it is."""
FOLLOW_UP = "follow_up"
_ASKED_OTHERWISE = frozenset({"hot_rule", "hot_score", "criteria", "routing_mode", "keep_rules"})
"""Rules in words of their own are heard, or noted, elsewhere."""


def by_topic(part: str) -> list[str]:
    """The stretches of a clause that speak of different values ("a message only, and english only")."""
    found: list[str] = []
    at = spoken = 0
    about: tuple[str, ...] = ()
    firms = [range(firm.start, firm.end) for firm in firms_in(part)]
    joins = [join for join in _JOINS.finditer(part) if not any(join.start() in firm for firm in firms)]
    for join in [*joins, None]:
        stretch = part[spoken : join.start() if join else len(part)]
        other = speaks_of(stretch)
        if spoken and ((other and other != about) or _A_NUMBER.fullmatch(stretch)):
            found.append(part[at:spoken])
            at = spoken
        about = other or about
        spoken = join.end() if join else len(part)
    return [*found, part[at:]]


def spoken_of(part: str, view: View, asked: str) -> list[Event]:
    """The correction of a known value that a clause speaks of, which is not the one asked for."""
    names = speaks_of(part)
    if not names or asked in names or (asks(part) and not requests(part)):
        return []
    open_to = [n for n in names if n in view.flow.slots and _can_change(n, view)]
    fixes: list[Event] = []
    same = False
    for name in [*open_to, *(n for n in _named_too(part, view) if n not in names and n != asked)]:
        reading = None if _counts_for(asked, part, name, view) else _read(name, part, view)
        if reading is not None and reading.value != held(view, name):
            fixes.append(acts.Fix(name, reading))
        same = same or (reading is not None and name in names)
    if fixes or same:
        return fixes or (told_before([part], view) if _own_words(asked, view) else [])
    wanted = next((n for n in open_to if n not in _ASKED_OTHERWISE), "")
    if not wanted or _own_words(asked, view):
        return []
    figures = view.flow.slots[wanted].type in _IN_FIGURES and re.search(r"\d", part)
    if not figures and not _WANTS_OTHER.search(part):
        return []
    return [acts.Aside("back_to", {"label": view.flow.slots[wanted].label}), acts.Command("change", wanted)]


def _counts_for(asked: str, part: str, name: str, view: View) -> bool:
    """Whether a number answers the question for one, and is nothing else by its own words ("seven, very easy")."""
    slots = view.flow.slots
    if asked not in slots or not slots[asked].type == slots[name].type == "integer":
        return False
    if cue_span(part, slots[name].cues) is not None:
        return False
    kind, context = view.type_of(name), view.context(name)
    reading = view.type_of(asked).parse(part, view.context(asked))
    return reading is not None and reading.value is not None and kind.spot(part, context) is None


def elsewhere(part: str, view: View, asked: str, *, alone: bool) -> bool:
    """Whether a clause surely speaks of other values than the one asked for, and so is no answer to it.

    ``alone``: nothing else was said; then it has to be surer.
    """
    if asked not in view.flow.slots or view.flow.slots[asked].type not in _ONE_OF_FEW or asks(part):
        return False
    names = speaks_of(part, SURER if alone else SURE)
    return (
        bool(names) and asked not in names and asked not in touches_on(part) and not split_polarity(part)[0]
    )


def told_before(parts: Sequence[str], view: View) -> list[Event]:
    """What is known already and was only said again ("keep the four e-mails then")."""
    for part in parts:
        for name in speaks_of(part):
            if name in view.flow.slots and _can_change(name, view):
                reading = _read(name, part, view)
                if reading is not None and reading.value == held(view, name):
                    shown = view.type_of(name).show(reading.value, view.context(name))
                    facts = {"label": view.flow.slots[name].label, "value": shown}
                    return [acts.Aside("told_before", facts)]
    return []


def _own_words(asked: str, view: View) -> bool:
    return asked in view.flow.slots and view.flow.slots[asked].type == "text"


def _named_too(part: str, view: View) -> Iterator[str]:
    """Choices that a clause also leans towards, and of which it names one ("the friendly one in English")."""
    for name in touches_on(part):
        if name in view.flow.slots and view.flow.slots[name].type == "choice" and _can_change(name, view):
            yield name


def _can_change(name: str, view: View) -> bool:
    """Whether a slot holds something that can be another thing now."""
    return known(view, name) and order.applies(view.flow.slots[name].when, view.state)


def _read(name: str, part: str, view: View) -> Reading | None:
    """The value in a clause that is about it; "0163, not 0162" is read without what it is not."""
    kind, context, of = view.type_of(name), view.context(name), view.flow.slots[name].type
    words = _OPENS.sub("", split_polarity(part)[1] or part)
    new = _NOT_OLD.sub("", _BUT_NEW.sub("", words.rstrip(" .!")))
    tries = [kind.repair(words, context)] if of in _REPAIRED else []
    if name == STATES:
        tries = [states_told(split_polarity(part)[1] or part, view)]
    if name == FOLLOW_UP:
        tries = [cadence_said(words)]
    elif of in _READ:
        tries = [kind.repair(new, context), kind.repair(words, context), kind.parse(new, context)]
    return next((reading for reading in tries if reading is not None and reading.value is not None), None)


def in_topic(events: list[Event], text: str, view: View) -> list[Event]:
    """These events without values, and without wishes for a change, of what the words do not speak of.

    What is known already changes only by words that are rather about it than about anything else; a new value
    is refused where every clause that holds it is surely about others.
    """
    asked = view.state.awaiting.slots
    doubted = [e for e in events if _doubtful(e, asked, view)]
    if not doubted:
        return events
    parts = [part for sentence in sentences(text) for part in (sentence, *_JOINS.split(sentence))]
    kept = [e for e in events if e not in doubted or _agrees(e, parts, view)]
    return kept or [acts.Unclear(text)]


def _agrees(event: Event, parts: Sequence[str], view: View) -> bool:
    """Whether what an event is about is what the words are about, as far as that is known."""
    name = _slot(event)
    if (
        name in view.flow.slots
        and view.flow.slots[name].type == "code"
        and any(map(_A_NUMBER.fullmatch, parts))
    ):
        return True
    if isinstance(event, acts.Command) or known(view, name):
        about = {other for part in parts for other in leans_to(part)}
        return not about or name in about
    kind, context = view.type_of(name), view.context(name)
    spots = [(part, kind.spot(part, context)) for part in parts]
    holding = [
        p
        for p, r in spots
        if r is not None and isinstance(event, acts.Answer | acts.Fix) and r.value == event.reading.value
    ]
    sure = [speaks_of(part) for part in holding or parts]
    return not any(sure) or any(name in names for names in sure) or (bool(holding) and not all(sure))


def _slot(event: Event) -> str:
    match event:
        case acts.Answer() | acts.Fix():
            return event.slot
        case acts.Command(name="change"):
            return event.target or ""
    return ""


def _doubtful(event: Event, asked: Sequence[str], view: View) -> bool:
    """Whether an event brings a value that was not asked for and that might be another one's."""
    name = _slot(event)
    if name not in view.flow.slots or name in asked:
        return False
    return isinstance(event, acts.Command) or view.flow.slots[name].type in _ANYTHING
