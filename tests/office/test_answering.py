"""Machines and screening telephones on calls we place: approved words or nothing (C07, C14)."""

from __future__ import annotations

import pytest

from policies import answering, dialing

US = {"brand": "Acme", "persona": "Kei", "callback": "+18005550100"}


@pytest.mark.parametrize("word", ["machine_end_beep", "machine_end_silence", "machine_end_other"])
def test_a_machine_gets_the_approved_text_or_nothing(word: str) -> None:
    step = answering.on_answer(word, **US)
    assert (step.action, step.words) == ("leave", dialing.voicemail("Acme", "Kei", "+18005550100"))
    assert "stop calling" in step.words and "+18005550100" in step.words
    silent = answering.on_answer(word, brand="Acme", persona="Kei", callback=None)
    assert (silent.action, silent.words) == ("hang_up", "")


def test_while_a_machine_talks_nothing_is_said_and_a_person_is_talked_to() -> None:
    assert answering.on_answer("machine_start", **US) == answering.Step("wait")
    assert answering.on_answer("fax", **US) == answering.Step("hang_up")
    for word in ("human", "unknown", "something_new"):
        assert answering.on_answer(word, **US) == answering.Step("talk")


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Hi, this is Bob, leave a message after the beep.", "voicemail"),
        ("The person you are calling is not available. At the tone, record your message.", "voicemail"),
        ("Your call has been forwarded to an automated voice mail system.", "voicemail"),
        ("I can't come to the phone right now", "voicemail"),
        (
            "Hi, if you record your name and reason for calling, I'll see if this person is available.",
            "screening",
        ),
        ("The person you're calling is using a screening service. Go ahead and say your name.", "screening"),
        ("Hi, who's calling and why?", "screening"),
        ("Hello?", "person"),
        ("Yeah, this is Ann speaking.", "person"),
        ("Sorry, I'm not available tomorrow, who is this?", "person"),
        ("", "person"),
    ],
)
def test_who_speaks(text: str, voice: str) -> None:
    assert answering.who_speaks(text) == voice


def test_a_screening_telephone_hears_who_calls_and_why() -> None:
    step = answering.on_words("State your name and reason for calling", purpose="your showing", **US)
    assert (
        step.action == "talk" and "Acme" in step.words and "AI" in step.words and "your showing" in step.words
    )
    assert answering.on_words("Hello?", purpose="x", **US) == answering.Step("talk")
    assert answering.on_words("leave a message", purpose="x", **US).action == "leave"
    nothing = {"brand": "Acme", "persona": "Kei", "callback": None}
    for words in ("leave a message", "state your name"):
        assert answering.on_words(words, purpose="x", **nothing) == answering.Step("hang_up")


def test_nothing_is_placed_by_default() -> None:
    from datetime import UTC, datetime

    standing = dialing.Standing(settings={})
    now = datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert dialing.may_dial(dialing.Target("+13035550142"), standing, now) == "outbound_off"
