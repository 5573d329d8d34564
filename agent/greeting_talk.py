"""What is said about the greeting in a set-up: kept, put in own words or changed, asked for or not (A045)."""

from __future__ import annotations

import re

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.greeting_words import KEEP, greeting_wish, own_words
from agent.understanding.polarity import split_polarity
from agent.understanding.sentences import sentences
from agent.understanding.view import View
from policies.greetings import says_name

GREETING, FIRM, BRAND = "greeting", "organization_name", "brand_name"
_SPOKEN_OF = re.compile(r"\bgreetings?\b|\bsalutation\b", re.I)
_PARTS = re.compile(
    r"(?<=[.;!?])\s+|,?\s+(?:oh,? |and |also |but )+(?=(?:also |change |in )?(?:the|my|our|your) greeting\b)",
    re.I,
)
_CHANGES = re.compile(
    r"\b(?:change|different|other|another|wrong|redo|reword|rewrite|edit|fix|not right)\b", re.I
)


def firm_of(view: View) -> str:
    """How callers know the firm; "" while that is not known."""
    known = {**view.facts, **view.state.best()}
    return str(known.get(BRAND) or known.get(FIRM) or "")


def asked_for(view: View) -> bool:
    """Whether the greeting is what is asked, offered or read back."""
    return view.state.awaiting.slots == [GREETING] and view.state.awaiting.kind in ("ask", "offer", "confirm")


def words_for_callers(text: str, view: View) -> bool:
    """Whether what is said holds a greeting, word for word."""
    return bool(firm_of(view)) and own_words(text, firm_of(view)) is not None


def greeting_told(text: str, view: View, standard: str) -> tuple[list[Event], str]:
    """(what is said of the greeting, the words that are about something else).

    ``standard``: what is offered when nothing else was said. No events: nothing was said of it.
    """
    firm = firm_of(view)
    if not firm or GREETING not in view.flow.slots:
        return [], text
    current = greeting_now(view)
    if asked_for(view):
        return _answered(text, view, firm, current or standard)
    if not current or not _SPOKEN_OF.search(text):
        return [], text
    events: list[Event] = []
    rest: list[str] = []
    for part in _PARTS.split(text):
        wish = (
            greeting_wish(part, firm, current) if _SPOKEN_OF.search(part) and not part.endswith("?") else None
        )
        if wish is None:
            rest.append(part)
        elif wish != KEEP:
            events.append(acts.Fix(GREETING, read_back(wish, view)))
    return events, " ".join(rest) if events else text


def _answered(text: str, view: View, firm: str, current: str) -> tuple[list[Event], str]:
    """The same where it is what was asked."""
    offered = view.state.awaiting.kind in ("offer", "confirm")
    wish, rest = greeting_wish(text, firm, current), ""
    parts = [part for one in sentences(text) or [text] for part in _PARTS.split(one) if part]
    if len(parts) > 1 and own_words(text, firm) is None:
        # "keep it. A new number with 303": some of it is about something else
        about = [part for part in parts if greeting_wish(part, firm, current) is not None]
        if about:
            wish = greeting_wish(" ".join(about), firm, current)
            rest = " ".join(part for part in parts if part not in about)
    if wish == KEEP:
        return ([acts.Yes()] if offered else [acts.Answer(GREETING, Reading(value=current))]), rest
    if wish is not None:
        as_said = wish.rstrip(".").casefold() == text.strip(" .\"'“”").casefold()
        return [acts.Answer(GREETING, Reading(value=wish) if as_said else read_back(wish, view))], rest
    if find_command(text) is not None:
        return [], text
    sign, behind = split_polarity(text)
    if sign == "no" and len(behind.split()) < 4 and view.state.peek(GREETING).pending:
        return [acts.Command("change", GREETING)], ""
    if says_name(text, firm) and not text.rstrip().endswith("?"):
        return [
            acts.Answer(
                GREETING, Reading(problem="Please give me the whole sentence that callers should hear.")
            )
        ], ""
    return [], text


def greeting_now(view: View) -> str:
    """The greeting as it stands, offered, read back or agreed to; "" where none was spoken of."""
    slot = view.state.peek(GREETING)
    return str(slot.offer or (slot.proposal if slot.pending else slot.value) or "")


def read_back(wish: str, view: View) -> Reading:
    """What we made of their words is read back for a yes; speech is read back anyway."""
    return Reading(value=wish, suggestion=wish if view.channel != "voice" else None)
