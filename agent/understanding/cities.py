"""Cities that tell the state they are in ("Omaha", "out of Boise"); a name that several states share tells none."""

from __future__ import annotations

import re

from agent.understanding.numbers import fold
from agent.understanding.passing import known_first
from agent.understanding.places import Place
from policies.towns import states_of_cities

_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_SAID_OF = re.compile(
    r"\b(?:in|around|near|out of|calling from|across|cover(?:ing)?|serv(?:e|ing)|do|work)\s+(?:the )?$"
)
_BEHIND = re.compile(r"(?:[,;.]|\band)\s*$")
_ENDS = re.compile(r"\s*(?:[,;.!?]|$|and\b|but\b|area\b|metro\b|called\b|named\b|with\b)")
LONGEST = 4
"""Words of a name."""


def find_cities(text: str, *, asked: bool = False) -> list[Place]:
    """Where a text names such cities. Unless they were ``asked`` for they must stand like a place: behind a
    preposition, or as a clause of their own; a city that is also a first name only behind a preposition.
    """
    folded, known = fold(text), states_of_cities()
    words = list(_WORD.finditer(folded))
    found: list[Place] = []
    at = 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + size - 1].end()
            name = re.sub(r"[\s.]+", " ", folded[start:end])
            if name in known and (asked or _stands_alone(folded, start, end, name)):
                found.append(Place((known[name],), start, end))
                at += size
                break
        else:
            at += 1
    return found


def _stands_alone(folded: str, start: int, end: int, name: str) -> bool:
    before = folded[:start]
    if not _ENDS.match(folded, end):
        return False
    return bool(_SAID_OF.search(before) or (_BEHIND.search(before) and not known_first(name.split()[0])))
