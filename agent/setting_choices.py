"""Choices that need more than their own words: who gets leads, from where, what a voice can (A045-A047)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent import acts
from agent.acts import Event, is_about
from agent.understanding.base import Reading
from agent.understanding.polarity import split_polarity
from agent.understanding.sentences import asks
from agent.understanding.view import View
from policies import scoring, voices
from policies.rules import rules

VOICE, RULES, ROUTING, HOT_SCORE, FOLLOW_UP, TEAM, ADMIN = (
    "voice_profile",
    "keep_rules",
    "routing_mode",
    "hot_score",
    "follow_up",
    "team_size",
    "admin_name",
)
TO_ONE = "admin_only"
_ALL_TO = (
    r"\b(?:all|every(?:thing|one)?|leads?|them|they|it|those)\b[^.;,!?]{{0,24}}?"
    r"\b(?:to|for) {who}\b(?: (?:only|first|please))*|\b(?:just|only) (?:to )?{who}\b"
)
_PARTS = re.compile(r"(?<=[.;!?])\s+|,\s+|\s+and (?=hot\b|flag\b|ask\b|no\b|follow\b|one\b|four\b)", re.I)


def alone(view: View) -> bool:
    """Whether there is one person only."""
    return view.state.best().get(TEAM) == 1


def all_to_one(text: str, view: View) -> tuple[list[Event], str] | None:
    """ "All to me", where the rules or the sharing are asked: (what it means, the other words)."""
    waiting = view.state.awaiting
    if waiting.kind not in ("ask", "offer") or waiting.slots[0] not in (RULES, ROUTING) or asks(text):
        return None
    admin = view.state.best().get(ADMIN)
    first = str(admin.get("first") or "") if isinstance(admin, dict) else ""
    who = rf"(?:me|myself|{re.escape(first)})" if first else "(?:me|myself)"
    pattern = re.compile(_ALL_TO.format(who=who), re.I)
    parts = [part for part in _PARTS.split(text) if part and part.strip()]
    mine = [part for part in parts if pattern.search(part)]
    if not mine or any(
        re.search(r"\b(?:not|don'?t|never|except|unless|over|under|if)\b", part, re.I) for part in mine
    ):
        return None
    told: list[Event] = []
    if waiting.slots[0] == RULES:
        told.append(acts.Answer(RULES, Reading(value=False)))
    told.append(acts.Answer(ROUTING, Reading(value=TO_ONE)))
    rest = " ".join(part for part in parts if part not in mine and split_polarity(part)[1])
    return [*told, *(standard_rest(view, told) if waiting.slots[0] == RULES else [])], rest


def standard_rest(view: View, told: Sequence[Event]) -> list[Event]:
    """Who changes some of the rules keeps the others, which is said; aloud they are asked for."""
    if view.channel == "voice":
        return []
    mode = TO_ONE if alone(view) else rules().routing.mode
    usual = {ROUTING: mode, FOLLOW_UP: "standard", HOT_SCORE: scoring.scoring().hot.score}
    left = [
        name
        for name in usual
        if name not in view.state.best() and not any(is_about(e, (name,)) for e in told)
    ]
    if not left:
        return []
    points = f", hot from {usual[HOT_SCORE]} points" if HOT_SCORE in left else ""
    rest = acts.Aside("rules_rest", {"points": points}, stays=False)
    return [rest, *(acts.Answer(name, Reading(value=usual[name])) for name in left)]


def only_one(events: list[Event], view: View) -> list[Event]:
    """Who works alone is not asked how the leads are shared."""
    changes = any(isinstance(e, acts.Answer) and e.slot == RULES and e.reading.value is False for e in events)
    declines = view.state.awaiting.slots == [RULES] and any(isinstance(e, acts.No) for e in events)
    if not alone(view) or not (changes or declines):
        return events
    if any(isinstance(e, acts.Answer | acts.Fix) and e.slot == ROUTING for e in events):
        return events
    no = [] if changes else [acts.Answer(RULES, Reading(value=False))]
    kept = [e for e in events if not isinstance(e, acts.No)] if declines else events
    return [*kept, *no, acts.Answer(ROUTING, Reading(value=TO_ONE))]


def voice_truth(events: list[Event], engines: Sequence[str]) -> list[acts.Aside]:
    """What a chosen voice cannot do here yet, said when it is chosen."""
    chosen = [e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix) and e.slot == VOICE]
    if not chosen or not isinstance(chosen[-1], str):
        return []
    says = []
    try:
        spoken = voices.spoken_by(chosen[-1], engines)
        languages = voices.voice(chosen[-1]).languages
    except (KeyError, LookupError):
        return []
    if not spoken.exact:
        says.append(acts.Aside("voice_not_here", stays=False))
    if "es" in languages and "es" not in voices.spoken_languages(chosen[-1], engines, languages):
        says.append(acts.Aside("english_for_now", stays=False))
    return says
