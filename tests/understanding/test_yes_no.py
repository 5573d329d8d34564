from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.yes_no import TYPE
from tests.understanding.support import context, one

PLAIN = context("yes_no")
AGENT = context(
    "yes_no",
    cues=["working with an agent", "have an agent", "an agent already"],
    choices=[
        one("yes", "under an agreement", "under contract with"),
        one("no", "free to work with us", "no agent", "unrepresented"),
    ],
)
PETS = context("yes_no", cues=["pets", "a pet", "pet friendly", "a dog"])


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("yes", True),
        ("Yep, that's right", True),
        ("no thanks", False),
        ("DTMF: 1#", True),
        ("DTMF: 2", False),
        ("true", True),
        ("off", False),
        ("we have one", True),
        ("I already have one", True),
        ("We don't have one yet", False),
        ("I haven't spoken to anyone", False),
        ("there isn't any", False),
        ("it's correct I think, yes", True),
        ("I'd say no", False),
    ],
)
def test_answers(said: str, value: bool) -> None:
    reading = TYPE.parse(said, PLAIN)
    assert reading is not None and reading.value is value


@pytest.mark.parametrize(
    "said", ["", "Denver", "what do you mean?", "can I speak to a person", "I have a question", "DTMF: 5#"]
)
def test_what_is_no_answer(said: str) -> None:
    assert TYPE.parse(said, PLAIN) is None


def test_the_rest_is_left_for_others() -> None:
    reading = TYPE.parse("Yes, and we have five agents", PLAIN)
    assert reading is not None and (reading.value, reading.rest) == (True, "we have five agents")


def test_not_sure_is_asked_once_or_decided_by_the_flow() -> None:
    first = TYPE.parse("I'm not sure", PLAIN)
    assert first is not None and first.ask and first.value is None
    assert TYPE.parse("I really don't know", context("yes_no", partial=first.partial)) is None
    decided = TYPE.parse("no idea", context("yes_no", options={"unsure": False}))
    assert decided is not None and decided.value is False and decided.confidence < 1


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("we're already under contract with someone", True),
        ("I'm unrepresented", False),
        ("no agent", False),
        ("I'm working with an agent", True),
        ("I'm not working with an agent", False),
    ],
)
def test_words_of_the_slot(said: str, value: bool) -> None:
    reading = TYPE.parse(said, AGENT)
    assert reading is not None and reading.value is value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Three bedrooms, and I have a dog.", True),
        ("Two baths and pets are allowed please", True),
        ("Can you find me something with 2 bathrooms with pets allowed?", True),
        ("two bedrooms in Napa, we don't have pets", False),
        ("no pets, two bedrooms", False),
        ("I need it pet friendly", True),
    ],
)
def test_spotted_in_another_answer(said: str, value: bool) -> None:
    reading = TYPE.spot(said, PETS)
    assert reading is not None and reading.value is value


@pytest.mark.parametrize(
    "said", ["Are pets allowed?", "Do they allow pets", "yes", "I want carpets", "is it pet friendly?"]
)
def test_questions_state_nothing(said: str) -> None:
    assert TYPE.spot(said, PETS) is None


def test_a_correction_turns_it_round() -> None:
    said_yes = context("yes_no", current=True)
    for text in ("no", "no, it's not", "that's wrong"):
        reading = TYPE.repair(text, said_yes)
        assert reading is not None and reading.value is False
    assert TYPE.repair("what?", said_yes) is None


def test_check_and_show() -> None:
    assert TYPE.check(True, PLAIN) is None
    assert TYPE.check("yes", PLAIN)
    assert TYPE.show(False, PLAIN) == "no"
    assert TYPE.say(True, AGENT) == "under an agreement"


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for ctx in (PLAIN, AGENT, PETS):
        TYPE.parse(text, ctx)
        TYPE.spot(text, ctx)
        TYPE.repair(text, ctx)
