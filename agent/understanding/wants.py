"""What somebody calls a brokerage about, by meaning: for sentences that no pattern was written for (A092).

Patterns (``data/errands.yaml``) come first; they are exact. What they miss is compared with the labelled
sentences of ``data/wants.txt`` (``agent.likeness``), learned beforehand with ``seiketsu wants learn``. Where
there are no vectors there is no opinion, and the caller is asked, as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from agent.likeness import Learned

WANTS = Learned("agent.understanding", "data/wants")
NOTHING = "else"
"""The label of what tells no wish: greetings, answers, farewells."""
SURE = 0.1
"""By how much a label must lead the next one."""
ERRANDS = {
    **{kind: kind for kind in ("buyer", "seller", "renter", "investor", "agent", "vendor", "wrong_number")},
    **dict.fromkeys(("tenant", "job", "press", "official", "neighbor"), "business"),
    "client": "own_agent",
    "landlord": "landlord",
    "returned_call": "returned_call",
}
"""The kinds of ``errands.yaml`` that these labels are; the others are wishes of another sort (a person, an
appointment to be moved, a question)."""
SURER = 0.2
"""... and where the label is no search and no sale: who is taken for a vendor is not served as a lead."""
LEADS = frozenset({"buyer", "seller", "renter", "investor", "home", "question"})
FEWEST = 3
"""Words below which nothing is said of a text: a name or a place is like anything."""
LONGEST = 600
"""Characters that are looked at."""


@lru_cache(maxsize=32)
def wanted(text: str) -> str:
    """The label of ``wants.txt`` that the words are most like; "" when that is nothing, or not sure.

    Some milliseconds of processor time for words that nobody considered before.
    """
    if len(text.split()) < FEWEST:
        return ""
    label, lead = leading(WANTS.scores(text[:LONGEST]))
    return label if lead >= (SURE if label in LEADS else SURER) and label != NOTHING else ""


def errand(text: str) -> str:
    """The kind of errand the words are most like; "" when they are like none."""
    return ERRANDS.get(wanted(text), "")


def leading(scores: Mapping[str, float]) -> tuple[str, float]:
    """The best label and how far it is ahead; ("", 0.0) of nothing."""
    ranked = sorted(scores, key=scores.__getitem__, reverse=True)
    if len(ranked) < 2:
        return "", 0.0
    return ranked[0], scores[ranked[0]] - scores[ranked[1]]
