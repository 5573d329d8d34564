"""Clock times in speech: "half past two", "9:30", "nine oh five", "noon", "1430 hours", "5 p.m."

Minutes since midnight throughout; 1440 is midnight as the end of a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.understanding.numbers import fold, to_digits

DAY = 1440
NOON = 720

_AP = (
    r"(?:\s*-?\s*(?P<ap>[ap])(?:\s?m)?(?![a-z'])|\s*(?P<part>in the morning|in the afternoon|in the "
    r"evening|at night|"
    r"tonight|this morning|this afternoon|this evening|noon(?!\s*(?:to|until|till)\b)|morning|"
    r"afternoon|evening))?"
)
TIME = re.compile(
    r"(?<![\w$:/])(?<!\d[.,])(?:"
    r"(?P<word>12 noon|high noon|noon(?:time)?|midday|mid-day|12 midnight|midnight)(?!\w)"
    r"|(?P<frac>half|quarter|\d{1,2}(?: minutes?)?)(?: an hour)? (?:past|after) (?P<ph>\d{1,2}|noon|"
    r"midnight)(?!\d)"
    r"|(?P<before>quarter|\d{1,2}(?: minutes?)?) (?:to|till|until|before|of) (?P<bh>\d{1,2}|noon|"
    r"midnight)(?![\d:])"
    r"|(?P<compact>0?[1-9][0-5]\d|1\d[0-5]\d|2[0-3][0-5]\d|0[0-9][0-5]\d)(?P<mil>\s?(?:hours|hrs|"
    r"h)(?!\w))?(?!\d)"
    r"|(?P<h>[01]?\d|2[0-4])(?:(?P<sep>[:.h])(?P<m>[0-5]\d)(?![\d])| (?:oh|o) (?P<m1>[1-9])(?!\d)| "
    r"(?P<m2>[0-5]\d)(?![\d:])|(?!\d|[.,:/]\d))"
    r"(?:\s*o'? ?clock)?"
    r")" + _AP
)


@dataclass(frozen=True, slots=True)
class Clock:
    """One time as it was said. ``minutes`` counts in 12-hour reading (0..719) unless ``sure``.

    ``sure`` when the half of the day is known: a.m./p.m., noon, or a 24-hour form.
    ``day24`` when it can only be a 24-hour clock (14:00); ``digits`` when written like 9:00.
    """

    minutes: int
    sure: bool
    start: int
    end: int
    day24: bool = False
    plain: bool = False


def normal(text: str) -> str:
    """Text with spoken numbers as digits and "a.m." as "am", ready for ``TIME``; lower case."""
    said = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", fold(text))
    said = re.sub(r"\b(?:quarter)s? (?=(?:past|after|to|till|of|before)\b)", "quarter ", said)
    said = re.sub(r"\ba quarter\b", "quarter", said)
    said = re.sub(
        r"(?<=[a-z])-(?=(?:ten|fifteen|twenty|thirty|forty|fifty|past|oh|o'clock|o clock)\b)", " ", said
    )
    # "half past" must not become a fraction, and "second" is no clock word
    said = to_digits(re.sub(r"\bseconds?\b", " ", said))
    said = re.sub(r"\boh (\d{3})\b", r"0\1", said)
    return re.sub(r"\boh (\d)(?= hundred)", r"0\1", said)


def _read(match: re.Match[str], *, before: bool) -> Clock | None:
    word = match["word"]
    period = match["ap"] or ""
    part = match["part"] or ""
    if part:
        period = "a" if "morning" in part else "p"
    if word:
        minutes = 0 if "midnight" in word else NOON
        return Clock(minutes, True, match.start(), match.end())
    day24 = False
    if match["frac"] or match["before"]:
        if match["before"] and not before and match["before"] != "quarter":
            return None
        amount = match["frac"] or match["before"]
        shift = 30 if amount == "half" else 15 if amount == "quarter" else int(re.sub(r"\D", "", amount))
        if shift > 59:
            return None
        base = match["ph"] or match["bh"]
        if base in {"noon", "midnight"}:
            total = (NOON if base == "noon" else 0) + (shift if match["frac"] else -shift)
            return Clock(total % DAY, True, match.start(), match.end())
        hour = int(base)
        if hour > 24:
            return None
        total = (hour % 24) * 60 + (shift if match["frac"] else -shift)
        day24 = hour > 12
        minutes = total % DAY
    elif match["compact"]:
        digits = match["compact"].zfill(4)
        hour, minute = int(digits[:2]), int(digits[2:])
        day24 = hour > 12 or bool(match["mil"]) or match["compact"].startswith("0")
        minutes = (hour * 60 + minute) % DAY
    else:
        hour = int(match["h"])
        minute = int(match["m"] or match["m1"] or match["m2"] or 0)
        if hour == 24 and minute:
            return None
        day24 = hour > 12 or match["h"] in {"00"} or (match["h"].startswith("0") and len(match["h"]) == 2)
        minutes = (hour * 60 + minute) % DAY if hour != 24 else DAY
    plain = bool(match["h"]) and not (
        match["m"] or match["m1"] or match["m2"] or period or "clock" in match.group()
    )
    end = match.end()
    if period and not (day24 and minutes >= NOON + 60):
        half = minutes % NOON
        minutes = half + (NOON if period == "p" else 0)
        if "night" in part and half < 4 * 60:
            minutes = half
        return Clock(minutes, True, match.start(), end)
    if day24:
        return Clock(minutes, True, match.start(), end, day24=True)
    return Clock(minutes % NOON, False, match.start(), end, plain=plain)


def find_times(said: str, *, before: bool = False) -> Iterator[Clock]:
    """The clock times in a text already made ``normal``.

    ``before`` reads "ten to two" as 1:50; without it (hours of a week) it is left to be a range.
    """
    at = 0
    while at < len(said):
        match = TIME.search(said, at)
        if match is None:
            return
        clock = _read(match, before=before)
        if clock is None and match["before"]:
            # not "ten to two" o'clock: read the first number alone
            head = TIME.match(said[: match.end("before")], match.start())
            clock = _read(head, before=False) if head and not head["before"] else None
        if clock is None or clock.end <= at:
            at = match.start() + 1
            continue
        yield clock
        at = clock.end


def business(minutes: int) -> int:
    """The likelier half of the day for a bare 12-hour time: 7:00-11:59 morning, 12:00-6:59 afternoon."""
    return minutes if 7 * 60 <= minutes < NOON else minutes + NOON


def _later(minutes: int, start: int) -> int:
    """The first reading of a bare 12-hour time after ``start``; the next day's when there is none."""
    for candidate in (minutes, minutes + NOON, minutes + DAY):
        if candidate > start:
            return candidate
    return minutes + DAY


def resolve(first: Clock, last: Clock) -> tuple[int, int]:
    """The span two clock times mean together, in minutes; an end beyond 1440 is on the next day.

    Bare hours are read as an office would: "nine to six" 9-18, "ten to two" 10-14, "one to five"
    13-17, "seven to three" 7-15. A bare span of at most an hour is taken to the evening ("eight to
    nine" is 8-21) unless that ends after ten at night.
    """
    start, end = first.minutes, last.minutes
    if first.sure and last.sure:
        if first.day24 and not last.day24 and end <= start and last.minutes < NOON:
            return start, end + DAY if end else DAY
        return start, end if end > start else end + DAY
    if first.sure:
        return start, (_later(end, start) if start % NOON != end % NOON else start + NOON)
    if last.sure:
        end = end or DAY
        options = [start, start + NOON]
        if last.day24 and not first.sure:
            return (start, end) if start < end else (start, end + DAY)
        early = 0 < start < 7 * 60 or start < 60
        preferred = options[1] if early and NOON < end <= DAY else options[0] if start >= 60 else options[1]
        fitting = [o for o in (preferred, *options) if o < end]
        return (fitting[0], end) if fitting else (options[1], end + DAY)
    begin = start if 6 * 60 <= start < NOON else start + NOON
    finish = _later(end, begin)
    if finish - begin <= 60 and finish + NOON <= 22 * 60:
        finish += NOON
    return begin, finish


def canonical(minutes: int) -> str:
    """ "HH:MM"; 1440 is "24:00"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(text: object) -> int | None:
    """Minutes of a canonical "HH:MM" (00:00 to 24:00); None when it is not one."""
    match = re.fullmatch(r"(\d{2}):([0-5]\d)", text, re.ASCII) if isinstance(text, str) else None
    total = int(match[1]) * 60 + int(match[2]) if match else DAY + 1
    return total if total <= DAY else None
