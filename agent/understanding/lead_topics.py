"""What a lead's clause speaks of, by meaning: "I sleep during the day" is no length of a lease (A047, A092).

Asked for words of their own, people tell other things as well, or instead; and a place in small letters may be
any word. The clauses are compared with those of ``data/lead_topics.txt`` (``agent.likeness``), learned beforehand
with ``seiketsu wants learn``. Where there are no vectors no clause speaks of anything, and none is contradicted.
"""

from __future__ import annotations

from functools import lru_cache

from agent.likeness import Learned
from agent.understanding.wants import LONGEST, leading

TOPICS = Learned("agent.understanding", "data/lead_topics")
SURE, LIKE = 0.2, 0.4
"""By how much a topic must lead that of the question, and how like its examples the words must be."""
_OF: dict[str, tuple[str, ...]] = {
    "areas": ("area", "address", "next", "investing"),
    "features": ("size", "area", "animals", "money", "question"),
    "motivation": ("reason", "household", "tenants", "timing", "next", "investing"),
    "condition": ("condition", "tenants", "size"),
    "lease_length": ("lease", "timing"),
    "animals": ("animals",),
    "target_return": ("investing", "money"),
}
"""The topics that answer a question for a slot whose words can be anything."""
ASKED = frozenset(_OF)
_ANSWERS = ("courtesy", "unsure")
"""Labels of a yes, a no and "I don't know", which answer anything."""


@lru_cache(maxsize=64)
def _scores(text: str) -> dict[str, float]:
    return dict(TOPICS.scores(text[:LONGEST]))


def topic(text: str) -> str:
    """What a clause speaks of, a label of ``lead_topics.txt``; "" when it is not sure."""
    scores = _scores(text) if any(c.isalpha() for c in text) else {}
    label, lead = leading(scores)
    return label if lead >= SURE and scores[label] >= LIKE else ""


def about_something_else(clause: str, slot: str) -> bool:
    """Whether a clause, said to the question for this slot, is decidedly about another one."""
    if slot not in _OF or not any(c.isalpha() for c in clause) or not (scores := _scores(clause)):
        return False
    fitting = (*_OF[slot], *_ANSWERS)
    best = max(scores, key=scores.__getitem__)
    mine = max(scores[label] for label in fitting)
    return best not in fitting and scores[best] >= LIKE and scores[best] - mine >= SURE
