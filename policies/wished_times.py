"""When a caller would like to meet: read from their words, held against times, and said again. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from policies.appointments import appointments
from policies.business_hours import DAYS, minute_of_day
from policies.moment_words import MONTHS, clock_words, day_said
from policies.said_times import (
    NUMBERS,
    bounds,
    clock_named,
    date_named,
    half_named,
    has,
    undated,
    week_named,
)
from policies.written_times import BETWEEN, SINCE_DAY, as_read


@dataclass(frozen=True)
class Wish:
    """What the caller would like. Empty: anything. ``on``: that date; ``not_before``: from that date on.

    ``until``: up to that date. ``after`` and ``before`` bound the time of day. ``unless`` and ``not_on``:
    ruled out.
    """

    days: frozenset[str] = frozenset()
    part: str = ""
    at: time | None = None
    on: date | None = None
    not_before: date | None = None
    after: time | None = None
    before: time | None = None
    until: date | None = None
    unless: frozenset[str] = frozenset()
    not_on: frozenset[date] = frozenset()

    @property
    def dated(self) -> bool:
        """Whether a day, or days, are named."""
        return bool(self.days or self.on or self.not_before)

    @property
    def timed(self) -> bool:
        """Whether a time of day is named."""
        return bool(self.at or self.part or self.after or self.before)


def suits(start: datetime, wish: Wish, timezone: str) -> bool:
    """Whether a time is what the caller asked for, on the caller's clock."""
    local = start.astimezone(ZoneInfo(timezone))
    if wish.on is not None and local.date() != wish.on:
        return False
    if wish.not_before is not None and local.date() < wish.not_before:
        return False
    if wish.until is not None and local.date() > wish.until:
        return False
    if DAYS[local.weekday()] in wish.unless or local.date() in wish.not_on:
        return False
    if wish.days and DAYS[local.weekday()] not in wish.days:
        return False
    if wish.part:
        first, last = appointments().parts[wish.part]
        if not minute_of_day(first) <= local.hour * 60 + local.minute < minute_of_day(last):
            return False
    clock = local.time().replace(second=0, microsecond=0)
    return not (
        (wish.after is not None and clock < wish.after) or (wish.before is not None and clock >= wish.before)
    )


_A_DAY = r"(?:today|tomorrow|tonight|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?)"
_PART = r"(?: (?:morning|afternoon|evening))?"
_HOUR = r"(?: at [\w:]+)?"
_CANNOT = r"(?:can'?t|cannot|couldn'?t|(?:won'?t|wont)(?: be able to)?|not (?:able|going) to)"
_BAD = r"(?:no good|not (?:good|great|possible|an option)|bad|out|impossible|busy|hard|tough|taken)"
_FAILS = r"(?:isn'?t|aren'?t|doesn'?t|don'?t|won'?t|wont)(?: so| really| gonna)?"
_ALL_DAY = r"(?! (?:before|until|till|after))"
_REFUSED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:not|no|never|instead of)(?: on| for)? {_A_DAY}{_PART}\b",
        rf"\b{_CANNOT} (?:make|do|come|be there)?(?: it)?(?: in| out| on| for| by)* ?{_A_DAY}{_PART}\b",
        rf"\b{_A_DAY}{_PART}{_HOUR}(?:'?s| is| are)? (?:so |really |just |a |very |too |kinda )*{_BAD}\b",
        rf"\b{_A_DAY}{_PART}{_HOUR} {_FAILS} (?:good|great|work\w*|do|suit|possible|going to)\b",
        rf"\b{_A_DAY}{_PART},? (?:i|we) (?:really |just )?(?:{_CANNOT}|work|have to work)\b{_ALL_DAY}",
        r"\bnot (?:at )?\d{1,2}(?::\d\d)?(?: ?[ap]m)?\b",
    )
)
"""A day or an hour that is ruled out is no wish for it."""


_DAY_PART = r"(?P<part>morning|afternoon|evening|weekend)s?"
_PART_REFUSED = re.compile(
    rf"\b(?:not?|never|any(?:thing| ?time) but|except|can'?t do) (?:in |on )?(?:the |any )?{_DAY_PART}\b"
    rf"|\b{_DAY_PART.replace('?P<part>', '?P<part2>')} (?:is|are|do|does|will|wo)(?:n'?t| not| bad| out)\b"
)
"""A part of the day, or the weekend, that is ruled out."""
_NO_PAUSE = re.compile(
    rf"\W*no (?=(?:on |in )?(?:the )?(?:{_A_DAY}|morning|afternoon|evening)(?<!s)\b)", re.IGNORECASE
)


def with_pause(words: str, said: Sequence[datetime], timezone: str, *, today: date) -> str:
    """ "No Wednesday morning", heard without its pause, is "no, Wednesday morning".

    Nobody rules out what none of the times that were just ``said`` has.
    """
    head = _NO_PAUSE.match(words)
    if head is None:
        return words
    rest = words[head.end() :]
    wish = understood(rest, today=today)
    out = Wish(days=wish.days, on=wish.on, part=wish.part)
    return words if any(suits(start, out, timezone) for start in said) else f"no, {rest}"


def _without_part(part: str) -> Wish:
    """What is left when a part of the day is ruled out."""
    if part == "weekend":
        return Wish(unless=frozenset({"sat", "sun"}))
    first, last = appointments().parts[part]
    return (
        Wish(after=time.fromisoformat(last)) if part == "morning" else Wish(before=time.fromisoformat(first))
    )


_GONE_BY = re.compile(
    r"\b(?:was|were|been|drove|walked|went|saw|came|stopped|visited|met|toured|looked|passed)\b"
    r"(?! (?:hoping|wondering|thinking|planning|going|told|free|open|available))"
    r"(?: (?!to\b|about\b|if\b|for\b|but\b|so\b|and\b)[\w']+){0,4} (?:on |last |this )?"
    r"(?:today|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?(?: (?:morning|afternoon|evening|night))?\b"
)
"""A day on which something happened ("we were driving by Sunday"), which nobody wishes for."""


def understood(words: str | None, *, today: date) -> Wish:
    """ "Tuesday afternoon", "tomorrow at ten", "next week": what of it can be read; the rest is ignored."""
    text = " ".join((words or "").lower().split())
    if not text:
        return Wish()
    policy, text = appointments(), _GONE_BY.sub(" ", as_read(text, today))
    refused = " ".join(m.group() for pattern in _REFUSED for m in pattern.finditer(text))
    for pattern in _REFUSED:
        text = pattern.sub(" ", text)
    no_part = _PART_REFUSED.search(text)
    left = _without_part(no_part["part"] or no_part["part2"]) if no_part else Wish()
    text = _PART_REFUSED.sub(" ", text)
    unless = frozenset(day for day, names in policy.days.items() if has(refused, names))
    not_on = frozenset(
        {today + timedelta(days=1) if "tomorrow" in refused else today}
        if has(refused, ("tomorrow", "today", "tonight"))
        else ()
    )
    days = {day for day, names in policy.days.items() if has(text, names)}
    if has(text, policy.words["weekend"]):
        days |= {"sat", "sun"}
    if has(text, policy.words["weekday"]):
        days |= set(DAYS[:5])
    part = next((p for p in ("morning", "afternoon", "evening") if has(text, policy.words[p])), "")
    part = part or half_named(text)
    on = not_before = None
    if has(text, ("today", "tonight", "hoy")):
        on = today
    elif re.search(r"\bday after tomorrow\b|\bpasado mañana\b", text):
        on = today + timedelta(days=2)
    elif has(text, ("tomorrow",)) or re.search(r"\bmañana\b(?<!la mañana)", text):
        on = today + timedelta(days=1)
    week = week_named(text, today)
    until = None
    if week is not None:
        on, not_before, until = None, week, week + timedelta(days=6)
    elif iso := re.search(r"\bfrom (\d{4}-\d\d-\d\d)\b", text):
        not_before = date.fromisoformat(iso[1])
    elif on is None and (named := date_named(text, today)) is not None:
        on, not_before = (None, named) if SINCE_DAY.search(text) else (named, None)
    if days and re.search(r"\bnext (?:mon|tues|wednes|thurs|fri|satur|sun)day\b", text):
        not_before = today + timedelta(days=2)
    after, before = bounds(text)
    if span := BETWEEN.search(text):
        after, before = (clock_named(f"at {span[end]}{span['half'] or ''}") for end in ("first", "last"))
    after, before, unless = after or left.after, before or left.before, unless | left.unless
    clock = None if after or before else clock_named(undated(text))
    return Wish(frozenset(days), part, clock, on, not_before, after, before, until, unless, not_on)


def day_words(wish: Wish) -> str:
    """The days of a wish in words that are understood again, without its time of day."""
    words = [wish.on.isoformat()] if wish.on else [f"{appointments().days[d][0]}" for d in sorted(wish.days)]
    if wish.not_before:
        words.append(f"from {wish.not_before.isoformat()}")
    return " ".join([*words, *(f"not {appointments().days[d][0]}" for d in sorted(wish.unless))])


def hour_words(wish: Wish) -> str:
    """The time of day of a wish in words that are understood again."""
    clock = wish.at or wish.after or wish.before
    if clock is None:
        return wish.part
    return f"{'at' if wish.at else 'after' if wish.after else 'before'} {clock:%H:%M}"


def wish_said(wish: Wish, today: date) -> str:
    """ "Friday, January 15 at 2 PM", "the week of January 4": a wish for one day or week in plain words."""
    first = wish.on or wish.not_before
    if first is None:
        return ""
    day = day_said(first, today) if wish.on else f"the week of {MONTHS[first.month - 1]} {first.day}"
    clock = wish.at or wish.after or wish.before
    lead = "at" if wish.at else "after" if wish.after else "before"
    hour = f" {lead} {clock_words(clock)}" if clock else f" in the {wish.part}" if wish.part else ""
    return day + hour


_PLACE = re.compile(r"(?:(?:ok|okay|yes|yeah|the|let'?s do|i'?ll take)\W+)*(?P<n>1st|2nd)\b(?! of| at|,? \d)")
""" "1st works", of two times."""


def chosen(words: str, offered: Sequence[datetime], timezone: str, *, today: date) -> int | None:
    """Which of the times on offer is meant; None when it cannot be told, -1 when none of them is."""
    text = " ".join(words.lower().strip(" .!,").split())
    policy = appointments()
    if not offered or not text:
        return None
    if has(text, policy.neither):
        return -1
    place = _PLACE.match(text)
    if place and not any(start.astimezone(ZoneInfo(timezone)).day == int(place["n"][0]) for start in offered):
        return min(int(place["n"][0]), len(offered)) - 1
    wish = understood(text, today=today)
    bounded = wish.after or wish.before
    if wish.days or wish.part or wish.at or wish.on or bounded:
        fitting = [n for n, start in enumerate(offered) if _meant(start, wish, timezone)]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            return -1
    if wish.not_before or wish.unless or wish.not_on:
        return -1
    hours = [n for n, start in enumerate(offered) if _hour_said(text, start, timezone)]
    if len(hours) == 1:
        return hours[0]
    if has(text, policy.second) and len(offered) > 1:
        return 1
    if has(text, policy.first):
        return 0
    return None


def _hour_said(text: str, start: datetime, timezone: str) -> bool:
    """ "Nine works": the hour alone names a time. "One" mostly counts something else."""
    hour = start.astimezone(ZoneInfo(timezone)).hour % 12 or 12
    word = NUMBERS[hour - 1]
    if re.search(rf"(?<![\d:]){hour}:?{start.astimezone(ZoneInfo(timezone)):%M}(?!\d)", text):
        return True
    return (hour > 1 and has(text, (word, str(hour)))) or text in (word, str(hour))


def agrees(words: str) -> bool:
    """Whether the one time on offer is taken: "yes", "that works"."""
    return has(" ".join(words.lower().split()), appointments().agree)


def _meant(start: datetime, wish: Wish, timezone: str) -> bool:
    local = start.astimezone(ZoneInfo(timezone))
    same_clock = wish.at is None or (local.hour, local.minute) == (wish.at.hour, wish.at.minute)
    return same_clock and suits(start, replace(wish, at=None), timezone)
