"""A home of ours by a short name, questions about it, and what there is: answered (A047, C28)."""

from __future__ import annotations

from typing import Any

import pytest

from stores import knowledge
from tests.conversation.test_strangers import chat

MORE: list[dict[str, Any]] = [
    {"mls_id": "S1", "address": "77 Juniper Court", "city": "Aurora", "price": 675000, "beds": 4, "baths": 3.0,
     "type": "house", "features": ["pool", "garage"], "details": {"hoa_fee": 85, "hoa_period": "a month"}},
    {"mls_id": "S2", "address": "31 Willow Street", "city": "Denver", "price": 1950, "beds": 2, "baths": 1.0,
     "type": "condo", "features": [], "details": {"pets": ["dogs allowed"]}},
    {"mls_id": "S3", "address": "640 Poplar Street", "city": "Lakewood", "price": 1600, "beds": 1, "baths": 1.0,
     "type": "condo", "features": [], "details": {"pets": ["no pets"], "parking_spaces": 1}},
    {"mls_id": "S4", "address": "2100 W Federal Boulevard", "city": "Denver", "price": 890000, "beds": 6,
     "baths": 3.0, "type": "multi_family", "features": ["triplex"]},
    {"mls_id": "S5", "address": "5 Aspen Way", "city": "Denver", "price": 480000, "beds": 3, "type": "house",
     "details": {"hoa_fee": 0}},
    {"mls_id": "S6", "address": "9 Aspen Way", "city": "Denver", "price": 520000, "beds": 3, "type": "house"},
]  # fmt: skip


@pytest.fixture
async def street(parts, homes):
    """Homes of several kinds, two of them in one street."""
    async with parts.db.tenant(homes) as session:
        await knowledge.import_listings(session, MORE, source="more", actor="test", complete=False)
    return homes


def home(talk: Any) -> str:
    return str(talk.value("property_address") or talk.conversation.state.peek("property_address").value or "")


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("could I see juniper court on thursday afternoon", "77 Juniper"),
        ("i'd love to tour the willow st apartment wednesday at 2", "31 Willow"),
        ("can we view the house with the pool friday", "77 Juniper"),
        ("is the poplar street one still available", "640 Poplar"),
        ("what's the rent roll on federal", "2100"),
        ("hows the cap rate on the federal triplex", "2100"),
    ],
)
async def test_one_home_is_meant(parts, street, words: str, where: str) -> None:
    talk = await chat(parts, street, words, caller="+13035550177")
    assert where in home(talk), (talk.heard, talk.conversation.state.confirmed())


@pytest.mark.parametrize(
    "words",
    [
        "I want to sell my house on Willow Street",
        "I live on Juniper Court",
        "looking for a home near Poplar Street",
        "i want to sell 44 Juniper Court",
    ],
)
async def test_a_home_of_their_own_is_not_ours(parts, street, words: str) -> None:
    talk = await chat(parts, street, words)
    assert not any(n in home(talk) + talk.reply.text for n in ("77 ", "31 ", "640 "))
