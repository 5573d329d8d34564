"""What people who look for a home say around their answers: read as it is meant, nothing made of the rest
(A047, A092)."""

from __future__ import annotations

from typing import Any

import pytest

from stores import listing_imports
from tests.conversation.talk import Talk
from tests.conversation.test_fragments import heard
from tests.conversation.test_strangers import chat

BUYER: dict[str, Any] = {"intent": "buyer"}
RENTER: dict[str, Any] = {"intent": "renter"}


@pytest.mark.parametrize(
    ("asked", "known", "words", "facts"),
    [
        ("intent", {}, "buying. superior or golden, 3 bed", {"areas": ["Superior", "Golden"], "beds": 3}),
        ("areas", BUYER, "broomfield or denver", {"areas": ["Broomfield", "Denver"]}),
        ("areas", BUYER, "Oak Park", {"areas": ["Oak Park"]}),
        ("areas", BUYER, "im in ohio, so somewhere near aurora", {"areas": ["Aurora"]}),
        ("intent", {}, "we want to buy, 3+ beds, 2 baths", {"beds": 3, "baths": 2}),
    ],
)
def test_what_they_seek_is_taken(
    asked: str, known: dict[str, Any], words: str, facts: dict[str, Any]
) -> None:
    found = heard(asked, words, **known)
    assert {k: found.get(k) for k in facts} == facts


@pytest.mark.parametrize(
    ("asked", "known", "words", "slot"),
    [
        ("baths", BUYER, "1.5", "price"),
        ("areas", BUYER, "80202", "price"),
        ("areas", RENTER, "and utilities", "areas"),
        ("areas", RENTER, "and the deposit", "areas"),
        ("areas", BUYER, "im in ohio can you do it over video", "areas"),
        ("areas", BUYER, "is there a pool", "areas"),
    ],
)
def test_what_is_none_is_not_made_one(asked: str, known: dict[str, Any], words: str, slot: str) -> None:
    assert slot not in heard(asked, words, **known)


MORE: list[dict[str, Any]] = [
    {"mls_id": "P1", "address": "60 Sorrel Lane", "city": "Aurora", "price": 380000, "beds": 2,
     "type": "condo", "status": "pending"},
    {"mls_id": "P2", "address": "210 Bramble Street", "city": "Denver", "price": 1700, "beds": 1,
     "type": "condo", "remarks": "One parking space, no pets."},
    {"mls_id": "P3", "address": "9 Osprey Court", "city": "Littleton", "price": 495000, "beds": 4,
     "type": "house", "remarks": "Pool."},
]  # fmt: skip


@pytest.fixture
async def block(parts, homes):
    """A home under contract, one that is let, one with a pool."""
    async with parts.db.tenant(homes) as session:
        await listing_imports.import_listings(session, MORE, source="block", actor="test", complete=False)
    return homes


async def told_to(parts: Any, office: Any, *words: str) -> Any:
    return await chat(parts, office, *words, caller="+13035550177")


@pytest.mark.parametrize("words", ["is sorrel still available", "can I see 60 Sorrel Lane tomorrow at 2?"])
async def test_a_home_that_is_gone_is_not_toured(parts, block, words: str) -> None:
    talk = await told_to(parts, block, words)
    assert "under contract" in talk.reply.text and "free for" not in talk.reply.text
    assert talk.waits_for == "areas" and talk.value("property_address") is None
    assert "60 Sorrel Lane" in talk.value("message") and talk.value("intent") == "buyer"


@pytest.mark.parametrize(
    "words", ["is 640 poplar street open?", "hi i saw 18 quail rd online, can i see it saturday"]
)
async def test_a_home_that_is_not_ours_is_said_to_be_none_of_ours(parts, block, words: str) -> None:
    talk = await told_to(parts, block, words)
    assert "don't have" in talk.reply.text and "free for" not in talk.reply.text
    assert ("answer_question", "unknown") in talk.ran and "not on our list" in talk.value("message")


@pytest.mark.parametrize(
    "words",
    [
        "do you take section 8 vouchers?",
        "would the bramble street apartment accept my housing voucher?",
        "is 210 Bramble Street ok with section 8",
    ],
)
async def test_a_voucher_is_answered_by_the_law_and_no_listing(parts, block, words: str) -> None:
    talk = await told_to(parts, block, words)
    assert "wherever the law says so" in talk.reply.text and "$1,700" not in talk.reply.text


@pytest.mark.parametrize(
    "words",
    [
        "my agent won't return my calls, can i see 9 osprey court with you",
        "my realtor is max at sunset homes and never answers. can i tour 9 osprey court",
    ],
)
async def test_who_has_an_agent_is_asked_how_firmly_before_any_time(parts, block, words: str) -> None:
    talk = await told_to(parts, block, words)
    assert "exclusive" in talk.reply.text and "free for" not in talk.reply.text
    await talk.say("no we never signed anything")
    assert talk.value("intent") == "buyer" and talk.value("represented") == "yes"
    assert "free for a tour" in talk.reply.text


async def test_a_look_by_video_is_noted_and_the_times_stand(parts, block) -> None:
    talk = await told_to(
        parts, block, "can i see 9 osprey court friday", "i live in ohio, could it be by video"
    )
    assert "by video" in talk.reply.text and "free for a tour" in talk.reply.text
    assert "9 Osprey Court in" not in talk.reply.text and "video" in talk.value("message")


async def test_what_is_asked_in_a_clause_is_answered(parts, block) -> None:
    talk = await told_to(parts, block, "hi about renting the bramble street one, is parking included")
    assert "One parking space" in talk.reply.text
    await talk.say("1700 is ok")
    assert talk.value("rent") == {"min": None, "max": 1700}


async def test_an_answer_beside_a_question_of_what_there_is_counts(parts, block) -> None:
    talk = await told_to(parts, block, "I want to rent 3 bedrooms in Denver, 2500 max, by march")
    assert talk.waits_for == "lease_length"
    await talk.say("12 months. do u have anything like that")
    assert "Nothing on our own list" in talk.reply.text and talk.waits_for == "animals"


async def test_who_names_a_home_and_a_budget_has_said_both(parts, block) -> None:
    talk = await told_to(
        parts, block, "looking for 4 bd under 520 near littleton, can i see 9 osprey court friday at 10"
    )
    assert talk.value("price") == {"min": None, "max": 520000} and talk.value("beds") == 4
    assert "Osprey" in str(talk.value("property_address"))


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (
            "we need three bedrooms and two baths in Aurora under 450",
            ("Aurora", "three bedrooms", "two bathrooms"),
        ),
        ("renting, one bedroom in Denver, up to 1800 a month", ("Denver", "one bedroom and up to")),
        ("I'm looking to buy in Aurora", ()),
    ],
)
async def test_who_says_much_in_one_breath_hears_it_again(parts, homes, said, heard):
    talk = await Talk.begin(parts, homes)
    answer = (await talk.say(said)).text
    assert all(words in answer for words in heard), answer
    assert answer.startswith(("Got it, ", "Okay, ")) is bool(heard), answer


async def test_a_sellers_town_and_street_are_put_together(parts, office):
    talk = await Talk.begin(parts, office)
    asked = await talk.say("My mother passed and left us her condo in Lakewood, what do we do with it")
    assert "street and number in Lakewood" in asked.text
    await talk.say(
        "It's at 77 Birch Street unit 4. We'd want to sell before summer, my brother wants his half."
    )
    held = talk.conversation.state.confirmed()
    assert held["property_address"]["line"] == "77 Birch Street, Unit 4, Lakewood"
    assert held["timeline"] == "12_months"


async def test_a_street_without_its_town_does_for_who_goes_on(parts, office):
    talk = await Talk.begin(parts, office)
    await talk.say("I want to sell my house")
    assert "city" in (await talk.say("1190 Vance Street")).text
    await talk.say("well the tenants are still in there till march")
    assert talk.conversation.state.confirmed()["property_address"]["street"] == "1190 Vance Street"


async def test_what_is_left_behind_and_who_they_are_is_no_area(parts, homes):
    talk = await Talk.begin(parts, homes)
    await talk.say("I want to rent")
    await talk.say(
        "i'm a nurse, night shifts, moving from Omaha in january, need a 1 bed near denver, max 1600"
    )
    assert talk.conversation.state.confirmed()["areas"] == ["Denver"]
    said = (await talk.say("can somebody text me instead, i sleep during the day")).text
    assert "texts rather than calls" in said and "lease" in said
    assert "lease_length" not in talk.conversation.state.confirmed()


async def test_what_is_asked_beside_times_is_answered_before_them(parts, homes):
    talk = await Talk.begin(parts, homes)
    offered = await talk.say("is 12 Cherry Lane still for sale? we were driving by sunday")
    assert "Nobody is free Sunday" not in offered.text
    said = (await talk.say("nice. how much are the taxes on it")).text
    assert said.index("agent answer that") < said.index("Which suits you")


@pytest.mark.parametrize("words", ["what's out there?", "what do you have", "show me what you've got"])
async def test_what_there_is_is_told_however_it_is_asked(parts, homes, words):
    talk = await Talk.begin(parts, homes)
    await talk.say("I want to buy a home in Boulder")
    said = (await talk.say(words)).text
    assert "400 Main Street" in said and "agent answer that" not in said


async def test_who_wants_somebody_told_leaves_a_message_and_no_errand_is_skipped(parts, homes):
    talk = await Talk.begin(parts, homes)
    await talk.say("this is Mike from Copperline Plumbing, you guys owe us for the Birch job")
    said = await talk.say("no just have whoever does the bills call me back 303 555 0119")
    best = talk.conversation.state.best()
    assert best["intent"] == "message" and "bills" in best["message"] and best["phone"] == "+13035550119"
    assert "skip" not in said.text


async def test_a_time_wished_for_early_is_offered_when_its_turn_comes(parts, homes):
    talk = await Talk.begin(parts, homes)
    for words in ("I want to rent by new years", "Boulder", "two bedrooms, under 2800", "12 months i guess"):
        await talk.say(words)
    said = await talk.say("can I come look friday after 4?")
    assert "offer you times" in said.text
    assert "animals" not in talk.conversation.state.confirmed()
    assert "Friday" in (await talk.say("just a cat")).text
