"""What a lead tells that no slot holds, and an agent would write down: kept in the lead's own words (A047, A092).

"I have a voucher from the housing authority", "my brother and I own it half and half", "must identify by Dec 20".
A part of a sentence is one where words are left over once everything is taken out of it that the form knows: its
values, what its questions and choices are made of, days and hours, courtesies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agent.form import order
from agent.understanding.commands import find_command
from agent.understanding.messages import telling_words
from agent.understanding.remains import without_person
from agent.understanding.sentences import asks, farewell, requests, sentences
from agent.understanding.wordlists import word_set
from policies.scrub import scrub

if TYPE_CHECKING:
    from agent.understanding.view import View

LEAST = 2
"""Words left over from which a sentence tells something ..."""
_HOLDS = re.compile(
    r"\b(?:i|we|it|he|she|they|my|our|there)(?:'s|'m|'re|'ve)?\b.*?\b(?:have|has|had|got|own|owe|need|under|(?:is|'s) in|with|on (?:it|the))\b"
    r"|\bthere'?s\b|\bi'?m an?\b",
    re.IGNORECASE,
)
""" "It's in probate", "we have tenants": one will do where something is had, owed or needed ..."""
_TASK = re.compile(
    r"\bplease (?:have|ask|tell|find|make|check|let|bring|note)\b|\bhave (?:someone|somebody|her|him|them|the agent)\b"
    r"|\bmake sure\b|\bfind out\b|\b(?:let|tell) (?:him|her|them|the agent)\b|\bcheck (?:if|whether|on)\b",
    re.IGNORECASE,
)
"""... and where somebody is to do something."""
LONGEST = 300
"""Characters of a sentence that is kept."""
_KNOWN_TYPES = frozenset(
    {"errand", "integer", "money_range", "timeline", "choice", "yes_no", "representation", "address"}
)
"""Types of slots whose labels, cues and choices are the words of an answer."""
_ORDINARY = word_set(
    "house houses home homes place places condo condos apartment apartments townhouse townhome property properties unit rental "
    "listing listings buy buying sell selling rent renting lease look looking search searching find finding interested see seeing "
    "saw view viewing tour touring visit visiting show showing come coming go going meet meeting book booking schedule set reach "
    "text texts texting email mail e-mail answer pick "
    "time times today tonight tomorrow week weeks weekend weekends month months year years january february march april may june july "
    "august september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday "
    "thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun spring summer fall winter noon am pm early late "
    "later soon earlier before after around until till between next first second third either other another "
    "one two three four five six seven eight nine ten eleven twelve hundred thousand million percent "
    "works work perfect awesome wonderful nice lovely love glad happy ready welcome amazing excellent correct exactly "
    "told said asked mentioned listening already yet still hear heard understand wait hold lol haha omg wow dear honey "
    "don't didn't doesn't isn't can't won't nothing everything anything none any whatever whichever maybe probably possibly "
    "info information details options option new big nice kind sort bit lot lots okay alright sounds real estate idea"
)
_SEARCHES = re.compile(
    r"\b(?:find|show|look|search|send me|get me|help|recommend|suggest|have|got|any|buy|rent|sell|list)\b",
    re.IGNORECASE,
)
"""Requests that going on with the form meets."""
_PART = re.compile(r"(?<=[,;])\s+|\s+(?=(?:but|and also|plus|so)\b)", re.IGNORECASE)
_CLOCK = re.compile(
    r"\b(?:at|around|about|by|after|before|until|till?) \d{1,2}(?::\d\d)?\b|\b\d{1,2}:\d\d\b|\b\d{1,2} ?[ap]\.?m\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|yo|thanks|ok(?:ay)?|well|so|and|also|but|oh)\b[\s,!.]*)+", re.I
)


def details(text: str, view: View, values: Mapping[str, Any]) -> list[str]:
    """The parts of an utterance that tell what no slot holds, as they were said.

    ``values``: what the form knows by slot, these words taken in.
    """
    return [words for sentence, words in _telling(text, view, values) if not _is_favor(sentence)]


def favors(text: str, view: View, values: Mapping[str, Any]) -> list[str]:
    """The sentences that ask for something only a person can do ("can my brother join by phone?")."""
    return [sentence for sentence, _ in _telling(text, view, values) if _is_favor(sentence)]


def _is_favor(sentence: str) -> bool:
    return asks(sentence) and requests(sentence) and _SEARCHES.search(sentence) is None


def _telling(text: str, view: View, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The sentences in which words are left over, each with its part that holds them; no question is one."""
    known = _words_of_form(view, values) | _words_of(values.values())
    for sentence in sentences(text):
        question = asks(sentence) and not (requests(sentence) or _TASK.search(sentence))
        if question or find_command(sentence) or farewell(sentence):
            continue
        parts = _PART.split(scrub(without_person(sentence, view)))
        left = [len(_left_over(_CLOCK.sub(" ", part), known)) for part in parts]
        least = 1 if _HOLDS.search(sentence) or _TASK.search(sentence) else LEAST
        if sum(left) < least:
            continue
        telling = [n for n, count in enumerate(left) if count]
        words = " ".join(parts[telling[0] : telling[-1] + 1])
        yield sentence, _GREETING.sub("", words).strip(" ,;.")[:LONGEST]


def adds(detail: str, held: str) -> bool:
    """Whether a detail says what is not written down yet."""
    return bool(telling_words(detail) - telling_words(held))


def ranges(text: str, counts: Mapping[str, int]) -> list[str]:
    """Numbers of which the first or the least is kept ("2 or 3 bedrooms"); ``counts``: by what is counted."""
    found = [(m.group(), _count(m["first"]), _count(m["last"])) for m in _RANGE.finditer(text)]
    return [
        f"{words} {label}"
        for label, least in counts.items()
        for words, first, last in found
        if first == least < last
    ]


_COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ONE = rf"(?:\d{{1,2}}|{'|'.join(_COUNTS)})"
_RANGE = re.compile(rf"\b(?P<first>{_ONE})(?: (?:or|to|maybe) | ?[-–] ?)(?P<last>{_ONE})\b", re.IGNORECASE)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS.index(word.lower())


def _left_over(part: str, known: frozenset[str]) -> set[str]:
    words = telling_words(part) | set(re.findall(r"\b\d\b", part))
    return {w for w in words if w not in known and not (w[:-1] in known and w.endswith("s"))}


def _words_of_form(view: View, values: Mapping[str, Any]) -> frozenset[str]:
    """The words that the questions this caller may be asked are answered with, where those are closed."""
    words: set[str] = set(_ORDINARY)
    for name in order.in_play(view.flow, view.state, values):
        spec = view.flow.slots[name]
        if spec.type in _KNOWN_TYPES and order.applies(spec.when, view.state):
            said = [spec.label, *spec.cues, *(w for c in spec.choices for w in (c.label, *c.also))]
            words |= {w for phrase in said for w in re.findall(r"[\w'’-]+", phrase.lower())}
    return frozenset(words)


def _words_of(values: Iterable[Any]) -> frozenset[str]:
    """The words and figures of values; a sum also as people say it ("410", "1.2" of 1,200,000)."""
    words: set[str] = set()
    for value in values:
        for item in (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
        ):
            if isinstance(item, int | float) and not isinstance(item, bool):
                words |= {f"{item / unit:g}{mark}" for unit in (1, 1e3, 1e6) for mark in ("", "k", "m")}
            else:
                words |= set(re.findall(r"[\w'’-]+", str(item).lower()))
    return frozenset(words)
