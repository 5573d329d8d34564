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


def kind_for(intent: str | None) -> str:
    """The kind of appointment a caller of that intent is offered."""
    policy = appointments()
    return policy.of_intent.get(intent or "other", policy.of_intent["other"])
