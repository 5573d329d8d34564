"""What an agent says of its office: the standard words, and what an office says it does (A045)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from policies.load import Policy, load


class Offered(Policy):
    """What is offered: what people do, and with what."""

    verbs: tuple[str, ...]
    things: tuple[str, ...]


class ByName(Offered):
    """The same, for firms with one of these words in their name."""

    words: tuple[str, ...]


class Greetings(Policy):
    """The whole file."""

    who: str
    verbs: tuple[tuple[str, ...], ...]
    things: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    by_name: tuple[ByName, ...]
    otherwise: Offered
    openers: tuple[str, ...]
    generic: tuple[str, ...]


def greetings() -> Greetings:
    """The file."""
    return load("greetings", Greetings)


def any_of(words: Sequence[str]) -> str:
    """A pattern of these words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@cache
def words_of(kind: str) -> tuple[dict[str, str], str]:
    """(each word -> the one that is spoken, a pattern of them all) of "verbs" or "things"."""
    lines = greetings().verbs if kind == "verbs" else greetings().things
    spoken = {word: line[0] for line in lines for word in line}
    pattern = any_of(list(spoken))
    if kind == "things":
        before = any_of(greetings().kinds)
        pattern = rf"(?:(?:{before})[ -])?(?:{pattern})"
    return spoken, rf"\b(?:{pattern})\b"


def said_of(text: str, kind: str) -> list[str]:
    """The verbs or things that are named in a text, as they are spoken, in their order."""
    spoken, pattern = words_of(kind)
    found = (m.group().lower() for m in re.finditer(pattern, text, re.I))
    names = [spoken[w] if w in spoken else _of_a_kind(w, spoken) for w in found]
    return list(dict.fromkeys(names))


def _of_a_kind(words: str, spoken: dict[str, str]) -> str:
    kind, _, thing = words.replace("-", " ").partition(" ")
    return f"{kind} {spoken.get(thing, thing)}"


def listed(words: Sequence[str]) -> str:
    """ "buy, sell and rent"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


LEGAL_WORD = re.compile(
    r",?\s+(?:LLC|L\.L\.C\.|LLP|PLLC|Inc|Incorporated|Corp|Corporation|Ltd|P\.?C)\b\.?", re.I
)
"""What a firm is before the law, behind its name."""


def spoken_name(firm: str) -> str:
    """A firm without its legal form: nobody says "LLC" on the phone."""
    found = LEGAL_WORD.search(firm)
    return firm[: found.start()] if found and found.end() == len(firm) else firm


def standard_greeting(brand: str, does: str = "") -> str:
    """What an agent says after the legal opening until its owner chooses other words.

    ``does``: what the office said it does, in its own words; its name says it where nothing was told.
    """
    offered = next(
        (one for one in greetings().by_name if re.search(rf"\b(?:{any_of(one.words)})\b", brand, re.I)),
        greetings().otherwise,
    )
    verbs, things = said_of(does, "verbs") or offered.verbs, said_of(does, "things") or offered.things
    return f"{spoken_name(brand)} helps {greetings().who} {listed(list(verbs))} {listed(list(things))}."


def short_forms(brand: str) -> list[str]:
    """The name, and how it is called for short: its first words, with one that tells it from others."""
    generic = set(greetings().generic)
    words = [w for w in brand.split() if w]
    begin = 1 if len(words) > 1 and words[0].lower() == "the" else 0
    firsts = (words[begin:end] for end in range(len(words), begin, -1))
    short = [
        " ".join(ws).strip(" ,") for ws in firsts if any(w.lower().strip(",.") not in generic for w in ws)
    ]
    return list(dict.fromkeys([brand, *short]))


def says_name(text: str, brand: str) -> bool:
    """Whether callers hear whose office it is: its name, or the name for short."""
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I)
        for name in short_forms(brand)
        if len(name) > 2
    )
