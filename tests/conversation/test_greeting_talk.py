"""What a broker says of the greeting becomes the greeting; instructions reach us, never callers (A045)."""

from __future__ import annotations

import pytest

from agent.understanding.greeting_words import KEEP, greeting_wish
from agent.understanding.polarity import polarity
from policies.compliance import greeting_problem
from policies.greetings import standard_greeting

from .talk import Talk


@pytest.mark.parametrize(
    ("firm", "said", "greeting"),
    [
        (
            "Sunny Keys Realty",
            "no rentals, say Sunny Keys Realty helps people buy and sell condos",
            "Sunny Keys Realty helps people buy and sell condos.",
        ),
        (
            "Ironbridge Group",
            'we do commercial, not homes. "Ironbridge helps companies buy space."',
            "Ironbridge helps companies buy space.",
        ),
        (
            "Acme Realty",
            "we don't do rentals, just buying and selling homes. so drop rent",
            "buy and sell homes.",
        ),
        ("Acme Realty", "we do commercial, not homes", "buy, sell and rent commercial property."),
        ("Acme Realty", "make it ranches and land, not homes", "buy, sell and rent ranches and land."),
        ("Acme Realty", "keep it but drop rent", "buy and sell homes."),
        ("Acme Realty", "yes but without the rent part", "buy and sell homes."),
        ("Acme Realty", "take rent out please", "buy and sell homes."),
        ("Acme Realty", "we don't rent homes", "buy and sell homes."),
        ("Acme Realty", "only land and farms, we never sell houses", "buy, sell and rent land and farms."),
        ("Acme Realty", "can you say luxury homes", "buy, sell and rent luxury homes."),
        ("Acme Realty", "we only do rentals", "rent homes."),
        ("Acme Realty", "add commercial too", "buy, sell and rent homes and commercial property."),
        (
            "Maison Laurent Properties",
            "Bonjour from Maison Laurent, how may we help you?",
            "Bonjour from Maison Laurent, how may we help you?",
        ),
        (
            "Acme Realty",
            "Thanks for calling Acme Realty. How can I help you today? And we close at five.",
            "Thanks for calling Acme Realty. How can I help you today?",
        ),
        ("Acme Realty", "yeah keep it", KEEP),
        ("Acme Realty", "sí claro", KEEP),
        ("Acme Realty", "that one is fine", KEEP),
        ("Acme Realty", "no", None),
        ("Acme Realty", "what do other people say?", None),
        ("Acme Realty", "i want it in spanish", None),
        ("Acme Realty", "yes. A new number with 303", None),
    ],
)
def test_the_greeting_that_is_wished_for(firm: str, said: str, greeting: str | None) -> None:
    current = f"{firm} helps people buy, sell and rent homes."
    wish = greeting_wish(said, firm, current)
    assert wish in (greeting, f"{firm} helps people {greeting}")


def test_a_part_that_is_quoted_or_named_is_left_out() -> None:
    wrong = "No rentals, say Sunny Keys Realty helps people."
    said = 'the greeting shouldnt start with "no rentals, say"'
    assert greeting_wish(said, "Sunny Keys Realty", wrong) == "Sunny Keys Realty helps people."
    two = "We do commercial. Ironbridge helps companies buy space."
    said = "take out the first sentence of the greeting, rest is right"
    assert greeting_wish(said, "Ironbridge Group", two) == "Ironbridge helps companies buy space."


def test_what_is_offered_suits_the_firm_and_its_name_for_short_will_do() -> None:
    assert standard_greeting("Keystone Rentals") == "Keystone Rentals helps people rent homes."
    assert "buy, sell and lease commercial property" in standard_greeting("Ironbridge Commercial Group")
    assert "buy and sell land" in standard_greeting("Dietrich Land Company")
    assert greeting_problem("Bonjour from Maison Laurent.", "Maison Laurent Properties") is None
    assert greeting_problem("Properties for everybody.", "Maison Laurent Properties") is not None


@pytest.mark.parametrize("said", ["si claro", "Sí, claro que sí", "perfecto, yes", "perfecto"])
def test_a_yes_in_spanish_beside_english(said: str) -> None:
    assert polarity(said) == "yes"


async def test_it_is_read_back_kept_and_put_right_beside_another_answer(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("greeting")
    said = await talk.say("keep it but drop rent")
    assert '"Summit Realty helps people buy and sell homes." Is that right?' in said.text
    await talk.say("yes")
    assert talk.waits_for == "number_mode" and talk.reply.slots["number_mode"]["value"] is None
    said = await talk.say("a new number. oh and the greeting should say houses")
    assert '"Summit Realty helps people buy and sell houses."' in said.text
    await talk.say("yes")
    assert talk.conversation.state.best()["number_mode"] == "new" and talk.waits_for == "area_code"
    assert talk.conversation.state.best()["greeting"] == "Summit Realty helps people buy and sell houses."


async def test_keeping_the_greeting_answers_nothing_else_and_what_follows_is_heard(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("greeting")
    await talk.say("yeah keep it")
    assert talk.waits_for == "number_mode"
    await talk.say("no i didnt say forward, i want a new 704 number")
    best = talk.conversation.state.best()
    assert best["number_mode"] == "new" and best["area_code"] == "704"
    assert best["greeting"] == "Summit Realty helps people buy, sell and rent homes."


async def test_a_no_to_what_was_read_back_asks_again(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("greeting")
    await talk.say("no rentals")
    await talk.say("no")
    assert talk.waits_for == "greeting" and talk.reply.awaiting["kind"] == "ask"
    await talk.say("Summit Realty finds you a home.")
    assert talk.conversation.state.best()["greeting"] == "Summit Realty finds you a home."
