"""Cues: the phrases of a slot that announce its value in the middle of another answer."""

from __future__ import annotations

import re
from collections.abc import Iterable


def _plain(text: str) -> str:
    """Lower case, one kind of apostrophe, "e-mail" as "email"; every change keeps the length."""
    return text.lower().replace("’", "'").replace("e-mail", " email").replace("web site", " website")


def cue_span(text: str, cues: Iterable[str]) -> tuple[int, int] | None:
    """Where the last cue of a slot stands in a text: (start, end), or None.

    A word or two may stand inside a cue: "my cell is" is found in "my cell phone number is".
    """
    return max(cue_spans(text, cues), key=lambda span: span[1], default=None)


def cue_spans(text: str, cues: Iterable[str]) -> list[tuple[int, int]]:
    """Where each cue of a slot stands in a text, in the order of the text."""
    plain = _plain(text)
    found: set[tuple[int, int]] = set()
    for cue in cues:
        words = _plain(cue).split()
        if not words:
            continue
        inner = (
            r"\s+(?:(?:phone|number|address|name|line|own|new|main|best)\s+){0,2}"
            if len(words) > 1
            else r"\s+"
        )
        pattern = r"(?<![\w'])" + inner.join(map(re.escape, words)) + r"(?![\w'])"
        found |= {match.span() for match in re.finditer(pattern, plain)}
    return sorted(found)


def drop_span(text: str, start: int, end: int) -> str:
    """A text without one stretch of it, and without the "and" that led to it."""
    before = re.sub(r"[\s,.;:]*(?:\b(?:and|so|um|uh|well)\b[\s,]*)*$", "", text[:start], flags=re.IGNORECASE)
    return f"{before} {text[end:]}".strip()
