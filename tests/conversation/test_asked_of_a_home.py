"""What is asked of a home is quoted from its listing or put to an agent, and it is the right home (A047)."""

from __future__ import annotations

from typing import Any

import pytest

from stores import listing_imports
from tests.conversation.talk import Talk, lead_of

LISTED = [
    {
        "mls_id": "M7", "address": "700 Colfax Avenue", "city": "Denver", "price": 890000, "beds": 6,
        "type": "multi_family", "status": "active",
        "remarks": "Triplex, all units rented, gross rent 5400 a month.",
    },
    {
        "mls_id": "M1", "address": "31 Larch Lane", "city": "Denver", "price": 545000, "beds": 3,
        "type": "house", "status": "active",
        "remarks": "Large fenced yard, main floor bedroom. Dogs allowed.",
    },
]  # fmt: skip


@pytest.fixture
async def listed(parts: Any, homes: Any) -> Any:
    """An office that has a triplex and a house."""
    async with parts.db.tenant(homes) as session:
        await listing_imports.import_listings(session, LISTED, source="csv", actor="test", complete=True)
    return homes


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("What are the rents at Colfax?", "gross rent 5400 a month"),
        ("does 31 larch lane have a fenced yard?", "fenced yard"),
        ("are dogs ok at 31 larch lane?", "Dogs allowed"),
    ],
)
async def test_the_listings_own_words_answer(parts: Any, listed: Any, said: str, quoted: str) -> None:
    talk = await Talk.begin(parts, listed, channel="chat")
    await talk.say(said)
    assert quoted in talk.heard[-1] and ("answer_question", "unknown") not in talk.ran


@pytest.mark.parametrize(
    "said",
    [
        "whats the cap rate at 700 colfax and are the leases month to month?",
        "How much is the deposit and when is it available? 31 larch lane",
        "is a pitbull ok at 31 larch lane? some places say no",
        "Does 31 Larch Lane have a full bath on the main floor?",
        "is there a gas line at 31 larch lane?",
    ],
)
async def test_what_it_does_not_say_is_put_to_an_agent(parts: Any, listed: Any, said: str) -> None:
    talk = await Talk.begin(parts, listed, channel="chat")
    await talk.say(said)
    assert ("answer_question", "unknown") in talk.ran and "agent" in talk.heard[-1]


async def test_the_home_they_turn_to_is_the_home(parts: Any, listed: Any) -> None:
    talk = await Talk.begin(parts, listed, channel="chat")
    await talk.say("I'd like to see 31 Larch Lane")
    await talk.say("Not interested in Larch Lane, the Colfax one is good")
    assert talk.value("property_address")["street"] == "700 Colfax Avenue" and not talk.value("appointment")
    await talk.conversation.close("hung up")
    lead = await lead_of(parts, listed, talk.conversation.id)
    assert lead is not None and "700 Colfax" in str(lead.property_address) and not lead.areas


async def test_another_agents_request_stands_beside_what_was_answered(parts: Any, listed: Any) -> None:
    talk = await Talk.begin(parts, listed, channel="chat")
    await talk.say(
        "Hi, Denise Kwan with Blue Spruce Realty. My client wants to see 31 Larch Lane. who lists it?"
    )
    await talk.say("So is Tuesday at 2 ok?")
    message = str(talk.value("message"))
    assert "My client wants to see 31 Larch Lane" in message and message.count("Tuesday at 2") == 1


async def test_what_is_asked_further_is_asked_of_the_home_in_talk(parts: Any, listed: Any) -> None:
    talk = await Talk.begin(parts, listed, channel="chat")
    await talk.say("how much is 31 larch lane?")
    assert "is for sale at $545,000" in talk.heard[-1]
    await talk.say("And bedrooms?")
    assert "3 bedrooms" in talk.heard[-1]
    await talk.say("beds?")
    assert "3 bedrooms" in talk.heard[-1] and ("answer_question", "unknown") not in talk.ran


async def test_who_would_rent_what_is_for_sale_is_told_so(parts: Any, listed: Any) -> None:
    talk = await Talk.begin(parts, listed, channel="chat")
    await talk.say("hi, is 31 Larch Lane still for rent?")
    assert "for sale, not for rent" in talk.heard[-1] and not talk.value("property_address")
    assert ("offer_slots", "offered") not in talk.ran


async def test_what_is_on_the_list_is_no_question_for_an_agent(parts: Any, listed: Any) -> None:
    talk = await Talk.begin(parts, listed, channel="chat")
    await talk.say("Any small multifamily in Denver? I buy cash")
    assert "700 Colfax" in talk.heard[-1] and ("answer_question", "unknown") not in talk.ran
