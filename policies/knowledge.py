"""When a stored answer fits a question, and what of a listing may be said aloud (C20, C22, C23)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from policies import wording
from policies.load import Policy, load
from policies.scrub import is_clean, scrub


class Meaning(Policy):
    """How what policies.nearness finds is weighed; ``least``: the logarithm of the odds that are enough."""

    weights: tuple[float, ...]
    bias: float
    least: float


class AnswerKind(Policy):
    """``asked``: a question that plainly wants a sum, a time ...; ``needs``: what such an answer has."""

    asked: tuple[str, ...]
    needs: tuple[str, ...]


class Knowledge(Policy):
    """The whole file."""

    likeness: float
    coverage: float
    identical: float
    meaning: Meaning
    answer_kinds: tuple[AnswerKind, ...]
    askings: tuple[str, ...]
    stopwords: tuple[str, ...]
    units: tuple[str, ...]
    harmless: tuple[str, ...]
    unspeakable: tuple[str, ...]
    accessible: tuple[str, ...]
    types: dict[str, tuple[str, ...]]
    status: dict[str, tuple[str, ...]]
    fact_wording: tuple[str, ...]
    fact_harmless: tuple[str, ...]
    fact_never: dict[str, tuple[str, ...]]
    fact_why: dict[str, str]


def knowledge() -> Knowledge:
    """The policy as data."""
    return load("knowledge", Knowledge)


def content_words(text: str) -> set[str]:
    """What a question is about: its words without endings and without those that say nothing."""
    stop = set(knowledge().stopwords)
    words = re.findall(r"[^\W_]+", text.lower().replace("'", " "))
    return {_stem(w) for w in words if w not in stop}


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ies", "ed", "es", "s"):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word


def coverage(question: str, texts: Iterable[str]) -> float:
    """Part of the question's words that the texts have, 0..1; 0 for a question without words."""
    asked = content_words(question)
    if not asked:
        return 0.0
    known = set().union(*(content_words(t) for t in texts))
    return len(asked & known) / len(asked)


@cache
def _unspeakable() -> tuple[re.Pattern[str], re.Pattern[str]]:
    policy = knowledge()
    return (
        re.compile(rf"\b(?:{'|'.join(policy.unspeakable)})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{'|'.join(policy.harmless)})\b", re.IGNORECASE),
    )


def spoken_remarks(remarks: str | None, *, most: int = 2) -> str:
    """The clauses of somebody else's text that may be read out: at most two, none of the unsafe kinds."""
    kept = []
    for sentence in re.split(r"(?<=[.!?])\s+|[\n;]+", " ".join((remarks or "").split())):
        words = scrub(sentence)
        if words and words == sentence.strip() and speakable(words) and len(words) < 200:
            kept.append(words if words[-1] in ".!?" else f"{words}.")
    return " ".join(kept[:most])


def speakable(text: str) -> bool:
    """Whether nothing in somebody else's text is of a kind that may not be spoken."""
    unsafe, harmless = _unspeakable()
    return unsafe.search(harmless.sub(" ", text)) is None and is_clean(text)


@cache
def _of_facts() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], re.Pattern[str]]:
    policy = knowledge()
    never = tuple((why, re.compile("|".join(patterns))) for why, patterns in policy.fact_never.items())
    return never, re.compile("|".join(policy.fact_harmless))


def fact_problem(text: str) -> str:
    """Why a client's own answer may not be spoken to callers (a key of ``fact_why``); "" when it may.

    A fact may name what a listing's remarks may not, such as a fee for each adult; it may not choose or
    rate people and places, nor hold a secret.
    """
    never, harmless = _of_facts()
    words = harmless.sub(" ", wording.plain(text))
    for sentence in re.split(r"(?<=[.!?;])\s+", words):
        why = next((why for why, pattern in never if pattern.search(sentence)), "")
        why = why or wording.problem(sentence, only=knowledge().fact_wording)
        if why:
            return why
    return ""


def neutral_features(features: Sequence[str]) -> tuple[list[str], list[str]]:
    """(what may be searched, what may not): the building, or access the caller asks for (C20, C23)."""
    fine, dropped = [], []
    accessible = knowledge().accessible
    for feature in features:
        said = " ".join(feature.lower().split())
        if any(word in said for word in accessible) or speakable(said):
            fine.append(said)
        else:
            dropped.append(said)
    return fine, dropped


MONTHLY_BELOW = 30_000
"""Dollars below which a listing's price is a month's rent."""


def is_let(price: int) -> bool:
    """Whether a home with that price in whole dollars is let by the month, and not sold."""
    return price < MONTHLY_BELOW


def property_type(words: str | None) -> str | None:
    """The type of property that is meant; None when it cannot be told."""
    said = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words or "").lower().replace("_", " ").split())
    if not said:
        return None
    for name, also in knowledge().types.items():
        if said == name.replace("_", " ") or said in also:
            return name
    for name, also in knowledge().types.items():
        if any(re.search(rf"\b{re.escape(a)}\b", said) for a in also):
            return name
    return None


def listing_status(words: str | None) -> str | None:
    """Our word for a listing's status; None for one nobody knows."""
    said = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words or "").lower().split())
    return next(
        (name for name, also in knowledge().status.items() if said == name or said in also),
        None,
    )
