"""Loops are told from people who repeat themselves."""

from __future__ import annotations

import pytest

from agent.speech.loops import ends_like, repeats, unlooped


@pytest.mark.parametrize(
    "text",
    [
        "Beep " * 8,
        "I'm going to go to the ground, and " * 4,
        "It's a big big big big big big big big big big",
        "T-T-T-T-T-T-T-T-T-T-T-T",
        "thank you. thank you. thank you. thank you. thank you.",
        "ab" * 200,
    ],
)
def test_loops(text):
    assert repeats(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No no no no.",
        "5 5 5 5 5 5 5",
        "3 0 3, 5 5 5, 0 1 4 2",
        "Double o, double o, seven.",
        "Very very good, very very good, very good.",
        "P as in Papa, R as in Romeo, I as in India, Y as in Yankee, A as in Alpha, N as in November, "
        "G as in Golf, U as in Uniform, Y as in Yankee, E as in Echo, N as in November at gmail dot com",
    ],
)
def test_people(text):
    assert not repeats(text)


def test_unlooped_keeps_the_phrase_once():
    assert unlooped("call me call me call me tomorrow") == "call me tomorrow"
    assert unlooped("Beep beep beep beep") == "Beep"


def test_a_tail_is_found_however_it_is_written():
    assert ends_like("at example.com, 303-555.", "5 5 5.")
    assert ends_like("My name is Priya Nguyen", "Priya Nguyen.")
    assert not ends_like("Create at example.com.", "303")
