"""Texts as whistles: what is put into a voice is read out of it again, through mu-law and cuts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent.speech.whistle import TextList, put, read
from tests.speech.audio import RATE, mulaw, telephone

VOICE = np.frombuffer(telephone("That is right.", 1.1), "<i2")


@pytest.mark.parametrize("number", [0, 19, 20, 137, 399])
def test_a_number_is_read_from_any_part_of_it(number: int) -> None:
    heard = np.frombuffer(mulaw(put(VOICE, number, RATE).tobytes()), "<i2")
    assert read(heard, RATE) == number
    assert read(heard[: RATE * 2 // 5], RATE) == number
    assert read(heard[-RATE * 2 // 5 :], RATE) == number


def test_a_voice_alone_says_nothing() -> None:
    assert read(VOICE, RATE) is None
    assert read(np.zeros(RATE, np.int16), RATE) is None


def test_both_sides_read_one_list(tmp_path: Path) -> None:
    caller, stub = TextList(tmp_path / "texts.json"), TextList(tmp_path / "texts.json")
    assert stub.text(0) is None
    numbers = [caller.number(text) for text in ("yes", "Colorado", "yes")]
    assert numbers == [0, 1, 0] and [stub.text(n) for n in (1, 0, 2)] == ["Colorado", "yes", None]
