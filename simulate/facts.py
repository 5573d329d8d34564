"""Whether what the agent holds is what the caller meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any


def same(fact: Any, held: Any) -> bool:
    """Compare as a person would: case, spaces and punctuation do not matter, the order of a list neither.

    A mapping among the facts need only be part of what is held. E-mail addresses and numbers must be
    exact; telephone numbers are compared by their last ten digits.
    """
    if isinstance(fact, bool) or isinstance(held, bool):
        return bool(fact == held)
    if isinstance(fact, int | float) and isinstance(held, int | float | str):
        try:
            return float(fact) == float(held)
        except ValueError:
            return False
    if isinstance(fact, Mapping):
        return isinstance(held, Mapping) and all(same(value, held.get(key)) for key, value in fact.items())
    if isinstance(held, Mapping) and isinstance(fact, str):
        parts = [part for part in held.values() if isinstance(part, str)]
        return _plain(fact) in {_plain(part) for part in (*parts, " ".join(parts))}
    if isinstance(fact, Sequence) and not isinstance(fact, str):
        if isinstance(held, str) or not isinstance(held, Sequence):
            return len(fact) == 1 and same(fact[0], held)
        return len(fact) == len(held) and all(any(same(one, other) for other in held) for one in fact)
    if fact is None or held is None:
        return fact is held
    left, right = str(fact), str(held)
    if "@" in left:
        return left.casefold() == right.casefold()
    digits = re.sub(r"\D", "", left)
    if left.startswith("+") and len(digits) >= 10:
        return digits[-10:] == re.sub(r"\D", "", right)[-10:]
    return _plain(left) == _plain(right)


def _plain(text: str) -> str:
    """Accents do not matter either: nobody hears whether López was written with one."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", bare.casefold())
