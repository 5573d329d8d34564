"""Where a sentence that says more than a name names a firm: "we're twelve at Redwood Crest Realty in Sacramento".

A firm is known by a word that firms are made of ("Realty", mistyped ones too) or by its brand; the name goes
left over the words that are written like one. No name is known or unknown because of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from agent.understanding.wordlists import DATA, word_list

_WORD = re.compile(r"[^\W_](?:[\w'’./+-]*[^\W_])?|&|\+")
_BREAK = re.compile(
    r"(?<!\bSt)(?<!\bInc)(?<!\bCo)[.!?;:\n]+(?=\s|$)|\n|\s[-–—]+\s|,(?!\s*(?:llc|inc|ltd|llp)\b)", re.I
)
WEAK = frozenset(
    [
        "team",
        "group",
        "agency",
        "office",
        "offices",
        "firm",
        "company",
        "brokerage",
        "broker",
        "brokers",
        "network",
        "management",
        "collective",
        "development",
        "services",
        "commercial",
        "residential",
        "international",
        "housing",
        "lending",
        "mortgage",
        "consulting",
        "advisors",
        "solutions",
        "corporation",
        "property",
        "estate",
        "estates",
        "partnership",
        "enterprises",
        "holdings",
        "ventures",
        "investments",
    ]
)
"""Words that are also said of a firm without naming it ("a team of twelve", "our office")."""
_STRONG_TYPED = ("realty", "realtors", "properties", "homes", "brokerage", "associates", "property", "estate")
_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "at",
        "in",
        "on",
        "of",
        "from",
        "for",
        "with",
        "by",
        "to",
        "and",
        "or",
        "but",
        "so",
        "just",
        "me",
        "my",
        "our",
        "your",
        "we",
        "i",
        "it",
        "its",
        "it's",
        "we're",
        "i'm",
        "im",
        "were",
        "called",
        "named",
        "name",
        "names",
        "name's",
        "this",
        "that",
        "these",
        "those",
        "here",
        "hi",
        "hello",
        "hey",
        "yes",
        "yeah",
        "no",
        "ok",
        "okay",
        "well",
        "fine",
        "good",
        "morning",
        "afternoon",
        "evening",
        "please",
        "thanks",
        "thank",
        "you",
        "run",
        "own",
        "work",
        "calling",
        "company",
        "business",
        "brokerage",
        "firm",
        "office",
        "agency",
        "sorry",
        "typo",
        "sry",
        "not",
        "actually",
        "only",
        "use",
        "used",
        "with",
        "real",
        "renamed",
        "became",
        "call",
        "us",
        "as",
        "hola",
        "mi",
        "compañía",
        "compania",
        "empresa",
        "se",
        "llama",
        "llamamos",
        "es",
        "somos",
        "soy",
        "la",
        "el",
        "un",
        "una",
        "en",
        "de",
        "con",
        "el",
        "nombre",
        "correct",
        "should",
        "wait",
        "oh",
        "um",
        "uh",
        "dear",
        "told",
        "said",
        "say",
    ]
)
_OPENERS = _STOP - {"the", "real", "good"}
_FORMER = re.compile(
    r"\b(?:used to be|formerly|not|no longer|previously|instead of|left|before (?:that )?(?:we|it) (?:was|were)|was|were)\s*$",
    re.I,
)
_NOW = re.compile(
    r"\b(?:renamed|now|called|named|changed (?:it|the name)? ?to|name is|became)\b[^,.;]{0,20}$", re.I
)
_TALKS, _SOLD = frozenset(("we", "i", "we're", "i'm", "to", "you", "they", "and")), ("homes", "properties")
""" "We sell homes" names nobody."""
_COUNTS = frozenset(
    ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "few", "many", "both"]
)
""" "We're two partners" names nobody."""
_TAIL = frozenset(
    [
        "llc",
        "inc",
        "inc.",
        "ltd",
        "llp",
        "pllc",
        "corp",
        "group",
        "team",
        "partners",
        "associates",
        "properties",
        "homes",
        "realty",
    ]
)


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm's name as it stands in a text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _brands() -> tuple[re.Pattern[str], ...]:
    lines = (DATA / "brands.txt").read_text(encoding="utf-8").splitlines()
    names = [re.findall(r"\w+", line) for line in lines if line.strip() and not line.startswith("#")]
    return tuple(
        re.compile(r"\b" + r"[\W_]*".join(map(re.escape, words)) + r"\b", re.I)
        for words in names
        if len("".join(words)) > 4 and not all(w.lower() in word_list("org_words") for w in words)
    )


def firm_word(word: str) -> bool:
    """Whether firms are called so; a letter may be missing, doubled or swapped ("Relty", "Reatly")."""
    low = word.lower().strip(".")
    if low in word_list("org_words"):
        return True
    return len(low) > 4 and any(low[0] == w[0] and OSA.distance(low, w) == 1 for w in _STRONG_TYPED)


def mended(name: str) -> str | None:
    """The name with its mistyped firm's words put right ("Suny Side Relty" -> "Suny Side Realty"), or None."""
    words = name.split()
    for i, word in enumerate(words):
        low = word.lower().strip(".")
        if i and low not in word_list("org_words") and firm_word(low):
            right = next(w for w in _STRONG_TYPED if low[0] == w[0] and OSA.distance(low, w) == 1)
            words[i] = right.title() if word[:1].isupper() else right
    return " ".join(words) if words != name.split() else None


def firms_in(text: str) -> list[Firm]:
    """Every firm that is named, in order; former names are left out where a present one stands."""
    found: list[Firm] = []
    at = 0
    for stop in [*_BREAK.finditer(text), None]:
        end = stop.start() if stop else len(text)
        found += _in_clause(text, at, end)
        at = stop.end() if stop else end
    present = [f for f in found if not _FORMER.search(text[: f.start])]
    present = present or found
    named = [f for f in present if _NOW.search(text[: f.start])]
    return named + [f for f in present if f not in named]


def _in_clause(text: str, start: int, end: int) -> list[Firm]:
    words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text, start, end)]
    found: list[Firm] = []
    i = 0
    while i < len(words):
        brand = next((m for p in _brands() if (m := p.match(text, words[i][1], end))), None)
        if brand is not None:
            last = i
            while last + 1 < len(words) and words[last][2] < brand.end():
                last += 1
            while last + 1 < len(words) and _goes_on(words, last + 1):
                last += 1
            found.append(_firm(text, words, i, last))
            i = last + 1
            continue
        if firm_word(words[i][0]) and words[i][0].lower() not in _STOP - {"real", *WEAK}:
            last = i
            while last + 1 < len(words) and (
                firm_word(words[last + 1][0]) and _written(words, last, last + 1)
            ):
                last += 1
            first = _leftmost(words, i)
            cased = any(w[:1].isupper() for w, _, _ in words[first : last + 1])
            own = [w for w, _, _ in words[first:i] if w.lower() not in _STOP | _COUNTS and w not in "&+"]
            weak = all(w.lower() in WEAK for w, _, _ in words[i : last + 1])
            talk = not cased and first and words[first - 1][0].lower() in _TALKS and words[i][0] in _SOLD
            if own and not talk and not (weak and (not cased or not words[i][0][:1].isupper())):
                found.append(_firm(text, words, first, last))
                i = last
        i += 1
    return found


def _written(words: list[tuple[str, int, int]], a: int, b: int) -> bool:
    """Whether two words are written alike: "Home Group", and not "Realty group"."""
    return words[a][0][:1].isupper() == words[b][0][:1].isupper() or words[b][0].lower() in _TAIL


def _goes_on(words: list[tuple[str, int, int]], i: int) -> bool:
    word = words[i][0]
    return (word[:1].isupper() or word[:1].isdigit()) and word.lower() not in _STOP and len(word) > 1


def _leftmost(words: list[tuple[str, int, int]], i: int) -> int:
    """Where the name begins whose firm's word is ``i``."""
    cased = words[i][0][:1].isupper()
    first = i
    while first and i - first < 6:
        word = words[first - 1][0]
        low = word.lower()
        if (
            low in ("&", "+", "and", "of", "real")
            and first > 1
            and (low == "real" or _named(words, first - 2, cased))
        ):
            first -= 1 if low == "real" else 2
        elif _named(words, first - 1, cased) or (low == "the" and word[0].isupper() and first - 1 > 0):
            first -= 1
        else:
            break
    return first


def _named(words: list[tuple[str, int, int]], i: int, cased: bool) -> bool:
    word = words[i][0]
    if word.lower() in (_OPENERS if cased else _STOP):
        return False
    return word[:1].isupper() or word[:1].isdigit() if cased else word.lower() not in word_list("everyday")


def _firm(text: str, words: list[tuple[str, int, int]], first: int, last: int) -> Firm:
    return Firm(text[words[first][1] : words[last][2]], words[first][1], words[last][2])
