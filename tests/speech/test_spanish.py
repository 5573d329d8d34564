"""Numbers in Spanish, its sounds, and Kokoro's pieces."""

from __future__ import annotations

import pytest

from agent.speech.kokoro import _pieces, spanish_sounds
from agent.speech.spanish_numbers import number_words, spelled_out


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("303 555 0177", "tres cero tres, cinco cinco cinco, cero uno siete siete"),
        ("+1 303-555-0177", "tres cero tres, cinco cinco cinco, cero uno siete siete"),
        ("3035550177", "tres cero tres, cinco cinco cinco, cero uno siete siete"),
        ("hasta 450,000", "hasta cuatrocientos cincuenta mil"),
        ("$1.800 al mes", "mil ochocientos dólares al mes"),
        ("12 Cherry Lane", "doce Cherry Lane"),
        ("1.5 baños", "uno punto cinco baños"),
    ],
)
def test_numbers_are_said(written: str, said: str) -> None:
    assert spelled_out(written) == said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "cero"), (16, "dieciséis"), (31, "treinta y uno"), (100, "cien"), (101, "ciento uno"),
        (555, "quinientos cincuenta y cinco"), (1000, "mil"), (21_000, "veintiún mil"),
        (31_001, "treinta y un mil uno"), (1_000_000, "un millón"),
        (2_500_000, "dos millones quinientos mil"),
    ],
)  # fmt: skip
def test_words_of_a_number(number: int, words: str) -> None:
    assert number_words(number) == words


def test_the_sounds_are_in_the_model_s_alphabet() -> None:
    sounds = spanish_sounds("¿Habla español? Mil ochocientos, y un perro.")
    assert len(sounds) == 2 and "ʧ" in sounds[1] and "rr" not in sounds[1] and "ɲ" in sounds[0]


def test_long_sentences_are_cut_at_a_pause() -> None:
    pieces = _pieces("ab cd, " * 60)
    assert all(len(piece) <= 200 for piece in pieces) and len(pieces) >= 3
    assert "".join(pieces).replace(" ", "") == ("ab cd, " * 60).replace(" ", "")
