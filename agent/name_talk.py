"""What a broker says of the firm's two names: the one callers hear and the one on the license (A044, A045).

The name for callers goes into the greeting there is; the sentence around it stays.
"""

from __future__ import annotations

import re

from agent import acts
from agent.acts import Event
from agent.greeting_talk import BRAND, FIRM, GREETING, asked_for, firm_of, greeting_now, read_back
from agent.understanding.base import Reading
from agent.understanding.trade_names import Names, named_instead, names_told
from agent.understanding.view import View
from policies.greetings import spoken_name


def names_in(text: str, view: View, standard: str) -> tuple[list[Event], str]:
    """(the names that are told, the words that are about something else); no events: none is told."""
    waiting = view.state.awaiting
    free = waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "text"
    if free and waiting.slots != [GREETING]:
        return [], text
    told = names_told(text)
    if not (told.brand or told.legal) and asked_for(view):
        told = Names(brand=named_instead(text, greeting_now(view) or standard))
    firm = str(view.state.best().get(FIRM) or "")
    if not (told.brand or told.legal) or not (firm or told.legal or any(c.isalnum() for c in told.rest)):
        return [], text
    brand = told.brand or firm_of(view)  # a legal name told later is not what callers hear
    events: list[Event] = []
    if told.legal:
        asked = waiting.slots == [FIRM] and not view.state.peek(FIRM).counts
        reading = Reading(value=told.legal)
        events.append(acts.Answer(FIRM, reading) if asked else acts.Fix(FIRM, reading))
    if (brand and brand != firm_of(view)) or (told.legal and brand):
        events.append(acts.Answer(BRAND, Reading(value=brand), volunteered=True))
    return [*events, *_greeted(brand, view, standard)] if events else [], told.rest if events else text


def _greeted(brand: str, view: View, standard: str) -> list[Event]:
    """The greeting with that name in place of the one it has."""
    current = greeting_now(view) or (standard if asked_for(view) else "")
    old = sorted({firm_of(view), spoken_name(firm_of(view))} - {"", brand}, key=len, reverse=True)
    there = next((m for name in old if (m := re.search(re.escape(name), current, re.I))), None)
    if there is None:
        return []
    wish = current[: there.start()] + brand + current[there.end() :]
    if wish == current:
        return []
    reading = read_back(wish, view)
    return [acts.Answer(GREETING, reading) if asked_for(view) else acts.Fix(GREETING, reading)]
