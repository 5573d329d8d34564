"""Arguments in their canonical form, whichever way a surface writes them (form, page, API)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from policies import business_hours
from policies.regions import states

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s.,;<>]{2,}")
_PLACEHOLDERS = frozenset({"unknown", "n/a", "na", "none", "null", "tbd", "test", "string", "your name"})


def _words(value: Any) -> Any:
    """Text of a value that some surfaces give in parts."""
    if isinstance(value, Mapping):
        for name in ("display", "full", "name", "line", "formatted", "text", "raw"):
            if value.get(name):
                return str(value[name])
        parts = [value.get(k) for k in ("first", "given", "middle", "last", "family", "suffix")]
        if not any(parts):
            parts = [
                value.get(k) for k in ("number", "street", "line1", "unit", "line2", "city", "state", "zip")
            ]
        return " ".join(str(p) for p in parts if p) or value
    return value


def _said(value: str) -> str:
    text = " ".join(value.split())
    if text.lower().strip(".") in _PLACEHOLDERS:
        raise ValueError("I need the real one, please.")
    return text


def _phone(value: str) -> str:
    if not _E164.fullmatch(value):
        raise ValueError("That number doesn't look right. Please give it with the area code.")
    return value


def _email(value: str) -> str:
    if len(value) > 254 or not _EMAIL.fullmatch(value):
        raise ValueError("That e-mail doesn't look right. What's the part before the at sign?")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            "I don't know that time zone. Is it Eastern, Central, Mountain or Pacific?"
        ) from None
    return value


def _states(value: Sequence[str]) -> list[str]:
    codes = [str(v).upper() for v in value]
    unknown = [c for c in codes if c not in states()]
    if unknown or not codes:
        raise ValueError("I don't know that state. Which states do you work in?")
    return list(dict.fromkeys(codes))


def _hours(value: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    weekly = {str(day): [[str(a), str(b)] for a, b in spans] for day, spans in value.items() if spans}
    wrong = business_hours.problems(weekly)
    if wrong:
        raise ValueError(wrong[0])
    return weekly


def _names(value: Any) -> list[str]:
    items = value if isinstance(value, list | tuple) else [value]
    return [_said(str(_words(i))) for i in items if i]


Text = Annotated[str, BeforeValidator(_words), AfterValidator(_said)]
Phone = Annotated[str, AfterValidator(_phone)]
Email = Annotated[str, AfterValidator(_email)]
Timezone = Annotated[str, AfterValidator(_timezone)]
States = Annotated[list[str], AfterValidator(_states)]
WeeklyHours = Annotated[dict[str, Any], AfterValidator(_hours)]
Names = Annotated[list[str], BeforeValidator(_names)]


class MoneyRange(BaseModel):
    """Whole dollars; one end may be open."""

    model_config = ConfigDict(extra="ignore")

    min: int | None = None
    max: int | None = None


def _money(value: Any) -> Any:
    if isinstance(value, int | float):
        return {"max": round(value)}
    if isinstance(value, list | tuple) and len(value) == 2:
        return {"min": value[0], "max": value[1]}
    if isinstance(value, Mapping):
        low, high = value.get("min", value.get("low")), value.get("max", value.get("high"))
        return {"min": None if low is None else round(low), "max": None if high is None else round(high)}
    return value


Money = Annotated[MoneyRange, BeforeValidator(_money)]


class Person(BaseModel):
    """Someone to invite."""

    model_config = ConfigDict(extra="ignore")

    name: Text
    email: Email
    role: str = "agent"


TIMELINES: dict[str, tuple[int, str]] = {
    "asap": (7, "as soon as possible"),
    "30_days": (30, "within a month"),
    "90_days": (90, "within three months"),
    "6_months": (180, "within six months"),
    "12_months": (365, "within a year"),
    "browsing": (730, "no rush"),
}
"""Canonical timeline -> the days it is scored with, and how it reads in a summary."""


def timeline_words(value: Any) -> tuple[str | None, int | None]:
    """A timeline as words and as days from now (None when it says nothing about time)."""
    if value is None:
        return None, None
    if isinstance(value, Mapping):
        text = next((str(value[k]) for k in ("text", "label", "bucket", "value") if value.get(k)), None)
        days = next((value[k] for k in ("max_days", "days", "to_days") if value.get(k) is not None), None)
        return text, int(days) if days is not None else _days(text or "")
    if str(value) in TIMELINES:
        return str(value), TIMELINES[str(value)][0]
    return str(value), _days(str(value))


_SPANS = {"day": 1, "week": 7, "month": 30, "year": 365}


def _days(text: str) -> int | None:
    low = text.lower().replace("_", " ")
    if re.search(r"\b(now|asap|immediate|immediately|right away|today|urgent)\b", low):
        return 0
    if re.search(r"\b(no rush|just looking|browsing|flexible|whenever|over 12|12\+|not sure)\b", low):
        return 730
    found = re.findall(r"(\d+)", low)
    unit = next((days for name, days in _SPANS.items() if name in low), None)
    if found and unit:
        return max(int(n) for n in found) * unit
    return None
