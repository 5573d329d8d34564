"""A number of the agent's own, or the office's forwarded to it: said in one breath or taken back (A044)."""

from __future__ import annotations

import re

from agent import acts
from agent.acts import Event, is_about
from agent.understanding.base import Reading
from agent.understanding.clauses import PHONE
from agent.understanding.sentences import asks, parted, sentences
from agent.understanding.view import View

MODE, EXISTING, AREA, TRANSFER = "number_mode", "existing_number", "area_code", "transfer_number"
LOOPS = (
    "Calls to that number are forwarded to the agent, so a transfer would come straight back. "
    "Which other number should ring?"
)
_OF_NUMBERS = re.compile(
    r"\bnumbers?\b|\bforward\w*\b|\b(?:new|fresh|a) (?:one|line)\b|\bget (?:us|me) (?:a )?new\b"
    r"|\bkeep\b|\b(?:mine|ours)\b|\d{3}|(?:^|[.,;!] )new\b(?! \w)",
    re.I,
)
_FORWARD = re.compile(r"\bforward\b|\bkeep (?:my|our|the)\b.{0,12}\bnumber\b", re.I)
_WHICH = re.compile(r"\d{3}\D{0,3}\d{4}|\b(?:my|this) (?:cell|mobile)\b|\bcalling (?:you )?from\b", re.I)
""" "My number" may be any; these are one."""
_MODES = re.compile(r"\bforward\w*\b|\bkeep\b|\b(?:mine|ours)\b|\bown (?:number|line)\b", re.I)
_NEW = re.compile(r"\b(?:new|fresh|different|another) (?:number|one|line)\b", re.I)
_OWN_NUMBER = re.compile(
    r"\bforward\b|\b(?:keep|use|have) (?:my|our|the|an?)\b.{0,20}\b(?:number|line)\b"
    r"|\b(?:my|our) own\b|\bone (?:i|we) have\b",
    re.I,
)


def number_told(text: str, events: list[Event], view: View) -> list[Event]:
    """These events with what the words say of the agent's number; what is asked about it says nothing."""
    told, _ = parted(text)
    if len(text.split()) > 5 and not _OF_NUMBERS.search(text):
        # "in New Year we are closed" chooses no new number
        events = [e for e in events if not is_about(e, (MODE,))] or [acts.Unclear(text)]
    return _area_too(told, _number_too(told, _mode_again(text, events, view), view), view)


def no_loop(events: list[Event], view: View) -> list[Event]:
    """A transfer to the number that is forwarded comes straight back to the agent: another is asked for."""
    said = {e.slot: e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix)}
    known = {**view.state.best(), **{name: value for name, value in said.items() if value is not None}}
    agreed = view.state.awaiting.slots == [TRANSFER] and any(isinstance(e, acts.Yes) for e in events)
    wanted = view.state.peek(TRANSFER).offer if agreed else said.get(TRANSFER)
    if wanted is None or known.get(MODE) != "forward" or wanted != known.get(EXISTING):
        return events
    problem = acts.Answer(TRANSFER, Reading(problem=LOOPS))
    return [*(e for e in events if not is_about(e, (TRANSFER,)) and not isinstance(e, acts.Yes)), problem]


def _number_too(text: str, events: list[Event], view: View) -> list[Event]:
    """ "Forward ours, it's 208 555 0100": the number is asked for afterwards, and was said already."""
    chosen = any(is_about(e, (MODE,)) and e.reading.value == "forward" for e in events)
    again = view.state.best().get(MODE) is not None and _FORWARD.search(text)
    if view.state.awaiting.slots not in ([MODE], [EXISTING], [AREA]):
        # a number beside it may be another's: the one to ring, or their own
        text = " ".join(sentence for sentence in sentences(text) if _MODES.search(sentence))
    if any(is_about(e, (EXISTING,)) for e in events) or not (chosen or again) or not _WHICH.search(text):
        return events
    number = PHONE.search(text)
    words = number.group() if number else text
    reading = view.type_of(EXISTING).parse(words, view.context(EXISTING))
    if reading is None or reading.value is None:
        return events
    others = (MODE, "admin_mobile", "main_phone")
    kept = [e for e in events if not is_about(e, others) and not isinstance(e, acts.Unclear | acts.No)]
    return [acts.Fix(MODE, Reading(value="forward")), *kept, acts.Answer(EXISTING, reading)]


def _mode_again(text: str, events: list[Event], view: View) -> list[Event]:
    """ "No, I want a new number", where the one to forward is asked for; and the other way round."""
    slots = view.state.awaiting.slots
    wanted = {EXISTING: ("new", _NEW), AREA: ("forward", _OWN_NUMBER)}
    mode, pattern = wanted.get(slots[0] if slots else "", ("", _NEW))
    if not mode or not pattern.search(text) or asks(text):
        return events
    kept = [e for e in events if isinstance(e, acts.Answer | acts.Fix) and not is_about(e, (MODE, *slots))]
    return [acts.Fix(MODE, Reading(value=mode)), *kept]


def _area_too(text: str, events: list[Event], view: View) -> list[Event]:
    """ "New one, 813 area code": said ahead of its question too."""
    fresh = any(is_about(e, (MODE,)) and e.reading.value == "new" for e in events)
    if not fresh or any(is_about(e, (AREA,)) for e in events):
        return events
    found = re.search(r"\b(\d{3})\b(?![-. ]?\d)", text)
    reading = view.type_of(AREA).parse(found[1], view.context(AREA)) if found else None
    return events if reading is None or reading.value is None else [*events, acts.Answer(AREA, reading)]
