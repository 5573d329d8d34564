"""What can be said anywhere: help, repeat, go back, a person, stop recording, goodbye ...

The patterns are data (``data/commands.yaml``).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from agent.acts import Command, CommandName
from agent.understanding.digits import digits_of

_SETUP = re.compile(
    r"\b(resume|continue|pick (it )?up|finish)\b.{0,30}"
    r"\b(set ?-?up|onboarding|where (i|we) (left|stopped))"
    r"|^\W*(yes,? |please )?resume( it| that)?( please)?\W*$"
    r"|\b(got|was|were) (cut off|disconnected)\b|\bresume code\b|\b(my|the) code is\b"
    r"|\bcode (to|for) (continue|continuing|resume|resuming|go(ing)? on|carry on)\b|\bi have (a|my|the) code\b|\bthat'?s my code\b"
)

ALWAYS = frozenset({"dont_record", "opt_out"})
"""What the law lets a caller say at any moment, inside any answer (C06, C12)."""

Patterns = tuple[tuple[CommandName, re.Pattern[str]], ...]


@cache
def _patterns() -> tuple[Patterns, Patterns, re.Pattern[str], re.Pattern[str]]:
    data = yaml.safe_load(files("agent.understanding").joinpath("data/commands.yaml").read_text())
    loose = tuple((name, re.compile("|".join(alts))) for name, alts in data["loose"].items())
    whole = tuple((name, re.compile(f"(?:{'|'.join(alts)})[ .!?,]*")) for name, alts in data["whole"].items())
    greeting = re.compile(f"(?:{'|'.join(data['greeting'])})[ .!?,]*")
    return loose, whole, re.compile(rf"\b({'|'.join(data['polite'])})\b"), greeting


def find_command(text: str, *, strict: bool = False) -> Command | None:
    """The command in an utterance, if it is one.

    ``strict`` (a free-text answer is expected): only utterances that are nothing but a command.
    """
    loose, whole, polite, greeting = _patterns()
    plain = text.lower().replace("’", "'").strip()
    if not strict and greeting.fullmatch(plain):
        return Command("repeat")
    bare = re.sub(r"\s+", " ", polite.sub(" ", plain)).strip(" ,.!?")
    for candidate in (plain.strip(" ,.!?"), bare):
        for name, pattern in whole:
            if candidate and pattern.fullmatch(candidate):
                return Command(name)
    pieces = [p for p in (polite.sub(" ", part).strip() for part in re.split(r"[.!?,;]+", plain)) if p]
    if len(pieces) > 1:
        each = [next((n for n, pattern in whole if pattern.fullmatch(p)), None) for p in pieces]
        if all(each) and each[-1] is not None:
            return Command(each[-1])
    for name, pattern in loose:
        found = pattern.search(plain)
        if found and (name in ALWAYS or not (strict and len(found.group()) < 0.6 * len(plain))):
            return Command(name)
    return None


NO_CODE = re.compile(
    r"\b(lost|forgot|forgotten|don'?t (have|know|remember)|no code|not sure|start (fresh|over|again|new))\b"
)
"""What somebody says who was asked for a code and has none."""


def has_digits(text: str) -> bool:
    """Whether any digits were said, typed or keyed."""
    return any(c.isdigit() for c in text) or bool(digits_of(text))


def resume_code(text: str) -> str | None:
    """The six digits in an utterance, spoken, typed or keyed; None unless there are exactly six."""
    written = re.sub(r"\D", "", text)
    found = written if len(written) == 6 else digits_of(text)
    return found if len(found) == 6 else None


def wants_to_resume(text: str) -> bool:
    """Whether the caller says there is a set-up to go on with."""
    return _SETUP.search(text.lower()) is not None
