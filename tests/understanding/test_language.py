from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.language import LANGUAGES, TYPE
from tests.understanding.support import context

ONE = context("language")
MANY = context("language", options={"multi": True, "always": ["en"]})


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("English and Spanish", ["en", "es"]),
        ("just English", ["en"]),
        ("Spanish", ["en", "es"]),
        ("both", ["en", "es"]),
        ("we're bilingual", ["en", "es"]),
        ("español", ["en", "es"]),
        ("English, Spanish and Vietnamese", ["en", "es", "vi"]),
        ("Vietnameze", ["en", "vi"]),
        ("not Spanish, French", ["en", "fr"]),
    ],
)
def test_several(said: str, codes: list[str]) -> None:
    reading = TYPE.parse(said, MANY)
    assert reading is not None and reading.value == codes


def test_one() -> None:
    assert (spanish := TYPE.parse("in Spanish please", ONE)) and spanish.value == "es"
    two = TYPE.parse("English or Spanish", ONE)
    assert two is not None and two.ask == "Which one should I put, English or Spanish?"
    for said in ("", "yes", "Denver", "I don't know"):
        assert TYPE.parse(said, ONE) is None


def test_spot_and_repair() -> None:
    assert (spoken := TYPE.spot("my agents speak Spanish", MANY)) and spoken.value == ["en", "es"]
    assert TYPE.spot("a Spanish style house", MANY) is None
    held = context("language", options={"multi": True}, current=["en", "es"])
    assert (more := TYPE.repair("and French too", held)) and more.value == ["en", "es", "fr"]
    assert (less := TYPE.repair("not Spanish", held)) and less.value == ["en"]
    assert (new := TYPE.repair("no, English and Korean", held)) and new.value == ["en", "ko"]


def test_check() -> None:
    assert TYPE.check("en", ONE) is None and TYPE.check(["en"], MANY) is None
    for wrong in ("xx", None, ["en"], 3):
        assert TYPE.check(wrong, ONE)
    for wrong in ([], "en", ["en", "en"], ["xx"]):
        assert TYPE.check(wrong, MANY)


@given(st.lists(st.sampled_from(list(LANGUAGES)), min_size=1, unique=True))
def test_what_is_said_is_understood(codes: list[str]) -> None:
    plain = context("language", options={"multi": True})
    reading = TYPE.parse(TYPE.say(codes, plain), plain)
    assert reading is not None and sorted(reading.value) == sorted(codes)


@given(st.text(max_size=150))
def test_any_text_is_survived(text: str) -> None:
    for call in (TYPE.parse, TYPE.spot, TYPE.repair):
        call(text, MANY)
