"""A value goes where its clause speaks of, whatever was asked (A042, A044)."""

from __future__ import annotations

from typing import Any

import pytest

from agent import acts
from agent.form.state import Awaiting
from agent.understanding.by_topic import by_topic
from agent.understanding.understand import understand
from agent.understanding.view import View
from policies import business_hours

from .test_precision import told, view

KNOWN: dict[str, Any] = {
    "organization_name": "Tuttle Land & Ranch, Bozeman Montana",
    "states_served": ["MT"],
    "team_size": 5,
    "admin_name": {"first": "Hank", "last": "Tuttle", "display": "Hank Tuttle", "spelled": False},
    "admin_role": "Broker",
    "authority": True,
    "admin_email": "hank@tuttle.example",
    "admin_mobile": "+14065550142",
    "plan": "professional",
    "voice_profile": "professional_female",
    "business_hours": business_hours.standard(),
    "after_hours_mode": "message_only",
    "number_mode": "new",
    "crm_vendor": "kvcore",
}
RULES: dict[str, Any] = {
    "keep_rules": False,
    "hot_score": 80,
    "follow_up": "gentle",
    "routing_mode": "by_area",
}
BOTH: dict[str, Any] = {"voice_profile": "multilingual_specialist", "languages": ["en", "es"]}
WEEK = {"mon": [["09:00", "17:00"]], "sat": []}


def at(slot: str, **known: Any) -> View:
    have = {name: value for name, value in {**KNOWN, **known}.items() if name != slot}
    return view("onboarding", "ask", [slot], "chat", **have)


def at_summary(step: str, **known: Any) -> View:
    seen = view("onboarding", "summary", [], "chat", **{**KNOWN, **known})
    seen.state.awaiting = Awaiting(kind="summary", slots=[], step=step)
    return seen


def heard(seen: View, said: str) -> dict[str, Any]:
    return told(understand(said, seen))


@pytest.mark.parametrize(
    ("asked", "said", "slot", "value"),
    [
        (
            "business_hours",
            "no i want the male one actually. 9-5 m-f is fine",
            "voice_profile",
            "professional_male",
        ),
        (
            "business_hours",
            "Make the voice authoritative please. Mon to Fri 9 to 5",
            "voice_profile",
            "authoritative_expert",
        ),
        (
            "after_hours_mode",
            "just a message. the male voice is nicer though, use that",
            "voice_profile",
            "professional_male",
        ),
        ("business_hours", "oh and we're eight people, not five. weekdays 9 to 5", "team_size", 8),
        ("lead_sources", "zillow. and four of us, me and 3 agents", "team_size", 4),
        ("lead_sources", "zillow and our website, the crm is HubSpot not kvcore", "crm_vendor", "hubspot"),
        (
            "business_hours",
            "weekdays 8 to 6. and the name is just Tuttle Land & Ranch",
            "organization_name",
            "Tuttle Land & Ranch",
        ),
        (
            "states_served",
            "montana like i said. and the name is just Tuttle Land & Ranch",
            "organization_name",
            "Tuttle Land & Ranch",
        ),
        (
            "authority",
            "yes i am. but drop the bozeman montana from the name",
            "organization_name",
            "Tuttle Land & Ranch",
        ),
    ],
)
def test_a_correction_beside_the_answer_is_both(asked: str, said: str, slot: str, value: Any) -> None:
    found = heard(at(asked), said)
    assert found[slot] == value
    assert asked in found and set(found) == {asked, slot}


@pytest.mark.parametrize(
    "said",
    [
        "english only please. after hours take a message",
        "message only please, and english only",
        "take a message, but no spanish",
    ],
)
def test_a_language_beside_another_answer(said: str) -> None:
    found = heard(at("after_hours_mode", **BOTH), said)
    assert found == {"after_hours_mode": "message_only", "languages": ["en"]}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("after_hours_mode", "answer fully, 24/7"),
        ("after_hours_mode", "fully, all night long, 24 hours"),
        ("after_hours_mode", "it should pick up around the clock"),
        ("keep_rules", "no, hot means preapproved and ready within 60 days for us"),
        ("lead_sources", "Zillow. some leads come from boomtown too"),
        ("voice_profile", "friendly. we can do with 25 users"),
    ],
)
def test_words_about_one_value_change_no_other(asked: str, said: str) -> None:
    assert set(heard(at(asked), said)) & set(KNOWN) <= {asked}


@pytest.mark.parametrize(
    "said",
    [
        "Keep the four e-mails then",
        "no. four emails please",
        "I meant the follow-up e-mails, the four",
        "the four mails in a week are fine after all",
    ],
)
def test_a_number_of_emails_is_no_score(said: str) -> None:
    found = heard(at_summary("rules", **RULES), said)
    assert "hot_score" not in found and "team_size" not in found


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("no wait, i want another voice. 9 to 5 weekdays", "voice_profile"),
        ("weekdays 9 to 5. and you should change the crm", "crm_vendor"),
    ],
)
def test_what_is_to_change_and_is_not_said_is_asked_for(said: str, slot: str) -> None:
    events = understand(said, at("business_hours"))
    assert acts.Command("change", slot) in events and "business_hours" in told(events)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Tuttle Land & Ranch", "Tuttle Land & Ranch"),
        ('no. the name is just "Tuttle Land & Ranch"', "Tuttle Land & Ranch"),
        (
            "no. my name is Hank Tuttle and the business is Tuttle Land & Ranch, no bozeman",
            "Tuttle Land & Ranch",
        ),
        ("no, without Bozeman", "Tuttle Land & Ranch"),
        ("drop montana from the business name", "Tuttle Land & Ranch"),
    ],
)
def test_a_part_of_the_firms_name_is_the_firm(said: str, name: str) -> None:
    found = heard(at_summary("account"), said)
    assert found["organization_name"] == name and "admin_name" not in found


def test_a_clause_is_taken_apart_where_it_turns_to_another_value() -> None:
    assert by_topic("message only please, and english only") == ["message only please, and ", "english only"]
    assert by_topic("monday to friday, nine to six, saturdays ten to two") == [
        "monday to friday, nine to six, saturdays ten to two"
    ]
