"""Which value of a set-up a clause speaks of, by meaning (A042, A044): "the male one please" is about the voice.

A number is anything's number and a name anything's name; what the clause is about decides where it goes. The
clauses are compared with those of ``data/topics.txt`` (``agent.likeness``), learned beforehand with
``seiketsu wants learn``. Where there are no vectors no clause speaks of anything, and none is contradicted.
"""

from __future__ import annotations

from functools import lru_cache

from agent.likeness import Learned
from agent.understanding.wants import LONGEST, leading

TOPICS = Learned("agent.understanding", "data/topics")
NOTHING = "else"
"""The label of what speaks of no value: agreement, questions about us, small talk."""
SURE, LIKE = 0.15, 0.35
"""By how much a topic must lead the next one, and how like its examples the words must be."""
SURER = 0.35
"""... where there is nothing else to go by."""
FAINT = 0.15
"""How like an example words must be to be about it as well."""
_SLOTS: dict[str, tuple[str, ...]] = {
    "firm": ("organization_name", "brand_name"),
    "person": ("admin_name",),
    "role": ("admin_role", "authority"),
    "states": ("states_served", "markets"),
    "timezone": ("timezone",),
    "team": ("team_size",),
    "email": ("admin_email",),
    "mobile": ("admin_mobile", "main_phone"),
    "plan": ("plan",),
    "voice": ("voice_profile",),
    "agent_name": ("persona_name",),
    "languages": ("languages",),
    "hours": ("business_hours", "book_from"),
    "after_hours": ("after_hours_mode",),
    "greeting": ("greeting",),
    "number": ("number_mode", "area_code", "existing_number", "main_phone"),
    "transfer": ("transfer_number",),
    "crm": ("crm_vendor", "calendar", "webhook_url", "crm_key"),
    "sources": ("lead_sources", "other_sources"),
    "sharing": ("routing_mode", "keep_rules"),
    "hot": ("hot_rule", "hot_score", "criteria"),
    "follow_up": ("follow_up",),
    "recording": ("recording_policy",),
    "fair_housing": ("fair_housing_ack",),
    "terms": ("terms_accepted",),
    "authority": ("authority", "admin_role"),
    "launch": ("run_tests", "activate"),
    "ease": ("ease",),
}


@lru_cache(maxsize=64)
def _scores(text: str) -> dict[str, float]:
    return dict(TOPICS.scores(text[:LONGEST]))


def topic(text: str, lead_by: float = SURE) -> str:
    """What a clause speaks of, a label of ``topics.txt``; "" when that is nothing, or not sure."""
    scores = _scores(text) if any(c.isalpha() for c in text) else {}
    label, lead = leading(scores)
    return label if label != NOTHING and lead >= lead_by and scores[label] >= LIKE else ""


def speaks_of(text: str, lead_by: float = SURE) -> tuple[str, ...]:
    """The values a clause may mean; () when it is not sure."""
    return _SLOTS.get(topic(text, lead_by), ())


def leans_to(text: str) -> tuple[str, ...]:
    """The values of the likeliest topic, however little it leads; () where nothing is likely."""
    scores = _scores(text) if any(c.isalpha() for c in text) else {}
    label = max(scores, key=scores.__getitem__, default="")
    return _SLOTS.get(label, ()) if label and scores[label] >= LIKE else ()


def touches_on(text: str) -> tuple[str, ...]:
    """Every value that a clause may speak of besides."""
    scores = _scores(text) if any(c.isalpha() for c in text) else {}
    return tuple(name for label in scores if scores[label] >= FAINT for name in _SLOTS.get(label, ()))
