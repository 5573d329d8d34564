"""The law as data with dates: what is in force on a day in a state, and what follows from it (C45)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from policies.compliance import is_all_party
from policies.dialing import dialing
from policies.load import Policy, load


class Rule(Policy):
    """One row: in force from ``effective_from`` until the day before ``effective_until``."""

    id: str
    title: str
    effective_from: date
    effective_until: date | None = None
    states: tuple[str, ...] = ()
    source: str
    certain: bool = True
    changes: dict[str, Any]

    def holds(self, on: date, states: Sequence[str]) -> bool:
        """Whether it is in force that day for a client of these states."""
        if on < self.effective_from or (self.effective_until is not None and on >= self.effective_until):
            return False
        return not self.states or bool(set(self.states) & {s.upper() for s in states})


class Licence(Policy):
    """What an assistant without a real-estate licence may do, by state."""

    default: dict[str, bool]
    states: dict[str, dict[str, bool]]


class Calendar(Policy):
    """The whole file."""

    rows: tuple[Rule, ...]
    notices: dict[str, dict[str, str]]
    licence: Licence


def calendar() -> Calendar:
    """The policy as data."""
    return load("calendar", Calendar)


def in_force(on: date, states: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The rules of a day for these states, oldest first."""
    rows = (row for row in calendar().rows if row.holds(on, states))
    return tuple(sorted(rows, key=lambda row: (row.effective_from, row.id)))


def coming(on: date, states: Sequence[str] = ()) -> tuple[Rule, ...]:
    """What will come into force after that day, soonest first: for the operator."""
    rows = (
        row
        for row in calendar().rows
        if row.effective_from > on and (not row.states or set(row.states) & {s.upper() for s in states})
    )
    return tuple(sorted(rows, key=lambda row: (row.effective_from, row.id)))


def notices(on: date, states: Sequence[str], *, brand: str, language: str = "en") -> tuple[str, ...]:
    """The sentences that must follow the opening on that day for a client of these states."""
    names = dict.fromkeys(
        str(row.changes["notice"]) for row in in_force(on, states) if "notice" in row.changes
    )
    texts = (calendar().notices[name] for name in names)
    return tuple((text.get(language) or text["en"]).format(brand=brand) for text in texts)


def licence(state: str) -> dict[str, bool]:
    """What the agent may do there: the strict default with the state's own lines."""
    policy = calendar().licence
    return policy.default | policy.states.get(state.upper(), {})


def profile(state: str, on: date) -> dict[str, Any]:
    """Everything that holds in a state on a day, for the client's page and the gate."""
    window = dialing().states.get(state.upper())
    return {
        "state": state.upper(),
        "all_party_recording": is_all_party(state),
        "hours": (window or dialing().federal).model_dump(mode="json"),
        "prior_agreement": state.upper() in dialing().prior_agreement,
        "licence": licence(state),
        "rules": [row.id for row in in_force(on, [state])],
        "coming": [(row.id, row.effective_from.isoformat()) for row in coming(on, [state])],
    }
