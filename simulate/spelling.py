"""How a caller spells a name that was not understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulate.facts import same

ALPHABET = {
    "A": "Apple", "B": "Boy", "C": "Charlie", "D": "David", "E": "Edward", "F": "Frank", "G": "George",
    "H": "Henry", "I": "India", "J": "Jack", "K": "King", "L": "Lima", "M": "Mary", "N": "Nancy",
    "O": "Oscar",
    "P": "Peter", "Q": "Queen", "R": "Robert", "S": "Sam", "T": "Tom", "U": "Uniform", "V": "Victor",
    "W": "William", "X": "X-ray", "Y": "Yellow", "Z": "Zebra",
}  # fmt: skip
"""How people spell on the telephone."""


def spelled(right: Mapping[str, Any], held: Any = None) -> str:
    """A name part by part as people spell it; only the part that is wrong, where the other was heard."""
    heard = held if isinstance(held, Mapping) else {}
    known = [(label, part) for label, part in (("First", "first"), ("Last", "last")) if right.get(part)]
    wrong = [(label, part) for label, part in known if not same(right[part], heard.get(part))]
    return " ".join(f"{label} name {right[part]}, {letters(right[part])}." for label, part in wrong or known)


def letters(word: str) -> str:
    """ "L as in Lima, E as in Edward"; accents are left to the ear."""
    return ", ".join(f"{c} as in {ALPHABET[c]}" for c in word.upper() if c in ALPHABET)
