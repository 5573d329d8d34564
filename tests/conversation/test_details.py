"""What a lead tells beside the answers is in the record, in their words, and nothing else is (A047, A092)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation.talk import Talk, lead_of


async def summary_of(parts: Any, office: Any, *said: str) -> str:
    talk = await Talk.begin(parts, office, channel="chat")
    for words in said:
        await talk.say(words)
    await talk.conversation.close("hung up")
    lead = await lead_of(parts, office, talk.conversation.id)
    return str(lead.summary) if lead is not None else ""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            ("I'm doing a 1031 exchange, need 2 to 4 units in Denver, must identify by Dec 20",),
            ["1031 exchange", "2 to 4 units", "by Dec 20"],
        ),
        (("I want to buy in Aurora", "2 or 3 bedrooms"), ["2 or 3 bedrooms"]),
        (("I want to buy in Aurora, near the train",), ["near the train"]),
        (
            ("I want to buy in Aurora", "3 bedrooms. we're preapproved with Chase for 410"),
            ["Chase for 410", "financing preapproved"],
        ),
        (
            ("I need to sell my house at 77 Quail Street in Arvada. My brother and I own it half and half",),
            ["My brother and I own it half and half"],
        ),
        (("I want to sell my condo", "It's in probate", "77 Quail Street, Denver"), ["probate"]),
        (("I want to sell my condo", "we owe about 310 on it"), ["owe about 310"]),
        (("I want to sell and buy again", "we need 5 bedrooms for the next one"), ["need 5 bedrooms"]),
    ],
)
async def test_what_an_agent_would_write_down(
    parts: Any, office: Any, said: tuple[str, ...], kept: list[str]
) -> None:
    summary = await summary_of(parts, office, *said)
    assert all(words.lower() in summary.lower() for words in kept), summary


async def test_answers_courtesies_and_questions_are_no_notes(parts: Any, office: Any) -> None:
    talk = await Talk.begin(parts, office, channel="chat")
    for words in (
        "hi there! I'm looking to buy a house in Aurora, 3 bedrooms, under 400k please",
        "2 baths thanks",
        "no, that's fine",
        "by next summer maybe",
        "no agent yet",
        "paying cash",
        "Wednesday after 4 would be best",
    ):
        await talk.say(words)
    assert not talk.value("message"), talk.value("message")


async def test_nothing_of_a_protected_class_is_written_down(parts: Any, office: Any) -> None:
    said = ("I want to sell and buy bigger", "We have a 3rd baby coming in april so we need 5 bedrooms")
    summary = await summary_of(parts, office, *said)
    assert "5 bedrooms" in summary and "baby" not in summary


async def test_what_only_a_person_can_do_is_put_to_one(parts: Any, office: Any) -> None:
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("I want to sell my house at 77 Quail Street in Denver")
    await talk.say("in the spring. Can my brother in Fort Collins join by phone?")
    assert "agent" in talk.heard[-1] and talk.value("timeline")
    await talk.conversation.close("hung up")
    lead = await lead_of(parts, office, talk.conversation.id)
    assert lead is not None and lead.extra["questions"] == ["Can my brother in Fort Collins join by phone?"]


async def test_their_own_place_is_no_reason_to_move(parts: Any, office: Any) -> None:
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("I want to sell my condo")
    await talk.say("we each have our own place")
    assert not talk.value("motivation")


async def test_a_seller_who_buys_nothing_stays_a_seller_and_a_roof_to_come_is_not_new(
    parts: Any, office: Any
) -> None:
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("I want to sell my duplex at 14 Alder Way, Denver")
    await talk.say("it needs a new roof")
    assert "needs" in str(talk.value("condition"))
    await talk.say("not buying, moving in with my sister in Tulsa")
    assert talk.value("intent") == "seller"
