"""What a caller says that cannot wait for a form: a fixed answer, and a person told at once (C18, A092)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from policies.load import Policy, load


class Pressing(Policy):
    """One kind: how it is heard (each group must be found), what is said, who is told, what it is."""

    heard: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...] = ()
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


@cache
def _patterns() -> tuple[tuple[str, tuple[re.Pattern[str], ...], re.Pattern[str] | None], ...]:
    return tuple(
        (
            name,
            tuple(re.compile("|".join(f"(?:{p})" for p in group)) for group in one.heard),
            re.compile("|".join(f"(?:{p})" for p in one.unless)) if one.unless else None,
        )
        for name, one in pressing_matters().items()
    )


def find_pressing(text: str) -> str | None:
    """The kind these words are of; None when they can wait."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    for name, groups, unless in _patterns():
        if all(group.search(plain) for group in groups) and not (unless and unless.search(plain)):
            return name
    return None
