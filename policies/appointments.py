"""Kinds of appointments, and everything about booking one that is set down as data."""

from __future__ import annotations

from policies.load import Policy, load


class Kind(Policy):
    """One kind of appointment. ``agreement``: a buyer signs a written agreement first (C30)."""

    minutes: int
    notice_hours: int
    label: str
    label_es: str = ""
    words: str
    agreement: bool = False
    by_phone: bool = False
    how: str
    how_es: str
    where: str = ""
    where_es: str = ""


class Appointments(Policy):
    """The whole file."""

    kinds: dict[str, Kind]
    of_intent: dict[str, str]
    grid_minutes: int
    buffer_minutes: int
    horizon_days: int
    offers: int
    hold_minutes: int
    earliest: str
    latest: str
    reminders: dict[str, int]
    reminder_late_minutes: int
    parts: dict[str, tuple[str, str]]
    words: dict[str, tuple[str, ...]]
    days: dict[str, tuple[str, ...]]
    first: tuple[str, ...]
    second: tuple[str, ...]
    neither: tuple[str, ...]
    agree: tuple[str, ...]
    holidays: dict[str, str]


def appointments() -> Appointments:
    """The policy as data."""
    return load("appointments", Appointments)


def how_met(kind: str, *, agent: str, place: str = "", language: str = "en") -> str:
    """How one meets, with whom, where and for how long ("It's in person: Lee meets you at ...")."""
    found = appointments().kinds[kind]
    if language == "es":
        said = found.how_es.format(agent=agent, place=place or found.where_es)
        return f"{said} Dura unos {found.minutes} minutos."
    said = found.how.format(agent=agent, place=place or found.where)
    return f"{said} It takes about {found.minutes} minutes."


def kind_for(intent: str | None) -> str:
    """The kind of appointment a caller of that intent is offered."""
    policy = appointments()
    return policy.of_intent.get(intent or "other", policy.of_intent["other"])
