"""What a clause says of a value of a set-up that is known already: each kind by its own signs (A042, A044)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from agent.understanding.base import Reading
from agent.understanding.firm_spans import firms_in
from agent.understanding.numbers import cut
from agent.understanding.places import find_states

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
LEAD = (
    r"(?:(?:and|but|also|please|sorry|sry|so|oh|wait|actually|no|again|then|just|hey|ok|okay|pero|y|change|set|make|fix|correct|update|put|typo)"
    r"[\s,:]+)*"
)
_NOT = re.compile(
    r"^(?P<new>.{2,80}?)[\s,;]+(?:and )?not\s+(?:just\s+)?(?:the\s+)?(?P<old>[\w'@.&-]{2,40}(?: [\w'@.&-]{2,40})?)[\s.!,]*$",
    re.I,
)
_DROPS = re.compile(
    r"\b(?:without|drop|remove|take (?:out|off|away)|leave (?:out|off)|minus|no)\s+(?:the |in )?(?:word )?[\"“']?(?P<what>[\w' ]{2,40}?)[\"”']?"
    r"(?:\s+(?:off|out|from (?:it|(?:the|our) (?:\w+ )?name)|part|at the end))?[\s.!,]*$|\btake (?P<off>[\w' ]{2,30}?) (?:off|out)\b",
    re.I,
)
_NOT_NAMED = re.compile(r"[\s,;]+(?:and )?(?:not?|without|minus|drop)\b.*$|\bjust\s+", re.I | re.S)
"""What a name is said to be without."""
_CALLED = re.compile(
    r"^\W*(?:(?:no|and|but|so|sorry|wait|actually|well)\b\W*)*"
    r"(?:(?:the |our )?(?:\w+ )?name(?:'s| is| should be)|it'?s|we'?re)?\s*(?P<only>just|only|simply)?\s*",
    re.I,
)
"""What leads up to a name."""
_INTRODUCED = re.compile(r"\b(?:i'?m|i am|it'?s|it is|names?|called)\b", re.I)
"""What announces a person's name; a word of it that is known is enough then."""
_NOT_BUT = re.compile(
    r"^(?:i'?m |i am |it'?s |my name is |name'?s )?not [^,;.]{2,40}?[,;]?\s+(?:it'?s|but)\s+(?=\S)", re.I
)
""" "I'm not Hank Page, it's Hank Sage"."""
_LETTERED = re.compile(r"\b(?:spelled|spelt|spelling|with (?:an?|two|one) \w{1,2}\b|letter)", re.I)
_ONLY = re.compile(r"\b(?:only|just)\b", re.I)
_BESIDE_STATES = re.compile(
    r"\W*(?:(?:yes|and|it'?s|is|also|plus|both|states?|just|only|we do|too)\b\W*)*", re.I
)
"""What may stand beside states that are all a clause says."""
_IN_PLACE = re.compile(
    r"\b(?:no|not|actually|only|just|instead|rather|wrong|should|meant?|change|switch|except|without|remove|drop)\b"
    r"|n't\b|^\W*(?:it'?s|make (?:it|that))\b",
    re.I,
)
"""What is named takes the place of what is known."""
_TAKEN = re.compile(
    r"\b(?:take|remove|drop|delete|without|ignore|leave out|not|no longer|forget)\b(?P<what>[^.,;]{0,60})",
    re.I,
)
_ONCE = re.compile(r"\b(?:only |just )?(?:once|one)\b|\btwice\b", re.I)
_WISH = re.compile(
    r"\b(?:need|want|would like|looking for|hire|add|invite|if we|when we|maybe|might|will be|plan to)\b",
    re.I,
)
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
_NAMED_FIRM = re.compile(r"\b(?:name|company|brokerage|business|firm|called|nombre|it'?s|its|is)\b", re.I)


def known(view: View, name: str) -> bool:
    """Whether a slot has a value, agreed to or waiting for it."""
    slot = view.state.peek(name)
    return slot.counts or slot.pending


def held(view: View, name: str) -> object:
    """The newest value of a slot."""
    slot = view.state.peek(name)
    return slot.proposal if slot.pending else slot.value


def of_firm(words: str, view: View) -> str:
    """The words of the firm's known name that these are, in a row ("Oak & Elm", of "Oak & Elm, Bozeman"); "" if none."""
    value = _NOT_NAMED.sub("", words).strip(" .,!\"'“”")
    part, whole = value.lower().split(), str(held(view, FIRM) or "").lower().replace(",", " ").split()
    inside = any(whole[i : i + len(part)] == part for i in range(len(whole)))
    return value if part and inside else ""


def own_firm(words: str, view: View) -> str:
    """The firm's name in what is said to be it: without quotation marks, and without what it is not."""
    named = firms_in(words)
    return named[0].text if named else of_firm(words, view) or _NOT_NAMED.sub("", words).strip(' "“”')


def _firm(part: str, view: View) -> Reading | None:
    """A firm named that is nearly the one known, or this one without a word of it."""
    current = str(held(view, FIRM))
    named = firms_in(part)
    if named:
        name = named[0].text
        like = fuzz.token_set_ratio(name.lower(), current.lower())
        plain = fuzz.ratio(name.lower(), current.lower())
        if max(like, plain) >= ALIKE and _NAMED_FIRM.search(part):
            return read(FIRM, name, view)
    called = _CALLED.match(part)
    alone = of_firm(part[called.end() :] if called else part, view)
    named_alone = len(alone.split()) > 1 and view.state.awaiting.slots != [PERSON]
    enough = named_alone or (alone and called and called["only"])
    if enough and alone.lower() != _shown(view, PERSON).lower():
        return Reading(value=alone, confidence=0.9)  # "it's just Oak & Elm"
    drops = _DROPS.search(part)
    what = (drops["what"] or drops["off"] or "").strip() if drops else ""
    if what and re.search(rf"\b{re.escape(what)}\b", current, re.I) and len(what) < len(current):
        name, _, place = current.partition(",")
        if what.lower() in place.lower():
            return Reading(value=name, confidence=0.9)  # a place behind the name goes as a whole
        left = re.sub(rf"\s*\b(?:in )?{re.escape(what)}\b", "", current, count=1, flags=re.I).strip(" ,")
        return Reading(value=left, confidence=0.9) if len(left) > 2 else None
    return None


def _shown(view: View, name: str) -> str:
    value = held(view, name)
    return str(value.get("display", "")) if isinstance(value, dict) else ""


def _person(part: str, view: View) -> Reading | None:
    """The person's name again, nearly as it is known; a word of it that was taken twice."""
    current = held(view, PERSON)
    if not isinstance(current, dict):
        return None
    words = str(current.get("display", "")).split()
    doubled = [w for i, w in enumerate(words) if i and w.lower() == words[i - 1].lower()]
    if doubled and doubled[0].lower() in part.lower() and _ONCE.search(part):
        once = [w for i, w in enumerate(words) if not i or w.lower() != words[i - 1].lower()]
        return read(PERSON, " ".join(once), view)
    if (respelled := _respelled(part, words, view)) is not None:
        return respelled
    said = _NOT_BUT.sub("", re.sub(rf"^\W*{LEAD}", "", part, flags=re.I))
    reading = read(PERSON, said, view)
    told = (
        str(reading.value["display"]).split()
        if reading is not None and isinstance(reading.value, dict)
        else []
    )
    shared = {w.lower() for w in told} & {w.lower() for w in words}
    of_the_firm = firms_in(part) or of_firm(" ".join(told), view)
    introduced = _INTRODUCED.search(part) is not None and not of_the_firm
    if len(told) > 1 and len(shared) > (not introduced) and told != words:
        return reading
    return None


def _respelled(part: str, words: Sequence[str], view: View) -> Reading | None:
    """ "It's Sorensen with an e, not o": a word of the name written another way."""
    if not _LETTERED.search(part):
        return None
    told = re.findall(r"[^\W\d_]{3,}", part)
    for at, word in enumerate(words):
        new = next((w for w in told if w != word and fuzz.ratio(w, word) >= ALIKE), "")
        if new:
            return read(PERSON, " ".join([*words[:at], new, *words[at + 1 :]]), view)
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
    current = held(view, STATES)
    named = [code for p in find_states(part, strict=True) for code in p.codes]
    if not isinstance(current, list) or not named:
        return None
    alone = _BESIDE_STATES.fullmatch(cut(part, [(p.start, p.end) for p in find_states(part, strict=True)]))
    if alone or view.type_of(STATES).spot(part, view.context(STATES)) is not None:
        return states_told(part, view)
    taken = _TAKEN.search(part)
    off = [c for p in find_states(taken["what"], strict=True) for c in p.codes] if taken else []
    if off and set(off) & set(current):
        left = [c for c in current if c not in off] + [c for c in named if c not in off and c not in current]
        return Reading(value=left) if left else None
    if _ONLY.search(part) and set(named) < set(current):
        return Reading(value=list(dict.fromkeys(named)))
    return None


def states_told(part: str, view: View) -> Reading | None:
    """States named beside those that are known come to them, where nothing says that they take their place."""
    current = held(view, STATES)
    reading = view.type_of(STATES).repair(part, view.context(STATES))
    if reading is None or not isinstance(reading.value, list) or not isinstance(current, list):
        return reading
    if _IN_PLACE.search(part) or set(current) <= set(reading.value):
        return reading
    return Reading(value=[*current, *(code for code in reading.value if code not in current)])


def find_email(part: str, view: View) -> Reading | None:
    """An address of the net written out."""
    found = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", part)
    if found is None:
        return None
    reading = read(EMAIL, found.group(), view)
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
    return read(PLAN, (found[1] or found[2]), view) if found else None


def _transfer(part: str, view: View) -> Reading | None:
    if not re.search(r"\b(?:ring|rings|transfers?|put (?:them|callers) through)\b", part, re.I):
        return None
    return read(TRANSFER, part, view) if len(re.sub(r"\D", "", part)) >= 10 else None


def _voice(part: str, view: View) -> Reading | None:
    return read(VOICE, part, view) if re.search(r"\bvoice\b", part, re.I) else None


def _terms(part: str, view: View) -> Reading | None:
    """ "Fine, I accept them now", "I haven't accepted any terms": said of what was asked before."""
    if _DENIES.search(part):
        return Reading(value=False)
    return Reading(value=True) if _ACCEPTS.fullmatch(part) else None


def _role(part: str, view: View) -> Reading | None:
    """ "I'm broker owner, not borker": a role put in the place of one that is named as wrong."""
    found = _NOT.match(re.sub(rf"^\W*{LEAD}(?:i'?m|i am|im|it'?s)\s+", "", part, flags=re.I))
    if found is None or fuzz.partial_ratio(found["old"].lower(), str(held(view, ROLE)).lower()) < 85:
        return None
    return read(ROLE, found["new"], view)


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
    return read(AFTER, part, view)


def read(name: str, words: str, view: View) -> Reading | None:
    """The value of a slot that the words are; None when they are none."""
    reading = view.type_of(name).parse(words, view.context(name))
    return reading if reading is not None and reading.value is not None else None


KINDS: Sequence[tuple[str, Callable[[str, View], Reading | None]]] = (
    (EMAIL, find_email),
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
