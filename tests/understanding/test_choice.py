from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.choice import TYPE
from tests.understanding.support import context, one

CRM = [
    one("salesforce", "Salesforce"),
    one("hubspot", "HubSpot"),
    one("follow_up_boss", "Follow Up Boss", "fub"),
    one("lofty", "Lofty", "chime"),
    one("none", "no CRM", "we don't have one", "spreadsheet"),
]
PLAN = [
    one("starter", "Starter", "the cheap one", "the cheapest"),
    one("professional", "Professional"),
    one("business", "Business"),
    one("enterprise", "Enterprise"),
]
VOICE = [
    one("professional_male", "Professional Male"),
    one("professional_female", "Professional Female"),
    one("friendly", "Friendly Conversational"),
]
crm = context("choice", choices=CRM, cues=["crm", "we use"])
plan = context("choice", choices=PLAN, cues=["plan"])
voice = context("choice", choices=VOICE)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Salesforce", "salesforce"),
        ("um, we're on sales force I think", "salesforce"),
        ("hub spot", "hubspot"),
        ("it's follow a boss", "follow_up_boss"),
        ("F U B", "follow_up_boss"),
        ("the second one", "hubspot"),
        ("number three please", "follow_up_boss"),
        ("DTMF: 4#", "lofty"),
        ("we used to be called chime, so Chime", "lofty"),
        ("none", "none"),
        ("no CRM", "none"),
        ("we don't use one", "none"),
        ("no", "none"),
        ("just a spreadsheet", "none"),
        ("not Salesforce, HubSpot", "hubspot"),
        ("Salesforce, no wait, HubSpot", "hubspot"),
    ],
)
def test_answers(said: str, value: str) -> None:
    reading = TYPE.parse(said, crm)
    assert reading is not None and reading.value == value


@pytest.mark.parametrize(
    "said", ["", "I don't know", "what are the options?", "yes", "our own thing called Blackbird"]
)
def test_what_names_no_choice(said: str) -> None:
    assert TYPE.parse(said, crm) is None


def test_words_that_fit_two_are_asked_and_the_answer_is_among_them() -> None:
    reading = TYPE.parse("a professional one", voice)
    assert reading is not None and reading.value is None
    assert reading.ask == "Do you mean Professional Male or Professional Female?"
    narrowed = context("choice", choices=VOICE, partial=reading.partial)
    assert (second := TYPE.parse("the second", narrowed)) and second.value == "professional_female"
    assert (female := TYPE.parse("female", narrowed)) and female.value == "professional_female"
    assert (other := TYPE.parse("actually the friendly one", narrowed)) and other.value == "friendly"


def test_two_named_at_once_are_asked() -> None:
    reading = TYPE.parse("Salesforce or HubSpot", crm)
    assert reading is not None and reading.ask and reading.partial == ["salesforce", "hubspot"]


AGENT = context(
    "choice",
    choices=[
        one("no", "no agent", "no", "not yet", "not working with anyone"),
        one("yes", "an agent", "yes", "I have an agent", "working with an agent"),
        one("exclusive", "an exclusive agreement", "exclusive", "we signed"),
        one("unsure", "not sure", "not sure", "don't know", "maybe"),
    ],
)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("no", "no"),
        ("not yet", "no"),
        ("I'm not working with an agent", "no"),
        ("no, I'm not working with anyone", "no"),
        ("I have an agent", "yes"),
        ("yes", "yes"),
        ("yes we signed with someone", "exclusive"),
        ("an agent, under an exclusive agreement", "exclusive"),
        ("I don't know", "unsure"),
        ("maybe", "unsure"),
    ],
)
def test_small_words_answer_only_alone_and_what_is_denied_is_not_chosen(said: str, value: str) -> None:
    reading = TYPE.parse(said, AGENT)
    assert reading is not None and reading.value == value


def test_a_near_miss_is_less_sure_than_the_name() -> None:
    near, exact = TYPE.parse("sales forth", crm), TYPE.parse("Salesforce", crm)
    assert near and exact and near.confidence < exact.confidence == 1.0


def test_a_key_outside_the_list_is_a_problem() -> None:
    reading = TYPE.parse("DTMF: 9#", crm)
    assert reading is not None and "1 to 5" in reading.problem


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("we're in Denver and we use Salesforce", "salesforce"),
        ("our brokerage is Oak Hill and our leads are in HubSpot", "hubspot"),
        ("five agents, and everything is in Follow Up Boss", "follow_up_boss"),
    ],
)
def test_spotted(said: str, value: str) -> None:
    reading = TYPE.spot(said, crm)
    assert reading is not None and reading.value == value


def test_an_ordinary_word_is_no_choice_without_its_cue() -> None:
    assert TYPE.spot("We're a professional real estate business", plan) is None
    assert TYPE.spot("a professional team", plan) is None
    reading = TYPE.spot("five agents on the professional plan", plan)
    assert reading is not None and reading.value == "professional"


def test_repair_and_check() -> None:
    held = context("choice", choices=PLAN, current="starter")
    for said in (
        "no, Professional",
        "not Starter, Professional",
        "I said professional",
        "change it to professional",
    ):
        reading = TYPE.repair(said, held)
        assert reading is not None and reading.value == "professional", said
    assert TYPE.repair("no", held) is None
    assert TYPE.check("starter", plan) is None
    assert "Starter, Professional, Business or Enterprise" in (TYPE.check("gold", plan) or "")


@pytest.mark.parametrize("choice", [*CRM, *PLAN, *VOICE])
def test_what_is_said_is_understood(choice) -> None:
    ctx = next(c for c in (crm, plan, voice) if choice in c.slot.choices)
    for text in (TYPE.say(choice.value, ctx), TYPE.show(choice.value, ctx)):
        reading = TYPE.parse(text, ctx)
        assert reading is not None and reading.value == choice.value


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for call in (TYPE.parse, TYPE.spot, TYPE.repair):
        call(text, crm)
