"""Words as this country writes them, and words that were probably misheard."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import yaml

from agent.understanding.wordlists import DATA


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        (DATA / "mishearings.yaml").read_text(encoding="utf-8")
    )
    return loaded


def american(text: str, *, known: str = "") -> str:
    """A heard text with American spellings: "Harbour Realty" -> "Harbor Realty".

    Words that ``known`` (the firm's name or domain) has in the other spelling stay.
    """
    return _swap(text, {b: a for b, a in _table()["american"].items() if b not in known.lower()}, inside=True)


def likely_meant(text: str, *, inside: bool = False) -> str | None:
    """A text with its probable mishearings put right ("Harbor Reality" -> "Harbor Realty"), or None.

    ``inside`` looks into run-together words, and joins what it puts in (a host's label).
    """
    table = _table()["likely"]
    swaps = {k: v.replace(" ", "") for k, v in table.items() if " " not in k} if inside else table
    meant = _swap(text, swaps, inside=inside)
    return meant if meant != text else None


def _swap(text: str, words: Mapping[str, str], *, inside: bool) -> str:
    for wrong, right in words.items():
        if wrong not in text.lower():
            continue
        edge = "" if inside else r"(?![\w'])"
        pattern = re.compile(rf"{'' if inside else chr(92) + 'b'}{re.escape(wrong)}{edge}", re.IGNORECASE)

        def put(match: re.Match[str], right: str = right) -> str:
            return right.title() if match.group()[:1].isupper() else right

        text = pattern.sub(put, text)
    return text
