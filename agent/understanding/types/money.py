"""One sum in US dollars; canonical value: a number (int when whole).

Options: ``scale`` ("house", "rent" or "none": what a bare "four fifty" means; else taken from the
bounds), ``min``, ``max``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.amounts import (
    Amount,
    bounds_problem,
    find_amounts,
    monthly,
    scale_of,
    scaled,
)
from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.matching import plain
from agent.understanding.numbers import cut, fold
from agent.understanding.polarity import keys
from agent.understanding.simple import SimpleType, correction, label_of
from agent.understanding.spoken import Num, say_dollars, show_dollars, tidy

_TURN = re.compile(r"\b(?:no|wait|actually|sorry|i mean|make that|rather|scratch that)\b")
_RANGE = re.compile(r"\s*(?:-|to|and|or|through|up to)(?: maybe| about| around)?\s*\$?\s*")


def cued(text: str, amount: Amount, ctx: SlotContext) -> bool:
    """Whether a cue of the slot stands within a few words of the sum."""
    around = f" {plain(text[max(0, amount.start - 40) : amount.start])} | {plain(text[amount.end : amount.end + 20])} "
    return any(f" {plain(cue)} " in around for cue in ctx.slot.cues)


class Money(SimpleType):
    """Spoken, written and keyed sums."""

    name = "money"
    patience: Patience = "short"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The sum meant; two sums are asked apart."""
        pressed = keys(text)
        if pressed is not None:
            return self._bounded(int(pressed), ctx) if pressed.isdigit() and len(pressed) <= 10 else None
        amounts = find_amounts(text)
        if not amounts:
            return None
        if len(amounts) > 1 and _RANGE.fullmatch(fold(text[amounts[0].end : amounts[1].start])):
            pair = [scaled(a, scale_of(ctx))[0] for a in amounts[:2]]
            question = f"One amount is enough. Shall I put {say_dollars(pair[0])} or {say_dollars(pair[1])}?"
            return Reading(ask=question, partial=pair)
        turned = len(amounts) > 1 and _TURN.search(fold(text[amounts[0].end : amounts[-1].start]))
        chosen = amounts[-1] if turned else next((a for a in amounts if a.money or not a.bare), amounts[0])
        value, sure = scaled(chosen, scale_of(ctx))
        return self._bounded(value, ctx, sure, cut(text, [(chosen.start, chosen.end)]))

    def _bounded(self, value: Num, ctx: SlotContext, confidence: float = 1.0, rest: str = "") -> Reading:
        problem = bounds_problem(value, ctx)
        return (
            Reading(problem=problem)
            if problem
            else Reading(value=tidy(value), confidence=confidence, rest=rest)
        )

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A sum that is plainly money and stands beside a cue of the slot."""
        scale = scale_of(ctx)
        if scale == "house" and monthly(text):
            return None
        for amount in find_amounts(text):
            if (amount.money or not amount.bare) and cued(text, amount, ctx):
                value, sure = scaled(amount, scale)
                if bounds_problem(value, ctx) is None:
                    rest = cut(text, [(amount.start, amount.end)])
                    return Reading(value=tidy(value), confidence=min(sure, 0.9), rest=rest)
        return None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another sum."""
        said = correction(text)
        return self.parse(said, ctx) if said else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """A positive number within the bounds, in whole cents."""
        good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
        if not good or round(value, 2) != value:
            return f"I need an amount in dollars for {label_of(ctx)}."
        return bounds_problem(value, ctx)

    def say(self, value: Any, ctx: SlotContext) -> str:
        """In words."""
        return say_dollars(value)

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "$450,000"."""
        return show_dollars(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """What sums are made of."""
        return ("thousand", "hundred", "million", "dollars")


TYPE = Money()
