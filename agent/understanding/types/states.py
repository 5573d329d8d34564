"""States a brokerage works in; canonical value: a list of USPS codes in the order they were said.

With ``options.single`` the value is one code (the state of a licence).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Reading, SlotContext
from agent.understanding.cities import find_cities
from agent.understanding.numbers import cut, fold
from agent.understanding.places import Place, fifty, find_states, state_codes
from agent.understanding.polarity import keys, split_polarity
from agent.understanding.simple import SimpleType
from policies import regions

_ANNOUNCED = (
    r"(?:we|i|they|our team|our agents|our office)(?: (?:all|mostly|mainly|currently|also|only|primarily))* "
    r"(?:work|works|serve|serves|cover|covers|operate|operates|sell|do business|are licensed|am "
    r"licensed|are active)(?: (?:in|across|throughout|all of|both))*"
    r"|licensed (?:in|for)|our (?:states|markets) are|serving|operating in|we're (?:licensed )?in|"
    r"the states? of"
)
_SEATED = re.compile(r"(?:\b(?:in|across|around|out of|and|based in)|,|\b[A-Z][a-z]+)\s*$")
_FIRM = re.compile(
    r"\b(?:realty|realtors?|real estate|properties|homes|brokerage|broker|agents?|team|firm|company|partners|we(?:'re| are))\b",
    re.I,
)
SHORT = 4
"""Words of an answer in which a city needs nothing beside it."""
_REACH = 160
"""How many characters behind an announcement its states may stand."""

_AT_END = re.compile(r"\s*(?:[,;.!?]|$|and\b)")
_SOMEBODY = re.compile(r"\b(?:i'?m|i am|this is|name(?:'?s| is)|with)\s+$", re.I)
_SMALL_CODE = re.compile(r"(?<=[a-z])(?:,\s?|\s)(?P<code>[a-z]{2})(?=\s*(?:[,;.!?]|$))")
_WORDLIKE = frozenset(
    ["in", "or", "me", "hi", "ok", "oh", "al", "co", "de", "id", "la", "ma", "mo", "pa", "ne", "pr"]
)
_ADD = re.compile(r"\b(?:also|too|as well|add|plus|in addition|on top)\b|^\s*and\b")
_TAKE = re.compile(r"\b(?:remove|drop|delete|take (?:out|off)|without|not|no longer|except)\b|n't\b")


class States(SimpleType):
    """Names, short forms and codes; "all fifty except ..."; adding and dropping by voice."""

    name = "states"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Every state that is named and not excluded."""
        if keys(text) is not None:
            return None
        return _reading(text, find_states(text), ctx) or self._of_cities(text, ctx, asked=_short(text))

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """States that follow an announcement ("we're licensed in ..."), up to the end of the clause."""
        cues = "|".join(re.escape(fold(cue)) for cue in ctx.slot.cues)
        pattern = f"{cues}|{_ANNOUNCED}" if cues else _ANNOUNCED
        for cue in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", fold(text)):
            clause = re.match(r"(?:[^.!?;]|\.(?=\S))*", text[cue.end() : cue.end() + _REACH])
            part = clause.group() if clause else ""
            places = find_states(part, strict=True)
            if places and places[0].start <= 45:
                shifted = [
                    Place(p.codes, p.start + cue.end(), p.end + cue.end(), p.denied, p.close) for p in places
                ]
                return _reading(text, shifted, ctx, 0.9)
        if ctx.slot.options.get("single"):
            return None
        # "Harbor Realty, Boise, Idaho, 20 agents": a firm and where it is, in one breath
        named = [p for p in find_states(text, strict=True) if _seated(text, p)]
        if not _FIRM.search(text):
            return None
        return _reading(text, named, ctx, 0.75) if named else self._of_cities(text, ctx)

    def _of_cities(self, text: str, ctx: SlotContext, *, asked: bool = False) -> Reading | None:
        """The states that cities alone tell, where no state is named."""
        if any(not place.denied for place in find_states(text, strict=True)):
            return None
        return _reading(text, _small_codes(text) or find_cities(text, asked=asked), ctx, 0.75)

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another list, or states added ("and Utah too") or dropped ("not Wyoming")."""
        polar, rest = split_polarity(text)
        said = rest or text
        places = find_states(said) or find_cities(said)
        if not places:
            return None
        named = _codes(places)
        dropped = {code for p in places if p.denied for code in p.codes}
        if not isinstance(ctx.current, list) or ctx.slot.options.get("single"):
            return _reading(said, places, ctx)
        folded = fold(said)
        if dropped and not named:
            left = [code for code in ctx.current if code not in dropped]
            return (
                Reading(value=left) if left else Reading(ask="Which states do you work in, then?", partial=[])
            )
        if dropped and dropped & set(ctx.current):
            kept = [code for code in ctx.current if code not in dropped]
            return Reading(value=kept + [code for code in named if code not in kept])
        if (polar != "no" and _ADD.search(folded)) or re.search(r"\b(?:also|too|as well|add|plus)\b", folded):
            return Reading(value=ctx.current + [code for code in named if code not in ctx.current])
        return _reading(said, places, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Known codes, at least one, none twice."""
        if ctx.slot.options.get("single"):
            return None if value in state_codes() else "Please give one state of the United States."
        if not isinstance(value, list | tuple) or not value:
            return "Please name at least one state."
        if not all(isinstance(code, str) and code in state_codes() for code in value):
            return "Please use two-letter codes of states of the United States."
        return "A state is there twice." if len(set(value)) != len(value) else None

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "Colorado and Wyoming"; the fifty by their number."""
        codes = [value] if isinstance(value, str) else list(value)
        missing = [code for code in fifty() if code not in codes]
        if len(missing) <= 5:
            others = [code for code in codes if code not in fifty()]
            text = (
                (f"all fifty states except {regions.spoken_states(missing)}")
                if missing
                else "all fifty states"
            )
            return f"{regions.spoken_states(others)} and {text}" if others else text
        return regions.spoken_states(codes)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """The states' names."""
        return tuple(state.name for state in regions.states().values())


def _seated(text: str, place: Place) -> bool:
    """Whether a state stands like the place of a firm: behind a preposition, a mark or a city, at a clause's end."""
    before = text[: place.start]
    if _SEATED.search(before):
        return True
    return (
        _AT_END.match(text, place.end) is not None
        and re.search(r"\w\s+$", before) is not None
        and not (_SOMEBODY.search(before))
    )


def _small_codes(text: str) -> list[Place]:
    """Codes in small letters behind a word, at the end of a clause ("knoxville tn, 8 agents")."""
    return [
        Place((found["code"].upper(),), found.start("code"), found.end("code"))
        for found in _SMALL_CODE.finditer(text)
        if found["code"].upper() in state_codes() and found["code"] not in _WORDLIKE
    ]


def _short(text: str) -> bool:
    """Whether an answer is hardly more than a place."""
    return len(text.split()) <= SHORT


def _codes(places: Sequence[Place]) -> list[str]:
    denied = {code for p in places if p.denied for code in p.codes}
    return list(dict.fromkeys(c for p in places if not p.denied for c in p.codes if c not in denied))


def _reading(text: str, places: Sequence[Place], ctx: SlotContext, confidence: float = 1.0) -> Reading | None:
    codes = _codes(places)
    if not codes:
        return None
    if any(p.close or p.codes == ("KS", "MO") for p in places):
        confidence = min(confidence, 0.7)
    rest = cut(text, [(p.start, p.end) for p in places])
    if not ctx.slot.options.get("single"):
        return Reading(value=codes, confidence=confidence, rest=rest)
    if len(codes) > 1:
        return Reading(
            ask=(f"Which one: {regions.spoken_states(codes[:3]).replace(' and ', ' or ')}?"), partial=codes
        )
    return Reading(value=codes[0], confidence=confidence, rest=rest)


TYPE = States()
