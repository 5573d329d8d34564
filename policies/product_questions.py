"""What brokers ask about the service while they set it up, and what is answered (A042)."""

from __future__ import annotations

import re
from functools import cache

from policies.load import Policy, load


class ProductQuestion(Policy):
    """One question: how it is asked (regular expressions over lower-cased text), and the answer."""

    ask: tuple[str, ...]
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
        (name, re.compile("|".join(f"(?:{p})" for p in one.ask))) for name, one in product_questions().items()
    )


def answer_about_product(text: str) -> str | None:
    """The answer to a question about the service; None when it is none of these."""
    plain = re.sub(r"\s+", " ", text.lower().replace("’", "'"))
    for name, pattern in _patterns():
        if pattern.search(plain):
            return product_questions()[name].say
    return None
