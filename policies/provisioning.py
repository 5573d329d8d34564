"""What provisioning promises and demands, and the people beside it (A008-A010, A015-A022, A042)."""

from __future__ import annotations

from typing import Literal

from policies.load import Policy, load


class Item(Policy):
    """A point of a checklist or a plan; ``days`` after registration it is due."""

    name: str
    title: str
    days: int | None = None


class Review(Policy):
    """The manual security review: for which plans, and what it consists of."""

    plans: tuple[str, ...]
    items: tuple[Item, ...]


class Tasks(Policy):
    """What people do for the clients of an onboarding tier."""

    tier: int
    kind: Literal["specialist", "milestone"]
    items: tuple[Item, ...]


class Provisioning(Policy):
    """The whole file."""

    latency_p95_seconds: float
    setup_time: dict[int, str]
    support_contact: str
    area_codes: tuple[str, ...]
    review: Review
    tasks: tuple[Tasks, ...]


def provisioning() -> Provisioning:
    """The policy as data."""
    return load("provisioning", Provisioning)


def review_items(plan: str | None) -> tuple[Item, ...]:
    """The manual review's items for a plan; none where it needs no review."""
    review = provisioning().review
    return review.items if plan in review.plans else ()


def tasks_for(tier: int | None) -> tuple[tuple[str, Item], ...]:
    """(kind, item) of the people's tasks for an onboarding tier."""
    return tuple((t.kind, item) for t in provisioning().tasks if t.tier == tier for item in t.items)
