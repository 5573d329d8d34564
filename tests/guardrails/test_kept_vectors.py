"""Sentences are embedded once, and what is learned from kept vectors is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from agent.kept_vectors import KeptVectors
from agent.likeness import Vector, fit, store

EXAMPLES = [("ok", "we have two dogs"), ("ok", "a house by the sea"), ("rude", "get lost you robot")]


def test_only_new_sentences_are_embedded_and_what_is_learned_is_the_same(tmp_path: Path) -> None:
    asked: list[str] = []

    def embed(text: str) -> Vector:
        asked.append(text)
        return np.random.default_rng(len(text)).normal(size=8).astype(np.float32)

    fresh = store(fit(EXAMPLES, embed), "x")
    first = KeptVectors(tmp_path / "vectors", made_by="nano 1.0", embed=embed)
    fit(EXAMPLES, first.embed)
    first.keep()
    asked.clear()
    again = KeptVectors(tmp_path / "vectors", made_by="nano 1.0", embed=embed)
    assert store(fit(EXAMPLES, again.embed), "x") == fresh
    assert asked == [] and again.added == 0
    again.embed("a boat")
    assert asked == ["a boat"]
    KeptVectors(tmp_path / "vectors", made_by="nano 2.0", embed=embed).embed("a boat")
    assert asked == ["a boat", "a boat"], "another model's vectors are not these"


def test_a_file_that_cannot_be_read_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "nano.npz").write_bytes(b"half a file")
    kept = KeptVectors(tmp_path, made_by="nano", embed=lambda text: np.ones(2, np.float32))
    kept.embed("a boat")
    kept.keep()
    assert KeptVectors(tmp_path, made_by="nano").embed("a boat").tolist() == [1, 1]
