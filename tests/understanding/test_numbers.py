from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.numbers import cut, find_numbers, to_digits
from agent.understanding.spoken import number_words, ordinal_words


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("fourteen agents", [14]),
        ("twelve hundred", [1200]),
        ("25 hundred", [2500]),
        ("one hundred and fifty", [150]),
        ("a hundred", [100]),
        ("a hundred and twenty", [120]),
        ("a thousand two hundred", [1200]),
        ("a hundred thousand", [100_000]),
        ("a dozen", [12]),
        ("half a dozen", [6]),
        ("two dozen", [24]),
        ("a couple of agents", [2]),
        ("a couple hundred thousand", [200_000]),
        ("half a million", [500_000]),
        ("a quarter million", [250_000]),
        ("three quarters of a million", [750_000]),
        ("a million and a half", [1_500_000]),
        ("two and a half million", [2_500_000]),
        ("two and a half baths", [2.5]),
        ("one point two million", [1_200_000]),
        ("one point two five million", [1_250_000]),
        ("1.2 million", [1_200_000]),
        ("1 million 200 thousand", [1_200_000]),
        ("450k", [450_000]),
        ("450 K", [450_000]),
        ("1.2m", [1_200_000]),
        ("$450,000", [450_000]),
        ("five hundred grand", [500_000]),
        ("four fifty", [4, 50]),
        ("one two three", [1, 2, 3]),
        ("nine twenty and one", [9, 20, 1]),
        ("between one hundred and two hundred", [100, 200]),
        ("between one hundred and fifty and two hundred", [150, 200]),
        ("three to four hundred thousand", [3, 400_000]),
        ("the twenty-third", [23]),
        ("3rd", [3]),
        ("nine a m", [9]),
        ("9am", [9]),
        ("two thousand twenty six", [2026]),
        ("the one on the left", [1]),
        ("no number here", []),
        ("1" * 400, []),
        ("someone", []),
        ("", []),
    ],
)
def test_numbers_in_speech(said: str, values: list[float]) -> None:
    assert [n.value for n in find_numbers(said)] == values


def test_places_ordinals_and_currency() -> None:
    text = "On the third, about $2.5 million"
    third, money = find_numbers(text)
    assert (text[third.start : third.end], third.ordinal, third.money) == ("third", True, False)
    assert (text[money.start : money.end], money.money, money.unit) == ("2.5 million", True, 1_000_000)


def test_rewriting_leaves_the_rest_alone() -> None:
    assert to_digits("Twenty five agents, a dozen on the twenty first") == "25 agents, 12 on the 21st"
    assert cut("three beds in Oakland", [(0, 10)]) == "in Oakland"


@given(st.integers(0, 10**12 - 1))
def test_spoken_whole_numbers_come_back(value: int) -> None:
    assert [n.value for n in find_numbers(number_words(value))] == [value]


@given(st.integers(1, 9_999), st.integers(1, 99))
def test_spoken_decimals_come_back(whole: int, cents: int) -> None:
    value = round(whole + cents / 100, 2)
    assert [n.value for n in find_numbers(number_words(value))] == [value]


@given(st.integers(1, 99))
def test_spoken_ordinals_come_back(value: int) -> None:
    found = find_numbers(ordinal_words(value))
    assert [(n.value, n.ordinal) for n in found] == [(value, True)]


@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    for number in find_numbers(text):
        assert 0 <= number.start < number.end <= len(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "one",
                "twenty",
                "hundred",
                "and",
                "a",
                "half",
                "million",
                "point",
                "dozen",
                "$",
                "5",
                "k",
                "third",
            ]
        ),
        max_size=40,
    )
)
def test_any_heap_of_number_words_is_survived(words: list[str]) -> None:
    to_digits(" ".join(words))
