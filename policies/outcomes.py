"""How onboarding goes over all clients: time to value, completion, satisfaction, hands-on help (A003-A006).

The targets depend on real clients. Here are the formulas, over facts that are stored anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

VALUE_SECONDS = 20
"""A call that was answered for so long is a first voice interaction (A003)."""
FAST = timedelta(hours=2)
COHORT_AGE = timedelta(days=14)
"""Who registered later has not had the time to finish (A004)."""


@dataclass(frozen=True)
class Journey:
    """One client's way in. ``ease``: answers from 0 to 10; ``helped``: staff wrote to its set-up."""

    registered_at: datetime
    activated_at: datetime | None = None
    first_value_at: datetime | None = None
    ease: tuple[int, ...] = ()
    helped: bool = False


@dataclass(frozen=True)
class Measure:
    """A number with how many it is about; None of nobody. ``target`` is what was asked for."""

    value: float | None
    n: int
    target: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"value": self.value, "n": self.n, "target": self.target}


def outcomes(journeys: Sequence[Journey], now: datetime) -> dict[str, Measure]:
    """Every measure by name; hours, percent, points."""
    waits = [j.first_value_at - j.registered_at for j in journeys if j.first_value_at is not None]
    cohort = [j for j in journeys if now - j.registered_at >= COHORT_AGE]
    answers = [score for j in journeys for score in j.ease]
    return {
        "time_to_value_median_hours": Measure(
            round(median(w.total_seconds() for w in waits) / 3600, 2) if waits else None, len(waits), "< 2"
        ),
        "time_to_value_under_two_hours_percent": _percent(sum(w < FAST for w in waits), len(waits), ""),
        "completed_percent": _percent(sum(j.activated_at is not None for j in cohort), len(cohort), "> 95"),
        "satisfaction_mean": Measure(
            round(sum(answers) / len(answers), 2) if answers else None, len(answers), "> 8.5"
        ),
        "helped_percent": _percent(sum(j.helped for j in journeys), len(journeys), "< 10"),
    }


def _percent(part: int, whole: int, target: str) -> Measure:
    return Measure(round(100 * part / whole, 1) if whole else None, whole, target)
