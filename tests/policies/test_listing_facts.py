"""What is asked of a listing, and what its fields say: as listed, never denied, never rated (A047, C22)."""

from __future__ import annotations

from datetime import date

import pytest

from policies.listing_facts import asked_about, current, of_the_home, read_details, said_of

DETAILS = {"hoa_fee": 250, "hoa_period": "a month", "tax_annual": 3100, "tax_year": 2025, "year_built": 1987,
           "lot_acres": 0.25, "garage_spaces": 2, "pets": ["cats ok", "dogs ok"]}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("is 5 River Road still on the market? any HOA?", ["hoa", "status"]),
        ("does it allow pets", ["pets"]),
        ("can I bring my dog", ["pets"]),
        ("what are the taxes there", ["taxes"]),
        ("is there parking", ["parking"]),
        ("when was it built", ["year"]),
        ("how old is the house", ["year"]),
        ("how many square feet is it", ["size"]),
        ("how big is the lot", ["lot"]),
        ("when's the open house", ["open_house"]),
        ("has it been sold", ["status"]),
        ("is it still available", ["status"]),
        ("¿cuánto son los impuestos?", ["taxes"]),
        ("I grew up in Park Hill", []),
        ("do you have homes near Cherry Park Avenue", []),
        ("three bedrooms please", []),
        ("who is your broker", []),
    ],
)
def test_what_is_asked(question: str, topics: list[str]) -> None:
    assert asked_about(question) == topics


@pytest.mark.parametrize(
    "question",
    [
        "where do I park at your office",
        "what taxes do I pay when I sell my house",
        "do your rentals take pets",
    ],
)
def test_what_is_not_asked_of_the_home(question: str) -> None:
    assert of_the_home(question) == []


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("hoa", "The homeowners association fee is $250 a month, as listed."),
        ("taxes", "The listed property taxes are $3,100 a year for 2025."),
        ("year", "It was built in 1987."),
        ("lot", "The lot is 0.25 acres."),
        ("parking", "The listing has garage space for 2."),
        ("pets", "On pets the listing says: cats ok and dogs ok."),
        ("roof", ""),
        ("open_house", ""),
    ],
)
def test_it_is_said_as_listed(topic: str, said: str) -> None:
    assert said_of(topic, DETAILS, []) == said


def test_a_listed_feature_answers_and_a_missing_one_is_not_denied() -> None:
    assert said_of("pool", {}, ["community pool"]) == "Its listed features include community pool."
    assert said_of("pool", {}, ["garage"]) == ""


def test_an_open_house_that_was_is_none() -> None:
    listed = {"open_house": "2026-11-28 1 to 3 PM"}
    said = said_of("open_house", current(listed, date(2026, 11, 23)), [])
    assert said == "The listed open house is on Saturday, November 28, 1 to 3 PM."
    assert said_of("open_house", current(listed, date(2026, 11, 29)), []) == ""


def test_fields_are_read_by_reso_names_and_plain_ones_and_faults_have_a_place() -> None:
    reso = {"associationfee": 250.0, "associationfeefrequency": "Monthly", "taxannualamount": "$3,100",
            "yearbuilt": 1987, "petsallowed": ["CatsOK", "DogsOK"], "lotsizeacres": "0.25"}  # fmt: skip
    found, faults = read_details(reso)
    assert not faults
    assert found == {"hoa_fee": 250, "hoa_period": "a month", "tax_annual": 3100, "year_built": 1987,
                     "pets": ["cats ok", "dogs ok"], "lot_acres": 0.25}  # fmt: skip
    assert read_details({"hoa": "lots", "year_built": "85"})[1] == [
        ("hoa", "'lots' is no number"),
        ("year_built", "is not between 1,600 and 2,200"),
    ]
