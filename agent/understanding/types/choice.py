"""One of a known list; canonical value: the choice's ``value``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Reading, SlotContext
from agent.understanding.matching import (
    CERTAIN,
    Match,
    exact_matches,
    find_choices,
    phrases,
    plain,
    position,
    says_none,
    telling,
)
from agent.understanding.numbers import cut, fold
from agent.understanding.polarity import keys, split_polarity
from agent.understanding.simple import SimpleType
from flows.schema import Choice

_PART_OF_MORE = re.compile(r"[\s-]*(?:flow\w*|on cash|for (?:my|our)|offer (?:on|for)|back|only listings)\b")
"""Words with which a bare one means something else ("cash flow")."""
NONE_VALUES = ("none", "no", "nothing", "no_one", "nobody")
_TURN = re.compile(
    r"\b(?:no wait|wait|actually|i mean|or rather|sorry|make that|scratch that|on second thought|no,)\b"
)


def choices_of(ctx: SlotContext) -> Sequence[Choice]:
    """The choices in force: those the session supplies, else the slot's own."""
    return ctx.choices or ctx.slot.choices


def label(value: Any, choices: Sequence[Choice]) -> str:
    """How a value is called."""
    return next((c.label for c in choices if c.value == value), str(value).replace("_", " "))


def either(labels: Sequence[str]) -> str:
    """ "A or B", "A, B or C"."""
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"


def sure(match: Match) -> float:
    """Confidence (0..1) of a match: word for word 1, the rest by closeness."""
    return 1.0 if match.score >= CERTAIN else 0.9 if match.score >= 90 else 0.8 if match.score >= 85 else 0.65


def announced(text: str, ctx: SlotContext) -> bool:
    """Whether a cue of the slot stands in the text."""
    said = f" {plain(text)} "
    return any(f" {plain(cue)} " in said for cue in ctx.slot.cues)


def _is_refusal(choice: Choice) -> bool:
    """Whether a choice answers no ("no", "not yet")."""
    return choice.value == "no" or bool({"no", "not yet"} & set(phrases(choice)))


def _outweighs(found: Sequence[Match], text: str) -> Match | None:
    """The name with the most telling words ("buy an investment property"), if none is offered with "or"."""
    if re.search(r"\b(?:or|and|either)\b", fold(text[found[0].start : found[-1].end])):
        return None
    weights = [telling(text[m.start : m.end]) for m in found]
    return found[weights.index(max(weights))] if weights.count(max(weights)) == 1 else None


_AGREES = re.compile(r"\W*sure(?: thing)?\W*", re.IGNORECASE)


class ChoiceType(SimpleType):
    """Understands labels, other words, near misses, "the second one" and keys 1 to 9."""

    name = "choice"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The choice meant; a question between two when the words fit both."""
        every = choices_of(ctx)
        pressed = keys(text)
        if pressed is not None:
            return self._keyed(pressed, every)
        named = {c.value: c for c in every}
        # in the order they were asked in: "the second" is of these
        offered = (
            [named[v] for v in ctx.partial if v in named] if isinstance(ctx.partial, list | tuple) else []
        )
        agrees = _AGREES.fullmatch(text) is not None  # "sure" resembles "not sure", and is none
        for choices in () if agrees else (offered, every):
            if found := self._said(text, choices):
                return found
        polar, rest = split_polarity(text)
        none = next((c for c in every if c.value in NONE_VALUES), None)
        if none is not None and (says_none(text) or (polar == "no" and not rest)):
            return Reading(value=none.value)
        affirm = next((c for c in every if c.value in {"yes", "true"}), None)
        if affirm is not None and polar == "yes":
            return Reading(value=affirm.value, rest=rest)
        return None

    def _said(self, text: str, choices: Sequence[Choice]) -> Reading | None:
        if not choices:
            return None
        if exact := exact_matches(text, choices):
            return self._decide(text, exact, choices)
        if (index := position(text, len(choices))) is not None:
            return Reading(value=choices[index].value)
        refused = {m.value for m in exact_matches(text, choices, denied=True)}
        left = [c for c in choices if c.value not in refused]
        if refused and (no := next((c for c in left if _is_refusal(c)), None)):
            return Reading(value=no.value, confidence=0.8)
        return self._decide(text, found, choices) if (found := find_choices(text, left)) else None

    def _decide(self, text: str, found: Sequence[Match], choices: Sequence[Choice]) -> Reading:
        values = list(dict.fromkeys(m.value for m in found))
        if len(values) > 1:
            turned = (
                _TURN.search(fold(text)[found[-2].end : found[-1].start])
                if found[-2].end <= found[-1].start
                else None
            )
            if turned is None and (main := _outweighs(found, text)):
                return Reading(value=main.value, confidence=0.8, rest=cut(text, [(main.start, main.end)]))
            if turned is None:
                question = f"Do you mean {either([label(v, choices) for v in values[:3]])}?"
                return Reading(ask=question, partial=values)
        last = found[-1]
        spans = [(m.start, m.end) for m in found]
        return Reading(value=last.value, confidence=sure(last), rest=cut(text, spans))

    def _keyed(self, pressed: str, choices: Sequence[Choice]) -> Reading | None:
        if not choices or not pressed:
            return None
        if pressed.isdigit() and 1 <= int(pressed) <= len(choices):
            return Reading(value=choices[int(pressed) - 1].value)
        return Reading(problem=f"Please press a number from 1 to {min(len(choices), 9)}.")

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A choice named word for word, where a cue or the name itself leaves no doubt.

        A name of one ordinary word ("professional", "new") needs a cue; a name of several words, or one
        written the way only a name is (HubSpot, kvCORE), does not; nor does one of ``options.sure``.
        """
        choices = choices_of(ctx)
        found = exact_matches(text, choices)
        if len({m.value for m in found}) != 1:
            return None
        match = found[0]
        said = text[match.start : match.end]
        bare = fold(said).strip() in ctx.slot.options.get("sure", ())
        if bare and not _PART_OF_MORE.match(fold(text[match.end :])):
            return Reading(value=match.value, confidence=0.85, rest=cut(text, [(match.start, match.end)]))
        named = (" " in said.strip() and len(said) > 6) or bool(re.search(r"[a-z][A-Z]|\d", said))
        if not named and not announced(cut(text, [(match.start, match.end)]), ctx):
            return None
        return Reading(value=match.value, confidence=0.9, rest=cut(text, [(match.start, match.end)]))

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another choice named ("no, HubSpot", "not Starter, Professional")."""
        polar, rest = split_polarity(text)
        found = self._said(rest, choices_of(ctx)) if rest else None
        if found is None and polar == "no" and rest:
            return self.parse(rest, ctx)
        return found

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """One of the listed values, when there is a list."""
        choices = choices_of(ctx)
        if isinstance(value, str) and (
            value in {c.value for c in choices} or (not choices and value.strip())
        ):
            return None
        if not choices:
            return "Please choose one of the options."
        return f"Please choose one of these: {either([c.label for c in choices])}."

    def show(self, value: Any, ctx: SlotContext) -> str:
        """The choice's label."""
        return label(value, choices_of(ctx))

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Every label, then the other words."""
        choices = choices_of(ctx)
        return tuple(dict.fromkeys([c.label for c in choices] + [w for c in choices for w in c.also]))


TYPE = ChoiceType()
