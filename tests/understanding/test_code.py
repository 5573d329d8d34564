"""Codes: so many digits, or a licence number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.code import TYPE
from tests.understanding.support import context

SIX = context("code", options={"digits": 6})
ANY = context("code", cues=["license number is"])


@pytest.mark.parametrize(
    "said",
    [
        "481029",
        "481 029.",
        "it's 4-8-1, 0-2-9",
        "four eight one oh two nine",
        "my code is four eighty one zero two nine",
        "forty-eight ten twenty-nine",
        "481029 481029",
        "481 028, sorry, 481 029",
        "DTMF: 481029#",
        "uh, 4 8 1, 0, 2, 9 please",
    ],
)
def test_six_digits(said: str) -> None:
    reading = TYPE.parse(said, SIX)
    assert reading is not None
    assert reading.value == "481029"


def test_half_a_code_is_completed() -> None:
    half = TYPE.parse("four eight one", SIX)
    assert half is not None
    assert half.ask
    whole = TYPE.parse("oh two nine", replace(SIX, partial=half.partial))
    assert whole is not None
    assert whole.value == "481029"


def test_too_many_digits_are_counted() -> None:
    reading = TYPE.parse("48102 9 9", SIX)
    assert reading is not None
    assert "six digits" in reading.problem
    assert "seven" in reading.problem


def test_an_area_code() -> None:
    ctx = context("code", options={"digits": 3}, cues=["area code"])
    for said in ("three oh three", "area code 303 please", "DTMF: 303#"):
        reading = TYPE.parse(said, ctx)
        assert reading is not None
        assert reading.value == "303"
    found = TYPE.spot("a new number with area code 720", ctx)
    assert found is not None
    assert found.value == "720"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("FA 100 0423", "FA1000423"),
        ("F A one zero zero zero four two three", "FA1000423"),
        ("it's E R dot 4 0 0 1 2", "ER.40012"),
        ("S L 3 1 2 3 4 5 6", "SL3123456"),
        ("my license is SL-3123456", "SL-3123456"),
        ("license number one two three four five", "12345"),
        ("BK3123456.", "BK3123456"),
    ],
)
def test_a_licence_number(said: str, code: str) -> None:
    reading = TYPE.parse(said, ANY)
    assert reading is not None
    assert reading.value == code


@pytest.mark.parametrize("said", ["I don't know", "yes", "no", "maybe later", "what code", ""])
def test_talk_is_no_code(said: str) -> None:
    assert TYPE.parse(said, SIX) is None
    assert TYPE.parse(said, ANY) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("the last digit is 8", "481028"),
        ("last two are 3 0", "481030"),
        ("first digit is 5", "581029"),
        ("the third digit is 2", "482029"),
        ("it's 9 not 8", "491029"),
        ("no, 481 028", "481028"),
    ],
)
def test_only_the_digits_that_are_wrong_change(said: str, code: str) -> None:
    reading = TYPE.repair(said, replace(SIX, current="481029"))
    assert reading is not None
    assert reading.value == code


def test_seven_not_eleven_changes_no_length() -> None:
    reading = TYPE.repair("no, seven, not eleven", replace(SIX, current="481129"))
    assert reading is not None
    assert reading.value is None
    assert reading.problem


def test_only_an_announced_code_is_found() -> None:
    found = TYPE.spot("my license number is BK 3123456 and I'm the broker", ANY)
    assert found is not None
    assert found.value == "BK3123456"
    assert "I'm the broker" in found.rest
    assert TYPE.spot("call me at 303 555 0142", ANY) is None


@pytest.mark.parametrize("value", ["48102", "4810299", "48102a", 481029, None])
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, SIX)


@given(st.text("0123456789", min_size=6, max_size=6))
def test_what_is_read_back_is_understood_as_the_same(code: str) -> None:
    for text in (TYPE.say(code, SIX), TYPE.show(code, SIX), f"it's {TYPE.say(code, SIX)}"):
        reading = TYPE.parse(text, SIX)
        assert reading is not None
        assert reading.value == code


@given(st.from_regex(r"[A-Z]{2}[1-9][0-9]{4,7}", fullmatch=True))
def test_a_licence_number_survives_its_read_back(code: str) -> None:
    reading = TYPE.parse(TYPE.say(code, ANY), ANY)
    assert reading is not None
    assert reading.value == code
