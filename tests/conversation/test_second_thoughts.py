"""A time that is not wanted after all, a call before there is a number, words about something else (A092)."""

from __future__ import annotations

import pytest

from agent import acts
from agent.understanding.understand import understand
from stores import support
from tests.conversation.test_precision import told, view
from tests.conversation.test_strangers import booked, chat

CALLER = {"caller": "+13035550171", "channel": "voice"}


async def test_what_is_agreed_to_and_not_booked_yet_is_let_go(parts, homes) -> None:
    words = (
        "can I see 12 Cherry Lane tomorrow at 3",
        "yes",
        "yes",
        "no. cancel the booking, I did not say yes",
    )
    talk = await chat(parts, homes, *words, **CALLER)
    assert "nothing is booked" in talk.reply.text and await booked(parts, homes) == []


async def test_what_was_just_booked_is_called_off_by_that(parts, homes) -> None:
    words = ("can I see 12 Cherry Lane tomorrow at 3", "yes", "no")
    talk = await chat(parts, homes, *words, **CALLER)
    assert len(await booked(parts, homes)) == 1
    await talk.say("cancel that")
    assert "cancelled" in talk.reply.text and await booked(parts, homes) == []


async def test_a_no_with_a_question_books_nothing(parts, homes) -> None:
    words = ("can I see 12 Cherry Lane tomorrow at 3", "yes", "no tell me how big it is first")
    talk = await chat(parts, homes, *words, **CALLER)
    assert "You're booked" not in talk.reply.text and await booked(parts, homes) == []


async def test_who_one_is_beside_a_yes_to_a_time_is_kept(parts, homes) -> None:
    words = ("can I see 12 Cherry Lane tomorrow at 3", "yes. name is Rick Paulson rick@paulson.example")
    talk = await chat(parts, homes, *words, **CALLER)
    assert talk.value("name")["display"] == "Rick Paulson" and talk.waits_for == "represented"


async def test_a_call_is_booked_when_there_is_a_number_and_its_time_is_told(parts, homes) -> None:
    talk = await chat(parts, homes, "can someone call me back friday at 10")
    assert talk.waits_for == "phone"
    for said in ("303 555 0155", "yes", "leave a message", "about my tour of the office", "Ann Poe", "yes"):
        await talk.say(said)
    async with parts.db.tenant(homes) as session:
        (call,) = await support.list_callbacks(session)
    assert call.at is not None and call.at.day == 27 and "Friday at 10 AM" in " ".join(talk.heard)


async def test_when_the_call_comes_is_answered(parts, homes) -> None:
    talk = await chat(parts, homes, "can someone call me back friday at 10", **CALLER)
    await talk.say("when is the call?")
    assert "They'll call Friday at 10 AM" in talk.reply.text
    other = await chat(parts, homes, "I want to talk to a person", "when will he call?")
    assert "office hours" in other.reply.text and "Monday to Friday" in other.reply.text


async def test_no_office_calls_on_a_federal_holiday(parts, homes) -> None:
    talk = await chat(parts, homes, "can someone call me back thursday at 10", **CALLER)
    assert "Friday" in talk.reply.text and "Thursday" not in talk.reply.text


@pytest.mark.parametrize(
    ("words", "intent"),
    [("is 12 cherry lane still available and what's the hoa fee", "buyer"), ("41 ivy, price?", None)],
)
async def test_who_asks_for_a_home_of_ours_seeks_one(parts, homes, words: str, intent: str | None) -> None:
    talk = await chat(parts, homes, words)
    assert talk.value("intent") == intent and talk.waits_for != "price"


@pytest.mark.parametrize("words", ["hola", "Buenas tardes", "¡Hola, buenas!"])
async def test_a_greeting_in_spanish_is_answered_in_it(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, words)
    assert talk.conversation.state.language == "es"


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ("i need to sell, what do you charge?", {"intent": "seller"}),
        ("what's my house worth, 1590 S Pearl St, Denver", {"intent": "seller"}),
        ("what's for sale in Denver under 550 thousand", {"intent": "buyer", "areas": ["Denver"]}),
    ],
)
async def test_what_stands_beside_a_question_is_kept(
    parts, homes, words: str, facts: dict[str, object]
) -> None:
    talk = await chat(parts, homes, words)
    assert {name: talk.value(name) for name in facts} == facts


async def test_a_wish_about_an_appointment_is_passed_on_with_who_it_is(parts, homes) -> None:
    talk = await chat(parts, homes, "hi i need to cancel my appt tmrw")
    assert "whose appointment" in talk.reply.text and talk.waits_for == "name"
    talk = await chat(parts, homes, "can we push my showing to friday")
    assert "whose appointment" in talk.reply.text and talk.waits_for == "name"


def test_a_no_said_again_changes_nothing() -> None:
    known = {"intent": "seller", "condition": "Roof is old", "listed": False}
    seen = view("lead", "ask", ["price_idea"], "chat", **known)
    assert understand("no i said not listed!!", seen) == [acts.Command("repeat")]


def test_facts_beside_the_wish_for_a_person_are_kept() -> None:
    words = "I want to speak with someone about buying, we need 3 beds in Aurora, max 450k"
    found = told(understand(words, view("lead", "ask", ["intent"])))
    assert found["intent"] == "buyer" and found["beds"] == 3 and found["price"]["max"] == 450000
