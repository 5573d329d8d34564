"""Which words of a Spanish sentence are English names, and are said as such: "Lakewood", "Summit Realty".

Heard by a recogniser, "Lakewood" read by Spanish rules was "la que bode". A list of what addresses, firms and
mail are made of, and spellings that Spanish does not have; a capital beside such a word goes with it.
"""

from __future__ import annotations

import re
from typing import Final

_KNOWN: Final = frozenset({
    "avenue", "boulevard", "brokers", "cedar", "cherry", "circle", "court", "creek", "drive", "east",
    "elm", "email", "estate", "estates", "falls", "first", "florida", "gmail", "group", "grove", "heights",
    "highway", "hill", "hills", "home", "homes", "hotmail", "house", "houses", "icloud", "james", "jane",
    "jean", "joe", "john", "lake", "lane", "link", "main", "maple", "mary", "michael", "mike", "new",
    "north", "oak", "outlook", "park", "parkway", "pine", "place", "properties", "property", "realty",
    "ridge", "river", "road", "south", "spring", "springs", "square", "steve", "street", "summit", "team",
    "terrace", "texas", "trail", "valley", "way", "west", "yahoo", "york",
})  # fmt: skip
_ALWAYS: Final = frozenset({"gmail", "hotmail", "outlook", "icloud", "email"})
"""Without a capital too."""
_SHAPE: Final = re.compile(
    r"[kw]|oo|ee|sh|th|ph|ck|tt|mm|pp|ff|ss|dd|gg|bb|ll$|ea|ou|igh|[bcdfgjklmpqrtvxz][bcdfghjklmnpqrstvwxz]$"
    r"|[bcdfghjklmnpqrstvwxz]y$|[bcfgjmpqtv]$",
    re.IGNORECASE,
)
"""Spellings that no Spanish word or name has (but for a few from elsewhere)."""
_WORD: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'’]*")


def runs(sentence: str) -> list[tuple[str, bool]]:
    """The sentence in stretches, and whether each is English; nothing of it is lost."""
    words = list(_WORD.finditer(sentence))
    english = [_english(m[0]) for m in words]
    capital = [m[0][0].isupper() and n > 0 for n, m in enumerate(words)]
    for _ in words:
        grown = [
            known
            or (
                capital[n]
                and (_beside(sentence, words, english, n, -1) or _beside(sentence, words, english, n, 1))
            )
            for n, known in enumerate(english)
        ]
        if grown == english:
            break
        english = grown
    found: list[tuple[str, bool]] = []
    at = 0
    for n, match in enumerate(words):
        if not english[n]:
            continue
        joined = found and found[-1][1] and not sentence[at : match.start()].strip()
        if joined:
            found[-1] = (f"{found[-1][0]}{sentence[at : match.end()]}", True)
        else:
            if match.start() > at:
                found.append((sentence[at : match.start()], False))
            found.append((match[0], True))
        at = match.end()
    if at < len(sentence):
        found.append((sentence[at:], False))
    return found


def _english(word: str) -> bool:
    low, capital = word.lower(), word[0].isupper()
    if low in _KNOWN:
        return capital or low in _ALWAYS
    return capital and len(word) > 2 and word.isascii() and _SHAPE.search(word) is not None


def _beside(sentence: str, words: list[re.Match[str]], english: list[bool], n: int, step: int) -> bool:
    other = n + step
    if not 0 <= other < len(words) or not english[other] or not words[other][0][0].isupper():
        return False
    first, last = sorted((n, other))
    return sentence[words[first].end() : words[last].start()] == " "
