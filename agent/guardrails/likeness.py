"""The guard's judgement by meaning: which class of ``examples.txt`` a sentence is like (C17).

Learned beforehand with ``seiketsu guard learn``; a test fails when the examples have changed since. A broker
who sets an agent up says "screen out the salesmen" and "what about opt-outs?": what the judge of leads' calls
gets wrong there is learned on top of it from ``setup.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from agent.likeness import Learned

HARMLESS = "ok"
GUARD = Learned("agent.guardrails", "examples", never_silent=True)
SETUP = Learned("agent.guardrails", "setup", beneath=GUARD)
ONBOARDING = "onboarding"
CLAUSES = 4
"""Clauses of an utterance that are looked at."""
FEWEST = 4
"""Words below which a clause, or an utterance, is like anything: a name, a place, a number."""

_BETWEEN_CLAUSES = re.compile(
    r"[.?!;,]+(?=\s|$)|\s+-+\s+|\b(?:so|but|and|because|cause|or else|then|pero|porque|y)\b", re.IGNORECASE
)


@lru_cache(maxsize=128)
def scores(text: str, flow: str = "lead") -> Mapping[str, float]:
    """How much an utterance, said in a flow, is like each label; empty where there are no vectors.

    The last few are kept: one utterance is judged several times while it is answered.
    """
    return (SETUP if flow == ONBOARDING else GUARD).scores(text)


def clauses(text: str) -> tuple[str, ...]:
    """The first clauses of an utterance that are long enough to be judged alone; () if it is but one."""
    parts = [part.strip() for part in _BETWEEN_CLAUSES.split(text)]
    if sum(map(bool, parts)) < 2:
        return ()
    return tuple(part for part in parts if len(part.split()) >= FEWEST)[:CLAUSES]
