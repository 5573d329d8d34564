"""Who is another firm's client is left to it; who owns a home to let is no seeker of one (C29, A092)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from agent.parts import Parts
from agent.understanding.listed_until import listed_until
from stores import leads
from tests.conversation.talk import lead_of
from tests.conversation.test_precision import view
from tests.conversation.test_strangers import booked, chat

LISTED = view("lead", "ask", ["intent"]).type_of("listed")
"""What says that a house is on the market with somebody."""


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        ("my house is listed with Remax but I'm not happy", True),
        ("it's on the market with Keller Williams and it's not selling", True),
        ("another agent is selling it", True),
        ("we've been on the market for ninety days", True),
        ("we have a listing agreement until March", True),
        ("I want to put my house on the market", None),
        ("I'd like to have it listed by spring", None),
        ("is 12 Cherry Lane still on the market?", None),
        ("our listing with Redfin expired last week", False),
        ("no, we took it off", False),
        ("I have it on the market by owner", False),
    ],
)
def test_what_is_listed_and_what_shall_be(words: str, listed: bool | None) -> None:
    reading = LISTED.spot(words, view("lead", "ask", ["intent"]).context("listed"))
    assert (reading.value if reading else None) is listed


@pytest.mark.parametrize(
    "words",
    [
        ["My house is listed with Remax right now but I'm not happy"],
        ["I want to sell my condo", "41 Ivy Court, Denver", "it's already listed with another agent"],
    ],
)
async def test_a_listed_house_is_left_to_its_agent(parts, homes, words: list[str]) -> None:
    talk = await chat(parts, homes, *words, caller="+13035550171", channel="voice")
    assert talk.reply.ended and "If that ever ends, call us" in talk.reply.text
    assert (await lead_of(parts, homes, talk.conversation.id)).disposition == "represented"


async def test_a_listing_that_has_expired_is_asked_about_like_any_other(parts, homes) -> None:
    talk = await chat(parts, homes, "we want to sell, our listing with Redfin expired last week")
    assert talk.value("intent") == "seller" and talk.waits_for == "property_address"


@pytest.mark.parametrize(
    "words",
    [
        ["I want to tour 12 Cherry Lane tomorrow at 3. I've signed an exclusive agreement with an agent"],
        [
            "can I see 12 Cherry Lane tomorrow at 3",
            "yes",
            "I have an agent, we signed an exclusive agreement",
        ],
        ["can I see 12 Cherry Lane tomorrow at 3", "yes", "I have an agent", "yes"],
    ],
)
async def test_no_tour_for_another_agents_buyer(
    parts: Parts,
    homes: UUID,
    words: list[str],
) -> None:
    talk = await chat(parts, homes, *words, caller="+13035550171", channel="voice")
    assert talk.reply.ended and "your own agent can arrange the tour" in talk.reply.text
    assert await booked(parts, homes) == []
    assert "name" not in talk.asked and "consent_contact" not in talk.asked


async def test_a_fact_beside_a_time_read_back_is_no_other_time(parts, homes) -> None:
    talk = await chat(parts, homes, "can I see 12 Cherry Lane tomorrow at 3", "my dog comes along")
    assert talk.waits_for == "appointment" and "3 PM" in talk.reply.text


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("can you manage my rental?", "message"),
        ("I have a house I want to rent out", "message"),
        ("do you do property management", "message"),
        ("I'm a landlord looking for a tenant for my condo", "message"),
        ("how much could my house rent for", "message"),
        ("I want to buy a duplex and rent it out", "investor"),
        ("I have a dog and want a house to rent", "renter"),
        ("do you have a house for rent", "renter"),
        ("we sold our house and want to rent", "renter"),
    ],
)
def test_who_lets_a_home_is_no_renter(words: str, intent: str) -> None:
    seen = view("lead", "ask", ["intent"])
    reading = seen.type_of("intent").parse(words, seen.context("intent"))
    assert reading is not None and reading.value == intent


async def test_an_owner_leaves_address_name_and_number(parts, homes) -> None:
    talk = await chat(parts, homes, "can you manage my rental?")
    assert "what they can do for owners" in talk.reply.text and talk.waits_for == "property_address"
    for said in ("88 Pine Street, Denver", "Mia Wong", "303 555 0188", "yes", "yes"):
        await talk.say(said)
    lead = await lead_of(parts, homes, talk.conversation.id)
    assert lead.name == "Mia Wong" and "88 Pine" in lead.property_address
    assert "manage my rental" in lead.extra["message"]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        (
            ["My house is listed with another firm, contract's up December 1st. Can you do better?"],
            "December 1",
        ),
        (
            ["I want to sell", "41 Ivy Court, Denver", "it's listed with Remax till the end of the year"],
            "December 31",
        ),
        (["we're on the market with an agent through january"], "January 31"),
    ],
)
async def test_who_is_listed_until_a_day_is_called_after_it(parts, homes, words: list[str], day: str) -> None:
    talk = await chat(parts, homes, *words, caller="+13035550171")
    assert f"until {day}" in talk.reply.text and "not before" in talk.reply.text and not talk.reply.ended
    talk.answers |= {
        "property_address": "41 Ivy Court, Denver",
        "name": "Darlene Poe",
        "consent_contact": "yes",
    }
    await talk.until("name")
    await talk.say("call me after that")
    await talk.until()
    assert f"calls you after {day}" in talk.heard[-1] and "listed" not in talk.asked
    assert ("book_callback", "booked") not in talk.ran and ("plan_follow_up", "planned") not in talk.ran
    async with parts.db.tenant(homes) as session:
        found = [t for t in await leads.open_tasks(session) if t.kind == "listing_ends"]
    (task,) = found
    assert day in task.title and (await lead_of(parts, homes, talk.conversation.id)).name == "Darlene Poe"


@pytest.mark.parametrize(
    "words", ["my lease ends in March", "our listing expired last week", "I want to list my house by spring"]
)
def test_what_ends_no_listing(words: str) -> None:
    assert listed_until(words, date(2026, 11, 23)) is None
