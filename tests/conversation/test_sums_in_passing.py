"""Sums told in passing: a budget, a rent, an approval, and what is none (A047, A092)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation.test_each_word_once import BUYER, RENTER, SELLER, heard

UNSIGNED = BUYER | {"represented": "no"}


def top(dollars: int) -> dict[str, int | None]:
    return {"min": None, "max": dollars}


@pytest.mark.parametrize(
    ("asked", "known", "words", "facts"),
    [
        (
            "timeline",
            BUYER,
            "by summer. we're pre approved for 610",
            {"price": top(610_000), "financing": "preapproved"},
        ),
        (
            "financing",
            UNSIGNED,
            "prequalified up to 385k",
            {"price": top(385_000), "financing": "preapproved"},
        ),
        ("beds", BUYER, "3. budget is like 470 tops", {"beds": 3, "price": top(470_000)}),
        ("areas", BUYER, "we've got 750k to spend, 20% down", {"price": top(750_000), "areas": None}),
        (
            "intent",
            {},
            "need a 2 bed in arvada asap max 2100",
            {"intent": "renter", "rent": top(2100), "beds": 2, "areas": ["Arvada"], "timeline": "asap"},
        ),
        ("intent", {}, "want a 4 bed in boulder under 900", {"price": top(900_000), "rent": None}),
        ("beds", RENTER, "1 bed, no more than 1450", {"beds": 1, "rent": top(1450)}),
        (
            "price_idea",
            SELLER,
            "around 365? not sure tbh. could an agent come see it",
            {"price_idea": top(365_000)},
        ),
        ("baths", BUYER, "2 or 3", {"baths": 2, "price": None}),
        ("features", BUYER, "a garage, hoa under 250", {"price": None}),
        ("areas", BUYER, "golden but i'm not preapproved yet", {"areas": ["Golden"]}),
    ],
)
def test_a_sum_in_passing_is_kept(asked: str, known: Any, words: str, facts: dict[str, Any]) -> None:
    found = heard(asked, words, **known)
    assert {k: found.get(k) for k in facts} == facts
    assert "not preapproved" not in words or found.get("financing") != "preapproved"


@pytest.mark.parametrize(
    ("asked", "words"),
    [("financing", "nos aprobaron 420 mil"), ("areas", "en Aurora, me preaprobaron hasta 420 mil")],
)
def test_in_spanish_too(asked: str, words: str) -> None:
    found = heard(asked, words, language="es", **UNSIGNED)
    assert (found.get("financing"), found.get("price")) == ("preapproved", top(420_000))


def test_what_an_investor_has_is_not_what_they_are_after() -> None:
    assert "units" not in heard("intent", "investor here, i own 2 triplexes and want more in denver")
    assert heard("intent", "i invest, looking for a fourplex in denver")["units"] == 4
