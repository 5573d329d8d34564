"""What brokers who improvised said: firms in sentences, several corrections, filled-in forms (A042, A044)."""

from __future__ import annotations

from typing import Any

import pytest

from agent import acts
from agent.form.state import Awaiting
from agent.understanding.firm_spans import firms_in, mended
from agent.understanding.understand import understand
from tests.conversation.talk import Talk
from tests.conversation.test_brokers import asked
from tests.conversation.test_precision import told, view

LORETTA = {"first": "Loretta Loretta", "last": "Meadows", "display": "Loretta Loretta Meadows"}
KNOWN: dict[str, Any] = {
    "organization_name": "Suny Side Relty in Tampa",
    "states_served": ["CA", "NV"],
    "team_size": 9,
    "admin_name": LORETTA,
    "admin_role": "Borker Owner",
    "authority": True,
    "admin_email": "w@x.example",
    "admin_mobile": "+13035550142",
    "plan": "enterprise",
}


RULES: dict[str, Any] = {"routing_mode": "by_area", "hot_score": 80, "follow_up": "none"}


def heard(slot: str, text: str, kind: str = "ask", **known: Any) -> dict[str, Any]:
    seen = view("onboarding", kind, [slot], "chat", **{**KNOWN, **known})
    if kind == "offer":
        seen.state.slot(slot).offer = known.get("offer", "America/New_York")
    events = understand(text, seen)
    agreed = {"yes": True} if any(isinstance(e, acts.Yes) for e in events) else {}
    return told(events) | agreed


def read_back(text: str, **known: Any) -> dict[str, Any]:
    seen = view("onboarding", "summary", [], "chat", proposed={**KNOWN, **known})
    seen.state.awaiting = Awaiting(kind="summary", slots=[], step="account")
    return told(understand(text, seen))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            "We're a team of twelve at Redwood Crest Realty in Sacramento. How does this work?",
            "Redwood Crest Realty",
        ),
        ("I just told you - Redwood Crest Realty. So how does it work?", "Redwood Crest Realty"),
        ("it's just me, Harbor & Pine Realty", "Harbor & Pine Realty"),
        ("Just me, Marla Quint. Quint Homes.", "Quint Homes"),
        (
            "Hola, mi compañía se llama Casa Bonita Realty, in Phoenix. Do you speak Spanish?",
            "Casa Bonita Realty",
        ),
        (
            "we used to be Meadowbrook Realty but we renamed it to Meadowbrook Home Group",
            "Meadowbrook Home Group",
        ),
        ("Meadowbrook Home Group dear", "Meadowbrook Home Group"),
        ("This is the Century 21 Prairie Star office in Wichita", "CENTURY 21 Prairie Star"),
        (
            "Hello I am Wei, my company is name Golden Bridge Property, we are in Seattle",
            "Golden Bridge Property",
        ),
        ("3 days?? I'd rather a phone number. Fine. Copper Canyon Realty", "Copper Canyon Realty"),
        (
            "OK, Fairbanks & Lowe Real Estate, but who sees it? Do you sell it?",
            "Fairbanks & Lowe Real Estate",
        ),
        ("oak hill homes llc in boise idaho", "Oak Hill Homes LLC"),
        ("Hey, it's Carla with Magnolia & Main Realty in Savannah, GA", "Magnolia & Main Realty"),
        ("RE/MAX Summit Peaks, Boulder Colorado, 31 agents", "RE/MAX Summit Peaks"),
        ("name's Ben, company's Blue Heron Realty LLC, three offices in Florida", "Blue Heron Realty LLC"),
        ("We're a small family firm, Ortiz and Daughters Real Estate", "Ortiz and Daughters Real Estate"),
        ("Keller Williams Realty Downtown Austin", "Keller Williams Realty Downtown Austin"),
        ("Compass Point", "Compass Point"),
    ],
)
def test_a_firm_is_found_in_what_is_said_around_it(said: str, name: str) -> None:
    assert asked("organization_name", said)["organization_name"] == name


@pytest.mark.parametrize(
    "said",
    [
        "we sell homes in Boise",
        "I need real estate agents",
        "we have a big team",
        "the smith team",
        "I manage rental properties",
    ],
)
def test_talk_of_the_trade_names_no_firm(said: str) -> None:
    assert not firms_in(said)


def test_a_mistyped_name_is_offered_as_it_was_probably_meant() -> None:
    seen = view("onboarding", "ask", ["organization_name"], "chat")
    event, where = understand("Suny Side Relty in tampa", seen)
    assert isinstance(where, acts.Answer) and where.reading.value == ["FL"]
    assert isinstance(event, acts.Answer)
    assert (event.reading.value, event.reading.suggestion) == ("Suny Side Relty", "Suny Side Realty")
    assert mended("Sunny Side Realty Inc.") is None


def test_where_the_firm_is_and_who_is_in_it_are_kept() -> None:
    found = asked("organization_name", "We're Stonebrook Properties in Columbus, Ohio, and it's just me")
    assert found["states_served"] == ["OH"] and found["organization_name"] == "Stonebrook Properties"
    assert "states_served" not in asked("organization_name", "Texas Homes")
    said = "My name is Ingrid Falk and I run Falk Property Partners in Duluth, MN"
    found = asked("organization_name", said)
    assert found["organization_name"] == "Falk Property Partners" and found["states_served"] == ["MN"]
    assert found["admin_name"]["display"] == "Ingrid Falk"


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("nine agents in Philly and six in Cherry Hill", 15),
        ("it's me and my husband Walt, and then Tracy and her cousin, so I'd say four", 4),
        ("me plus 3 agents", 4),
        ("nine", 9),
    ],
)
def test_people_are_added_up(said: str, people: int) -> None:
    assert asked("team_size", said)["team_size"] == people


def test_several_rules_and_a_voice_in_one_breath() -> None:
    seen = view("onboarding", "summary", [], "chat", proposed={"keep_rules": False, **RULES})
    seen.state.awaiting = Awaiting(kind="summary", slots=[], step="rules")
    found = told(understand("no, hot lead score 75 and follow up one after a day", seen))
    assert found == {"hot_score": 75, "follow_up": "gentle"}


def test_a_no_to_an_offer_is_a_no() -> None:
    seen = view("onboarding", "offer", ["plan"], "chat", organization_name="Oak", team_size=5)
    seen.state.slot("plan").offer = "professional"
    assert understand("no", seen) == [acts.No()]


@pytest.mark.parametrize(
    ("slot", "said", "values"),
    [
        (
            "states_served",
            "florida, sry typo its Sunny Side Realty",
            {"states_served": ["FL"], "organization_name": "Sunny Side Realty"},
        ),
        (
            "states_served",
            "Kansas. And the name is Century 21 Prairie Star",
            {"states_served": ["KS"], "organization_name": "CENTURY 21 Prairie Star"},
        ),
        (
            "authority",
            "its SUNNY SIDE REALTY. yes",
            {"authority": True, "organization_name": "Sunny Side Realty"},
        ),
        (
            "terms_accepted",
            "We're fifteen agents, not nine. And I do accept.",
            {"terms_accepted": True, "team_size": 15},
        ),
        ("plan", "Actually the team is nine plus five admins, fourteen need logins", {"team_size": 14}),
    ],
)
def test_what_was_asked_and_what_is_put_right_are_both_taken(
    slot: str, said: str, values: dict[str, Any]
) -> None:
    assert heard(slot, said) == values


def test_a_second_fact_does_not_cost_the_first() -> None:
    found = heard("states_served", "Kansas! My name is Doug Lindqvist")
    assert found["states_served"] == ["KS"] and found["admin_name"]["display"] == "Doug Lindqvist"


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("yes. but name is SUNNY SIDE REALTY ok?", {"organization_name": "Sunny Side Realty"}),
        ("Yes, but it's fifteen agents altogether", {"team_size": 15}),
        ("yes. And my email is p@stonebrook.example, not w", {"admin_email": "p@stonebrook.example"}),
        ("Sí. El nombre está mal, it's Sunny Side Realty.", {"organization_name": "Sunny Side Realty"}),
    ],
)
def test_a_yes_with_a_correction_is_both(said: str, values: dict[str, Any]) -> None:
    assert heard("timezone", said, "offer") == {**values, "yes": True}


@pytest.mark.parametrize(
    ("said", "values"),
    [
        (
            "My role: owner. Phone should be 206 555 0133",
            {"admin_role": "Owner", "admin_mobile": "+12065550133"},
        ),
        (
            "without in tampa. and im broker owner not borker",
            {"organization_name": "Suny Side Relty", "admin_role": "Broker Owner"},
        ),
        (
            "Take Nevada off please, California only, and my role is Team Leader",
            {"states_served": ["CA"], "admin_role": "Team Leader"},
        ),
        ("No, remove Nevada", {"states_served": ["CA"]}),
        ("No! Team size 8, Business plan. 410 is the house number.", {"team_size": 8, "plan": "business"}),
        ("Role should be Broker/Owner. Rest is right.", {"admin_role": "Broker Owner"}),
    ],
)
def test_several_corrections_at_the_read_back_and_nothing_else(said: str, values: dict[str, Any]) -> None:
    assert read_back(said) == values


def test_a_house_number_counts_nobody() -> None:
    found = read_back(
        "The business name is Tidewater LLC. The address is 410 Granby Street, Norfolk, VA 23510"
    )
    assert found["organization_name"] == "Tidewater LLC" and found["address"]["street"] == "410 Granby Street"
    assert not {"team_size", "states_served", "plan"} & set(found)


def test_a_name_taken_twice_is_put_right_and_taken_once() -> None:
    said = "It's Meadowbrook Home Group without the Dear, I'm Loretta only once, and there are four of us"
    found = read_back(said, organization_name="Meadowbrook Home Group Dear")
    assert found["organization_name"] == "Meadowbrook Home Group" and found["team_size"] == 4
    assert found["admin_name"]["display"] == "Loretta Meadows"
    assert (
        heard("admin_name", "I'm Loretta, Loretta Meadows, with four of us")["admin_name"]["display"]
        == "Loretta Meadows"
    )


def test_a_form_filled_in_by_its_labels() -> None:
    said = (
        "Company: Tidewater & Oak Real Estate LLC\nBrand: Tidewater Oak\n"
        "Address: 410 Granby Street, Norfolk, VA 23510\n"
        "Main number: 757-555-0100\nAgents: 8\nContact: Tom Oakes, tom@tidewater.example, mobile 757-555-0111"
    )
    found = asked("organization_name", said)
    assert (
        found["organization_name"] == "Tidewater & Oak Real Estate LLC"
        and found["brand_name"] == "Tidewater Oak"
    )
    assert (
        found["team_size"] == 8
        and found["main_phone"] == "+17575550100"
        and found["address"]["zip"] == "23510"
    )
    assert found["admin_name"]["display"] == "Tom Oakes" and found["admin_mobile"] == "+17575550111"
    assert found["admin_email"] == "tom@tidewater.example"


def test_an_address_said_again_is_believed() -> None:
    seen = view("onboarding", "offer", ["admin_email"], "chat", organization_name="Stonebrook Properties")
    slot = seen.state.slot("admin_email")
    slot.proposal, slot.offer, slot.status = "p@stonebrookprops.com", "p@stonebrookproperties.com", "proposed"
    (event,) = understand("no, it's p@stonebrookprops.com", seen)
    assert isinstance(event, acts.Fix) and event.reading.value == "p@stonebrookprops.com"
    assert event.reading.suggestion is None


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("borker owner", "Broker Owner"),
        ("I am boss, owner", "Owner"),
        ("Soy la dueña, the owner", "Owner"),
        ("VP of operations", "VP of Operations"),
    ],
)
def test_a_role_with_a_slip_or_said_twice(said: str, role: str) -> None:
    assert asked("admin_role", said)["admin_role"] == role


@pytest.mark.parametrize(
    "said", ["No: ring me first at 208-555-0177, Luis second", "transfers: 208-555-0177"]
)
def test_a_telephone_number_opens_no_office(said: str) -> None:
    week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": [], "sun": []}
    agent = {"voice_profile": "friendly_conversational", "business_hours": week, "number_mode": "forward"}
    numbers = {"existing_number": "+12085550100", "transfer_number": "+12085557513"}
    seen = view("onboarding", "summary", [], "chat", proposed={**agent, **numbers})
    seen.state.awaiting = Awaiting(kind="summary", slots=[], step="voice_agent")
    assert told(understand(said, seen)) == {"transfer_number": "+12085550177"}


async def test_all_but_one_value_is_right_and_that_one_alone_changes(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("transfer_number")
    await talk.say("yes")
    had = dict(talk.conversation.state.best())
    assert talk.reply.awaiting["kind"] == "summary"
    await talk.say("all good except the transfer number, that's 303 555 0188")
    await talk.say("Everything right except Sundays, we're open 12 to 4")
    now = dict(talk.conversation.state.best())
    assert {name for name in now if now[name] != had.get(name)} == {"transfer_number", "business_hours"}
    hours = {**had["business_hours"], "sun": [["12:00", "16:00"]]}
    assert now["transfer_number"] == "+13035550188" and now["business_hours"] == hours
