"""Letters as they sound: their names, words that stand for them, which are confused, how to read them back.

The tables are in ``data/alphabet.yaml``. Letters are offered with a word only where they are confused,
in chunks of at most four: spelling by letter first, then by word ("b as in boy", as in Amazon Lex's
spelling styles), and e-mail user and domain apart (acixd.org, "Email").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

from agent.understanding.wordlists import DATA

CHUNK = 4
"""The most characters read back in one breath."""


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / "alphabet.yaml").read_text(encoding="utf-8"))
    return loaded


def _invert(rows: dict[str, list[str]]) -> dict[str, str]:
    return {said: char for char, saids in rows.items() for said in saids}


STRONG: dict[str, str] = _invert({c: row["strong"] for c, row in _table()["letters"].items()})
"""Names of letters that are hardly ever words ("bee", "eff")."""

WEAK: dict[str, str] = _invert({c: row["weak"] for c, row in _table()["letters"].items()})
"""Words that may be letters beside other letters ("be", "are", "why")."""

RARE: dict[str, str] = _invert({c: row["rare"] for c, row in _table()["letters"].items()})
"""Everyday words that are letters only in the middle of a longer spelling ("an" for N)."""

RADIO: dict[str, str] = _invert(_table()["radio"])
"""The radio alphabet: "bravo" -> "b"."""

AS_IN: dict[str, str] = dict(_table()["as_in"])
"""The word we say for a letter that could be misheard."""

CODE_WORDS: frozenset[str] = (
    frozenset(_table()["code_words"]) | set(RADIO) | {w.lower() for w in AS_IN.values()}
)
"""Words people spell with, lower case; each stands for its first letter."""

SYMBOLS: dict[str, str] = _invert(_table()["symbols"])
"""Names of symbols, some of several words: "under score" -> "_"."""

IGNORED: tuple[str, ...] = tuple(sorted(_table()["ignore"], key=len, reverse=True))
"""Phrases said while spelling that are no part of the value, longest first."""

_GROUPS: tuple[frozenset[str], ...] = tuple(frozenset(group) for group in _table()["confusable"])
_WITH_WORD: frozenset[str] = frozenset(_table()["spoken_with_word"])
_SYMBOL_NAMES: dict[str, str] = {char: names[0] for char, names in _table()["symbols"].items()}


def confusable(a: str, b: str) -> bool:
    """Whether two characters sound alike on a telephone line (B and P, M and N, 8 and A)."""
    a, b = a.lower(), b.lower()
    return a != b and any(a in group and b in group for group in _GROUPS)


def symbol_name(char: str) -> str:
    """How a symbol is said; the character itself when it has no name."""
    return "at" if char == "@" else _SYMBOL_NAMES.get(char, char)


def letter_aloud(char: str, *, as_in: bool = True) -> str:
    """One letter: "M as in Mike" when it is easily misheard, else "A"."""
    if as_in and char.lower() in _WITH_WORD:
        return f"{char.upper()} as in {AS_IN[char.lower()]}"
    return char.upper()


def read_back(value: str, *, as_in: bool = True) -> str:
    """Spell a string aloud: "M as in Mike, B as in boy, A-R-T, underscore, 2".

    Chunks hold at most four characters, evenly; letters are joined by hyphens, digits by spaces. With
    ``as_in`` the letters that cannot be told apart on the telephone get a word of their own.
    """
    parts: list[str] = []
    for run in re.findall(r"[0-9]+|[^\W\d_]+|.", value, re.DOTALL):
        if run[0].isdigit():
            parts += _chunks(run, " ")
        elif run.lower() == "o" and as_in and any(c.isdigit() for c in value):
            parts.append(f"{run.upper()} as in {AS_IN['o']}")  # a lone O beside digits would be a zero
        elif not run[0].isalpha():
            parts.append(symbol_name(run))
        else:
            pieces = re.split(rf"([{''.join(sorted(_WITH_WORD))}])", run, flags=re.I) if as_in else [run]
            for piece in filter(None, pieces):
                alone = as_in and piece.lower() in _WITH_WORD
                parts += [letter_aloud(piece)] if alone else _chunks(piece.upper(), "-")
    return ", ".join(parts)


def _chunks(run: str, glue: str) -> list[str]:
    """The characters of a run joined in even chunks of at most ``CHUNK``."""
    count = -(-len(run) // CHUNK)
    size = -(-len(run) // count)
    return [glue.join(run[i : i + size]) for i in range(0, len(run), size)]
