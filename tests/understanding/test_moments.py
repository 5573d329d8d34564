"""Days, hours and houses are no sums (A042, A092)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.understanding.base import SlotContext
from agent.understanding.types import slot_types
from agent.understanding.volunteered import words_for
from flows.loader import load_all

LEAD = load_all(Path(__file__).parents[2] / "flows")["lead"]


def read(slot: str, text: str) -> Any:
    spec = LEAD.slots[slot]
    context = SlotContext(name=slot, slot=spec, now=datetime(2026, 11, 23, 16, tzinfo=UTC), channel="chat")
    reading = slot_types()[spec.type].parse(words_for(spec, text), context)
    return reading and reading.value


@pytest.mark.parametrize(
    "text",
    ["tue 1", "thurs 3", "feb 1", "jan 1st", "by march 15", "the 3rd of may", "12:30", "sat 11",
     "wed 4 or fri 2",
     "tell them 4410 s bannock", "is 400 main still there", "12 e colfax", "by 3", "around 2",
     "Denver, CO 80202", "zip code 80206"],
)  # fmt: skip
def test_a_day_an_hour_or_a_house_is_no_price_and_no_rent(text: str) -> None:
    assert read("price", text) is None and read("rent", text) is None


@pytest.mark.parametrize(
    ("text", "price"),
    [("may 500", (None, 500_000)), ("like 700-750", (700_000, 750_000)), ("up to 1.2", (None, 1_200_000)),
     ("450. feb 1", (None, 450_000)), ("3 to 400,000", (300_000, 400_000)),
     ("tuesday, but up to 480k", (None, 480_000))],
)  # fmt: skip
def test_a_sum_beside_a_day_is_one(text: str, price: tuple[int | None, int]) -> None:
    assert read("price", text) == {"min": price[0], "max": price[1]}


def test_what_is_paid_by_the_month_is_no_price_of_a_home() -> None:
    assert read("price", "1900 a month") is None and read("rent", "1900 a month") == {
        "min": None,
        "max": 1900,
    }


@pytest.mark.parametrize(
    ("text", "street"),
    [("2218 S Gaylord St, Denver, CO", "2218 S Gaylord St"), ("7340 w ohio ave lakewood co",
     "7340 W Ohio Ave"),
     ("12 N Main Street, Denver CO", "12 N Main Street"), ("221 B Baker Street, Denver, CO",
     "221B Baker Street"),
     ("5s Elm Street, Denver, CO", "5S Elm Street")],
)  # fmt: skip
def test_a_direction_is_no_letter_of_the_number(text: str, street: str) -> None:
    assert read("property_address", text)["street"] == street


def test_what_counts_something_else_is_no_answer() -> None:
    assert read("baths", "Three bedrooms.") is None and read("beds", "two baths") is None
    assert (read("beds", "three beds and two baths"), read("baths", "three beds and two baths")) == (3, 2)
