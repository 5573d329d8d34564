"""Opening hours in speech: which days, which hours, in whatever order they are said.

The text is cut into day words, hours and "closed"; then the cheapest way to pair them wins, so that
"nine to six Monday through Friday, Saturday ten to two, closed Sunday" and its mirror images all
come out the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations

from agent.understanding.times import DAY, NOON, Clock, canonical, normal, resolve
from agent.understanding.week_words import DAYS, WEEKDAYS, Span, Token, Value, tokens_of

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Week = dict[str, list[list[str]]]


@dataclass(slots=True)
class Hours:
    """What was said: ``week`` for the days that were named, ``loose`` hours that no day was said for.

    ``changes`` are new opening or closing times for days whose hours were not said ("Friday till four");
    ``used`` the places of it all in ``said``, the normalised text.
    """

    week: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    changes: dict[str, Value] = field(default_factory=dict)
    loose: Value | None = None
    used: list[tuple[int, int]] = field(default_factory=list)
    said: str = ""


_APART = {"strong": -0.6, "but": -0.3, "comma": -0.2, "and": 0.0, "": 0.8}


def _pair(tokens: Sequence[Token]) -> list[tuple[list[Token], list[Token]]]:
    """The cheapest cut of the tokens into clauses of (days, values)."""

    def multi(values: Sequence[Token], days_first: bool) -> bool:
        """Only spans that follow one another can stand together on one day.

        After the day, "and" joins what overlaps too, so that the caller hears of it.
        """
        spans = [span for v in values for span in (v.value.spans if v.value else ())]
        follow = all(b[0] >= a[1] or b[1] <= a[0] for a, b in combinations(spans, 2))
        joined = days_first and any(v.gap == "and" for v in values[1:])
        return len(values) == 1 or (len(spans) >= len(values) and (follow or joined))

    @cache
    def best(i: int) -> tuple[float, tuple[tuple[int, int, int], ...]]:
        if i >= len(tokens):
            return 0.0, ()
        options: list[tuple[float, tuple[tuple[int, int, int], ...]]] = []
        apart = _APART[tokens[i].gap] if i else 0.0
        rest, cuts = best(i + 1)
        lone = 4.0 if tokens[i].kind == "value" else 5.0
        options.append((lone + apart + rest, ((i, i + 1, 0), *cuts)))
        kind = tokens[i].kind
        mid = i
        while mid < len(tokens) and tokens[mid].kind == kind and mid - i < 8:
            mid += 1
            end = mid
            while end < len(tokens) and tokens[end].kind != kind and end - mid < 8:
                end += 1
                values = tokens[i:mid] if kind == "value" else tokens[mid:end]
                if multi(values, kind == "day"):
                    rest, cuts = best(end)
                    options.append((1.0 + apart + rest, ((i, end, mid), *cuts)))
        return min(options, key=lambda o: (o[0], len(o[1])))

    clauses = []
    for i, end, _mid in best(0)[1]:
        part = tokens[i:end]
        clauses.append(([t for t in part if t.kind == "day"], [t for t in part if t.kind == "value"]))
    return clauses


def _spans(values: Sequence[Token]) -> Value:
    if len(values) == 1 and values[0].value is not None:
        return values[0].value
    spans: list[Span] = []
    for value in (v.value for v in values if v.value):
        for start, end in value.spans:
            # "nine to five and six to eight": what follows is later in the day
            follows = value.bare and spans and start < spans[-1][1] <= start + NOON and end + NOON <= DAY
            spans.append((start + NOON, end + NOON) if follows else (start, end))
    return Value(spans=tuple(sorted(spans)))


def read_hours(text: str) -> Hours:
    """Everything the text says about opening hours; nothing in it is an empty ``Hours``."""
    said = re.sub(r"(?<=\d) (?:2|too) (?=\d{1,2}(?!\d))", " to ", normal(text))
    tokens = tokens_of(said)[:60]
    hours = Hours(said=said)
    told: list[tuple[tuple[str, ...], Value]] = []
    later: list[tuple[tuple[str, ...], Value]] = []
    last: Value | None = None
    for days, values in _pair(tuple(tokens)):
        hours.used += [(t.start, t.end) for t in (*days, *values)]
        if not values:
            continue
        value = _spans(values)
        if value.same:
            value = last or value
        elif value.spans:
            last = value
        if not days:
            hours.loose = value
            continue
        named = tuple(d for token in days for d in token.days)
        if "rest" in named:
            later.append((named, value))
        else:
            told.append((named, value))
    for named, value in sorted(told, key=lambda one: -len(one[0])):  # a day by itself is the exception
        _assign(hours, named, value)
    for which, value in later:
        _assign(hours, [d for d in DAYS if d not in hours.week or d in which], value)
    if hours.loose is not None and (hours.week or hours.changes) and hours.loose.spans:
        free = [d for d in WEEKDAYS if d not in hours.week] or [d for d in DAYS if d not in hours.week]
        hours.week |= dict.fromkeys(free, hours.loose.spans)
        hours.loose = None
    for day, change in list(hours.changes.items()):
        _assign(hours, [day], change)
    return hours


def _assign(hours: Hours, days: Iterable[str], value: Value) -> None:
    for day in days:
        if value.opens or value.closes or value.same:
            base = hours.week.get(day) or next((s for s in hours.week.values() if s), None)
            shifted = shift(base, value) if base else None
            if shifted is None:
                hours.changes[day] = value
                continue
            hours.week[day] = shifted
        else:
            hours.week[day] = value.spans
        hours.changes.pop(day, None)


def shift(spans: tuple[Span, ...], value: Value) -> tuple[Span, ...] | None:
    """The spans with a new opening or closing time; None when that leaves nothing."""
    if value.same:
        return spans
    if not spans:
        return None
    (start, _), (_, end) = spans[0], spans[-1]
    if value.closes is not None:
        end = resolve(Clock(start, True, 0, 0), value.closes)[1]
        kept = [s for s in spans if s[0] < end]
        return (*kept[:-1], (kept[-1][0], end)) if kept else None
    if value.opens is not None:
        clock = value.opens
        start = clock.minutes if clock.sure or clock.minutes >= 360 else clock.minutes + 720
        kept = [s for s in spans if s[1] > start]
        return ((start, kept[0][1]), *kept[1:]) if kept else None
    return spans


def overnight(week: Mapping[str, tuple[Span, ...]]) -> Week:
    """The canonical week: what runs past midnight is carried to the next day, days not named are closed."""
    spans: dict[str, list[Span]] = {day: [] for day in DAYS}
    for day, of_day in week.items():
        for start, end in of_day:
            if end > DAY:
                spans[day].append((start, DAY))
                spans[DAYS[(DAYS.index(day) + 1) % 7]].append((0, min(end - DAY, start)))
            else:
                spans[day].append((start, end))
    return {day: [[canonical(a), canonical(b)] for a, b in sorted(of_day)] for day, of_day in spans.items()}
