"""A price range in US dollars; canonical value ``{"min": int | None, "max": int | None}``.

No bound is invented: one sum without a qualifier ("450", "my budget is 450", "around 450") is the
upper bound, because it is what the caller said they would pay; the other stays None.
``options.single`` ("max", "min" or "both") changes that, ``options.around`` (a percentage) turns
"around X" into a span. "In the four hundreds" is 400 to 500 thousand. Scale and bounds as for money.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from agent.understanding.amounts import (
    Amount,
    align,
    bounds_problem,
    find_amounts,
    monthly,
    scale_of,
    scaled,
    too_small,
)
from agent.understanding.base import Reading, SlotContext
from agent.understanding.numbers import cut, fold
from agent.understanding.polarity import keys, split_polarity
from agent.understanding.simple import SimpleType, correction
from agent.understanding.spoken import Num, say_dollars, show_dollars, tidy
from agent.understanding.types.money import cued

_OVER = r"(?:over|above|more than|past|exceed(?:ing)?|higher than|beyond|north of)"
_UNDER = r"(?:under|below|less than|lower than|cheaper than|south of)"
_DENY = r"(?:\bnot?|\bnothing|n't|\bnever|\bwithout)[\w' ]{0,25}?\b"
_TAIL = r"(?: about| around| roughly| maybe| say| like| at| of| the| is| to| a)*\s*\$?\s*$"
_NOT_OVER = re.compile(rf"{_DENY}{_OVER}{_TAIL}")
_NOT_UNDER = re.compile(rf"{_DENY}{_UNDER}{_TAIL}")
_MAX_BEFORE = re.compile(
    rf"(?:{_UNDER}|\bup to|\bat most|\bmax(?:imum)?|\bwithin|\bcapp?ed|\bas high as|"
    rf"\bgo (?:up )?to|\btops?|"
    rf"\bceiling|\blimit|\bas much as|\buntil){_TAIL}"
)
_MIN_BEFORE = re.compile(
    rf"(?:{_OVER}|\bat least|\bfrom|\bstart(?:s|ing)?|\bmin(?:imum)?|\bupwards? of|"
    rf"\bbeginning){_TAIL}"
)
_MAX_AFTER = re.compile(
    r"^(?: or| and| is| as)*(?: my| our| the)?(?: absolute)? (?:less|under|below|lower|max(?:imum)?|"
    r"tops?|limit|ceiling|at (?:the )?most|cheaper)\b"
)
_MIN_AFTER = re.compile(
    r"^\s*(?:\+|plus\b|(?:or|and|is) (?:more|above|up|upwards?|higher|over|better|(?:my |our |the "
    r")?min(?:imum)?)\b|min(?:imum)?\b|at least\b)"
)
_EXACT = re.compile(r"\bexactly\s*\$?$")
_AROUND = re.compile(
    r"\b(?:around|about|roughly|approximately|near|close to|in the (?:neighborhood|ballpark|range) "
    r"of|circa)\s*\$?$|~\s*\$?$"
)
_AROUND_AFTER = re.compile(r"^\s*(?:-?ish|or so|give or take|or thereabouts|more or less)\b")
_JOIN = re.compile(
    r"\s*,?\s*(?:-|to|and|or|through|thru|until|till|up to|and up to|or maybe|maybe|maybe up to|and "
    r"maybe|or even)\s*(?:about |around |maybe |the |up to |like )*"
    r"(?:low |mid |high )?\$?\s*"
)
_BETWEEN = re.compile(r"\bbetween(?: about| around| the)*\s*\$?$")


A_RENT = 50_000
"""Dollars a month that nobody pays."""


class MoneyRange(SimpleType):
    """ "Between 400 and 450", "up to 600k", "at least 300", "in the four hundreds"."""

    name = "money_range"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The bounds that were said, and no others."""
        pressed = keys(text)
        if pressed is not None:
            return (
                self._reading(None, int(pressed), ctx) if pressed.isdigit() and len(pressed) <= 10 else None
            )
        amounts = find_amounts(text)
        if len(amounts) == 1 and too_small(amounts[0], ctx):
            return None
        if (
            scale_of(ctx) == "house"
            and monthly(text)
            and all(a.value < A_RENT and not a.worded for a in amounts)
        ):
            return None  # what is paid by the month is no price of a home
        return self._bounds(text, amounts, ctx)

    def _bounds(self, text: str, amounts: Sequence[Amount], ctx: SlotContext) -> Reading | None:
        if not amounts:
            return None
        rest = cut(text, [(a.start, a.end) for a in amounts])
        scale = scale_of(ctx)
        folded = fold(text)
        held = ctx.partial if isinstance(ctx.partial, dict) else {}
        if len(amounts) == 1 and isinstance(held.get("min"), int | float):
            return self._reading(held["min"], scaled(amounts[0], scale)[0], ctx, 1.0, rest)
        if len(amounts) == 1 and _BETWEEN.search(folded[: amounts[0].start]):
            low, _ = scaled(amounts[0], scale)
            return Reading(ask=f"From {say_dollars(low)} up to how much?", partial={"min": tidy(low)})
        for first, second in pairwise(amounts):
            if _JOIN.fullmatch(folded[first.end : second.start]) and not first.decades | second.decades:
                bottom, top, sure = align(first, second, scale)
                topped = _MAX_BEFORE.search(folded[: first.start]) or _NOT_OVER.search(folded[: first.start])
                if topped and not _BETWEEN.search(folded[: first.start]):
                    return self._reading(
                        None, max(bottom, top), ctx, sure, rest
                    )  # "up to nine, maybe nine fifty"
                return self._reading(min(bottom, top), max(bottom, top), ctx, sure, rest)
        return self._one_by_one(folded, amounts, ctx, rest)

    def _one_by_one(self, folded: str, amounts: Sequence[Amount], ctx: SlotContext, rest: str) -> Reading:
        low: Num | None = None
        high: Num | None = None
        sure = 1.0
        scale = scale_of(ctx)
        for i, amount in enumerate(amounts):
            value, confidence = scaled(amount, scale)
            sure = min(sure, confidence)
            before = folded[amounts[i - 1].end if i else 0 : amount.start]
            after = folded[amount.end : amounts[i + 1].start if i + 1 < len(amounts) else len(folded)]
            if amount.decades:
                step = value * 100 / amount.value if amount.value >= 100 else value
                low = value if low is None else min(low, value)
                high = value + step
            elif _EXACT.search(before):
                low = high = value
            elif _NOT_OVER.search(before):
                high = value
            elif _NOT_UNDER.search(before):
                low = value
            elif _MAX_BEFORE.search(before) or _MAX_AFTER.match(after):
                high = value
            elif _MIN_BEFORE.search(before) or _MIN_AFTER.match(after):
                low = value
            elif percent := self._around(before, after, ctx):
                low, high = value * (1 - percent), value * (1 + percent)
            else:
                single = ctx.slot.options.get("single", "max")
                low = value if single in {"min", "both"} else low
                high = value if single in {"max", "both"} else high
        if low is not None and high is not None and low > high:
            low, high = high, low
        return self._reading(low, high, ctx, sure, rest)

    def _around(self, before: str, after: str, ctx: SlotContext) -> float:
        percent = ctx.slot.options.get("around", 0)
        said = _AROUND.search(before) or _AROUND_AFTER.match(after)
        return float(percent) / 100 if said and percent else 0.0

    def _reading(
        self, low: Num | None, high: Num | None, ctx: SlotContext, confidence: float = 1.0, rest: str = ""
    ) -> Reading:
        value = {"min": None if low is None else round(low), "max": None if high is None else round(high)}
        problem = self.check(value, ctx)
        return Reading(problem=problem) if problem else Reading(value=value, confidence=confidence, rest=rest)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Sums that are plainly money, or bare ones of the right size right behind a cue ("under 450")."""
        scale = scale_of(ctx)
        if (scale == "house" and monthly(text)) or (
            scale == "rent" and not monthly(text) and not ctx.slot.cues
        ):
            return None
        good: list[Amount] = []
        for amount in find_amounts(text):
            value, _ = scaled(amount, scale)
            plain_money = amount.money or amount.worded or (amount.comma and value >= 10_000)
            sized = 100 <= amount.value < 1000 if scale == "house" else 100 <= amount.value < 50_000
            near = cued(text, amount, ctx) or bool(good)
            rent = scale != "rent" or (
                (monthly(text) or cued(text, amount, ctx) or good) and 100 <= value < 50_000
            )
            if rent and bounds_problem(value, ctx) is None and (plain_money or (near and sized)):
                good.append(amount)
        found = self._bounds(text, good, ctx)
        if found is None or found.value is None:
            return None
        return Reading(value=found.value, confidence=min(found.confidence, 0.9), rest=found.rest)

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another range, or one end of it ("make the top five hundred")."""
        current = ctx.current if isinstance(ctx.current, dict) else {}
        _, rest = split_polarity(text)
        end = re.search(
            r"\b(max(?:imum)?|top|upper|high end|most)\b|\b(min(?:imum)?|bottom|lower|low end|"
            r"least)\b",
            fold(rest),
        )
        amounts = find_amounts(rest)
        if end and len(amounts) == 1 and current:
            value, sure = scaled(amounts[0], scale_of(ctx))
            which = "max" if end.group(1) else "min"
            merged = {**current, which: value}
            return self._reading(merged.get("min"), merged.get("max"), ctx, sure)
        said = correction(text)
        return self.parse(said, ctx) if said else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Two bounds, either of which may be None, but not both; in order and within the options."""
        if not isinstance(value, dict) or set(value) != {"min", "max"}:
            return "I need a price range: a lowest and a highest amount, or one of them."
        bounds = [value["min"], value["max"]]
        if all(b is None for b in bounds):
            return "I need at least one amount."
        for bound in bounds:
            if bound is not None and (
                isinstance(bound, bool) or not isinstance(bound, int) or not 0 < bound < 10**12
            ):
                return "I need amounts in whole dollars."
            if bound is not None and (problem := bounds_problem(bound, ctx)):
                return problem
        if None not in bounds and bounds[0] > bounds[1]:
            return "The lowest amount is above the highest. Please say the range once more."
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Between four hundred thousand and four hundred fifty thousand dollars"."""
        low, high = value["min"], value["max"]
        if low is not None and low == high:
            return f"exactly {say_dollars(low)}"
        if low is not None and high is not None:
            return f"between {say_dollars(low)} and {say_dollars(high)}"
        return f"up to {say_dollars(high)}" if high is not None else f"at least {say_dollars(low)}"

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "$400,000 to $450,000"."""
        low, high = value["min"], value["max"]
        if low is not None and low == high:
            return f"exactly {show_dollars(low)}"
        if low is not None and high is not None:
            return f"{show_dollars(low)} to {show_dollars(high)}"
        return f"up to {show_dollars(high)}" if high is not None else f"at least {show_dollars(low)}"

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """What ranges are made of."""
        return ("thousand", "hundred", "million", "between", "up to", "at least", "around")


TYPE = MoneyRange()
