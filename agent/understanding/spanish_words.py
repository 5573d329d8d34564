"""Values of the lead flow as they are said in Spanish; other types speak for themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from policies.moment_words import MONTHS, when_words_es

_TIMELINES = {
    "asap": "lo antes posible",
    "30_days": "en un mes",
    "90_days": "en tres meses",
    "6_months": "en seis meses",
    "12_months": "en un año",
    "browsing": "sin prisa",
}


def _dollars(value: Any) -> str:
    return f"${int(value):,}"


def _range(value: Any, channel: str) -> str | None:
    if not isinstance(value, dict):
        return None
    low, high = value.get("min"), value.get("max")
    if low is not None and high is not None:
        return f"entre {_dollars(low)} y {_dollars(high)}" if low != high else _dollars(low)
    if high is not None:
        return f"hasta {_dollars(high)}"
    return f"desde {_dollars(low)}" if low is not None else None


def _list(value: Any, channel: str) -> str | None:
    names = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} o {names[-1]}"


def _name(value: Any, channel: str) -> str | None:
    """The name, and its last part spelled where it was heard."""
    if not isinstance(value, dict):
        return str(value)
    shown = str(value.get("display") or "")
    last = str(value.get("last") or "")
    return f"{shown}, {'-'.join(last.upper())}" if channel == "voice" and last else shown


def _mail(value: Any, channel: str) -> str | None:
    text = str(value)
    return text.replace("@", " arroba ").replace(".", " punto ") if channel == "voice" else text


_WORDS: dict[str, Callable[[Any, str], str | None]] = {
    "yes_no": lambda value, channel: "sí" if value else "no",
    "integer": lambda value, channel: str(value),
    "timeline": lambda value, channel: _TIMELINES.get(str(value)),
    "money_range": _range,
    "areas": _list,
    "person_name": _name,
    "email": _mail,
}


def in_language(language: str, kind: str, value: Any, channel: str) -> str | None:
    """The value in words; None where the type's own words do (choices are translated with the flow)."""
    words = _WORDS.get(kind) if language == "es" else None
    return words(value, channel) if words is not None else None


_DAYS = {
    **{"Monday": "el lunes", "Tuesday": "el martes", "Wednesday": "el miércoles", "Thursday": "el jueves"},
    **{"Friday": "el viernes", "Saturday": "el sábado", "Sunday": "el domingo"},
    **{"today": "hoy", "tomorrow": "mañana"},
}
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre"),
    *("noviembre", "diciembre"),
)
_ZONES = {
    "Mountain": "de la montaña",
    "Eastern": "del este",
    "Central": "del centro",
    "Pacific": "del Pacífico",
}
_CLOCK = re.compile(r"\bat (?:(?P<noon>noon)|(?P<hour>\d{1,2})(?P<minutes>:\d\d)? (?P<half>AM|PM))")


def when_said(text: str) -> str:
    """What a tool says of a moment ("after the office opens", "tomorrow at 9 AM"), in Spanish."""
    text = text.replace("after the office opens", "cuando abra la oficina")
    text = re.sub(
        rf", ({'|'.join(MONTHS)}) (\d{{1,2}})", lambda m: f" {m[2]} de {_MONTHS[MONTHS.index(m[1])]}", text
    )
    text = re.sub(rf"\b({'|'.join(_DAYS)})\b", lambda m: _DAYS[m[1]], text)
    text = re.sub(rf"\b({'|'.join(_ZONES)}) time\b", lambda m: f"hora {_ZONES[m[1]]}", text)
    return _CLOCK.sub(_clock_said, text)


def _clock_said(found: re.Match[str]) -> str:
    if found["noon"]:
        return "al mediodía"
    hour, late = int(found["hour"]), found["half"] == "PM"
    part = "de la mañana" if not late else "de la tarde" if hour == 12 or hour < 7 else "de la noche"
    return f"a {'la' if hour == 1 else 'las'} {hour}{found['minutes'] or ''} {part}"


def moment(at: datetime, timezone: str) -> str:
    """ "el martes 24 de noviembre a las 10 de la mañana"."""
    return when_words_es(at, timezone)
