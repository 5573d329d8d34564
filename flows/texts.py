"""What the linter has against the words of a flow: placeholders, length, and what may never be asked."""

from __future__ import annotations

import re
from collections.abc import Collection

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)\}")

MAX_SPOKEN = 300
"""Characters. About twenty seconds of speech: longer and the caller no longer holds the question."""

# 42 U.S.C. 3604 (Fair Housing Act): nothing we ask may make one of these part of the decision.
_PROTECTED = re.compile(
    r"\b(race|racial|skin colou?r|ethnic\w*|nationalit\w+|national origin|immigrant\w*|religio\w+|church|"
    r"mosque|synagogue|marital|married|husband|wife|pregnan\w+|how many (?:kids|children)|"
    r"families with (?:kids|children)|disabilit\w+|disabled|handicap\w*|sexual orientation)\b",
    re.IGNORECASE,
)


def placeholders(text: str) -> list[str]:
    """The names in braces, in order; ``{a.b}`` counts as ``a``."""
    return [name.split(".")[0] for name in PLACEHOLDER.findall(text)]


def stray_brace(text: str) -> bool:
    """Whether a brace is left that belongs to no placeholder (it would be read aloud)."""
    return bool(re.search(r"[{}]", PLACEHOLDER.sub("", text)))


def protected_word(text: str) -> str | None:
    """The first word that asks about a class protected by fair housing law."""
    found = _PROTECTED.search(text)
    return found.group(0) if found else None


def repeated(wordings: Collection[str]) -> str | None:
    """A wording that comes twice in a repair ladder: saying the same again helps nobody."""
    seen: set[str] = set()
    for wording in wordings:
        plain = re.sub(r"\W+", " ", wording).strip().lower()
        if plain in seen:
            return wording
        seen.add(plain)
    return None
