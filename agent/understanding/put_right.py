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
from rapidfuzz import fuzz

from agent import acts
from agent.acts import Event
from agent.understanding.base import Reading
from agent.understanding.firm_spans import firms_in
from agent.understanding.places import find_states
from agent.understanding.polarity import polarity
from agent.understanding.sentences import asks, sentences
from agent.understanding.types.text import mentions
from agent.understanding.wordlists import DATA

if TYPE_CHECKING:
    from agent.understanding.view import View

FIRM, PERSON, TEAM, PLAN, ROLE = "organization_name", "admin_name", "team_size", "plan", "admin_role"
VOICE, TRANSFER, TERMS = "voice_profile", "transfer_number", "terms_accepted"
STATES, EMAIL, HOURS, AFTER, MOBILE = (
    "states_served",
    "admin_email",
    "business_hours",
    "after_hours_mode",
    "admin_mobile",
)
ALIKE = 70
"""From how like its present value a firm named in passing is taken for a correction, of 100."""
_ARTICLE = r"(?:the |our |your |el |la )?"
_LEAD = (
    r"(?:(?:and|but|also|please|sorry|sry|so|oh|wait|actually|no|again|then|just|hey|ok|okay|pero|y|change|set|make|fix|correct|update|put|typo)"
    r"[\s,:]+)*"
)
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
_NOT = re.compile(
    r"^(?P<new>.{2,80}?)[\s,;]+(?:and )?not\s+(?:just\s+)?(?:the\s+)?(?P<old>[\w'@.&-]{2,40}(?: [\w'@.&-]{2,40})?)[\s.!,]*$",
    re.I,
)
_DROPS = re.compile(
    r"\b(?:without|drop|remove|take (?:out|off|away)|leave (?:out|off)|minus|no)\s+(?:the |in )?(?:word )?[\"“']?(?P<what>[\w' ]{2,40}?)[\"”']?"
    r"(?:\s+(?:off|out|from it|part|at the end))?[\s.!,]*$|\btake (?P<off>[\w' ]{2,30}?) (?:off|out)\b",
    re.I,
)
_ONLY = re.compile(r"\b(?:only|just)\b", re.I)
_TAKEN = re.compile(
    r"\b(?:take|remove|drop|delete|without|ignore|leave out|not|no longer|forget)\b(?P<what>[^.,;]{0,60})",
    re.I,
)
_ONCE = re.compile(r"\b(?:only |just )?(?:once|one)\b|\btwice\b", re.I)
_WISH = re.compile(
    r"\b(?:need|want|would like|looking for|hire|add|invite|if we|when we|maybe|might|will be|plan to)\b",
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
_FEW = frozenset({"choice", "multi_choice", "states", "timezone", "integer"})
_WEEK = 5
"""Open days from which hours are the whole week, said anew."""
_ACCEPTS = re.compile(
    r"\W*(?:(?:yes|ok(?:ay)?|fine|sure|all right|alright|well|and|so|now|sí|then)\b\W*)*i (?:do |now |hereby )?(?:accept|agree to)"
    r"(?: (?:it|them|those|the|your|terms|of service|now|too|all|then|conditions|and))*\W*",
    re.I,
)
_DENIES = re.compile(
    r"\bi(?:'m| am|'ve| have| do| did)?(?: not|n[o']t)(?: yet| actually)? (?:accept\w*|agree\w* (?:to|with))(?: (?:the|your|any|those|these|them|it|that|yet)\b|\W*$)|\bi never accepted\b",
    re.I,
)
_AMISS = re.compile(
    r"\b(?:wrong|incorrect|not right|misspelled|mis-?typed|typo|should be|fix|correct)\b", re.I
)
_REST_FINE = re.compile(
    r"\W*(?:and |but )?(?:the )?(?:rest|everything else|others?|all else)(?: of it| is|'s| are| looks?)*"
    r"(?: all)? (?:right|good|fine|ok(?:ay)?|correct|great|perfect)\W*",
    re.I,
)
_NAMED_FIRM = re.compile(r"\b(?:name|company|brokerage|business|firm|called|nombre|it'?s|its|is)\b", re.I)


_BY_COLON = frozenset((PLAN, AFTER, "greeting", "voice_profile", "timezone"))
"""Words that are also said of other things ("the plan is to grow the business")."""


@cache
def _labels() -> dict[str, re.Pattern[str]]:
    raw: dict[str, str] = yaml.safe_load((DATA / "labels.yaml").read_text(encoding="utf-8"))
    return {
        name: re.compile(rf"^\W*{_LEAD}(?:{_ARTICLE}|(?:my ))(?:{label}){_BECOMES}", re.I | re.S)
        for name, label in raw.items()
    }


@cache
def _beside() -> dict[str, re.Pattern[str]]:
    """Labels with their value right behind them: "team size 8"."""
    raw: dict[str, str] = yaml.safe_load((DATA / "labels.yaml").read_text(encoding="utf-8"))
    return {
        name: re.compile(rf"^\W*{_LEAD}(?:{_ARTICLE}|(?:my ))(?:{raw[name]})\s+(?P<value>\S.*)$", re.I)
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
    waiting = view.state.awaiting
    asked = waiting.slots[0] if waiting.kind in ("ask", "offer") and waiting.slots else ""
    asked_text = bool(asked) and view.flow.slots[asked].type == "text" and "\n" not in text
    text = _IGNORED.sub(" ", text) or text
    parts = pieces(text)
    form = sum(bool(_by_label(part, view)) for part in parts) > 2 or "\n" in text.strip()
    fixes: dict[str, Event] = {}
    left: list[str] = []
    for part in parts:
        found = (
            []
            if asks(part) and not part.lower().endswith("ok?")
            else _piece(part, view, asked, form, asked_text)
        )
        found = found or _meant_before(part, view, asked)
        for event in found:
            fixes[event.slot] = event
        over = found[0].reading.rest if found else part
        if found and len(over.split()) > 1:
            more = _piece(over, view, asked, form, asked_text)
            fixes.update({event.slot: event for event in more if event.slot not in fixes})
            over = "" if more else over
        if not found or (asked and over) or polarity(over) == "yes":
            left.append(over)
    if not fixes and not asked_text and (held := _as_held(text, parts, view)):
        return held
    if not fixes:
        return ordinary(text, view)
    rest = " ".join(p if p[-1] in ".!?" else f"{p}." for p in left if not _BARE_NO.fullmatch(p))
    if form and asked in fixes:
        rest = ""
    fine = bool(_REST_FINE.fullmatch(rest))
    said = ordinary(rest, view) if rest and not fine else []
    kept = [
        e
        for e in said
        if not isinstance(e, acts.Unclear | acts.No | acts.Command) and getattr(e, "slot", "") not in fixes
    ]
    if waiting.kind == "summary":
        kept = [e for e in kept if not isinstance(e, acts.Yes)]  # what was put right is seen first
    return [*kept, *fixes.values()]


def _meant_before(part: str, view: View, asked: str) -> list[acts.Fix]:
    """ "Sorry, I meant Friendly": the answer before is another one."""
    found = _MEANT.match(part)
    for name in reversed(view.state.history[-2:] if found else []):
        if found is None or name == asked or view.flow.slots[name].type not in _FEW:
            continue
        reading = _read(name, found["value"], view)
        if reading is not None and reading.value != _value(view, name):
            return [acts.Fix(name, reading)]
    return []


def _as_held(text: str, parts: Sequence[str], view: View) -> list[Event]:
    """ "You have my company wrong, it's Oak Homes", when Oak Homes it is: said so, and a yes stays one."""
    current = str(_value(view, FIRM) or "")
    same = current and any(f.text.lower() == current.lower() for f in firms_in(text))
    if not same or not _AMISS.search(text):
        return []
    said = acts.Aside("told_before", {"label": view.flow.slots[FIRM].label, "value": current}, stays=False)
    agreed = polarity(re.split(r"[,.]", parts[0])[0]) == "yes" and view.state.awaiting.kind != "summary"
    return [said, acts.Yes() if agreed else acts.Command("repeat")]


def _piece(part: str, view: View, asked: str, form: bool, asked_text: bool) -> list[acts.Fix]:
    """The correction in one clause; none where it answers what was asked."""
    labelled = _by_label(part, view)
    if labelled and labelled[0].reading.value != _value(view, labelled[0].slot):
        name = labelled[0].slot
        apart = name != asked and (_known(view, name) or name not in _BY_COLON or ":" in part)
        return labelled if form or apart else []
    kinds = _KINDS
    if asked_text:
        firm = str(_value(view, FIRM) or "")
        kinds = () if not firm or mentions(part, firm) else ((HOURS, _hours), (AFTER, _after))
    for name, find in kinds:
        if name not in view.flow.slots or not _known(view, name):
            continue
        doubted = name == EMAIL and view.state.peek(name).offer is not None
        if name == asked and not doubted:
            continue
        reading = find(part, view)
        if (
            reading is not None
            and reading.value is not None
            and (doubted or reading.value != _value(view, name))
        ):
            return [acts.Fix(name, reading)]
    return []


def _known(view: View, name: str) -> bool:
    slot = view.state.peek(name)
    return slot.counts or slot.pending


def _value(view: View, name: str) -> object:
    slot = view.state.peek(name)
    return slot.proposal if slot.pending else slot.value


def _by_label(part: str, view: View) -> list[acts.Fix]:
    for table in (_labels(), _beside()):
        for name, pattern in table.items():
            found = pattern.match(part) if name in view.flow.slots else None
            if found is None:
                continue
            value = found["value"].strip()
            if name == FIRM and (firm := firms_in(value)):
                value = firm[0].text
            behind = ""
            if name == PERSON:
                value, _, behind = value.partition(",")
            reading = _read(name, value, view)
            if reading is not None:
                reached = _reached_by(behind, view)
                rest = f"{reading.rest},{behind}" if behind and not reached else reading.rest
                sure = max(reading.confidence, 0.8)
                return [acts.Fix(name, Reading(value=reading.value, confidence=sure, rest=rest)), *reached]
    found = re.match(rf"^\W*{_LEAD}(?:the )?name\b{_BECOMES}", part, re.I)
    if found is not None and (firm := firms_in(found["value"])) and FIRM in view.flow.slots:
        reading = view.type_of(FIRM).parse(firm[0].text, view.context(FIRM))
        return [acts.Fix(FIRM, reading)] if reading is not None and reading.value else []
    return []


def _reached_by(words: str, view: View) -> list[acts.Fix]:
    """The address and the number behind a person's name."""
    found = [(EMAIL, _email(words, view)), (MOBILE, view.type_of(MOBILE).spot(words, view.context(MOBILE)))]
    return [acts.Fix(name, reading) for name, reading in found if reading is not None and reading.value]


def _firm(part: str, view: View) -> Reading | None:
    """A firm named that is nearly the one known, or this one without a word of it."""
    current = str(_value(view, FIRM))
    named = firms_in(part)
    if named:
        name = named[0].text
        like = fuzz.token_set_ratio(name.lower(), current.lower())
        plain = fuzz.ratio(name.lower(), current.lower())
        if max(like, plain) >= ALIKE and _NAMED_FIRM.search(part):
            return _read(FIRM, name, view)
    drops = _DROPS.search(part)
    what = (drops["what"] or drops["off"] or "").strip() if drops else ""
    if what and re.search(rf"\b{re.escape(what)}\b", current, re.I) and len(what) < len(current):
        left = re.sub(rf"\s*\b(?:in )?{re.escape(what)}\b", "", current, count=1, flags=re.I).strip(" ,")
        return Reading(value=left, confidence=0.9) if len(left) > 2 else None
    return None


def _person(part: str, view: View) -> Reading | None:
    """The person's name again, nearly as it is known; a word of it that was taken twice."""
    current = _value(view, PERSON)
    if not isinstance(current, dict):
        return None
    words = str(current.get("display", "")).split()
    doubled = [w for i, w in enumerate(words) if i and w.lower() == words[i - 1].lower()]
    if doubled and doubled[0].lower() in part.lower() and _ONCE.search(part):
        once = [w for i, w in enumerate(words) if not i or w.lower() != words[i - 1].lower()]
        return _read(PERSON, " ".join(once), view)
    reading = _read(PERSON, part, view)
    told = (
        str(reading.value["display"]).split()
        if reading is not None and isinstance(reading.value, dict)
        else []
    )
    shared = {w.lower() for w in told} & {w.lower() for w in words}
    if len(told) > 1 and len(shared) > 1 and told != words:
        return reading
    return None


def _team(part: str, view: View) -> Reading | None:
    """Another number of people than the one that is known."""
    if _WISH.search(part) and not re.search(r"\bneed (?:log-?ins|accounts|seats|access)\b", part, re.I):
        return None
    said = re.sub(r"[\s,]*(?:and )?\bnot (?:just )?\w+\W*$", "", part)
    seats = re.search(r"\b(\w+(?:-\w+)?) (?:of us )?need (?:log-?ins|accounts|seats|access)\b", said, re.I)
    said = f"{seats[1]} people" if seats else said
    return view.type_of(TEAM).spot(said, view.context(TEAM))


def _states(part: str, view: View) -> Reading | None:
    """States taken off the list that is known, or the only ones that stay."""
    current = _value(view, STATES)
    named = [code for p in find_states(part, strict=True) for code in p.codes]
    if not isinstance(current, list) or not named:
        return None
    taken = _TAKEN.search(part)
    off = [c for p in find_states(taken["what"], strict=True) for c in p.codes] if taken else []
    if off and set(off) & set(current):
        left = [c for c in current if c not in off] + [c for c in named if c not in off and c not in current]
        return Reading(value=left) if left else None
    if _ONLY.search(part) and set(named) < set(current):
        return Reading(value=list(dict.fromkeys(named)))
    return None


def _email(part: str, view: View) -> Reading | None:
    found = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", part)
    if found is None:
        return None
    reading = _read(EMAIL, found.group(), view)
    # said again and written out: no other address is meant
    return (
        Reading(value=found.group().lower(), confidence=0.95)
        if reading is not None and reading.value
        else None
    )


def _plan(part: str, view: View) -> Reading | None:
    found = re.search(
        r"\b(starter|professional|business|enterprise)(?:\s+plan)\b|\bplan\b.{0,20}\b(starter|professional|business|enterprise)\b",
        part,
        re.I,
    )
    return _read(PLAN, (found[1] or found[2]), view) if found else None


def _transfer(part: str, view: View) -> Reading | None:
    if not re.search(r"\b(?:ring|rings|transfers?|put (?:them|callers) through)\b", part, re.I):
        return None
    return _read(TRANSFER, part, view) if len(re.sub(r"\D", "", part)) >= 10 else None


def _voice(part: str, view: View) -> Reading | None:
    return _read(VOICE, part, view) if re.search(r"\bvoice\b", part, re.I) else None


def _terms(part: str, view: View) -> Reading | None:
    """ "Fine, I accept them now", "I haven't accepted any terms": said of what was asked before."""
    if _DENIES.search(part):
        return Reading(value=False)
    return Reading(value=True) if _ACCEPTS.fullmatch(part) else None


def _role(part: str, view: View) -> Reading | None:
    """ "I'm broker owner, not borker": a role put in the place of one that is named as wrong."""
    found = _NOT.match(re.sub(rf"^\W*{_LEAD}(?:i'?m|i am|im|it'?s)\s+", "", part, flags=re.I))
    if found is None or fuzz.partial_ratio(found["old"].lower(), str(_value(view, ROLE)).lower()) < 85:
        return None
    return _read(ROLE, found["new"], view)


def _hours(part: str, view: View) -> Reading | None:
    kind, context = view.type_of(HOURS), view.context(HOURS)
    reading = kind.spot(part, context)
    if (
        reading is None
        or not isinstance(reading.value, dict)
        or sum(map(bool, reading.value.values())) >= _WEEK
    ):
        return reading
    return kind.repair(part, context) or reading  # "no wait, Saturdays 9 to noon": the other days stay


def _after(part: str, view: View) -> Reading | None:
    if not re.search(r"\bafter[ -]hours\b|\bwhen we'?re closed\b|\bat night\b", part, re.I):
        return None
    return _read(AFTER, part, view)


def _read(name: str, words: str, view: View) -> Reading | None:
    reading = view.type_of(name).parse(words, view.context(name))
    return reading if reading is not None and reading.value is not None else None


_KINDS: Sequence[tuple[str, Callable[[str, View], Reading | None]]] = (
    (EMAIL, _email),
    (STATES, _states),
    (FIRM, _firm),
    (PERSON, _person),
    (ROLE, _role),
    (TEAM, _team),
    (PLAN, _plan),
    (HOURS, _hours),
    (AFTER, _after),
    (TRANSFER, _transfer),
    (VOICE, _voice),
    (TERMS, _terms),
)
