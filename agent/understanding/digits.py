"""Digits as they are spoken, typed or keyed: "three oh three", "double five", "DTMF: 3035550142#".

Reads *sequences of digits* (phones, codes, house numbers), not quantities.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.understanding.wordlists import word_set

_UNITS = {
    w: d
    for d, words in {
        "0": "zero oh o naught nought aught",
        "1": "one won",
        "2": "two to too",
        "3": "three tree",
        "4": "four for fore",
        "5": "five fife",
        "6": "six",
        "7": "seven",
        "8": "eight ate",
        "9": "nine niner",
    }.items()
    for w in words.split()
}
_WEAK = frozenset({"oh", "o", "won", "to", "too", "tree", "for", "fore", "ate"})
"""Words that are digits only beside other digits."""

_TEENS = {
    word: str(n)
    for n, word in enumerate(
        (
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ),
        start=10,
    )
}
_TENS = {
    word: str(10 * n)
    for n, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
} | {"fourty": "40"}
_PLURALS = {
    "zeros": "0",
    "zeroes": "0",
    "ohs": "0",
    "o's": "0",
    "ones": "1",
    "twos": "2",
    "threes": "3",
    "fours": "4",
    "fives": "5",
    "sixes": "6",
    "sevens": "7",
    "eights": "8",
    "nines": "9",
}
_TIMES = {"double": 2, "dbl": 2, "triple": 3, "treble": 3, "quadruple": 4}
_GLUE = word_set("um uh erm er then and dash hyphen minus dot point period space area code slash comma")
_TOKEN = re.compile(r"\d+(?!\d|(?:st|nd|rd|th)\b)|[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)
_KEYED = re.compile(r"^\s*dtmf\s*:\s*([0-9*#a-d\s]*)\s*$", re.IGNORECASE)
_GAP = re.compile(r"^[\s\-‐–—.,()/+:;…&]*$")


@dataclass(frozen=True, slots=True)
class Run:
    """One sequence of digits and where in the text it was said; ``plus`` if it began with "+"."""

    digits: str
    start: int
    end: int
    plus: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    digits: str
    start: int
    end: int
    weak: bool
    glue: bool = False
    comma: bool = False


def keyed(text: str) -> str | None:
    """What was pressed on the keypad ("DTMF: 12#" -> "12"), or None when the text is no key input.

    A closing "#" is taken off; "*" and inner "#" stay.
    """
    match = _KEYED.match(text)
    return re.sub(r"\s", "", match.group(1)).rstrip("#") if match else None


def _number(tokens: Sequence[re.Match[str]], i: int, text: str, add: bool) -> tuple[str, int, bool] | None:
    """The digits of the number word(s) at token ``i``: (digits, tokens used, is weak) or None."""
    word = tokens[i].group().lower().replace("’", "'")

    def near(k: int, gap_of: str = r"[\s\-]*") -> str:
        """Token k in lower case if only a space or hyphen separates it from the one before, else ""."""
        if k >= len(tokens):
            return ""
        gap = text[tokens[k - 1].end() : tokens[k].start()]
        return tokens[k].group().lower() if re.fullmatch(gap_of, gap) else ""

    if word in _TIMES:
        following = near(i + 1, r"[\s,.\-]*")
        if following in _UNITS:
            return _UNITS[following] * _TIMES[word], 2, False
        if re.fullmatch(r"\d", following):
            return following * _TIMES[word], 2, False
        if following.isdigit() and len(following) >= 1:
            return following[0] * _TIMES[word] + following[1:], 2, False
        return None
    count = _UNITS.get(word) if word not in _WEAK else None
    count = word if re.fullmatch(r"[2-9]", word) else count
    if count and near(i + 1) in _PLURALS and count in "23456":
        return _PLURALS[near(i + 1)] * int(count), 2, False
    if word.isdigit() or word in _UNITS:
        base, used, weak = (word if word.isdigit() else _UNITS[word]), 1, word in _WEAK
    elif word in _TEENS:
        base, used, weak = _TEENS[word], 1, False
    elif word in _TENS:
        base, used, weak = _TENS[word], 1, False
        following = near(i + 1)
        unit = following if re.fullmatch(r"[1-9]", following) else _UNITS.get(following, "")
        if unit and unit != "0" and following not in _WEAK and near(i + 2) not in ("hundred", "thousand"):
            base, used = str(int(base) + int(unit)), 2
    elif word == "hundred":
        return ("00", 1, True)
    else:
        return None
    for name, factor in (("hundred", 100), ("thousand", 1000)):
        if near(i + used) == name and not weak and len(base) <= 2 and base != "0":
            used += 1
            total = int(base) * factor
            skip = 1 if near(i + used) == "and" else 0
            if (skip or add) and i + used + skip < len(tokens) and near(i + used + skip):
                tail = _number(tokens, i + used + skip, text, add)
                if tail and not tail[2] and int(tail[0]) < factor and not tail[0].startswith("0"):
                    return str(total + int(tail[0])), used + skip + tail[1], False
            return str(total), used, False
    return base, used, weak


def number_at(text: str, start: int) -> tuple[str, int, bool] | None:
    """The number said at ``start``: (digits, end position, whether it is only a homophone), or None."""
    tokens = list(itertools.islice(_TOKEN.finditer(text, start), 8))
    if not tokens or tokens[0].start() != start:
        return None
    found = _number(tokens, 0, text, False)
    return (found[0], tokens[found[1] - 1].end(), found[2]) if found else None


def runs(text: str, *, add: bool = False) -> list[Run]:
    """Every sequence of digits in the text, in order.

    Commas, dashes, full stops and hesitations do not end a sequence, other words do. Homophones
    ("to", "for", "ate", "oh") count only within a sequence. With ``add`` "three hundred five" is
    305, without it 3005: in a phone number "eight hundred" is a group of its own.
    """
    tokens = list(_TOKEN.finditer(text))
    groups: list[list[_Piece]] = [[]]
    i = 0
    while i < len(tokens):
        token = tokens[i]
        prior = groups[-1][-1].end if groups[-1] else None
        if prior is not None and not _GAP.match(text[prior : token.start()]):
            groups.append([])
        found = _number(tokens, i, text, add)
        if found:
            digits, used, weak = found
            end = tokens[i + used - 1].end()
            comma = text[end : end + 1] in (",", ".", "!")
            groups[-1].append(_Piece(digits, token.start(), end, weak, comma=comma))
            i += used
            continue
        if token.group().lower() in _GLUE and groups[-1]:
            groups[-1].append(_Piece("", token.start(), token.end(), False, glue=True))
        else:
            groups.append([])
        i += 1
    return [run for group in groups if (run := _settle(group, text))]


def _settle(group: list[_Piece], text: str) -> Run | None:
    """Drop what only looks like a digit at the ends of a sequence; None if nothing sure is left."""
    pieces = list(group)
    while pieces and (pieces[0].glue or (pieces[0].weak and not _leading_zero(pieces))):
        pieces.pop(0)
    tail = text[pieces[-1].end :].strip(" .,!?;:)\"'") if pieces else ""
    while pieces and (pieces[-1].glue or (pieces[-1].weak and tail and pieces[-1].digits != "0")):
        tail = "x"
        pieces.pop()
    if not any(p.digits and not p.weak for p in pieces):
        return None
    start = pieces[0].start
    plus = bool(re.search(r"(?:\+|\bplus)\s*\(?$", text[:start], re.IGNORECASE))
    return Run("".join(p.digits for p in pieces), start, pieces[-1].end, plus)


def _leading_zero(pieces: list[_Piece]) -> bool:
    """ "oh one four two" begins with a zero; "oh, three oh three" with a sigh."""
    return pieces[0].digits == "0" and not pieces[0].comma and len(pieces) > 1 and bool(pieces[1].digits)


def digits_of(text: str, *, add: bool = False) -> str:
    """All digits of the text in one string, keyed, typed or spoken; "" if there are none."""
    pressed = keyed(text)
    if pressed is not None:
        return re.sub(r"\D", "", pressed)
    return "".join(run.digits for run in runs(text, add=add))


_WRITTEN_NUMBER = re.compile(r"(?<![\d$.])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d)")
_MAIL = re.compile(
    r"\S+@\S+|\b[\w.-]+ (?:at|arroba) [\w-]+ (?:dot|punto) \w+(?: (?:dot|punto) \w+)?", re.IGNORECASE
)


def without_numbers(text: str) -> str:
    """A text without its telephone numbers and e-mail addresses, all else in place: a comma stands for each."""
    for found in (_WRITTEN_NUMBER, _MAIL):
        text = found.sub(lambda m: ",".ljust(len(m.group())), text)
    for run in reversed(runs(text)):
        if len(run.digits) == 10 or (len(run.digits) == 11 and run.digits[0] == "1"):
            text = f"{text[: run.start]}{','.ljust(run.end - run.start)}{text[run.end :]}"
    return text


def say_digits(digits: str, groups: Sequence[int] = (3, 3, 4)) -> str:
    """Digits one by one in groups, the last size repeating: "3 0 3, 5 5 5, 0 1 4 2"."""
    parts: list[str] = []
    at, k = 0, 0
    while at < len(digits):
        size = max(1, groups[min(k, len(groups) - 1)])
        parts.append(" ".join(digits[at : at + size]))
        at += size
        k += 1
    return ", ".join(parts)
