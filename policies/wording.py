"""What may never be said, by whom ever it was worded (C19, C22, C27, C28, C46)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache

from policies.load import Policy, load


class Wording(Policy):
    """The whole file: why -> patterns."""

    never: dict[str, tuple[str, ...]]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    policy = load("wording", Wording)
    return tuple((why, re.compile("|".join(patterns))) for why, patterns in policy.never.items())


def plain(text: str) -> str:
    """Lower case, straight quotes, no accents, no invisible letters between letters, single spaces."""
    text = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    text = "".join(c for c in text if c.isprintable() and not unicodedata.combining(c))
    text = re.sub(r"\b((?:[a-z][ .\-]){3,}[a-z])\b", lambda m: re.sub(r"[ .\-]", "", m.group()), text)
    return re.sub(r"[\s*_~]+", " ", text).strip()


def problem(text: str, *, only: Collection[str] | None = None) -> str:
    """Why this may not be said (a key of ``never``, one of ``only`` if given); "" when it may."""
    words = plain(text)
    looked_for = (p for p in _patterns() if only is None or p[0] in only)
    return next((why for why, pattern in looked_for if pattern.search(words)), "")


def speakable(text: str) -> bool:
    """Whether nothing in the text is forbidden."""
    return not problem(text)
