"""Place names in a sentence: by their capitals, or by what is left when all other words are taken off.

No gazetteer: a name is known by how it is written and by the words that are never part of one
(``data/areas.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from agent.understanding.digits import runs
from agent.understanding.numbers import fold
from agent.understanding.wordlists import word_list
from policies.regions import states

MOST = 10
"""The most places that are kept."""

_DATA = Path(__file__).parent / "data" / "areas.yaml"
_WORD = re.compile(r"[^\W_][\w'’.&-]*[^\W_]|[^\W_]")
_BREAK = re.compile(r"(?<!\bSt)(?<!\bMt)(?<!\bFt)[.!?;:]+(?=\s|$)|\n|\.(?=[A-Z])")
_LINK = re.compile(r"(?<!\s)\s*(?:,|/|;|&|\bor\b|\band\b|\bplus\b|\bas well as\b|\bbut also\b)\s*")
HASTE = frozenset(
    {
        "asap",
        "please",
        "pls",
        "plz",
        "thanks",
        "thx",
        "maybe",
        "preferably",
        "too",
        "now",
        "urgently",
        "immediately",
        "max",
        "tops",
    }
)
"""What may follow a place at the end of a part and is none of it."""
_GOING = frozenset(
    [
        "move",
        "moving",
        "relocate",
        "relocating",
        "relocation",
        "transfer",
        "transferring",
        "close",
        "closer",
        "closest",
        "near",
        "next",
        "over",
        "out",
        "up",
        "down",
        "go",
        "going",
        "come",
        "coming",
        "drive",
        "commute",
        "commuting",
        "back",
        "home",
        "head",
        "heading",
    ]
)
"""Before "to" and a place; behind any other word "to" leads to a verb ("need to cancel")."""
_SMALL = {"of", "de", "del", "la", "las", "los", "el", "the", "on", "by"}


@cache
def area_words(name: str) -> frozenset[str]:
    """One word list of ``data/areas.yaml``."""
    return frozenset(yaml.safe_load(_DATA.read_text(encoding="utf-8"))[name].split())


@cache
def _state_names() -> frozenset[str]:
    return frozenset(state.name.lower() for state in states().values()) | frozenset(
        code.lower() for code in states()
    )


class _Tokens:
    """The words of one clause with their places and whether they are written like a name."""

    def __init__(self, text: str, start: int, end: int):
        self.text = text
        self.items = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text, start, end)]

    def low(self, i: int) -> str:
        return re.sub(r"'s$", "", fold(self.items[i][0])).strip(".") if 0 <= i < len(self.items) else ""

    def named(self, i: int) -> bool:
        """A capital or a zip code that is no ordinary word; "New" counts only before another capital."""
        if not 0 <= i < len(self.items):
            return False
        word, low = self.items[i][0], self.low(i)
        if re.fullmatch(r"\d{5}", word):
            return True
        if re.match(r"(?:d|l|o)['’][A-Z]", word):
            return True
        if not word[:1].isupper() or (word.isupper() and len(word) == 1):
            return False
        if low in area_words("never") or low in area_words("people") or low in area_words("generic"):
            # "New Haven", "Big Bear", "White Plains", "Park City": a name goes on in capitals
            more = i + 1 < len(self.items) and self.items[i + 1][0][:1].isupper() and self.joined(i + 1)
            soft = low in area_words("soft")
            return soft and more and self.low(i + 1) not in area_words("generic") | area_words("never")
        return True

    def joined(self, i: int) -> bool:
        """Whether only a space stands before the word ("St. Louis" too)."""
        if not 0 < i < len(self.items):
            return False
        gap = self.text[self.items[i - 1][2] : self.items[i][1]]
        return gap.strip(" -") == "" or (gap == ". " and self.low(i - 1) in {"st", "mt", "ft"})

    def run(self, i: int) -> int:
        """End of the name that begins at word ``i``."""
        if re.fullmatch(r"\d{5}", self.items[i][0]):
            return i + 1
        j = i + 1
        while j < len(self.items) and j - i < 6 and self.joined(j):
            if self.named(j) and not self.items[j][0].isdigit():
                j += 1
            elif (
                self.low(j) in _SMALL
                and self.items[j][0].islower()
                and self.joined(j + 1)
                and self.named(j + 1)
            ):
                j += 2
            elif (
                j == i + 1 and self.low(i) in area_words("halves") and self.low(j) not in area_words("never")
            ):
                j += 1  # "San jose"
            else:
                break
        while j < len(self.items) and self.joined(j) and self.low(j) in area_words("tails") and j - i < 6:
            j += 1
        return j

    def belongs(self, i: int, j: int) -> bool:
        """Whether an ordinary word in capitals is the first half of a name that is none without: "Hope Park"."""
        if i < 0 or j != i + 2 or not self.joined(i + 1) or self.low(i + 1) not in area_words("tails"):
            return False
        return (
            self.items[i][0][:1].isupper() and len(self.low(i)) > 2 and self.low(i) not in area_words("intro")
        )

    def name(self, i: int, j: int) -> str:
        text = self.text[self.items[i][1] : self.items[j - 1][2]]
        return re.sub(r"['’]s$", "", re.sub(r"\s+", " ", text)).strip(" .")


def clauses(text: str) -> list[tuple[int, int]]:
    """The spans between sentence marks; "St." ends no sentence."""
    spans, at = [], 0
    for mark in _BREAK.finditer(text):
        spans.append((at, mark.start()))
        at = mark.end()
    return [*spans, (at, len(text))]


def written_names(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """The names in capitals and the zip codes within one clause."""
    tokens = _Tokens(text, start, end)
    found: list[tuple[str, int, int]] = []
    i = 0
    while i < len(tokens.items):
        first = i
        if tokens.low(i) in area_words("leads") and tokens.joined(i + 1) and tokens.named(i + 1):
            i += 1  # "downtown Denver", "north Boulder"
        if not tokens.named(i):
            i = first + 1
            continue
        j = tokens.run(i)
        if first == i and tokens.belongs(i - 1, j):
            first -= 1
        name = tokens.name(first, j)
        before = text[found[-1][2] : tokens.items[first][1]] if found else ""
        if found and name.lower() in _state_names() and re.fullmatch(r"\s*,?\s*", before):
            found[-1] = (
                found[-1][0],
                found[-1][1],
                tokens.items[j - 1][2],
            )  # "Denver, Colorado" is one place
        else:
            found.append((name, tokens.items[first][1], tokens.items[j - 1][2]))
        i = j
    return found


def small_names(
    text: str, start: int, end: int, *, strict: bool = False, pure: bool = False
) -> list[tuple[str, int, int]]:
    """Names in small letters: what is left of each part of a list when carrier words are taken off.

    ``strict`` wants the beginning of a well-known kind of name ("san ..."), ``pure`` nothing else in the part.
    """
    found = []
    at = start
    marks = [*_LINK.finditer(fold(text), start, end), None]
    for mark in marks:
        stop = mark.start() if mark else end
        tokens = _Tokens(text, at, stop)
        words = [tokens.low(i) for i in range(len(tokens.items))]
        # the longest tail of the part without an ordinary word, then without a generic one at its end
        last = len(words)
        while last and (words[last - 1] in area_words("generic") or words[last - 1] in HASTE):
            last -= 1
        first = last
        while first and words[first - 1] not in area_words("never"):
            first -= 1
        name = words[first:last]
        plain = [w for w in name if w not in area_words("generic") | area_words("people") | _SMALL]
        before = next((w for w in reversed(words[:first]) if w not in {"the", "a"}), "")
        led = first == 0 or before in area_words("intro")
        good = bool(plain) and len(name) <= 4 and led and re.search(r"[^\W\d_]{3}|^\d{5}$", " ".join(plain))
        if good and pure and first:
            good = False
        if good and (ordinary(name) or (before == "to" and first > 1 and words[first - 2] not in _GOING)):
            good = False
        if good and strict and name[0] not in area_words("starts"):
            good = False
        if good and (len(plain) == len([w for w in name if w not in _SMALL]) or strict):
            while name and name[0] in {"the", "of"}:
                name, first = name[1:], first + 1
            found.append((_capitals(" ".join(name)), tokens.items[first][1], tokens.items[last - 1][2]))
        at = mark.end() if mark else end
    return found


def ordinary(words: Sequence[str]) -> bool:
    """Whether words in small letters are ordinary talk, or hold a number that is no zip code: no place."""
    told = [w for w in words if w not in area_words("generic") | area_words("leads") | _SMALL]
    return (bool(told) and all(w in word_list("everyday") for w in told)) or any(
        re.search(r"\d", w) and not re.fullmatch(r"\d{5}|\d+(?:st|nd|rd|th)", w) for w in told
    )


def _capitals(name: str) -> str:
    return " ".join(w if w in _SMALL and i else w[:1].upper() + w[1:] for i, w in enumerate(name.split()))


def unique(names: Sequence[str]) -> list[str]:
    """The names without doubles, in order, at most ``MOST``; the first spelling stays."""
    return list({name.lower(): name for name in reversed(names)}.values())[::-1][:MOST]


def with_zips(text: str) -> str:
    """Spoken zip codes written out, all else in place."""
    for run in reversed(runs(text)):
        if len(run.digits) == 5:
            text = f"{text[: run.start]}{run.digits}{text[run.end :]}"
    return text
