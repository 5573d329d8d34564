"""Names of firms, in their own capitals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.understanding.types.organization import TYPE
from tests.understanding.support import context

CTX = context("organization", cues=["our brokerage is", "we're called", "my company is"])


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Harbor Realty.", "Harbor Realty"),
        ("harbor realty", "Harbor Realty"),
        ("HARBOR REALTY GROUP", "Harbor Realty Group"),
        ("um, it's Harbor Realty", "Harbor Realty"),
        ("We're called Harbor Realty.", "Harbor Realty"),
        ("our brokerage is called harbor realty", "Harbor Realty"),
        ("The brokerage is Harbor Realty", "Harbor Realty"),
        ("just call it Harbor", "Harbor"),
        ("I'm with Coldwell Banker", "Coldwell Banker"),
        ("We run a company called Blue Door Homes in Denver", "Blue Door Homes"),
        ("Our company is Oak Hill Homes, LLC", "Oak Hill Homes LLC"),
        ("Harbor Realty L L C", "Harbor Realty LLC"),
        ("harbor realty group incorporated", "Harbor Realty Group Inc."),
        ("harbour realtty", "Harbor Realty"),  # as Whisper writes it
        ("Lopez and Associates", "Lopez and Associates"),
        ("smith & sons", "Smith & Sons"),
        ("We Buy Houses", "We Buy Houses"),
        ("The Smith Team", "The Smith Team"),
        ("123 Realty", "123 Realty"),
        # as brands write themselves
        ("remax", "RE/MAX"),
        ("R E slash M A X", "RE/MAX"),
        ("Re Max Alliance", "RE/MAX Alliance"),
        ("RE/MAX of Boulder", "RE/MAX of Boulder"),
        ("exp realty", "eXp Realty"),
        ("century twenty one", "CENTURY 21"),
        ("Home Smart", "HomeSmart"),
        ("B H H S", "BHHS"),
        ("K W Denver", "KW Denver"),
        # spelled
        ("Oak Hill Realty, O A K H I L L", "Oak Hill Realty"),
        ("oh kill realty, that's spelled O A K space H I L L", "Oak Hill Realty"),
        ("Harper Realty, H A R B O U R", "Harbour Realty"),
        ("Harbor Homes, sorry, Harbor Realty", "Harbor Realty"),
        # said in one breath with other things, or in a correction
        ("Gina Moretti Real Estate. I said Austin, Texas", "Gina Moretti Real Estate"),
        ("Keystone Brokerage, 340 agents across Ohio and New Jersey", "Keystone Brokerage"),
        ("Fine. Westgate Property Partners. Boise, Idaho, 20 agents", "Westgate Property Partners"),
        ("It's just me, Gina Moretti Real Estate, in Austin Texas", "Gina Moretti Real Estate"),
        ("Hi! We're Front Range Realty, a team of 6. I'm Dana", "Front Range Realty"),
        ("Blue Spruce Realty, two of us", "Blue Spruce Realty"),
        ("Harbor Point Realty, we need special rules, e.g. never before 10", "Harbor Point Realty"),
        ("helo we are Sunny Side Realty", "Sunny Side Realty"),
        ("no no, Sunny Side Realty is the name", "Sunny Side Realty"),
        ("Change the business name to Blue Door Homes", "Blue Door Homes"),
        ("Sorry, it's spelled Spruce: Blue Spruce Realty. Colorado and Wyoming", "Blue Spruce Realty"),
        ("Smith, Jones & Partners", "Smith, Jones & Partners"),
        ("St. Louis Homes", "St. Louis Homes"),
        ("No Limit Realty", "No Limit Realty"),
    ],
)
def test_a_name(said: str, name: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None
    assert reading.value == name


@pytest.mark.parametrize(
    ("said", "meant"), [("Harbor Reality", "Harbor Realty"), ("O'Kill Homes", "Oak Hill Homes")]
)
def test_a_likely_mishearing_is_offered_not_made(said: str, meant: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None
    assert (reading.value, reading.suggestion) == (said, meant)


def test_what_else_was_said_is_left() -> None:
    reading = TYPE.parse("it's Harbor Realty, and our website is harborrealty.com", CTX)
    assert reading is not None
    assert (reading.value, reading.rest) == ("Harbor Realty", "and our website is harborrealty.com")


@pytest.mark.parametrize(
    "said",
    [
        "Tuttle Land & Ranch, bozeman montana",
        "Tuttle Land & Ranch in bozeman, montana",
        "Tuttle Land & Ranch, no bozeman",
        'just "Tuttle Land & Ranch"',
        "This is Hank Tuttle of Tuttle Land & Ranch",
    ],
)
def test_a_name_is_without_its_place_its_person_and_what_it_is_not(said: str) -> None:
    found = TYPE.parse(said, CTX)
    assert found is not None and found.value == "Tuttle Land & Ranch"


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "none",
        "I don't know",
        "what do you mean",
        "I want to talk to a person",
        "can you repeat",
        "we're a small brokerage",
        "DTMF: 1#",
        "um",
        "",
    ],
)
def test_talk_is_no_name(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


@pytest.mark.parametrize("said", ["unknown", "N/A", "test", "our company is TBD", "X"])
def test_what_cannot_be_is_refused(said: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None
    assert reading.problem


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("no, Harper Realty", "Harper Realty"),
        ("it's Harper", "Harper Realty"),
        ("H A R P E R", "Harper Realty"),
        ("Harbour with a U", "Harbour Realty"),
        ("there's a u after the o", "Harbour Realty"),
        ("it's Homes not Realty", "Harbor Homes"),
        ("add LLC", "Harbor Realty LLC"),
        ("without the Realty", "Harbor"),
        ("Harbor Realty Group", "Harbor Realty Group"),
    ],
)
def test_only_what_is_wrong_changes(said: str, name: str) -> None:
    reading = TYPE.repair(said, replace(CTX, current="Harbor Realty"))
    assert reading is not None
    assert reading.value == name


@pytest.mark.parametrize("said", ["no", "yes", "it's wrong", "DTMF: 2#"])
def test_a_bare_no_repairs_nothing(said: str) -> None:
    assert TYPE.repair(said, replace(CTX, current="Harbor Realty")) is None


def test_an_ambiguous_letter_is_asked_for() -> None:
    asked = TYPE.repair("P as in Peter", replace(CTX, current="Harbor Realty"))
    assert asked is not None
    done = TYPE.repair("the fourth letter", replace(CTX, current="Harbor Realty", partial=asked.partial))
    assert done is not None
    assert done.value == "Harpor Realty"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Hi, this is Maria Lopez from Harbor Realty", "Harbor Realty"),
        ("I'm the owner of Oak Hill Homes and I need help", "Oak Hill Homes"),
        ("my name is Bob and our company is called Oak Hill", "Oak Hill"),
        ("our brokerage is Lopez and Associates and my email is x@y.com", "Lopez and Associates"),
    ],
)
def test_a_firm_is_found_in_another_answer(said: str, name: str) -> None:
    reading = TYPE.spot(said, CTX)
    assert reading is not None
    assert reading.value == name


@pytest.mark.parametrize(
    "said",
    [
        "I want a home with three bedrooms",
        "I'm from Denver",
        "I work with buyers",
        "we have a team of five agents",
    ],
)
def test_no_firm_is_invented(said: str) -> None:
    assert TYPE.spot(said, CTX) is None


def test_a_slot_for_another_name_listens_to_its_own_cues_only() -> None:
    brand = context("organization", cues=["we go by"])
    assert TYPE.spot("Hi, this is Maria from Harbor Realty", brand) is None
    found = TYPE.spot("legally it's Harbor Realty but we go by Harbor", brand)
    assert found is not None
    assert found.value == "Harbor"


def test_a_failed_name_is_spelled_back() -> None:
    assert TYPE.say("Oak Hill Realty", CTX) == "Oak Hill Realty"
    assert TYPE.say("Oak Hill Realty", replace(CTX, fails=1)) == "Oak Hill Realty: O-A-K; H-I-L-L"


@pytest.mark.parametrize("value", ["X", "n/a", "x" * 101, "!!", None])
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)
    assert TYPE.check("RE/MAX", CTX) is None


@pytest.mark.parametrize(
    ("said", "firm"),
    [
        ("Lucien Thibodeaux, broker-owner, Bayou Crest Realty, Lafayette", "Bayou Crest Realty"),
        ("Lena Ortiz, Ortiz & Daughters Realty in Tucson", "Ortiz & Daughters Realty"),
        ("Smith, Jones & Partners Realty", "Smith, Jones & Partners Realty"),
    ],
)
def test_a_firm_behind_a_persons_name_is_named_alone(said: str, firm: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and str(reading.value).lower() == firm.lower()


def test_what_somebody_came_for_names_no_firm() -> None:
    assert TYPE.parse("hi set up an agent for my brokerage pls", CTX) is None
