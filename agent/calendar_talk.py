"""Which calendar appointments go to, told beside the CRM and the lead sources: never one of them (A046)."""

from __future__ import annotations

import re

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.matching import exact_matches
from agent.understanding.sentences import asks, sentences
from agent.understanding.view import View

CALENDAR, CONNECTED = "calendar", ("crm_vendor", "crm_name", "lead_sources", "other_sources")
STEP, BUILT_IN = "integrations", "builtin"
_WORD = re.compile(r"\b(?:calendars?|gcal)\b", re.I)
_PARTS = re.compile(r"\s*[,;]\s*(?:(?:and|but|plus)\s+)?|\s+(?:and|but|plus)\s+", re.I)
_MANY = re.compile(r"\W*(?:google|microsoft|exchange)\W*", re.I)
"""Names of firms that make more than calendars: they need the word beside them."""
_OTHERWISE = re.compile(r"@|\be-?mails?\b|\bads?\b|\bcrm\b", re.I)
_NOT_THAT = re.compile(r"\W*(?:and )?(?:not|isn'?t)\b.*\b(?:lead )?source\b", re.I)


def calendar_told(text: str, view: View) -> tuple[list[Event], str]:
    """(the calendar some clauses name, the words that are about something else)."""
    if not (_WORD.search(text) or _connecting(view)):
        return [], text
    value, rest = "", []
    for sentence in sentences(text):
        left = []
        for part in [sentence] if asks(sentence) else _PARTS.split(sentence):
            named = "" if asks(sentence) else _named(part, view)
            value = named or value
            if not (named or (value and _NOT_THAT.match(part))):
                left.append(part)
        rest += [", ".join(left)] if any(c.isalnum() for c in "".join(left)) else []
    told: list[Event] = [acts.Answer(CALENDAR, Reading(value=value), volunteered=True)] if value else []
    return (told, " ".join(rest)) if told else ([], text)


def _connecting(view: View) -> bool:
    waiting = view.state.awaiting
    return waiting.step == STEP or waiting.slots[:1] in ([name] for name in CONNECTED)


def _named(part: str, view: View) -> str:
    """The calendar a clause names; "" for a CRM, an address or a firm that makes other things too."""
    if _OTHERWISE.search(part) or exact_matches(part, view.choices(view.flow.slots["crm_vendor"])):
        return ""
    about = _WORD.search(part) is not None
    found = exact_matches(part, view.choices(view.flow.slots[CALENDAR]))
    names = [m for m in found if m.value != BUILT_IN]
    return next((m.value for m in names if about or not _MANY.fullmatch(part[m.start : m.end])), "")
