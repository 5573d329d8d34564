"""What strangers said to an office's agent in text, and was not understood (A047, A092, C06)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from agent.parts import Parts
from stores import appointments, consents
from tests.conversation.talk import Talk


async def chat(
    parts: Parts, office: UUID, *words: str, caller: str | None = None, channel: str = "chat"
) -> Talk:
    talk = await Talk.begin(parts, office, caller=caller, channel=channel)
    for said in words:
        await talk.say(said)
    return talk


async def booked(parts: Parts, office: UUID) -> Sequence[appointments.Appointment]:
    async with parts.db.tenant(office) as session:
        return await appointments.list_appointments(session, statuses=("booked",), limit=9)


async def test_a_home_named_with_a_time_is_booked_with_a_name_and_a_number(parts, homes) -> None:
    talk = await chat(parts, homes, "schedule me to see 12 Cherry Lane Tuesday at 2")
    assert "at 2 PM" in talk.reply.text and " or " not in talk.reply.text.split("free")[-1]
    for said in ("yes", "no, I don't", "Wes Okafor", "303 555 0177", "yes", "sure"):
        await talk.say(said)
    assert talk.value("represented") == "no" and talk.value("consent_contact") is True and talk.reply.ended
    (row,) = await booked(parts, homes)
    assert row.starts_at == datetime(2026, 11, 24, 21, tzinfo=UTC) and row.phone == "+13035550177"
    assert "Cherry" in (row.place or "") and talk.value("price") is None


async def test_a_moved_wish_keeps_its_day_and_a_holiday_is_said(parts, homes) -> None:
    talk = await chat(
        parts, homes, "book me a viewing of 12 Cherry Lane for thursday at 1", caller="+13035550177"
    )
    assert "Thanksgiving" in talk.reply.text and "Friday, November 27 at 1 PM" in talk.reply.text
    await talk.say("by phone, not a visit")
    assert "for a call Wednesday, November 25" in talk.reply.text
    await talk.say("next week, not tomorrow")
    assert "Monday, November 30 at 1 PM or Tuesday, December 1 at 1 PM" in talk.reply.text
    await talk.say("monday cuz im busy before")
    assert "November 30 at 1 PM" in talk.reply.text and " or " not in talk.reply.text
    assert talk.value("appointment") is None


async def test_an_hour_is_no_price_and_a_day_is_remembered(parts, homes) -> None:
    talk = await chat(parts, homes, "I'd like to look at 12 Cherry Lane", "so wednesday at 11?")
    assert "Wednesday, November 25 at 11 AM" in talk.reply.text and talk.value("price") is None
    await talk.say("2 pm")
    assert "Wednesday, November 25 at 2 PM" in talk.reply.text


async def test_nothing_is_booked_for_nobody(parts, homes) -> None:
    words = ("can I see 12 Cherry Lane on Wednesday at 3", "yes", "no", "skip", "no", "no", "no")
    talk = await chat(parts, homes, *words)
    assert "nothing is booked" in " ".join(talk.heard) and await booked(parts, homes) == []


async def test_who_cannot_come_is_offered_another_day_and_not_called_off(parts, homes) -> None:
    talk = await chat(
        parts, homes, "can I see 12 Cherry Lane tomorrow at 2 pm", "yes", "no", "Wes Okafor", "yes",
        "ok", caller="+13035550177", channel="voice",
    )  # fmt: skip
    assert len(await booked(parts, homes)) == 1
    again = await chat(
        parts, homes, "I can't make it Tuesday, can we do Wednesday at 3 instead?", caller="+13035550177",
        channel="voice",
    )  # fmt: skip
    assert "for a tour Wednesday, November 25 at 3 PM" in again.reply.text
    await again.say("yes")
    (row,) = await booked(parts, homes)
    assert row.starts_at.day == 25 and "moved" in again.reply.text and talk.reply.ended


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("is 12 Cherry Lane still available? any HOA?", "$450,000"),
        ("how much is the one on Cherry Lane", "$450,000"),
        ("what have you got in Denver with three bedrooms under 500?", "12 Cherry Lane"),
        ("tell me about 12 Cherry Lane, 400 Main Street and 9 Elm Court", "400 Main Street in Boulder"),
        ("do you have any homes in Lakewood under 550", "Nothing on our own list fits"),
    ],
)
async def test_what_is_asked_of_listings_is_answered(parts, homes, words: str, heard: str) -> None:
    assert heard in (await chat(parts, homes, words)).reply.text


async def test_who_was_not_answered_hears_so(parts, homes) -> None:
    talk = await chat(parts, homes, "I want to buy in Denver", "do you take bitcoin", "you didnt answer me")
    assert "sorry" in talk.reply.text.lower() and talk.waits_for == "beds"
    await talk.say("why do you need that?")
    assert "It helps" in talk.reply.text and talk.waits_for == "beds"


async def test_an_answer_lands_where_it_belongs(parts, homes) -> None:
    talk = await chat(parts, homes, "I want to rent a place in Denver", "I AM THE BUYER")
    assert talk.value("intent") == "buyer"
    for said in ("two", "two", "no", "up to 450", "in the summer"):
        await talk.say(said)
    assert talk.waits_for == "motivation" and talk.value("timeline") and talk.value("motivation") is None
    await talk.say("I told you dear, the stairs are too much")
    assert talk.value("motivation") == "The stairs are too much"
    await talk.say("not yet")
    assert talk.value("represented") == "no" and talk.value("financing") is None


@pytest.mark.parametrize(
    "words", ["no robot calls please", "text is fine but no AI voice", "yes but no robots"]
)
async def test_no_artificial_voice_is_a_wish_and_no_question(parts, homes, words: str) -> None:
    talk = await chat(
        parts, homes, "leave a message", "the painter is done", "Joel Ruiz", "303 555 0177", "yes"
    )
    assert talk.waits_for == "consent_contact"
    await talk.say(words)
    assert talk.value("ai_voice") == "refused" and "assistant" not in talk.reply.text
    assert talk.value("consent_contact") is (None if words.startswith("no") else True)


async def test_an_opt_out_in_a_chat_asks_whose_number(parts, homes) -> None:
    talk = await chat(parts, homes, "stop contacting me please")
    assert "Which number" in talk.reply.text and not talk.reply.ended
    await talk.say("303 555 0166")
    assert talk.reply.ended and ("opt_out", "opted_out") in talk.ran
    async with parts.db.tenant(homes) as session:
        assert await consents.listed(session, "+13035550166") is not None
    other = await chat(parts, homes, "stop contacting me please", "none of your business")
    assert other.reply.ended and "off the list" not in other.reply.text


@pytest.mark.parametrize("words", ["that's all, bye", "no thanks, that's it", "no that's all", "thats all"])
@pytest.mark.parametrize("first", ["hello", "I want to buy in Denver", "call me back tomorrow at 10"])
async def test_who_has_said_all_may_go(parts, homes, words: str, first: str) -> None:
    talk = await chat(parts, homes, first, words)
    assert talk.reply.ended and "skip" not in talk.reply.text
