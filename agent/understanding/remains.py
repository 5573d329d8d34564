"""What is left of an answer when every word that has a more telling reading is taken out of it.

Each word belongs to its most telling reading: an address of the net, a telephone number, a question, a wish, a name,
a sum or a day before words of one's own. A reason, a condition or a list of places takes what is left, and a
question is never one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agent.understanding.clauses import Clause, clauses, without_contacts
from agent.understanding.commands import find_command
from agent.understanding.lead_topics import about_something_else
from agent.understanding.no_answer import answering
from agent.understanding.passing import Named, first_names, name_in
from agent.understanding.place_names import area_words
from agent.understanding.polarity import polarity
from agent.understanding.sentences import farewell
from policies.listing_facts import asked_about

if TYPE_CHECKING:
    from agent.understanding.view import View

TIMED = frozenset({"appointment", "visit", "showing_time"})
"""Answers in words of their own that have to hold a time."""
_ANY_WORDS = frozenset({"special_request", "agent_named", "firm"})
"""Answers that may be anything at all, or have readings of their own."""
_NO_FACTS = frozenset({"motivation", "condition"})
"""Answers that a sum or a date alone is none of."""
ABOUT_CONTACT = frozenset({"person_name", "email", "phone"})
_LED = re.compile(r"\b(?:in|near|around|about|to|of)\s+(?:the )?[A-Z]")
"""A place that is led to, whatever else the clause speaks of."""
_SPELLING = re.compile(r"\b(?:as in|spelled|double)\b|\b[A-Za-z][ -][A-Za-z][ -][A-Za-z]\b")
_A_TIME = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?\b|\b(?:today|tonight|tomorrow|tmrw|mornings?|afternoons?|evenings?|noon|weekends?"
    r"|weekdays?|any ?time|whenever|next|this week|o'clock|hour|asap|now|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|ma[nñ]ana"
    r"|tarde|hoy|\d{1,2}(?::\d\d)? ?[ap]\.?m|at \d{1,2}|\d{1,2}:\d\d|(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.? \d{1,2})\b",
    re.IGNORECASE,
)
_ADDRESS_OF = re.compile(
    r"^\W*(?:and |y )?(?:my|mi|the) (?:e-?mail|phone|cell|number|mobile|tel[eé]fono|celular|n[uú]mero|correo)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:(?:omg|lol|ugh|um+|uh+|oh|well|so|ok(?:ay)?|like i said|as i said|i (?:already |just )?(?:said|told (?:you|u))(?: already)?|again|and|hi|hello|hey|dear|honey|(?:great|cool|perfect|awesome|good|nice|thanks|alright)(?=\W*[,.!]|\W+(?:we|i|i'm|we're|it|my|our|the|no|nope|yes|and|so)\b))\b[\s,.!:;-]*)+(?=\w)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:[\s,;]+(?:actually|sorry|btw|by the way|lol|ugh|omg|i (?:think|guess)|though|like i said|i (?:already )?said|i told you|please|thanks"
    r"|thank you|thx|gracias|por favor))+\W*$",
    re.IGNORECASE,
)
_FROM_WHERE = re.compile(r"\s*(?:from|with|at|of|over at)\b", re.IGNORECASE)
"""More of who was just named ("this is Kevin from upstairs")."""
_COURTESY = re.compile(
    r"\W*(?:(?:thanks?|thank you|thx|please|ok(?:ay)?|sure|gracias|por favor|here|speaking|ugh|lol|omg|btw|by the way|and|again|hello|hi|hey"
    r"|i (?:already |just )?(?:told (?:you|u)(?: already)?|said(?: that| so)?|gave (?:it|you|u)(?: (?:to you|it|that))?)|like i said|ya (?:le|se lo) dije)[\s,.!]*)*\W*",
    re.I,
)


def answer_only(
    text: str, view: View, name: str, other_fact: Callable[[str], bool], no_place: Callable[[str], bool]
) -> str:
    """The part of an answer to ``name`` that is one; "" where nothing of it is.

    ``other_fact``: whether a clause is nothing but a value of another kind (a sum, a date); ``no_place``: the same
    for an answer about places. A message is left as it is.
    """
    spec = view.flow.slots[name]
    if view.flow.on_end is None or name in ("message", "intent") or spec.type in ("email", "phone"):
        return text
    parts = clauses(text, first_names())
    named = name_in(parts, view, name)
    if spec.type == "person_name":
        found = named.reading.value if named is not None and not _SPELLING.search(text) else None
        return str(found["display"]) if isinstance(found, dict) else text
    if spec.type == "areas":
        kept = [
            c
            for c in parts
            if (_LED.search(c.text) or (not c.asks and not c.wish and not no_place(c.text)))
            and not _is_name(c, named)
        ]
        kept = [c for c in kept if not about_something_else(c.text, name)] or kept
        alone = len(parts) == 1 and parts[0].told and not of_no_place(parts[0].text)
        return _joined(text, parts, kept, named) or (text if alone else "")
    if spec.type != "text":
        return without_person(text, view)
    kept = [
        part
        for n, part in enumerate(parts)
        if not (n and _is_name(parts[n - 1], named) and _of_them(text, parts[n - 1], part))
        and not _to_us(part, view, name)
        and not _is_name(part, named)
        and not ((n or name in _NO_FACTS) and name != "lease_length" and other_fact(part.text))
        and not _elsewhere(part.text, view, name)
    ]
    if name not in TIMED and name not in _ANY_WORDS:
        kept = answering(kept, name)
    if name in TIMED and any(holds_time(part.text) for part in kept):
        kept = [part for part in kept if holds_time(part.text)]
    left = _joined(text, parts, kept, named)
    if left != text.strip() and polarity(left) == "yes":
        # "no, it's fine" says that there is nothing
        return "no" if parts and polarity(parts[0].text) == "no" else ""
    return left


def _elsewhere(clause: str, view: View, name: str) -> bool:
    """Whether a clause is decidedly about something else, and holds nothing that looks like this answer."""
    if not about_something_else(clause, name):
        return False
    reading = view.type_of(name).spot(clause, view.context(name))
    return reading is None or reading.value is None


def of_no_place(text: str) -> bool:
    """Whether words are about what a home has, or tell where somebody is now."""
    named = area_words("tails").intersection(re.findall(r"\w+", text.lower()))  # "Hope Park" parks nothing
    has = bool(asked_about(text)) and not named
    return not _LED_TO.search(text) and (has or _IS_NOW.match(text) is not None)


_LED_TO = re.compile(r"\b(?:near|around|close to|looking|anywhere|\w+ park)\b", re.IGNORECASE)
""" "Oak Park" has no parking."""
_IS_NOW = re.compile(
    r"\W*(?:i|we)(?:'?m|'?re| am| are| live)? (?:\w+ )?(?:in|from|out of) (?!the )\w+\W*$", re.IGNORECASE
)
"""Where somebody is ("im in ohio"), and not where they look."""


def holds_time(text: str) -> bool:
    """Whether words hold a day or an hour."""
    return _A_TIME.search(text) is not None


def without_person(text: str, view: View) -> str:
    """The words without the caller's name, telephone number and addresses of the net; "" if they are all."""
    named = name_in(clauses(text, first_names()), view, "")
    bare = without_contacts(text)
    if named is not None:
        bare = bare[: named.start] + ";" * (named.end - named.start) + bare[named.end :]
    if bare == text:
        return text
    left = re.sub(r"[\s,]*;+[\s;,.]*", ", ", bare).strip(" ,")
    left = _CLOSING.sub("", left)
    return "" if _COURTESY.fullmatch(left) and polarity(left) is None else left


def _is_name(part: Clause, named: Named | None) -> bool:
    """Whether a clause is nothing but the caller's name."""
    return named is not None and not _without(part, named)


def _of_them(text: str, name: Clause, part: Clause) -> bool:
    """Whether a clause only says more of who was just named ("Marcus Lee, LLC buyer")."""
    return text[name.end : part.start].strip() == "," and len(part.text.split()) < 4


def _without(part: Clause, named: Named | None) -> str:
    """A clause without the caller's name in it."""
    if named is None or named.start >= part.end or named.end <= part.start:
        return part.text
    rest = f"{part.text[: max(0, named.start - part.start)]} {part.text[named.end - part.start :]}".strip(
        " ,.!"
    )
    return "" if _COURTESY.fullmatch(rest) or _FROM_WHERE.match(part.text[named.end - part.start :]) else rest


def _to_us(part: Clause, view: View, asked: str) -> bool:
    """Whether a clause is said to us and tells nothing: a question, a wish for a call, a goodbye."""
    if part.asks or part.wish:
        return asked not in TIMED or not holds_time(part.text)
    if polarity(part.text) == "no":
        return False
    return (
        farewell(part.text)
        or find_command(part.text) is not None
        or _ADDRESS_OF.match(part.text) is not None
        or (_COURTESY.fullmatch(part.text) is not None and polarity(part.text) is None)
    )


def _joined(text: str, parts: Sequence[Clause], kept: Sequence[Clause], named: Named | None) -> str:
    """The clauses that are kept, with the marks between those that stood together."""
    made = ""
    before: Clause | None = None
    for part in kept:
        if before is not None:
            together = parts.index(part) == parts.index(before) + 1
            made += (
                text[before.end : part.start]
                if together
                else ". "
                if "." in text[before.end : part.start]
                else ", "
            )
        made += _without(part, named)
        before = part
    if kept and text[kept[-1].end : kept[-1].end + 1] in (".", "!"):
        made += text[kept[-1].end]
    return _CLOSING.sub("", _OPENING.sub("", made)).strip(" ,;")
