"""A092: what a caller wants, out of the first sentences, and when they change their mind."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.understanding.base import SlotContext
from agent.understanding.types import slot_types
from agent.understanding.understand import understand
from flows.loader import load_all
from tests.conversation.test_precision import told, view

SLOTS = load_all(Path(__file__).parents[2] / "flows")["lead"].slots


def context(name: str, **more: object) -> SlotContext:
    return SlotContext(name, SLOTS[name], choices=SLOTS[name].choices, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Hi, I'm looking for a three bedroom house in Boulder", "buyer"),
        ("My lease is up in May so I want to buy a condo", "buyer"),
        ("I saw your sign on Elm Street, is it still available?", "buyer"),
        ("We're renting right now but want to buy something", "buyer"),
        ("What's my home worth?", "seller"),
        ("I have a rental I want to get rid of, sell it", "seller"),
        ("I own a rental and the tenants left it a wreck. What could I get for it as is?", "seller"),
        ("I have a rental, do you do property management", "message"),
        ("I need to speak with someone about listing my house", "seller"),
        ("I need a two bedroom apartment for under 1800 a month", "renter"),
        ("I'm not looking to buy, I want to rent", "renter"),
        ("I want to buy, no actually rent", "renter"),
        ("I'm looking to buy a duplex and rent it out", "investor"),
        ("Do you have any off market deals", "investor"),
        ("I'm a buyer's agent with Compass", "agent"),
        ("My agent hasn't called me back", "existing_client"),
        ("calling about my closing next week", "existing_client"),
        ("We offer real estate photography services", "vendor"),
        ("can I leave a message", "message"),
        ("Is this Tony's Pizza?", "wrong_number"),
        ("rent", "renter"),
    ],
)
def test_what_a_caller_wants(said: str, meant: str) -> None:
    reading = slot_types()["errand"].parse(said, context("intent"))
    assert reading is not None and reading.value == meant


def test_two_wishes_are_asked_apart_and_something_else_is_asked_for() -> None:
    errand = slot_types()["errand"]
    either = errand.parse("should I rent or buy", context("intent"))
    assert (
        either is not None
        and either.value is None
        and "buying or renting" in either.ask.replace("renting or buying", "buying or renting")
    )
    other = errand.parse("something else", context("intent"))
    assert other is not None and other.ask == "Sure. What is it about?"
    again = errand.parse("well it's about the keys", context("intent", partial="other"))
    assert again is not None and again.value == "message"


@pytest.mark.parametrize("said", ["just looking", "hello there", "I have a question about schools"])
def test_no_wish_is_made_up(said: str) -> None:
    assert slot_types()["errand"].spot(said, context("intent")) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("no", "no"),
        ("we don't have an agent", "no"),
        ("yes, we signed an exclusive agreement", "exclusive"),
        ("I signed with somebody", "exclusive"),
        ("I work with an agent but nothing is signed", "yes"),
        ("our agreement expired", "no"),
    ],
)
def test_how_firmly_a_caller_is_represented(said: str, meant: str) -> None:
    reading = slot_types()["representation"].parse(said, context("represented"))
    assert reading is not None and reading.value == meant


def test_an_agent_is_asked_about_once() -> None:
    kind = slot_types()["representation"]
    first = kind.parse("yes I have one", context("represented"))
    assert first is not None and "exclusive" in first.ask
    for said, meant in (("yes", "exclusive"), ("no", "yes"), ("I'm not sure", "yes")):
        second = kind.parse(said, context("represented", partial=first.partial))
        assert second is not None and second.value == meant


def test_words_after_an_address_are_no_town() -> None:
    kind = slot_types()["address"]
    reading = kind.parse("12 Cherry Lane still available", context("property_address"))
    assert reading is not None and "vailable" not in str(reading.value) and reading.ask
    town = kind.parse("12 Cherry Lane in Denver please", context("property_address"))
    assert town is not None and town.value["city"] == "Denver"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("we have outgrown this apartment and would like to own a house", "buyer"),
        ("my aunt died and her house is just sitting there, we want it gone", "seller"),
        ("the water heater in the unit i rent from you is dead", "message"),
    ],
)
def test_what_no_pattern_knows_is_found_by_meaning(text: str, value: str) -> None:
    reading = slot_types()["errand"].parse(text, context("intent"))
    assert reading is not None and reading.value == value


def test_a_wish_to_be_called_makes_nobody_a_vendor() -> None:
    text = "forget it just have a manager call me, name is Bill Haas"
    reading = slot_types()["errand"].parse(text, context("intent"))
    assert reading is None or reading.value != "vendor"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I own a condo in Denver with a tenant in it until May. Can I sell it with them in it?", "seller"),
        ("we've been looking into selling", "seller"),
        ("I have a buyer for 12 Cherry Lane, how do I schedule a showing?", "agent"),
    ],
)
def test_the_whole_sentence_says_what_somebody_wants(said: str, kind: str) -> None:
    seen = view("lead", "ask", ["intent"], "chat")
    assert told(understand(said, seen))["intent"] == kind


def test_words_that_lean_one_way_mean_less_than_the_whole() -> None:
    said = "I own a rental over by the lake and the tenants left it a wreck. What could I get for it as is?"
    found = slot_types()["errand"].spot(said, context("intent"))
    assert found is not None and found.value == "seller"
