"""Which of the stored answers answers a question: by meaning where that is known, else by words (C20)."""

from __future__ import annotations

import re

from policies import knowledge as policy
from policies.nearness import Vectors, kind_fits
from stores import knowledge
from stores.db import Session
from tools import meaning


async def best(
    session: Session, question: str, asked: Vectors | None, language: str
) -> knowledge.Entry | None:
    """The entry that answers, in the caller's language where two do; None when none surely does.

    A place that is named decides, and a question that is a stored one; else what is meant. Words alone
    decide only about an entry whose meaning is not known.
    """
    by_meaning = await meaning.nearest(session, question, asked)
    found = [
        (score, hit.entry)
        for hit in await knowledge.find_entries(session, question, language=language)
        if (score := _score(hit, question)) > 0
        and (hit.entry.id not in by_meaning or _identical(hit, question))
    ]
    if not found:
        least = policy.knowledge().meaning.least
        found = [(score, entry) for score, entry in by_meaning.values() if score >= least]
    spoken = [f for f in found if f[1].language == language] or found
    return max(spoken, key=lambda f: f[0])[1] if spoken else None


def _identical(hit: knowledge.Hit, question: str) -> bool:
    """Whether a question is a stored one, but for a word or two."""
    least = policy.knowledge().identical
    alike = max(_alike(question, other) for other in (hit.entry.title, *hit.entry.also))
    return (hit.likeness or 0.0) >= least or alike >= least


def _score(hit: knowledge.Hit, question: str) -> float:
    """How well an entry answers a question; 0 when not well enough to be said."""
    limits = policy.knowledge()
    entry = hit.entry
    if entry.kind == "area":
        # a place is meant only when it is named
        named = any(_names(question, place) for place in (entry.title, *entry.also))
        serving = re.search(
            r"\b(serve|cover|work|area|help|homes? in|houses? in|sell in|buy in|sirven|zona)\b",
            question,
            re.IGNORECASE,
        )
        return 1.0 if named and serving else 0.0
    likeness = max(hit.likeness or 0.0, *(_alike(question, other) for other in (entry.title, *entry.also)))
    if kind_fits(question, entry.answer) < 0:
        return 0.0  # "how much is a dock permit?" is not answered by who issues them
    covered = policy.coverage(question, (entry.title, *entry.also, entry.answer))
    in_title = policy.coverage(question, (entry.title, *entry.also))
    if likeness >= limits.likeness:
        return 1.0 + likeness
    if covered >= limits.coverage and in_title > 0:
        return covered + in_title / 2
    return 0.0


def _alike(question: str, title: str) -> float:
    """Dice's measure of the content words of two questions, 0..1."""
    one, other = policy.content_words(question), policy.content_words(title)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _names(question: str, place: str) -> bool:
    return re.search(rf"\b{re.escape(place.lower())}\b", question.lower()) is not None
