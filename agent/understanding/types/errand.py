"""What a caller of a brokerage wants (buy, sell, rent ...); canonical value: the choice's ``value``.

Found in whole sentences, unlike other choices: callers say what they want in the first sentence, in
many words, and change their minds (A092). The words are data (``data/errands.yaml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.numbers import fold
from agent.understanding.types.choice import ChoiceType, choices_of, either, label
from agent.understanding.wants import errand as errand_by_meaning

_DATA = Path(__file__).parent.parent / "data" / "errands.yaml"
_WORDS = frozenset({"not", "past", "turn", "also"})
_EITHER = re.compile(r"\b(?:either|or)\b")
_APART = frozenset({"buyer", "seller", "renter"})
"""Kinds that nobody means by the words of another: named together with "or", they are asked."""
FEW = 6
"""Words that may be nothing but one of the choices."""
OTHER = "other"
_OTHER = re.compile(
    r"\W*(?:(?:it'?s|um|uh|no|well|about|i want|i need|i have|for) )*(?:something|anything|somewhat) (?:else|different)"
    r"(?: please)?\W*|\W*(?:none of (?:those|these|them)|neither|other|another thing|otra cosa|ninguna de esas)\W*"
)
"""Something else than what was offered: what, is asked once."""
_OTHER_BUSINESS = frozenset({"wrong_number", "agent", "vendor", "message"})
_COVERING = (
    "wrong_number",
    "returned_call",
    "own_agent",
    "landlord",
    "business",
    "agent",
    "vendor",
    "existing_client",
    "investor",
)
"""A more telling kind covers the words of plainer ones ("buy an investment property")."""
_MEANS = {
    "own_agent": "existing_client",
    "landlord": "message",
    "business": "message",
    "returned_call": "message",
}
"""Kinds of the data that are no choice of their own: whoever calls about them leaves a message."""
_WISHES = re.compile(
    r"\b(?:want|wanna|looking|like|love|ready|hope|hoping|plan(?:ning)?|need|thinking|time)\b.{0,25}"
    r"\b(?:buy(?:ing)?|sell(?:ing)?|purchas(?:e|ing)|to list|rent (?:a|an|something)|lease (?:a|an)|invest(?:ing)?)\b"
)
"""A tenant who wants to buy is a buyer."""
_ONLY = re.compile(
    r"\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|yes|please|so|um|uh|thanks|hola|buen[oa]s (?:d[ií]as|tardes|noches))[\s,.!]+)*"
    r"(?:(?:can|could|may|i(?:'d| would) like to|i want to|i need to|please) ?(?:i|you|we)? ?(?:please )?(?:leave|take|pass on) (?:a|my|this) message(?: (?:for|to) [\w' ]{2,30})?"
    r"|(?:hi|hello|hey|hola|good (?:morning|afternoon|evening)))\W*",
    re.I,
)

_NO_LANDLORDS = frozenset({"seller", "renter", "business"})
"""Who speaks of a rental as one of these has none to let."""


@dataclass(frozen=True, slots=True)
class Named:
    """One kind of errand in a text: where, and whether the words say so outright."""

    value: str
    start: int
    end: int
    sure: bool
    kind: str = ""


@cache
def _patterns() -> tuple[dict[str, dict[str, re.Pattern[str]]], dict[str, re.Pattern[str]]]:
    raw = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    kinds = {
        kind: {strength: re.compile("|".join(f"(?:{p})" for p in found)) for strength, found in spec.items()}
        for kind, spec in raw.items()
        if kind not in _WORDS
    }
    return kinds, {name: re.compile(raw[name]) for name in _WORDS}


def named_in(text: str) -> list[Named]:
    """Every errand the words speak of, in the order of the data; denied and past ones left out."""
    kinds, words = _patterns()
    plain = fold(text).replace("’", "'")
    found: list[Named] = []
    for kind, strengths in kinds.items():
        for strength, pattern in strengths.items():
            for match in pattern.finditer(plain):
                clause = re.split(r"[.;!?,]", plain[: match.start()])[-1].rstrip()
                if words["not"].search(clause) and kind not in _COVERING:
                    continue
                if kind == "business" and _WISHES.search(plain):
                    continue
                if kind == "landlord" and errand_by_meaning(text) in _NO_LANDLORDS:
                    continue  # "I own a rental, its tenants left it a wreck, what could I get for it?"
                value = _MEANS.get(kind, kind)
                found.append(Named(value, match.start(), match.end(), strength == "sure", kind))
    return found


def tells_business(text: str) -> bool:
    """Whether the words say what they are about, so that nothing is left to ask ("my neighbor's fence ...")."""
    rest = " ".join(part for part in re.split(r"(?<=[.!?])\s+", text) if not only_names_it(part))
    if len(rest.split()) < 5:
        return False
    found = named_in(text)
    return bool(business_in(text)) or (rest != text and any(n.value == "message" for n in found))


def business_in(text: str) -> str:
    """The kind of business that is no search and no sale: own_agent, landlord, business or
    returned_call; "" for none."""
    meant = errand_by_meaning(text)
    named = {n.kind for n in named_in(text)}
    if not named or (meant == "business" and named == {"renter"}):
        named = {meant}  # "we rent on Pearl from you, there's no hot water" seeks no home
    return next((kind for kind in _COVERING if kind in named and kind in _MEANS), "")


def is_meant_by(kind: str) -> str:
    """The choice a kind of business counts as."""
    return _MEANS[kind]


def only_names_it(sentence: str) -> bool:
    """Whether a sentence only asks to leave a message, or greets."""
    return _ONLY.fullmatch(sentence.strip()) is not None


def said_besides(text: str) -> bool:
    """Whether what is wished for comes on top of something else ("we also need to sell")."""
    return _patterns()[1]["also"].search(fold(text)) is not None


def denies(text: str) -> bool:
    """Whether an errand is refused in so many words ("I do not want to rent", "no, not selling")."""
    kinds, words = _patterns()
    plain = fold(text).replace("’", "'")
    for kind, strengths in kinds.items():
        if kind in _APART:
            for match in strengths["sure"].finditer(plain):
                if words["not"].search(re.split(r"[.;!?,]", plain[: match.start()])[-1].rstrip()):
                    return True
    return False


def other_business(text: str) -> bool:
    """Whether the words say outright that it is no search and no sale at all ("just take a message")."""
    return any(n.sure and n.value in _OTHER_BUSINESS for n in named_in(text))


class ErrandType(ChoiceType):
    """Sentences first, then the plain choices ("buying", "the second one", keys)."""

    name = "errand"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The errand meant; a question when two were offered with "or"."""
        other = str(ctx.slot.options.get("other") or "")
        if other and ctx.partial != OTHER and _OTHER.fullmatch(fold(text)):
            return Reading(ask=other, partial=OTHER)
        reading = self._meant(text, ctx)
        if ctx.partial == OTHER and (reading is None or reading.value is None) and len(text.split()) > 1:
            # what it is about was asked, and it is none of the known kinds
            return Reading(value="message", rest=text)
        return reading

    def _meant(self, text: str, ctx: SlotContext) -> Reading | None:
        found = self.spot(text, ctx)
        turns = list(_patterns()[1]["turn"].finditer(fold(text)))
        if turns:
            # "buy ... no, actually rent": a bare word counts behind a turn
            after = text[turns[-1].end() :]
            later = self.spot(after, ctx) or super().parse(after, ctx)
            if later is not None and later.value is not None:
                return later
        short = len(text.split()) <= FEW
        reading = found or (super().parse(text, ctx) if short else None)
        if reading is not None and (short or reading.confidence == 1.0):
            return reading
        # words that only lean one way mean less than the whole sentence
        return self._by_meaning(text, ctx) or reading

    def _by_meaning(self, text: str, ctx: SlotContext) -> Reading | None:
        """What the words are most like, where no pattern knows them."""
        kind = errand_by_meaning(text)
        value = _MEANS.get(kind, kind)
        known = value in {c.value for c in choices_of(ctx)}
        return Reading(value=value, confidence=0.7, rest=text) if known else None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """The errand a sentence speaks of."""
        every = {c.value for c in choices_of(ctx)}
        found = [n for n in named_in(text) if n.value in every]
        sure = [n for n in found if n.sure] or found
        if not sure:
            return None
        if not sure[0].sure:
            # words that only lean one way mean less than the whole sentence
            weak = Reading(value=sure[0].value, confidence=0.8, rest=text)
            return (self._by_meaning(text, ctx) if len(text.split()) > FEW else None) or weak
        turned = self._after_turn(text, sure)
        if turned is not None:
            return Reading(value=turned, rest=text)
        for kind in _COVERING:
            if any(n.kind == kind for n in sure):
                return Reading(value=_MEANS.get(kind, kind), rest=text)
        values = list(dict.fromkeys(n.value for n in sorted(sure, key=lambda n: n.start)))
        plain = fold(text)
        if len(values) > 1 and set(values) <= _APART:
            first, second = (
                next(n for n in sorted(sure, key=lambda n: n.start) if n.value == v) for v in values[:2]
            )
            if _EITHER.search(plain[first.start : second.end]):
                question = f"Do you mean {either([label(v, choices_of(ctx)) for v in values[:3]])}?"
                return Reading(ask=question, partial=values)
        return Reading(value=values[0], rest=text)

    def _after_turn(self, text: str, found: list[Named]) -> str | None:
        turns = list(_patterns()[1]["turn"].finditer(fold(text)))
        if not turns:
            return None
        last = turns[-1]
        later = [n for n in found if n.end > last.end()]
        return later[0].value if later else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another errand named."""
        reading = self.parse(text, ctx)
        return reading if reading is not None and reading.value not in (None, ctx.current) else None


TYPE = ErrandType()
