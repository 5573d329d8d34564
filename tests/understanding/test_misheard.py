"""Words that were heard for others, two counts for one thing, and what is expected of an answer."""

from __future__ import annotations

import pytest

from agent.understanding.expected import in_spanish
from agent.understanding.misheard import as_meant
from agent.understanding.types.integer import TWO_COUNTS, TYPE
from tests.understanding.support import context


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("I went to buy a house in Boulder.", "I want to buy a house in Boulder."),
        ("We also need to sew our house.", "We also need to sell our house."),
        ("a three-bedroom two-bathhouse in Boulder", "a three-bedroom two-bath house in Boulder"),
        ("I went to school in Boulder.", "I went to school in Boulder."),
        ("Now it's Oak Park.", "Now it's Oak Park."),
    ],
)
def test_only_one_of_the_readings_makes_sense(heard: str, meant: str) -> None:
    assert as_meant(heard) == meant


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Now it's Oak Park.", "No, it's Oak Park."),
        ("Now it isn't listed.", "No, it isn't listed."),
        ("now, that's wrong", "No, that's wrong"),
        ("Now we're ready", "No, we're ready"),
        ("now is fine", "now is fine"),
        ("Know, it's Lee", "No, it's Lee"),
    ],
)
def test_a_no_after_a_question_of_yes_or_no(heard: str, meant: str) -> None:
    assert as_meant(heard, yes_or_no=True) == meant


@pytest.mark.parametrize(
    ("said", "sure"),
    [
        ("We need at least four beds and three beds.", False),
        ("We need four beds and three beds, no agent yet", False),
        ("four beds and three baths", True),
        ("four beds, no, three beds", True),
        ("three or four bedrooms", True),
    ],
)
def test_two_counts_for_one_thing_are_not_sure(said: str, sure: bool) -> None:
    beds = context("integer", cues=["bedroom", "beds"], options={"unit": "bedrooms", "min": 0, "max": 20})
    for reading in (TYPE.parse(said, beds), TYPE.spot(said, beds)):
        assert reading is not None and (reading.confidence > TWO_COUNTS) is sure


def test_a_recital_of_what_was_expected_is_read_back() -> None:
    beds = context("integer", options={"unit": "bedrooms", "min": 0, "max": 20})
    reading = TYPE.parse("One, two, three, four, five,", beds)
    assert reading is not None and (reading.value, reading.confidence) == (1, TWO_COUNTS)


def test_hints_are_in_the_language_that_is_spoken() -> None:
    assert in_spanish("integer", ("one", "two"), "bedrooms")[-1] == "recámaras"
    assert in_spanish("choice", ("contado",)) == ("contado",), "choices come with the flow's translation"
