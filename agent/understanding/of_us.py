"""What a broker asks about the service, by meaning: for questions that no pattern was written for (A042).

The phrases of ``policies/product_questions.yaml`` come first. What they miss is compared with the questions of
``data/asked_of_us.txt`` (``agent.likeness``), learned beforehand with ``seiketsu wants learn``.
"""

from __future__ import annotations

from functools import lru_cache

from agent.likeness import Learned
from agent.understanding.wants import FEWEST, LONGEST, leading

ASKED = Learned("agent.understanding", "data/asked_of_us")
OF_THIS, NO_QUESTION = "this", "else"
"""Labels: a question about the question that stands; words that ask nothing about the service."""
SURE, LIKE = 0.1, 0.33
"""By how much a label must lead the next one, and how like its examples the words must be."""


@lru_cache(maxsize=32)
def asked_of_us(text: str) -> str:
    """The label that a question is most like, ``OF_THIS`` among them; "" when it is none, or not sure."""
    if len(text.split()) < FEWEST:
        return ""
    scores = ASKED.scores(text[:LONGEST])
    label, lead = leading(scores)
    return label if lead >= SURE and label != NO_QUESTION and scores[label] >= LIKE else ""
