"""Deadlines of requests about data, and how long things are kept (C33-C35)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from policies.compliance import compliance
from policies.load import Policy, load

LONGEST_DAYS = 3650


class Lifecycle(Policy):
    """The whole file."""

    acknowledge_days: int
    done_days: int
    warn_at: float
    wishes: dict[str, tuple[str, ...]]
    code_hours: float
    most_code_failures: int
    cooling_days: float
    export_hours: float
    export_claim_minutes: float
    link_days: int


@cache
def lifecycle() -> Lifecycle:
    """The policy as data."""
    return load("lifecycle", Lifecycle)


def wish_of(text: str) -> str | None:
    """``deletion`` or ``access``, when asked for in so many words; None: a person reads it first."""
    said = text.lower()
    return next((w for w, words in lifecycle().wishes.items() if any(one in said for one in words)), None)


def kept_for(own: Mapping[str, Any] | None) -> dict[str, timedelta]:
    """How long a client's ``audio``, ``transcript`` and ``proof`` are kept. ``own``: its compliance rules.

    A client may choose its own days for sound and words, from one day to ten years; proof is never kept
    for less than the rule (C33). What cannot be read as days counts as not chosen.
    """
    standard = compliance().retention_days
    chosen = (own or {}).get("retention_days")
    days = dict(standard)
    for name, value in chosen.items() if isinstance(chosen, Mapping) else ():
        if name in days and isinstance(value, int) and not isinstance(value, bool):
            days[name] = min(max(value, 1), LONGEST_DAYS)
    days["proof"] = max(days["proof"], standard["proof"])
    return {name: timedelta(days=n) for name, n in days.items()}
