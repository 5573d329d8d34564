from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.timezone import TYPE
from policies import regions
from policies.load import load
from tests.understanding.support import context

CTX = context("timezone", facts={"timezone_suggestion": "America/Denver"})
BARE = context("timezone")


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("mountain time", "America/Denver"),
        ("Mountain", "America/Denver"),
        ("mountain standard time", "America/Denver"),
        ("um, we're on Eastern", "America/New_York"),
        ("EST", "America/New_York"),
        ("ET", "America/New_York"),
        ("pacific daylight time", "America/Los_Angeles"),
        ("central I think", "America/Chicago"),
        ("west coast", "America/Los_Angeles"),
        ("Denver", "America/Denver"),
        ("same as Chicago", "America/Chicago"),
        ("we're in Dallas Texas", "America/Chicago"),
        ("El Paso, Texas", "America/Denver"),
        ("Colorado", "America/Denver"),
        ("Arizona", "America/Phoenix"),
        ("Phoenix time", "America/Phoenix"),
        ("Mountain, but we don't change our clocks", "America/Phoenix"),
        ("no daylight saving here", "America/Phoenix"),
        ("Hawaii", "Pacific/Honolulu"),
        ("America/Boise", "America/Boise"),
        ("not Pacific, Mountain", "America/Denver"),
        ("mounten time", "America/Denver"),
        ("DTMF: 3#", "America/Denver"),
        ("Washington D.C.", "America/New_York"),
        ("Seattle", "America/Los_Angeles"),
    ],
)
def test_answers(said: str, zone: str) -> None:
    reading = TYPE.parse(said, BARE)
    assert reading is not None and reading.value == zone


def test_yes_takes_the_suggestion_only_when_there_is_one() -> None:
    reading = TYPE.parse("yes, that's right", CTX)
    assert reading is not None and reading.value == "America/Denver"
    assert TYPE.parse("yes, that's right", BARE) is None
    other = TYPE.parse("no, Pacific", CTX)
    assert other is not None and other.value == "America/Los_Angeles"


def test_a_state_with_two_zones_is_less_sure_and_two_states_are_asked() -> None:
    florida, colorado = TYPE.parse("Florida", BARE), TYPE.parse("Colorado", BARE)
    assert florida and colorado and florida.confidence < colorado.confidence
    both = TYPE.parse("Colorado and California", BARE)
    assert both is not None and both.ask == "Is the office on Mountain time or Pacific time?"


@pytest.mark.parametrize("said", ["", "I don't know", "what time is it", "at the moment", "ok", "DTMF: 7#"])
def test_what_is_no_zone(said: str) -> None:
    assert TYPE.parse(said, BARE) is None


def test_spotted_as_a_zone_not_as_part_of_a_time() -> None:
    reading = TYPE.spot("Oak Hill Realty, and we're on Mountain time", BARE)
    assert reading is not None and reading.value == "America/Denver"
    assert (abbr := TYPE.spot("five agents, PST", BARE)) and abbr.value == "America/Los_Angeles"
    for said in (
        "call me at 3 pm eastern time",
        "the pacific ocean",
        "central park",
        "our best time",
        "the west",
    ):
        assert TYPE.spot(said, BARE) is None


def test_repair_and_check() -> None:
    held = context("timezone", current="America/Denver")
    for said in (
        "no, Pacific",
        "it's Pacific, not Mountain",
        "not Mountain, Pacific",
        "change it to Pacific time",
    ):
        reading = TYPE.repair(said, held)
        assert reading is not None and reading.value == "America/Los_Angeles", said
    assert TYPE.repair("no", held) is None
    assert TYPE.check("America/Denver", BARE) is None
    for wrong in ("Mountain", "America/Nowhere", "", None, 5, "../etc/passwd", "/etc/passwd", "America"):
        assert TYPE.check(wrong, BARE)


@pytest.mark.parametrize(
    "zone", sorted(set(load("regions", regions.Regions).spoken_zones) - {"America/Adak"})
)
def test_what_is_said_and_shown_is_understood(zone: str) -> None:
    for text in (TYPE.say(zone, BARE), TYPE.show(zone, BARE)):
        reading = TYPE.parse(text, BARE)
        assert reading is not None and TYPE.say(reading.value, BARE) == TYPE.say(zone, BARE)


@pytest.mark.parametrize("code", list(regions.states()))
def test_every_state_has_a_clock(code: str) -> None:
    state = regions.states()[code]
    reading = TYPE.parse(f"we're in {state.name}", BARE)
    assert reading is not None and reading.value in state.zones


@given(st.text(max_size=150))
def test_any_text_is_survived(text: str) -> None:
    for call in (TYPE.parse, TYPE.spot, TYPE.repair):
        call(text, CTX)
    TYPE.check(text, CTX)
