"""The standard rules: how leads are routed and followed up until a client says otherwise (A047)."""

from __future__ import annotations

from typing import Any

from policies.load import Policy, load
from policies.scoring import scoring


class Option(Policy):
    """A choice and other words for it."""

    value: str
    label: str
    also: tuple[str, ...] = ()


class Routing(Policy):
    """Who gets a lead; ``fallback`` gets it when nobody claims it within ``claim_minutes``."""

    mode: str
    fallback: str
    claim_minutes: int


class FollowUp(Policy):
    """One message of the cadence, minutes after the call."""

    minutes: int
    channel: str
    template: str


class RulesPolicy(Policy):
    """The whole file."""

    routing: Routing
    routing_modes: tuple[Option, ...]
    follow_up: tuple[FollowUp, ...]
    follow_up_stop: tuple[str, ...]
    cadences: tuple[Option, ...]
    cadence_steps: dict[str, tuple[int, ...]]
    must_rehearse: int


def rules() -> RulesPolicy:
    """The policy as data."""
    return load("rules", RulesPolicy)


def cadence(name: str) -> list[dict[str, Any]]:
    """The follow-up steps of a cadence, each with its stop conditions; KeyError for an unknown name."""
    policy = rules()
    return [
        {**policy.follow_up[i].model_dump(), "stop": list(policy.follow_up_stop)}
        for i in policy.cadence_steps[name]
    ]


def standard_rules() -> dict[str, Any]:
    """Criteria, hot rule, routing and follow-up as stored for a client that keeps the standard."""
    return {
        "criteria": dict(scoring().weights),
        "hot_rule": scoring().hot.model_dump(mode="json"),
        "routing": rules().routing.model_dump(),
        "follow_up": cadence("standard"),
    }
