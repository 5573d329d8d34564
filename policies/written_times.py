"""Days and hours as people write them, in the words that wishes for a time are read from."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from policies.business_hours import NAMES

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_HOUR = r"(?:1[0-2]|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_WEEKS = {"first": 1, "second": 8, "third": 15, "last": 24}
_Written = str | Callable[[re.Match[str]], str]
_AS_SAID: tuple[tuple[re.Pattern[str], _Written], ...] = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"\b(?:tmrw?|tmw|tmrrw|2morrow|2moro|tomorow|tommorow|tommorrow)\b", "tomorrow"),
        (r"\b(\d{1,2}(?::\d\d)?)([ap])\b(?!\.?m)", r"\1 \2m"),
        (rf"\b({_HOUR})[ -]?ish\b", r"around \1"),
        (rf"\b({_HOUR}) o[' ]?clock\b", r"\1 o'clock"),
        (rf"\bhalf past ({_HOUR})\b", r"at \1 thirty"),
        (rf"\b(?:a )?quarter (?:past|after) ({_HOUR})\b", r"at \1 fifteen"),
        (r"\b(?:lunch ?time|lunch hour|midday|mid-day)\b", "noon"),
        (r"\bfirst thing\b", "in the morning"),
        (r"\barvo\b", "afternoon"),
        (r"\b(?:the )?(first|second|third|last) week (?:of|in) (?=[a-z])",
         lambda m: f"the week of {_WEEKS[m[1]]} "),
        (r"\b(?:the )?end of (?:the|this|next) week\b",
         lambda m: f"thursday or friday {'next' if 'next' in m[0] else 'this'} week"),
        (rf"\b(?:any|every) ?(?:time|day|thing) (?:but|besides|other than)(?: on)? ({_DAY}s?)", r"not \1"),
        (rf"\bexcept(?: on| for)? ({_DAY}s?)", r"not \1"),
        (r"\b(?:can'?t|cannot|won'?t)(?: \w+){0,2}? (?:before|until) ", "after "),
        (r"\b(?:can'?t|cannot|won'?t)(?: \w+){0,2}? after ", "before "),
    )
)  # fmt: skip
_AFTER_DAY = re.compile(
    rf"\b(?P<day>{_DAY}) after (?P<holiday>thanksgiving|christmas|new year'?s(?: day)?)\b"
)
_WEEK_FROM = re.compile(rf"\b(?:a|one|1) week from (?P<day>{_DAY}|today|tomorrow)\b")
BETWEEN = re.compile(
    r"\b(?:between|from) (?P<first>\d{1,2}(?::\d\d)?|noon) ?(?:[ap]\.?m)? ?(?:and|to|-|till|until) "
    r"(?P<last>\d{1,2}(?::\d\d)?|noon)(?P<half> ?[ap]\.?m)?\b"
)
"""A span of a day."""
SINCE_DAY = re.compile(r"\b(?:after|from|starting|beginning)(?: on)? (?=the \d|\d{1,2}/\d|[a-z]{3,9}\.? \d)")
"""From that date on."""


def as_read(text: str, today: date) -> str:
    """The words of a wish, in lower case, as they are read: "10ish" is "around 10"."""
    for pattern, said in _AS_SAID:
        text = pattern.sub(said, text)
    text = _AFTER_DAY.sub(lambda m: _weekday_after(m["day"], m["holiday"], today).isoformat(), text)
    return _WEEK_FROM.sub(lambda m: _week_from(m["day"], today).isoformat(), text)


def _weekday_after(day: str, holiday: str, today: date) -> date:
    """ "The Monday after Thanksgiving"."""
    for year in (today.year, today.year + 1):
        fourth_thursday = date(year, 11, 22) + timedelta(days=(3 - date(year, 11, 22).weekday()) % 7)
        days = {"thanksgiving": fourth_thursday, "christmas": date(year, 12, 25)}
        on = days.get(holiday, date(year, 1, 1))
        ahead = (_weekday(day) - on.weekday()) % 7 or 7
        if on + timedelta(days=ahead) >= today:
            return on + timedelta(days=ahead)
    return today


def _week_from(day: str, today: date) -> date:
    """ "A week from Friday"."""
    if day in ("today", "tomorrow"):
        return today + timedelta(days=7 + (day == "tomorrow"))
    return today + timedelta(days=((_weekday(day) - today.weekday()) % 7 or 7) + 7)


def _weekday(day: str) -> int:
    return [name.lower() for name in NAMES].index(day)
