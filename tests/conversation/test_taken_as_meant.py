"""An answer is taken as the answer it is: a time, a refusal, a way to be reached (A047, A092, C01)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation.talk import Talk, lead_of
from tests.conversation.test_strangers import chat

SEE = "could I look at 12 Cherry Lane"


@pytest.mark.parametrize(
    ("asked", "taken", "when"),
    [
        (f"{SEE} on dec 3 at 2", "dec 3 at 2 is good", "Thursday, December 3 at 2 PM"),
        (f"{SEE} next week", "nov 30 at 9 is good", "Monday, November 30 at 9 AM"),
        (f"{SEE} next week", "11/30 at 12", "Monday, November 30 at noon"),
    ],
)
async def test_an_offered_time_that_is_named_is_taken(
    parts, homes, asked: str, taken: str, when: str
) -> None:
    talk = await chat(parts, homes, asked, taken)
    assert talk.value("appointment") == f"{when} Mountain time" or f"Just to check: {when}" in talk.reply.text


async def test_a_weekday_is_the_one_on_offer(parts, homes) -> None:
    talk = await chat(parts, homes, f"{SEE} next week", "monday 1030")
    assert "Monday, November 30 at 10:30 AM" in talk.reply.text and " or " not in talk.reply.text


async def test_half_a_day_is_heard_in_two_letters(parts, homes) -> None:
    talk = await chat(parts, homes, f"{SEE} wednesday pm")
    assert "Wednesday, November 25 at noon" in talk.reply.text and "9 AM" not in talk.reply.text


@pytest.mark.parametrize(
    "words", ["we don't need a tour", "forget the times", "no visit, just let me know if something turns up"]
)
async def test_a_refusal_is_no_time(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, SEE, words)
    assert talk.value("appointment") is None and "Just to check" not in talk.reply.text
    assert not talk.reply.ended and ("book_callback", "booked") not in talk.ran


async def test_who_looks_elsewhere_is_let_go(parts, homes) -> None:
    talk = await chat(parts, homes, SEE, "ok forget it, we'll try somewhere else", caller="+13035550177")
    assert talk.reply.ended and talk.value("appointment") is None
    lead = await lead_of(parts, homes, talk.conversation.id)
    assert lead is None or (not lead.appointment and lead.disposition == "not_interested")


@pytest.mark.parametrize(
    "words", ["could somebody just call me on wednesday", "no showing please, just the call on wednesday"]
)
async def test_who_wants_a_call_instead_is_called(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, SEE, words, caller="+13035550177", channel="voice")
    assert "call you back" in talk.reply.text and "Wednesday" in talk.reply.text
    assert talk.value("appointment") is None and talk.waits_for not in ("appointment", "")


@pytest.mark.parametrize(
    ("words", "consent", "limits"),
    [
        ("email works better for me", False, "mail_only"),
        ("only email please, no texts and no calls", False, "mail_only"),
        ("nothing by phone please", False, None),
        ("sure but calls, not texts", True, "calls_only"),
        ("calls are fine, after 6", True, "calls_first"),
        ("yea texting is easiest", True, "texts_first"),
    ],
)
async def test_how_to_be_reached_is_asked_once(parts, homes, words: str, consent: bool, limits: str) -> None:
    talk = await chat(
        parts, homes, "leave a message", "the fence is up", "Ada Wren", "303 555 0177", "yes", words
    )
    assert (talk.value("consent_contact"), talk.value("contact_limits")) == (consent, limits)
    assert talk.asked["consent_contact"] == 1
    if "email" in words:
        assert talk.waits_for == "email"
        for said in ("ada.wren@example.com", "yes"):
            await talk.say(said)
        assert talk.value("email") == "ada.wren@example.com"
    assert talk.reply.ended
    if "after 6" in words:
        assert "after 6" in str(talk.value("special_request"))


SELLING = (
    "I want to sell my house", "77 Garrison Street, Lakewood, Colorado", "the stairs", "in the spring", "no",
    "nothing new", "around 480",
)  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "no, we've already bought near Phoenix",
        "no, I'm going to rent for a bit",
        "nope we just rented a condo",
    ],
)
async def test_a_no_to_buying_again_ends_no_sale(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, *SELLING)
    while talk.waits_for != "buying_next":
        await talk.say("no")
    await talk.say(words)
    assert talk.value("intent") == "seller" and talk.value("buying_next") is False
    assert not talk.reply.ended and talk.value("outcome") is None


async def test_who_is_taken_for_another_puts_it_right_at_once(parts, homes) -> None:
    talk = await chat(parts, homes, "I want to rent in Denver", "what? I'm selling my house")
    assert talk.value("intent") == "seller" and talk.waits_for == "property_address"


async def test_an_agent_who_does_not_call_back_is_no_opt_out(parts, homes) -> None:
    talk = await chat(
        parts, homes, "can I get into 12 Cherry Lane on Wednesday at 3? my agent isnt calling me back"
    )
    assert ("opt_out", "opted_out") not in talk.ran and "off the list" not in talk.reply.text


@pytest.mark.parametrize(
    "words",
    [
        "Know you know what I'm not interested. Thanks.",  # "no you know what", as it was heard
        "honestly we are not interested, thank you very much",
        "I'm not interested anymore, sorry",
        "I don't think I'm interested after all",
    ],
)
async def test_who_is_not_interested_has_not_asked_to_be_left_alone(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, "I saw your sign on Elm Street", words, caller="+13035550177")
    assert ("opt_out", "opted_out") not in talk.ran
    lead = await lead_of(parts, homes, talk.conversation.id)
    assert talk.reply.ended and lead is not None
    assert lead.disposition == "not_interested" and not lead.dnc


@pytest.mark.parametrize(
    "words",
    [
        "not interested, goodbye forever",
        "I'm not interested, lose my number",
        "we're not interested and never will be",
        "I already told you people I'm not interested",
        "ya no me marquen por favor, no me interesa",
    ],
)
async def test_who_is_not_interested_and_wants_to_be_left_alone_is(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, "hi", words, caller="+13035550177", channel="voice")
    assert ("opt_out", "opted_out") in talk.ran


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("No Wednesday morning.", "Wednesday, November 25"),  # heard without its pause
        ("No tomorrow", "tomorrow"),
        ("No mornings please", "PM"),
        ("not in the morning", "PM"),
        ("No Mondays", "tomorrow"),
    ],
)
async def test_a_no_to_the_time_read_back_books_nothing(parts, homes, words: str, offered: str) -> None:
    talk = await chat(parts, homes, SEE, "the first one", words, caller="+13035550177", channel="voice")
    assert ("book_appointment", "booked") not in talk.ran
    assert offered in talk.reply.text and "Which suits you" in talk.reply.text


async def test_who_would_be_sent_homes_says_which(parts: Any, homes: Any) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("I'm looking for a house to buy in Aurora")
    await talk.say("send me 3 bedroom houses in Denver")
    assert talk.value("beds") == 3


async def test_one_level_is_kept_without_who_needs_it(parts: Any, homes: Any) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("Looking to buy in Lakewood, wife can't do stairs, so one level")
    assert "one level" in talk.value("features").lower() and "wife" not in str(talk.value("features"))


async def test_a_day_it_begins_is_no_length_of_a_lease(parts: Any, homes: Any) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    for said in ("looking for an apartment to rent in Denver", "2", "1500", "February", "start Jan 11"):
        await talk.say(said)
    assert not talk.value("lease_length")


async def test_a_listing_that_runs_until_a_season_is_called_after_it(parts: Any, homes: Any) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    for said in ("I want to sell my house at 71 Fern St, Arvada CO", "It's listed with Remax until spring"):
        await talk.say(said)
    assert str(talk.value("listed_until"))[5:] == "05-31" and not talk.conversation.state.closed


async def test_who_writes_has_not_called(parts: Any, homes: Any) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("oh wrong number sorry")
    assert talk.conversation.state.closed and "calling" not in talk.heard[-1]
