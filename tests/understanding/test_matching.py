from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.matching import find_choices, position, says_none
from tests.understanding.support import one

CRMS = [
    one("salesforce", "Salesforce", "sales force crm"),
    one("hubspot", "HubSpot"),
    one("pipedrive", "Pipedrive"),
    one("follow_up_boss", "Follow Up Boss", "FUB"),
    one("kvcore", "kvCORE"),
    one("zillow", "Zillow"),
    one("realtor_com", "Realtor.com"),
    one("website", "your website", "our website", "the site", "IDX"),
]


def values(text: str) -> list[str]:
    return [m.value for m in find_choices(text, CRMS)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Salesforce", ["salesforce"]),
        ("sales force", ["salesforce"]),
        ("We use sales forth.", ["salesforce"]),
        ("hub spot", ["hubspot"]),
        ("Hubspots", ["hubspot"]),
        ("pipe drive", ["pipedrive"]),
        ("pipe dry", ["pipedrive"]),
        ("follow a boss", ["follow_up_boss"]),
        ("Follow-up boss.", ["follow_up_boss"]),
        ("fub", ["follow_up_boss"]),
        ("K V core", ["kvcore"]),
        ("KV-Core", ["kvcore"]),
        ("zillo", ["zillow"]),
        ("realtor dot com", ["realtor_com"]),
        ("Realtor.com and Zillow", ["realtor_com", "zillow"]),
        ("Zillow and our website", ["zillow", "website"]),
        ("not Salesforce, HubSpot", ["hubspot"]),
        ("we don't use Salesforce", []),
        ("anything except Zillow", []),
        ("something completely different", []),
        ("I have a question", []),
        ("", []),
    ],
)
def test_names_as_they_are_heard(said: str, expected: list[str]) -> None:
    assert values(said) == expected


def test_telling_words_decide_or_stay_undecided() -> None:
    voices = [
        one("pro_male", "Professional Male"),
        one("pro_female", "Professional Female"),
        one("multi", "Multilingual Specialist"),
    ]
    assert [m.value for m in find_choices("the multilingual one", voices)] == ["multi"]
    assert [m.value for m in find_choices("the female voice", voices)] == ["pro_female"]
    assert [m.value for m in find_choices("a professional one", voices)] == ["pro_male", "pro_female"]


@pytest.mark.parametrize(
    ("said", "index"),
    [
        ("the second one", 1),
        ("The first.", 0),
        ("number three", 2),
        ("option 2 please", 1),
        ("I'll take the last one", 3),
        ("b", 1),
        ("3", 2),
        ("two", 1),
        ("the fifth one", None),
        ("two agents", None),
        ("the second office in Denver", None),
        ("", None),
    ],
)
def test_positions(said: str, index: int | None) -> None:
    assert position(said, 4) == index


@pytest.mark.parametrize(
    "said", ["none", "None of them.", "nothing", "we don't use any", "no one", "neither", "not using one yet"]
)
def test_none_is_said(said: str) -> None:
    assert says_none(said)


@pytest.mark.parametrize("said", ["none of your business is in Denver", "no preference", "Zillow", ""])
def test_none_is_not_said(said: str) -> None:
    assert not says_none(said)


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for match in find_choices(text, CRMS):
        assert 0 <= match.start < match.end <= len(text)
    position(text, 4)
    says_none(text)
