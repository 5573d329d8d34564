from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.integer import TYPE
from tests.understanding.support import context

TEAM = context(
    "integer",
    label="Team size",
    options={"min": 1, "max": 5000, "unit": "people"},
    cues=["a team of", "we have", "there are", "we're", "it's just"],
)
BEDS = context(
    "integer",
    options={"min": 0, "max": 20, "unit": "bedrooms"},
    cues=["bedroom", "bedrooms", "bed", "beds", "br"],
)
BATHS = context(
    "integer",
    options={"min": 0, "max": 20, "unit": "bathrooms"},
    cues=["bathroom", "bathrooms", "bath", "baths"],
)
EASE = context("integer", options={"min": 1, "max": 7, "unit": ""})


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("five", 5),
        ("We have fourteen agents.", 14),
        ("about a dozen", 12),
        ("around twenty five", 25),
        ("just me", 1),
        ("It's just me right now.", 1),
        ("me, myself and I", 1),
        ("I'm a solo agent", 1),
        ("me and my wife", 2),
        ("me and two others", 3),
        ("just me and three agents", 4),
        ("myself plus my business partner", 2),
        ("DTMF: 12#", 12),
        ("five, no, six", 6),
        ("we've been around for ten years and have eight agents", 8),
        ("a hundred and twenty", 120),
        ("1,200", 1200),
        ("there's five of us", 5),
        ("a couple", 2),
    ],
)
def test_team_sizes(said: str, value: int) -> None:
    reading = TYPE.parse(said, TEAM)
    assert reading is not None and reading.value == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        *[("three", 3), ("3 bedrooms please", 3), ("at least four", 4), ("two or three", 2), ("a studio", 0)],
        *[("none", 0), ("to", 2), ("too.", 2), ("for", 4), ("two to three bedrooms", 2)],
    ],
)
def test_bedrooms(said: str, value: int) -> None:
    reading = TYPE.parse(said, BEDS)
    assert reading is not None and reading.value == value


def test_half_a_bath_is_a_number_and_half_an_agent_is_not() -> None:
    bath = TYPE.parse("two and a half", BATHS)
    assert bath is not None and bath.value == 2.5 and TYPE.say(2.5, BATHS) == "two point five"
    half = TYPE.parse("two and a half", TEAM)
    assert half is not None and "whole number" in half.problem


@pytest.mark.parametrize("said", ["zero", "six thousand", "DTMF: 9999#"])
def test_out_of_bounds_says_what_to_do(said: str) -> None:
    reading = TYPE.parse(said, TEAM)
    assert reading is not None and "between one and five thousand" in reading.problem


def test_a_range_or_a_vague_word_is_asked() -> None:
    between = TYPE.parse("ten to fifteen", TEAM)
    assert between is not None and between.ask == "One number is enough. Shall I put ten or fifteen?"
    few = TYPE.parse("a few", TEAM)
    assert few is not None and few.ask and few.value is None


@pytest.mark.parametrize(
    "said", ["", "I don't know", "to be honest, no idea", "Denver", "for sure", "someone", "the first"]
)
def test_what_is_no_number(said: str) -> None:
    assert TYPE.parse(said, BEDS) is None


@pytest.mark.parametrize(
    ("said", "beds", "baths"),
    [
        ("I need a 2 bedroom apartment in Newark", 2, None),
        ("three bed two bath in Oak Park", 3, 2),
        ("I'd like two bed rooms and one bath.", 2, 1),
        ("a three-bedroom with two and a half baths", 3, 2.5),
        ("1 bed, 1 bath in Mountain View", 1, 1),
        ("It needs to have 3 baths and 4 bedrooms.", 4, 3),
        ("two nice bedrooms", 2, None),
        ("two or three bedrooms", 2, None),
        ("I want a to bedroom place", 2, None),
        ("bedrooms: 3", 3, None),
        ("a studio downtown", 0, None),
        ("under 450 in Oak Park", None, None),
        ("four people looking for a house", None, None),
        ("in two weeks", None, None),
        ("2 apartments", None, None),
        ("the bed was broken in 2020", None, None),
    ],
)
def test_spotted_beside_what_is_counted(said: str, beds: float | None, baths: float | None) -> None:
    found_beds, found_baths = TYPE.spot(said, BEDS), TYPE.spot(said, BATHS)
    assert (found_beds.value if found_beds else None) == beds
    assert (found_baths.value if found_baths else None) == baths


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("It's Oak Hill Realty, we're a team of five", 5),
        ("we have twelve agents in Denver", 12),
        ("there are about twenty of us", 20),
        ("we have three offices", None),
        ("we're at 1200 Main Street", None),
        ("we have two hundred thousand dollars", None),
        ("we're open nine to five", None),
        ("we have 20 years of experience", None),
        ("call me at five", None),
        ("Oak Hill Realty in Denver, just me", 1),
    ],
)
def test_team_size_spotted(said: str, value: int | None) -> None:
    reading = TYPE.spot(said, TEAM)
    assert (reading.value if reading else None) == value


def test_repair_and_check() -> None:
    held = context("integer", options={"min": 1, "max": 50, "unit": "people"}, current=5)
    for said in ("no, six", "not five, six", "six, not five", "I said six", "make it six"):
        reading = TYPE.repair(said, held)
        assert reading is not None and reading.value == 6, said
    assert TYPE.repair("no", held) is None
    assert TYPE.check(5, held) is None
    for wrong in (0, 51, 2.5, "5", True, None, float("nan"), [5]):
        assert TYPE.check(wrong, held)


@given(st.integers(1, 5000))
def test_what_is_said_and_shown_is_understood(value: int) -> None:
    for text in (TYPE.say(value, TEAM), TYPE.show(value, TEAM)):
        reading = TYPE.parse(text, TEAM)
        assert reading is not None and reading.value == value


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for ctx in (TEAM, BEDS, EASE):
        for call in (TYPE.parse, TYPE.spot, TYPE.repair):
            call(text, ctx)
