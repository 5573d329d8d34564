"""The voice and the languages go together (A043): Spanish needs the voice that has it, and leaves with it."""

from __future__ import annotations

import re

from agent import acts
from agent.acts import Event, is_about
from agent.understanding.base import Reading
from agent.understanding.sentences import asks
from agent.understanding.view import View

VOICE, LANGUAGES = "voice_profile", "languages"
MULTILINGUAL, ONE = "multilingual_specialist", ["en"]
_SPANISH = re.compile(r"\b(spanish|español|bilingual|both languages|two languages)\b", re.I)
_NO_SPANISH = re.compile(r"\b(no|not|without|don'?t|english only|only english|just english)\b", re.I)


def voice_told(text: str, events: list[Event], view: View) -> list[Event]:
    """These events with what the voice means for the languages, and the languages for the voice."""
    chosen = next((e for e in events if is_about(e, (VOICE,))), None)
    other = chosen is not None and chosen.reading.value not in (None, MULTILINGUAL)
    wished = _SPANISH.search(text) and not _NO_SPANISH.search(text) and not asks(text)
    if wished and other:
        # the choice is theirs; what it leaves out is said
        return [acts.Aside("spanish_elsewhere", stays=False), *events]
    if wished and view.state.peek(VOICE).value != MULTILINGUAL:
        return _in_spanish_too(events, view)
    if other and view.state.best().get(LANGUAGES) not in (None, ONE):
        # taken in before the voice, while it is still a language's
        rest = [e for e in events if not is_about(e, (LANGUAGES,))]
        return [acts.Answer(LANGUAGES, Reading(value=ONE), volunteered=True), *rest]
    return events


def _in_spanish_too(events: list[Event], view: View) -> list[Event]:
    """Spanish wished for needs the voice that speaks it; it is taken with it, and that is said."""
    kept = [
        e
        for e in events
        if isinstance(e, acts.Answer | acts.Fix | acts.Yes) and not is_about(e, (VOICE, LANGUAGES))
    ]
    return [
        *kept,
        acts.Aside("spanish_voice", stays=not kept and view.state.awaiting.slots != [VOICE]),
        acts.Fix(VOICE, Reading(value=MULTILINGUAL)),
        acts.Answer(LANGUAGES, Reading(value=["en", "es"]), volunteered=True),
    ]
