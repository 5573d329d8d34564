"""Who answers a call that we placed, and the only words there are for each (C07, C14).

On a machine: the approved text with a call-back number, or nothing. To a telephone that screens calls: the
fixed opening, which says business, AI and purpose. To a person: the conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from policies import dialing
from policies.load import Policy, load

Action = Literal["talk", "wait", "leave", "hang_up"]
Voice = Literal["person", "screening", "voicemail"]


class Answering(Policy):
    """The whole file."""

    answered_by: dict[str, Action]
    screening: tuple[str, ...]
    voicemail: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """What to do, and the words for it ("" where there are none, or where the conversation has its own)."""

    action: Action
    words: str = ""


def answering() -> Answering:
    """The policy as data."""
    return load("answering", Answering)


def on_answer(answered_by: str, *, brand: str, persona: str, callback: str | None) -> Step:
    """What to do by the carrier's word. One that nobody knows counts as a person, who hears the opening."""
    action = answering().answered_by.get(answered_by, "talk")
    if action != "leave":
        return Step(action)
    words = dialing.voicemail(brand, persona, callback)
    return Step("leave", words) if words else Step("hang_up")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    policy = answering()
    return (
        re.compile("|".join(policy.screening), re.IGNORECASE),
        re.compile("|".join(policy.voicemail), re.IGNORECASE),
    )


def who_speaks(text: str) -> Voice:
    """Whether the first words are a person's, a screening telephone's or a machine's."""
    screening, voicemail = _patterns()
    if screening.search(text):
        return "screening"
    return "voicemail" if voicemail.search(text) else "person"


def on_words(text: str, *, brand: str, persona: str, callback: str | None, purpose: str) -> Step:
    """What to do once the first words were heard."""
    voice = who_speaks(text)
    if voice == "person":
        return Step("talk")
    if voice == "screening" and callback:
        return Step("talk", dialing.outbound_opening(brand, persona, callback, purpose))
    words = dialing.voicemail(brand, persona, callback)
    return Step("leave", words) if voice == "voicemail" and words else Step("hang_up")
