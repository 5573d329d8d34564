"""From words to events, given what the caller was just asked. Deterministic.

This is what the guided brain hears with, what corrects a language model's slips, and what tests
and simulations rely on.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agent import acts
from agent.acts import Event, brings_value
from agent.form.state import Awaiting
from agent.understanding.agreeing import agreeing, pointing
from agent.understanding.answering import NOTHING_ELSE, answering, fits
from agent.understanding.base import Reading
from agent.understanding.commands import ALWAYS, find_command, resume_code, wants_to_resume
from agent.understanding.fragments import answer_only, gathered
from agent.understanding.kinds import KEYED_TYPES
from agent.understanding.of_the_broker import with_broker
from agent.understanding.polarity import polarity
from agent.understanding.put_right import put_right
from agent.understanding.reached import being_reached
from agent.understanding.recording_wish import calls_not_recorded
from agent.understanding.sentences import asks, farewell, sentences
from agent.understanding.signs import with_sign
from agent.understanding.spanish import gloss
from agent.understanding.spanish_setup import in_english
from agent.understanding.view import View
from agent.understanding.volunteered import volunteered
from agent.understanding.wishes import limits_contact

SET_UP = "terms_accepted"
"""Only who sets a brokerage up is asked this."""
KEYS = {"9": "repeat", "0": "human", "*": "go_back", "7": "dont_record"}
_AGREEABLE = frozenset({"skip", "repeat", "goodbye", "help"})
_AGREEING_NEXT = re.compile(r"^\W*(ok(ay)?|good|fine|great|right|sure)\W+next\W*$", re.I)
"""After a read-back "uh huh", "that's it" and "okay, next" agree; elsewhere they are commands."""


def understand(text: str, view: View, confidence: float = 1.0) -> list[Event]:
    """Everything that was said, as events in the order the engine should take them in.

    ``text`` is a transcript, typed text, or ``DTMF: 123#``. Never empty: words that mean nothing
    here are ``Unclear``.
    """
    keyed = re.fullmatch(r"\s*DTMF:\s*([\d*#]+)\s*", text)
    if keyed:
        events = _keyed(keyed.group(1), view)
    else:
        if SET_UP in view.flow.slots and view.language != "es" and not _wants_own_words(view):
            text = in_english(text)
        events = (_in_spanish if view.language == "es" else _spoken)(text.strip(), view)
        events = gathered(text.strip(), view, events)
    if confidence < 1.0:
        events = [_doubt(e, confidence) for e in events]
    return events or [acts.Unclear(text)]


def _wants_own_words(view: View) -> bool:
    waiting = view.state.awaiting
    return waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "text"


def _in_spanish(text: str, view: View) -> list[Event]:
    """Read through an English gloss; what is kept in the caller's own words stays in their language."""
    waiting = view.state.awaiting
    asked = waiting.slots[0] if waiting.kind in ("ask", "confirm") and waiting.slots else ""
    kind = view.flow.slots[asked].type if asked else ""
    events = _spoken(gloss(text, name_wanted=kind == "person_name", address_wanted=kind == "address"), view)
    own_words = isinstance(events[0], acts.Answer) and events[0].slot == asked if events else False
    first = events[0] if own_words and kind == "text" else None
    if isinstance(first, acts.Answer) and first.reading.value not in (None, "", "none"):
        own = answer_only(text, view, asked).strip(" ¿¡.")
        events[0] = replace(first, reading=Reading(value=own)) if own else acts.Command("repeat")
    return events


def _doubt(event: Event, confidence: float) -> Event:
    if brings_value(event):
        lower = min(event.reading.confidence, confidence)
        return replace(event, reading=replace(event.reading, confidence=lower))
    return event


def _keyed(keys: str, view: View) -> list[Event]:
    waiting = view.state.awaiting
    digits = keys.rstrip("#")
    if waiting.kind in ("confirm", "summary", "offer") and digits in ("1", "2"):
        return [acts.Yes() if digits == "1" else acts.No()]
    if waiting.kind == "ask":
        name = waiting.slots[0]
        kind = view.flow.slots[name].type
        if kind == "yes_no" and digits in ("1", "2"):
            return [acts.Answer(name, Reading(value=digits == "1"))]
        if (
            kind in KEYED_TYPES
            and len(digits) >= 1
            and not (digits in KEYS and len(digits) == 1 and keys == digits and kind in ("phone", "code"))
        ):
            reading = view.type_of(name).parse(f"DTMF: {keys}", view.context(name))
            if reading is not None:
                return [acts.Answer(name, reading)]
    if digits in KEYS:
        return [acts.Command(KEYS[digits])]  # type: ignore[arg-type]
    return []


def _spoken(text: str, view: View) -> list[Event]:
    if not any(c.isalnum() for c in text):
        return [acts.Aside("unheard")]  # a sound that was no words: asked again at once, and no failed answer
    waiting = view.state.awaiting
    free_text = waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "text"
    command = _allowed(find_command(text, strict=free_text), view)
    reached = being_reached(text, view, command, _spoken)
    if reached:
        return reached
    if (
        command in (None, acts.Command("dont_record"))
        and (told := calls_not_recorded(text, view)) is not None
    ):
        return [told]
    if command == acts.Command("opt_out") and limits_contact(text):
        command = None  # "yes, but don't call me after nine"
    if command is not None and not _is_an_answer(command, text, view):
        return [*_told_besides(text, view), command]
    if command is None and farewell(text) and _allowed(acts.Command("goodbye"), view):
        return [*_told_besides(text, view), acts.Command("goodbye")]
    if "resume" in view.flow.anywhere and (resume := _resume(text, view)) is not None:
        return [resume]
    if command is not None and command.name in _AGREEABLE:
        text = _AGREEING_NEXT.sub("yes", text)
    if SET_UP not in view.flow.slots:
        return _in_turn(text, view)
    return with_sign(text, view, _of_set_up(text, view), lambda words: _of_set_up(words, view))


def _of_set_up(text: str, view: View) -> list[Event]:
    """What a broker's words mean: put right, answered, told of who speaks."""
    return with_broker(text, view, put_right(text, view, _in_turn))


def _in_turn(text: str, view: View) -> list[Event]:
    """What the words mean where the conversation stands."""
    match view.state.awaiting.kind:
        case "confirm" | "summary" | "offer":
            return agreeing(text, view)
        case "which":
            return pointing(text, view)
        case "ask":
            events = answering(text, view)
            nothing = all(isinstance(e, acts.Unclear) or e == acts.Command("repeat") for e in events)
            return (_late_answer(text, view) if nothing else []) or events
    return volunteered(text, view, ())


def _late_answer(text: str, view: View) -> list[Event]:
    """The answer to a question that other things were told to, where the words answer no newer one."""
    for name, slot in view.state.slots.items():
        if not slot.passed or slot.counts or slot.status == "skipped" or name in view.state.awaiting.slots:
            continue
        state = view.state.model_copy(update={"awaiting": Awaiting(kind="ask", slots=[name])})
        events = answering(text, replace(view, state=state))
        if any(isinstance(e, acts.Answer) and e.slot == name and e.reading.value is not None for e in events):
            return events
    return []


def _told_besides(text: str, view: View) -> list[Event]:
    """Facts in the sentences that are neither the wish nor the goodbye that came with them."""
    parts = sentences(text)
    if len(parts) == 1 and not farewell(text) and find_command(text) == acts.Command("human"):
        return [e for e in volunteered(text, view, ()) if isinstance(e, acts.Answer) and e.reading.value]
    others = [p for p in parts if find_command(p) is None and not farewell(p) and not asks(p)]
    if len(parts) == 1 and farewell(text):
        others = [parts[0].rpartition(",")[0]]
    rest = " ".join(others).strip()
    if not rest or rest == text:
        return []
    found = [e for e in _spoken(rest, view) if isinstance(e, acts.Answer | acts.Fix | acts.Yes)]
    return [e for e in found if isinstance(e, acts.Yes) or e.reading.value is not None]


def _allowed(command: acts.Command | None, view: View) -> acts.Command | None:
    """Only what the flow lets a caller say anywhere, and what the law does; a line is always open to a person."""
    if command is None or command.name in view.flow.anywhere or command.name in ALWAYS:
        return command
    return command if command.name in ("human", "goodbye", "repeat") or not view.flow.anywhere else None


def _is_an_answer(command: acts.Command, text: str, view: View) -> bool:
    """Some words are a command in one place and an answer in another ("no preference", "later")."""
    waiting = view.state.awaiting
    if waiting.kind in ("confirm", "summary", "offer"):
        if command.name in _AGREEABLE and (polarity(text) in ("yes", "no") or _AGREEING_NEXT.search(text)):
            return True
        # "scratch that" or "cancel that" after a read-back is a no
        return command.name == "undo" and "undo" not in text.lower()
    if command.name == "dont_record" and waiting.slots:
        asked = waiting.slots[0]
        return view.flow.slots[asked].choices_from == "recording_modes" and fits(text, view, asked)
    if waiting.kind == "ask" and command.name in ("skip", "goodbye", "help", "status"):
        name = waiting.slots[0]
        if command.name == "goodbye" and view.flow.slots[name].type == "text" and NOTHING_ELSE.match(text):
            return True
        if view.flow.slots[name].type in ("yes_no", "timeline"):
            reading = view.type_of(name).parse(text, view.context(name))
            return reading is not None and reading.value is not None
        return fits(text, view, name)
    return False


def _resume(text: str, view: View) -> Event | None:
    if not wants_to_resume(text):
        return None
    code = resume_code(text)
    waiting = view.state.awaiting
    if code is None and waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "code":
        return None
    if code is None and view.state.done and "code" not in text.lower():
        # "let's finish the set-up" in the middle of it
        return None
    return acts.Command("resume", code)
