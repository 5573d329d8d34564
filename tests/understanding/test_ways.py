"""What somebody says of calls, texts and e-mail, each by itself (C01, C06)."""

from __future__ import annotations

import pytest

from agent.understanding.ways import limit, stances


@pytest.mark.parametrize(
    ("said", "calls", "texts", "mail"),
    [
        ("no calls please, e-mail me", "refused", None, "welcome"),
        ("please no phone calls, just shoot me an email", "refused", None, "welcome"),
        ("so no email? im at work all day cant take calls", None, None, "welcome"),
        ("text me tho i never pick up", None, "welcome", None),
        ("don't bother calling i wont pick up. email works", None, None, "welcome"),
        ("you can call but no texting", "welcome", "refused", None),
        ("i hate phone calls lol just text", "refused", "welcome", None),
        ("calls are no good for me, text is", "refused", None, None),
        ("stop calling me", "refused", None, None),
        ("did you get my email?", None, None, None),
        ("my email is bob@example.com", None, None, None),
        ("my phone number is 303 555 0142", None, None, None),
        ("either is fine", None, None, None),
    ],
)
def test_each_way_by_itself(said: str, calls: str | None, texts: str | None, mail: str | None) -> None:
    found = stances(said)
    assert (found.get("calls"), found.get("texts"), found.get("mail")) == (calls, texts, mail)


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ("call or text yea", "both"),
        ("yes, calls are fine", "calls_first"),
        ("sure, text me tho i never pick up", "texts_first"),
        ("just text me", "texts_only"),
        ("texts are fine, no calls", "texts_only"),
        ("no calls please, e-mail me", "mail_only"),
        ("yes", ""),
    ],
)
def test_what_was_said_of_calls_and_texts(said: str, how: str) -> None:
    assert limit(said) == how
