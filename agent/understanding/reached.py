"""How somebody would be reached: only calls, only texts, by no robot, or welcome again."""

from __future__ import annotations

from collections.abc import Callable

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.polarity import polarity
from agent.understanding.view import View
from agent.understanding.volunteered import volunteered
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
    mail = asked and by_mail_only(text)
    if mail or (asked and no_phone(text)):
        # neither a call nor a text: no consent, and where they would have it instead
        found = [e for e in volunteered(text, view, ()) if isinstance(e, acts.Answer) and e.slot == MAIL]
        told: list[Event] = [acts.Answer(CONSENT, Reading(value=False)), *found]
        if mail:
            told.append(acts.Answer(UPDATES, Reading(value="email"), volunteered=True))
            known = view.state.peek(MAIL)
            if not found and not (known.counts or known.pending):
                told.append(acts.Aside("", ask=MAIL))
        return told
    way = ways_to_reach(text, asked=asked and (command is None or command.name != "opt_out"))
    if way is None and not asked and refuses_texts_only(text):
        way = "calls_only"
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
    plainly = way is not None and (ways_to_reach(text, asked=False) is not None or one_way_alone(text))
    people = refused and (welcomes_people(text) or polarity(without_robots(text)) == "yes")
    agreed = way is not None and (polarity(text) == "yes" or welcomes_one_way(text))
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
