"""Support clocks: how long a first answer may take, and whether it is late (B022, B023)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from policies.load import Policy, load

Priority = Literal["critical", "high", "medium", "low"]
Category = Literal["technical", "integration", "feature", "billing", "account"]


class Sla(Policy):
    """The whole file. Hours are clock hours, around the clock."""

    first_response_hours: dict[str, dict[Priority, int]]
    email_hours: dict[str, int]
    warn_at: float


@dataclass(frozen=True, slots=True)
class Target:
    """``hours`` to the first answer by a person; ``rule`` says which promise set it."""

    hours: int
    rule: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a first-response clock stands at some moment. It never pauses: only an answer stops it."""

    due_at: datetime
    elapsed: timedelta
    warned: bool
    breached: bool


def sla() -> Sla:
    """The policy as data."""
    return load("sla", Sla)


def target(plan: str, priority: Priority, channel: str = "phone") -> Target:
    """The first-response target; by e-mail the stricter of the two promises. KeyError for unknown names."""
    policy = sla()
    hours = policy.first_response_hours[plan][priority]
    overlay = policy.email_hours.get(plan)
    if channel == "email" and overlay is not None and overlay < hours:
        return Target(overlay, f"email/{plan}")
    return Target(hours, f"{priority}/{plan}")


def due(plan: str, priority: Priority, created: datetime, channel: str = "phone") -> datetime:
    """When the first answer is due, counted from receipt (not from triage)."""
    return created + timedelta(hours=target(plan, priority, channel).hours)


def clock(
    plan: str,
    priority: Priority,
    created: datetime,
    now: datetime,
    *,
    answered: datetime | None = None,
    channel: str = "phone",
) -> Clock:
    """The clock as of ``now``. For a changed priority pass the new one: the target counts from creation.

    ``answered`` is the first public reply by a person; automatic replies do not stop the clock.
    """
    limit = timedelta(hours=target(plan, priority, channel).hours)
    elapsed = (answered or now) - created
    return Clock(created + limit, elapsed, elapsed >= limit * sla().warn_at, elapsed > limit)


def spoken_wait(hours: int) -> str:
    """Hours as a promise to say: "2 hours", "one day", "3 days"."""
    if hours % 24 or hours < 24:
        return "one hour" if hours == 1 else f"{hours} hours"
    return "one day" if hours == 24 else f"{hours // 24} days"
