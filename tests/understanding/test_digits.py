"""Sequences of digits, however they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.digits import digits_of, keyed, runs, say_digits

NAMES = {
    "0": ["zero", "oh", "0"],
    "1": ["one", "1"],
    "2": ["two", "2"],
    "3": ["three", "3"],
    "4": ["four", "4"],
    "5": ["five", "5"],
    "6": ["six", "6"],
    "7": ["seven", "7"],
    "8": ["eight", "8"],
    "9": ["nine", "niner", "9"],
}


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("three oh three, five five five, oh one four two", "3035550142"),
        ("303-555-0142", "3035550142"),
        ("(303) 555 01 42", "3035550142"),
        ("triple five oh one double four", "5550144"),
        ("three zeros five", "0005"),
        ("five double 0 7", "5007"),
        ("area code 303 then 555 01 42", "3035550142"),
        ("one eight hundred 555 0199", "18005550199"),
        ("eight hundred five five five", "800555"),
        ("three hundred and five", "305"),
        ("twelve hundred", "1200"),
        ("fifty five", "55"),
        ("nineteen eighty five", "1985"),
        ("twenty-three forty-five", "2345"),
        ("oh one four two", "0142"),
        ("oh, three oh three", "303"),  # a sigh, not a zero
        ("my number is 303 555 014 to", "3035550142"),
        ("call 303 555 0142 for Maria", "3035550142"),
        ("it's for 303 555 0142", "3035550142"),
        ("won too tree", ""),  # homophones alone are words
        ("I want to go for a walk", ""),
        ("5th and 42nd", ""),
        ("DTMF: 3035550142#", "3035550142"),
        ("DTMF: 12*#", "12"),
    ],
)
def test_digits_are_read(said: str, digits: str) -> None:
    assert digits_of(said) == digits


def test_hundreds_add_up_where_a_number_is_meant() -> None:
    assert digits_of("three hundred five", add=True) == "305"
    assert digits_of("five thousand two hundred", add=True) == "5200"


def test_keys_are_told_from_words() -> None:
    assert keyed("DTMF: 12#") == "12"
    assert keyed("dtmf: ") == ""
    assert keyed("12") is None


def test_other_words_end_a_sequence() -> None:
    assert [run.digits for run in runs("303 555 0142 and my zip is 80202")] == ["3035550142", "80202"]
    assert runs("+44 20 7946 0958")[0].plus


@given(st.lists(st.sampled_from("0123456789"), min_size=4, max_size=12), st.data())
def test_any_mixture_of_words_and_figures(digits: list[str], data: st.DataObject) -> None:
    said = [data.draw(st.sampled_from(NAMES[d])) for d in digits]
    glue = data.draw(st.sampled_from([" ", ", ", "-", ". "]))
    if said[0] == "oh":
        said[0] = "zero"  # an "oh" before a comma is a sigh
    assert digits_of(glue.join(said)) == "".join(digits)


@given(st.text("0123456789", min_size=1, max_size=14))
def test_what_is_read_back_is_understood(digits: str) -> None:
    assert digits_of(say_digits(digits)) == digits


@given(st.text(max_size=60))
def test_runs_lie_in_the_text_in_order(text: str) -> None:
    end = 0
    for run in runs(text):
        assert end <= run.start < run.end <= len(text)
        end = run.end
