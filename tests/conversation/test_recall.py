"""A047: who asks when their appointment is, is told; a chat proves nobody's number."""

from __future__ import annotations

from tests.conversation.test_strangers import chat

BOOK = ("can I see 12 Cherry Lane tomorrow at 2 pm", "yes", "yes", "no", "Wes Okafor", "yes", "ok")


async def test_who_calls_from_their_number_is_told(parts, homes) -> None:
    await chat(parts, homes, *BOOK, caller="+13035550177", channel="voice")
    again = await chat(
        parts, homes, "hi, what time is my appointment tomorrow", caller="+13035550177", channel="voice"
    )
    assert "tour with Lee" in again.reply.text and "tomorrow at 2 PM" in again.reply.text


async def test_a_chat_tells_nobody_and_the_office_is_asked(parts, homes) -> None:
    await chat(parts, homes, *BOOK, caller="+13035550177", channel="voice")
    other = await chat(parts, homes, "what time is my appointment tomorrow", caller="+13035550177")
    assert "2 PM" not in " ".join(other.heard) and other.value("intent") == "message"
    assert "appointment" in str(other.value("message"))


async def test_who_has_none_is_not_sent_away(parts, homes) -> None:
    talk = await chat(parts, homes, "is my tour still on?", caller="+13035550188", channel="voice")
    assert "can't find an appointment" in talk.reply.text and talk.value("message")


async def test_an_hour_that_is_taken_is_said_to_be(parts, homes) -> None:
    await chat(parts, homes, *BOOK, caller="+13035550177", channel="voice")
    other = await chat(parts, homes, "can I see 12 Cherry Lane tomorrow at 2 pm", caller="+13035550188")
    assert "Nobody is free just then" in other.reply.text
