"""Plans: what each includes, and the sentence for a client who asks for more (A008-A010, A023-A026)."""

from __future__ import annotations

from typing import Literal

from policies.load import Policy, load

Limit = Literal["users", "integrations", "api_calls", "voice_minutes", "storage_gb"]
Channel = Literal["email", "chat", "phone"]


class Plan(Policy):
    """One plan. A limit of None means there is none."""

    value: str
    label: str
    audience: str
    also: tuple[str, ...] = ()
    api_calls: int | None
    voice_minutes: int | None
    storage_gb: int | None
    fair_use: dict[Limit, int] = {}
    users: int | None
    integrations: int | None
    people: tuple[Channel, ...]
    chat_calendar: Literal["business", "extended", "always"]
    video: bool
    manager: bool
    custom_training: bool


class Tier(Policy):
    """How a client of some size is onboarded; ``minutes`` is the expected span."""

    tier: int
    up_to: int | None
    title: str
    approach: str
    minutes: tuple[int, int]


class Plans(Policy):
    """The whole file."""

    plans: tuple[Plan, ...]
    tiers: tuple[Tier, ...]
    grace_days: int


def grace_days() -> int:
    """For how many days a failed payment changes nothing."""
    return load("plans", Plans).grace_days


def all_plans() -> tuple[Plan, ...]:
    """The plans, smallest first."""
    return load("plans", Plans).plans


def plan(value: str) -> Plan:
    """The plan of that value; KeyError when there is none."""
    for one in all_plans():
        if one.value == value:
            return one
    raise KeyError(value)


def allows(value: str, limit: Limit, wanted: int) -> bool:
    """Whether the plan carries ``wanted`` of something in all (not: in addition)."""
    cap: int | None = getattr(plan(value), limit)
    return cap is None or wanted <= cap


def smallest_for(limit: Limit, wanted: int) -> Plan:
    """The smallest plan that carries ``wanted``; Enterprise always does."""
    return next(p for p in all_plans() if allows(p.value, limit, wanted))


def upgrade_hint(value: str, limit: Limit, wanted: int) -> str:
    """What to say when ``wanted`` does not fit: the conflict and the plan that fits. No silent upgrade."""
    have, fits = plan(value), smallest_for(limit, wanted)
    cap = getattr(have, limit)
    noun = {
        "users": ("user", "users"),
        "integrations": ("integration", "integrations"),
        "api_calls": ("API call a month", "API calls a month"),
        "voice_minutes": ("voice minute a month", "voice minutes a month"),
        "storage_gb": ("gigabyte of storage", "gigabytes of storage"),
    }[limit][0 if cap == 1 else 1]
    return f"{have.label} includes {cap:,} {noun}. {fits.label} would fit."


def support_hint(value: str, channel: Channel) -> str | None:
    """None when a person is reached this way on the plan, else the refusal with the way up (A023, B020)."""
    have = plan(value)
    if channel in have.people:
        return None
    fits = next(p for p in all_plans() if channel in p.people)
    word = {"email": "E-mail", "chat": "Chat with a person", "phone": "Phone support"}[channel]
    return f"{word} starts with the {fits.label} plan. On {have.label} we answer by e-mail."


def tier_for(team_size: int) -> Tier:
    """The onboarding tier for a team of that many agents (A008-A010)."""
    return next(t for t in load("plans", Plans).tiers if t.up_to is None or team_size <= t.up_to)
