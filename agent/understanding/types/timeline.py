"""When somebody wants to move; canonical value: asap, 30_days, 90_days, 6_months, 12_months or browsing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.cues import cue_span
from agent.understanding.digits import keyed
from agent.understanding.numbers import fold, to_digits
from agent.understanding.simple import SimpleType

BUCKETS: dict[str, tuple[int, str]] = {
    "asap": (7, "as soon as possible"),
    "30_days": (31, "within a month"),
    "90_days": (93, "within three months"),
    "6_months": (186, "within six months"),
    "12_months": (370, "within a year"),
    "browsing": (0, "no rush"),
}
"""Value -> (most days ahead, how it is said)."""

_SOON = re.compile(
    r"\b(?:a\.?s\.?a\.?p|as soon as (?:possible|we can|i can)|right away|right now|immediately|yesterday|now|urgent(?:ly)?|"
    r"(?:very|pretty|really) soon|soon|this week|next week|in a (?:hurry|rush)|the sooner the better|today|tomorrow|any day)\b"
)
_NO_RUSH = re.compile(
    r"\b(?:no (?:rush|hurry|particular|real|set|specific|fixed|timeline|time ?frame|deadline|date)|not in (?:a|any) (?:rush|hurry)|"
    r"(?:just )?(?:looking|browsing|curious|exploring)|whenever|(?:someday|some day|eventually|down the road)|flexible|"
    r"when (?:the right|we find|i find|something|it feels)|doesn'?t matter|no idea|(?:not|isn't) urgent|years?(?: or so)? from now on|"
    r"couple of years|few years|two years|open[- ]ended|take (?:our|my) time)\b"
)
_UNIT = {"day": 1, "week": 7, "month": 30, "year": 365}
_SPAN = re.compile(
    r"(?:(?P<low>\d+(?:\.\d+)?)\s*(?:to|or|-|and)\s*)?(?P<n>\d+(?:\.\d+)?|a couple(?: of)?|couple(?: of)?|a few|few|several|half a|a|an|one|next|this)"
    r"\s*(?:and a half\s*)?(?P<unit>day|week|month|year)s?\b"
)
_WORDS = {"couple": 2.0, "few": 3.0, "several": 4.0, "half": 0.5}
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = re.compile(
    r"\b(?:by|before|in|until|till|around|early|late|mid|this|next|end of|beginning of|start of|of|for|come|sometime in|about)?\s*"
    rf"(?:the )?(?:end of |beginning of |start of |middle of )?(?P<month>{'|'.join(_MONTHS)})\b"
)
_SEASON = {"spring": 4, "summer": 7, "fall": 10, "autumn": 10, "winter": 12, "christmas": 12, "the holidays": 12,
           "holidays": 12, "thanksgiving": 11, "new year": 1, "new years": 1, "easter": 4}  # fmt: skip
_SCHOOL = re.compile(
    r"\b(?:before|when|until|by the time) (?:the )?(?:new )?school(?: year)? (?:starts|begins|is back)|\bback to school\b|\bnext school year\b"
)
_SCHOOL_ENDS = re.compile(
    r"\b(?:after|when|once) (?:the )?school(?: year)? (?:ends|is out|lets out|finishes)\b"
)
_QUARTER = re.compile(
    r"\b(?P<which>this|next) (?:quarter)\b|\bend of (?:the|this) year\b|\bthis year\b|\bnext year\b|\bend of (?:the|this) month\b|\bwithin (?:the|a) (?:month|year)\b"
)


class Timeline(SimpleType):
    """A wish in time, sorted into buckets that rules and reports can use."""

    name = "timeline"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The bucket of whatever was said about time."""
        if keyed(text) is not None:
            return None
        value = _bucket(text, ctx.now)
        return Reading(value=value, confidence=0.9) if value else None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A span or a month behind words that speak of moving by then."""
        plain = fold(text)
        if cue_span(text, ctx.slot.cues) is None or not re.search(
            r"\b(?:by|within|before|in (?:the next|about|around|a|\w+)|as soon as|asap|no rush|no hurry|next|this) ",
            f"{plain} ",
        ):
            return None
        if re.search(r"\b(?:lease|rent|a month|per month|monthly|built|years? old)\b", plain):
            return None
        value = _bucket(text, ctx.now)
        return Reading(value=value, confidence=0.75) if value else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """One of the buckets."""
        return None if value in BUCKETS else "I need a time, like within a month, in six months, or no rush."

    def show(self, value: Any, ctx: SlotContext) -> str:
        """In words."""
        return BUCKETS[value][1] if value in BUCKETS else str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """What people say."""
        return ("within a month", "three months", "by summer", "no rush", "as soon as possible")


def _bucket(text: str, now: datetime | None) -> str | None:
    plain = to_digits(fold(text).replace("’", "'"))
    if _NO_RUSH.search(plain) and not _SPAN.search(plain):
        return "browsing"
    days = _days(plain, (now or datetime.now(UTC)))
    if days is not None:
        if days > BUCKETS["12_months"][0]:
            return "browsing"
        return next(name for name, (most, _) in BUCKETS.items() if days <= most)
    return "asap" if _SOON.search(plain) else None


def _days(plain: str, now: datetime) -> float | None:
    """Days ahead, at the far end of what was said."""
    if found := _QUARTER.search(plain):
        words = found.group()
        if "month" in words:
            return 30
        if "next year" in words:
            return 365
        if "quarter" in words:
            return 90 if found["which"] == "this" else 180
        return (
            365 if "within" in words else max(1, (datetime(now.year, 12, 31, tzinfo=now.tzinfo) - now).days)
        )
    if found := _SPAN.search(plain):
        word = found["n"]
        number = next((n for key, n in _WORDS.items() if key in word), None)
        if number is None:
            number = float(word) if word[0].isdigit() else 1.0
        return number * _UNIT[found["unit"]]
    if _SCHOOL.search(plain):
        return _until(now, 8)
    if _SCHOOL_ENDS.search(plain):
        return _until(now, 6)
    if found := _MONTH.search(plain):
        return _until(now, _MONTHS.index(found["month"]) + 1)
    for season, month in _SEASON.items():
        if re.search(rf"\b{season}\b", plain):
            return _until(now, month)
    return None


def _until(now: datetime, month: int) -> float:
    """Days to the middle of the next such month."""
    year = now.year + (month < now.month)
    return max(7, (datetime(year, month, 15, tzinfo=now.tzinfo) - now).days)


TYPE = Timeline()
