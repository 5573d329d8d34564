"""Telling what a recogniser makes up (loops, recited vocabulary) from what a caller says."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from rapidfuzz import fuzz

_LONGEST = 12
"""Words in the longest phrase looked for; Whisper's loops are phrases of 1 to 10 words."""


def repeats(text: str) -> bool:
    """Whether a transcript is a loop and not speech.

    A phrase of one word must follow itself eight times (a caller may spell "5 5 5 5", or say
    "no no no no"), of two words five times, of three and more four times; or the whole must compress
    as only repetition does (Whisper's own threshold, ratio 2.4, on texts long enough to tell).
    """
    words = _words(text)
    for size in range(1, min(_LONGEST, len(words) // 2) + 1):
        needed = 8 if size == 1 else 5 if size == 2 else 4
        run = 1
        for start in range(size, len(words) - size + 1):
            # compare word by word: a run of k*size equal positions is k extra repetitions
            run = run + 1 if words[start : start + size] == words[start - size : start] else 1
            if run >= (needed - 1) * size + 1 - (size - 1):
                return True
    raw = text.encode()
    return len(raw) > 120 and len(raw) / len(zlib.compress(raw)) > 2.4


def unlooped(text: str) -> str:
    """The transcript with a phrase that follows itself kept once: the last resort after a retry."""
    words = text.split()
    out: list[str] = []
    for word in words:
        out.append(word)
        for size in range(1, min(_LONGEST, len(out) // 2) + 1):
            if [w.lower() for w in out[-size:]] == [w.lower() for w in out[-2 * size : -size]]:
                del out[-size:]
                break
    return " ".join(out)


def only_from(text: str, vocabulary: Sequence[str]) -> bool:
    """Whether every word of ``text`` is a word of the vocabulary."""
    known = set(_words(" ".join(vocabulary)))
    return all(word in known for word in _words(text))


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def characters(text: str) -> str:
    """Letters and digits only, in lower case."""
    return "".join(c for c in text.lower() if c.isalnum())


def ends_like(whole: str, tail: str) -> bool:
    """Whether ``whole`` ends in something that sounds written like ``tail``."""
    end = characters(tail)
    return fuzz.partial_ratio(end, characters(whole)[-2 * len(end) :]) >= 60 if end else True
