"""What a caller says that cannot wait for a form: a fixed answer, and a person told at once (C18, A092)."""

from __future__ import annotations

from policies.load import Policy, load
from policies.phrases import Phrase, find, plainly


class Pressing(Policy):
    """One kind: how it is heard (each group must be found), what is said, who is told, what it is."""

    heard: tuple[tuple[Phrase, ...], ...]
    unless: tuple[Phrase, ...] = ()
    say: str
    note: str
    outcome: str
    intent: str
    ask: str = ""


class PressingMatters(Policy):
    """The whole file."""

    pressing: dict[str, Pressing]


def pressing_matters() -> dict[str, Pressing]:
    """Every kind by name, in the order they are looked for."""
    return load("pressing", PressingMatters).pressing


def find_pressing(text: str) -> str | None:
    """The kind these words are of; None when they can wait."""
    plain = plainly(text)
    for name, one in pressing_matters().items():
        if all(find(group, plain) for group in one.heard) and not find(one.unless, plain):
            return name
    return None
