"""Spelled input: "M B A R T, underscore, two", "N as in Nancy", "alpha bravo", "double l", "MBART".

``decode`` turns words into units (letters, digits, symbols, whole words); people mix all four.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from agent.understanding.fillers import LONGEST, strip_opening
from agent.understanding.homophones import settle
from agent.understanding.letters import confusable
from agent.understanding.tokens import fold, tokenize

Kind = Literal["letter", "digit", "symbol", "word"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of what was spelled; ``text`` is lower case for letters, as heard for words.

    ``start``/``end`` are positions in the decoded text; ``upper`` that a capital was asked for;
    ``sure`` that the letter was given with a word ("N as in Nancy") or by the radio alphabet.
    """

    text: str
    kind: Kind
    start: int
    end: int
    upper: bool = False
    sure: bool = False


def decode(text: str, *, spelled: bool = False) -> list[Unit]:
    """Read a text as spelled letters, digits, symbols and words, in order.

    Homophones ("be", "are", "to") become letters or digits only beside others; with ``spelled``
    (the caller was asked to spell) a text of nothing but homophones counts as letters too.
    Spoken symbols become their character, "at" becomes "@". Never raises; unknown signs are dropped.
    """
    return list(_decoded(text[:LONGEST], spelled))


@lru_cache(maxsize=256)
def _decoded(text: str, spelled: bool) -> tuple[Unit, ...]:
    """Cached because every slot of a form looks at the same few sentences."""
    tokens = fold(tokenize(text))
    settle(tokens, spelled)
    units: list[Unit] = []
    for token in tokens:
        if token.kind in ("letter", "caps"):
            units.append(Unit(token.char, "letter", token.start, token.end, token.upper, token.sure))
        elif token.kind == "digit":
            units.append(Unit(token.char, "digit", token.start, token.end))
        elif token.kind == "symbol":
            units.append(Unit(token.char, "symbol", token.start, token.end))
        elif token.kind == "word":
            units.append(Unit(token.text, "word", token.start, token.end))
    return tuple(units)


def join(units: Sequence[Unit]) -> str:
    """The units run together in lower case: what an e-mail user part or a web host is made of."""
    return "".join(unit.text for unit in units).lower()


def respell(units: Sequence[Unit]) -> list[Unit]:
    """Where a word is followed by its own spelling, keep the spelling: "Lopez, L O P E S" -> "lopes".

    The spelling wins because it is the more deliberate of the two. Two words spelled as one
    ("oak hill O A K H I L L") count too.
    """
    result: list[Unit] = []
    i = 0
    while i < len(units):
        j = i
        while j < len(units) and units[j].kind == "letter":
            j += 1
        run = list(units[i:j])
        spelled = "".join(u.text for u in run)
        if len(spelled) >= 3:
            best, size = 0.0, 0
            for count in (1, 2, 3):
                words = result[len(result) - count :] if len(result) >= count else []
                heard = "".join(u.text for u in words).lower()
                near = fuzz.ratio(heard, spelled) if words and all(u.kind == "word" for u in words) else 0.0
                if near > best and sounds_like(heard, spelled):
                    best, size = near, count
            if size:
                heard = "".join(u.text for u in result[-size:]).lower()
                firm = [k for k, u in enumerate(run) if u.sure] if all(len(u.text) == 1 for u in run) else []
                mended = mend_letters(heard, spelled, firm)
                first = replace(run[0], start=result[-size].start)
                run = (
                    [replace(first, text=mended, end=run[-1].end)] if mended != spelled else [first, *run[1:]]
                )
                del result[-size:]
            result.extend(run)
            i = j
        else:
            result.append(units[i])
            i += 1
    return result


def mend_letters(heard: str, spelled: str, firm: Sequence[int] = ()) -> str:
    """Letters put right by the word they spell: "whitfidld" after "Whitfield" is "whitfield".

    On the telephone E is heard as D or B, A as K. Where the two differ by a vowel and a consonant that
    sound alike as letters, the letters were misheard: the word cannot have sounded like that. Other
    differences are what spelling is for and stay. ``firm`` are positions given with a word ("N as in Nancy").
    """
    if re.search(r"(.)\1\1", spelled):
        return heard  # no name has a letter three times in a row
    if len(heard) != len(spelled):
        return spelled
    pairs = list(zip(heard, spelled, strict=True))
    alike = [confusable(h, s) and {h, s} != {"i", "y"} and i not in firm for i, (h, s) in enumerate(pairs)]
    others = [{h, s} for (h, s), same in zip(pairs, alike, strict=True) if h != s and not same]
    vowels = [same and (h in "aeiou") != (s in "aeiou") for (h, s), same in zip(pairs, alike, strict=True)]
    if not any(vowels) or len(others) > 1 or any(pair not in _SPELLINGS for pair in others):
        return spelled
    return "".join(h if same else s for (h, s), same in zip(pairs, alike, strict=True))


_SPELLINGS = (
    {"s", "z"},
    {"c", "k"},
    {"i", "y"},
    {"c", "s"},
    {"g", "j"},
    {"f", "p"},
    {"a", "e"},
    {"i", "e"},
    {"o", "u"},
)
"""Letters that write the same sound: what people spell their names for."""


def sounds_like(heard: str, spelled: str) -> bool:
    """Whether ``spelled`` is plausibly the spelling of the word ``heard``."""
    if not heard or not spelled:
        return False
    near = fuzz.ratio(heard, spelled)
    return near >= 60 or (heard[0] == spelled[0] and near >= 50 and abs(len(heard) - len(spelled)) <= 2)


def spelled_out(text: str) -> str | None:
    """The one thing a text spells ("N-G-U-Y-E-N", "it's l o p e z"), lower case; None if it does not spell.

    At least two letters must be spelled and no other word be left beside them.
    """
    units = respell(decode(strip_opening(text), spelled=True))
    if any(u.kind in ("word", "digit") or u.text == "@" for u in units):
        return None
    letters = [u for u in units if u.kind == "letter"]
    return join(units) if sum(len(u.text) for u in letters) >= 2 else None
