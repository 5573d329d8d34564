"""Lead sources by name, and by which door each reaches the agent (A046)."""

from __future__ import annotations

from typing import Literal

from policies.load import Policy, load


class LeadSource(Policy):
    """One source; ``how`` is the door it uses."""

    value: str
    label: str
    how: Literal["number", "email", "webhook"]
    also: tuple[str, ...] = ()


class LeadSources(Policy):
    """The whole file."""

    default: tuple[str, ...]
    sources: tuple[LeadSource, ...]


def sources() -> tuple[LeadSource, ...]:
    """Every source."""
    return load("lead_sources", LeadSources).sources


def default_sources() -> list[str]:
    """What a client has when it names none."""
    return list(load("lead_sources", LeadSources).default)


def source(value: str) -> LeadSource:
    """The source of that value; KeyError when there is none."""
    for one in sources():
        if one.value == value:
            return one
    raise KeyError(value)
