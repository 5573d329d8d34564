"""Card, social security and bank numbers in what was said, spoken or typed (C31)."""

from __future__ import annotations

import re

_WORD_DIGITS = {
    "zero": "0",
    "oh": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
_TOKEN = re.compile(r"\d|\b(?:" + "|".join(_WORD_DIGITS) + r")\b", re.I)
_RUN = re.compile(
    r"(?:(?:\d|\b(?:" + "|".join(_WORD_DIGITS) + r")\b|\b(?:double|triple)\b)[\s,.-]*){9,}", re.I
)
MASK = "[removed]"


def luhn(digits: str) -> bool:
    """The check digit test that every payment card number passes."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit)
        if index % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def card_numbers(text: str) -> list[tuple[int, int]]:
    """(start, end) of every run of 13 to 19 digits, spoken or written, that is a card number."""
    found = []
    for run in _RUN.finditer(text):
        digits = "".join(_WORD_DIGITS.get(t.lower(), t) for t in _TOKEN.findall(run.group()))
        if 13 <= len(digits) <= 19 and luhn(digits) and len(set(digits)) > 1:
            found.append(run.span())
    return found


def remove_numbers(text: str) -> str:
    """The text without any run of nine or more digits, spoken or written."""
    return _RUN.sub(MASK + " ", text).strip()
