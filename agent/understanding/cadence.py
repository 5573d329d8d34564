"""How much follow-up is wished for, counted in e-mails: "four is too much, one is fine" (A047)."""

from __future__ import annotations

import re

from agent.understanding.base import Reading
from agent.understanding.numbers import find_numbers, fold
from policies.rules import rules

_REFUSED_BEFORE = re.compile(r"\b(?:not|instead of|rather than|than|no more than|never)\s*(?:the |all )?$")
_REFUSED_BEHIND = re.compile(
    r"(?:\s*(?:follow[- ]?ups?|e-?mails?|of them|messages?))*\s*(?:is|are|sounds?|seems?|feels?)?\s*(?:way |just |a bit )*"
    r"(?:too (?:many|much)|a lot|overkill|spam\w*)"
)
_NOT_COUNTED = re.compile(
    r"\s*-?\s*(?:days?|weeks?|hours?|minutes?|months?|st|nd|rd|th|[ap]\.?m|%|points?)\b"
)
_NONE = re.compile(
    r"\b(?:no|zero|without(?: any)?|don'?t (?:send|want)(?: any)?|never send(?: any)?|skip(?: the)?|stop(?: the)?|except(?: for)?(?: the)?)"
    r" (?:\w+ )?(?:follow[- ]?ups?|(?:e-?)?mails?)\b|\bnone\b"
)
_NO_MORE = re.compile(r"\bno more than\b")
_DAY_AFTER = re.compile(
    r"\bafter (?:a|one) day\b|\bthe (?:next|following) day\b|\ba single (?:one|(?:e-?)?mail)\b"
)
_LESS = re.compile(r"\b(?:too (?:many|much)|fewer|less|gentle|lighter|spam\w*)\b")
CHOICES = "I can send four e-mails in a week, one after a day, or none. Which would you like?"


def cadence_said(words: str) -> Reading | None:
    """The follow-up that is meant; a question with the choices where there is none of that many."""
    folded = fold(words)
    wanted, refused = _counts(folded)
    if wanted:
        return _of_count(wanted[-1])
    if _NONE.search(folded) and not _NO_MORE.search(folded):
        return _of_count(0)
    named = {c.value: c for c in rules().cadences}
    for value, choice in named.items():
        if not refused and any(
            re.search(rf"\b{re.escape(name)}\b", folded) for name in choice.also if len(name) > 4
        ):
            return Reading(value=value)
    fewer = refused or _LESS.search(folded) or _DAY_AFTER.search(folded)
    return Reading(value="gentle") if fewer else None


def _counts(folded: str) -> tuple[list[int], list[int]]:
    """(how many e-mails are wished for, how many are not)."""
    wanted: list[int] = []
    refused: list[int] = []
    for number in find_numbers(folded):
        before, behind = folded[: number.start], folded[number.end :]
        if number.ordinal or number.money or number.value > 30 or _NOT_COUNTED.match(behind):
            continue
        at_most = _NO_MORE.search(before[-14:]) is not None
        no = not at_most and (_REFUSED_BEFORE.search(before) or _REFUSED_BEHIND.match(behind))
        (refused if no else wanted).append(int(number.value))
    return wanted, refused


def _of_count(count: int) -> Reading:
    steps = rules().cadence_steps
    value = next((name for name, sent in steps.items() if len(sent) == count), None)
    return Reading(value=value) if value is not None else Reading(ask=CHOICES)
