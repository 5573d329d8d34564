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
from pathlib import Path

import yaml

from agent.understanding.times import DAY, NOON, Clock, canonical, find_times, normal, resolve

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = DAYS[:5]
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Span = tuple[int, int]
Week = dict[str, list[list[str]]]

_DATA = Path(__file__).parent / "data" / "week.yaml"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The compiled patterns of ``data/week.yaml`` in the order they are tried."""
    raw = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    parts: dict[str, str] = raw["parts"]
    fill = {
        name: re.sub(r"%(\w+)%", lambda m: parts[m.group(1)], text) for name, text in raw["patterns"].items()
    }
    return {name: re.compile(text) for name, text in fill.items()}


_KINDS = (
    *("allday", "rest", "every", "weekday", "weekend", "days", "letters", "day"),
    *("except", "closed", "same", "usual"),
)


@dataclass(frozen=True, slots=True)
class Value:
    """Hours without days: spans in minutes; or only a new opening or closing time; or another's ("same").

    ``bare``: no half of the day was said with the spans.
    """

    spans: tuple[Span, ...] = ()
    opens: Clock | None = None
    closes: Clock | None = None
    same: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    start: int
    end: int
    days: tuple[str, ...] = ()
    value: Value | None = None
    gap: str = ""


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


def day_of(name: str) -> str | None:
    """The canonical day of a name or a short form."""
    short = {"m": "mon", "t": "tue", "w": "wed", "r": "thu", "f": "fri", "wen": "wed"}
    low = name.lower().strip(".")
    if low in short:
        return short[low]
    return next(
        (d for d in DAYS if low[:3] == d or (len(low) == 2 and d.startswith(low))), short.get(low[:3])
    )


def run_of_days(first: str, last: str) -> tuple[str, ...]:
    """Every day from the first to the last, round the week's end if need be."""
    i, j = DAYS.index(first), DAYS.index(last)
    return DAYS[i : j + 1] if i <= j else DAYS[i:] + DAYS[: j + 1]


def _days(kind: str, match: re.Match[str]) -> tuple[str, ...]:
    if kind == "every":
        return DAYS
    if kind == "weekday":
        return WEEKDAYS
    if kind == "weekend":
        return DAYS[5:]
    if kind == "letters":
        text = match["mwf"].replace("/", "").replace("-", "")
        return {"mwf": ("mon", "wed", "fri"), "mtwthf": WEEKDAYS, "mtwrf": WEEKDAYS}.get(text, ("tue", "thu"))
    if kind == "days":
        first, last = day_of(match["a"] or match["al"]), day_of(match["b"] or match["bl"])
        return run_of_days(first, last) if first and last else ()
    if kind == "day":
        one = day_of(match["a"])
        return (one,) if one else ()
    return ()


def _gap(text: str) -> str:
    found = {m.lastgroup or "" for m in _patterns()["gap"].finditer(text)}
    return next((kind for kind in ("strong", "but", "comma", "and") if kind in found), "")


def _tokens(said: str) -> list[_Token]:
    """Day words, closed words and hours, left to right, each with the kind of gap before it."""
    raw: list[_Token] = []
    taken: list[tuple[int, int]] = []
    for kind in _KINDS:
        for match in _patterns()[kind].finditer(said):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            days = _days(kind, match)
            if kind == "days" and not days:
                continue
            raw.append(_Token(kind, match.start(), match.end(), days))
            taken.append(match.span())
    clocks = [c for c in find_times(said) if not any(c.start < e and s < c.end for s, e in taken)]
    raw += _values(said, clocks)
    raw.sort(key=lambda t: t.start)
    tokens: list[_Token] = []
    at = 0
    for token in raw:
        tokens.append(
            _Token(token.kind, token.start, token.end, token.days, token.value, _gap(said[at : token.start]))
        )
        at = token.end
    return _settle(tokens, said)


def _values(said: str, clocks: Sequence[Clock]) -> Iterable[_Token]:
    i = 0
    while i < len(clocks):
        first = clocks[i]
        following = clocks[i + 1] if i + 1 < len(clocks) else None
        if following is not None and _patterns()["to"].fullmatch(said[first.end : following.start]):
            span = resolve(first, following)
            bare = not first.sure and not following.sure
            yield _Token("value", first.start, following.end, value=Value(spans=(span,), bare=bare))
            i += 2
            continue
        before = said[max(0, first.start - 30) : first.start]
        if end := _patterns()["closes"].search(before):
            yield _Token("value", first.start - len(end.group()), first.end, value=Value(closes=first))
        elif start := _patterns()["opens"].search(before):
            yield _Token("value", first.start - len(start.group()), first.end, value=Value(opens=first))
        i += 1


def _settle(tokens: list[_Token], said: str) -> list[_Token]:
    """Turn helper words into day and value tokens: "except", "closed", "all day", "same", "the rest"."""
    out: list[_Token] = []
    for i, token in enumerate(tokens):
        kind = token.kind
        if kind == "closed":
            bare = said[token.start : token.end] in {"no", "not", "never", "nothing", "none", "nobody"}
            follows = i + 1 < len(tokens) and bool(tokens[i + 1].days) and not tokens[i + 1].gap
            leads = bool(out) and out[-1].kind == "day" and said[token.start : token.end] != "no"
            if bare and not (follows or (leads and token.gap == "")):
                continue
            value = Value(spans=())
            out.append(_Token("value", token.start, token.end, value=value, gap=token.gap))
        elif kind == "allday":
            out.append(_Token("value", token.start, token.end, value=Value(spans=((0, DAY),)), gap=token.gap))
            if "7" in said[token.start : token.end]:
                out.append(_Token("day", token.end, token.end, DAYS))
        elif kind == "same":
            out.append(_Token("value", token.start, token.end, value=Value(same=True), gap=token.gap))
        elif kind == "usual":
            out.append(_Token("day", token.start, token.start, WEEKDAYS, gap=token.gap))
            out.append(_Token("value", token.start, token.end, value=Value(spans=((540, 1020),))))
        elif kind == "except":
            j = i + 1
            while j < len(tokens) and tokens[j].days and tokens[j].gap != "strong":
                j += 1
            closes = j == len(tokens) or tokens[j].kind == "except" or tokens[j].gap in {"strong", "comma"}
            if j > i + 1 and closes:
                out.append(_Token("value", token.start, token.end, value=Value(spans=()), gap="strong"))
        elif kind == "rest":
            out.append(_Token("day", token.start, token.end, ("rest",), gap=token.gap))
        elif token.days:
            out.append(_Token("day", token.start, token.end, token.days, gap=token.gap))
        elif token.value is not None:
            out.append(token)
    return out


_INSIDE = {"strong": 2.5, "but": 1.5, "comma": 0.6, "and": 1.0, "": 0.0}
_APART = {"strong": -0.6, "but": -0.3, "comma": -0.2, "and": 0.0, "": 0.8}


def _pair(tokens: Sequence[_Token]) -> list[tuple[list[_Token], list[_Token]]]:
    """The cheapest cut of the tokens into clauses of (days, values)."""

    def inside(i: int, j: int) -> float:
        total = 0.0
        for k in range(i + 1, j):
            left, right = tokens[k - 1], tokens[k]
            if left.kind == right.kind == "day":
                total += {"strong": 2.0, "but": 1.0}.get(right.gap, 0.0)
            elif left.kind == right.kind:
                total += {"strong": 2.5, "but": 2.0, "comma": 0.9, "and": 0.3, "": 0.9}[right.gap]
            else:
                total += _INSIDE[right.gap]
        return total

    def multi(values: Sequence[_Token]) -> bool:
        """Only plain spans can stand together on one day."""
        return len(values) == 1 or all(
            v.value and v.value.spans and v.value.spans[0][1] < DAY * 2 for v in values
        )

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
                if multi(values):
                    rest, cuts = best(end)
                    options.append((1.0 + apart + inside(i, end) + rest, ((i, end, mid), *cuts)))
        return min(options, key=lambda o: (o[0], len(o[1])))

    clauses = []
    for i, end, _mid in best(0)[1]:
        part = tokens[i:end]
        clauses.append(([t for t in part if t.kind == "day"], [t for t in part if t.kind == "value"]))
    return clauses


def _spans(values: Sequence[_Token]) -> Value:
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
    tokens = _tokens(said)[:60]
    hours = Hours(said=said)
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
