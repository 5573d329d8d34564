"""What is done with words that were heard unsure: said in passing, read back, looked up, asked again."""

from __future__ import annotations

import pytest

from agent.conversation import Conversation
from agent.parts import Parts
from simulate.contact import OfficeNeeds, furnish
from simulate.office import brokerage
from stores.db import Database

OPENING = "I'd like to buy a house"


async def asked(parts: Parts, db: Database, *words: str, number: int = 1) -> Conversation:
    home = await brokerage(db, number=number)
    await furnish(parts, home, OfficeNeeds(faq={"question": "Do you charge for a tour?", "answer": "No."}))
    talk = await Conversation.start(parts, tenant_id=home, channel="voice", caller="+13035550177")
    await talk.open()
    for said in (OPENING, *words):
        await talk.hear(said)
    return talk


async def test_a_place_heard_half_sure_is_said_in_passing_and_can_be_put_right(
    parts: Parts, db: Database
) -> None:
    talk = await asked(parts, db)
    assert "areas" in talk.state.awaiting.slots
    reply = await talk.hear("Hope Park", confidence=0.7)
    assert reply.awaiting["slots"] == ["beds"] and "Hope Park" in reply.text
    reply = await talk.hear("No, it's Oak Park", confidence=0.9)
    assert reply.slots["areas"]["value"] == ["Oak Park"] and reply.awaiting["slots"] == ["beds"]


async def test_a_place_heard_surely_is_taken_as_it_is_and_one_heard_badly_read_back(
    parts: Parts, db: Database
) -> None:
    sure = await (await asked(parts, db)).hear("Oak Park", confidence=0.9)
    assert sure.awaiting["slots"] == ["beds"] and "Oak Park" not in sure.text
    unsure = await (await asked(parts, db, number=2)).hear("Hope Park", confidence=0.4)
    assert unsure.awaiting["kind"] == "confirm" and "Hope Park" in unsure.text


@pytest.mark.parametrize(("confidence", "kind"), [(0.45, "ask"), (0.2, "confirm")])
async def test_a_small_number_needs_less(parts: Parts, db: Database, confidence: float, kind: str) -> None:
    reply = await (await asked(parts, db, "Oak Park")).hear("Two.", confidence=confidence)
    assert reply.awaiting["kind"] == kind


async def test_a_question_that_was_misheard_may_still_be_answered(parts: Parts, db: Database) -> None:
    talk = await asked(parts, db, "Oak Park")
    reply = await talk.hear("D charge for a tour.", confidence=0.6)
    assert any(u.key == "answered" for u in reply.says) and reply.awaiting["slots"] == ["beds"]


async def test_who_was_not_understood_hears_so(parts: Parts, db: Database) -> None:
    talk = await asked(parts, db, "Oak Park")
    first = await talk.hear("Ploom the drifty.", confidence=0.5)
    assert [u.key for u in first.says] == ["unclear_1", "ask:beds:1"]
    assert (await talk.hear("Ploom the drifty.", confidence=0.5)).says[0].key == "unclear_2"


async def test_a_no_that_was_heard_as_now_is_a_no(parts: Parts, db: Database) -> None:
    talk = await asked(parts, db)
    await talk.hear("Hope Park", confidence=0.4)
    reply = await talk.hear("Now it's Oak Park", confidence=0.9)
    assert reply.slots["areas"]["value"] == ["Oak Park"] and reply.awaiting["slots"] == ["beds"]


async def test_a_no_that_was_hardly_heard_skips_nothing(parts: Parts, db: Database) -> None:
    talk = await asked(parts, db, "Oak Park")
    reply = await talk.hear("No, is...", confidence=0.18)
    assert reply.awaiting["slots"] == ["beds"] and reply.says[0].key == "unclear_1"


async def test_what_was_heard_with_no_confidence_was_not_heard(parts: Parts, db: Database) -> None:
    talk = await asked(parts, db, "Oak Park")
    reply = await talk.hear("three", confidence=0.04)
    assert reply.says[0].key == "unheard" and reply.awaiting["slots"] == ["beds"]


async def test_nothing_else_is_an_answer(parts: Parts, db: Database) -> None:
    talk = await asked(parts, db, "Oak Park", "two", "one")
    assert talk.state.awaiting.slots == ["features"]
    assert (await talk.hear("Nothing else.")).awaiting["slots"] != ["features"]


@pytest.mark.parametrize("at", ["phone", "consent_contact"])
async def test_a_name_put_right_by_its_parts_is_heard_beside_any_question(
    parts: Parts, db: Database, at: str
) -> None:
    talk = await asked(parts, db, "just take a message please", "call me about the closing", "Donna Brooke")
    if at == "consent_contact":
        await talk.hear("yes")
    assert talk.state.awaiting.slots == [at]
    reply = await talk.hear(
        "No, first named Donna, D as in David, O as in Apple, N as in Nancy, O as in Apple. Last name Brooks,"
        " B as in Boy, R as in Robert, O as an Oscar, O as an Oscar, K as in King, S as in Sam.",
        confidence=0.87,
    )
    assert reply.slots["name"]["value"]["display"] == "Dana Brooks"
    assert reply.awaiting["slots"] == [at]


async def test_what_a_home_is_worth_is_no_homework(parts: Parts, db: Database) -> None:
    home = await brokerage(db, number=1)
    talk = await Conversation.start(parts, tenant_id=home, channel="voice", caller="+13035550177")
    await talk.open()
    reply = await talk.hear("What's my homework? I'm thinking of selling.", confidence=0.91)
    assert not reply.ended and reply.slots["intent"]["value"] == "seller"


@pytest.mark.parametrize(
    "words",
    [
        "Rent no no, we want to buy.",
        "Rent, no, no, we want to buy.",
        "rent? no no, we want to BUY",
        "I said buy",
        "I'm a buyer",
    ],
)
async def test_what_is_known_of_the_errand_answers_nothing_and_fails_nothing(
    parts: Parts, db: Database, words: str
) -> None:
    talk = await asked(parts, db)
    for _ in range(3):
        reply = await talk.hear(words, confidence=0.63)
        assert reply.awaiting["slots"] == ["areas"] and "Which areas" in reply.text
        assert not reply.tools


async def test_listings_that_are_to_be_sent_are_not_read_out(parts: Parts, db: Database) -> None:
    talk = await asked(parts, db, "in Aurora")
    reply = await talk.hear("Can you just send me some listings?", confidence=0.97)
    assert reply.awaiting["slots"] == ["updates"]


async def test_nobody_is_taken_off_by_words_that_were_hardly_heard(parts: Parts, db: Database) -> None:
    talk = await asked(parts, db)
    reply = await talk.hear("Friend, no no, we want to be you why.", confidence=0.55)
    assert not reply.ended and reply.awaiting["slots"] == ["areas"]
    reply = await talk.hear("Take me off your list and stop calling me.", confidence=0.55)
    assert reply.ended


async def test_an_address_that_is_never_understood_holds_nobody_up(parts: Parts, db: Database) -> None:
    """Who would rather have mail, and whose address cannot be made out, is not asked the same for ever."""
    talk = await asked(parts, db, "I can't talk now, call me later", "Bo Finn", "yes")
    assert talk.state.awaiting.slots == ["consent_contact"]
    for _ in range(6):
        reply = await talk.hear("No, email me instead, for a thin dot example", confidence=0.7)
        if reply.ended:
            break
    assert reply.ended and talk.state.peek("email").status == "skipped"
    assert not talk.state.peek("consent_contact").value
