"""The gates before activation and the phases of the journey (A011-A014, A048)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from policies.load import Policy, load

Phase = Literal["registration", "configuration", "validation", "launch"]


class Gate(Policy):
    """One precondition. ``says`` is what the client hears while it is red."""

    name: str
    slot: str
    blocks: bool
    says: str


class Launch(Policy):
    """The whole file."""

    gates: tuple[Gate, ...]
    phases: dict[Phase, str]


def launch() -> Launch:
    """The policy as data."""
    return load("launch", Launch)


def blockers(green: Collection[str]) -> list[Gate]:
    """Every gate that is red and blocks, in the order of the form."""
    return [g for g in launch().gates if g.blocks and g.name not in green]


def reminders(green: Collection[str]) -> list[Gate]:
    """Red gates that do not block but should be said."""
    return [g for g in launch().gates if not g.blocks and g.name not in green]


def phase_ended_by(tool: str) -> Phase | None:
    """The phase whose end this tool marks."""
    return next((phase for phase, name in launch().phases.items() if name == tool), None)
