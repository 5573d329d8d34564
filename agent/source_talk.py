"""Where a client's leads come from: named, added, taken off, and kept by name what is on no list (A046)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.by_topic import by_topic
from agent.understanding.matching import close_matches, exact_matches
from agent.understanding.polarity import split_polarity
from agent.understanding.sentences import asks, sentences
from agent.understanding.topics import SURER, speaks_of
from agent.understanding.view import View
from agent.understanding.wordlists import word_list
from flows.schema import Choice

SOURCES, OTHER_SOURCES, OTHER, STEP = "lead_sources", "other_sources", "other", "integrations"
NEARLY = 86.0
"""From this closeness (0..100) on, a source is a misspelt one of our list."""
_MORE = re.compile(
    r"\b(?:also|too|as well|plus|add|on top|left out|forgot|missing|missed|those|both)\b|^\W*and\b", re.I
)
_MORE_BEHIND = re.compile(r"\W*\w+\W+(?:and|plus|also|as well as)\b", re.I)
_ONLY = re.compile(r"\b(?:just(?! where)|only|solely)\b", re.I)
_DROPS = re.compile(
    r"\b(?:not|no(?!\s*,)|never|without|remove|drop|delete|minus|don'?t|do not|no longer|get rid of|strike"
    r"|leave out|stopped|quit|take (?:out|off)?)\b",
    re.I,
)
"""Sources behind these are taken off ..."""
_AMISS = re.compile(
    r"(?:'s| is| are) (?:wrong|not one|no source|not a source|gone|out)\b|\b(?:isn'?t|aren'?t)\b", re.I
)
"""... and those before these."""
_STRETCH = re.compile(
    r"[;.]\s|\bbut\b|(?=\b(?:add|keep|put|just|only)\b)|,\s+(?=(?:it'?s|they'?re|not|mostly|should)\b)", re.I
)
"""Where what is taken off ends, and what stays or comes begins."""
_BUT_FOR = re.compile(r"^\W*(?:looks? (?:good|right|fine)\W+)?(?:except|only|but)(?: that| for)?\b", re.I)
_LISTING = re.compile(r"\s*(?:,|;|&|\band\b|\bplus\b|\balso\b|\bor\b|\bbut\b)\s*", re.I)
_LEAD_WORDS = (
    r"add|put in|should be|from|our|the|my|an?|some|mostly|mainly|usually|it'?s|i said"
    r"|we (?:use|buy from|also have)"
    r"|we get them from|leads?(?: also)? (?:come )?from|they come from|you (?:forgot|missed)"
    r"|to|through|via|on|off|remove|drop|not"
)
_LEAD_IN = re.compile(rf"^(?:\W|\b(?:{_LEAD_WORDS})\b)+", re.I)
"""Words before a source in a list ..."""
_TAIL_WORDS = (
    r"too|as well|please|pls|leads?|mostly|mainly|(?:(?:to|on|in) )?(?:the |our |my )?(?:lead )?sources?"
    r"|is|are|missing|(?:just )?where (?:some |most )?(?:of )?(?:our |the )?leads? comes?(?: from)?"
)
_TAIL = re.compile(rf"(?:\W|\b(?:{_TAIL_WORDS})\b)+$", re.I)
"""... and behind it."""
_DOMAIN = re.compile(r"\b[\w-]+\.(?:com|net|org|io|co|homes|realty)\b", re.I)
_ABOUT = re.compile(r"\blead sources?\b|\bleads? (?:also )?comes?\b", re.I)
_CLAUSE = re.compile(r"\b(?:we|i|it|they|that|you|there|who|he|she)['’](?:re|m|s|ve|ll|d)\b", re.I)
_CRM = re.compile(r"\bcrm\b", re.I)
_ONE = r"(?P<old>[\w.]+(?: \w+)?)"
_SWAPS = tuple(
    re.compile(rf"{form}(?P<new>\w.*)$", re.IGNORECASE)
    for form in (
        rf"\bnot {_ONE}[,;]\s+(?:it'?s |but |that'?s )?",
        rf"\b{_ONE}(?:'s| is) wrong\W+(?:it |that )?should be ",
        rf"\b{_ONE} should(?: really| actually)? be ",
        rf"\b(?:change|swap|replace) {_ONE} (?:to|for|with|by) ",
        rf"\b(?:take out|remove|drop) {_ONE},? (?:and )?(?:put|add|use)(?: in)? ",
    )
)
"""One source in another's place: "not Zillow, Realtor.com"."""
_LONGEST = 5
"""Words of a source that is on no list."""


@dataclass
class _Listed:
    """What a list of sources holds: values of ours, values that are not meant, names on no list."""

    named: list[str]
    denied: set[str]
    others: list[str]


def sources_in(text: str, view: View) -> tuple[list[Event], str]:
    """(the sources that some clauses name, the words that are about something else)."""
    asked = _asked(view)
    ours: list[str] = []
    rest: list[str] = []
    for part in (p for s in sentences(text) for p in ([s] if asked or _swapped(s, view) else _apart(s))):
        topics = speaks_of(part)
        about = asked and (not topics or SOURCES in topics)
        other = asks(part) or (asked and not about and speaks_of(part, SURER))  # "and four of us, 3 agents"
        (ours if not other and (about or sources_told(part, view)) else rest).append(part.strip(" ,"))
    told = sources_told(" ".join(ours), view) if ours else []
    return (told, " ".join(rest)) if told else ([], text)


def _apart(sentence: str) -> list[str]:
    """Clauses by what they are about; the CRM, which may be one of the names here, always for itself."""
    parts = by_topic(sentence)
    return [p for part in parts for p in (re.split(r",\s+", part) if _CRM.search(part) else [part])]


def _asked(view: View) -> bool:
    return view.state.awaiting.slots == [SOURCES] and view.state.awaiting.kind in ("ask", "offer", "confirm")


def sources_told(text: str, view: View) -> list[Event]:
    """Sources named: beside a yes or "also" they come to those there are; names on no list are kept."""
    waiting = view.state.awaiting
    asked = _asked(view)
    choices = view.choices(view.flow.slots[SOURCES])
    refused = exact_matches(text, choices, denied=True) or _swapped(text, view)
    named = exact_matches(text, choices) or _off(text, view)
    meant = bool(named) or _MORE.search(text) is not None
    summary = waiting.kind == "summary" and waiting.step == STEP and meant
    known = view.state.peek(SOURCES).counts
    held = [n for n in str(view.state.best().get(OTHER_SOURCES) or "").split(", ") if n]
    again = any(n.lower() in text.lower() for n in held)
    about = known and bool(again or refused or SOURCES in speaks_of(text) or _ABOUT.search(text))
    if asks(text) or _CRM.search(text) or not (asked or summary or about):
        return []
    sign, rest = split_polarity(text)
    words = _BUT_FOR.sub("", rest if sign is not None else text)
    if not any(c.isalnum() for c in words):
        return []
    beside = sign == "yes" and _MORE_BEHIND.match(text) is not None
    adding = bool(about) and _MORE.search(text) is not None
    listed = _listed(words, view, surely=asked or summary or beside or adding)
    off = [n for n in held if _DROPS.search(words) and n.lower() in words.lower()]
    if not (listed.named or listed.others or off or (listed.denied and not asked)):
        return []
    adds = (not asked or sign == "yes" or _MORE.search(words) is not None) and not _ONLY.search(words)
    slot = view.state.peek(SOURCES)
    had = (slot.offer or (slot.proposal if slot.pending else slot.value) or []) if adds or off else []
    others = [n for n in dict.fromkeys([*(held if adds or off else []), *listed.others]) if n not in off]
    return _events({*had, *listed.named} - listed.denied, others, listed, view, asked=asked)


def _events(chosen: set[str], others: list[str], listed: _Listed, view: View, *, asked: bool) -> list[Event]:
    chosen = (chosen - {OTHER}) | ({OTHER} if others or OTHER in listed.named else set())
    value = [c.value for c in view.choices(view.flow.slots[SOURCES]) if c.value in chosen]
    reading = Reading(value=value)
    told: list[Event] = [acts.Answer(SOURCES, reading) if asked else acts.Fix(SOURCES, reading)]
    if listed.others and view.channel == "voice":
        told.insert(0, acts.Aside("sources_by_name", {"names": " and ".join(listed.others)}, stays=False))
    if others:
        told.append(acts.Answer(OTHER_SOURCES, Reading(value=", ".join(others)), volunteered=True))
    return told


def _swapped(words: str, view: View) -> re.Match[str] | None:
    """Where one of our sources gives way to another."""
    choices = view.choices(view.flow.slots[SOURCES])
    found = (form.search(words) for form in _SWAPS)
    return next((m for m in found if m and exact_matches(m["old"], choices)), None)


def _off(words: str, view: View) -> set[str]:
    """The sources of our list that are taken off ("take out Zillow", "the website is wrong")."""
    choices = view.choices(view.flow.slots[SOURCES])
    off: list[str] = []
    for part in _STRETCH.split(words):
        if _MORE.search(part):
            continue
        drops, amiss = _DROPS.search(part), _AMISS.search(part)
        off += [part[: amiss.start()]] if amiss else [part[drops.start() :]] if drops else []
    return {
        m.value
        for part in off
        for denied in (True, False)
        for m in exact_matches(part, choices, denied=denied)
    }


def _listed(words: str, view: View, *, surely: bool) -> _Listed:
    """Each part of a list for itself; ``surely``: whatever is named in it is a source."""
    choices = view.choices(view.flow.slots[SOURCES])
    if swap := _swapped(words, view):
        denied, words, surely = set(_ours(swap["old"], swap["old"], choices)), swap["new"], True
    else:
        denied = {m.value for m in exact_matches(words, choices, denied=True)} | _off(words, view)
    found = _Listed([], denied, [])
    for part in _LISTING.split(words):
        name = _TAIL.sub("", _LEAD_IN.sub("", part)).strip(" .!\"'")
        values = _ours(name, part, choices)
        if swap and set(values) <= denied:
            values = []  # Trulia is one of Zillow's names: here it is its own
        found.named += [v for v in values if v not in denied]
        if not values and (swap or not denied) and name and (called := _by_name(name, surely)):
            found.others.append(called)
    if not (surely and found.named) and len(found.others) == 1 and not surely:
        found.others = [n for n in found.others if n != n.lower() or "." in n]
    return found


def _ours(name: str, part: str, choices: Sequence[Choice]) -> list[str]:
    """The sources of our list that a part names."""
    domain = _DOMAIN.search(part)
    if exact := exact_matches(domain.group() if domain else part, choices):
        return [match.value for match in exact]
    near = [] if domain or not name else close_matches(name, choices, NEARLY)
    return [match.value for match in near][:1]


def _by_name(name: str, surely: bool) -> str:
    """A source by the name it is given; "" for words that name none."""
    if domain := _DOMAIN.search(name):
        return domain.group()
    tokens = name.lower().split()
    if (
        not 0 < len(tokens) <= _LONGEST
        or set(tokens) & word_list("no_brand")
        or len(name) < 3
        or _CLAUSE.search(name)
    ):
        return ""
    return name if surely or name != name.lower() else ""
