"""What people who look for a home say around their answers: read as it is meant, nothing made of the rest
(A047, A092)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation.test_fragments import heard

BUYER: dict[str, Any] = {"intent": "buyer"}
RENTER: dict[str, Any] = {"intent": "renter"}


@pytest.mark.parametrize(
    ("asked", "known", "words", "facts"),
    [
        ("intent", {}, "buying. superior or golden, 3 bed", {"areas": ["Superior", "Golden"], "beds": 3}),
        ("areas", BUYER, "broomfield or denver", {"areas": ["Broomfield", "Denver"]}),
        ("areas", BUYER, "im in ohio, so somewhere near aurora", {"areas": ["Aurora"]}),
        ("intent", {}, "we want to buy, 3+ beds, 2 baths", {"beds": 3, "baths": 2}),
    ],
)
def test_what_they_seek_is_taken(
    asked: str, known: dict[str, Any], words: str, facts: dict[str, Any]
) -> None:
    found = heard(asked, words, **known)
    assert {k: found.get(k) for k in facts} == facts


@pytest.mark.parametrize(
    ("asked", "known", "words", "slot"),
    [
        ("baths", BUYER, "1.5", "price"),
        ("areas", BUYER, "80202", "price"),
        ("areas", RENTER, "and utilities", "areas"),
        ("areas", RENTER, "and the deposit", "areas"),
        ("areas", BUYER, "im in ohio can you do it over video", "areas"),
        ("areas", BUYER, "is there a pool", "areas"),
    ],
)
def test_what_is_none_is_not_made_one(asked: str, known: dict[str, Any], words: str, slot: str) -> None:
    assert slot not in heard(asked, words, **known)
