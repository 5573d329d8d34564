"""Places somebody asks about; canonical value: a list of names as said ("Capitol Hill", "80202").

Places are data of the caller's, never judged or completed: the name is taken, what it stands for is
looked up by whoever searches.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.cues import cue_span
from agent.understanding.digits import keyed
from agent.understanding.fillers import strip_fillers
from agent.understanding.simple import SimpleType, correction
from policies.regions import states

_MOST = 10
_CARRIER = re.compile(
    r"^(?:(?:i'?m|we'?re|i am|we are) (?:mostly |mainly |currently |really |only )?(?:looking|searching|interested|thinking|hoping|shopping|hunting)"
    r"(?: (?:to (?:buy|live|rent|move)(?: \w+)?|for (?:something|a (?:place|home|house|condo|apartment)|one|places|homes)))?"
    r"|(?:i'?d|we'?d|i would|we would) (?:like|love|prefer)(?: to (?:be|live|look|stay|buy|rent|move))?(?: (?:something|it|a (?:place|home|house)))?"
    r"|(?:i|we) (?:want|like|love|prefer|need)(?: to (?:be|live|look|stay|move))?(?: (?:something|it|a (?:place|home|house)))?"
    r"|(?:something|somewhere|anything|anywhere|preferably|ideally|probably|maybe|mostly|mainly|either|look|try|search|places?|homes?|houses?|apartments?)"
    r"|(?:the )?(?:area|areas|neighborhoods?|city|town|places?)(?: (?:is|are|would be|of|called))?"
    r"|it'?s|that'?s|let'?s (?:say|try|do)|how about|what about)"
    r"[\s,]*",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"^(?:(?:in|near|around|by|at|within|inside|close to|next to|not far from|outside of|outside|toward|towards|over in|down in|up in|out in|on)\s+)+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:(?:the )?(?:city|town|area|areas|neighborhoods?|zip(?: code)?|suburbs?|village|community|part) (?:of|called|named)\s+|the (?=[a-z]+ (?:area|district|neighborhood)\b))",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,]*\b(?:area|areas|neighborhoods?|region|please|thanks|thank you|or so|if possible|would be (?:great|nice|good|ideal|perfect|fine)|"
    r"works?(?: for (?:me|us))?|is (?:good|fine|great|nice|ideal)|maybe|probably|ideally|preferably|for sure|specifically|too|as well)\b[.!]*$",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\s*(?:[.;!?](?:\s|$)|,?\s+\b(?:with|that has|which has|because|since|so that|where|under|for (?:under|about|up to|around|a|my|our|the|work)|"
    r"up to|between|at least|around (?=\$?\d)|about (?=\$?\d)|and (?=i'm\b|we're\b|my\b|our\b|it\b|i\b|we\b|the (?:budget|price)|at least|preferably|a budget|needs?|three|two|four|one|\d)|"
    r"but|if|as (?:close|near)|my budget|our budget|i need|we need|i'd|we'd|i'm|we're|is there|are there|do you|can you|could you|what|how)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(
    r"\s*(?:,|;|/|\bor\b|\band\b|\bplus\b|\bas well as\b)\s*(?:maybe |possibly |also |perhaps |even |then |in |near |around )*",
    re.IGNORECASE,
)
_STATES = r"(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY])"
_CITY_STATE = re.compile(rf",\s*({_STATES})\b(?!\w)")
_NONE = re.compile(
    r"^(?:no(?:thing)? (?:preference|particular|specific|idea)\b.*|(?:i'?m )?(?:not|un)\s?(?:sure|picky|particular|certain)\b.*|any(?:where|thing| area)?\b(?: is (?:fine|good|okay))?"
    r"|no|none|nope|yes|yeah|yep|sure|open|flexible|wherever|whatever|it doesn'?t matter|(?:i )?don'?t (?:know|care|mind)\b.*|all (?:over|of them)|you (?:choose|decide|tell me)|help|repeat)$",
    re.IGNORECASE,
)
_NOT_A_PLACE = re.compile(
    r"^(?:i|we|you|he|she|they|it|me|us|a|an|the|my|our|to|for|of|is|are|was|be|have|has|had|do|does|would|could|should|can|will|want|need|like|look|looking|buy|buying|sell|selling|rent|renting|"
    r"home|homes?|house|houses|apartments?|condos?|place|places|bed(?:room)?s?|bath(?:room)?s?|garage|yard|pool|budget|price|cash|loan|yes|no|hi|hello|hey|good|great|nice|new|old|big|small|large|cheap|quiet|safe|"
    r"month|months|week|year|today|tomorrow|soon|now|then|there|here|this|that|what|where|when|why|how|who|which|total|mind|general|particular|person|touch|advance|fact|mid|early|late|about|hurry|rush|order|case|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|fall|autumn|winter)$",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:in|near|around|close to|by|area of|city of|town of|over in|down in|out in|moving to|move to|relocating to|located in|based in|outside of|outside)\s+"
    r"(?:the\s+)?(?P<name>(?:[A-Z][\w'’.-]*|\d{5})(?:(?:\s+(?:of|de|del|la|las|los|el|the|on|by)\s+|\s+|-)[A-Z][\w'’.-]*){0,4}(?:,\s*(?:[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?))?"
    r"(?:\s+(?:city|hills?|park|heights|valley|beach|county|village|springs|lakes?|point|creek)\b)?"
    r"(?:\s*(?:,|or|and)\s+(?:in |near )?(?:the )?(?:[A-Z][\w'’.-]*|\d{5})(?:\s+[A-Z][\w'’.-]*){0,3})*)"
)
_ZIP = re.compile(r"\b\d{5}\b")


class Areas(SimpleType):
    """A list of place names."""

    name = "areas"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Every place named in an answer to "which areas"."""
        pressed = keyed(text)
        if pressed is not None:
            digits = pressed.rstrip("#")
            return Reading(value=[digits]) if len(digits) == 5 else None
        body = strip_fillers(text).strip(" .,!?")
        if not body or _NONE.match(body):
            return None
        marked = _PLACED.search(body)
        if marked and len(body.split()) > 7:
            names = _names(marked["name"])
            if names:
                rest = f"{body[: marked.start()]} {body[marked.end() :]}".strip(" ,.")
                return Reading(value=names, confidence=0.85, rest=rest)
        stop = _STOP.search(body)
        head, rest = (body[: stop.start()], body[stop.start() :]) if stop and stop.start() else (body, "")
        before = None
        while before != head:
            before = head
            head = _WHERE.sub("", _CARRIER.sub("", head).strip(" ,")).strip(" ,")
        names = _names(head)
        return Reading(value=names, confidence=0.8, rest=rest.strip(" ,.;")) if names else None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Only capitalised names behind "in", "near", "around", and zip codes announced as such."""
        if ctx.slot.cues and cue_span(text, ctx.slot.cues) is None:
            return None
        found = _PLACED.search(text)
        if found:
            names = [n for n in _names(found["name"]) if not re.fullmatch(r"[A-Z]{1,3}", n)]
            if names and not all(n.lower() in state_names() for n in names):
                return Reading(value=names, confidence=0.75)
        code = re.search(r"\bzip(?: code)?(?: is)? (\d{5})\b", text, re.IGNORECASE)
        return Reading(value=[code[1]], confidence=0.9) if code else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another list, or one more or one less of the places held."""
        current = list(ctx.current or [])
        said = correction(text)
        more = re.match(r"^(?:and |also |add |plus )+(?:also )?(.*)$", said, re.IGNORECASE)
        less = re.match(r"^(?:not |without |drop |remove |except )(.*)$", said, re.IGNORECASE)
        reading = self.parse((more or less)[1] if (more or less) else said, ctx)  # type: ignore[index]
        if reading is None or not reading.value:
            return None
        if more:
            return Reading(value=[*current, *(n for n in reading.value if n not in current)][:_MOST])
        if less:
            gone = {n.lower() for n in reading.value}
            kept = [n for n in current if n.lower() not in gone]
            return Reading(value=kept) if kept and kept != current else None
        return reading

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """One to ten names with letters or digits."""
        if not isinstance(value, list) or not value or len(value) > _MOST:
            return "I need a town, a neighborhood or a zip code."
        if not all(isinstance(n, str) and re.search(r"[^\W_]{2}", n) and len(n) <= 60 for n in value):
            return "I need the names of places, like a town, a neighborhood or a zip code."
        return None

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "A, B or C"."""
        names = [str(n) for n in value] if isinstance(value, list) else [str(value)]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"

    def say(self, value: Any, ctx: SlotContext) -> str:
        """As shown, with zip codes digit by digit."""
        return _ZIP.sub(lambda m: " ".join(m.group()), self.show(value, ctx))


@cache
def state_names() -> frozenset[str]:
    """Names of the states, in lower case."""
    return frozenset(state.name.lower() for state in states().values())


def _names(text: str) -> list[str]:
    """Place names of a list in words; empty when something in it is no name."""
    joined = _CITY_STATE.sub(r" \1", text)
    found: list[str] = []
    for piece in _SPLIT.split(joined):
        name = piece.strip(" .,!?'\"")
        before = None
        while before != name:
            before = name
            name = _TAIL.sub("", _ARTICLE.sub("", _WHERE.sub("", name))).strip(" .,")
        if not name:
            continue
        words = name.split()
        if (
            len(words) > 5
            or all(_NOT_A_PLACE.match(w) for w in words)
            or not re.search(r"[^\W\d_]{2}|\d{5}", name)
        ):
            continue
        if (
            _NOT_A_PLACE.match(words[0])
            and words[0].islower()
            and words[0] not in ("new", "old", "big", "the")
        ):
            continue
        written = _written(name)
        if found and written.lower() in state_names():
            continue  # "Denver, Colorado" is one place
        if written.lower() not in (n.lower() for n in found):
            found.append(written)
    return found[:_MOST]


def _written(name: str) -> str:
    """Capitals for a name that came without: "capitol hill" -> "Capitol Hill"."""
    if name != name.lower():
        return name
    small = {"of", "the", "on", "by", "de", "la", "del", "las", "los", "and"}
    words = [w if w in small and i else w[:1].upper() + w[1:] for i, w in enumerate(name.split())]
    return " ".join(words)


TYPE = Areas()
