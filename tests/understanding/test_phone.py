"""Telephone numbers as recognisers and keypads give them, repaired, and read back 3-3-4."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.base import Reading
from agent.understanding.types.phone import TYPE
from tests.understanding.support import context

CALLER = {"caller_id": "+13035550177"}
CTX = context("phone", cues=["my number is", "reach me at", "my cell is"])
NUMBER = "+13035550142"


def heard(text: str, **more: Any) -> Reading:
    reading = TYPE.parse(text, context("phone", **more))
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    "said",
    [
        "303-555-0142",
        "(303) 555-0142.",
        "it's 303.555.0142",
        "303 555 01 42",
        "3 0 3. 5 5 5. 0 1 4 2.",
        "3-0-3-5-5-5-0-1-4-2",
        "three oh three five five five oh one four two",
        "Three zero three, triple five, zero one four two.",
        "three oh three five fifty five oh one forty two",
        "three oh three, 555, oh 142",
        "three hundred and three, five five five, oh one four two",
        "1-303-555-0142",
        "+1 303 555 0142",
        "one three oh three five five five oh one four two",
        "area code 303, number 555-0142",
        "555-0142, area code 303",
        "area code three oh three then five five five zero one four two",
        "my number is 303 555 014 to",
        "um, my cell, uh, is 303, um, 555, 0142",
        "call me at three oh three, five five five, oh one four two please",
        "sure, use my cell, 303 555 0142 ext 12",
        "303 555 0142 extension four",
        "303 555 0142 303 555 0142",
        "303 555 0142, I repeat, 303 555 0142",
        "303 555 0143, sorry, 0142",
        "303 555 0199 no wait 303 555 0142",
        "720 555 0142, I mean 303 555 0142",
        "303, triple, five, zero, one, four, two.",  # as Whisper writes it
        "DTMF: 3035550142#",
        "DTMF: 13035550142",
        "The best number is three zero three five five five zero one four two, thanks.",
    ],
)
def test_a_number_in_its_many_forms(said: str) -> None:
    assert heard(said).value == NUMBER


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1 800 555 0199", "+18005550199"),
        ("eight hundred 555 0199", "+18005550199"),
        ("eight hundred five five five zero one nine nine", "+18005550199"),
        ("+44 20 7946 0958", "+442079460958"),
        ("(212) 555-0100", "+12125550100"),
    ],
)
def test_other_numbers(said: str, number: str) -> None:
    assert heard(said).value == number


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "Yes, that's fine.",
        "DTMF: 1#",
        "the number I'm calling from",
        "It's the one I'm calling from.",
        "this number",
        "This one is fine",
        "same number",
        "you can use the one I'm on now",
        "use this one",
        "the same one I'm calling on",
        "my caller ID number",
    ],
)
def test_the_callers_own_number_when_the_line_shows_it(said: str) -> None:
    assert heard(said, facts=CALLER).value == "+13035550177"
    assert TYPE.parse(said, context("phone")) is None


@pytest.mark.parametrize("said", ["no", "no, a different one", "DTMF: 2#", "another number please"])
def test_another_number_than_the_callers_is_asked_for(said: str) -> None:
    assert heard(said, facts=CALLER).ask


def test_another_number_in_the_same_breath() -> None:
    assert heard("no, use 303 555 0142", facts=CALLER).value == NUMBER


@pytest.mark.parametrize(
    "answer", ["303", "three oh three", "area code 303", "DTMF: 303#", "uh, three zero three", "303 555 0142"]
)
def test_a_local_number_is_completed_by_its_area_code(answer: str) -> None:
    first = heard("five five five oh one four two")
    assert first.ask == "And the area code?"
    assert heard(answer, partial=first.partial).value == NUMBER


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("303-44-0199", "nine digits"),  # two pairs: either may have been three
        ("303 555 01 42 7", "eleven digits"),
        ("103 555 0142", "starts with 1"),
        ("303 155 0142", "start with 1"),
        ("303 911 0142", "9 1 1"),
        ("237 555 0142", "area code 2 3 7"),
        ("555 555 5555", "can't be a phone number"),
        ("000 000 0000", "starts with 0"),
        ("911", "three digits"),
        ("DTMF: 30355501#", "eight digits"),
    ],
)
def test_an_impossible_number_is_explained(said: str, why: str) -> None:
    reading = heard(said)
    assert reading.value is None
    assert why in reading.problem
    assert reading.problem.endswith((".", "?"))


@pytest.mark.parametrize("said", ["303-55-0142", "303 5555 0142"])
def test_a_lost_or_repeated_digit_is_guessed_with_little_confidence(said: str) -> None:
    reading = heard(said)
    assert reading.value == NUMBER
    assert reading.confidence < 0.6  # so it is read back whatever the slot's policy
    assert heard(said, channel="chat").problem


@pytest.mark.parametrize(
    "said", ["I don't have one", "I'd rather not say", "what for?", "twelve", "DTMF: 9#", ""]
)
def test_talk_is_no_number(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("the last four are 0143", "+13035550143"),
        ("no, the last two are 4 7", "+13035550147"),
        ("No, the last 40143.", "+13035550143"),  # "the last four are 0143" as Whisper writes it
        ("it ends in 43", "+13035550143"),
        ("the last digit is 3", "+13035550143"),
        ("the area code is 720", "+17205550142"),
        ("the first three are 720", "+17205550142"),
        ("no it's 720", "+17205550142"),
        ("the middle is 556", "+13035560142"),
        ("the third digit is a 5", "+13055550142"),
        ("3 not 2", "+13035550143"),
        ("change the 2 to a 3", "+13035550143"),
        ("no, 0143", "+13035550143"),
        ("it's oh one four three", "+13035550143"),
        ("no, 556 0142", "+13035560142"),
        ("no, 720 555 0199", "+17205550199"),
    ],
)
def test_only_the_digits_that_are_wrong_change(said: str, number: str) -> None:
    reading = TYPE.repair(said, replace(CTX, current=NUMBER))
    assert reading is not None
    assert reading.value == number


@pytest.mark.parametrize("said", ["no", "yes", "that's wrong", ""])
def test_a_bare_no_repairs_nothing(said: str) -> None:
    assert TYPE.repair(said, replace(CTX, current=NUMBER)) is None


def test_a_correction_that_fits_nowhere_is_asked_for_again() -> None:
    reading = TYPE.repair("no, seven not eleven", replace(CTX, current=NUMBER))
    assert reading is not None
    assert reading.problem


def test_seven_not_eleven_is_never_guessed_into_a_shorter_number() -> None:
    reading = TYPE.repair("no, seven not eleven", replace(CTX, current="+13035551142"))
    assert reading is not None
    assert reading.value is None


def test_a_number_is_found_after_a_cue_only() -> None:
    found = TYPE.spot("Maria Lopez, you can reach me at 303 555 0142 and I'm the broker", CTX)
    assert found is not None
    assert found.value == NUMBER
    assert "I'm the broker" in found.rest
    assert "Maria Lopez" in found.rest
    cell = TYPE.spot("my cell phone number is 303 555 0142", CTX)
    assert cell is not None and cell.value == NUMBER
    assert TYPE.spot("our office number is 303 555 0142", CTX) is None
    assert TYPE.spot("my license number is 3035550142", CTX) is None
    assert TYPE.spot("my number is 12 and my zip is 80202", CTX) is None


@pytest.mark.parametrize("value", ["3035550142", "+1303555014", "+11035550142", "call me", None, 7])
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)


def test_countries_can_be_limited() -> None:
    assert TYPE.check("+442079460958", context("phone", options={"countries": ["US"]}))
    assert TYPE.check(NUMBER, context("phone", options={"countries": ["US"]})) is None


def test_how_it_is_said_and_shown() -> None:
    assert TYPE.say(NUMBER, CTX) == "3 0 3, 5 5 5, 0 1 4 2"
    assert TYPE.show(NUMBER, CTX) == "(303) 555-0142"


AREAS = st.sampled_from(["201", "212", "303", "404", "512", "617", "720", "800", "818", "970"])


@given(area=AREAS, exchange=st.integers(200, 999), line=st.integers(0, 9999))
def test_what_is_read_back_is_understood_as_the_same(area: str, exchange: int, line: int) -> None:
    number = f"+1{area}{exchange}{line:04d}"
    if TYPE.check(number, CTX):
        return
    spoken = TYPE.say(number, CTX)
    for text in (
        spoken,
        spoken.replace(",", ""),
        TYPE.show(number, CTX),
        f"DTMF: {number[2:]}#",
        f"no, it's {spoken}",
    ):
        reading = TYPE.parse(text, CTX)
        assert reading is not None
        assert reading.value == number


@given(line=st.integers(100, 199), new=st.integers(0, 99))
def test_a_correction_of_the_end_keeps_the_beginning(line: int, new: int) -> None:
    number = f"+1303555{line:04d}"
    reading = TYPE.repair(f"the last two are {new // 10} {new % 10}", replace(CTX, current=number))
    expected = f"{number[:-2]}{new:02d}"
    assert (reading is None and expected == number) or (reading is not None and reading.value == expected)
