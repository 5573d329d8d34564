"""What webhooks tell, and when a failed delivery is tried again (A046, B005)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from policies.load import Policy, load

ALL = "*"


class Webhooks(Policy):
    """The whole file."""

    events: dict[str, str]
    retry_seconds: tuple[float, ...]
    jitter: float
    longest_retry_after_seconds: float
    timeout_seconds: float
    claim_seconds: float
    claim_at_once: int
    at_once_per_tenant: int
    at_once: int
    disable_after_days: float
    overlap_hours: float
    keep_days: int


@cache
def webhooks() -> Webhooks:
    """The policy as data."""
    return load("webhooks", Webhooks)


def unknown_events(wanted: Sequence[str]) -> list[str]:
    """Which of them nobody ever sends."""
    return sorted(set(wanted) - {ALL, *webhooks().events})


def wait(attempts: int, chance: float, retry_after: float | None = None) -> float | None:
    """Seconds until the next attempt after ``attempts`` failed ones; None when that was the last.

    ``chance``: 0 to 1, drawn by the caller. A receiver that asks for a longer wait gets it, within reason.
    """
    policy = webhooks()
    if attempts > len(policy.retry_seconds):
        return None
    pause = policy.retry_seconds[attempts - 1] * (1 + policy.jitter * chance)
    return max(pause, min(retry_after or 0.0, policy.longest_retry_after_seconds))
