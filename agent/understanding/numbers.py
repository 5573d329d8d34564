"""Numbers in speech: found with their places, whether spoken, written or half and half.

``text2num`` reads plain runs of number words. What it leaves out is done here: "a dozen", "a couple",
"half a million", "one point two million", "two and a half", "450k", "25 hundred", ordinals, and runs
that hold two numbers ("between one hundred and two hundred", "four fifty").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from text_to_num import text2num

from agent.understanding.spoken import ONES, ORDINAL_ONES, TENS, Num, tidy

_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_UNITS: dict[str, int] = {
    **_SCALES,
    **{"hundreds": 100, "thousands": 1_000, "millions": 1_000_000, "k": 1_000, "thou": 1_000, "grand": 1_000},
    **{"mil": 1_000_000, "mill": 1_000_000, "m": 1_000_000, "mm": 1_000_000, "b": 1_000_000_000, "dozen": 12},
}
_GLUED_ONLY = {"m", "b", "mm"}
_WORDS = {*ONES, *TENS, *_SCALES, "fourty"}
_ORDINALS = {word: n for n, word in enumerate(ORDINAL_ONES)} | {
    tens[:-1] + "ieth": 20 + 10 * i for i, tens in enumerate(TENS)
}
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[a-z]+|[^\sa-z\d]", re.ASCII)
_MAX_RUN = 12
_MAX_DIGITS = 15
_MAX_SCALE = 10**12
_DIGITS = set("0123456789")


@dataclass(frozen=True, slots=True)
class Number:
    """One number and where it stands in the text.

    ``unit`` is the last scale word in it (1 when none: "four fifty" and "450" still wait for one);
    ``ordinal`` for "third" or "3rd"; ``money`` when a currency sign stood before it.
    """

    value: Num
    start: int
    end: int
    unit: int = 1
    ordinal: bool = False
    money: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case, character for character (positions stay valid), with plain apostrophes and dashes."""
    plain = {"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " "}
    return "".join(plain.get(c, low if len(low := c.lower()) == 1 else c) for c in text)


class _Reader:
    """One left-to-right pass over the tokens of a text."""

    def __init__(self, text: str):
        self.text = fold(text)
        self.tokens = [_Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(self.text)]

    def word(self, i: int) -> str:
        return self.tokens[i].word if 0 <= i < len(self.tokens) else ""

    def joined(self, i: int) -> bool:
        """Whether token ``i`` continues the one before it, with only a space or a hyphen between."""
        if not 0 < i < len(self.tokens):
            return False
        gap = self.text[self.tokens[i - 1].end : self.tokens[i].start]
        return gap.strip() == "" and "\n" not in gap

    def run(self, i: int) -> int:
        """End of the run of number words that starts at ``i`` (inner hyphens and "and" included)."""
        j = i
        while j < len(self.tokens) and j - i < 2 * _MAX_RUN:
            word = self.word(j)
            if j > i and not self.joined(j):
                break
            if word in _WORDS:
                j += 1
            elif word in {"and", "-"} and j > i and self.joined(j + 1) and self.word(j + 1) in _WORDS:
                j += 2
            else:
                break
        return j

    def cardinal(self, i: int) -> tuple[Num, int, int] | None:
        """The longest number that starts the run at ``i``: (value, last unit, end)."""
        stop = self.run(i)
        if stop > i + 1 and self.word(stop - 1) == "and":
            stop -= 1
        for j in range(stop, i, -1):
            words = [w for t in self.tokens[i:j] if (w := t.word) != "-"]
            if words[-1] == "and" or (self.word(j) in _SCALES and j < stop):
                continue
            if "and" in words and j < stop and self.word(j) != "and":
                continue
            if any(w == "and" and before not in _SCALES for before, w in pairwise(words)):
                continue
            try:
                value = int(text2num(" ".join(words).replace("fourty", "forty"), "en"))
            except ValueError:
                continue
            unit = max((_SCALES[w] for w in words[-1:] if w in _SCALES), default=1)
            big = [_SCALES[w] for w in words if w in _SCALES]
            return value, (max(big) if unit > 1 else (1 if not big else min(big))), j
        return None

    def units(self, i: int) -> tuple[int, int]:
        """The scale words at ``i`` multiplied together ("hundred thousand"), and where they end."""
        factor = 1
        while (word := self.word(i)) in _UNITS and self.joined(i):
            glued = self.tokens[i].start == self.tokens[i - 1].end
            if (word in _GLUED_ONLY and not glued) or factor * _UNITS[word] > _MAX_SCALE:
                break
            factor *= _UNITS[word]
            i += 1
        return factor, i

    def fraction(self, i: int) -> tuple[float, int] | None:
        """ "and a half", "and a quarter", "and three quarters", also without "and"."""
        words = [self.word(i + k) for k in range(4)]
        if words[:1] != ["and"]:
            return None
        for said, value in (
            (["a", "half"], 0.5),
            (["half"], 0.5),
            (["one", "half"], 0.5),
            (["a", "quarter"], 0.25),
            (["three", "quarters"], 0.75),
        ):
            if words[1 : 1 + len(said)] == said:
                return value, i + 1 + len(said)
        return None

    def decimals(self, i: int) -> tuple[float, int] | None:
        """ "point two five" after a whole number."""
        if self.word(i) != "point" or not self.joined(i):
            return None
        digits = ""
        j = i + 1
        while self.joined(j) and j < len(self.tokens):
            word = self.word(j)
            if word in {"oh", "o"}:
                digits += "0"
            elif word and set(word) <= _DIGITS:
                digits += word
            elif word in ONES:
                digits += str(ONES.index(word))
            elif word in TENS:
                follow = self.word(j + 1)
                if follow in ONES[1:10]:
                    digits += str(20 + 10 * TENS.index(word) + ONES.index(follow))
                    j += 1
                else:
                    digits += str(20 + 10 * TENS.index(word))
            else:
                break
            j += 1
        return (float("0." + digits[:9]), j) if digits else None

    def base(self, i: int) -> tuple[float, int, int, bool] | None:
        """The number that begins at token ``i``: (value, unit, end, ordinal)."""
        word, after = self.word(i), self.word(i + 1)
        if word[:1] in _DIGITS and word:
            if len(word) > _MAX_DIGITS:
                return None
            value = float(word.replace(",", ""))
            glued = i + 1 < len(self.tokens) and self.tokens[i].end == self.tokens[i + 1].start
            if after in {"st", "nd", "rd", "th"} and glued:
                return value, 1, i + 2, True
            return value, 1, i + 1, False
        if word == "half":
            j = i + 2 if after in {"a", "an"} else i + 1
            factor, end = self.units(j)
            return (0.5 * factor, factor, end, False) if end > j else None
        if word in {"a", "an", "one", "three"} and after in {"quarter", "quarters"}:
            j = i + 2
            j += self.word(j) == "of"
            j += self.word(j) in {"a", "an"}
            factor, end = self.units(j)
            if end > j:
                return (0.75 if word == "three" else 0.25) * factor, factor, end, False
        if word == "quarter" and after in {"million", "mil"}:
            return 250_000.0, 1_000_000, i + 2, False
        if word in {"a", "an"}:
            if after in {"couple", "pair"}:
                j = i + 2 + (self.word(i + 2) == "of")
                factor, end = self.units(j)
                return 2.0 * factor, factor, end, False
            if after in _SCALES and (run := self.cardinal(i + 1)):
                return float(run[0]), *run[1:], False
            factor, end = self.units(i + 1)
            return (
                (float(factor), factor, end, False) if end > i + 1 and after not in {"m", "b", "k"} else None
            )
        if word in _ORDINALS and word != "zeroth":
            return float(_ORDINALS[word]), 1, i + 1, True
        if word in TENS and self.joined(i + 1):
            j = i + 2 if after == "-" else i + 1
            if 1 <= _ORDINALS.get(self.word(j), 0) <= 9:
                return float(20 + 10 * TENS.index(word) + _ORDINALS[self.word(j)]), 1, j + 1, True
        if word == "couple":
            return 2.0, 1, i + 1 + (after == "of"), False
        if word == "dozen":
            return 12.0, 12, i + 1, False
        if word in _WORDS:
            found = self.cardinal(i)
            if found:
                value, unit, end = found
                return float(value), unit, end, False
        return None

    def number(self, i: int) -> tuple[Number, int] | None:
        found = self.base(i)
        if found is None:
            return None
        value, unit, end, ordinal = found
        if not ordinal:
            if more := self.decimals(end):
                value, end = value + more[0], more[1]
            if part := self.fraction(end):
                factor, after = self.units(part[1])
                if factor > 1:
                    value, unit, end = (value + part[0]) * factor, factor, after
                else:
                    value, end = value + part[0] * unit, part[1]
            else:
                factor, after = self.units(end)
                if after > end:
                    value, unit, end = value * factor, factor * (unit if unit > 1 else 1), after
            value, end = self.lower(value, unit, end)
        start = self.tokens[i].start
        money = self.word(i - 1) == "$"
        return Number(tidy(value), start, self.tokens[end - 1].end, unit, ordinal, money), end

    def lower(self, value: float, unit: int, end: int) -> tuple[float, int]:
        """ "1 million 200 thousand": add a smaller scaled number that follows at once."""
        if unit >= 1_000 and self.joined(end) and self.word(end)[:1] in _DIGITS:
            follow = self.number(end)
            if follow and follow[0].unit > 1 and follow[0].value < unit:
                return value + follow[0].value, follow[1]
        return value, end


def find_numbers(text: str) -> tuple[Number, ...]:
    """Every number in the text, left to right, with character positions.

    "four fifty" stays two numbers (4, 50) with only a space between: what it means (450, 4:50,
    450,000) is for the reader of money or time to say.
    """
    reader = _Reader(text)
    found: list[Number] = []
    i = 0
    while i < len(reader.tokens):
        got = reader.number(i)
        if got is None:
            i += 1
            continue
        found.append(got[0])
        i = max(got[1], i + 1)
    return tuple(found)


def to_digits(text: str) -> str:
    """The text with its spoken cardinals and ordinals written in digits; numerals and all else stay.

    >>> to_digits("twenty five agents, a dozen on the third")
    '25 agents, 12 on the 3rd'
    """
    out, at = [], 0
    for number in find_numbers(text):
        if not any(c.isalpha() for c in text[number.start : number.end]):
            continue
        out.append(text[at : number.start])
        out.append(f"{number.value}{_suffix(int(number.value))}" if number.ordinal else f"{number.value}")
        at = number.end
    return "".join([*out, text[at:]])


def _suffix(n: int) -> str:
    if 10 <= n % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")


def between(text: str, left: Number, right: Number) -> str:
    """The words between two numbers, folded and stripped."""
    return fold(text[left.end : right.start]).strip()


def cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without the given character spans, tidied for another reader."""
    out, at = [], 0
    for start, end in sorted(spans):
        out.append(text[at : max(start, at)])
        at = max(at, end)
    return re.sub(r"\s{2,}", " ", "".join([*out, text[at:]])).strip(" ,;.")
