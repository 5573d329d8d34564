"""Calendar dates in speech: "next Tuesday", "the first of January", "in two weeks", "end of the month".

Everything is relative to a ``today`` that is passed in, so the same words always give the same date
in a test. A day without a year is the next one to come, unless ``past`` is asked for.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from agent.understanding.base import SlotContext
from agent.understanding.numbers import fold, to_digits
from agent.understanding.spoken import MONTHS, WEEKDAYS

_DATA = Path(__file__).parent / "data" / "dates.yaml"


@dataclass(frozen=True, slots=True)
class When:
    """A date found: the day, where it stands in the normalised text, how sure (0..1).

    ``days`` is how many days wide the words are (1 for a day, about 30 for "next month").
    """

    day: date
    start: int
    end: int
    sure: float = 1.0
    days: int = 1


def today_of(ctx: SlotContext) -> date:
    """Today where the office is: ``ctx.now`` in ``facts["timezone"]`` (UTC when that is unknown)."""
    now = ctx.now or datetime.now(UTC)
    zone = ctx.facts.get("timezone")
    try:
        return now.astimezone(ZoneInfo(zone) if isinstance(zone, str) and zone else UTC).date()
    except (KeyError, ValueError, OSError):
        return now.date()


def normal(text: str) -> str:
    """Text for ``find_dates``: lower case, spoken numbers and ordinals in digits, years joined."""
    said = to_digits(re.sub(r"\bseconds?\b(?= (?:thought|one|option))", "x", fold(text)))
    said = re.sub(r"\b(19|20) (\d{2})\b(?! ?(?:st|nd|rd|th|:))", r"\1\2", said)
    return re.sub(r"\b(19|20) (?:oh|o) (\d)\b", r"\g<1>0\2", said)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, count: int) -> date:
    """The same day ``count`` months on, or the last day of that month."""
    total = day.year * 12 + day.month - 1 + count
    year, month = divmod(total, 12)
    if not 1 <= year <= 9998:
        return day
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def _weekday(name: str) -> int:
    return next(i for i, full in enumerate(WEEKDAYS) if full.startswith(name[:3]))


def _month(name: str) -> int:
    return next(i for i, full in enumerate(MONTHS, 1) if full.startswith(name[:3]))


def _dated(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    value = int(text)
    return value + (2000 if value < 70 else 1900) if value < 100 else value


def _coming(month: int, day: int, today: date, past: bool) -> date | None:
    """That day of that month, the nearest one in the wanted direction."""
    years = (
        (today.year, today.year - 1, today.year - 4) if past else (today.year, today.year + 1, today.year + 4)
    )
    found = [d for d in (_dated(y, month, day) for y in years) if d is not None]
    return next((d for d in found if (d <= today if past else d >= today)), None)


@cache
def _pattern() -> dict[str, re.Pattern[str]]:
    raw = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    parts: dict[str, str] = raw["parts"]
    filled = {
        name: re.sub(r"%(\w+)%", lambda m: parts[m.group(1)], text) for name, text in raw["patterns"].items()
    }
    return {name: re.compile(rf"(?<![\w$/.-])(?:{text})(?![\w'])") for name, text in filled.items()}


def _holiday(name: str, today: date, past: bool) -> date | None:
    raw = yaml.safe_load(_DATA.read_text(encoding="utf-8"))["holidays"]
    month, day, nth, weekday = next(row[1:] for row in raw if re.fullmatch(row[0], name))
    years = (today.year, today.year - 1) if past else (today.year, today.year + 1)
    for year in years:
        if nth:
            first = date(year, month, 1)
            days = [first + timedelta(days=i) for i in range(calendar.monthrange(year, month)[1])]
            matching = [d for d in days if d.weekday() == weekday]
            found = matching[nth - 1] if nth > 0 else matching[-1]
        else:
            found = date(year, month, day)
        if found <= today if past else found >= today:
            return found
    return None


def _relative_day(match: re.Match[str], today: date, past: bool) -> When | None:
    words = match["word"]
    offset = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}.get(words)
    if offset is None:
        offset = 2 if "after" in words else -2 if "before" in words else 0
    return When(_shift(today, offset), *match.span())


def _weekday_named(match: re.Match[str], today: date, past: bool) -> When | None:
    ahead = (_weekday(match["day"]) - today.weekday()) % 7
    which = (match["which"] or "").strip()
    later = (match["later"] or match["pre"] or "").strip()
    if past and not later and which != "next":
        return When(_shift(today, -((7 - ahead) % 7 or 7) if which == "last" or ahead else 0), *match.span())
    if which == "last":
        return When(_shift(today, -((7 - ahead) % 7 or 7)), *match.span())
    if later in {"next week", "week"}:
        # the one in the next calendar week, or a week after the coming one ("Tuesday week")
        days = 7 - today.weekday() + _weekday(match["day"]) if later == "next week" else ahead + 7
        return When(_shift(today, days), *match.span())
    if later == "this week":
        return When(_shift(today, _weekday(match["day"]) - today.weekday()), *match.span())
    if which == "next":
        # said of a day this week most people mean the week after; from Friday on it is the coming one
        days = ahead or 7
        same_week = _weekday(match["day"]) > today.weekday()
        return When(
            _shift(today, days + 7 if same_week else days), *match.span(), sure=0.7 if same_week else 1.0
        )
    if match["weeks"]:
        count = 2 if match["weeks"].startswith("2") else 1
        return When(_shift(today, ahead + 7 * count), *match.span())
    return When(_shift(today, ahead or (0 if which == "this" else 7)), *match.span())


_UNIT = {"day": 1, "week": 7, "fortnight": 14}


def _ahead(match: re.Match[str], today: date, past: bool) -> When | None:
    words = match["n"]
    count = (
        2.0
        if "couple" in words
        else 3.0
        if "few" in words
        else 4.0
        if "several" in words
        else 0.5
        if "half" in words
        else 0.0
    )
    if not count:
        count = float(words) if words[0].isdigit() else 1.0
    unit = match["unit"]
    back = bool(re.search(r"\bago\b", match.group()))
    vague = 0.6 if re.search(r"few|several|half", words) else 1.0
    if count > 5000:
        return None
    sign = -1 if back else 1
    if unit in _UNIT:
        return When(
            _shift(today, sign * int(count * _UNIT[unit])), *match.span(), sure=vague, days=_UNIT[unit]
        )
    months = count * (12 if unit == "year" else 1)
    day = add_months(today, sign * int(months))
    return When(
        _shift(day, sign * int((months % 1) * 30)),
        *match.span(),
        sure=vague,
        days=30 if unit == "month" else 365,
    )


def _period(match: re.Match[str], today: date, past: bool) -> When | None:
    """ "The end of next month", "the beginning of the year", "next week", "this weekend"."""
    unit, which = match["unit"], (match["which"] or "this").strip()
    edge = match["edge"] or ""
    step = {"next": 1, "last": -1, "following": 1, "coming": 1}.get(which, 0)
    if unit == "weekend":
        saturday = _shift(today, (5 - today.weekday()) % 7 if today.weekday() < 6 else -1)
        return When(_shift(saturday, 7 * step), *match.span(), days=2)
    if unit == "week":
        monday = _shift(today, 7 * step - today.weekday())
        day = _shift(monday, 4 if edge == "end" else 2 if edge == "mid" else 0)
        if not edge and not step:
            day = today
        return When(day, *match.span(), sure=1.0 if edge else 0.6, days=1 if edge else 7)
    if unit == "month":
        first = add_months(today.replace(day=1), step)
        day = _month_end(first) if edge == "end" else first.replace(day=15) if edge == "mid" else first
        if not edge:
            # "next month" without a day is the same day of that month, to be read back
            day = add_months(today, step)
        return When(
            day,
            *match.span(),
            sure=1.0 if edge in {"end", "first"} else 0.8 if edge else 0.6,
            days=1 if edge else 30,
        )
    year = today.year + step
    if not 1 < year < 9998:
        return None
    day = date(year, 12, 31) if edge == "end" else date(year, 7, 1) if edge == "mid" else date(year, 1, 1)
    if not edge:
        day = add_months(today, 12 * step)
    return When(day, *match.span(), sure=1.0 if edge in {"end", "first"} else 0.5, days=1 if edge else 365)


def _month_day(match: re.Match[str], today: date, past: bool) -> When | None:
    month, day = _month(match["month"]), int(match["day"])
    if match["year"]:
        found = _dated(_year(match["year"]), month, day)
    else:
        found = _coming(month, day, today, past)
    return When(found, *match.span()) if found else None


def _month_only(match: re.Match[str], today: date, past: bool) -> When | None:
    month, edge = _month(match["month"]), match["edge"] or ""
    if not edge and not match["lead"] and not match["year"]:
        return None
    year = _year(match["year"]) if match["year"] else today.year + (month < today.month)
    if not match["year"] and past and date(year, month, 1) > today:
        year -= 1
    if match["which"] and match["which"].strip() == "next" and month == today.month:
        year += 1
    if not 1 <= year <= 9999:
        return None
    first = date(year, month, 1)
    day = _month_end(first) if edge in {"end", "late"} else first.replace(day=15) if edge == "mid" else first
    if day < today and not match["year"] and not past and not edge:
        day = today
    return When(
        day,
        *match.span(),
        sure=1.0 if edge in {"end", "first"} else 0.8 if edge else 0.6,
        days=1 if edge else 30,
    )


def _day_only(match: re.Match[str], today: date, past: bool) -> When | None:
    day = int(match["day"])
    which = (match["which"] or "").strip()
    if not 1 <= day <= 31:
        return None
    if which in {"next month", "the next month", "the following month"}:
        base = add_months(today.replace(day=1), 1)
        found = _dated(base.year, base.month, day)
        return When(found, *match.span()) if found else None
    base = today.replace(day=1)
    for step in range(0, 4):
        month = add_months(base, -step if past else step)
        found = _dated(month.year, month.month, day)
        if found and (which or (found <= today if past else found >= today)):
            return When(found, *match.span())
    return None


def _numeric(match: re.Match[str], today: date, past: bool) -> When | None:
    if match["iso"]:
        year, month, day = (int(part) for part in re.split(r"[-/.]", match["iso"]))
        found = _dated(year, month, day)
    else:
        month, day = int(match["m"]), int(match["d"])
        if month > 12 >= day:
            month, day = day, month
        found = _dated(_year(match["y"]), month, day) if match["y"] else None
        if not match["y"] and 1 <= month <= 12:
            found = _coming(month, day, today, past)
    return When(found, *match.span()) if found else None


def _named_holiday(match: re.Match[str], today: date, past: bool) -> When | None:
    found = _holiday(match["name"], today, past)
    return When(found, *match.span()) if found else None


_READERS: tuple[tuple[str, Callable[[re.Match[str], date, bool], When | None]], ...] = (
    ("numeric", _numeric),
    ("month_day", _month_day),
    ("day_month", _month_day),
    ("holiday", _named_holiday),
    ("relative", _relative_day),
    ("weekday", _weekday_named),
    ("ahead", _ahead),
    ("day_of", _day_only),
    ("period", _period),
    ("month", _month_only),
    ("day", _day_only),
)


def find_dates(said: str, today: date, *, past: bool = False) -> Iterator[When]:
    """The dates in a text already made ``normal``, left to right, surest reading of each place."""
    found: list[When] = []
    for name, read in _READERS:
        for match in _pattern()[name].finditer(said):
            if any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            when = read(match, today, past)
            if when is not None:
                found.append(when)
    yield from sorted(found, key=lambda w: w.start)


def wrong_weekday(words: str, day: date) -> str | None:
    """The weekday said together with a date that falls on another one ("Tuesday the 30th"); None if it fits."""
    said = re.search(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b", words)
    if said is None or _weekday(said.group()) == day.weekday():
        return None
    return said.group()
