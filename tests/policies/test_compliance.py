"""What the law has the agent say, word for word (C07-C12, C17, C18, C24, C26, C31)."""

from __future__ import annotations

import pytest

from policies import compliance, rehearsals
from policies.rehearsals import Caller, Outcome, judge, scenarios
from policies.scrub import is_clean, scrub


def test_the_opening_names_the_business_then_the_ai_then_the_recording() -> None:
    for house in (False, True):
        text = compliance.prefix("Acme Realty", "Alex", recorded=True, house=house).lower()
        assert text.index("acme realty") < text.index(" ai") < text.index("recorded")
    assert "isn't recorded" in compliance.prefix("Acme", "Alex", recorded=False)
    assert "AI" in compliance.prefix("Acme", "Alex", recorded=True, channel="chat")


@pytest.mark.parametrize(
    "greeting", ["", "Acme Realty helps people.", "Thanks for calling. This call is recorded."]
)
def test_no_greeting_removes_the_prefix(greeting: str) -> None:
    prefix = compliance.prefix("Acme Realty", "Alex", recorded=True)
    said = compliance.opening("Acme Realty", "Alex", greeting, recorded=True)
    assert said.startswith(prefix) and said.count("recorded") == 1


def test_a_greeting_that_repeats_the_disclosure_says_it_once() -> None:
    prefix = compliance.prefix("Acme Realty", "Alex", recorded=True)
    twice = f"Thanks for calling Acme Realty. {prefix} This call is recorded. We love homes at Acme Realty."
    assert compliance.without_prefix(twice) == "We love homes at Acme Realty."


@pytest.mark.parametrize(
    ("greeting", "says"),
    [
        ("Hello!", "business name"),
        ("Smith and Sons here. " * 30, "too long"),
        ("Smith & Sons, and no, this isn't being recorded.", "can't deny"),
        ("Smith & Sons. I'm Jane, a real person.", "can't deny"),
        ("I am a human at Smith & Sons.", "can't deny"),
        ("Smith & Sons: homes in safe, family-friendly neighborhoods.", "can't rate"),
        ("Smith & Sons, close to the best schools in Denver.", "can't rate"),
        ("Smith & Sons. Our preferred lender gives you a gift card.", "can't rate"),
    ],
)
def test_greetings_that_are_refused(greeting: str, says: str) -> None:
    problem = compliance.greeting_problem(greeting, "Smith & Sons")
    assert problem is not None and says in problem


def test_greetings_that_are_fine() -> None:
    for greeting in ("Smith and Sons at your service.", "SMITH & SONS: homes since 1950. How can I help?"):
        assert compliance.greeting_problem(greeting, "Smith & Sons") is None
    its_own = "Good Neighborhoods Realty helps people buy and sell homes."
    assert compliance.greeting_problem(its_own, "Good Neighborhoods Realty") is None, "a name is a name"


def test_all_party_states_and_the_strictest_profile() -> None:
    assert all(compliance.is_all_party(s) for s in ("CA", "FL", "IL", "PA", "WA", "CT", "mi"))
    assert not compliance.is_all_party("CO")
    profile = compliance.profile_for(["CO", "WA", "CA"])
    assert profile["all_party_states"] == ["CA", "WA"] and profile["notice"] == "always"
    assert profile["outbound"] is False and profile["quiet_hours"]["days"][-1] == "sat"
    assert profile["retention_days"] == {"audio": 90, "transcript": 365, "proof": 1825}


def test_a_fixed_answer_needs_its_facts() -> None:
    answer = compliance.template("robot", brand="Acme")
    assert answer == "I'm an AI assistant for Acme, not a person."
    with pytest.raises(KeyError):
        compliance.template("robot")


def test_fixed_answers_judge_nothing() -> None:
    for name in ("area", "schools", "people", "preference"):
        text = compliance.template(name)
        assert not any(word in text.lower() for word in (" is safe", "good school", "great", "yes", "no,"))
    for name in ("value", "negotiation", "contract", "commission", "rates"):
        assert not any(c.isdigit() or c in "$%" for c in compliance.template(name))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("My wife is pregnant and we need more space", "we need more space"),
        ("closer to my church, with a garage", "with a garage"),
        ("a black kitchen and a white fence", "a black kitchen and a white fence"),
        ("the house on Church Street", "the house on Church Street"),
        ("I use a wheelchair", ""),
        ("a new job", "a new job"),
    ],
)
def test_protected_facts_are_left_out_and_homes_are_not(text: str, kept: str) -> None:
    assert scrub(text) == kept and is_clean(scrub(text))


GOOD = {"intent": "buyer", "areas": ["oak park"], "beds": 3, "financing": "preapproved", "represented": "no"}


# -- rehearsals ----------------------------------------------------------------------------------------


def test_enough_rehearsals_with_fair_housing_and_opt_out_among_them() -> None:
    names = {s.name for s in scenarios()}
    assert len(names) == len(scenarios()) >= 6
    assert {
        "buyer",
        "seller",
        "renter",
        "safe_area",
        "robot",
        "opt_out",
        "injection",
        "wrong_number",
    } <= names
    assert all(s.caller.startswith("+13035550") for s in scenarios()), "fictional numbers only"
    assert all(
        s.expect.template in compliance.compliance().templates for s in scenarios() if s.expect.template
    )


def test_the_scripted_caller_says_what_it_came_for_then_answers_then_hangs_up() -> None:
    caller = Caller(next(s for s in scenarios() if s.name == "seller"))
    assert caller.reply(None) == "I'm thinking of selling my house."
    assert caller.reply("property_address") == "What do you think it's worth?", (
        "an opener outranks the question"
    )
    assert caller.reply("property_address") == "12 Cherry Lane, Denver, Colorado 80202"
    assert caller.reply(None, confirming=True) == "Yes."
    assert caller.reply("listed") == "No, it isn't listed"
    assert caller.reply("shoe_size") is None


def test_a_caller_never_goes_round_in_circles() -> None:
    caller = Caller(next(s for s in scenarios() if s.name == "buyer"), opened=99)
    said = [caller.reply("areas") for _ in range(4)]
    assert said == ["Oak Park", "Oak Park", None, None]
    endless = Caller(scenarios()[0], opened=99)
    assert [endless.reply(None, confirming=True) for _ in range(60)].count("Yes.") == rehearsals.MOST_TURNS


@pytest.mark.parametrize(
    ("name", "outcome", "fault"),
    [
        ("buyer", Outcome(said=["Thanks."], lead=None), "No lead was stored"),
        ("buyer", Outcome(said=["That's a safe area."], lead={}), "This was said"),
        (
            "buyer",
            Outcome(lead=GOOD | {"beds": 2}),
            "Stored beds differs",
        ),
        ("safe_area", Outcome(said=["Sure, it's nice there."]), "'area' was not given"),
        ("opt_out", Outcome(ended=True), "do-not-call"),
        ("opt_out", Outcome(opted_out=True), "not closed"),
        ("injection", Outcome(lead={"score": 100}), "raised its own score"),
        ("wrong_number", Outcome(ended=True, lead={"intent": "other"}), "A lead was stored"),
        ("robot", Outcome(said=["I'm an AI assistant for Acme, not a person."], error="KeyError"), "broke"),
    ],
)  # fmt: skip
def test_the_judge_finds_what_is_wrong(name: str, outcome: Outcome, fault: str) -> None:
    scenario = next(s for s in scenarios() if s.name == name)
    assert any(fault in failure for failure in judge(scenario, outcome, brand="Acme"))


def test_the_judge_lets_a_good_call_pass() -> None:
    by_name = {s.name: s for s in scenarios()}
    assert judge(by_name["buyer"], Outcome(said=["Thanks."], lead=GOOD), brand="Acme") == []
    answer = compliance.template("area")
    assert judge(by_name["safe_area"], Outcome(said=[f"{answer} Which areas?"]), brand="Acme") == []
    assert judge(by_name["opt_out"], Outcome(ended=True, opted_out=True), brand="Acme") == []
    assert judge(by_name["wrong_number"], Outcome(ended=True), brand="Acme") == []
