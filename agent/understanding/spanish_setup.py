"""Spanish answers in a set-up that goes on in English: read as what they mean there (A042, A045).

No translation, and no change of language: phrases that answer the form's questions become English
(``data/spanish_setup.yaml``), names and everything else stay as said.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import yaml

from agent.understanding.wordlists import DATA

_TOGETHER = frozenset({"y", "o", "en", "con", "pero", "no", "si", "a", "de", "nuevo", "once", "agente"})
"""Words that show no Spanish by themselves: a sentence must hold another one."""
_SPAN = re.compile(r"\b(?:[Dd]e )?(?P<a>(?:\d[\d:]*|[A-Z]\w+day)(?: ?[ap]\.?m\.?)?) a (?P<b>\d|[A-Z]\w+day)")


_DAYS = re.compile(r"(?<=day) a (?=[A-Z]\w+day\b)")


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / "spanish_setup.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def _phrases() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {str(k): str(v) for k, v in _data()["phrases"].items()}
    table |= {word: str(number + 1) for number, word in enumerate(_data()["numbers"])}
    ways = "|".join(re.escape(k) for k in sorted(table, key=len, reverse=True))
    return re.compile(rf"(?<![\w@.])(?:{ways})(?![\w@]|\.\w)"), table


def in_english(text: str) -> str:
    """The words with their Spanish phrases in English; as they are where none is surely Spanish."""
    plain = "".join(_bare(c) for c in text)
    pattern, table = _phrases()
    found = list(pattern.finditer(plain))
    if (
        not any(m.group() not in _TOGETHER for m in found)
        and "¿" not in text
        and not re.search(r"\bsí\b", text, re.I)
    ):
        return text
    out, at = "", 0
    for match in found:
        clause = table[match.group()].startswith(("we'", "we ", "I'", "I ", "my ", "our ", "the company"))
        if not clause and _named(text, match):
            continue  # "Casa y Campo Realty"
        out += text[at : match.start()] + table[match.group()]
        at = match.end()
    out += text[at:]
    return re.sub(r"\b[Ll]a(?= \d)|\blas(?= \d)", "", _SPAN.sub(r"\g<a> to \g<b>", _DAYS.sub(" to ", out)))


def _bare(char: str) -> str:
    return unicodedata.normalize("NFD", char.lower())[0]


def _named(text: str, match: re.Match[str]) -> bool:
    """Whether the words are written like a part of a name ("Casa y Campo", "Los Dos Amigos", "Domingo Realty")."""
    words, after = text[match.start() : match.end()].split(), text[match.end() :]
    before = re.search(r"(\w)[\w'’]*\s+$", text[: match.start()])
    joined = match.group() in ("y", "con") and before is not None and before[1].isupper()
    return re.match(r"\s+[A-ZÁÉÍÓÚÑ]", after) is not None and (joined or words[-1][0].isupper())
