"""How somebody would be reached: only calls, only texts, by no robot, or welcome again."""

from __future__ import annotations

import re
from collections.abc import Callable

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.polarity import polarity
from agent.understanding.view import View
from agent.understanding.volunteered import volunteered
from agent.understanding.ways import limit
from agent.understanding.wishes import (
    by_mail_only,
    limits_contact,
    no_phone,
    no_robots,
    one_way_alone,
    refuses_texts_only,
    says_when,
    ways_to_reach,
    welcomes_contact,
    welcomes_one_way,
    welcomes_people,
    without_robots,
)

CONSENT, LIMITS = "consent_contact", "contact_limits"
MAIL, UPDATES = "email", "updates"
AI_VOICE = "ai_voice"
SPECIAL = "special_request"


_RATHER = re.compile(r"\b(?:instead|rather|prefer\w*|better|best|easier|easiest|mejor)\b", re.IGNORECASE)
FIRST = frozenset({"calls_first", "texts_first"})
"""One way is called fine, and the other is not spoken of."""


def _not_by_phone(text: str, view: View) -> list[Event]:
    """Neither a call nor a text: no consent."""
    found = [e for e in volunteered(text, view, ()) if isinstance(e, acts.Answer) and e.slot == MAIL]
    return [acts.Answer(CONSENT, Reading(value=False)), *found]


def _by_mail(text: str, view: View) -> list[Event]:
    """E-mail instead: no consent to the others, and the address is asked for."""
    told = [*_not_by_phone(text, view), acts.Answer(LIMITS, Reading(value="mail_only"), volunteered=True)]
    told.append(acts.Answer(UPDATES, Reading(value="email"), volunteered=True))
    known = view.state.peek(MAIL)
    if not any(isinstance(e, acts.Answer) and e.slot == MAIL for e in told) and not (
        known.counts or known.pending
    ):
        told.append(acts.Aside("", ask=MAIL))
    return told


def way_preferred(text: str) -> str | None:
    """``calls_first`` or ``texts_first`` where one way is asked for in the other's place; None for none."""
    how = limit(text)
    return how if how in FIRST and _RATHER.search(text) else None


def _told_too(text: str, view: View) -> list[Event]:
    """What else is in words that say how to reach somebody ("text me instead, I sleep during the day")."""
    told: list[Event] = [e for e in volunteered(text, view, (LIMITS, UPDATES)) if acts.brings_value(e)]
    if SPECIAL in view.flow.slots and says_when(text) and not view.state.peek(SPECIAL).counts:
        told.append(acts.Answer(SPECIAL, Reading(value=text.strip()[:200]), volunteered=True))
    return told


def being_reached(
    text: str,
    view: View,
    command: acts.Command | None,
    spoken: Callable[[str, View], list[Event]],
) -> list[Event]:
    """Only calls, only texts, or welcome again: less than an opt-out, and more than a yes or no."""
    if not {LIMITS, CONSENT} <= set(view.flow.slots):
        return []
    asked = view.state.awaiting.kind == "ask" and view.state.awaiting.slots == [CONSENT]
    refused = AI_VOICE in view.flow.slots and no_robots(text)
    how = limit(text)
    mail = how == "mail_only" or (asked and by_mail_only(text))
    if mail or (asked and no_phone(text)):
        return _by_mail(text, view) if mail else _not_by_phone(text, view)
    if asked and not refused and how == "both":
        return [acts.Answer(CONSENT, Reading(value=True))]
    way: str | None = ways_to_reach(text, asked=asked and (command is None or command.name != "opt_out"))
    way = (
        how if asked and not refused and how in FIRST and way in (None, how.replace("first", "only")) else way
    )
    if way is None and not asked:
        way = (
            "calls_only"
            if refuses_texts_only(text)
            else how
            if how in FIRST and _RATHER.search(text)
            else None
        )
    events: list[Event] = []
    if refused:
        events.append(acts.Answer(AI_VOICE, Reading(value="refused"), volunteered=True))
        rest = without_robots(text)
        if not asked and way is None and any(c.isalnum() for c in rest):
            # "three bedrooms, and no robot calls please"
            besides = [e for e in spoken(rest, view) if isinstance(e, acts.Answer | acts.Fix | acts.Yes)]
            events += [e for e in besides if isinstance(e, acts.Yes) or e.reading.value is not None]
    if way is not None:
        events.append(acts.Answer(LIMITS, Reading(value=way), volunteered=True))
        events += [] if asked else _told_too(text, view)
    plainly = way is not None and (ways_to_reach(text, asked=False) is not None or one_way_alone(text))
    people = refused and (welcomes_people(text) or polarity(without_robots(text)) == "yes")
    agreed = way is not None and (polarity(text) == "yes" or welcomes_one_way(text) or way == how)
    if asked and (plainly or people or agreed):
        events.append(acts.Answer(CONSENT, Reading(value=True)))
        if SPECIAL in view.flow.slots and not view.state.peek(SPECIAL).counts and says_when(text):
            events.append(acts.Answer(SPECIAL, Reading(value=text.strip()[:200]), volunteered=True))
    if events:
        return events
    if SPECIAL in view.flow.slots and limits_contact(text):
        noted: list[Event] = [acts.Answer(SPECIAL, Reading(value=text.strip()[:200]), volunteered=True)]
        if asked:
            noted.append(acts.Answer(CONSENT, Reading(value=polarity(text) != "no")))
        return noted
    consent = view.state.peek(CONSENT)
    if consent.counts and consent.value is False and welcomes_contact(text):
        # what was refused is agreed to in the words of the question, not in passing
        return [acts.Command("change", CONSENT)]
    return []
