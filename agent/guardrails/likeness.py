"""The guard's judgement by meaning: which class of ``examples.txt`` a sentence is like (C17).

Learned beforehand with ``seiketsu guard learn``; a test fails when the examples have changed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from agent.likeness import Learned

HARMLESS = "ok"
GUARD = Learned("agent.guardrails", "examples")


@lru_cache(maxsize=32)
def scores(text: str) -> Mapping[str, float]:
    """How much an utterance is like each label; empty where there are no vectors.

    The last few are kept: one utterance is judged several times while it is answered.
    """
    return GUARD.scores(text)
