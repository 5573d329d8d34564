"""Who sets a brokerage up, told beside the answer to something else; and what is no answer (A042, A044)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agent import acts
from agent.understanding.understand import understand
from agent.understanding.week_words import DAYS
from tests.conversation.talk import Talk
from tests.conversation.test_brokers import asked
from tests.conversation.test_precision import told, view
from tests.conversation.test_put_right import KNOWN, heard, read_back


def shown(values: dict[str, Any]) -> dict[str, Any]:
    return {n: v["display"] if isinstance(v, dict) and "display" in v else v for n, v in values.items()}


@pytest.mark.parametrize(
    ("slot", "said", "values"),
    [
        (
            "timezone",
            "ok central. Nadia Fairchild, broker",
            {"timezone": "America/Chicago", "admin_name": "Nadia Fairchild", "admin_role": "Broker"},
        ),
        (
            "timezone",
            "yes. Marcus Bell, general manager, marcus.bell@saguaro.example, 602-555-0144",
            {
                "admin_name": "Marcus Bell",
                "admin_role": "General Manager",
                "admin_email": "marcus.bell@saguaro.example",
                "admin_mobile": "+16025550144",
            },
        ),
        (
            "timezone",
            "yes pacific. my name Wei Zhang, I am boss",
            {"timezone": "America/Los_Angeles", "admin_name": "Wei Zhang"},
        ),
        (
            "team_size",
            "just two of us. I'm Evan Fairbanks, managing partner",
            {"team_size": 2, "admin_name": "Evan Fairbanks", "admin_role": "Managing Partner"},
        ),
        (
            "admin_name",
            "Hank Moretti, broker of record. And again: 15 agents",
            {"admin_name": "Hank Moretti", "admin_role": "Broker of Record", "team_size": 15},
        ),
        ("admin_name", "I told you, Carla Boone", {"admin_name": "Carla Boone"}),
        (
            "admin_email",
            "hank@brick.example. And my mobile's 215 555 0144",
            {"admin_email": "hank@brick.example", "admin_mobile": "+12155550144"},
        ),
        (
            "admin_mobile",
            "no. 912 555 0107 is my cell, 912-555-0100 is the office",
            {"admin_mobile": "+19125550107", "main_phone": "+19125550100"},
        ),
        ("states_served", "Madison Wisconsin", {"states_served": ["WI"]}),
        ("states_served", "Virginia Beach, Virginia", {"states_served": ["VA"]}),
    ],
)
def test_what_is_told_of_the_person_is_kept(slot: str, said: str, values: dict[str, Any]) -> None:
    assert shown(asked(slot, said)) == values


@pytest.mark.parametrize(
    "said", ["Is it TCPA compliant?", "yo", "you choose. We're two partners, Ty and Renee", "hola buenas"]
)
def test_talk_is_no_firm(said: str) -> None:
    assert "organization_name" not in asked("organization_name", said)


def test_nobody_agrees_to_what_was_not_asked() -> None:
    said = "Yes, use it. But send me the terms before I accept anything"
    assert "terms_accepted" not in asked("admin_mobile", said)


@pytest.mark.parametrize(
    "said", ["No, the one I gave is right", "mine is right", "no, it's as I typed it", "what I wrote"]
)
def test_what_was_given_stands_when_it_is_doubted(said: str) -> None:
    seen = view("onboarding", "offer", ["admin_email"], "chat")
    slot = seen.state.slot("admin_email")
    slot.proposal, slot.status, slot.offer = "p@gmial.example", "proposed", "p@gmail.example"
    assert understand(said, seen) == [acts.No()]


def test_a_domain_that_is_not_the_firms_name_is_no_slip() -> None:
    seen = view("onboarding", "ask", ["admin_email"], "chat", organization_name="Stonebrook Properties")
    (event,) = understand("priya@stonebrookprops.com", seen)
    assert isinstance(event, acts.Answer) and event.reading.suggestion is None


@pytest.mark.parametrize(
    ("slot", "said", "values"),
    [
        ("states_served", "California, and two of us also work in Nevada but ignore that", ["CA"]),
        ("states_served", "Kansas City, Missouri side", ["MO"]),
        ("admin_role", "Oh just the owner I suppose", "Owner"),
        ("terms_accepted", "Acepto", True),
    ],
)
def test_an_answer_and_nothing_else(slot: str, said: str, values: Any) -> None:
    nothing: dict[str, Any] = {slot: None}
    assert heard(slot, said, "ask", **nothing) == {slot: values}


def test_time_one_has_is_no_length_of_a_call() -> None:
    assert "max_call_minutes" not in asked("organization_name", "Oak Hill Realty. I only have five minutes")


def test_a_reservation_is_no_name_and_a_name_held_already_is_said() -> None:
    assert "brand_name" not in read_back("Yes but the terms I'll accept after my lawyer")
    seen = view("onboarding", "offer", ["timezone"], "chat", organization_name="North Loop Homes")
    said = "yes, but you wrote my company name wrong I think. It's North Loop Homes"
    events = understand(said, seen)
    assert [type(e) for e in events] == [acts.Aside, acts.Yes]


def test_what_is_wrong_is_named_with_what_is_right() -> None:
    seen = view("onboarding", "which", ["organization_name", "admin_role"], "chat", proposed=KNOWN)
    assert told(understand("company name. North Loop Homes", seen)) == {
        "organization_name": "North Loop Homes"
    }


def week_of(text: str, kind: str = "ask") -> dict[str, Any]:
    offer = {d: [["09:00", "18:00"]] if d in ("mon", "tue", "wed", "thu", "fri") else [] for d in DAYS}
    week: dict[str, Any] = heard("business_hours", text, kind, offer=offer)["business_hours"]
    return week


def test_what_is_added_to_the_hours_on_offer_leaves_them() -> None:
    week = week_of("Same as most, but also Saturday 10 to 3", "offer")
    assert week["mon"] == [["09:00", "18:00"]] and week["sat"] == [["10:00", "15:00"]] and week["sun"] == []


def test_saturday_mornings_end_at_noon() -> None:
    week = week_of("weekdays 8:30 to 5:30, Saturday mornings")
    assert week["sat"] == [["08:30", "12:00"]] and week["fri"] == [["08:30", "17:30"]]


def test_a_name_behind_a_role_and_a_place_behind_a_firm() -> None:
    found = shown(asked("organization_name", "Valley Crest Realtors LLC. I'm the ops manager, Brianna Cho"))
    assert (found["admin_name"], found["admin_role"]) == ("Brianna Cho", "Ops Manager")
    found = asked("organization_name", "We're Casa Bonita in Phoenix, Arizona")
    assert found == {"organization_name": "Casa Bonita", "states_served": ["AZ"]}
    assert asked("organization_name", "Made in Texas Realty")["organization_name"] == "Made in Texas Realty"


async def test_yes_keep_it_says_no_more_than_yes(parts: Any) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("greeting")
    await talk.say("Yes, keep it")
    assert talk.waits_for == "number_mode" and talk.conversation.state.best().get("number_mode") is None


def test_one_day_put_right_leaves_the_others() -> None:
    now = {d: [["08:30", "17:30"]] if d in ("mon", "tue", "wed", "thu", "fri") else [] for d in DAYS}
    found: dict[str, Any] = heard("after_hours_mode", "no wait, Saturdays 9 to noon", business_hours=now)
    assert found["business_hours"] == {**now, "sat": [["09:00", "12:00"]]}


async def test_a_new_number_after_all_and_one_of_our_own_after_all(parts: Any) -> None:
    talk = await Talk.begin(parts, channel="chat", answers={"number_mode": "forward ours"})
    await talk.until("existing_number")
    await talk.say("No I want a new number, 406")
    assert talk.waits_for == "transfer_number" and talk.conversation.state.best()["area_code"] == "406"
    other = await Talk.begin(parts, channel="chat", caller="+13035550177")
    await other.until("area_code")
    await other.say("No, we want to keep our number")
    assert other.waits_for == "existing_number"


async def test_the_code_of_a_finished_set_up_says_where_things_are_changed(parts: Any) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until(turns=80)
    await talk.conversation.close("finished")
    code = next(found[0] for text in talk.heard if (found := re.search(r"\b\d{6}\b", text)))
    later = await Talk.begin(parts, channel="chat")
    said = await later.say(f"my code is {code}")
    assert "is finished" in said.text and "/account" in said.text
    await later.say("change my hours to 8 to 8 every day")
    assert ("open_ticket", "opened") in later.ran
