"""A value goes where its clause speaks of, whatever was asked (A042, A044)."""

from __future__ import annotations

from typing import Any

import pytest

from agent import acts
from agent.form.state import Awaiting
from agent.parts import Parts
from agent.understanding.by_topic import by_topic
from agent.understanding.understand import understand
from agent.understanding.view import View
from policies import business_hours

from .talk import Talk
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
    "area_code": "406",
    "crm_vendor": "kvcore",
    "greeting": "Tuttle Land & Ranch helps people find land.",
}
TUTTEL = {"first": "Hank", "last": "Tuttel", "display": "Hank Tuttel", "spelled": True}
EARLIER = {day: [["08:30", "18:00"]] if hours else [] for day, hours in business_hours.standard().items()}
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
        ("authority", "yes. btw my last name is Tuttel not Tuttle", "admin_name", TUTTEL),
        ("authority", "yes i am. but its Hank Tuttel", "admin_name", {**TUTTEL, "spelled": False}),
        ("authority", "yes, and we're not five but six", "team_size", 6),
        ("admin_role", "owner - oh and we also work in Wyoming", "states_served", ["MT", "WY"]),
        ("run_tests", "ready. but we said forward, not a new number", "number_mode", "forward"),
        (
            "number_mode",
            "new. the voice should sound more serious though",
            "voice_profile",
            "authoritative_expert",
        ),
        ("after_hours_mode", "message. could you make opening 8:30", "business_hours", EARLIER),
        ("plan", "professional. and my cell ends in 0163 not 0142", "admin_mobile", "+14065550163"),
        ("transfer_number", "406 555 0177, and use area code 720 for the new one", "area_code", "720"),
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
        ("9 to 5. and what it says first is wrong, change the greeting", "greeting"),
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


def test_what_is_said_again_is_told_back() -> None:
    seen = at_summary("rules", **{**RULES, "follow_up": "standard"})
    [said] = understand("Keep the four e-mails then", seen)
    assert isinstance(said, acts.Aside) and said.facts == {
        "label": "follow-up",
        "value": "four e-mails in a week",
    }


@pytest.mark.parametrize(
    "said",
    [
        "just one",
        "no, just one",
        "one after a day",
        "hank@tuttle.example is right, but I meant the follow-up, just one",
    ],
)
def test_the_words_of_a_choice_are_no_count(said: str) -> None:
    found = heard(at_summary("rules", **{**RULES, "follow_up": "standard"}), said)
    assert found == {"follow_up": "gentle"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("number_mode", "what's the difference? ppl already know my number"),
        ("number_mode", "is a new number better?"),
        ("number_mode", "wait my cell IS the number people call, if I forward it will it still ring me??"),
        ("voice_profile", "does the friendly one sound better than the male one?"),
    ],
)
def test_a_question_sets_nothing(asked: str, said: str) -> None:
    assert heard(at(asked), said) == {}


async def test_a_voice_and_its_languages_go_together(parts: Parts) -> None:
    talk = await Talk.begin(
        parts, channel="chat", answers={"voice_profile": "multilingual", "languages": "both"}
    )
    await talk.until("business_hours")
    assert talk.value("languages") == ["en", "es"]
    await talk.say("no wait, Friendly Conversational, english only. 9 to 5 on weekdays")
    assert talk.value("voice_profile") == "friendly_conversational" and talk.value("languages") == ["en"]
    assert talk.waits_for == "after_hours_mode"
    await talk.say("message only. we get a lot of spanish speakers tho")
    assert talk.value("after_hours_mode") == "message_only"


async def test_a_voice_that_was_chosen_stays_whatever_callers_speak(parts: Parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("voice_profile")
    await talk.say("friendly i think. we get a lot of spanish speakers tho")
    assert talk.value("voice_profile") == "friendly_conversational"
    assert "Only the Multilingual voice speaks Spanish" in talk.reply.text


@pytest.mark.parametrize("said", ["no turn recording off on the calls please", "no. do not record calls"])
async def test_no_recording_where_that_is_asked_is_of_callers_calls(parts: Parts, said: str) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("recording_policy")
    await talk.say(said)
    assert (
        talk.conversation.state.best()["recording_policy"] == "off" and ("dont_record", "ok") not in talk.ran
    )
    assert talk.waits_for == "fair_housing_ack"


async def test_a_setting_of_the_language_is_no_unlawful_wish(parts: Parts) -> None:
    talk = await Talk.begin(
        parts, channel="chat", answers={"voice_profile": "multilingual", "languages": "both"}
    )
    await talk.until("after_hours_mode")
    await talk.say("please set the language to english only")
    assert talk.value("languages") == ["en"] and "Fair-housing" not in talk.reply.text
    await talk.say("only take english speaking people as clients")
    assert talk.waits_for == "after_hours_mode"


def test_a_clause_is_taken_apart_where_it_turns_to_another_value() -> None:
    assert by_topic("message only please, and english only") == ["message only please, and ", "english only"]
    assert by_topic("monday to friday, nine to six, saturdays ten to two") == [
        "monday to friday, nine to six, saturdays ten to two"
    ]
