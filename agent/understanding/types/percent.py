"""A share; canonical value: a number from 0 to 100 (int when whole). Options: ``min``, ``max``."""

from __future__ import annotations

import re
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.fillers import strip_opening
from agent.understanding.numbers import cut, find_numbers, fold
from agent.understanding.polarity import keys
from agent.understanding.simple import SimpleType
from agent.understanding.spoken import number_words, tidy

_SHARES = (
    (r"three[- ]quarters?", 75),
    (r"two[- ]thirds", 66.67),
    (r"(?:a |one[- ])?third", 33.33),
    (r"(?:a |one[- ])?quarter", 25),
    (r"(?:a |one[- ])?half", 50),
    (r"(?:all|everything|all of (?:it|them)|the whole thing)", 100),
    (r"(?:none|nothing|none of (?:it|them))", 0),
)
_SIGN = re.compile(r"\s*(?:%|per ?cent(?:age)?(?: points?)?\b|pct\b)")


class Percent(SimpleType):
    """ "Fifty percent", "50%", "half", or a bare number as the answer."""

    name = "percent"
    patience: Patience = "short"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The share meant."""
        pressed = keys(text)
        if pressed is not None:
            return self._bounded(int(pressed), ctx) if pressed.isdigit() and len(pressed) <= 3 else None
        said = fold(strip_opening(text)).strip(" .,!?")
        for pattern, value in _SHARES:
            if re.fullmatch(rf"(?:about |around |roughly )?{pattern}(?: of (?:it|them))?", said):
                return self._bounded(value, ctx)
        folded = fold(text)
        numbers = [n for n in find_numbers(text) if not n.ordinal]
        signed = [n for n in numbers if _SIGN.match(folded, n.end)]
        chosen = (signed or numbers)[-1:]
        if not chosen or (not signed and len(numbers) > 1):
            return None
        return self._bounded(chosen[0].value, ctx, 1.0, cut(text, [(chosen[0].start, chosen[0].end)]))

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A number with a percent sign or word beside a cue of the slot."""
        folded = fold(text)
        for number in find_numbers(text):
            near = folded[max(0, number.start - 40) : number.end + 40]
            if _SIGN.match(folded, number.end) and any(fold(cue) in near for cue in ctx.slot.cues):
                found = self._bounded(number.value, ctx, 0.9, cut(text, [(number.start, number.end)]))
                return found if found.value is not None else None
        return None

    def _bounded(self, value: float, ctx: SlotContext, confidence: float = 1.0, rest: str = "") -> Reading:
        problem = self.check(value, ctx)
        return (
            Reading(problem=problem)
            if problem
            else Reading(value=tidy(value), confidence=confidence, rest=rest)
        )

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """A number within the bounds."""
        low, high = ctx.slot.options.get("min", 0), ctx.slot.options.get("max", 100)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            return f"I need a percentage from {number_words(low)} to {number_words(high)}."
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Fifty percent" in words."""
        return f"{number_words(value)} percent"

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "50%"."""
        return f"{value:g}%"


TYPE = Percent()
