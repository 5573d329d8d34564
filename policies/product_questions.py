"""What brokers ask about the service while they set it up, and what is answered (A042)."""

from __future__ import annotations

import re
from collections.abc import Callable

from policies.load import Policy, load
from policies.phrases import Phrase, find, plainly
from policies.plans import Plan, all_plans
from policies.product_facts import facts, included


class ProductQuestion(Policy):
    """One question: the phrases it is asked in (none where only its meaning finds it), and the answer."""

    ask: tuple[Phrase, ...] = ()
    say: str


class ProductQuestions(Policy):
    """The whole file."""

    questions: dict[str, ProductQuestion]


def product_questions() -> dict[str, ProductQuestion]:
    """Every question by name, in the order they are looked for."""
    return load("product_questions", ProductQuestions).questions


_CLAUSE = re.compile(
    r"(?<=[.!?;])\s+|,? (?:and|but|or|also)"
    r" (?=(?:do|does|is|are|can|will|(?:what|where|who|how)(?:'?s)?|which|whose|when|why)\b)"
)
MOST = 2
"""Answers to one turn."""
_COMPARES = re.compile(r"\bplans\b|\bdifferen|\beach\b|\bwhich\b|\bothers?\b", re.I)
"""All plans are asked about, and not the one on the table."""


def answer_about_product(
    text: str, meant: Callable[[str], str] = lambda clause: "", plan: Plan | None = None
) -> str | None:
    """The answer to each question about the service, two at most; None when it is none of these.

    ``meant`` as for ``asked_about_product``; ``plan``: the one that is spoken of.
    """
    return " ".join(answer_of(name, text, plan) for name in asked_about_product(text, meant)) or None


def asked_about_product(text: str, meant: Callable[[str], str] = lambda clause: "") -> list[str]:
    """The names of the questions about the service in a text, two at most.

    ``meant``: names the question that a clause is by its meaning, "" where that is not sure; it goes before
    the phrases.
    """
    plain = plainly(text)
    known = product_questions()

    def which(clause: str) -> str:
        name = meant(clause)
        return name if name in known else _which(clause)

    found = [name for clause in _CLAUSE.split(plain) if (name := which(clause))] or [which(plain)]
    return [name for name in dict.fromkeys(found) if name][:MOST]


def answer_of(name: str, text: str = "", plan: Plan | None = None) -> str:
    """The answer to one of these questions; of plans, the one that is named or spoken of (``plan``)."""
    if name == "plans" and (one := _one_plan(text) or (None if _COMPARES.search(text) else plan)):
        return f"{included(one)} The prices are on the billing link."
    return re.sub(r"\{(\w+)\}", lambda m: facts().get(m[1], m[0]), product_questions()[name].say)


def _one_plan(text: str) -> Plan | None:
    """The plan that a text names, where it names one."""
    named = [plan for plan in all_plans() if re.search(rf"\b{plan.label}\b", text, re.I)]
    return named[0] if len(named) == 1 else None


def with_address(says: str, public_url: str, *, voice: bool) -> str:
    """An answer with the address of our own pages, as it is read or said."""
    return (
        says.replace("at {public_url}/", "on our website, under ")
        if voice
        else says.replace("{public_url}", public_url)
    )


def _which(clause: str) -> str:
    return next((name for name, one in product_questions().items() if find(one.ask, clause)), "")
