"""Names and their spelling as a recogniser writes them down that knows no letters."""

from __future__ import annotations

import pytest

from agent.understanding.code_words import letters_put_right
from agent.understanding.types.person_name import TYPE
from tests.understanding.support import context

NAME = context("person_name", options={"parts": "any", "last": "And your last name?"})


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Donna Brooks, Brooks B-R-O-O-K-S.", "Donna Brooks"),
        ("Lee Lee, L-E-E", "Lee Lee"),
        ("Norifin, synesus-f-i-n-n.", "Norifin Finn"),
        ("Anna Smith-Jones", "Anna Smith-Jones"),
        ("Nora, Phinazephi-N-N", "Nora Phinazephi"),
        ("Min Ng, N-G", "Min Ng"),
        ("Lee, L and Lima, he is an Edward, he is an Edward", "Lee"),
        (
            "First name Anne, I was in Apple, and as in Nancy, and as in Nancy, last name Lee, Alas and Lima,"
            " he is an Edward, he is an Edward.",
            "Ann Lee",
        ),
        (
            "No, first name Nora, N as in Nancy, oh, as in Oscar, R as in Robert, I as in Apple,"
            " last name Fin, F as in Frank, I as in India, N as in Nancy, N as in Nancy.",
            "Nora Finn",
        ),
        (
            "No, first named Donna, D as in David, O as in Apple, N as in Nancy, O as in Apple."
            " Last name Brooks",
            "Dana Brooks",
        ),
    ],
)
def test_what_was_spelled_is_the_name(said: str, name: str) -> None:
    reading = TYPE.parse(said, NAME)
    assert reading is not None and reading.value is not None
    assert reading.value["display"] == name


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("he is an Edward, B as in boy", "E as in Edward, B as in boy"),
        ("No, it's Lee, Alas and Lima, he's an Edward.", "No, it's Lee, L as in Lima, E as in Edward."),
        (
            "No, first name N, I was in Apple, N as in Nancy, N as in Nancy.",
            "No, first name A as in Apple, N as in Nancy, N as in Nancy.",
        ),
        ("B as in boy, O as in Oscar, B as in boy", "B as in boy, O as in Oscar, B as in boy"),
        ("Jack and Henry", "Jack and Henry"),
        ("I live in Boulder, and work for Victor", "I live in Boulder, and work for Victor"),
        ("Mary, Nancy", "Mary, Nancy"),
    ],
)
def test_a_code_word_tells_the_letter(heard: str, meant: str) -> None:
    assert letters_put_right(heard) == meant
