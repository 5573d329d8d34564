"""Times are offered as they are asked for, and what is agreed to is what was named (A047, A092)."""

from __future__ import annotations

import pytest

from tests.conversation.test_strangers import chat

SEE = "could I look at 12 Cherry Lane"


async def test_a_day_said_again_is_the_same_offer(parts, homes) -> None:
    talk = await chat(parts, homes, f"{SEE} on wednesday pm")
    offered = talk.reply.text.partition("I have")[2]
    for said in ("so wednesday??", "yes that works"):
        await talk.say(said)
        assert talk.reply.text == f"I have{offered}"
    await talk.say("the later one")
    assert "Just to check: Wednesday, November 25 at 2 PM" in talk.reply.text
    await talk.say("weds")
    assert talk.value("appointment") == "Wednesday, November 25 at 2 PM Mountain time"


async def test_the_one_time_on_offer_is_agreed_to_once(parts, homes) -> None:
    talk = await chat(parts, homes, f"{SEE} wednesday at 3", "yes")
    assert talk.value("appointment") and talk.waits_for == "represented"
    await talk.say("no wait, friday instead")
    assert "Friday, November 27 at 3 PM" in talk.reply.text and talk.value("appointment") is None


async def test_what_is_not_good_is_not_booked(parts, homes) -> None:
    talk = await chat(parts, homes, f"{SEE} wednesday at 3", "that's not good for me")
    assert talk.value("appointment") is None and not talk.conversation.state.booking


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("anything later?", "Wednesday, November 25 at 12:30 PM"),
        ("something a bit later in the day maybe", "Wednesday, November 25 at 12:30 PM"),
        ("is there anything sooner", "today"),
    ],
)
async def test_other_hours_than_those_on_offer(parts, homes, words: str, offered: str) -> None:
    talk = await chat(parts, homes, f"{SEE} on wednesday", words)
    assert offered in talk.reply.text


@pytest.mark.parametrize("words", ["do you have any openings wednesday?", "what times are open on wednesday"])
async def test_openings_are_times_and_no_homes(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, words)
    assert talk.waits_for == "intent" and "our own list" not in talk.reply.text
    await talk.say("12 Cherry Lane")
    assert "Wednesday, November 25" in talk.reply.text
    talk = await chat(parts, homes, "I want to buy in Denver", words)
    assert "for a consultation Wednesday, November 25" in talk.reply.text


async def test_hours_that_suit_are_no_reason_to_move(parts, homes) -> None:
    talk = await chat(
        parts, homes, "I want to sell 77 Garrison Street, Lakewood", "afternoons are best for me"
    )
    assert talk.waits_for == "motivation" and talk.value("motivation") is None
    talk.answers |= {
        "motivation": "the stairs", "timeline": "in the spring", "condition": "no", "listed": "no",
        "price_idea": "no idea", "buying_next": "no",
    }  # fmt: skip
    await talk.until("visit")
    assert "today at 1 PM or tomorrow at noon" in talk.reply.text


async def test_who_is_called_meets_nobody_and_is_called_once(parts, homes) -> None:
    talk = await chat(
        parts, homes, "I want to buy in Denver", "can someone call me tomorrow", caller="+13035550177"
    )
    for said in ("no tour, just the call tomorrow", "forget the slots, just have somebody call me whenever"):
        await talk.say(said)
        assert "They'll call tomorrow" in talk.reply.text
    assert talk.ran.count(("book_callback", "booked")) == 1
    assert talk.conversation.state.peek("appointment").status == "skipped"


async def test_a_question_behind_a_yes_is_answered_and_the_yes_counts(parts, homes) -> None:
    talk = await chat(
        parts, homes, "leave a message", "the fence is up", "Ada Wren", "303 555 0177", "yes",
        "sure, whats the price of 12 cherry lane again",
    )  # fmt: skip
    assert talk.value("consent_contact") is True and "$450,000" in talk.reply.text and talk.reply.ended
