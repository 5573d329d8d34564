"""One spelling for what was heard: contractions, accents, slang, a recogniser's misspellings.

The guard's patterns see plain lower-case words with single spaces; the end of a sentence is `` | ``.
The meaning is kept, not the words: nothing of this is stored or answered.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import yaml
from rapidfuzz.distance import Levenshtein

_ENDS = re.compile(r"[.!?\u2026]+(?=[\s\"')]|$)|[;:\xbf\xa1]+|\s--+\s")
_NOT_A_WORD = re.compile(r"[^a-z0-9|$%@' ]+")
_SPELLED = re.compile(r"\b(?:[a-z](?: |$)){4,}")
_LOUD = re.compile(r"([a-z])\1{2,}")
_DIGIT_LETTERS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s"})
_MIXED = re.compile(r"\b(?=[a-z0-9@$]*[a-z])(?=[a-z0-9@$]*[0-9@$])[a-z0-9@$]{4,}\b")

SHORTEST = 6
"""Letters a word must have before one wrong letter is forgiven; ten forgive two."""


@cache
def _spellings() -> tuple[tuple[tuple[re.Pattern[str], str], ...], tuple[str, ...], frozenset[str]]:
    data = yaml.safe_load(files("agent.guardrails").joinpath("spellings.yaml").read_text(encoding="utf-8"))
    rules = tuple((re.compile(rf"\b(?:{said})\b"), meant) for said, meant in data["said"].items())
    return rules, tuple(data["known"]), frozenset(data["other_words"])


def normal(text: str) -> str:
    """The words of an utterance in the one spelling the patterns are written for."""
    plain = text.lower().replace("\u2019", "'").replace("`", "'")
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        # zero-width and look-alike characters hide words from patterns
        plain = "".join(c if c.isascii() or not c.isprintable() else " " for c in plain if c.isprintable())
    plain = _ENDS.sub(" | ", plain).replace("-", " ").replace("_", " ").replace("/", " ")
    plain = re.sub(r"\s+", " ", _NOT_A_WORD.sub(" ", plain))
    plain = _LOUD.sub(r"\1\1", plain)
    plain = _MIXED.sub(_unmasked, plain)
    plain = _SPELLED.sub(lambda run: run.group().replace(" ", "") + " ", plain)
    rules, _, _ = _spellings()
    for said, meant in rules:
        plain = said.sub(meant, plain)
    plain = re.sub(r"'s\b", "", plain)
    plain = " ".join(_meant(word) if len(word) >= SHORTEST else word for word in plain.split())
    return re.sub(r"(?:\| ?)+", "| ", plain.replace("'", "")).strip(" |")


def _unmasked(word: re.Match[str]) -> str:
    """ "cr1me" -> "crime"; only when that is a word the guard knows, so keys and codes stay as they are."""
    letters = word.group().translate(_DIGIT_LETTERS)
    return letters if letters in _spellings()[1] else word.group()


@lru_cache(maxsize=20_000)
def _meant(word: str) -> str:
    _, known, others = _spellings()
    if word in others or word.isdigit():
        return word
    if word in known or word.removesuffix("s") in known or f"{word}s" in known:
        return word
    allowed = 2 if len(word) >= 10 else 1
    for target in known:
        near = target[0] == word[0] and abs(len(target) - len(word)) <= allowed
        if near and Levenshtein.distance(word, target, score_cutoff=allowed) <= allowed:
            return target
    return word
