"""A042: what a broker's clause speaks of is found by meaning, in words that no example has."""

from __future__ import annotations

import pytest

from agent.likeness import load, mark
from agent.understanding.topics import NOTHING, TOPICS, speaks_of, topic
from tests.conversation.conftest import FLOWS


def test_what_was_learned_is_of_these_examples() -> None:
    judge, learned_from = load(TOPICS.stored())
    assert learned_from == mark(TOPICS.examples()), "run: seiketsu wants learn"
    for label in set(judge.labels) - {NOTHING}:
        line = next(x for x in TOPICS.examples().split(f"# {label}\n")[1].splitlines())
        assert not line or set(speaks_of(line)) <= set(FLOWS["onboarding"].slots)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("actually make it sound like a lady", "voice"),
        ("swap the voice for the expert one", "voice"),
        ("Spanish isn't needed", "languages"),
        ("is spanish off? i wanted english only", "languages"),
        ("monday till thursday, 10 to 4", "hours"),
        ("we shut at noon on Saturdays", "hours"),
        ("let it take messages overnight", "after_hours"),
        ("answer fully, 24/7", "after_hours"),
        ("not so many mails to people please", "follow_up"),
        ("Keep the four e-mails then", "follow_up"),
        ("sixty points rather than eighty", "hot"),
        ("A hot lead for us is a buyer above two million dollars or a cash buyer", "hot"),
        ("each office area gets its own leads", "sharing"),
        ("Rosa takes all the rentals", "sharing"),
        ("Leads come from boomtown too", "sources"),
        ("no! the CRM is kvCORE", "crm"),
        ("there's four of us, me and 3 agents", "team"),
        ("oh and Priya joined us so that's eight", "team"),
        ("drop the bozeman montana from the name", "firm"),
        ("names Hank Tuttle by the way", "person"),
        ("keep our old number please", "number"),
        ("and it should ring Bob's phone when they want a human", "transfer"),
        ("no recordings please", "recording"),
        ("change my plan to Business please", "plan"),
        ("what would you recommend", ""),
        ("sounds good to me", ""),
        ("303 555 0142", ""),
        ("just one", ""),
    ],
)
def test_a_clause_speaks_of(said: str, label: str) -> None:
    assert topic(said) == label
