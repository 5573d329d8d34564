"""A047, A091, C21: a client's own rules are about the property and the plan, never about people."""

from __future__ import annotations

import pytest

from policies.dispositions import dispositions, follow_up_stops, of_question, strongest
from policies.lead_rules import (
    MustHave,
    Question,
    explained,
    forbidden_words,
    must_haves_problem,
    question_from_words,
    questions_problem,
    unmet,
)
from policies.objections import find_objection, objections
from prompts import phrases


@pytest.mark.parametrize(
    "ask",
    [
        "How many kids do you have?",
        "Are you married or single?",
        "Which church do you go to?",
        "Where are you from originally?",
        "Do you have a disability?",
        "How old are you?",
        "Who will be living with you?",
        "How many people will live there?",
        "What's your source of income?",
        "Do you use a Section 8 voucher?",
        "Were you born in this country?",
        "What's your social security number?",
    ],
)
def test_what_the_law_protects_cannot_be_asked(ask: str) -> None:
    assert forbidden_words(ask)
    assert "can't ask" in (questions_problem([Question(key="own", ask=ask)]) or "")


@pytest.mark.parametrize(
    "ask",
    [
        "How many cars will you park?",
        "Do you need a home office?",
        "Is a fenced yard a must?",
        "Which floor do you prefer?",
    ],
)
def test_the_property_can_be_asked_about(ask: str) -> None:
    assert questions_problem([Question(key="own", ask=ask)]) is None


def test_a_question_in_words_becomes_one_that_can_be_asked() -> None:
    car = question_from_words("whether they have a car")
    assert (car.ask, car.type) == ("Do you have a car?", "yes_no")
    assert question_from_words("how far the commute may be").ask.endswith("?")
    assert (
        question_from_words("their favorite style").ask
        == "The office would like to know: their favorite style."
    )
    assert question_from_words("whether they have a car", [car.key]).key != car.key
    with pytest.raises(ValueError):
        question_from_words("um")


def test_only_what_is_known_can_be_lacking() -> None:
    price = MustHave(key="price", field="price_max", at_least=300_000, of=("buyer",))
    areas = MustHave(key="area", field="areas", any_of=("Boulder", "Erie"))
    pool = Question(key="pool", ask="Does it need a pool?", type="yes_no", must=("no",))
    lead = {"intent": "buyer", "price_max": 250_000, "areas": ["boulder"]}
    assert must_haves_problem([price, areas]) is None
    assert unmet(lead, [price, areas], [pool], {"pool": True}) == ["price", "pool"]
    assert unmet({"intent": "buyer"}, [price, areas], [pool], {}) == []
    assert unmet(lead | {"intent": "renter"}, [price]) == []
    told = " ".join(explained([pool], [price]))
    assert "Does it need a pool?" in told and "at least 300,000" in told and "Buyers" in told


def test_every_ending_is_on_the_list_and_the_strongest_decides() -> None:
    values = [one.value for one in dispositions()]
    assert len(set(values)) == len(values)
    assert strongest({"nurture", "represented", "hot"}) == "represented" and strongest(()) == "new"
    assert follow_up_stops("opted_out") and follow_up_stops("represented") and not follow_up_stops("nurture")
    assert not follow_up_stops(None) and of_question("rates") == "agent"
    with pytest.raises(KeyError):
        strongest({"warm"})


def test_objections_end_in_known_words_and_known_ways() -> None:
    values = {one.value for one in dispositions()}
    for name, one in objections().items():
        assert not one.say or phrases.has(one.say), name
        assert not one.outcome or one.outcome in values, name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("I'm just looking", "just_looking"),
        ("we're not ready yet", "not_ready"),
        ("can you send me some listings", "send_information"),
        ("I need to talk to my husband first", "need_to_ask_partner"),
        ("that's way out of our budget", "too_expensive"),
        ("I'm driving, can't talk now", "bad_time"),
        ("where did you get my number", "how_did_you_get_my_number"),
        ("I'm not interested", "not_interested"),
        ("solo estoy mirando", "just_looking"),
        ("tengo que hablarlo con mi esposa", "need_to_ask_partner"),
        ("I don't want to talk to a robot", "dont_trust_machines"),
        ("Todavía no estoy lista", "not_ready"),
        ("I’ve already got a lender", "already_have_lender_or_loan"),
        ("I'd rather not say, just call me", "why_so_many_questions"),
    ],
)
def test_objections_are_heard(said: str, name: str) -> None:
    found = find_objection(said)
    assert found is not None and found[0] == name


@pytest.mark.parametrize(
    "said",
    [
        "I'm looking for a house in Boulder",
        "three bedrooms and a yard",
        "up to six hundred thousand",
        "my wife and I want to buy",
        "yes, that's right",
        "we need a place by March",
        "I'm not interested in anything over four hundred",
        "the yard is not for a dog",
    ],
)
def test_answers_are_no_objections(said: str) -> None:
    assert find_objection(said) is None
