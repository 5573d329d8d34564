"""A CRM that is on no list of ours: kept by the name it was given (A046).

"We run on Buildout", "no, it's LionDesk", "change the CRM to Brokermint": a brand nobody taught us is never
taken for one that sounds like it, and never dropped.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from rapidfuzz import fuzz

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.by_topic import by_topic
from agent.understanding.matching import close_matches, exact_matches, says_none
from agent.understanding.polarity import split_polarity
from agent.understanding.sentences import asks, sentences
from agent.understanding.topics import speaks_of
from agent.understanding.view import View
from agent.understanding.wordlists import word_list
from flows.schema import Choice

CRM, CRM_NAME, SOURCES = "crm_vendor", "crm_name", "lead_sources"
OTHER, BUILT_IN = "other", "builtin"
LIKE = 70.0
"""From this closeness (0..100) on, it is the system known that is said again."""
SAME = 88.0
"""From this closeness (0..100) on, a name is a misspelt one of our list."""
_VERBS = r"use|using|uses|used|run|runs|on|with|in|through|it'?s|its|is|called|have|got|to|into|own"
_NOT_FIRST = r"on|in|with|to|everything|it|called|been|using|gone|a|an|the"
_ENDS = r"for|but|and|so|since|because|which|as|at|right|now|not|crm|though|if|why|then|last|i|these|too"
_BY_VERB = re.compile(
    rf"\b(?:{_VERBS})\s+(?P<name>(?!(?:{_NOT_FIRST})\b)[\w.&'+-]+(?:\s[\w.&'+-]+){{0,3}}?)"
    rf"(?=\s+(?:{_ENDS})\b|\s*[,;.!?]|\s*$)",
    re.I,
)
"""A name behind the verb that announces it, up to the words that go on."""
_FRAME = re.compile(
    r"\b(?:our|the|my|a|an|it'?s|just|only|mostly|currently|actually|crm|system|home ?grown|please|wait|sorry"
    r"|(?:i )?said|i (?:think|guess))\b",
    re.I,
)


_IT_IS = re.compile(r"\W*(?:it'?s|it is|i said|i meant)\b", re.I)
_NOT_THAT = re.compile(r"\W*(?:and )?not\b", re.I)


def system_told(text: str, view: View) -> tuple[list[Event], str]:
    """(a system kept by its name, the words that are about something else)."""
    rest: list[str] = []
    events: list[Event] = []
    for part in (p for sentence in sentences(text) for p in by_topic(sentence)):
        if events and _NOT_THAT.match(part):
            continue  # "LionDesk. Not Freshsales"
        told = [] if events or asks(part) else _system(part, text, view)
        events += told
        rest += [] if told else [part]
    return events, " ".join(part.strip(" ,") for part in rest) if events else text


def _asked(view: View) -> str:
    waiting = view.state.awaiting
    return waiting.slots[0] if waiting.kind in ("ask", "offer", "confirm") and waiting.slots else ""


def _system(part: str, text: str, view: View) -> list[Event]:
    """A CRM by a name that is on no list."""
    asked = _asked(view)
    plainly = re.search(r"\bcrm\b", part, re.I) is not None
    about = plainly or (asked != SOURCES and CRM in speaks_of(part))
    again = _again(part, text, view)
    if asked != CRM and not about and not again:
        return []
    choices = view.choices(view.flow.slots[CRM])
    exact = exact_matches(part, choices)
    none = any(match.value == BUILT_IN for match in exact)  # "Lone Wolf, plus my spreadsheet"
    if any(match.value not in (OTHER, BUILT_IN) for match in exact):
        return []
    by_heart = next((part[m.start : m.end] for m in exact if not none and len(part[m.start : m.end]) > 5), "")
    name = named_system(
        by_heart or part, choices, alone=not none and (bool(by_heart) or again or asked == CRM)
    )
    if not name:
        return []
    known = view.state.peek(CRM).counts
    reading = Reading(value=OTHER)
    return [
        acts.Aside("crm_by_name", {"name": name}, stays=False),
        acts.Fix(CRM, reading) if known and asked != CRM else acts.Answer(CRM, reading),
        acts.Answer(CRM_NAME, Reading(value=name), volunteered=True),
    ]


def _again(part: str, text: str, view: View) -> bool:
    """Whether the system is named once more ("no, it's LionDesk", "LionDesk. not Freshsales")."""
    best = view.state.best()
    labels = {c.value: c.label for c in view.choices(view.flow.slots[CRM])}
    held = str(best.get(CRM_NAME) or labels.get(str(best.get(CRM)), ""))
    sign, words = split_polarity(part)
    if not held or not view.state.peek(CRM).counts:
        return False
    like = fuzz.partial_ratio(held.replace(" ", "").lower(), words.replace(" ", "").lower()) >= LIKE
    just_now = CRM in view.state.history[-2:] and _IT_IS.match(words) is not None
    source = bool(exact_matches(words, view.choices(view.flow.slots[SOURCES])))
    if sign == "no" and not source and (like or just_now):
        return True
    return not source and re.search(rf"\bnot {re.escape(held)}\b", text, re.I) is not None


def named_system(words: str, choices: Sequence[Choice], *, alone: bool) -> str:
    """The brand in some words; "" where none is, or one of ours. ``alone``: it may be all that is said."""
    said = split_polarity(words)[1] or words
    found = [m["name"] for m in _BY_VERB.finditer(said)]
    bare = " ".join(_FRAME.sub(" ", said).strip(" .!,").split())
    for name in [*found, *([bare] if alone else [])]:
        name = " ".join(_FRAME.sub(" ", name).strip(" .!,").split())
        tokens = name.lower().split()
        if (
            not tokens
            or len(tokens) > 4
            or len(name) < 3
            or says_none(name)
            or set(tokens) & word_list("no_brand")
        ):
            continue
        if _ours(name, choices):
            continue
        return name if name != name.lower() or "." in name else string.capwords(name)
    return ""


def _ours(name: str, choices: Sequence[Choice]) -> bool:
    """Whether a name is one on our list, spelled or heard a little differently."""
    listed = [c for c in choices if c.value != OTHER]
    tokens = set(name.lower().split())
    part = any(tokens <= set(c.label.lower().split()) and len(name) > 3 for c in listed)
    return part or any(m.end - m.start >= len(name) - 2 for m in close_matches(name, listed, SAME))
