"""What brokers ask about the service while they set it up, and what is answered (A042)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from policies.load import Policy, load


class ProductQuestion(Policy):
    """One question: how it is asked (regular expressions over lower-cased text; none where only its meaning
    finds it), and the answer."""

    ask: tuple[str, ...] = ()
    say: str


class ProductQuestions(Policy):
    """The whole file."""

    questions: dict[str, ProductQuestion]


def product_questions() -> dict[str, ProductQuestion]:
    """Every question by name, in the order they are looked for."""
    return load("product_questions", ProductQuestions).questions


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile("|".join(f"(?:{p})" for p in one.ask)))
        for name, one in product_questions().items()
        if one.ask
    )


_CLAUSE = re.compile(
    r"(?<=[.!?;])\s+|,? (?:and|but|or|also)"
    r" (?=(?:do|does|is|are|can|will|what|where|who|how|which|whose|when|why)\b)"
)
MOST = 2
"""Answers to one turn."""


def answer_about_product(text: str, meant: Callable[[str], str] = lambda clause: "") -> str | None:
    """The answer to each question about the service, two at most; None when it is none of these.

    ``meant``: names the question that a clause is by its meaning, "" where that is not sure; it goes before
    the patterns.
    """
    plain = re.sub(r"\s+", " ", text.lower().replace("’", "'"))
    known = product_questions()

    def which(clause: str) -> str:
        name = meant(clause)
        return name if name in known else _which(clause)

    found = [name for clause in _CLAUSE.split(plain) if (name := which(clause))] or [which(plain)]
    names = [name for name in dict.fromkeys(found) if name]
    return " ".join(product_questions()[name].say for name in names[:MOST]) or None


def with_address(says: str, public_url: str, *, voice: bool) -> str:
    """An answer with the address of our own pages, as it is read or said."""
    return (
        says.replace("at {public_url}/", "on our website, under ")
        if voice
        else says.replace("{public_url}", public_url)
    )


def _which(clause: str) -> str:
    return next((name for name, pattern in _patterns() if pattern.search(clause)), "")
