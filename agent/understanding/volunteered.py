"""Facts for other slots in the same breath."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent import acts
from agent.acts import Event
from agent.form import order
from agent.understanding.base import ASKS_BACK, Reading
from agent.understanding.cues import cue_span
from agent.understanding.digits import without_numbers
from agent.understanding.kinds import COUNTING, LATER, SUMS
from agent.understanding.moments import without_moments
from agent.understanding.postal import without_streets
from agent.understanding.turning import SELLS_FIRST, named_outright
from agent.understanding.types.errand import denies, other_business, said_besides
from agent.understanding.view import View
from flows.schema import Slot

ALSO = "also_wants"
_INSTEAD = re.compile(r"\b(instead|rather|changed (my|our) mind|on second thought|forget)\b", re.I)
_TURNED = re.compile(r"\b(actually|no|wait|instead|rather|changed (my|our) mind|on second thought)\b", re.I)
_FIRST = re.compile(r"\bfirst\b(?! (time|home|one|floor))|\bbefore (we|i) (buy|rent)\b", re.I)
CORRECTING = re.compile(
    r"^(no|nope|actually|sorry|wait|oh|i meant?|i said|that'?s not|not)\b"
    r"|[.?!;]\s*(no|nope|actually|wait|sorry|i said|i meant)\b|\bno,? (no|wait)\b"
    r"|\b(i meant|i said|make (that|it)|instead|correction)\b",
    re.I,
)
_SMALL_TALK = re.compile(
    r"\b(was|were|been|went|lived|grew up|born|vacation(ed)?|holiday|honeymoon|travel(l?ed)?|trip|weather|visited)\b",
    re.I,
)
"""Where somebody was is not where they want to be."""
_PLACE_WANTED = re.compile(
    r"\b(look\w*|buy\w*|rent\w*|liv(e|ing)|mov(e|ing)|house|home|place|apartment|condo|town ?house|property|bed(room)?s?"
    r"|area|have|available|something|anything|find|search\w*|lot|land|duplex|units?|invest\w*|sell\w*|want|need|interested|prefer|we|market)\b",
    re.I,
)
_FIRM = re.compile(
    r"\b(brokerage|compan(y|ies)|firm|business|office|agency|team|group|broker|realt(y|ors?)|homes|properties|estates?"
    r"|we|we're|our|us|at|for|from|with)\b",
    re.I,
)
"""A firm is spoken of; a dog may be called Max."""
_BARE_NO = re.compile(
    r"\W*(?:no|nope|not|haven'?t|none|neither)(?: (?:yet|now|really|at all|sorry|thanks?))*\W*", re.I
)
"""An answer to what was asked, whatever that was, and to nothing else."""


def volunteered(
    text: str, view: View, besides: Sequence[str], given: Mapping[str, Any] | None = None
) -> list[Event]:
    """Facts for other slots in the same breath; confirmed ones only if the caller is correcting.

    ``given``: what the same words have answered already; it decides which branch's facts these can be.
    """
    if len(text.split()) < 2 or _BARE_NO.fullmatch(text):
        return []
    correcting = bool(CORRECTING.search(text))
    events: list[Event] = []
    given = given or {}
    play = order.in_play(view.flow, view.state, given)
    waiting = view.state.awaiting
    free = waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "text"
    for name, spec in view.flow.slots.items():
        if name not in play:
            continue
        if name in besides or not order.takes(spec.when, view.state) or not view.flow.steps_of(name):
            continue
        if not spec.heard or spec.options.get("plainly"):
            continue  # what is agreed to must have been asked
        if spec.options.get("cued") and cue_span(text, spec.cues) is None:
            continue  # "I only have five minutes"
        announced = [cue for cue in spec.cues if len(cue.split()) > 2]
        known = view.state.peek(name).counts
        if known and spec.type == "errand":
            if view.state.peek(name).value == "buyer" and SELLS_FIRST.search(text):
                continue
            if not named_outright(text, str(view.state.peek(name).value)) and not said_besides(text):
                continue
            turned = correcting or _INSTEAD.search(text) or said_besides(text) or denies(text)
            if not turned and (free or not other_business(text)):
                continue
        elif known and not correcting and cue_span(text, announced) is None:
            continue
        if spec.type == "organization" and not _FIRM.search(text):
            continue
        if spec.type == "areas" and (_SMALL_TALK.search(text) or not _PLACE_WANTED.search(text)):
            continue
        reading = view.type_of(name).spot(words_for(spec, text), view.context(name))
        if reading is not None and (
            reading.value is not None or (reading.ask and spec.type in ASKS_BACK | LATER)
        ):
            more = _besides(name, reading, text, view)
            if spec.type == "errand" and not more:
                play = order.in_play(view.flow, view.state, {**given, name: reading.value})
            events += more or [acts.Answer(name, reading, volunteered=True)]
    return events


def words_for(spec: Slot, text: str) -> str:
    """The words as a slot of this type may read them: a telephone number is no price and no opening hour."""
    if spec.type in SUMS:
        text = without_moments(text)
    if spec.type in COUNTING and spec.type != "areas":
        return without_streets(without_numbers(text))
    return without_numbers(text) if spec.type in ("areas", "person_name") else text


def _besides(name: str, reading: Reading, text: str, view: View) -> list[Event]:
    """ "We also need to sell": a second errand is noted, it does not take the place of the first."""
    slot = view.state.peek(name)
    if view.flow.slots[name].type != "errand" or not slot.counts or reading.value == slot.value:
        return []
    if ALSO not in view.flow.slots or denies(text):
        return []
    if _FIRST.search(text) and _TURNED.search(text):
        # "actually we want to sell first": another errand now, and the one before it after that
        return [
            acts.Answer(name, reading, volunteered=True),
            acts.Answer(ALSO, Reading(value=slot.value), volunteered=True),
        ]
    if not said_besides(text) or _INSTEAD.search(text):
        return []
    return [acts.Answer(ALSO, reading, volunteered=True)]
