"""Numbers count what stands beside them, and two names are a person, whatever was asked (A047, A092)."""

from __future__ import annotations

from typing import Any

import pytest

from agent.understanding.types.errand import business_in
from tests.conversation.test_each_word_once import BUYER, SELLER, heard
from tests.conversation.test_strangers import chat


@pytest.mark.parametrize(
    "words",
    [
        "we're a family of 5 moving from Ohio",
        "there's four of us",
        "it's 2 adults and 1 child",
        "two grown kids at home",
        "6 months tops",
        "room for three cars",
    ],
)
@pytest.mark.parametrize("slot", ["beds", "baths"])
def test_people_and_things_are_no_rooms(slot: str, words: str) -> None:
    assert slot not in heard(slot, words, **BUYER)


@pytest.mark.parametrize("words", ["no realtor no", "no realtor", "just us", "I do not have a realtor"])
def test_no_agent_in_any_words_is_no_agent(words: str) -> None:
    """C29."""
    assert heard("represented", words, **BUYER)["represented"] == "no"


@pytest.mark.parametrize(
    ("slot", "known", "words", "name"),
    [
        ("condition", SELLER, "Bill Novak", "Bill Novak"),
        ("condition", SELLER, "Teresa and Bill Novak", "Teresa Novak"),
        ("motivation", SELLER, "Tom & Ann Reed", "Tom Reed"),
        ("property_address", {"intent": "message"}, "unit 3B, Marcus Webb", "Marcus Webb"),
        ("property_address", {"intent": "agent"}, "Jan Kowalski with Keller", "Jan Kowalski"),
        ("phone", {"intent": "vendor"}, "Heather Cole", "Heather Cole"),
    ],
)
def test_a_person_is_no_other_answer(slot: str, known: dict[str, Any], words: str, name: str) -> None:
    found = heard(slot, words, **known)
    assert found["name"] == name and slot not in found


def test_a_firm_before_a_first_name_is_no_name() -> None:
    assert heard("name", "Skyline Drone, Jonas", intent="vendor")["name"] == "Jonas"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("I've got a rental question", ""),
        ("you manage my apartment and the toilet is overflowing", "business"),
        ("we rent on Pearl from you and there's no hot water", "business"),
        ("I have a rental", "landlord"),
    ],
)
def test_who_rents_from_us_owns_nothing(words: str, kind: str) -> None:
    assert business_in(words) == kind


async def test_no_machines_in_the_middle_of_something_else_ends_nothing(parts, homes) -> None:
    """C01, C06: a wish about who calls is no opt-out."""
    talk = await chat(parts, homes, "I want to buy a house in Denver", "three bedrooms but no robocalls")
    assert not talk.reply.ended and talk.value("ai_voice") == "refused" and talk.value("beds") == 3
