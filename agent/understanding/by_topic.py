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
from agent.understanding.known_values import held, known
from agent.understanding.polarity import split_polarity
from agent.understanding.sentences import asks, sentences
from agent.understanding.topics import leans_to, speaks_of, touches_on

if TYPE_CHECKING:
    from agent.understanding.base import Reading
    from agent.understanding.view import View

_READ = frozenset({"choice", "multi_choice", "weekly_hours", "phone", "timezone", "code", "integer"})
"""Types whose values show in a clause that is about them; almost any words could be a name or a text."""
_ANYTHING = frozenset({"choice", "multi_choice", "integer", "yes_no", "weekly_hours", "code", "text", "time"})
"""Types whose values are ordinary words and numbers, which other values are made of too."""
_JOINS = re.compile(r"\s*[,;]\s*(?:(?:and|but|also)\s+)*|\s+(?:and|but|also|plus)\s+", re.I)
_WANTS_OTHER = re.compile(
    r"\b(?:i (?:said|meant|want(?:ed)?|asked for)|should|change|switch|fix|make|set|instead|rather|actually"
    r"|no longer|any ?more|not the|please)\b",
    re.I,
)
"""Something is to be otherwise, and is not only told."""
_ASKED_OTHERWISE = frozenset({"hot_rule", "hot_score", "criteria", "routing_mode", "keep_rules"})
"""Rules in words of their own are heard, or noted, elsewhere."""


def by_topic(part: str) -> list[str]:
    """The stretches of a clause that speak of different values ("a message only, and english only")."""
    found: list[str] = []
    at = spoken = 0
    about: tuple[str, ...] = ()
    for join in [*_JOINS.finditer(part), None]:
        other = speaks_of(part[spoken : join.start() if join else len(part)])
        if other and other != about and spoken:
            found.append(part[at:spoken])
            at = spoken
        about = other or about
        spoken = join.end() if join else len(part)
    return [*found, part[at:]]


def spoken_of(part: str, view: View, asked: str) -> list[Event]:
    """The correction of a known value that a clause speaks of, which is not the one asked for."""
    names = speaks_of(part)
    if not names or asked in names or asks(part):
        return []
    open_to = [n for n in names if n in view.flow.slots and _can_change(n, view)]
    fixes: list[Event] = []
    for name in [*open_to, *(n for n in _named_too(part, view) if n not in names and n != asked)]:
        reading = _read(name, part, view) if view.flow.slots[name].type in _READ else None
        if reading is None:
            continue
        if reading.value != held(view, name):
            fixes.append(acts.Fix(name, reading))
        elif name in names:
            return []
    own_words = asked in view.flow.slots and view.flow.slots[asked].type == "text"
    wanted = "" if own_words else next((n for n in open_to if n not in _ASKED_OTHERWISE), "")
    if fixes or not wanted or not _WANTS_OTHER.search(part):
        return fixes
    return [acts.Aside("back_to", {"label": view.flow.slots[wanted].label}), acts.Command("change", wanted)]


def _named_too(part: str, view: View) -> Iterator[str]:
    """Choices that a clause also leans towards, and of which it names one ("the friendly one in English")."""
    for name in touches_on(part):
        if name in view.flow.slots and view.flow.slots[name].type == "choice" and _can_change(name, view):
            yield name


def _can_change(name: str, view: View) -> bool:
    """Whether a slot holds something that can be another thing now."""
    return known(view, name) and order.applies(view.flow.slots[name].when, view.state)


def _read(name: str, part: str, view: View) -> Reading | None:
    kind, context = view.type_of(name), view.context(name)
    words = split_polarity(part)[1] or part
    for reading in (kind.repair(words, context), kind.parse(words, context)):
        if reading is not None and reading.value is not None:
            return reading
    return None


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
