from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.money import TYPE as MONEY
from agent.understanding.types.money_range import TYPE as RANGE
from agent.understanding.types.percent import TYPE as PERCENT
from tests.understanding.support import context

HOUSE = context("money", options={"scale": "house"}, cues=["price", "listed at"])
RENT = context("money", options={"scale": "rent"})
PLAIN = context("money", label="Price")
PRICE = context(
    "money_range",
    options={"min": 10_000},
    cues=["budget", "price", "up to", "under", "below", "between", "around", "no more than"],
)
MONTHLY = context(
    "money_range", options={"min": 100, "max": 50_000}, cues=["a month", "per month", "monthly", "budget"]
)


@pytest.mark.parametrize(
    ("said", "house", "rent"),
    [
        ("four fifty", 450_000, 450),
        ("450", 450_000, 450),
        ("$4.50", 450_000, 450),
        ("450k", 450_000, 450_000),
        ("four hundred fifty thousand", 450_000, 450_000),
        ("$450,000", 450_000, 450_000),
        ("half a million", 500_000, 500_000),
        ("1.2 million", 1_200_000, 1_200_000),
        ("one point two", 1_200_000, 1_200),
        ("twelve hundred a month", 1_200_000, 1_200),
        ("eighteen fifty", 1_850_000, 1_850),
        ("seven fifty thousand", 750_000, 750_000),
        ("around two and a half million", 2_500_000, 2_500_000),
        ("five hundred grand", 500_000, 500_000),
        ("2k", 2_000, 2_000),
        ("twenty two fifty a month", 2_250_000, 2_250),
        ("four hundred, no, four fifty", 450_000, 450),
        ("DTMF: 450000#", 450_000, 450_000),
    ],
)
def test_one_sum(said: str, house: int, rent: int) -> None:
    for ctx, value in ((HOUSE, house), (RENT, rent)):
        reading = MONEY.parse(said, ctx)
        assert reading is not None and reading.value == value


def test_a_guessed_scale_is_less_sure() -> None:
    guessed, said = MONEY.parse("two", HOUSE), MONEY.parse("two million", HOUSE)
    assert guessed and said and guessed.value == said.value == 2_000_000
    assert guessed.confidence < 0.6 < said.confidence


@pytest.mark.parametrize(
    "said", ["", "I don't know", "three bedrooms", "in 2 weeks", "the first", "1200 square feet", "yes"]
)
def test_what_is_no_money(said: str) -> None:
    assert MONEY.parse(said, HOUSE) is None and RANGE.parse(said, PRICE) is None


def test_two_sums_are_asked_and_bounds_hold() -> None:
    two = MONEY.parse("450 or 500 thousand dollars", HOUSE)
    assert two is not None and two.ask and two.value is None
    small = MONEY.parse("five dollars", context("money", options={"scale": "none", "min": 100}))
    assert small is not None and "five dollars" in small.problem
    assert MONEY.check(450_000, PLAIN) is None
    for wrong in ("450", True, None, -1, float("nan"), float("inf"), 1.234):
        assert MONEY.check(wrong, PLAIN)


K = 1000


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("between 400 and 450", 400 * K, 450 * K),
        ("between four hundred and four fifty", 400 * K, 450 * K),
        ("450 to 500", 450 * K, 500 * K),
        ("450-500k", 450 * K, 500 * K),
        ("three to four hundred thousand", 300 * K, 400 * K),
        ("from 350 to 400,000", 350 * K, 400 * K),
        ("three to four hundred", 300 * K, 400 * K),
        ("900 to 1.1 million", 900 * K, 1_100 * K),
        ("1.2 to 1.5 million", 1_200 * K, 1_500 * K),
        ("five hundred to a million", 500 * K, 1000 * K),
        ("up to 600k", None, 600 * K),
        ("under five hundred", None, 500 * K),
        ("no more than 450", None, 450 * K),
        ("I don't want to go over 500", None, 500 * K),
        ("450 max", None, 450 * K),
        ("500 or less", None, 500 * K),
        ("450 is our limit", None, 450 * K),
        ("at least 300k", 300 * K, None),
        ("300 and up", 300 * K, None),
        ("300+", 300 * K, None),
        ("nothing under 300", 300 * K, None),
        ("over a million", 1000 * K, None),
        ("at least 300 but no more than 450", 300 * K, 450 * K),
        ("around 500", None, 500 * K),
        ("my budget is 450", None, 450 * K),
        ("four fifty", None, 450 * K),
        ("exactly 450,000 dollars", 450 * K, 450 * K),
        ("in the four hundreds", 400 * K, 500 * K),
        ("in the 400s", 400 * K, 500 * K),
        ("high 300s to low 400s", 300 * K, 500 * K),
        ("500 to 400", 400 * K, 500 * K),
        ("up to half a million dollars", None, 500 * K),
    ],
)
def test_price_ranges_never_gain_a_bound(said: str, low: int | None, high: int | None) -> None:
    reading = RANGE.parse(said, PRICE)
    assert reading is not None and reading.value == {"min": low, "max": high}


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("fifteen hundred to two thousand a month", 1500, 2000),
        ("up to eighteen fifty", None, 1850),
        ("twelve to fifteen hundred", 1200, 1500),
        ("two thousand", None, 2000),
        ("around 2,500", None, 2500),
        ("between 2 and 3k", 2000, 3000),
    ],
)
def test_rent_ranges(said: str, low: int | None, high: int | None) -> None:
    reading = RANGE.parse(said, MONTHLY)
    assert reading is not None and reading.value == {"min": low, "max": high}


def test_around_becomes_a_span_only_where_the_flow_says_so() -> None:
    spanned = RANGE.parse("around 500", context("money_range", options={"min": 10_000, "around": 10}))
    assert spanned is not None and spanned.value == {"min": 450 * K, "max": 550 * K}


def test_half_a_range_is_asked_for_the_other_end() -> None:
    first = RANGE.parse("between four hundred thousand", PRICE)
    assert first is not None and first.ask.startswith("From four hundred thousand dollars")
    second = RANGE.parse("four fifty", context("money_range", options={"min": 10_000}, partial=first.partial))
    assert second is not None and second.value == {"min": 400 * K, "max": 450 * K}


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("I want three bedrooms under 450 in Oak Park.", None, 450 * K),
        ("a house in Denver between 400 and 450 thousand", 400 * K, 450 * K),
        ("our budget is $600,000 and we need two baths", None, 600 * K),
        ("something for half a million", None, 500 * K),
    ],
)
def test_price_spotted(said: str, low: int | None, high: int | None) -> None:
    reading = RANGE.spot(said, PRICE)
    assert reading is not None and reading.value == {"min": low, "max": high}


@pytest.mark.parametrize(
    "said",
    [
        "three bedrooms in Oak Park",
        "call me around 3",
        "under contract",
        "between Monday and Friday",
        "12 Main Street",
        "around 200 agents",
        "I pay 1800 dollars a month now",
        "my zip is 80205",
        "two beds up to 1200 square feet",
        "in about 3 months",
    ],
)
def test_price_not_spotted(said: str) -> None:
    assert RANGE.spot(said, PRICE) is None


def test_rent_spotted_by_the_month() -> None:
    reading = RANGE.spot("two bedrooms up to 1800 a month in Napa", MONTHLY)
    assert reading is not None and reading.value == {"min": None, "max": 1800}
    assert RANGE.spot("a house for 500 thousand", MONTHLY) is None


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("no, up to 500", None, 500 * K),
        ("not 450, 475", None, 475 * K),
        ("make the top 500", 400 * K, 500 * K),
        ("the minimum is 350", 350 * K, 450 * K),
    ],
)
def test_range_corrections(said: str, low: int | None, high: int | None) -> None:
    held = context("money_range", options={"min": 10_000}, current={"min": 400 * K, "max": 450 * K})
    reading = RANGE.repair(said, held)
    assert reading is not None and reading.value == {"min": low, "max": high}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"min": None, "max": None},
        {"min": 5, "max": 10},
        {"min": 500_000, "max": 400_000},
        {"min": "4", "max": None},
        450_000,
        None,
    ],
)
def test_range_check_refuses(value: object) -> None:
    assert RANGE.check(value, PRICE)


_BOUND = st.one_of(st.none(), st.integers(10_000, 99_999_999))


@given(st.tuples(_BOUND, _BOUND).filter(lambda p: p != (None, None)))
def test_ranges_said_and_shown_are_understood(pair: tuple[int | None, int | None]) -> None:
    low, high = sorted(pair) if None not in pair else pair  # type: ignore[type-var]
    value = {"min": low, "max": high}
    for text in (RANGE.say(value, PRICE), RANGE.show(value, PRICE)):
        reading = RANGE.parse(text, PRICE)
        assert reading is not None and reading.value == value, text


@given(st.integers(10_000, 10**10))
def test_sums_said_and_shown_are_understood(value: int) -> None:
    for ctx in (HOUSE, RENT, PLAIN):
        for text in (MONEY.say(value, ctx), MONEY.show(value, ctx)):
            reading = MONEY.parse(text, ctx)
            assert reading is not None and reading.value == value, text


@given(st.integers(1, 10_000_000))
def test_cents_are_kept(cents: int) -> None:
    value = cents // 100 if cents % 100 == 0 else cents / 100
    reading = MONEY.parse(MONEY.say(value, PLAIN), PLAIN)
    assert reading is not None and reading.value == value


_PIECES = [
    *("between", "up to", "450", "$", "k", "four", "fifty", "hundred", "thousand", "to", "and", "under", "s"),
    *("or less", "around", "1.2", "million", "a month"),
]


@given(st.one_of(st.text(max_size=150), st.lists(st.sampled_from(_PIECES), max_size=20).map(" ".join)))
def test_any_text_is_survived(text: str) -> None:
    for kind, ctx in ((MONEY, HOUSE), (MONEY, RENT), (RANGE, PRICE), (RANGE, MONTHLY), (PERCENT, PLAIN)):
        for call in (kind.parse, kind.spot, kind.repair):
            call(text, ctx)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        *[
            ("fifty percent", 50),
            ("50%", 50),
            ("half", 50),
            ("about a quarter", 25),
            ("20", 20),
            ("DTMF: 80#", 80),
        ],
        *[("twelve and a half percent", 12.5), ("all of it", 100)],
    ],
)
def test_percent(said: str, value: float) -> None:
    reading = PERCENT.parse(said, PLAIN)
    assert reading is not None and reading.value == value
    again = PERCENT.parse(PERCENT.say(value, PLAIN), PLAIN)
    assert again is not None and again.value == value


def test_percent_bounds() -> None:
    over = PERCENT.parse("one hundred and fifty percent", PLAIN)
    assert over is not None and "zero to one hundred" in over.problem
    assert PERCENT.parse("lots", PLAIN) is None
