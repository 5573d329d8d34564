"""A047: who asks when their appointment is, is told; a chat proves nobody's number."""

from __future__ import annotations

from tests.conversation.test_strangers import chat

BOOK = ("can I see 12 Cherry Lane tomorrow at 2 pm", "yes", "no", "Wes Okafor", "yes", "ok")


async def test_who_calls_from_their_number_is_told(parts, homes) -> None:
    await chat(parts, homes, *BOOK, caller="+13035550177", channel="voice")
    again = await chat(
        parts, homes, "hi, what time is my appointment tomorrow", caller="+13035550177", channel="voice"
    )
    assert "tour with Lee" in again.reply.text and "tomorrow at 2 PM" in again.reply.text


async def test_a_chat_tells_nobody_and_the_office_is_asked(parts, homes) -> None:
    await chat(parts, homes, *BOOK, caller="+13035550177", channel="voice")
    other = await chat(parts, homes, "what time is my appointment tomorrow", caller="+13035550177")
    assert "2 PM" not in " ".join(other.heard) and "Which name is it under?" in other.reply.text


async def test_who_has_none_is_not_sent_away(parts, homes) -> None:
    talk = await chat(parts, homes, "is my tour still on?", caller="+13035550188", channel="voice")
    assert "can't find an appointment" in talk.reply.text and talk.value("message")


async def test_an_hour_that_is_taken_is_said_to_be(parts, homes) -> None:
    await chat(parts, homes, *BOOK, caller="+13035550177", channel="voice")
    other = await chat(parts, homes, "can I see 12 Cherry Lane tomorrow at 2 pm", caller="+13035550188")
    assert "Nobody is free tomorrow at 2 PM." in other.reply.text


async def test_who_asks_about_one_home_is_offered_to_see_it(parts, homes) -> None:
    talk = await chat(parts, homes, "is 12 cherry lane still available", caller="+13035550177")
    assert "$450,000" in talk.reply.text and "Would you like to see it?" in talk.reply.text
    await talk.say("how many baths does it have")
    assert "2 baths" in talk.reply.text and "Lee free" in talk.reply.text
    for said in ("the first time is fine", "yes", "no", "Ann Lee", "yes", "yes"):
        await talk.say(said)
    assert talk.reply.ended and talk.value("represented") == "no" and talk.value("timeline") is None


async def test_who_does_not_want_to_see_it_is_asked_on(parts, homes) -> None:
    talk = await chat(
        parts, homes, "how much is 12 cherry lane", "no just wondering about the price", caller="+13035550177"
    )
    assert talk.value("appointment") is None and "?" in talk.reply.text
    await talk.say("is it sold?")
    assert "Would you like to see it" not in talk.reply.text


async def test_a_day_too_far_ahead_is_noted_for_an_agent(parts, homes) -> None:
    talk = await chat(parts, homes, "can I see 12 Cherry Lane January 15 at 2", caller="+13035550188")
    assert "further ahead than I can book" in talk.reply.text and "free" not in talk.reply.text
    assert talk.value("appointment") == "Friday, January 15 at 2 PM"


async def test_a_day_nobody_works_is_named(parts, homes) -> None:
    talk = await chat(parts, homes, "can I see 12 Cherry Lane on saturday", caller="+13035550188")
    assert "Nobody is free Saturday, November 28." in talk.reply.text
    talk = await chat(parts, homes, "can I see 12 Cherry Lane this thursday", caller="+13035550188")
    assert "That's Thanksgiving." in talk.reply.text and "Wednesday, November 25" in talk.reply.text
