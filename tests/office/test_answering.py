"""Who is heard to answer a call we placed: a person, a machine, a telephone that screens calls (C07, C14)."""

from __future__ import annotations

import pytest

from policies import dialing


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("Hi, this is Bob, leave a message after the beep.", "machine"),
        ("The person you are calling is not available. At the tone, record your message.", "machine"),
        ("Your call has been forwarded to an automated voice mail system.", "machine"),
        ("I can't come to the phone right now", "machine"),
        (
            "Hi, if you record your name and reason for calling, I'll see if this person is available.",
            "screening",
        ),
        ("The person you're calling is using a screening service. Go ahead and say your name.", "screening"),
        ("Hello?", ""),
        ("Yeah, this is Ann speaking.", ""),
        ("Sorry, I'm not available tomorrow, who is this?", ""),
        ("", ""),
    ],
)
def test_who_is_heard_to_answer(text: str, like: str) -> None:
    assert dialing.answers_like(text) == like
