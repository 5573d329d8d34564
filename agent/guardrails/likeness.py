"""What no frame holds is compared with examples: the guard's second opinion, from data, without a model.

A linear judge over words, pairs of words, pieces of words and the roles the word lists give them, fitted in
closed form (ridge regression) to ``examples.txt`` at first use. It speaks only when it is sure: its word
counts where the nearest class is clearly ahead of "nothing of the kind".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from agent.guardrails.frames import lists
from agent.guardrails.normal import normal

HARMLESS = "ok"
SURE = 0.4
"""How much a class must score (1.0 is an example itself) ..."""
SURE_ENOUGH_TO_HANG_UP = {"abuse": 0.65, "minor": 0.65}
"""Classes whose answer ends the call: what only resembles them does not."""
AHEAD = 0.2
"""... and by how much it must lead the harmless."""
STIFF = 0.6
"""Ridge: more makes the judge milder about words it has seen once."""
FEWEST = 4
"""Words below which likeness says nothing: a name, a place, a number is like anything."""
MOST_WORDS = 60
_ROLES = (
    "strong", "weak", "place", "person", "customer", "own_property", "own_kind", "good_people", "unsafe",
    "settlement", "machine", "order", "digit", "lives",
)  # fmt: skip

Vector = npt.NDArray[np.float32]


@cache
def _role_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((role, re.compile(rf"\b(?:{lists()[role]})\b")) for role in _ROLES)


def features(plain: str) -> Iterator[str]:
    """What is looked at in an utterance (normal spelling)."""
    words = ["^", *plain.split()[:MOST_WORDS], "$"]
    for one, two in pairwise(words):
        yield one
        yield f"{one} {two}"
    for one, two in zip(words, words[2:], strict=False):
        yield f"{one} _ {two}"
    for word in words:
        if len(word) > 4:
            yield from (f"#{word[i : i + 5]}" for i in range(len(word) - 4))
    for role, pattern in _role_patterns():
        if pattern.search(plain):
            yield f"@{role}"


@dataclass(frozen=True)
class Judge:
    """``weights``: one row a feature, one column a label."""

    index: Mapping[str, int]
    scale: Vector
    weights: Vector
    labels: tuple[str, ...]

    def scores(self, plain: str) -> dict[str, float]:
        """How much the utterance is like each label's examples."""
        found = sorted({self.index[f] for f in features(plain) if f in self.index})
        if not found:
            return {}
        values = self.scale[found]
        length = float(np.linalg.norm(values))
        result = (values / length) @ self.weights[found]
        return dict(zip(self.labels, (float(v) for v in result), strict=True))


def fit(examples: list[tuple[str, str]]) -> Judge:
    """Fit to (label, text) pairs. Closed form, the same every time."""
    texts = [set(features(normal(text))) for _, text in examples]
    counted = Counter(feature for text in texts for feature in text)
    names = sorted(feature for feature, times in counted.items() if times > 1)
    index = {name: i for i, name in enumerate(names)}
    seen = np.array([counted[name] for name in names], dtype=np.float32)
    scale = np.log((1 + len(texts)) / (1 + seen)).astype(np.float32) + 1
    table = np.zeros((len(texts), len(names)), dtype=np.float32)
    for row, text in enumerate(texts):
        columns = [index[feature] for feature in text if feature in index]
        table[row, columns] = scale[columns]
        table[row] /= float(np.linalg.norm(table[row])) or 1.0
    labels = tuple(sorted({label for label, _ in examples}))
    wanted = np.zeros((len(texts), len(labels)), dtype=np.float32)
    for row, (label, _) in enumerate(examples):
        wanted[row, labels.index(label)] = 1
    alike = table @ table.T
    alike[np.diag_indices_from(alike)] += STIFF
    weights = table.T @ np.linalg.solve(alike, wanted)
    return Judge(index, scale, weights.astype(np.float32), labels)


def read_examples(text: str) -> list[tuple[str, str]]:
    """``# label`` lines, each followed by its sentences."""
    label, found = "", []
    for line in text.splitlines():
        if line.startswith("# "):
            label = line[2:].strip()
        elif line.strip():
            found.append((label, line.strip()))
    return found


@cache
def judge() -> Judge:
    """The judge of the examples that come with the product; a fraction of a second, once a process."""
    return fit(read_examples(files("agent.guardrails").joinpath("examples.txt").read_text(encoding="utf-8")))


def nearest(plain: str) -> str | None:
    """The class an utterance (normal spelling) is clearly like; None for none."""
    return decided(judge().scores(plain)) if plain.count(" ") >= FEWEST - 1 else None


def decided(scores: Mapping[str, float], *, sure: float = SURE, ahead: float = AHEAD) -> str | None:
    """The label that is sure enough, if it is not the harmless one."""
    best = max((label for label in scores if label != HARMLESS), key=scores.__getitem__, default=None)
    least = SURE_ENOUGH_TO_HANG_UP.get(best or "", 0.0)
    if best is None or scores[best] < max(sure, least) or scores[best] - scores.get(HARMLESS, 0.0) < ahead:
        return None
    return best
