"""Fit the weights of policies/knowledge.yaml's ``meaning``: .venv/bin/python -m tests.evals.knowledge.tune

Three kinds of questions teach: those of questions.yaml and fresh.yaml, with the stored questions themselves
nearly word for word (or shared words would count against an answer: in the files they mostly do); those that
no fact answers; and other brokerages' questions of the same language, which none does either. Logistic
regression, ridge. What is printed first is each brokerage judged by what the others taught: docs/callers.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from core.embedding import embed
from policies.nearness import FEATURES, Fact, features, texts

RIDGE = 1.0
NEVER = -99.0
HERE = Path(__file__).parent
WORD_FOR_WORD = {
    ("en", True): ("so {}", "{} please"),
    ("en", False): ("what about the {}", "I have a question about {}"),
    ("es", True): ("oiga {}", "{} por favor"),
    ("es", False): ("y lo de {}", "una pregunta sobre {}"),
}


@dataclass
class Asked:
    """One question: the features of each fact, and which answers it (-1: none).

    ``sort``: near (written for this brokerage), far (another's), same (a stored question's words).
    """

    brokerage: str
    language: str
    question: str
    titles: tuple[str, ...]
    rows: Any
    right: int
    sort: str


def brokerages() -> list[dict[str, Any]]:
    """Everybody."""
    return [
        b
        for name in ("questions.yaml", "fresh.yaml")
        for b in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    ]


def questions() -> list[Asked]:
    """Everything there is to learn from."""
    found, known = [], brokerages()
    for brokerage in known:
        language = brokerage.get("language", "en")
        facts = [_fact(f, language) for f in brokerage["facts"]]
        asked = [(q, n, "near") for n, f in enumerate(brokerage["facts"]) for q in f["asked"]]
        asked += [(q, -1, "near") for q in brokerage["none"]]
        asked += [
            (q, n, "same") for n, f in enumerate(brokerage["facts"]) for q in _same(f["title"], language)
        ]
        asked += [
            (q, -1, "far")
            for other in known
            if other is not brokerage
            and other["part"] == brokerage["part"]
            and other.get("language", "en") == language
            for f in other["facts"]
            for q in f["asked"]
        ]
        titles = tuple(f.titles[0] for f in facts)
        found += [
            Asked(brokerage["tenant"], language, q, titles, np.stack(features(q, embed(q), facts)), n, sort)
            for q, n, sort in asked
        ]
    return found


def _same(title: str, language: str) -> list[str]:
    plain = title.strip("¿? ").lower()
    return [words.format(plain) for words in WORD_FOR_WORD[language, "?" in title]]


def _fact(fact: dict[str, Any], language: str) -> Fact:
    rows = np.stack([embed(t) for t in texts([fact["title"]], fact["answer"])])
    return Fact((fact["title"],), fact["answer"], language, rows)


def fit(asked: list[Asked]) -> tuple[Any, float]:
    """(weights, bias) of plain features."""
    x = np.concatenate([a.rows for a in asked]).astype(float)
    y = np.concatenate([[n == a.right for n in range(len(a.rows))] for a in asked]).astype(float)
    middle, spread = x.mean(0), x.std(0) + 1e-9
    z = np.c_[(x - middle) / spread, np.ones(len(x))]
    ridge, w = RIDGE * np.r_[np.ones(x.shape[1]), 1e-6], np.zeros(x.shape[1] + 1)
    for _ in range(40):
        p = 1 / (1 + np.exp(-z @ w))
        w -= np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + np.diag(ridge), z.T @ (p - y) + ridge * w)
    weights = w[:-1] / spread
    return weights, float(w[-1] - weights @ middle)


def main() -> None:
    """Print what it comes to; with a number, every question answered wrongly from there on."""
    asked = questions()
    judged: list[tuple[float, str, Asked, int]] = []
    for name in dict.fromkeys(a.brokerage for a in asked):
        weights, bias = fit([a for a in asked if a.brokerage != name])
        for one in (a for a in asked if a.brokerage == name):
            sure = np.where(one.rows[:, -1] < 0, NEVER, one.rows @ weights + bias)
            best = int(np.argmax(sure))
            came = "right" if best == one.right else "false" if one.right < 0 else "wrong"
            judged.append((float(sure[best]), f"{one.sort} {came}", one, best))
    for least in (0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0):
        for language in ("en", "es"):
            said = [j[1] for j in judged if j[0] >= least and j[2].language == language]
            print(least, language, {k: said.count(k) for k in sorted({j[1] for j in judged})})
    for sure, came, one, best in sorted(judged, key=lambda j: -j[0]):
        if len(sys.argv) > 1 and sure >= float(sys.argv[1]) and "right" not in came:
            print(f"{sure:.2f} {came}: {one.question} -> {one.titles[best]}")
    weights, bias = fit(asked)
    print(dict(zip(FEATURES, weights.round(2).tolist(), strict=True)), "bias", round(bias, 2))


if __name__ == "__main__":
    main()
