"""Who is let in when a limit is reached, and what they are told (A027)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies import plans
from policies.load import Policy, load
from policies.plans import Limit

Metered = Literal["api_calls", "voice_minutes", "storage_gb"]
METERED: tuple[Metered, ...] = ("api_calls", "voice_minutes", "storage_gb")
"""The limits that are used up by use; users and integrations are refused at their door."""

UNITS: dict[Metered, tuple[str, int]] = {
    "api_calls": ("api_calls", 1),
    "voice_minutes": ("voice_seconds", 60),
    "storage_gb": ("storage_bytes", 1_000_000_000),
}
"""Limit -> the counter behind it, and how many of its units make one of the plan's."""

WORDS: dict[Metered, str] = {
    "api_calls": "API calls",
    "voice_minutes": "voice minutes",
    "storage_gb": "gigabytes of storage",
}


class Voice(Policy):
    """Minutes beyond the plan."""

    inbound_grace_percent: int = Field(ge=0)


class Storage(Policy):
    """Bytes beyond the plan."""

    recording_grace_percent: int = Field(ge=0)


class Lines(Policy):
    """Shares of all lines in percent, leases and patience in seconds."""

    others: int = Field(ge=1, le=100)
    one_tenant: int = Field(ge=1, le=100)
    ringing_seconds: float
    lease_seconds: float
    patience_seconds: float


class Spoken(Policy):
    """Sentences for callers."""

    closed: str
    busy: str
    quota: str
    quota_without_office: str


class Letter(Policy):
    """An e-mail with placeholders."""

    subject: str
    body: str


class Letters(Policy):
    """What clients are written."""

    near: Letter
    reached: Letter
    blocked: Letter


class Admission(Policy):
    """The whole file."""

    notices: tuple[int, ...]
    voice: Voice
    storage: Storage
    lines: Lines
    requests_per_minute: dict[str, int]
    chat_messages_per_minute: int
    counter_seconds: float
    spoken: Spoken
    letters: Letters
    consequences: dict[Literal["near", "reached"], dict[Metered, str]]


def admission() -> Admission:
    """The policy, from admission.yaml."""
    return load("admission", Admission)


def ceiling(plan: str | None, limit: Metered, *, grace_percent: int = 0) -> int | None:
    """What a plan allows of a metered limit in the counter's units (seconds, bytes); None: no limit.

    Without a plan (a client in the middle of its set-up, the house itself) nothing is limited.
    """
    cap: int | None = getattr(plans.plan(plan), limit) if plan else None
    return None if cap is None else cap * UNITS[limit][1] * (100 + grace_percent) // 100


def levels_reached(used: int, allowed: int) -> tuple[int, ...]:
    """The notices due when ``used`` of ``allowed`` is gone, in the same units."""
    return tuple(level for level in admission().notices if used * 100 >= allowed * level)


def voice_is_open(plan: str | None, seconds: int, *, inbound: bool) -> bool:
    """Whether another call may begin after so many seconds this month."""
    grace = admission().voice.inbound_grace_percent if inbound else 0
    cap = ceiling(plan, "voice_minutes", grace_percent=grace)
    return cap is None or seconds < cap


def recording_is_open(plan: str | None, stored: int) -> bool:
    """Whether another call may be recorded with so many bytes stored."""
    cap = ceiling(plan, "storage_gb", grace_percent=admission().storage.recording_grace_percent)
    return cap is None or stored < cap


def per_minute(plan: str | None) -> int:
    """Requests a minute; a client without a plan has the smallest."""
    rates = admission().requests_per_minute
    return rates[plan] if plan in rates else min(rates.values())


def refusal(have: str, limit: Limit) -> str:
    """Why a request over the plan is refused, and the way up."""
    cap: int = getattr(plans.plan(have), limit)
    return f"This month's limit is reached. {plans.upgrade_hint(have, limit, cap + 1)}"


def room(total: int) -> tuple[int, int]:
    """Of so many lines: how many all but inbound calls may hold together, and how many one client may."""
    lines = admission().lines
    return max(1, total * lines.others // 100), max(1, total * lines.one_tenant // 100)
