"""What strangers said when they set a brokerage up, and what has to be made of it (A042, A043, A045)."""

from __future__ import annotations

import pytest

from agent import acts
from agent.form.state import Awaiting
from agent.understanding.understand import understand
from policies.product_questions import answer_about_product, answer_of
from tests.conversation.test_precision import told, view

WRONG = {"first": "Wes Okafor", "last": "Managing", "display": "Wes Okafor Managing", "spelled": False}
ACCOUNT = {
    "organization_name": "Blue Spruse Realty",
    "states_served": ["CO"],
    "team_size": 3,
    "admin_name": WRONG,
    "admin_role": "Managing Broker",
    "authority": True,
    "admin_email": "w@x.example",
    "admin_mobile": "+13035550142",
    "plan": "starter",
    "terms_accepted": True,
}


def at_summary(text):
    seen = view("onboarding", "summary", [], "chat", proposed=ACCOUNT)
    seen.state.awaiting = Awaiting(kind="summary", slots=[], step=seen.flow.steps[0].step)
    return told(understand(text, seen))


def asked(slot, text):
    known = {} if slot == "organization_name" else {"organization_name": "Blue Spruce Realty"}
    return told(understand(text, view("onboarding", "ask", [slot], "chat", **known)))


def test_everything_said_in_one_breath_is_kept() -> None:
    found = asked(
        "organization_name",
        "Hi! We're Front Range Realty, a team of 6 in Denver Colorado. I'm Dana Ortiz, managing broker "
        "and owner, dana@frontrange.example, mobile 303-555-0142. We want the professional plan, Monday to "
        "Friday 9 to 6, Saturdays 10 to 2, new number with 720 area code, we use HubSpot, leads from Zillow "
        "and our website.",
    )
    assert found["organization_name"] == "Front Range Realty"
    assert found["states_served"] == ["CO"] and found["team_size"] == 6
    assert (
        found["admin_name"]["display"] == "Dana Ortiz" and found["admin_role"] == "Managing Broker and Owner"
    )
    assert found["admin_email"] == "dana@frontrange.example" and found["admin_mobile"] == "+13035550142"
    assert found["plan"] == "professional" and found["crm_vendor"] == "hubspot"
    assert found["business_hours"]["sun"] == [] and found["business_hours"]["sat"] == [["10:00", "14:00"]]


@pytest.mark.parametrize(
    ("said", "values"),
    [
        (
            "Fine. Westgate Property Partners. Boise, Idaho, 20 agents",
            ("Westgate Property Partners", ["ID"], 20),
        ),
        (
            "Keystone Brokerage, 340 agents across Ohio and New Jersey",
            ("Keystone Brokerage", ["OH", "NJ"], 340),
        ),
    ],
)
def test_a_firm_and_where_it_is(said: str, values: tuple[str, list[str], int]) -> None:
    found = asked("organization_name", said)
    assert (found["organization_name"], found["states_served"], found["team_size"]) == values


@pytest.mark.parametrize(
    "said", ["My name is Wes Okafor", "my name: Wes Okafor", "no, my name is Wes Okafor"]
)
def test_a_person_is_not_put_for_the_firm(said: str) -> None:
    found = at_summary(said)
    assert found.get("admin_name", {}).get("display") == "Wes Okafor" and "organization_name" not in found


def test_two_corrections_in_one_sentence() -> None:
    found = at_summary("No, the business name is Blue Spruce Realty and my name is Wes Okafor")
    assert (
        found["organization_name"] == "Blue Spruce Realty" and found["admin_name"]["display"] == "Wes Okafor"
    )
    found = at_summary("That's wrong! The company isn't Wes Okafor, it's Blue Spruce Realty")
    assert found == {"organization_name": "Blue Spruce Realty"}


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ("yes", True),
        ("I accept", True),
        ("accept", True),
        ("no", False),
        ("Our lawyers need to read the terms first, but go on", None),
        ("yes, if I can cancel", None),
    ],
)
def test_the_terms_want_a_plain_yes(said: str, agreed: bool | None) -> None:
    assert asked("terms_accepted", said).get("terms_accepted") is agreed


@pytest.mark.parametrize(
    ("said", "greeting"),
    [
        ("I'd like it to say: Blue Spruce Realty, how can we help?", "Blue Spruce Realty, how can we help?"),
        ("make it shorter: Blue Spruce Realty, hello", "Blue Spruce Realty, hello"),
        (
            "The greeting should be: Blue Spruce Realty helps people move.",
            "Blue Spruce Realty helps people move.",
        ),
        ("keep it", None),
        ("please close Sundays, we're Mon to Fri 9 to 6", None),
    ],
)
def test_a_greeting_is_what_callers_should_hear(said: str, greeting: str | None) -> None:
    assert asked("greeting", said).get("greeting") == greeting


def test_the_number_one_has_is_forwarded() -> None:
    assert asked("number_mode", "I already have a number, 512-555-0177")["number_mode"] == "forward"
    assert asked("authority", "I own it") == {"authority": True, "admin_role": "Owner"}


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("is there a contract?", "contract"),
        ("What happens with my client data? Is it encrypted?", "security"),
        ("what's the difference between the plans", "plans"),
        ("why you rather than Ylopo?", "others"),
        ("does it speak Spanish?", "languages"),
        ("where can I read them?", "terms"),
        ("how long does this take?", "how_long"),
    ],
)
def test_questions_about_the_service(question: str, name: str) -> None:
    assert answer_about_product(question) == answer_of(name)


def test_a_question_is_no_answer() -> None:
    events = understand("What happens with my client data?", view("onboarding", "ask", ["organization_name"]))
    assert not any(isinstance(e, acts.Answer) and e.reading.value for e in events)
