from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.places import fifty, state_codes
from agent.understanding.types.states import TYPE
from tests.understanding.support import context

CTX = context("states", cues=["we work in", "our states are"])
LICENCE = context("states", options={"single": True})


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Colorado and Wyoming", "CO WY"),
        ("Colorado, Wyoming and Utah.", "CO WY UT"),
        ("CO", "CO"),
        ("co and wy", "CO WY"),
        ("C O and W Y", "CO WY"),
        ("TX, OK", "TX OK"),
        ("just Texas", "TX"),
        ("um, we're in Colorado", "CO"),
        ("Washington D.C.", "DC"),
        ("Washington, D.C.", "DC"),
        ("Washington DC and Virginia", "DC VA"),
        ("Washington", "WA"),
        ("Washington state and Oregon", "WA OR"),
        ("West Virginia", "WV"),
        ("Virginia and West Virginia", "VA WV"),
        ("Kansas and Arkansas", "KS AR"),
        ("our states are Kansas and Nebraska", "KS NE"),
        ("New York City", "NY"),
        ("Cali", "CA"),
        ("the Carolinas", "NC SC"),
        ("Colorada and Wioming", "CO WY"),
        ("color ado", "CO"),
        ("New Mexco", "NM"),
        ("Masachusetts", "MA"),
        ("main", "ME"),
        ("taxes and Oklahoma", "OK"),
        ("taxes", "TX"),
        ("Denver, CO", "CO"),
        ("Texas but not Oklahoma", "TX"),
        ("Indiana or Ohio, I mean both", "IN OH"),
        ("only in Maine", "ME"),
        ("we do Hawaii", "HI"),
    ],
)
def test_answers(said: str, codes: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == codes.split()


def test_the_whole_country_with_exceptions() -> None:
    everywhere = TYPE.parse("all fifty states", CTX)
    assert everywhere is not None and everywhere.value == list(fifty())
    most = TYPE.parse("nationwide except California and New York", CTX)
    assert most is not None and set(fifty()) - set(most.value) == {"CA", "NY"}


NO_STATES = (
    """
ok|OK|OK.|hi|me|oh|or|in|in me or hi|let me think|our main office|Mexico|yes|I do|we're a team of five|Ontario
DTMF: 1#|not Texas|for the taxes I need an accountant
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parametrize("said", ["", *NO_STATES])
def test_words_that_are_no_states(said: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is None or reading.value is None


def test_mis_hearings_are_less_sure() -> None:
    near, exact = TYPE.parse("Colorada", CTX), TYPE.parse("Colorado", CTX)
    assert (near and exact and near.confidence < 1.0 == exact.confidence) or (near and near.value == ["CO"])
    masa = TYPE.parse("Masachusetts", CTX)
    assert masa is not None and masa.confidence < 1.0


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("It's Oak Hill Realty and we work in Colorado and Wyoming", "CO WY"),
        ("We're licensed in Texas, I have five agents", "TX"),
        ("Our agents cover Denver, Colorado and all of Utah", "CO UT"),
    ],
)
def test_spotted_after_an_announcement(said: str, codes: str) -> None:
    reading = TYPE.spot(said, CTX)
    assert reading is not None and reading.value == codes.split()


@pytest.mark.parametrize(
    "said",
    [
        "My name is Virginia Dakota",
        "12 Main Street, Denver, Colorado 80205",
        "Georgia speaking",
        "I'm in OK shape",
        "we work in teams",
    ],
)
def test_not_spotted_elsewhere(said: str) -> None:
    assert TYPE.spot(said, CTX) is None


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("no, Colorado and Montana", "CO MT"),
        ("and Utah too", "CO WY UT"),
        ("also Utah", "CO WY UT"),
        ("no, add Utah", "CO WY UT"),
        ("not Wyoming", "CO"),
        ("drop Wyoming please", "CO"),
        ("just Colorado", "CO"),
        ("Montana, not Wyoming", "CO MT"),
        ("not Wyoming, Montana", "CO MT"),
    ],
)
def test_corrections(said: str, codes: str) -> None:
    reading = TYPE.repair(said, context("states", current=["CO", "WY"]))
    assert reading is not None and reading.value == codes.split()


def test_one_state_only() -> None:
    assert (one := TYPE.parse("it's Colorado", LICENCE)) and one.value == "CO"
    two = TYPE.parse("Colorado and Utah", LICENCE)
    assert two is not None and two.ask and two.value is None
    assert TYPE.check("CO", LICENCE) is None and TYPE.check(["CO"], LICENCE)


@pytest.mark.parametrize("value", [[], ["XX"], ["CO", "CO"], "CO", None, [1]])
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)


@given(st.lists(st.sampled_from(state_codes()), min_size=1, max_size=52, unique=True))
def test_what_is_said_is_understood(codes: list[str]) -> None:
    assert TYPE.check(codes, CTX) is None
    for text in (TYPE.say(codes, CTX), TYPE.show(codes, CTX)):
        reading = TYPE.parse(text, CTX)
        assert reading is not None and sorted(reading.value) == sorted(codes), text


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for call in (TYPE.parse, TYPE.spot, TYPE.repair):
        call(text, context("states", current=["CO"]))
