"""What a broker says their agent is to be called (A045): "female, and her name is Odette".

Whether a clause speaks of that is found by meaning (``agent.understanding.topics``); the name is what in it
can be one. It may be told at any time of a set-up; neither the firm nor a person is renamed by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent import acts
from agent.acts import Event, is_about
from agent.understanding.base import Reading
from agent.understanding.by_topic import by_topic
from agent.understanding.firm_spans import firms_in
from agent.understanding.names import cased
from agent.understanding.passing import known_first, no_name
from agent.understanding.places import find_states
from agent.understanding.sentences import asks, requests, sentences
from agent.understanding.topics import SURE, SURER, speaks_of
from agent.understanding.view import View
from agent.understanding.wordlists import word_list, word_set

PERSONA, FIRM, GREETING = "persona_name", "organization_name", "greeting"
LONGEST = 20
"""Characters of a name callers hear."""
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ANNOUNCED = re.compile(
    r"\b(?:(?:call|calling|name|naming|christen) (?:it|her|him|(?:the|our|my|your) \w+)|called|named"
    r"|go(?:es)? by|(?:itself|herself|himself|answers?) as|name(?:'?s)?(?: is| should be|:)?|se llame)\s+$",
    re.I,
)
"""What a name stands behind that is written small."""
_IN_GREETING = re.compile(
    r"\b(?P<is>(?:this is|i'?m|my name is|it'?s) )?(?P<name>(?-i:[A-Z])[\w'’-]+)(?: here)?"
    r"(?:,? (?:at|with|from|for|of) |[,.]|$)",
    re.I,
)
_THE_AGENT = re.compile(
    r"\b(?:the|an?|your|our|my) (?:\w+ )?(?:agent|assistant|receptionist|bot|robot)\b", re.I
)
_OTHER = re.compile(r"\b(?:not|instead of|rather than|than)\s+[\w'’]+", re.I)
_DENIED = re.compile(r"\b(?:don'?t|do not|never|no longer)\b.{0,12}\b(?:call|name|use|say)", re.I)
_NO_NAME = word_set(
    "add say voice assistant receptionist bot female male woman man her him its whatever back later it's "
    "ours friendly professional nice prettier human short please with voice's agent's english spanish name's"
)
"""Words beside a name, and what an agent is called to be instead of by one."""


def persona_told(text: str, view: View) -> tuple[list[Event], str]:
    """(what the agent is to be called, the words that are about something else)."""
    if PERSONA not in view.flow.slots:
        return [], text
    waiting = view.state.awaiting
    asked = waiting.slots[0] if waiting.kind in ("ask", "offer", "confirm") and waiting.slots else ""
    named = asked in view.flow.slots and view.flow.slots[asked].type in ("text", "organization")
    name, rest = "", []
    for part in (p for sentence in sentences(text) for p in by_topic(sentence)):
        sure = SURER if named and not _THE_AGENT.search(part) else SURE
        about = asked == PERSONA or PERSONA in speaks_of(part, sure)
        said = _name_in(part, view) if about and (requests(part) or not asks(part)) else ""
        name = said or name
        if not said or _tells_more(part):
            rest.append(part.replace(said, " ", 1) if said else part)
    if not name:
        return [], text
    return [*_told(name, view), *_in_greeting(name, view)], " ".join(part.strip() for part in rest)


def persona_greets(events: Sequence[Event], firm: str, view: View) -> list[Event]:
    """What the agent is called in the greeting it was given ("this is Odette with Bayou Crest Realty")."""
    for event in events:
        greeting = str(event.reading.value or "") if is_about(event, (GREETING,)) else ""
        found = _IN_GREETING.search(greeting)
        if found is not None and _free(found["name"]):
            at_firm = greeting[found.end() :].lower().startswith(firm.lower())
            return _told(found["name"], view) if at_firm or found["is"] else []
    return []


def _told(name: str, view: View) -> list[Event]:
    reading = Reading(value=name, confidence=0.9)
    if view.state.peek(PERSONA).counts:
        return [acts.Fix(PERSONA, reading)]
    return [acts.Answer(PERSONA, reading, volunteered=True)]


def _in_greeting(name: str, view: View) -> list[Event]:
    """The greeting with this name, where it has the one before."""
    best = view.state.best()
    old, greeting = best.get(PERSONA), str(best.get(GREETING) or "")
    new = re.sub(rf"(?<!\w){re.escape(str(old))}(?!\w)", name, greeting) if old else greeting
    return [acts.Fix(GREETING, Reading(value=new))] if new != greeting else []


def _tells_more(part: str) -> bool:
    return bool(firms_in(part) or find_states(part, strict=True) or re.search(r"\d", part))


def _name_in(part: str, view: View) -> str:
    """The name in a clause that speaks of one; "" where none is, or where it is what they do not want."""
    if _DENIED.search(part):
        return ""
    for firm in (*(f.text for f in firms_in(part)), str(view.state.best().get(FIRM) or "")):
        part = part.replace(firm, " ") if firm else part
    part = _OTHER.sub(" ", part)
    found = sorted(_candidates(part), key=lambda one: one[0])
    return found[0][1][:LONGEST] if found else ""


def _candidates(part: str) -> Iterator[tuple[int, str]]:
    """(how unlikely, a word or two in a row that can be a name)."""
    words = list(_WORD.finditer(part))
    at = 0
    while at < len(words):
        first = words[at]
        announced = _ANNOUNCED.search(part[: first.start()]) is not None
        run = [w for w in words[at : at + 1] if _can_name(w.group(), announced)]
        while run and len(run) < 3 and at + len(run) < len(words):
            after = words[at + len(run)]
            if part[run[-1].end() : after.start()] != " " or not _written(after.group()):
                break
            run.append(after)
        if run:
            capital = at > 0 and first.group()[:1].isupper()
            likely = 4 * announced + 2 * capital + known_first(first.group())
            yield -likely, " ".join(cased(w.group()) for w in run)
        at += max(len(run), 1)


def _written(word: str) -> bool:
    """Whether a word is written like a name and is none of the words beside one."""
    return word[:1].isupper() and _free(word)


def _free(word: str) -> bool:
    low = word.lower()
    shut = _NO_NAME | word_list("everyday") | word_list("roles") | word_list("org_words")
    return low not in shut and not no_name(low) and len(low) > 1


def _can_name(word: str, announced: bool) -> bool:
    return _free(word) and (word[:1].isupper() or known_first(word) or announced)
