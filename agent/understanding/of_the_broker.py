"""Who sets a brokerage up, told beside something else: "yes. Danny Kowalsky, broker owner, 727 555 0111" (A042).

The question that was asked takes its answer; what the other clauses tell of the person (name, role, mobile,
e-mail) is kept, so that it is not asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.cities import find_cities
from agent.understanding.clauses import EMAIL, PHONE, Clause, clauses
from agent.understanding.firm_spans import firms_in
from agent.understanding.passing import Named, first_names, known_first, name_in
from agent.understanding.places import find_states
from agent.understanding.types.role_title import HEAD

if TYPE_CHECKING:
    from agent.understanding.view import View

PERSON, ROLE, MOBILE, MAIL, OFFICE = "admin_name", "admin_role", "admin_mobile", "admin_email", "main_phone"
_OTHER_LINE = re.compile(
    r"\b(?:office|main|landline|fax|transfer\w*|forward\w*|ring|callers|agent'?s? number)\b", re.I
)
"""What makes a telephone number another one than the person's own."""
_OFFICE_LINE = re.compile(
    r"\b(?:office|main) (?:line|number|phone)|\bis (?:the|our|my) (?:office|main)\b", re.I
)
_HAS = re.compile(
    r"\bi (?P<has>own|run|founded|started) (?P<it>it\b|th(?:e|is) (?:place|company|business|firm)\b)?(?:the |a )?",
    re.I,
)
_AS_WHAT = re.compile(
    r"\bi'?m (?:the|an?|your) (?:[a-z-]+ ){1,3}(?P<who>(?-i:[A-Z])[\w'’-]+ (?-i:[A-Z])[\w'’-]+)$", re.I
)
_IS_ME = re.compile(r"\s+(?:is|that'?s|it'?s|would be) me\W*$", re.I)
_WELL_KNOWN = 0.85
"""How sure a role must be that was not asked for: one from the list."""


def with_broker(text: str, view: View, events: list[Event]) -> list[Event]:
    """These events, with what else the words tell of the person who speaks; nothing that is known already."""
    if "\n" in text or text.lstrip().startswith("DTMF:"):
        return events
    told = {
        e.slot: e.reading.value
        for e in events
        if isinstance(e, acts.Answer | acts.Fix) and e.reading.value is not None
    }
    more = list(_found(text, view, told))
    if not more:
        return events
    slots = {e.slot for e in more}
    shown = [e.reading.value["display"] for e in more if isinstance(e.reading.value, dict)]
    kept = [
        e
        for e in events
        if not isinstance(e, acts.Unclear)
        and not (isinstance(e, acts.Answer | acts.Fix) and (e.slot in slots or e.reading.value in shown))
    ]
    return [*kept, *more]


def _found(text: str, view: View, told: dict[str, Any]) -> Iterator[acts.Answer]:
    asked = _asked(view)

    def wanted(name: str) -> bool:
        slot = view.state.peek(name)
        return name not in told and not (slot.counts or slot.pending)

    def answer(name: str, reading: Reading) -> acts.Answer:
        return acts.Answer(name, reading, volunteered=asked != name)

    parts = clauses(text, first_names())
    held = str(told[PERSON]["display"]) if isinstance(told.get(PERSON), dict) else ""
    named = _named(parts, view, asked) if wanted(PERSON) or held else None
    beside = _beside_a_role(parts, view) if wanted(PERSON) or wanted(ROLE) else None
    if beside is not None and named is None and wanted(PERSON):
        yield answer(PERSON, beside[0])
    if named is not None:
        shown = str(named.reading.value["display"])
        if not held or (held != shown and held.startswith(f"{shown} ")):
            yield answer(PERSON, named.reading)  # "Evan Fairbanks", and not "... Managing Partner"
    if wanted(ROLE) and asked != ROLE:
        role = _role_behind(text[named.end :], view) if named is not None else None
        role = role or (beside[1] if beside is not None else _role_alone(parts, view)) or _of_own_firm(text)
        if role is not None:
            yield answer(ROLE, role)
    if wanted(MAIL) and (mail := EMAIL.search(text)) is not None and not _asks(parts, mail.start()):
        reading = view.type_of(MAIL).parse(mail.group(), view.context(MAIL))
        if reading is not None and reading.value is not None:
            yield answer(MAIL, reading)
    yield from _numbers(text, view, asked, wanted(MOBILE), wanted(OFFICE))


def _asked(view: View) -> str:
    waiting = view.state.awaiting
    return waiting.slots[0] if waiting.kind in ("ask", "offer") and waiting.slots else ""


def _asks(parts: Sequence[Clause], at: int) -> bool:
    return any(p.asks for p in parts if p.start <= at < p.end)


def _named(parts: Sequence[Clause], view: View, asked: str) -> Named | None:
    """The person, introduced or named by a first name people have; never a place, never a half of a name."""
    found = name_in(parts, view, asked, slot=PERSON)
    if found is None or not isinstance(found.reading.value, dict):
        return None
    words = str(found.reading.value["display"]).split()
    place = any(find_states(w, strict=True) for w in words[1:])
    if any(
        p.start + f.start < found.end and found.start < p.start + f.end
        for p in parts
        for f in firms_in(p.text)
    ):
        return None  # "the name is Saguaro Sky Realty"
    return (
        found
        if not place and (asked == PERSON or _introduced(parts, found) or known_first(words[0]))
        else None
    )


def _beside_a_role(parts: Sequence[Clause], view: View) -> tuple[Reading, Reading] | None:
    """(who, as what): "I'm the office manager, Carla Boone", "Lucien Thibodeaux, broker-owner"."""
    for part in parts:
        announced = _AS_WHAT.search(part.text)
        who = _whole_name(announced["who"], view) if announced else None
        what = _role_of(part.text[: announced.start("who")], view) if announced and who else None
        if who is not None and what is not None:
            return who, what
    for one, other in pairwise(parts):
        for role, name in ((one, other), (other, one)):
            who = _whole_name(name.text, view)
            what = _role_of(role.text, view) if who is not None else None
            if who is not None and what is not None:
                return who, what
    return None


def _whole_name(clause: str, view: View) -> Reading | None:
    """The person's name that a clause is, with a first name people have or in capitals, and no firm or place."""
    words = re.sub(r"\s+(?:here|speaking|is me)\W*$", "", clause.strip(" .,!"), flags=re.I)
    capital = re.fullmatch(r"[A-Z][\w'’-]+(?: [A-Z][\w'’.-]+){1,2}", words)
    small = re.fullmatch(r"[a-z'’-]+(?: [a-z'’-]+){1,2}", words)
    if not (capital or (small and known_first(words.split()[0]))) or firms_in(words) or find_states(words):
        return None
    if find_cities(words, asked=True) or _role_of(words, view) is not None:
        return None
    reading = view.type_of(PERSON).parse(words.title() if small else words, view.context(PERSON))
    return reading if reading is not None and reading.value is not None else None


def _role_of(clause: str, view: View) -> Reading | None:
    """The well-known role a clause begins with, or announces ("I'm the office manager", "owner of Oak Homes")."""
    kind, context = view.type_of(ROLE), view.context(ROLE)
    reading = kind.spot(clause, context) or kind.parse(_IS_ME.sub("", clause), context)
    sure = reading is not None and reading.value is not None and reading.confidence >= _WELL_KNOWN
    return reading if sure else None


def _role_alone(parts: Sequence[Clause], view: View) -> Reading | None:
    """The role that a clause is, and nothing else ("..., managing broker, ...")."""
    for part in parts:
        reading = _role_of(part.text, view) if not part.asks else None
        if reading is not None and not reading.rest.strip(" .,") and not firms_in(part.text):
            return reading
    return None


def _of_own_firm(text: str) -> Reading | None:
    """ "I own Sunfield Realty", "I run it": what somebody is in a firm that is named, or spoken of, behind it."""
    starts = {firm.start for firm in firms_in(text)}
    for said in _HAS.finditer(text):
        if said["it"] or said.end() in starts:
            return Reading(value=HEAD if said["has"].lower() == "run" else "Owner", confidence=_WELL_KNOWN)
    return None


def _introduced(parts: Sequence[Clause], found: Named) -> bool:
    """Whether the name stands behind words that announce it."""
    clause = next((p for p in parts if p.start <= found.start < p.end), None)
    return clause is not None and not clause.text.startswith(str(found.reading.value["display"])[:2])


def _role_behind(rest: str, view: View) -> Reading | None:
    """What somebody is, right behind the name: ", broker owner", " the ops director"."""
    words = re.match(r"^[\s,.;(]*(?:and )?(?:i'?m |i am )?(?:the |an? |our )?(?P<role>[^.;!?)]+)", rest, re.I)
    if words is None:
        return None
    kind, context = view.type_of(ROLE), view.context(ROLE)
    for piece in (words["role"], words["role"].split(",")[0]):
        reading = kind.parse(piece, context)
        if reading is not None and reading.value is not None and reading.confidence >= _WELL_KNOWN:
            return Reading(value=reading.value, confidence=reading.confidence)
    return None


def _numbers(text: str, view: View, asked: str, mobile: bool, office: bool) -> Iterator[acts.Answer]:
    """A number that nothing makes another line's is the person's own; one called the office's is that."""
    if asked in view.flow.slots and view.flow.slots[asked].type == "phone":
        mobile = False  # the question takes it
    matches = list(PHONE.finditer(text))
    for number, match in enumerate(matches):
        before = text[matches[number - 1].end() if number else 0 : match.start()]
        until = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        after = re.split(r"[,.;]", text[match.end() : until])[0]
        own = not _OTHER_LINE.search(before) or re.search(r"\b(?:cell|mobile)\b", before + after, re.I)
        if office and (_OFFICE_LINE.search(after) or _OFFICE_LINE.search(before[-30:])):
            name, office = OFFICE, False
        elif mobile and own and not _OTHER_LINE.search(after):
            name, mobile = MOBILE, False
        else:
            continue
        reading = view.type_of(name).parse(match.group(), view.context(name))
        if reading is not None and reading.value is not None:
            yield acts.Answer(name, reading, volunteered=True)
