"""What people say of opening hours besides days and times: appointments, lunch, two offices, another language.

Put into the words that ``week`` reads; a break is cut out of the days afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.understanding.spanish_setup import in_english
from agent.understanding.week import read_hours
from agent.understanding.week_words import DAYS, Span

_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?s?|weekends?|weekdays?"
_TIME = r"(?:\d{1,2}(?::[0-5]\d)?(?: ?[ap]\.?m\b\.?)?|noon|one|two|three|eleven|twelve)"
_APPOINTMENT = re.compile(
    r",? ?\b(?:unless|except|other than)(?: it'?s| that'?s)? (?:by|on|with an?) appointments?\b", re.I
)
"""Closed, with what may be agreed on: callers hear that it is closed."""
_EVENTS = re.compile(
    rf"\b(?P<day>{_DAY})\b,?(?: (?:is|are|we do|we have|just|only|for))* (?:open houses?|showings?|tours?)(?: only)?\b",
    re.I,
)
_BUT = re.compile(
    r"\b(every ?day|daily|all week|seven days(?: a week)?|7 days(?: a week)?)(?: but| except| minus)(?: for| on)? ",
    re.I,
)
_ALWAYS = re.compile(
    r"\W*(?:we'?re |we are |it'?s )?(?:always |open )*(?:24 hours(?: a day)?|twenty[- ]four hours(?: a day)?|always(?: open)?"
    r"|around the clock|day and night|all day(?:,)? every day)\W*",
    re.I,
)
_BREAK = r"(?:,? ?(?:(?:and|but|except|we'?re|we are|we|with|an?|hour|closed?|break|off|out|shut|take|from|between)\W+)*)"
_FROM_TO = rf"(?P<a>{_TIME}) ?(?:to|and|-|–|until|till) ?(?P<b>{_TIME})"
_LUNCH = (
    re.compile(
        rf"{_BREAK}(?:for |at )?(?:our |a )?lunch(?: break| time| hour)?(?: is)?(?: from| between)? {_FROM_TO}",
        re.I,
    ),
    re.compile(
        rf"{_BREAK}{_FROM_TO} (?:is |are |for |at )*(?:our |a |the )?lunch(?: break| time| hour)?", re.I
    ),
)
"""A break with its hours behind it or before it."""
_HOLIDAY = re.compile(
    r",? ?(?:(?:but|and|except|closed|off|not|we'?re|we are|we|on|in|for|at|the|all|major|federal|public|most|big)\W+)*"
    r"(?:new year(?:'?s)?(?: (?:eve|day))?|christmas(?: (?:eve|day))?|xmas|thanksgiving|holidays|easter|labor day"
    r"|memorial day|independence day|july (?:4th|fourth)|(?:4th|fourth) of july)(?:,? (?:we'?re|we are|we|is|are))?"
    r"(?: closed| off)?",
    re.I,
)
"""Single days are no part of the week."""
_PLACE = re.compile(
    r"(?<![\w'])(?P<place>[A-Z][a-z']+(?: [A-Z][a-z]+)?)(?: office)?(?: is| are| opens|:)? (?=(?:from )?\d)"
)
_NO_PLACE = re.compile(
    rf"(?:{_DAY}|we'?re|we|our|open|from|office|hours|daily|every|monday|normally|usually|then|and|but|until|till|january|february|march"
    r"|april|may|june|july|august|september|october|november|december|summer|winter)(?: .*)?",
    re.I,
)


_HALF_DAY = re.compile(
    r"\b(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?) (?P<part>mornings?|afternoons?)\b(?! (?:from |at )?\d)",
    re.I,
)


def plainly(text: str) -> str:
    """The words with the days that are only by appointment closed, in English; a lunch break is left out."""
    text = in_english(text)
    if _ALWAYS.fullmatch(text):
        return "24/7"
    text = _HOLIDAY.sub("", without_lunch(_APPOINTMENT.sub("", text)))
    text = _EVENTS.sub(lambda m: f"closed {m['day']}", text)
    half = {"m": "until noon", "a": "from noon"}
    text = _HALF_DAY.sub(lambda m: f"{m['day']} {half[m['part'][0].lower()]}", text)
    return _BUT.sub(r"\1, closed ", text)


def without_lunch(text: str) -> str:
    """The words without the break that is spoken of."""
    text = in_english(text)
    return next((way.sub("", text) for way in _LUNCH if way.search(text)), text)


def lunch(text: str) -> Span | None:
    """The break that is spoken of, in minutes of the day."""
    words = in_english(text)
    found = next((found for way in _LUNCH if (found := way.search(words))), None)
    spans = read_hours(f"monday {found['a']} to {found['b']}").week.get("mon") if found else None
    return spans[0] if spans else None


def without_break(week: Mapping[str, tuple[Span, ...]], pause: Span) -> dict[str, tuple[Span, ...]]:
    """The week with that break in every span that holds it."""
    out: dict[str, tuple[Span, ...]] = {}
    for day in DAYS:
        spans: list[Span] = []
        for start, end in week.get(day, ()):
            inside = start < pause[0] and pause[1] < end
            spans += [(start, pause[0]), (pause[1], end)] if inside else [(start, end)]
        out[day] = tuple(spans)
    return out


def two_offices(text: str) -> bool:
    """Whether hours are given for places of their own ("Philly is 9 to 6, Cherry Hill 10 to 5")."""
    places = {m["place"].lower() for m in _PLACE.finditer(text) if not _NO_PLACE.fullmatch(m["place"])}
    return len(places) > 1
