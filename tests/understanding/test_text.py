from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.text import TYPE
from tests.understanding.support import context

CTX = context("text", label="Message")
GREETING = context(
    "text",
    label="Greeting",
    options={"max": 80, "contains": ["organization_name"]},
    facts={"organization_name": "Oak Hill Realty"},
    cues=["greeting should be", "it should say"],
)
FEATURES = context("text", cues=["must have", "need a", "with a"])
ANIMALS = context("text", cues=["a dog", "service dog"])


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("um, tell them I'll be ten minutes late", "I'll be ten minutes late"),
        ("please call   me back about the house on Elm", "Please call me back about the house on Elm"),
        ("a big yard and parking", "A big yard and parking"),
        ("no", "none"),
        ("nothing special", "none"),
    ],
)
def test_answers(said: str, value: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == value


def test_what_is_no_text() -> None:
    for said in ("", "...", "um", "I don't know", "DTMF: 12#"):
        reading = TYPE.parse(said, CTX)
        assert reading is None or reading.value is None


@pytest.mark.parametrize("said", ["N/A", "unknown", "test test", "xxx", "tbd"])
def test_placeholders_are_refused(said: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is None or (reading.value is None and reading.problem)
    assert TYPE.check(said, CTX)


def test_length_and_the_business_name() -> None:
    good = TYPE.parse("Hello, this is Oak Hill Realty. How can I help?", GREETING)
    assert good is not None and good.value
    nameless = TYPE.parse("Hello, how can I help?", GREETING)
    assert nameless is not None and "must have the name Oak Hill Realty" in nameless.problem
    long = TYPE.parse("Oak Hill Realty " * 10, GREETING)
    assert long is not None and "under 80 characters" in long.problem
    assert TYPE.check("Oak Hill Realty, how can I help?", GREETING) is None
    assert TYPE.parse("no", GREETING) is None
    assert TYPE.check(5, GREETING) and TYPE.check("  ", CTX)


@pytest.mark.parametrize(
    ("said", "ctx", "value"),
    [
        ("two beds, and it must have a garage", FEATURES, "A garage"),
        ("three bedrooms with a big yard", FEATURES, "Big yard"),
        ("I need a two bedroom house in Oak Park", FEATURES, None),
        ("I need a minute", FEATURES, None),
        ("two beds in Napa, I have a dog named Rex", ANIMALS, "A dog named Rex"),
        ("it should say Oak Hill Realty, how can we help", GREETING, "Oak Hill Realty, how can we help"),
        ("nothing about that", GREETING, None),
    ],
)
def test_spotted_behind_its_cue(said: str, ctx, value: str | None) -> None:
    reading = TYPE.spot(said, ctx)
    assert (reading.value if reading else None) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("say homes instead of houses", "We sell homes in Denver"),
        ("change Denver to Boulder", "We sell houses in Boulder"),
        ("no, instead of houses say condos", "We sell condos in Denver"),
        ("no, make it: welcome to Oak Hill", "Welcome to Oak Hill"),
    ],
)
def test_corrections(said: str, value: str) -> None:
    reading = TYPE.repair(said, context("text", current="We sell houses in Denver"))
    assert reading is not None and reading.value == value


def test_a_bare_no_corrects_nothing() -> None:
    assert TYPE.repair("no", context("text", current="Hello")) is None


@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    for ctx in (CTX, GREETING, FEATURES, context("text", current="We sell houses")):
        for call in (TYPE.parse, TYPE.spot, TYPE.repair):
            reading = call(text, ctx)
            assert (
                reading is None
                or reading.value is None
                or TYPE.check(reading.value, ctx) is None
                or call == TYPE.spot
            )
