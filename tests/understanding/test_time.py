from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.times import canonical
from agent.understanding.types.time import TYPE
from tests.understanding.support import context

CTX = context("time", cues=["call me", "at"])


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("half past two", "14:30"),
        ("3", "15:00"),
        ("three", "15:00"),
        ("nine", "09:00"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("twelve thirty", "12:30"),
        ("quarter to three", "14:45"),
        ("ten to two", "13:50"),
        ("five past nine", "09:05"),
        ("nine oh five", "09:05"),
        ("2:30 pm", "14:30"),
        ("8 p.m.", "20:00"),
        ("seven in the evening", "19:00"),
        ("six in the morning", "06:00"),
        ("14:30", "14:30"),
        ("fourteen thirty", "14:30"),
        ("0900 hours", "09:00"),
        ("five o'clock", "17:00"),
        ("around three-ish", "15:00"),
        ("three, no, four thirty", "16:30"),
        ("DTMF: 930#", "09:30"),
        ("DTMF: 1430#", "14:30"),
        ("12 a.m.", "00:00"),
    ],
)
def test_answers(said: str, value: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == value


@pytest.mark.parametrize(
    "said", ["", "anytime", "I don't know", "three bedrooms", "in two weeks", "DTMF: 99999#", "DTMF: 2575#"]
)
def test_what_is_no_time(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


def test_the_half_of_the_day_can_be_asked_and_set() -> None:
    first = TYPE.parse("sometime in the evening", CTX)
    assert first is not None and first.ask == "At what time in the evening?"
    second = TYPE.parse("eight", context("time", partial=first.partial))
    assert second is not None and second.value == "20:00"
    early = TYPE.parse("six", context("time", options={"default_period": "am"}))
    assert early is not None and early.value == "06:00"


def test_two_times_are_asked() -> None:
    reading = TYPE.parse("two or three", CTX)
    assert reading is not None and reading.ask == "Which one, two p.m. or three p.m.?"


def test_spot_repair_and_check() -> None:
    reading = TYPE.spot("you can call me at four on Tuesday", CTX)
    assert reading is not None and reading.value == "16:00"
    assert TYPE.spot("we have 4 agents", CTX) is None
    held = context("time", current="15:00")
    for said, value in (
        ("no, four", "16:00"),
        ("no, a.m.", "03:00"),
        ("not three, half past three", "15:30"),
    ):
        fixed = TYPE.repair(said, held)
        assert fixed is not None and fixed.value == value
    for wrong in ("24:00", "9:00", "25:00", None, 900):
        assert TYPE.check(wrong, CTX)


@given(st.integers(0, 1439))
def test_what_is_said_and_shown_is_understood(minutes: int) -> None:
    value = canonical(minutes)
    for text in (TYPE.say(value, CTX), TYPE.show(value, CTX), value):
        reading = TYPE.parse(text, CTX)
        assert reading is not None and reading.value == value, text


@given(st.text(max_size=150))
def test_any_text_is_survived(text: str) -> None:
    for ctx in (CTX, context("time", current="15:00"), context("time", partial={"part": "morning"})):
        for call in (TYPE.parse, TYPE.spot, TYPE.repair):
            call(text, ctx)
