"""Words at a read-back that tell something else put nothing right; a source is exchanged (A042, A045)."""

from __future__ import annotations

import pytest

from agent.source_talk import sources_in

from .talk import Talk
from .test_precision import told, view


@pytest.mark.parametrize(
    "words",
    ["Portland", "the one in Maine", "Greg Marsh, office manager, my mother owns it", "there are 12 of us"],
)
async def test_a_firm_that_is_read_back_takes_no_other_words_for_its_name(parts, words: str) -> None:
    talk = await Talk.begin(parts)
    await talk.say("Marsh & Daughters Real Estate")
    await talk.say(words)
    assert talk.conversation.state.peek("organization_name").proposal == "Marsh & Daughters Real Estate"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Marsh and Sons Real Estate", "Marsh and Sons Real Estate"),
        ("no, Harbor Light", "Harbor Light"),
        ("it's Marsch & Daughters Real Estate", "Marsch & Daughters Real Estate"),
    ],
)
async def test_a_firm_said_again_is_the_new_one(parts, words: str, name: str) -> None:
    talk = await Talk.begin(parts)
    await talk.say("Marsh & Daughters Real Estate")
    await talk.say(words)
    assert talk.conversation.state.peek("organization_name").proposal == name


async def test_let_us_begin_is_a_yes(parts) -> None:
    talk = await Talk.begin(parts)
    await talk.say("Marsh & Daughters Real Estate")
    await talk.say("ok let's set it up")
    assert talk.value("organization_name") == "Marsh & Daughters Real Estate"


@pytest.mark.parametrize(
    ("words", "sources"),
    [
        ("no wait not zillow, realtor.com", ["website", "realtor_com"]),
        ("it's not zillow, it's homes.com", ["website", "homes_com"]),
        ("we don't use zillow", ["website"]),
        ("change zillow to homes.com", ["website", "homes_com"]),
        ("Zillow's wrong, should be Trulia", ["website", "other"]),
    ],
)
def test_one_source_in_place_of_another(words: str, sources: list[str]) -> None:
    seen = view("onboarding", "ask", ["admin_name"], "chat", lead_sources=["website", "zillow"])
    assert told(sources_in(words, seen)[0])["lead_sources"] == sources


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Does the agent have a name?", "Alex"),
        ("can we name it something else?", "Alex"),
        ("what's your name?", "Kei"),
    ],
)
async def test_names_are_told(parts, words: str, answer: str) -> None:
    """The agent's that is set up, and of whoever sets it up."""
    talk = await Talk.begin(parts)
    await talk.say(words)
    assert answer in talk.reply.text
