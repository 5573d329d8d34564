"""A word of the greeting put right leaves the rest of it as it was (A045)."""

from __future__ import annotations

import pytest

from agent.understanding.greeting_words import KEEP, greeting_wish

FIRM = "Delgado Homes Group"
CURRENT = "Delgado Homes Group, we probly can help you find home."


@pytest.mark.parametrize(
    ("said", "greeting"),
    [
        ('no, "probably" not "probly"', "Delgado Homes Group, we probably can help you find home."),
        ("lol fix probly to probably but yeah", "Delgado Homes Group, we probably can help you find home."),
        ("probly should be probably", "Delgado Homes Group, we probably can help you find home."),
        ("yeah. oh typo, find A home", "Delgado Homes Group, we probly can help you find a home."),
        ("can you say sell instead of find", "Delgado Homes Group, we probly can help you sell home."),
        ("...nah forget it, keep that one", KEEP),
        ("no, keep it", KEEP),
        ("don't keep that one", None),
        ("no, probably I'll think about it", None),
    ],
)
def test_one_word_is_put_right(said: str, greeting: str | None) -> None:
    assert greeting_wish(said, FIRM, CURRENT) == greeting
