"""The guard's judgement by meaning: which class of ``examples.txt`` a sentence is like (C17).

Learned beforehand with ``seiketsu guard learn``; a test fails when the examples have changed since. A broker
who sets an agent up says "screen out the salesmen" and "what about opt-outs?": what the judge of leads' calls
gets wrong there is learned on top of it from ``setup.txt``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from agent.likeness import Learned

HARMLESS = "ok"
GUARD = Learned("agent.guardrails", "examples")
SETUP = Learned("agent.guardrails", "setup", beneath=GUARD)
ONBOARDING = "onboarding"


@lru_cache(maxsize=32)
def scores(text: str, flow: str = "lead") -> Mapping[str, float]:
    """How much an utterance, said in a flow, is like each label; empty where there are no vectors.

    The last few are kept: one utterance is judged several times while it is answered.
    """
    return (SETUP if flow == ONBOARDING else GUARD).scores(text)
