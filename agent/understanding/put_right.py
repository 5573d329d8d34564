"""What a broker puts right, or fills in by its label, beside whatever was asked (A042, A044).

"My role: owner. Phone should be 206 555 0133", "yes, but we're fifteen agents", "it's Sunny Side Realty, not
Suny": each piece of an utterance that plainly corrects a value is taken as that; what is left answers the question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import yaml

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.by_topic import by_topic, elsewhere, in_topic, spoken_of, told_before
from agent.understanding.firm_spans import firms_in
from agent.understanding.known_values import (
    AFTER,
    EMAIL,
    FIRM,
    HOURS,
    KINDS,
    LEAD,
    MOBILE,
    PERSON,
    PLAN,
    ROLE,
    TEAM,
    find_email,
    held,
    known,
    of_firm,
    own_firm,
    read,
)
from agent.understanding.polarity import polarity, split_polarity
from agent.understanding.sentences import asks, sentences
from agent.understanding.types.text import mentions
from agent.understanding.volunteered import volunteered
from agent.understanding.wordlists import DATA

if TYPE_CHECKING:
    from agent.understanding.view import View

_ARTICLE = r"(?:the |our |your |el |la )?"
_BECOMES = (
    r"\s*(?:[:=]|[-–]\s|(?:isn'?t|is not|is wrong|was wrong|está mal)[^,;.]{0,40}[,;.]\s*(?:it'?s|it is|is)?\b"
    r"|\b(?:is|are|should be|should say|should read|has to be|must be|needs to be|to|es)\b)\s*"
    r"(?:(?:just|actually|really|only)\s+)?(?P<value>\S.*)$"
)
_PIECE = re.compile(
    r"\s*[;\n]\s*|[,.]\s+(?:and\s+|but\s+)?(?=(?:my|our|the|please)\s)"
    r"|,\s*(?:and|but)\s+(?=(?:it'?s|i'?m|im|i am|we'?re|there|without|not|make|change|remove|drop|only|just)\b)"
    r"|,\s*(?=(?:it'?s|i'?m|im|i am|we'?re|there are|without|change|remove|drop)\b)"
    r"|\s+(?:and|but)\s+(?=(?:my|our|the)\s[\w' ]{2,28}?\b(?:is|are|should be)\b)"
    r"|,?\s+and\s+(?=(?:the )?(?:follow[- ]?up|hot (?:lead )?score|area code|after hours)\b|the [\w ]{3,30}?\b(?:voice|plan)\b)"
    r"|\s+and\s+(?=(?:im|i'?m|i am)\s(?:the|an?|broker|owner|manag|only|just)\b)"
    r"|(?<=[.!])\s+(?=(?:without|but|and)\b)|\b(?<=sry)\s+typo\s+|\s+but\s+(?=(?:name|it'?s|we'?re)\b)",
    re.I,
)
_BARE_NO = re.compile(
    r"\W*(?:no|nope|wait|sorry|oh|hey|actually|it'?s not|that'?s (?:not (?:right|it)|wrong)|no it'?s not)\W*",
    re.I,
)
_IGNORED = re.compile(
    r"(?:^|(?<=[,;.]))(?:\s*and)?[^,;.]{3,90}?,? (?:but )?(?:please )?(?:ignore|forget(?: about)?|never ?mind|don'?t count|leave out)"
    r" (?:that|it|those|them|this)\b",
    re.I,
)
"""What somebody says and takes back in the same breath."""
_MEANT = re.compile(
    r"^\W*(?:(?:sorry|oops|no|wait|actually|hm+|oh)\b[\s,]*)+(?:i meant?|make (?:it|that)|i said|rather)\s+(?P<value>.+)$",
    re.I,
)
_NUMBER_NOW = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|no|oh|and|but|so|sorry|wait|actually|well)\b\W*)*(?:it'?s|it is|that'?s|i said|make (?:it|that)|we'?re)"
    r" (?:actually |only |now |just )?(?P<value>\d{1,4}|[a-z]+(?:-[a-z]+)?)(?: now| actually| people| agents)*\s*(?:[,.;?!]|$)",
    re.I,
)
_CHECKS = re.compile(
    r"^\W*(?:did|do|have) you (?:get|got|catch|hear|note|have|see)(?: down)? (?:that )?", re.I
)
""" "Did you get that it's 11?" tells it."""
_OF_FIGURES = frozenset({"integer", "weekly_hours", "code", "phone", "time", "hot_rule", "lead_weights"})
_WELL_HEARD = 0.9
"""How sure a number must be: "it's on" is no one."""
_FEW = frozenset({"choice", "multi_choice", "states", "timezone", "integer"})
_AMISS = re.compile(
    r"\b(?:wrong|incorrect|not right|misspelled|mis-?typed|typo|should be|fix|correct)\b", re.I
)
_REST_FINE = re.compile(
    r"\W*(?:and |but )?(?:the )?(?:rest|everything else|others?|all else)(?: of it| is|'s| are| looks?)*"
    r"(?: all)? (?:right|good|fine|ok(?:ay)?|correct|great|perfect)\W*",
    re.I,
)
_BUT_FOR = re.compile(
    r"^\W*(?:yes,? )?(?:(?:everything|all|it|that|the rest|looks?)(?:'s| is| are|'re)?(?: looks?)? (?:all )?)?"
    r"(?:right|good|fine|ok(?:ay)?|correct|great|perfect|yes)?,? (?:except|apart from|other than|save)(?: for| that)? "
    r"(?P<what>(?:the |our |my )?[\w-]+(?: [\w-]+)?),? (?:that'?s|it'?s|(?:that|it)? ?should be|(?=(?:we|make|i)\b))",
    re.I,
)
"""What is right is not said again: "everything's right except Sundays, we're open ..." is "Sundays: ..."."""
_BY_COLON = frozenset((PLAN, AFTER, "greeting", "voice_profile", "timezone"))
"""Words that are also said of other things ("the plan is to grow the business")."""


@cache
def _labels() -> dict[str, re.Pattern[str]]:
    raw: dict[str, str] = yaml.safe_load((DATA / "labels.yaml").read_text(encoding="utf-8"))
    return {
        name: re.compile(rf"^\W*{LEAD}(?:{_ARTICLE}|(?:my ))(?:{label}){_BECOMES}", re.I | re.S)
        for name, label in raw.items()
    }


@cache
def _beside() -> dict[str, re.Pattern[str]]:
    """Labels with their value right behind them: "team size 8"."""
    raw: dict[str, str] = yaml.safe_load((DATA / "labels.yaml").read_text(encoding="utf-8"))
    return {
        name: re.compile(rf"^\W*{LEAD}(?:{_ARTICLE}|(?:my ))(?:{raw[name]})\s+(?P<value>\S.*)$", re.I)
        for name in (TEAM, ROLE, "area_code", MOBILE, "hot_score", "follow_up", "routing_mode")
    }


def pieces(text: str) -> list[str]:
    """The clauses of an utterance, each of which may be about another value."""
    found: list[str] = []
    for sentence in sentences(text):
        found += [part.strip(" ,") for part in _PIECE.split(sentence)]
    return [part for part in found if part]


def put_right(text: str, view: View, ordinary: Callable[[str, View], list[Event]]) -> list[Event]:
    """Corrections by label, by likeness or by kind; the words they leave are understood as always."""
    events = in_topic(_put_right(text, view, ordinary), text, view)
    if all(isinstance(event, acts.Unclear) for event in events):
        return told_before(pieces(text), view) or events
    return events


def _put_right(text: str, view: View, ordinary: Callable[[str, View], list[Event]]) -> list[Event]:
    waiting = view.state.awaiting
    asked = waiting.slots[0] if waiting.kind in ("ask", "offer") and waiting.slots else ""
    asked_text = bool(asked) and view.flow.slots[asked].type == "text" and "\n" not in text
    text = _IGNORED.sub(" ", text) or text
    if waiting.kind == "summary" and _REST_FINE.fullmatch(text):
        return [acts.Yes()]  # "everything else is right" names no "other"
    text = _BUT_FOR.sub(r"\g<what>:", text) if waiting.kind == "summary" else text
    parts = pieces(text)
    form = sum(bool(_by_label(part, view)) for part in parts) > 2 or "\n" in text.strip()
    told: list[Event] = []
    left: list[str] = []
    beside: list[str] = []
    whole = form or asked_text
    clauses = parts if whole else [each for part in parts for each in by_topic(part)]
    for part in clauses:
        found, over = _taken(part, view, asked, form, asked_text)
        told += found
        if not found and not whole and elsewhere(part, view, asked, alone=len(clauses) == 1):
            beside.append(part)
        elif not found or (asked and over) or polarity(over) == "yes":
            left.append(over)
    fixes = {event.slot: event for event in told if isinstance(event, acts.Fix)}
    wishes = [event for event in told if not isinstance(event, acts.Fix)]
    if not fixes and not asked_text and (same := _as_held(text, parts, view)):
        return same
    if not told and not beside:
        return ordinary(text, view)
    rest = " ".join(p if p[-1] in ".!?" else f"{p}." for p in left if not _BARE_NO.fullmatch(p))
    if form and asked in fixes:
        rest = ""
    fine = bool(_REST_FINE.fullmatch(rest))
    said: list[Event] = ordinary(rest, view) if rest and not fine else []
    said += [event for part in beside for event in volunteered(part, view, [asked])]
    vain = (acts.Unclear, acts.No, acts.Command) if told else ()
    kept = [e for e in said if not isinstance(e, vain)]
    kept = [e for e in kept if getattr(e, "slot", "") not in fixes]
    if told and (waiting.kind == "summary" or set(fixes) & set(waiting.slots)):
        kept = [e for e in kept if not isinstance(e, acts.Yes)]  # what was put right is seen first
    return [*kept, *fixes.values(), *wishes[-2:]] or [acts.Unclear(text)]


def _taken(part: str, view: View, asked: str, form: bool, asked_text: bool) -> tuple[list[Event], str]:
    """What one clause puts right or wishes to, and the words of it that are left."""
    if asks(part) and not part.lower().endswith("ok?"):
        found: list[Event] = [*_meant_before(part, view, asked)]
    else:
        found = [*(_piece(part, view, asked, form, asked_text) or _meant_before(part, view, asked))]
    if not found:
        found = [] if form else spoken_of(part, view, asked)
        sign = split_polarity(part)[0] if found else None
        return found, ("yes" if sign == "yes" else "") if found else part
    over = found[0].reading.rest if isinstance(found[0], acts.Fix) else ""
    if len(over.split()) > 1:
        named = {event.slot for event in found if isinstance(event, acts.Fix)}
        more = _piece(over, view, asked, form, asked_text)
        found += [event for event in more if event.slot not in named]
        over = "" if more else over
    if not over and view.state.awaiting.kind == "offer" and split_polarity(part)[0] == "yes":
        over = "yes"  # "yes, and it's Tennessee and Virginia"
    return found, over


def _meant_before(part: str, view: View, asked: str) -> list[acts.Fix]:
    """ "Sorry, I meant Friendly": the answer before is another one."""
    found = _MEANT.match(part)
    if (number := _NUMBER_NOW.match(_CHECKS.sub("", part))) is not None:
        return _number_now(number["value"], view, asked)
    for name in reversed(view.state.history[-2:] if found else []):
        if found is None or name == asked or view.flow.slots[name].type not in _FEW:
            continue
        reading = read(name, found["value"], view)
        if reading is not None and reading.value != held(view, name):
            return [acts.Fix(name, reading)]
    return []


def _number_now(words: str, view: View, asked: str) -> list[acts.Fix]:
    """ "Actually it's 11 now", where no number is asked: the count that was told last is another one."""
    slots = view.flow.slots
    if asked in slots and slots[asked].type in _OF_FIGURES:
        return []
    for name in reversed(view.state.history):
        if slots[name].type == "integer":
            reading = read(name, words, view)
            sure = reading is not None and reading.confidence >= _WELL_HEARD
            return [acts.Fix(name, reading)] if reading and sure and reading.value != held(view, name) else []
    return []


def _as_held(text: str, parts: Sequence[str], view: View) -> list[Event]:
    """ "You have my company wrong, it's Oak Homes", when Oak Homes it is: said so, and a yes stays one."""
    current = str(held(view, FIRM) or "")
    same = current and any(f.text.lower() == current.lower() for f in firms_in(text))
    if not same or not _AMISS.search(text):
        return []
    said = acts.Aside("told_before", {"label": view.flow.slots[FIRM].label, "value": current}, stays=False)
    agreed = polarity(re.split(r"[,.]", parts[0])[0]) == "yes" and view.state.awaiting.kind != "summary"
    return [said, acts.Yes() if agreed else acts.Command("repeat")]


def _piece(part: str, view: View, asked: str, form: bool, asked_text: bool) -> list[acts.Fix]:
    """The correction in one clause; none where it answers what was asked."""
    labelled = _by_label(part, view)
    if labelled and labelled[0].reading.value != held(view, labelled[0].slot):
        name = labelled[0].slot
        apart = name != asked and (known(view, name) or name not in _BY_COLON or ":" in part)
        return labelled if form or apart else []
    kinds = KINDS
    if asked_text:
        firm = str(held(view, FIRM) or "")
        kinds = [] if not firm or mentions(part, firm) else [k for k in KINDS if k[0] in (HOURS, AFTER)]
    for name, find in kinds:
        if name not in view.flow.slots or not known(view, name):
            continue
        doubted = name == EMAIL and view.state.peek(name).offer is not None
        if name == asked and not doubted:
            continue
        reading = find(part, view)
        if (
            reading is not None
            and reading.value is not None
            and (doubted or reading.value != held(view, name))
        ):
            return [acts.Fix(name, reading)]
    return []


def _by_label(part: str, view: View) -> list[acts.Fix]:
    for table in (_labels(), _beside()):
        for name, pattern in table.items():
            found = pattern.match(part) if name in view.flow.slots else None
            if found is None:
                continue
            value = found["value"].strip()
            if name == FIRM:
                value = own_firm(value, view)
            behind = ""
            if name == PERSON:
                value, _, behind = value.partition(",")
            reading = read(name, value, view)
            if reading is not None:
                reached = _reached_by(behind, view)
                rest = f"{reading.rest},{behind}" if behind and not reached else reading.rest
                sure = max(reading.confidence, 0.8)
                return [acts.Fix(name, Reading(value=reading.value, confidence=sure, rest=rest)), *reached]
    found = re.match(rf"^\W*{LEAD}(?:the )?name\b{_BECOMES}", part, re.I)
    if found is not None and (firms_in(found["value"]) or of_firm(found["value"], view)):
        reading = read(FIRM, own_firm(found["value"], view), view)
        return [acts.Fix(FIRM, reading)] if reading is not None else []
    return []


def _reached_by(words: str, view: View) -> list[acts.Fix]:
    """The address and the number behind a person's name."""
    found = [
        (EMAIL, find_email(words, view)),
        (MOBILE, view.type_of(MOBILE).spot(words, view.context(MOBILE))),
    ]
    return [acts.Fix(name, reading) for name, reading in found if reading is not None and reading.value]
