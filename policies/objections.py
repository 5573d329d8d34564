"""What callers put in the way: acknowledge it, one question or offer, accept a no (A092)."""

from __future__ import annotations

from policies.load import Policy, load
from policies.phrases import Phrase, find, plainly


class Objection(Policy):
    """One kind of objection.

    ``say``: a phrase by key. ``ask``: slots of which the first open one is asked next. ``outcome``: a
    disposition ("" for none). ``not_while``: slots for whose question the same words are the answer.
    ``not_of``: intents to which the words say nothing of the kind (a seller may have bought elsewhere).
    ``ends``: nothing more is asked. ``brief``: only what is needed to call back is asked. ``skips``: the
    standing question is let go. ``person``: a person is wanted. ``again``: may be raised any number of times.
    ``about``: a topic of a lead's clause that is this objection, whatever the words.
    """

    heard: tuple[Phrase, ...]
    about: str = ""
    say: str
    ask: tuple[str, ...] = ()
    outcome: str
    not_while: tuple[str, ...] = ()
    not_of: tuple[str, ...] = ()
    ends: bool = False
    brief: bool = False
    skips: bool = False
    person: bool = False
    again: bool = False


class Objections(Policy):
    """The whole file."""

    objections: dict[str, Objection]


def objections() -> dict[str, Objection]:
    """Every objection by name, in the order they are looked for."""
    return load("objections", Objections).objections


def find_objection(text: str, *, asked: str = "", intent: str = "") -> tuple[str, Objection, float] | None:
    """The objection in an utterance: its name, itself, and the share of the words (0..1) that are it.

    ``asked``: the slot the caller was asked for; what answers that is no objection. ``intent``: what they
    want, where it is known.
    """
    plain = plainly(text)
    for name, one in objections().items():
        found = find(one.heard, plain)
        if found is not None and asked not in one.not_while and intent not in one.not_of:
            return name, one, len(found.group()) / max(1, len(plain.strip(" .!?")))
    return None
