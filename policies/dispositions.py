"""How a conversation with a lead ended: a closed list, and whether follow-up goes on or stops (A091, C29)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from policies.load import Policy, load


class NextTask(Policy):
    """What a person does next, and within how many minutes."""

    kind: str
    title: str
    minutes: int


class Disposition(Policy):
    """One way a conversation ends."""

    value: str
    label: str
    follow_up: Literal["continue", "stop"]
    task: NextTask | None = None
    also: tuple[str, ...] = ()


class Dispositions(Policy):
    """The whole file."""

    dispositions: tuple[Disposition, ...]
    asked: dict[str, str]


def dispositions() -> tuple[Disposition, ...]:
    """Every disposition, the deciding ones first."""
    return load("dispositions", Dispositions).dispositions


def disposition(value: str) -> Disposition:
    """One by its value; KeyError for a word that is not on the list."""
    for one in dispositions():
        if one.value == value:
            return one
    raise KeyError(value)


def strongest(holding: Collection[str]) -> str:
    """The one that decides among those that hold; ``new`` when none does. KeyError for an unknown one."""
    for value in holding:
        disposition(value)
    return next((one.value for one in dispositions() if one.value in holding), "new")


def follow_up_stops(value: str | None) -> bool:
    """Whether nobody is contacted any more after this (None: nothing is known, it goes on)."""
    return value is not None and disposition(value).follow_up == "stop"


def of_question(label: str) -> str | None:
    """What a question that only an agent may answer leads to (a label of the guard)."""
    return load("dispositions", Dispositions).asked.get(label)
