"""Values put right: those just read back, and those of the questions before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from agent import acts
from agent.acts import Event, brings_value
from agent.understanding.changes import slot_named
from agent.understanding.clauses import clauses
from agent.understanding.cues import cue_span
from agent.understanding.digits import without_numbers
from agent.understanding.firm_spans import firms_in
from agent.understanding.kinds import CLOSED, SUMS, UNPROMPTED
from agent.understanding.moments import without_moments
from agent.understanding.passing import first_names, name_in
from agent.understanding.polarity import split_polarity
from agent.understanding.remains import TIMED, holds_time
from agent.understanding.types.text import mentions
from agent.understanding.view import View
from agent.understanding.volunteered import CORRECTING, volunteered, words_for

SHORT = 5
"""Words that may be nothing but a value; a longer sentence has to show that it holds one."""
_REWORDED = re.compile(r"\b(i meant?|i said|make (that|it)|instead|correction)\b", re.I)
_WRITTEN = re.compile(r"@|\bdot\b|\.(com|net|org|example)\b", re.I)
_CLAUSE = re.compile(
    r"(?:[,;.]\s+(?:and\s+|but\s+)?|\s+and\s+)(?=(?:my|our|the|your)\s[\w' ]{3,30}?\b(?:is|are|should be)\s"
    r"|(?:my|the|our)\s(?:first |last |full )?name\b|(?:company|business|brokerage|firm|name) (?:is\s|(?-i:[A-Z]))|i'?m\s(?:the|an?)\s|i am\s(?:the|an?)\s)",
    re.I,
)
"""Where one correction ends and the next begins."""


def is_fix(event: Event) -> bool:
    """Whether an event puts a value right."""
    return isinstance(event, acts.Fix)


def fixes_in(text: str, view: View, names: Sequence[str], *, said_no: bool) -> list[Event]:
    """Corrections of the values just read back, each clause its own ("the firm is ..., and my name is ...")."""
    if not text.strip():
        return []
    parts = _CLAUSE.split(text) if len(names) > 1 else [text]
    if len(parts) > 1:
        each = {e.slot: e for c in parts for e in fixes_in(c, view, names, said_no=said_no) if is_fix(e)}  # type: ignore[union-attr]
        return list(each.values())
    fixes: list[Event] = []
    pending = [n for n in names if view.state.peek(n).pending or view.state.peek(n).counts]
    alone = len(pending) == 1
    own_words = alone and not said_no and view.flow.slots[pending[0]].type == "text"
    if own_words and not CORRECTING.search(text) and volunteered(text, view, names):
        return []  # another fact, and no other wording
    if alone and not said_no and view.flow.slots[pending[0]].type == "organization":
        told = any(isinstance(e, acts.Answer) and brings_value(e) for e in volunteered(text, view, names))
        told = told or _names_somebody(text, view)
        about = CORRECTING.search(text) or (_resembles(text, view, pending[0]) and not told)
        if not about and view.type_of(pending[0]).spot(text, view.context(pending[0])) is None:
            return []  # "Portland": where they are, and no other name of theirs
    named = slot_named(text, view, pending)
    for name in pending:
        context, kind, spec = view.context(name), view.type_of(name), view.flow.slots[name]
        if name in TIMED and not holds_time(text):
            continue  # "yes but my wife is Dana Cole" names no other time
        if spec.type in SUMS and without_moments(text) != text and not re.search(r"\d{3}", text):
            continue  # a day and an hour correct no number
        if (
            spec.type in ("email", "url")
            and not re.search(r"[a-z]", without_numbers(text), re.I)
            and not _WRITTEN.search(text)
        ):
            continue  # a telephone number corrects no address
        if not alone and named != name and spec.type in UNPROMPTED:
            meant = said_no or CORRECTING.search(text) or cue_span(text, spec.cues) is not None
            if spec.type == "yes_no" or not meant:
                continue
            if (
                spec.type == "text"
                and cue_span(text, spec.cues) is None
                and not _holds_its_part(text, view, name)
            ):
                continue  # almost any words could be one
            if not _resembles(text, view, name):
                continue
        few = len(re.sub(r"\D", "", text)) < 7 and not _PIECE_OF_NUMBER.search(text)
        if not alone and spec.type == "phone" and few:
            continue  # three digits are an area code or a house, no piece of another number
        counts = spec.type == "integer" and named != name and len(text.split()) > SHORT
        wanted = (alone or named in (None, name)) and (alone or not counts)
        # a telephone number is no opening hour
        timed = spec.type == "weekly_hours" and without_numbers(text) != text
        said = _behind_label(text) if spec.type == "text" and named == name else text
        reading = kind.repair(words_for(spec, said) if counts or timed else said, context) if wanted else None
        if reading is None and (alone or named == name):
            reading = kind.parse(said, context)
        if reading is None and not alone:
            reading = kind.spot(text, context)
        if reading is None or (
            reading.value is None and not reading.ask and not (reading.problem and (alone or said_no))
        ):
            continue
        if reading.value is not None and reading.value == context.current:
            # the same value said again: agreement, unless it came with a no
            if alone and not said_no:
                return [acts.Yes()]
            continue
        fixes.append(acts.Fix(name, reading))
        if not alone and named == name:
            break
    if len(fixes) > 1 and named is None:
        # "just one", of e-mails and of points: the words of a choice are no count too
        kinds = {e.slot: view.flow.slots[e.slot].type for e in fixes if isinstance(e, acts.Fix)}
        if CLOSED & set(kinds.values()):
            return [e for e in fixes if isinstance(e, acts.Fix) and kinds[e.slot] != "integer"]
    return fixes


def _behind_label(text: str) -> str:
    """ "The name on the phone is wrong, it's Tidewater Oak": what it should be."""
    found = re.search(
        r"\b(?:it'?s|it is|should (?:be|say)|make it|must be|change (?:it|that) to)\s+(?P<value>\S.*)$",
        text,
        re.I,
    )
    return found["value"] if found else text


def _holds_its_part(text: str, view: View, name: str) -> bool:
    """Whether free words that must hold another value do ("Oak Realty, how can we help?", for a greeting)."""
    parts = [view.state.best().get(of) for of in view.flow.slots[name].options.get("contains") or ()]
    return any(
        isinstance(part, str) and len(text.split()) > len(part.split()) + 1 and mentions(text, part)
        for part in parts
    )


def _names_somebody(text: str, view: View) -> bool:
    """Whether the caller's name is in the words."""
    names = [n for n, spec in view.flow.slots.items() if spec.type == "person_name"]
    parts = clauses(text, first_names())
    return any(name_in(parts, view, "", name) is not None for name in names[:1])


def _resembles(text: str, view: View, name: str) -> bool:
    """Whether words that name no field can be this one again: "no, remove Nevada" is no firm and no person."""
    spec, current = view.flow.slots[name], view.context(name).current
    if cue_span(text, spec.cues) is not None or _ACTS_ON.match(text):
        return not _ACTS_ON.match(text)
    if spec.type == "role_title":
        reading = view.type_of(name).parse(text, view.context(name))
        return reading is not None and reading.confidence >= 0.9
    if spec.type != "organization" or firms_in(text):
        return True
    words = [w for w in re.findall(r"\w+", text.lower()) if len(w) > 2]
    known = re.findall(r"\w+", str(current).lower())
    return any(fuzz.ratio(w, k) >= 70 for w in words for k in known)


_ACTS_ON = re.compile(r"\W*(?:please )?(?:remove|drop|delete|take|add|move|cancel|put)\b", re.I)
"""A wish that something be done, which no name begins with."""
_PIECE_OF_NUMBER = re.compile(r"\b(?:last|first|ends?|ending|digits?|area code|prefix|instead)\b", re.I)


def _said_again(words: str, view: View, name: str) -> bool:
    """Whether a yes or no that is known already is only said once more ("no, I said not listed!")."""
    if view.flow.slots[name].type != "yes_no" or not view.flow.slots[name].options.get("states"):
        return False
    reading = view.type_of(name).spot(words, view.context(name))
    return reading is not None and reading.value is not None and reading.value == view.state.peek(name).value


def correcting_earlier(text: str, view: View, asked: str) -> list[Event]:
    """ "No, it's Mountain time" to the question after: the landmark just said was wrong."""
    if not CORRECTING.search(text):
        return []
    sign, rest = split_polarity(text)
    if sign == "no" and not rest.strip(" ,.!"):
        return []  # a bare no answers the question that was asked
    words = rest if sign == "no" else text
    if any(_said_again(words, view, n) for n in view.state.history[-3:] if n != asked):
        return [acts.Command("repeat")]
    if view.type_of(asked).parse(words, view.context(asked)) is not None:
        return []
    for name in reversed(view.state.history[-2:]):
        if name == asked:
            continue
        spec = view.flow.slots[name]
        if spec.type == "text" and cue_span(words, spec.cues) is None and not _REWORDED.search(text):
            continue  # almost any words could be one
        sure = view.flow.on_end is None or view.type_of(name).spot(words, view.context(name)) is not None
        if spec.type == "yes_no" and not sure:
            continue  # "no idea" takes back no answer
        if spec.type == "organization" and (_WRITTEN.search(words) or not _resembles(words, view, name)):
            continue  # an address of the net is no name of a firm, and no talk is one
        context, kind = view.context(name), view.type_of(name)
        reading = kind.repair(words, context) or kind.spot(words, context)
        if reading is None and len(words.split()) <= SHORT:
            reading = kind.parse(words, context)
        if reading is not None and reading.value is not None and reading.value != context.current:
            return [acts.Fix(name, reading)]
    return []
