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


async def test_a_home_and_a_time_in_one_breath_are_a_wish_to_see_it(parts, homes) -> None:
    talk = await chat(parts, homes, "noon wednesday at 12 cherry lane works for me")
    assert "for a tour Wednesday, November 25 at noon" in talk.reply.text
    talk = await chat(parts, homes, "can we do 12 cherry lane dec 24 or christmas day?")
    assert talk.value("appointment") == "Thursday, December 24"


async def test_hours_to_be_called_at_move_no_booking(parts, homes) -> None:
    talk = await chat(
        parts, homes, f"{SEE} wednesday at 3", "yes", "no", "Kim Doe", "yes",
        "you can call, but not before 10am", caller="+13035550177",
    )  # fmt: skip
    assert talk.reply.ended and talk.value("consent_contact") is True
    assert talk.value("contact_limits") == "calls_first" and "not before 10am" in talk.value(
        "special_request"
    )
    assert talk.ran.count(("offer_slots", "one")) == 1


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("can I talk to someone the thursday after thanksgiving about selling", "Thursday, December 3"),
        ("I'd like a phone consultation about selling, 3pm my time tomorrow, I'm in Chicago",
         "tomorrow at 2 PM Mountain time"),
        ("just call me about selling my house, evenings", "tomorrow at 5:30 PM"),
    ],
)  # fmt: skip
async def test_a_talk_on_a_day_is_a_call(parts, homes, words: str, when: str) -> None:
    talk = await chat(parts, homes, words, caller="+13035550177")
    assert when in talk.reply.text and talk.value("intent") == "seller"
    assert ("hand_over", "handed_over") not in talk.ran


async def test_times_that_do_not_suit_are_followed_by_others(parts, homes) -> None:
    talk = await chat(parts, homes, f"{SEE} on wednesday", "neither of those works, that doesn't work for us")
    assert "Wednesday, November 25" in talk.reply.text and talk.waits_for == "appointment"
    await talk.say("hm those don't suit me either")
    assert talk.waits_for == "appointment" and "Which suits you?" in talk.reply.text


async def test_the_same_in_spanish(parts, homes) -> None:
    talk = await chat(parts, homes, "hola quiero ver la casa de 12 cherry lane el jueves")
    assert "Nadie está libre el jueves 26 de noviembre" in talk.reply.text and "viernes 27" in talk.reply.text
    await talk.say("el viernes 4 de diciembre a las 10")
    assert "el viernes 4 de diciembre a las 10 de la mañana" in talk.reply.text
    await talk.say("si")
    assert talk.value("appointment") and talk.waits_for == "represented"
    talk = await chat(
        parts, homes, "hola, tienen citas el martes?", "quiero vender mi casa en 9 Elm Street, Denver"
    )
    assert talk.waits_for == "motivation"
    await talk.say("prefiero por las tardes")
    assert talk.waits_for == "motivation" and talk.value("motivation") is None
    said = ("quiero comprar una casa en Denver", "no quiero cita, solo que me llamen mañana")
    talk = await chat(parts, homes, *said, caller="+13035550177")
    assert ("book_callback", "booked") in talk.ran and "mañana" in talk.reply.text


async def test_no_texts_is_a_limit_and_no_opt_out(parts, homes) -> None:
    talk = await chat(parts, homes, SEE, "the second", "evenings only and no texts", caller="+13035550177")
    assert not talk.reply.ended and ("opt_out", "opted_out") not in talk.ran
    assert talk.value("contact_limits") == "calls_only"
    talk = await chat(parts, homes, SEE, "no texts, no calls, leave me alone", caller="+13035550178")
    assert ("opt_out", "opted_out") in talk.ran


async def test_the_first_of_two_is_no_date(parts, homes) -> None:
    talk = await chat(parts, homes, f"{SEE} on wednesday", "1st works")
    assert "Just to check: Wednesday, November 25 at 9 AM" in talk.reply.text


async def test_days_nobody_works_are_said_when_asked_about(parts, homes) -> None:
    talk = await chat(parts, homes, "I want to buy in Denver", "do you do weekends?")
    assert "Nobody is free Saturday or Sunday." in talk.reply.text and "consultation" in talk.reply.text
    await talk.say("then just a call on wednesday at 2, thanks")
    assert "a call Wednesday, November 25 at 2 PM" in talk.reply.text or "call you back" in talk.reply.text


async def test_a_time_is_taken_beside_what_a_fixed_answer_meets(parts, homes) -> None:
    talk = await chat(parts, homes, SEE, "tomorrow at 9 works. is that a safe street?")
    assert "can't rate neighborhoods" in talk.reply.text and "tomorrow at 9 AM" in talk.reply.text
    assert not talk.value("appointment")
    await talk.say("yes")
    assert talk.value("appointment") == "tomorrow at 9 AM Mountain time"


async def test_who_has_to_sell_first_is_still_a_buyer(parts, homes) -> None:
    talk = await chat(parts, homes, SEE, "tomorrow at 9", "yes")
    await talk.say("No, I'm not. I'm on my own and I'd have to sell my place first")
    assert talk.value("intent") == "buyer"
