"""A home of ours by a short name, questions about it, and what there is: answered (A047, C28)."""

from __future__ import annotations

from typing import Any

import pytest

from stores import listing_imports
from tests.conversation.test_strangers import chat

MORE: list[dict[str, Any]] = [
    {"mls_id": "S1", "address": "77 Juniper Court", "city": "Aurora", "price": 675000, "beds": 4,
     "baths": 3.0, "type": "house", "features": ["pool", "garage"],
     "details": {"hoa_fee": 85, "hoa_period": "a month"}},
    {"mls_id": "S2", "address": "31 Willow Street", "city": "Denver", "price": 1950, "beds": 2, "baths": 1.0,
     "type": "condo", "features": [], "details": {"pets": ["dogs allowed"]}},
    {"mls_id": "S3", "address": "640 Poplar Street", "city": "Lakewood", "price": 1600, "beds": 1,
     "baths": 1.0, "type": "condo", "features": [], "details": {"pets": ["no pets"], "parking_spaces": 1}},
    {"mls_id": "S4", "address": "2100 W Federal Boulevard", "city": "Denver", "price": 890000, "beds": 6,
     "baths": 3.0, "type": "multi_family", "features": ["triplex"]},
    {"mls_id": "S5", "address": "5 Aspen Way", "city": "Denver", "price": 480000, "beds": 3, "type": "house",
     "details": {"hoa_fee": 0}},
    {"mls_id": "S6", "address": "9 Aspen Way", "city": "Denver", "price": 520000, "beds": 3, "type": "house"},
]  # fmt: skip


@pytest.fixture
async def street(parts, homes):
    """Homes of several kinds, two of them in one street."""
    async with parts.db.tenant(homes) as session:
        await listing_imports.import_listings(session, MORE, source="more", actor="test", complete=False)
    return homes


def home(talk: Any) -> str:
    return str(talk.value("property_address") or talk.conversation.state.peek("property_address").value or "")


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("could I see juniper court on thursday afternoon", "77 Juniper"),
        ("i'd love to tour the willow st apartment wednesday at 2", "31 Willow"),
        ("can we view the house with the pool friday", "77 Juniper"),
        ("is the poplar street one still available", "640 Poplar"),
        ("what's the rent roll on federal", "2100"),
        ("hows the cap rate on the federal triplex", "2100"),
    ],
)
async def test_one_home_is_meant(parts, street, words: str, where: str) -> None:
    talk = await chat(parts, street, words, caller="+13035550177")
    assert where in home(talk), (talk.heard, talk.conversation.state.confirmed())


TOLD: list[dict[str, Any]] = [
    {"mls_id": "T1", "address": "14 Gannet Lane", "city": "Denver", "price": 515000, "beds": 3,
     "type": "house", "remarks": "Two car garage. HOA 120 a month."},
    {"mls_id": "T2", "address": "8 Heron Drive", "city": "Littleton", "price": 430000, "beds": 3,
     "type": "house", "remarks": "Pool, finished basement, no HOA."},
]  # fmt: skip
"""Homes of which only their text says what else they have."""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("is 14 gannet lane still available, and is there an hoa", "HOA 120 a month"),
        ("does gannet lane have a garage?", "Two car garage"),
        ("do you have anything with no hoa", "8 Heron Drive"),
        ("u got anything w a pool under 500", "Pool"),
        ("can i see the house with the pool", "8 Heron Drive"),
    ],
)
async def test_what_only_a_listings_text_says_is_said(parts, homes, words: str, said: str) -> None:
    async with parts.db.tenant(homes) as session:
        await listing_imports.import_listings(session, TOLD, source="told", actor="test", complete=False)
    talk = await chat(parts, homes, words, caller="+13035550177")
    assert said in talk.reply.text


@pytest.mark.parametrize(
    "words",
    [
        "I want to sell my house on Willow Street",
        "I live on Juniper Court",
        "looking for a home near Poplar Street",
        "i want to sell 44 Juniper Court",
    ],
)
async def test_a_home_of_their_own_is_not_ours(parts, street, words: str) -> None:
    talk = await chat(parts, street, words)
    assert not any(n in home(talk) + talk.reply.text for n in ("77 ", "31 ", "640 "))


async def test_which_of_two_is_asked_and_then_it_is_that(parts, street) -> None:
    talk = await chat(parts, street, "can i see the aspen way house tomorrow at 2", caller="+13035550177")
    assert "5 Aspen Way" in talk.reply.text and "9 Aspen Way" in talk.reply.text
    assert "Which" in talk.reply.text and talk.reply.text.count("?") == 1
    await talk.say("the second one")
    assert "9 Aspen" in home(talk) and "2 PM" in talk.reply.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("do you have anything without an hoa", "5 Aspen Way"),
        ("u guys got any 2 bedrooms for rent?", "31 Willow"),
        ("any 4 bedroom rentals?", "Nothing on our own list"),
        ("is there anything multifamily, a duplex or so?", "2100 W Federal"),
        ("do you have anything with a pool", "77 Juniper"),
    ],
)
async def test_what_there_is_is_said(parts, street, words: str, said: str) -> None:
    talk = await chat(parts, street, words)
    assert said in talk.reply.text


async def test_anything_like_that_is_what_was_told_before(parts, street) -> None:
    talk = await chat(
        parts, street, "I want to rent a place with 3 bedrooms in Denver", "do u have anything like that"
    )
    assert "Nothing on our own list" in talk.reply.text and talk.reply.text.count("?") == 1
    other = await chat(parts, street, "I want to rent a place in Lakewood", "do u have anything like that")
    assert "640 Poplar Street" in other.reply.text


@pytest.mark.parametrize(
    ("home", "words", "said"),
    [
        ("31 Willow Street", "ok and are dogs welcome", "dogs allowed"),
        ("31 Willow Street", "is the dog ok? hes a 60lb mix", "dogs allowed"),
        ("640 poplar street", "so do they take cats yes or no", "no pets"),
        ("640 poplar street", "is there anywhere to park", "1 parking"),
    ],
)
async def test_the_home_spoken_of_is_asked_about(parts, street, home: str, words: str, said: str) -> None:
    talk = await chat(parts, street, f"can i see {home} tomorrow", words, caller="+13035550177")
    assert said in talk.reply.text


async def test_a_question_beside_a_time_is_answered_and_the_time_taken(parts, street) -> None:
    talk = await chat(
        parts, street, "can i see the willow st apartment tomorrow at 2", "2 works if dogs are ok there",
        caller="+13035550177",
    )  # fmt: skip
    assert "dogs allowed" in talk.reply.text and "2 PM" in talk.reply.text
    await talk.say("yes. and does it allow pets, i have a 30 pound terrier?")
    assert "dogs allowed" in talk.reply.text


async def test_a_pet_that_is_asked_about_is_kept(parts, street) -> None:
    talk = await chat(parts, street, "can i see 31 willow street tomorrow", "is the dog ok? he's a 60lb mix")
    assert "60lb mix" in str(talk.conversation.state.peek("animals").value)


async def test_who_asks_for_a_home_that_is_let_rents(parts, street) -> None:
    talk = await chat(
        parts, street, "hi is the willow street apartment still available", caller="+13035550177"
    )
    assert talk.value("intent") == "renter"
    for said in ("yes", "the first one", "yes", "no pets", "Wes Okafor", "yes", "yes", "yes"):
        if not talk.reply.ended:
            await talk.say(said)
    heard = " ".join(talk.heard)
    assert not any(w in heard for w in ("agreement", "lender", "cash")) and "viewing" in heard


async def test_who_was_taken_for_a_buyer_rents_what_is_let(parts, street) -> None:
    talk = await chat(
        parts, street, "I want to buy a home", "can i see 640 poplar street instead, its a rental"
    )
    assert talk.value("intent") == "renter"


async def test_who_asks_for_the_triplex_as_an_investor_is_one(parts, street) -> None:
    talk = await chat(parts, street, "is the federal triplex fully leased?")
    assert talk.value("intent") == "investor"


@pytest.mark.parametrize(
    "words",
    ["what is the tour for?", "a viewing of what?", "which house would we be touring",
     "wait what place are we seeing",
     "whats the tour for"],
)  # fmt: skip
async def test_what_a_visit_is_of(parts, street, words: str) -> None:
    talk = await chat(parts, street, "can i see juniper court tomorrow at 2", words, caller="+13035550177")
    assert "77 Juniper Court" in talk.reply.text and "2 PM" in talk.reply.text
    other = await chat(parts, street, "I want to buy a house in Aurora", words)
    assert "No home is chosen yet" in other.reply.text and other.value("appointment") is None


@pytest.mark.parametrize(
    ("words", "ours"),
    [("is 9 elm street still available?", False), ("is 9 elm ct still available?", True)],
)
async def test_a_street_is_no_court(parts, homes, words: str, ours: bool) -> None:
    talk = await chat(parts, homes, words)
    assert ("under contract" in talk.reply.text) == ours
