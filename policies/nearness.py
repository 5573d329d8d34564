"""Whether a stored answer answers a question, by what both mean (A047). A wrong answer is worse than none.

Sentence vectors say which answer is nearest, and not whether it is near enough: a question about anything in
a house is nearer to every answer about houses than to Napoleon. So both are put on a map of what callers ask
brokerages (``asked.yaml``, some hundred questions of every kind): a question and an answer that lie near
the same of those are about the same thing. That, the lead over the next answer, the words they share (many,
with little else alike, are a trap) and whether they ask in the same way are weighed as ``knowledge.yaml``
says (``meaning``, fitted by tests/evals/knowledge/tune.py).
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from core import embedding
from policies.knowledge import coverage, knowledge
from policies.load import Policy, load

Vectors = npt.NDArray[np.float32]
WARM = 0.006
"""How far around a text its neighbours on the map count."""
NEAREST = 3
"""Neighbours whose mean nearness is what anything has to anything there."""
FAR_AHEAD = 0.08
"""A lead over the next answer that is as good as any."""
SAME = 0.93
"""Answers to questions this near do not compete: one says it as well as the other."""
FEATURES = ("as_titled", "as_answered", "lead", "nearness", "words", "named", "other_kind", "kind")


class Asked(Policy):
    """The whole file, by language."""

    en: tuple[str, ...]
    es: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Fact:
    """A stored answer. ``titles``: its question and other words for it; ``meanings``: one unit row for each
    title, one for the answer, one for the first title and the answer together."""

    titles: tuple[str, ...]
    answer: str
    language: str
    meanings: Vectors

    @cached_property
    def placed(self) -> tuple[Vectors, Vectors]:
        """Where each row lies on the map, and how near it is to anything there."""
        return _place(self.meanings, self.language)


def texts(titles: Sequence[str], answer: str) -> list[str]:
    """What is to be embedded of an answer, in the order of ``Fact.meanings``."""
    return [*titles, answer, f"{titles[0]} {answer}"]


def scores(question: str, meaning: Vectors, facts: Sequence[Fact]) -> list[float]:
    """How sure each fact is to answer, as the logarithm of its odds; 0 is even. One that has nothing of the
    kind that is asked for never does."""
    weights = knowledge().meaning
    return [
        float(x @ np.array(weights.weights) + weights.bias) if x[-1] >= 0 else -math.inf
        for x in features(question, meaning, facts)
    ]


def features(question: str, meaning: Vectors, facts: Sequence[Fact]) -> list[Vectors]:
    """What is weighed of each fact, in the order of ``FEATURES``."""
    asked = {language: _place(meaning[None, :], language) for language in {f.language for f in facts}}
    alike = [_alike(meaning, fact) for fact in facts]
    found = []
    for number, fact in enumerate(facts):
        roots, base = fact.placed
        near = fact.meanings @ meaning
        best = int(np.argmax(near[:-2]))
        root, usual = asked[fact.language][0][0], float(asked[fact.language][1][0])
        usual_of_fact = (base[best] + base[-2] + base[-1]) / 3
        rivals = [a for other, a in enumerate(alike) if other != number and not _same(fact, facts[other])]
        lead = alike[number] - max(rivals, default=usual - FAR_AHEAD)
        found.append(
            np.array(
                [
                    float((roots[:-2] @ root).max()),
                    float(roots[-2] @ root),
                    max(-FAR_AHEAD, min(FAR_AHEAD, lead)),
                    alike[number] - (usual + usual_of_fact) / 2,
                    coverage(question, (*fact.titles, fact.answer)),
                    coverage(fact.titles[best], (question,)),
                    other_kind(question, fact.titles[best]),
                    kind_fits(question, fact.answer),
                ],
                dtype=np.float32,
            )
        )
    return found


def _alike(meaning: Vectors, fact: Fact) -> float:
    near = fact.meanings @ meaning
    return float((near[:-2].max() + near[-2] + near[-1]) / 3)


def _same(one: Fact, other: Fact) -> bool:
    return one.answer == other.answer or float(one.meanings[0] @ other.meanings[0]) > SAME


# --- what kind of answer is asked for -----------------------------------------------------------------------


@cache
def _kinds() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (re.compile("|".join(kind.asked), re.IGNORECASE), re.compile("|".join(kind.needs), re.IGNORECASE))
        for kind in knowledge().answer_kinds
    )


def kind_fits(question: str, answer: str) -> float:
    """1 when the answer has what the question plainly asks for (a sum, a number, a time, a place), -1 when it
    has nothing of the kind, 0 when nothing so plain is asked."""
    for asked, needs in _kinds():
        if asked.search(question):
            return 1.0 if needs.search(answer) else -1.0
    return 0.0


@cache
def _askings() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(asking, re.IGNORECASE) for asking in knowledge().askings)


def other_kind(question: str, title: str) -> float:
    """1 when a question and a stored one are asked in plainly different ways ("who prints your signs?" beside
    "is there a sign?"), else 0."""
    ways = [(a.search(question) is not None, a.search(title) is not None) for a in _askings()]
    both = any(one and other for one, other in ways)
    return float(any(one for one, _ in ways) and any(other for _, other in ways) and not both)


# --- the map --------------------------------------------------------------------------------------------


def _place(meanings: Vectors, language: str) -> tuple[Vectors, Vectors]:
    """(root of each row's share in every place of the map, its nearness to the nearest of them)."""
    near = meanings @ _map(language).T
    shares = np.exp((near - near.max(axis=1, keepdims=True)) / WARM)
    shares /= shares.sum(axis=1, keepdims=True)
    nearest = np.sort(near, axis=1)[:, -NEAREST:].mean(axis=1)
    return np.sqrt(shares).astype(np.float32), nearest.astype(np.float32)


@cache
def _map(language: str) -> Vectors:
    with np.load(io.BytesIO(files("policies").joinpath("asked.npz").read_bytes())) as stored:
        rows: Vectors = stored["es" if language == "es" else "en"].astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def mark(asked: Asked) -> str:
    """What the stored map was made of."""
    return hashlib.sha256("\n".join([embedding.model(), *asked.en, "", *asked.es]).encode()).hexdigest()


def stored_mark() -> str:
    """What the map that comes with the product was made of."""
    with np.load(io.BytesIO(files("policies").joinpath("asked.npz").read_bytes())) as stored:
        return str(stored["made_of"])


def asked() -> Asked:
    """The questions on the map."""
    return load("asked", Asked)


def draw() -> bytes:
    """The map as it is stored. Half a minute."""
    questions, into = asked(), io.BytesIO()
    english, spanish = (
        np.stack([embedding.embed(q) for q in some]).astype(np.float16)
        for some in (questions.en, questions.es)
    )
    np.savez_compressed(into, made_of=np.array(mark(questions)), en=english, es=spanish)
    return into.getvalue()


if __name__ == "__main__":
    from pathlib import Path

    Path(__file__).with_name("asked.npz").write_bytes(draw())
