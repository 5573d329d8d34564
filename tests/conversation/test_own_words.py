"""An answer in own words holds the answer, and no word about the talk, no wish and no filler (A092)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation.test_each_word_once import BUYER, RENTER, SELLER, heard


@pytest.mark.parametrize(
    ("asked", "known", "words", "facts"),
    [
        ("lease_length", RENTER, "18 months. u never said if dogs are fine", {"lease_length": "18 months."}),
        ("lease_length", RENTER, "no cats, two years", {"lease_length": "Two years", "animals": "No cats"}),
        ("lease_length", RENTER, "huh? i'm BUYING a condo in golden", {"lease_length": None}),
        ("lease_length", RENTER, "mainly curious about the garage", {"lease_length": None}),
        ("lease_length", RENTER, "flexible", {"lease_length": "Flexible"}),
        (
            "lease_length",
            RENTER,
            "month to month if possible",
            {"lease_length": "Month to month if possible"},
        ),
        (
            "motivation",
            BUYER,
            "oh ok. so we want a 3 bed in arvada, kids need more room",
            {"motivation": "Kids need more room", "beds": 3, "areas": ["Arvada"]},
        ),
        ("motivation", BUYER, "cool. commute is killing me", {"motivation": "Commute is killing me"}),
        ("motivation", BUYER, "great we want less yard", {"motivation": "We want less yard"}),
        ("motivation", BUYER, "great schools for the kids", {"motivation": "Great schools for the kids"}),
        (
            "motivation",
            BUYER,
            "hate my landlord. is thursday free for a tour",
            {"motivation": "Hate my landlord."},
        ),
        ("motivation", BUYER, "i only want to tour the larkspur house", {"motivation": None}),
        (
            "motivation",
            BUYER,
            "hoping to be closer to my sister",
            {"motivation": "Hoping to be closer to my sister"},
        ),
        ("motivation", SELLER, "i already told u, moving to ohio", {"motivation": "Moving to ohio"}),
        ("features", BUYER, "no. i really want to look at the larkspur one", {"features": "none"}),
        ("features", BUYER, "not really. maybe a porch", {"features": "Maybe a porch"}),
        ("condition", SELLER, "nope. nothing", {"condition": "none"}),
        ("condition", SELLER, "no. needs paint though", {"condition": "Needs paint"}),
        (
            "condition",
            SELLER,
            "new windows. is spring better? not on the market",
            {"condition": "New windows.", "listed": False},
        ),
        ("animals", RENTER, "no. none", {"animals": "none"}),
        ("intent", {}, "selling my condo, it has a cracked driveway", {"condition": "A cracked driveway"}),
        ("intent", {}, "want to sell, the furnace is broken", {"condition": "The furnace is broken"}),
    ],
)
def test_only_the_answer_is_kept(asked: str, known: Any, words: str, facts: dict[str, Any]) -> None:
    found = heard(asked, words, **known)
    assert {k: found.get(k) for k in facts} == facts
