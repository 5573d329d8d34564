"""When somebody wants to move; canonical value: asap, 30_days, 90_days, 6_months, 12_months or browsing.

The far end of what was said decides ("three to six months" is 6_months), so that nobody is pressed
harder than they asked. What is further off than about a year is browsing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agent.understanding.base import Reading, SlotContext
from agent.understanding.cues import cue_span
from agent.understanding.dates import add_months, find_dates, normal, today_of
from agent.understanding.matching import plain
from agent.understanding.polarity import keys
from agent.understanding.simple import SimpleType

BUCKETS: dict[str, tuple[int, str]] = {
    "asap": (8, "as soon as possible"),
    "30_days": (35, "within a month"),
    "90_days": (100, "within three months"),
    "6_months": (200, "within six months"),
    "12_months": (400, "within a year"),
    "browsing": (0, "no rush"),
}
"""Value -> (most days ahead, how it is said)."""

_DATA = Path(__file__).parent.parent / "data" / "timeline.yaml"
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
_VAGUE = {"couple": 2.0, "few": 3.0, "several": 4.0, "half": 0.5}
_SPAN = re.compile(
    r"(?<![\w$.])(?:\d+(?:\.\d+)?\s*(?:to|or|-|and|maybe)\s*)?"
    r"(?P<n>\d+(?:\.\d+)?|a couple(?: of)?|couple(?: of)?|(?:the )?(?:next )?few|a few|several|half "
    r"a|a half|a|an)"
    r"(?P<half> and a half)?[ -]*(?:more )?(?P<unit>day|week|month|year)s?\b(?P<half2> and a "
    r"half)?(?! (?:old|lease|ago|of experience|term))"
)
_TOWARDS = re.compile(
    r"\b(?:mov(?:e|ing)|buy(?:ing)?|settled?|clos(?:e|ing)|purchas(?:e|ing)|in by|ready|"
    r"sell(?:ing)?|list(?:ing)?|relocat(?:e|ing)|"
    r"looking|start(?:ing)?|timeline|time ?frame|hoping|plan(?:ning)?|want(?:ing)? (?:to be|it|in))\b"
)
_OTHER_TIME = re.compile(
    r"\b(?:lease|rent of|(?<!within )(?<!in )(?<!about )(?<!after )a month|per month|monthly|built|years? old|ago|years? of|o'clock|visit|"
    r"tour|showing|call me|signed)\b"
)

_MONTH = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b"
)
"""Months named alone, where a time was asked for ("march or april", "january or something")."""
_MONTHLY_SUM = re.compile(
    r"\$?\d[\d,.]*k?(?: dollars| bucks)? (?:a|per|each|every) month\b|\bmonthly (?:rent|budget)\b"
)
"""What a month costs says nothing about when."""


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return loaded


@cache
def _phrase(kind: str) -> re.Pattern[str]:
    lines = _data()[kind].splitlines() if isinstance(_data()[kind], str) else _data()[kind]
    return re.compile(
        r"(?<![\w'])(?:" + "|".join(line.strip() for line in lines if line.strip()) + r")(?![\w'])"
    )


class Timeline(SimpleType):
    """A wish in time, sorted into buckets that rules and reports can use."""

    name = "timeline"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The bucket of whatever was said about time; "when my lease is up" is asked for when that is."""
        if keys(text) is not None:
            return None
        said = normal(text)
        if (
            own := next(
                (b for b in BUCKETS if plain(b) == plain(text) or plain(BUCKETS[b][1]) == plain(text)), None
            )
        ) is not None:
            return Reading(value=own)
        days = days_ahead(said, today_of(ctx))
        if days is None and (months := _MONTH.findall(said)):
            days = days_ahead(f"in {months[-1]}", today_of(ctx))
        if days is not None:
            return Reading(value=_bucket(days), confidence=0.9)
        if _phrase("after").search(said) and ctx.partial != "after":
            return Reading(ask="And roughly when will that be?", partial="after")
        for kind, value, sure in (
            ("browsing", "browsing", 0.9),
            ("asap", "asap", 0.9),
            ("soon", "30_days", 0.7),
        ):
            if _phrase(kind).search(said):
                return Reading(value=value, confidence=sure)
        return None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A span or date in a sentence about moving or behind a cue; "no rush" and "asap" in any."""
        said = _of_moving(_MONTHLY_SUM.sub(" ", normal(text)))
        if not said.strip():
            return None
        sure = re.search(
            r"\b(?:no (?:rush|hurry)|a\.?s\.?a\.?p\b|as soon as possible|right away|just (?:looking "
            r"around|browsing))",
            said,
        )
        if sure:
            return Reading(
                value="asap" if sure.group()[:2] in {"as", "a.", "ri"} else "browsing", confidence=0.85
            )
        if cue_span(text, ctx.slot.cues) is None and not _TOWARDS.search(said):
            return None
        days = days_ahead(said, today_of(ctx), strict=True)
        return Reading(value=_bucket(days), confidence=0.75) if days is not None and days >= 7 else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """One of the buckets."""
        known = isinstance(value, str) and value in BUCKETS
        return None if known else "I need a time, like within a month, in six months, or no rush."

    def show(self, value: Any, ctx: SlotContext) -> str:
        """In words."""
        return BUCKETS[value][1] if value in BUCKETS else str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """What people say."""
        return ("within a month", "three months", "by summer", "no rush", "as soon as possible")


def _of_moving(said: str) -> str:
    """The clauses that may speak of a move; those about a lease, a visit or an age are left out."""
    clauses = re.split(r"([.;!?](?=\s|$)|,(?!\d))", said)
    return " ".join(c for c in clauses if not _OTHER_TIME.search(c))


def _bucket(days: int) -> str:
    return next((name for name, (most, _) in BUCKETS.items() if days <= most), "browsing")


def days_ahead(said: str, today: date, *, strict: bool = False) -> int | None:
    """Days from today to the far end of what a ``normal`` text says; None when it says no time.

    ``strict`` leaves out days within the coming week, which in a sentence are visits, not moves.
    """
    found: list[int] = []
    for span in _SPAN.finditer(said):
        word = span["n"]
        count = next((n for key, n in _VAGUE.items() if key in word), None)
        if count is None:
            count = float(word) if word[0].isdigit() else 1.0
        if count > 1000 or (
            strict
            and not re.search(
                r"\b(?:in|within|next|about|over|around|by|after|for another) +(?:\w+ +){0,2}$",
                said[: span.start()],
            )
        ):
            continue
        half = 0.5 if span["half"] or span["half2"] else 0.0
        found.append(int((count + half) * _UNITS[span["unit"]]))
    if found:
        return max(found)
    if year := re.search(
        r"\b(?:early|beginning of|start of) (?:the )?next year|\bafter (?:the )?new year", said
    ):
        return max(30, (date(today.year + 1, 2, 1) - today).days) if year else None
    if re.search(
        r"\b(?:by the )?end of (?:the|this) year\b|\b(?:some ?time |later )?this year\b|\bbefore "
        r"(?:the )?(?:year|new year)",
        said,
    ):
        return max(9, (date(today.year, 12, 31) - today).days)
    if re.search(r"\bnext year\b", said):
        return 365
    if re.search(r"(?<!end of )\bnext month\b", said):
        return (add_months(today.replace(day=1), 1).replace(day=15) - today).days
    for words, month, day in _data()["seasons"]:
        if match := re.search(rf"(?<!\w){words}(?!\w)", said):
            early = re.search(r"\b(?:by|before)(?: the)? (?:next )?$", said[: match.start()])
            return _until(today, month, 1 if early else day)
    least = 9 if strict else 0
    dates = [w for w in find_dates(said, today) if (w.day - today).days >= least]
    if strict and not _TOWARDS.search(said):
        # a single day is a visit, unless moving is spoken of
        dates = [w for w in dates if w.days > 1]
    if dates:
        last = max(dates, key=lambda w: w.day)
        # a month without a day means somewhere in it, unless it is the latest ("by June")
        by = re.match(r"(?:by|before)\b", said[last.start : last.end]) or re.search(
            r"\b(?:by|before)\s*$", said[: last.start]
        )
        return (last.day - today).days + (0 if by or last.days < 28 else 15)
    return None


def _until(today: date, month: int, day: int) -> int:
    """Days to the next such day, at least a week."""
    target = date(today.year, month, day)
    if target <= today:
        target = date(today.year + 1, month, day)
    return max(7, (target - today).days)


TYPE = Timeline()
