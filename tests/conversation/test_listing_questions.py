"""What is asked of a home that is named or was just spoken of: answered from its listing, else left to an
agent, and never taken for the answer to what was asked of the caller (A047)."""

from __future__ import annotations

from typing import Any

import pytest

from stores import leads, listing_imports
from tests.conversation.test_strangers import chat

RIVER: dict[str, Any] = {
    "mls_id": "R5", "address": "5 River Road", "city": "Denver", "price": 610000, "beds": 4, "baths": 2.5,
    "size": 2400, "type": "house", "features": ["two car garage"],
    "details": {
        "hoa_fee": 250, "hoa_period": "a month", "tax_annual": 3100, "year_built": 1987, "pets": ["dogs ok"],
    },
}  # fmt: skip


@pytest.fixture
async def river(parts, homes):
    """One more home, with facts of its own."""
    async with parts.db.tenant(homes) as session:
        await listing_imports.import_listings(session, [RIVER], source="more", actor="test", complete=False)
    return homes


async def _tasks(parts: Any, tenant: Any) -> list[str]:
    async with parts.db.tenant(tenant) as session:
        return [t.title for t in await leads.open_tasks(session) if t.kind == "question"]


async def test_the_home_is_named_and_then_it_is_it(parts, river) -> None:
    talk = await chat(parts, river, "is 5 River Road still on the market? any HOA?")
    assert "is for sale at $610,000" in talk.reply.text and "$250 a month" in talk.reply.text
    await talk.say("does it allow pets")
    assert "the listing says: dogs ok" in talk.reply.text and "on the market" not in talk.reply.text
    await talk.say("what are the taxes there")
    assert "$3,100 a year" in talk.reply.text
    await talk.say("and when was it built?")
    assert "built in 1987" in talk.reply.text
    assert await _tasks(parts, river) == []


async def test_what_the_listing_does_not_say_is_looked_up_by_an_agent(parts, river) -> None:
    talk = await chat(parts, river, "tell me about 5 River Road", "when is the open house?")
    assert "agent" in talk.reply.text and "open house is" not in talk.reply.text
    assert any("open house" in title for title in await _tasks(parts, river))


async def test_one_answer_is_given_and_the_other_noted(parts, river) -> None:
    talk = await chat(parts, river, "is there parking at 5 River Road, and how old is the roof?")
    assert "two car garage" in talk.reply.text and "agent" in talk.reply.text
    assert any("roof" in title for title in await _tasks(parts, river))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("any hoa", "$250 a month"),
        ("pets allowed", "dogs ok"),
        ("how many square feet is it", "2,400 square feet"),
        ("is it still available", "is for sale"),
        ("how much is it", "$610,000"),
    ],
)
async def test_a_question_is_no_answer_to_what_was_asked(parts, river, words: str, said: str) -> None:
    talk = await chat(parts, river, "I want to buy a house, is 5 River Road still on the market?")
    asked = talk.waits_for
    before = dict(talk.conversation.state.confirmed())
    await talk.say(words)
    assert said in talk.reply.text
    assert talk.waits_for == asked and talk.conversation.state.confirmed() == before


async def test_the_office_is_not_the_home(parts, river) -> None:
    talk = await chat(parts, river, "tell me about 5 River Road", "where can I park at your office?")
    assert "garage" not in talk.reply.text
