"""A092: what a lead's clause speaks of is found by meaning: no question takes the answer of another."""

from __future__ import annotations

import pytest

from agent.likeness import load, mark
from agent.understanding.lead_topics import ASKED, TOPICS, about_something_else, topic
from tests.conversation.conftest import FLOWS


def test_what_was_learned_is_of_these_examples() -> None:
    _, learned_from = load(TOPICS.stored())
    assert learned_from == mark(TOPICS.examples()), "run: seiketsu wants learn"
    assert set(FLOWS["lead"].slots) >= ASKED


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("lease_length", "my kids get out of school at three"),
        ("lease_length", "could I swing by on Saturday around noon"),
        ("areas", "i'm a line cook"),
        ("areas", "around nineteen hundred if possible"),
        ("condition", "4 Poplar Court, apartment 6"),
        ("motivation", "Wednesday after lunch"),
        ("motivation", "the credit union pre-approved us"),
        ("features", "friday at 3"),
    ],
)
def test_another_questions_answer_is_not_taken(slot: str, said: str) -> None:
    assert about_something_else(said, slot)


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("lease_length", "thirteen months if that's okay"),
        ("lease_length", "from january through august"),
        ("areas", "old town, or by the fairgrounds"),
        ("animals", "a gerbil named Frank"),
        ("animals", "nope"),
        ("condition", "the porch is rotten"),
        ("motivation", "because I can"),
        ("features", "not on a busy street"),
        ("message", "tell her the plumber comes on friday"),
    ],
)
def test_its_own_answer_is_taken(slot: str, said: str) -> None:
    assert not about_something_else(said, slot)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("have whoever handles the invoices ring me back", "message"),
        ("could we come and take a look on Friday after five", "meeting"),
        ("got anything with a workshop", "stock"),
    ],
)
def test_what_is_wished_is_known(said: str, label: str) -> None:
    assert topic(said) == label
