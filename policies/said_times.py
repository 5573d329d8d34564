"""Days, weeks and times of day as they are said: "the 12th of March", "week after next", "Monday 1130"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta

from policies.moment_words import MESES, MONTHS

A_DAY = r"(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)"


def has(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the text (in lower case)."""
    return any(re.search(rf"\b{re.escape(w)}\b", text) for w in words)


_MONTH_NAMES = [m.lower() for m in MONTHS]
_SHORT = ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join((*_MONTH_NAMES, *MESES, *_SHORT))})\.?"
_ORDINALS = {
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8},
    **{"ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14},
    **{"fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19},
    **{"twentieth": 20, "thirtieth": 30},
    **{f"twenty[- ]{w}": 20 + n for n, w in enumerate(("first", "second", "third", "fourth", "fifth"), 1)},
    **{f"twenty[- ]{w}": 25 + n for n, w in enumerate(("sixth", "seventh", "eighth", "ninth"), 1)},
    "thirty[- ]first": 31,
}
_DAY = rf"(?P<day>\d{{1,2}}|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_MONTH}\s+(?:the )?{_DAY}\b",
        rf"\b(?:the )?{_DAY} (?:of |de )?{_MONTH}(?!\w)",
        r"(?<![\d/])(?P<number>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])(?![\d/])",
        rf"\b{_DAY} of (?:this|the) month\b",
        r"\b(?:on |for )?the (?P<day>\d{1,2})(?:st|nd|rd|th)\b",
        rf"\b(?:on|for) the {_DAY}\b(?! (?:one|time|option|slot|floor))",
        r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:street|st|ave|avenue|floor))",
        r"\bel (?:d[ií]a )?(?P<day>\d{1,2})\b",
    )
)
"""Ways to name a day of a month; the first that is found counts."""


def undated(text: str) -> str:
    """The words without the date they name, whose number is no hour ("Friday 4 of December at 10")."""
    found = next((f for pattern in _DATES if (f := pattern.search(text))), None)
    return f"{text[: found.start()]} , {text[found.end() :]}" if found else text


def date_named(text: str, today: date) -> date | None:
    """The date named, the next to come: "March 12", "the 12th of March", "the 12th", "12 de marzo"."""
    iso = re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", text)
    if iso:
        try:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return None
    for pattern in _DATES:
        if (found := pattern.search(text)) is not None:
            return _coming(found, today)
    return None


def _coming(found: re.Match[str], today: date) -> date | None:
    word = found["day"]
    day = int(word) if word.isdigit() else next(n for p, n in _ORDINALS.items() if re.fullmatch(p, word))
    named = found.groupdict()
    months = [int(named["number"])] if named.get("number") else []
    if name := named.get("month"):
        names = MESES if name in MESES else _MONTH_NAMES
        months = [next(n for n, whole in enumerate(names, 1) if whole.startswith(name))]
    for ahead in range(13):
        year, month = today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1
        if months and month not in months:
            continue
        try:
            if (at := date(year, month, day)) >= today:
                return at
        except ValueError:
            continue
    return None


_WEEK = re.compile(
    r"\b(?P<later>(?:the )?week after next|(?:the |a )?week after(?: that)?(?! (?:thanksgiving|christmas"
    r"|new))|in (?:2|two) weeks)\b"
    r"|\b(?P<next>next week|pr[oó]xima semana|(?:not|can'?t(?: do)?) this week)\b"
    r"|\b(?:the )?week (?:of|starting) (?P<of>.+)"
)


def week_named(text: str, today: date) -> date | None:
    """The Monday of the week named. Weeks begin on Sunday here: said on one, "next week" is not tomorrow."""
    found = _WEEK.search(text)
    if found is None:
        return None
    if found["of"]:
        named = date_named(found["of"], today)
        return named - timedelta(days=named.weekday()) if named else None
    monday = today + timedelta(days=8 - (today.weekday() + 1) % 7)
    return monday + timedelta(days=7) if found["later"] else monday


_AFTER = re.compile(
    r"\b(?:(?:any ?time |not )?(?:after|past|later than|from|starting at|no earlier than|not before)"
    r"|despu[eé]s de las?"
    r"|a partir de las?)\s+(?:about |around )?(?P<clock>\S+(?: thirty"
    r"| fifteen)?(?: ?[ap]\.?m)?(?: o'?clock)?)"
)
_BEFORE = re.compile(
    r"\b(?<!not )(?:before|until|till|no later than|not after|earlier than|antes de las?)"
    r"\s+(?:about |around )?"
    r"(?P<clock>\S+(?: thirty| fifteen)?(?: ?[ap]\.?m)?(?: o'?clock)?)"
)


def bounds(text: str) -> tuple[time | None, time | None]:
    """The times of day that words set: not before the first, and before the second."""
    return _bound(text, _AFTER), _bound(text, _BEFORE)


def _bound(text: str, pattern: re.Pattern[str]) -> time | None:
    """The time of day behind "after" or "before"; None when it is no time."""
    found = pattern.search(text)
    return clock_named(f"at {found['clock']}") if found else None


NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


_SOME_DAY = (
    rf"(?:{A_DAY}|mon|tues?|wed|weds|thur?s?|fri|sat|sun|{_MONTH.replace('?P<month>', '?:')} \d{{1,2}})"
)
_HALF = re.compile(rf"\b{_SOME_DAY} (?:in the )?([ap])\.?m\b|\bin the ([ap])m\b")
_UNDIVIDED = re.compile(
    rf"(?P<lead>\b(?:at|around|about|by|{_SOME_DAY}),? )(?P<hour>1[0-2]|[1-9])(?P<minute>[0-5]\d)\b(?![-/:])"
    r"|\b(?P<hour2>1[0-2]|[1-9])(?P<minute2>[0-5]\d)(?= ?[ap]\.?m\b)"
)
""" "Monday 1130"."""


def half_named(text: str) -> str:
    """ "Tuesday pm": morning or afternoon; "" where no half of a day is named."""
    half = _HALF.search(text)
    return "" if half is None else "afternoon" if "p" in half.groups() else "morning"


def _divided(found: re.Match[str]) -> str:
    if found["hour"]:
        return f"{found['lead']}at {found['hour']}:{found['minute']}"
    return f"{found['hour2']}:{found['minute2']}"


_STREET = re.compile(
    r"\b\d+ (?:[nsew]\.? )?(?:[a-z']+ ){1,2}(?:street|st|lane|ln|avenue|ave|road|rd|drive|dr|court|ct"
    r"|way|place|pl|boulevard|blvd|circle|cir|terrace|trail)\b"
)
"""The number of a house is no hour ("look at 12 Cherry Lane")."""


def clock_named(text: str) -> time | None:
    """The time of day named; "at four" is in the afternoon. None when there is none."""
    text = _UNDIVIDED.sub(_divided, _STREET.sub(" ", text))
    if has(text, ("noon",)):
        return time(12)
    number = r"(\d{1,2}|" + "|".join(NUMBERS) + r")"
    for found in re.finditer(
        rf"(\bat |\baround |\babout |\bby |\ba las |\b{A_DAY},? )?(?<!\d-)\b{number}"
        r"(?:(?::| (?=[0-5]\d\b))(\d\d)|\s+(thirty|fifteen))?"
        r"\s*(a\.?m\b|p\.?m\b|o'?clock|(?=tonight|tomorrow|today))?(?!\d|st\b|nd\b|rd\b|th\b|-\d)",
        text,
    ):
        lead, hour_word, minutes, spoken, half = found.groups()
        lead = lead or (half == "" and "day")
        if not (lead or half or minutes or spoken):
            continue
        hour = int(hour_word) if hour_word.isdigit() else NUMBERS.index(hour_word) + 1
        minute = int(minutes) if minutes else {"thirty": 30, "fifteen": 15}.get(spoken or "", 0)
        if hour > 23 or minute > 59:
            continue
        if half and half.startswith("p") and hour < 12:
            hour += 12
        elif half and half.startswith("a") and hour == 12:
            hour = 0
        elif not (half and half[0] in "ap") and 1 <= hour <= 7:
            hour += 12  # nobody means four in the morning
        return time(hour, minute)
    return None
