"""Who sells goes on selling, whatever comes after the sale; what is told beside a call is kept (A092)."""

from __future__ import annotations

import pytest

from agent.understanding.turning import named_outright
from policies.business_hours import at_that_hour, standard
from tests.conversation.test_precision import view
from tests.conversation.test_strangers import chat


async def test_what_a_seller_does_next_changes_no_errand(parts, homes) -> None:
    talk = await chat(
        parts, homes, "i want to sell my house", "6120 Ralston Rd, Arvada", "moving in with my daughter",
        "spring", "no, its fine", "not listed, around 480", "no gonna rent for a while",
    )  # fmt: skip
    assert talk.value("intent") == "seller" and talk.value("buying_next") is False
    assert talk.value("condition") == "none" and talk.value("price_idea")["max"] == 480_000
    assert talk.asked["condition"] == 1


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("no gonna rent for a while", ""),
        ("no we want to buy something smaller", ""),
        ("actually I want to rent a place", "renter"),
        ("I'm not selling, I want to buy", "buyer"),
    ],
)
def test_what_takes_a_sale_back(words: str, kind: str) -> None:
    assert named_outright(words, "seller") == kind


async def test_no_idea_takes_no_answer_back(parts, homes) -> None:
    talk = await chat(
        parts, homes, "I want to sell 2210 S Pearl St, Denver, retiring", "next summer",
        "new roof, not listed", "no idea thats why i asked",
    )  # fmt: skip
    assert talk.value("listed") is False and not talk.reply.ended and talk.waits_for == "buying_next"


async def test_all_that_is_told_beside_a_wish_to_be_called_is_kept(parts, homes) -> None:
    talk = await chat(
        parts, homes, "2930 Eliot St Denver, want to sell, downsizing. good shape. will someone call me",
        caller="+13035550171",
    )  # fmt: skip
    known = talk.conversation.state.confirmed()
    assert known["property_address"]["street"] == "2930 Eliot St" and known["motivation"] == "Downsizing"
    assert "Good shape" in known["condition"] and talk.waits_for not in ("property_address", "motivation")


async def test_another_questions_words_answer_it_alone(parts, homes) -> None:
    talk = await chat(
        parts, homes, "I want to sell 77 Garrison St, Lakewood", "new roof. should we sell first?"
    )
    assert talk.value("condition") == "New roof" and talk.value("motivation") is None


@pytest.mark.parametrize("words", ["do you guys sell land?", "are you selling any lots"])
async def test_who_asks_what_we_sell_buys(parts, homes, words: str) -> None:
    assert (await chat(parts, homes, words)).value("intent") == "buyer"


async def test_an_hour_that_was_named_stays_on_another_day(parts, homes) -> None:
    talk = await chat(parts, homes, "I want to sell my house", caller="+13035550171")
    now = talk.conversation.parts.clock.now()
    later = at_that_hour(standard(), "America/Denver", now.replace(day=29, hour=21, minute=0))
    assert later is not None and (later.hour, later.weekday()) == (14, 0)


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("do you buy houses for cash?", "seller"),
        ("i have 2 rentals in golden and want to sell both", "seller"),
        ("do you have any rentals in golden", "renter"),
    ],
)
def test_what_is_done_with_a_home(words: str, intent: str) -> None:
    seen = view("lead", "ask", ["intent"])
    reading = seen.type_of("intent").parse(words, seen.context("intent"))
    assert reading is not None and reading.value == intent


def test_a_share_is_no_house_number_and_sure_is_no_doubt() -> None:
    seen = view("lead", "ask", ["property_address"])
    home = seen.type_of("property_address")
    said = home.parse("2.5 sounds high. my place is 14 birch ct, aurora", seen.context("property_address"))
    assert said is not None and "14 Birch" in str(said.value or said.partial)
    asked = view("lead", "ask", ["strategy"])
    assert asked.type_of("strategy").parse("sure", asked.context("strategy")) is None
