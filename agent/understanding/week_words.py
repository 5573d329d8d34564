"""The words of opening hours: days, spans of time, "closed", "the rest", and what lies between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from agent.understanding.times import DAY, Clock, find_times, resolve

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = DAYS[:5]
Span = tuple[int, int]

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
class Token:
    """One day word or one value, with its place and the kind of gap before it."""

    kind: str
    start: int
    end: int
    days: tuple[str, ...] = ()
    value: Value | None = None
    gap: str = ""


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


def tokens_of(said: str) -> list[Token]:
    """Day words, closed words and hours, left to right, each with the kind of gap before it."""
    raw: list[Token] = []
    taken: list[tuple[int, int]] = []
    for kind in _KINDS:
        for match in _patterns()[kind].finditer(said):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            days = _days(kind, match)
            if kind == "days" and not days:
                continue
            raw.append(Token(kind, match.start(), match.end(), days))
            taken.append(match.span())
    clocks = [c for c in find_times(said) if not any(c.start < e and s < c.end for s, e in taken)]
    raw += _values(said, clocks)
    raw.sort(key=lambda t: t.start)
    tokens: list[Token] = []
    at = 0
    for token in raw:
        tokens.append(
            Token(token.kind, token.start, token.end, token.days, token.value, _gap(said[at : token.start]))
        )
        at = token.end
    return _settle(tokens, said)


def _values(said: str, clocks: Sequence[Clock]) -> Iterable[Token]:
    i = 0
    while i < len(clocks):
        first = clocks[i]
        following = clocks[i + 1] if i + 1 < len(clocks) else None
        if following is not None and _patterns()["to"].fullmatch(said[first.end : following.start]):
            span = resolve(first, following)
            bare = not first.sure and not following.sure
            yield Token("value", first.start, following.end, value=Value(spans=(span,), bare=bare))
            i += 2
            continue
        before = said[max(0, first.start - 30) : first.start]
        if end := _patterns()["closes"].search(before):
            yield Token("value", first.start - len(end.group()), first.end, value=Value(closes=first))
        elif start := _patterns()["opens"].search(before):
            yield Token("value", first.start - len(start.group()), first.end, value=Value(opens=first))
        i += 1


def _settle(tokens: list[Token], said: str) -> list[Token]:
    """Turn helper words into day and value tokens: "except", "closed", "all day", "same", "the rest"."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        kind = token.kind
        if kind == "closed":
            bare = said[token.start : token.end] in {"no", "not", "never", "nothing", "none", "nobody"}
            follows = i + 1 < len(tokens) and bool(tokens[i + 1].days) and not tokens[i + 1].gap
            leads = bool(out) and out[-1].kind == "day" and said[token.start : token.end] != "no"
            if bare and not (follows or (leads and token.gap == "")):
                continue
            value = Value(spans=())
            out.append(Token("value", token.start, token.end, value=value, gap=token.gap))
        elif kind == "allday":
            out.append(Token("value", token.start, token.end, value=Value(spans=((0, DAY),)), gap=token.gap))
            if "7" in said[token.start : token.end]:
                out.append(Token("day", token.end, token.end, DAYS))
        elif kind == "same":
            out.append(Token("value", token.start, token.end, value=Value(same=True), gap=token.gap))
        elif kind == "usual":
            out.append(Token("day", token.start, token.start, WEEKDAYS, gap=token.gap))
            out.append(Token("value", token.start, token.end, value=Value(spans=((540, 1020),))))
        elif kind == "except":
            j = i + 1
            while j < len(tokens) and tokens[j].days and tokens[j].gap != "strong":
                j += 1
            closes = j == len(tokens) or tokens[j].kind == "except" or tokens[j].gap in {"strong", "comma"}
            if j > i + 1 and closes:
                out.append(Token("value", token.start, token.end, value=Value(spans=()), gap="strong"))
        elif kind == "rest":
            out.append(Token("day", token.start, token.end, ("rest",), gap=token.gap))
        elif token.days:
            out.append(Token("day", token.start, token.end, token.days, gap=token.gap))
        elif token.value is not None:
            out.append(token)
    return out
