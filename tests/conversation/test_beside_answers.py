"""What a broker adds to an answer is taken, or said where it is set: nothing is dropped (A042, A047)."""

from __future__ import annotations

import pytest

from agent.form.state import Awaiting
from agent.setting_up import own_question
from agent.understanding.understand import understand
from policies.business_hours import standard
from policies.product_questions import answer_about_product
from tests.conversation.test_brokers import asked
from tests.conversation.test_precision import told, view

from .talk import Talk

VOICE_STEP = {
    "voice_profile": "friendly_conversational",
    "business_hours": standard(),
    "after_hours_mode": "full_agent",
    "greeting": "Peak Homes helps people.",
    "number_mode": "new",
    "area_code": "303",
    "transfer_number": "+13035550313",
}


def at_voice_summary(text):
    seen = view("onboarding", "summary", [], "chat", proposed=VOICE_STEP)
    seen.state.awaiting = Awaiting(kind="summary", slots=[], step="voice_agent")
    return told(understand(text, seen))


def test_what_is_corrected_at_the_summary_corrupts_nothing_else() -> None:
    found = at_voice_summary("closed Fridays, and 813")
    assert found["area_code"] == "813" and found["business_hours"]["fri"] == []
    assert not {"transfer_number", "greeting"} & set(found)
    found = at_voice_summary("yes but closed on Fridays")
    assert found["business_hours"]["fri"] == [] and set(found) == {"business_hours"}


def test_hours_on_offer_are_agreed_to_with_an_exception() -> None:
    seen = view("onboarding", "offer", ["business_hours"], "chat", organization_name="Peak Homes")
    seen.state.slot("business_hours").offer = standard()
    assert told(understand("yes but closed on Fridays", seen))["business_hours"]["fri"] == []


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Hi there, we're Peak Homes, 7 agents", "Peak Homes"),
        ("Hello there! This is Oak Door Realty in Boise, 3 of us", "Oak Door Realty"),
        ("Helo, Sunny Side Realty", "Sunny Side Realty"),
    ],
)
def test_a_greeting_is_no_part_of_the_name(said: str, name: str) -> None:
    assert asked("organization_name", said)["organization_name"] == name


@pytest.mark.parametrize("said", ["Which one speaks Spanish?", "does any of them speak Spanish?"])
def test_who_speaks_spanish_is_answered(said: str) -> None:
    assert "Multilingual" in str(answer_about_product(said))


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("ask every seller if they have a pool, and call it hot", "Do you have a pool?"),
        ("Ask if they have a pool", "Do you have a pool?"),
        ("ask everyone whether they want a garage", "Do you want a garage?"),
        ("never book before 10", ""),
    ],
)
def test_a_question_of_their_own_in_words(said: str, question: str) -> None:
    assert own_question(said) == question


async def test_a_plan_too_small_is_said_when_it_is_chosen(parts):
    talk = await Talk.begin(parts, channel="chat", answers={"team_size": "seven"})
    await talk.until("plan")
    if talk.reply.awaiting["kind"] == "offer":
        await talk.say("no")
    said = await talk.say("professional")
    assert "5 users, and you're 7" in said.text and "Business" in said.text
    await talk.say("yes")
    assert talk.conversation.state.best()["plan"] == "business"


async def test_spanish_takes_the_voice_that_speaks_it(parts):
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("voice_profile")
    said = await talk.say("whichever, but it has to speak Spanish too")
    assert "Only the Multilingual voice" in said.text
    known = talk.conversation.state.best()
    assert known["voice_profile"] == "multilingual_specialist" and known["languages"] == ["en", "es"]


async def test_own_rules_are_taken_or_become_a_ticket(parts):
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("keep_rules")
    said = await talk.say(
        "keep the standard, but never book before 10 and ask every seller if they have a pool"
    )
    assert "Do you have a pool?" in said.text and "10:00 AM" in said.text and "ticket" not in said.text
    known = talk.conversation.state.best()
    assert known["keep_rules"] is True and known["own_question"] == "Do you have a pool?"
    later = await Talk.begin(parts, channel="chat", caller="+13035550177")
    said = await later.say("Harbor Point Realty, we need special rules, buyers over a million go to me")
    assert "opened ticket" in said.text and ("open_ticket", "opened") in later.ran
