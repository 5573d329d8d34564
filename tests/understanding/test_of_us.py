"""A042: a question about the service is understood by meaning, where no pattern was written for it."""

from __future__ import annotations

import pytest

from agent.likeness import load, mark
from agent.understanding.of_us import ASKED, NO_QUESTION, OF_THIS, asked_of_us
from policies.product_questions import answer_about_product, answer_of, product_questions


def test_what_was_learned_is_of_these_examples() -> None:
    judge, learned_from = load(ASKED.stored())
    assert learned_from == mark(ASKED.examples()), "run: seiketsu wants learn"
    assert set(judge.labels) - {OF_THIS, NO_QUESTION} <= set(product_questions())


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("can yours do that, call expireds for me?", "outbound"),
        ("Does it answer in Spanish too if they start in Spanish?", "languages"),
        ("but could I go up a plan when I hire somebody?", "change_plan"),
        ("which one is for 14?", "plans"),
        ("if I hate it, can I get out?", "contract"),
        ("What if it makes a mistake?", "mistakes"),
        ("Do you work with brokerages in Canada?", "where_offered"),
        ("what happens if a caller asks for legal advice?", "advice"),
        ("does somebody pick up at 3am?", "day_and_night"),
        ("You've got the rest already I hope?", OF_THIS),
        ("Can it water my plants?", ""),
        ("We have an office in Tampa and one in Orlando", ""),
    ],
)
def test_meaning_finds_what_no_pattern_says(question: str, name: str) -> None:
    assert asked_of_us(question) == name


def test_meaning_goes_before_a_pattern() -> None:
    says = answer_about_product("how many minutes does Business have?", asked_of_us)
    assert says == answer_of("plans", "Business")
