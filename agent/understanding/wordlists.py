"""Sets of words, from the data folder or from one line of code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=16)
def word_list(name: str) -> frozenset[str]:
    """The lower-case lines of ``data/<name>.txt`` without comments; read once."""
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


def word_set(words: str) -> frozenset[str]:
    """The words of a string: "a b" -> {"a", "b"}."""
    return frozenset(words.split())
