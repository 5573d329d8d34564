"""What an utterance is like: judgement by meaning, learned from labelled examples.

Two views of a sentence, what it means (``core.embedding``) and which words it is made of, are compared with
the examples of a file at once: kernel ridge regression with one column a label, solved in closed form.
Learning takes up to minutes and is done beforehand; what was learned is kept beside the examples. The guard
judges with it (``agent.guardrails.likeness``), and what callers want is found with it
(``agent.understanding.meant``). Where there are no vectors (another system than x86-64 Linux) there is no
judgement either, or, for a judge that may never be silent, one by words alone.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.guardrails.normal import normal
from core import embedding

NARROW = 1.5
"""How fast likeness falls with the distance of meaning."""
BY_WORDS = 0.3
"""What likeness of words counts beside likeness of meaning (1.0)."""
STIFF = 0.15
"""Ridge: more makes the judge trust a single example less."""
MOST_WORDS = 60
STIFF_ALONE = 0.5
"""The same where words are all there is."""
SEEN = 2
"""Examples that must share a word, or a pair of words, for it to be looked at."""

Vector = npt.NDArray[np.float32]
Embed = Callable[[str], Vector]


def words(text: str) -> Iterator[str]:
    """Words, pairs, and pairs with a word between, in the guard's one spelling."""
    plain = ["^", *normal(text).split()[:MOST_WORDS], "$"]
    yield from plain
    yield from (f"{one} {two}" for one, two in pairwise(plain))
    yield from (f"{one} _ {two}" for one, two in zip(plain, plain[2:], strict=False))


@dataclass(frozen=True)
class Judge:
    """What was learned.

    ``middle``: the mean of all meanings; ``meanings``: one unit row an example, ``by_meaning`` its weight
    for each label; ``index`` of known words, their ``rarity``, ``by_words`` their weights, and their weights
    ``alone``: no rows if this judge is silent where there are no meanings.
    """

    labels: tuple[str, ...]
    middle: Vector
    meanings: Vector
    by_meaning: Vector
    index: Mapping[str, int]
    rarity: Vector
    by_words: Vector
    alone: Vector

    def scores(self, text: str, meaning: Vector) -> dict[str, float]:
        """How much a text with that ``meaning`` is like each label's examples; an example itself: about 1."""
        like = np.exp(-NARROW * (1 - self.meanings @ _direction(meaning - self.middle)))
        return self._named(like @ self.by_meaning + BY_WORDS * self._of_words(text, self.by_words))

    def scores_by_words(self, text: str) -> dict[str, float]:
        """The same where nothing is known but the words; empty if this judge did not learn it."""
        return self._named(self._of_words(text, self.alone)) if len(self.alone) else {}

    def _of_words(self, text: str, weights: Vector) -> Vector:
        found = sorted({self.index[word] for word in words(text) if word in self.index})
        return np.asarray(_direction(self.rarity[found]) @ weights[found], dtype=np.float32)

    def _named(self, values: Vector) -> dict[str, float]:
        return dict(zip(self.labels, map(float, values), strict=True))


def _direction(rows: Vector) -> Vector:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


def fit(
    examples: Sequence[tuple[str, str]],
    embed: Embed = embedding.embed,
    beneath: Callable[[str], Mapping[str, float]] | None = None,
    *,
    never_silent: bool = False,
) -> Judge:
    """Learn from (label, text) pairs; the same every time.

    ``beneath``: the scores another judge gives a text. Then only what it gets wrong is learned, and the sum
    of both is the judgement. ``never_silent``: learn to judge by words alone, too.
    """
    under = [beneath(text) if beneath else {} for _, text in examples]
    labels = tuple(sorted({label for label, _ in examples}.union(*under)))
    wanted = np.zeros((len(examples), len(labels)), dtype=np.float32)
    wanted[range(len(examples)), [labels.index(label) for label, _ in examples]] = 1
    for row, scores in enumerate(under):
        for label, score in scores.items():
            wanted[row, labels.index(label)] -= score
    vectors = np.array([embed(text) for _, text in examples], dtype=np.float32)
    middle = np.asarray(vectors.mean(axis=0), dtype=np.float32)
    meanings = _direction(vectors - middle)
    index, rarity, table = _table([set(words(text)) for _, text in examples])
    same_words = table @ table.T
    by_meaning = _ridge(np.exp(-NARROW * (1 - meanings @ meanings.T)) + BY_WORDS * same_words, wanted, STIFF)
    alone = _ridge(same_words, wanted, STIFF_ALONE) if never_silent else wanted[:0]
    of_words = (table.T @ by_meaning, table.T @ alone if never_silent else alone)
    return Judge(labels, middle, meanings, by_meaning, index, rarity, *of_words)


def _ridge(alike: Vector, wanted: Vector, stiff: float) -> Vector:
    """The weight of every example for every label; ``alike`` of each pair is overwritten."""
    alike[np.diag_indices_from(alike)] += stiff
    return np.asarray(np.linalg.solve(alike, wanted), dtype=np.float32)


def _table(texts: Sequence[set[str]]) -> tuple[dict[str, int], Vector, Vector]:
    """Known words, how rare each is, and one row of unit length an example."""
    counted = Counter(word for text in texts for word in text)
    names = sorted(word for word, times in counted.items() if times >= SEEN)
    index = {name: column for column, name in enumerate(names)}
    seen = np.array([counted[name] for name in names], dtype=np.float32)
    rarity = np.asarray(np.log((1 + len(texts)) / (1 + seen)) + 1, dtype=np.float32)
    table = np.zeros((len(texts), len(names)), dtype=np.float32)
    for row, text in enumerate(texts):
        columns = [index[word] for word in text if word in index]
        table[row, columns] = rarity[columns]
    return index, rarity, _direction(table)


def read_examples(text: str) -> list[tuple[str, str]]:
    """``# label`` lines, each followed by its sentences."""
    label, found = "", []
    for line in text.splitlines():
        if line.startswith("# "):
            label = line[2:].strip()
        elif line.strip():
            found.append((label, line.strip()))
    return found


def mark(text: str) -> str:
    """What the examples are known by: something learned from others is not of them."""
    return hashlib.sha256(text.encode()).hexdigest()


def store(judge: Judge, learned_from: str) -> bytes:
    """The judge as the bytes of its ``.npz``; half precision is more than enough."""
    into = io.BytesIO()
    np.savez_compressed(
        into,
        learned_from=np.array(mark(learned_from)),
        labels=np.array(judge.labels),
        middle=judge.middle,
        meanings=judge.meanings.astype(np.float16),
        by_meaning=judge.by_meaning.astype(np.float16),
        words=np.array("\n".join(judge.index)),
        rarity=judge.rarity.astype(np.float16),
        by_words=judge.by_words.astype(np.float16),
        alone=judge.alone.astype(np.float16),
    )
    return into.getvalue()


def load(stored: bytes) -> tuple[Judge, str]:
    """The judge, and the mark of the examples it learned from."""
    with np.load(io.BytesIO(stored)) as found:
        known = str(found["words"]).split("\n")
        judge = Judge(
            tuple(str(label) for label in found["labels"]),
            found["middle"],
            found["meanings"].astype(np.float32),
            found["by_meaning"].astype(np.float32),
            {word: column for column, word in enumerate(known)},
            found["rarity"].astype(np.float32),
            found["by_words"].astype(np.float32),
            found["alone"].astype(np.float32) if "alone" in found else np.zeros((0, 0), np.float32),
        )
        return judge, str(found["learned_from"])


@dataclass(frozen=True)
class Learned:
    """A judge that comes with the product: ``<stem>.txt`` are its examples, ``<stem>.npz`` what was learned.

    ``package``: where both lie. Made anew by ``learn`` after every change of the examples. ``beneath``: the
    judge that this one corrects, for another kind of conversation; its scores are in this one's.
    ``never_silent``: judges by words alone where there are no vectors.
    """

    package: str
    stem: str
    beneath: Learned | None = None
    never_silent: bool = False

    def examples(self) -> str:
        """The examples, as they are written."""
        return self._file(".txt").read_text(encoding="utf-8")

    def stored(self) -> bytes:
        """What was learned, as it is kept."""
        return self._file(".npz").read_bytes()

    def judge(self) -> Judge:
        """The judge; read once a process."""
        return _judge(self)

    def scores(self, text: str, embed: Embed = embedding.embed) -> Mapping[str, float]:
        """How much an utterance is like each label; empty where there is no judgement."""
        if embedding.why_not():
            return (self.beneath or self).judge().scores_by_words(text)
        found = Counter(self.judge().scores(text, embed(text)))
        if self.beneath is not None:
            found.update(self.beneath.scores(text, embed))
        return dict(found)

    def learn(self, embed: Embed = embedding.embed) -> tuple[Path, Judge]:
        """Learn anew and keep it: the file and the judge. Raises Unavailable where there are no vectors."""
        text = self.examples()
        beneath = partial(self.beneath.scores, embed=embed) if self.beneath else None
        learned = fit(read_examples(text), embed, beneath, never_silent=self.never_silent)
        into = Path(str(self._file(".npz")))
        into.write_bytes(store(learned, text))
        return into, learned

    def _file(self, suffix: str) -> Traversable:
        return files(self.package).joinpath(self.stem + suffix)


@cache
def _judge(learned: Learned) -> Judge:
    return load(learned.stored())[0]
