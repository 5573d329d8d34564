"""Keeping facts about a protected class out of what is stored about a lead (C24)."""

from __future__ import annotations

import re
from functools import cache

from policies.load import Policy, load


class Scrub(Policy):
    """The whole file: patterns of words."""

    drop: tuple[str, ...]
    allow: tuple[str, ...]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    policy = load("scrub", Scrub)
    drop = re.compile(rf"\b(?:{'|'.join(policy.drop)})\b", re.IGNORECASE)
    return drop, re.compile(rf"\b(?:{'|'.join(policy.allow)})\b", re.IGNORECASE)


def is_clean(text: str) -> bool:
    """Whether nothing in the text is about a protected class."""
    drop, allow = _patterns()
    return drop.search(allow.sub(" ", text)) is None


def scrub(text: str) -> str:
    """The clauses of a text that may be stored; empty when none may. Order and wording are kept."""
    if is_clean(text):
        return text.strip()
    clauses = re.split(r"(?<=[.!?;,])\s+|\s+(?=(?:and|but|because|so|since|as)\b)", text)
    kept = [c for c in clauses if c.strip() and is_clean(c)]
    words = re.sub(r"^(?:and|but|so|because|since|as)\s+", "", " ".join(kept).strip(), flags=re.IGNORECASE)
    return words.strip(" ,;")
