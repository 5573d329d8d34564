"""Who answers something else is not asked the same for ever; what they tell says what it is about (A092)."""

from __future__ import annotations

import pytest

from tests.conversation.test_each_word_once import BUYER, SELLER, heard
from tests.conversation.test_strangers import chat

BUYS = "I want to buy a 3 bed in Denver under 550"


async def test_a_question_that_other_things_are_told_to_waits(parts, homes) -> None:
    talk = await chat(parts, homes, BUYS, "we're pre-approved with chase")
    assert talk.waits_for == "baths"
    await talk.say("asap, we're in a hotel")
    assert talk.waits_for == "features"
    await talk.say("two baths by the way")
    assert talk.value("baths") == 2


async def test_it_is_answered_late_in_the_words_of_an_answer(parts, homes) -> None:
    talk = await chat(parts, homes, "I want to rent", "up to 1600 a month", "one bedroom", "february first")
    assert "areas" not in (talk.waits_for,)
    await talk.say("Lakewood will be fine")
    assert talk.value("areas") == ["Lakewood"]


async def test_it_comes_last_and_then_is_let_go(parts, homes) -> None:
    talk = await chat(parts, homes, BUYS, "pre-approved", "by march", "no", "new job", "no agent", "no")
    assert talk.waits_for == "baths"
    await talk.say("Ann Reed")
    await talk.say("my email is ann@reed.example")
    assert talk.waits_for != "baths"


async def test_what_was_told_beside_a_question_is_said_again_before_it(parts, homes) -> None:
    talk = await chat(parts, homes, "I want to rent a place", "up to 1600 a month")
    assert "1,600" in talk.reply.text and talk.waits_for == "areas"


@pytest.mark.parametrize("words", ["yes", "yes yes", "yeah sure"])
@pytest.mark.parametrize(
    ("slot", "known"), [("features", BUYER), ("motivation", SELLER), ("condition", SELLER)]
)
def test_a_bare_yes_tells_nothing(slot: str, known: dict[str, str], words: str) -> None:
    assert slot not in heard(slot, words, **known)


async def test_who_speaks_of_their_roof_sells(parts, homes) -> None:
    talk = await chat(
        parts, homes, "I'm calling about the mailer", "well the roof is new and the kitchen was redone"
    )
    assert talk.value("intent") == "seller"


async def test_a_second_thing_told_is_passed_on(parts, homes) -> None:
    """Somebody from a title company is not asked three times whether they buy, sell or rent."""
    words = (
        "hello, it's about the Henderson file",
        "the wire came back on tuesday and the bank wants a new form",
    )
    talk = await chat(parts, homes, *words)
    assert talk.value("intent") in ("message", "existing_client") and "new form" in talk.value("message")


async def test_a_no_that_tells_something_is_no_goodbye(parts, homes) -> None:
    talk = await chat(parts, homes, "what are your hours", "no it's not listed anywhere")
    assert not talk.reply.ended
