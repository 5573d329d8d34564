from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.multi_choice import TYPE
from tests.understanding.support import context, one

SOURCES = [
    one("zillow", "Zillow"),
    one("realtor_com", "Realtor.com", "realtor"),
    one("website", "your website", "our website", "website", "the site"),
    one("facebook", "Facebook", "facebook ads"),
    one("open_house", "open houses", "open house"),
    one("direct_call", "direct calls", "phone calls", "people calling"),
]
CTX = context("multi_choice", choices=SOURCES, cues=["leads come from", "we get leads from"])
LANGS = context(
    "multi_choice", choices=[one("en", "English"), one("es", "Spanish", "español")], options={"min": 1}
)
EVERY = [c.value for c in SOURCES]


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("Zillow and our website", "zillow website"),
        ("our website and Zillow", "zillow website"),
        ("Zillow, realtor dot com, and Facebook ads", "zillow realtor_com facebook"),
        ("mostly zillo and open houses", "zillow open_house"),
        ("just Facebook", "facebook"),
        ("all of them", " ".join(EVERY)),
        ("everything except Facebook", "zillow realtor_com website open_house direct_call"),
        ("all of them but not Zillow or Facebook", "realtor_com website open_house direct_call"),
        ("the first two", "zillow realtor_com"),
        ("one and three", "zillow website"),
        ("DTMF: 14#", "zillow facebook"),
        ("Zillow but not Facebook", "zillow"),
    ],
)
def test_answers(said: str, values: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == values.split()


@pytest.mark.parametrize("said", ["none", "none of them", "we don't use any", "no"])
def test_none_is_an_empty_list(said: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == []


def test_both_and_a_minimum() -> None:
    assert (both := TYPE.parse("both", LANGS)) and both.value == ["en", "es"]
    assert (one_of := TYPE.parse("English", LANGS)) and one_of.value == ["en"]
    nothing = TYPE.parse("none", LANGS)
    assert nothing is not None and "at least one" in nothing.problem


@pytest.mark.parametrize("said", ["", "I don't know", "what are the options", "Denver", "DTMF: 9#"])
def test_what_names_nothing(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


def test_spotted_only_with_a_cue() -> None:
    reading = TYPE.spot("Five agents, and our leads come from Zillow and Facebook", CTX)
    assert reading is not None and reading.value == ["zillow", "facebook"]
    assert TYPE.spot("I saw it on Zillow", CTX) is None


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("also Facebook", "zillow website facebook"),
        ("no, add open houses", "zillow website open_house"),
        ("not Zillow", "website"),
        ("drop the website", "zillow"),
        ("no, just Facebook", "facebook"),
        ("all of them", " ".join(EVERY)),
        ("Facebook, not Zillow", "website facebook"),
    ],
)
def test_corrections(said: str, values: str) -> None:
    held = context("multi_choice", choices=SOURCES, current=["zillow", "website"])
    reading = TYPE.repair(said, held)
    assert reading is not None and reading.value == values.split()


@pytest.mark.parametrize("value", [["gold"], ["zillow", "zillow"], "zillow", None, [1]])
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)


@given(st.lists(st.sampled_from(EVERY), unique=True))
def test_what_is_said_is_understood(picked: list[str]) -> None:
    value = [v for v in EVERY if v in picked]
    for text in (TYPE.say(value, CTX), TYPE.show(value, CTX)):
        reading = TYPE.parse(text, CTX)
        assert reading is not None and reading.value == value


@given(st.text(max_size=150))
def test_any_text_is_survived(text: str) -> None:
    for ctx in (CTX, context("multi_choice", choices=SOURCES, current=["zillow"]), context("multi_choice")):
        for call in (TYPE.parse, TYPE.spot, TYPE.repair):
            call(text, ctx)
