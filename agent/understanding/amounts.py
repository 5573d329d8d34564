"""Sums of money in speech: "four fifty" is 450 thousand for a house and 450 a month for rent.

What a bare number means is decided by the scale of the question, never by the number alone; a
reading that had to guess the scale says so with a lower confidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from agent.understanding.base import SlotContext
from agent.understanding.numbers import Number, find_numbers, fold
from agent.understanding.spoken import Num, say_dollars, tidy

Scale = Literal["house", "rent", "none"]

_OTHER = re.compile(
    r"^\s*-?(?:bed|bath|br\b|ba\b|sq|square|feet|foot|ft\b|acre|%|percent|year|month(?!ly)|week|day|"
    r"hour|minute|mile|block|"
    r"agent|people|person|offer|home|house|apartment|unit|car|garage|stor(?:y|ies)|floor|am\b|pm\b|"
    r"a\.m|p\.m|o'clock|"
    r"street|st\b|avenue|ave\b|road|rd\b|drive|lane|st\b|nd\b|rd\b|th\b|:\d|/\d|of us|or \d+ bed|"
    r"points?\b|kids|dogs?|cats?)"
)
_MONEY_WORD = re.compile(r"^\s*(?:us |american )?(?:dollars?|bucks?|usd)\b")
_CENTS = re.compile(r"^\s*(?:and )?$")
_MONTHLY = re.compile(
    r"\b(?:a|per|each|every|/) ?(?:month|mo)\b|\bmonthly\b|/ ?mo\b|\brent(?:al)? (?:of|is|up|around|"
    r"under|budget)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One sum as said: ``bare`` while its scale is still open ("450", "four fifty", "3" in "3 to 400,000").

    ``money`` with a currency sign or word, ``worded`` with "thousand" or "million", ``decades`` for
    "the 400s", ``comma`` when written with one.
    """

    value: Num
    start: int
    end: int
    bare: bool
    money: bool
    decades: bool = False
    comma: bool = False
    worded: bool = False


def scale_of(ctx: SlotContext) -> Scale:
    """The question's scale: ``options.scale``, else from its bounds (from 10,000 up a house)."""
    given = ctx.slot.options.get("scale")
    if given in {"house", "rent", "none"}:
        return given
    low, high = ctx.slot.options.get("min"), ctx.slot.options.get("max")
    if isinstance(low, int | float) and low >= 10_000:
        return "house"
    return "rent" if isinstance(high, int | float) and high <= 100_000 else "none"


def too_small(amount: Amount, ctx: SlotContext) -> bool:
    """Whether a bare figure is no sum of this size: "3" is no price of a home, nor a rent.

    "1.2" is one (millions), and so is "3" beside a sum ("3 to 400,000").
    """
    single = amount.bare and isinstance(amount.value, int) and 0 < amount.value < 10
    return single and scale_of(ctx) != "none" and not ctx.partial


_A_TIME = re.compile(
    r"\b(?:within|in|about|after|for|less than|under|over|once|twice) (?:about |around )?a month\b"
)


def monthly(text: str) -> bool:
    """Whether the text speaks of a monthly sum ("within a month" is a time)."""
    return bool(_MONTHLY.search(_A_TIME.sub(" ", fold(text))))


def _joined(first: Number, second: Number, text: str) -> Number | None:
    """ "four fifty", "seven fifty thousand", "twelve seventy five" as one number."""
    gap = text[first.end : second.start]
    if (
        gap not in {" ", "-"}
        or first.unit != 1
        or first.ordinal
        or second.ordinal
        or not 1 <= first.value <= 99
    ):
        return None
    base = second.value / second.unit
    if not 10 <= base <= 99 or base != int(base) or first.value != int(first.value):
        return None
    value = tidy((first.value * 100 + base) * second.unit)
    return Number(value, first.start, second.end, second.unit, money=first.money)


def find_amounts(text: str) -> list[Amount]:
    """Every sum the text could hold, in order; numbers that plainly count something else are left out."""
    folded = fold(text)
    numbers = list(find_numbers(text))
    found: list[Amount] = []
    i = 0
    while i < len(numbers):
        number = numbers[i]
        i += 1
        if i < len(numbers) and (pair := _joined(number, numbers[i], folded)):
            number = pair
            i += 1
        after = folded[number.end :]
        if number.ordinal or _OTHER.match(after) or folded[: number.start].endswith(("#", "/")):
            continue
        said = folded[number.start : number.end]
        word = _MONEY_WORD.match(after)
        end = number.end + (word.end() if word else 0)
        value = number.value
        if word and i < len(numbers) and (cents := _cents(folded, end, numbers[i])):
            value, end = tidy(value + cents[0]), cents[1]
            i += 1
        if value <= 0:
            continue
        decades = said.endswith("hundreds") or bool(re.match(r"'?s\b", after))
        written = re.fullmatch(r"\d{1,2}\.\d\d", said)
        if written and value >= 2 and number.unit == 1:
            # the recogniser writes "four fifty" as $4.50
            value = tidy(value * 100)
        found.append(
            Amount(
                value,
                number.start - (1 if number.money else 0),
                end,
                bare=number.unit <= 100 and value < 10_000,
                money=number.money or bool(word),
                decades=decades,
                comma="," in said,
                worded=number.unit >= 1_000,
            )
        )
    return found


def _cents(folded: str, end: int, following: Number) -> tuple[float, int] | None:
    tail = re.match(r"\s*cents?\b", folded[following.end :])
    if tail and _CENTS.match(folded[end : following.start]) and following.value < 100:
        return following.value / 100, following.end + tail.end()
    return None


def scaled(amount: Amount, scale: Scale) -> tuple[Num, float]:
    """The sum in dollars on the question's scale, and how sure (0..1) that reading is."""
    value = amount.value
    if not amount.bare or scale == "none":
        return value, 1.0
    whole = value == int(value)
    if scale == "house":
        if value < 10:
            if not whole:
                return tidy(value * 1_000_000), 0.8
            return (value * 1_000_000, 0.4) if value <= 3 else (value * 100_000, 0.4)
        if value < 1000:
            return tidy(value * 1000), 0.95 if value >= 100 else 0.7
        return tidy(value * 1000), 0.6
    if value < 10:
        return tidy(value * 1000), 0.6 if whole else 0.8
    if value < 100:
        return (tidy(value * 100), 0.6) if not amount.money else (value, 0.6)
    return value, 1.0


def align(low: Amount, high: Amount, scale: Scale) -> tuple[Num, Num, float]:
    """Both ends of a span in dollars: "three to four hundred thousand" gives its scale to the three."""
    top, sure = scaled(high, scale)
    if low.bare and not high.bare and low.value < 1000:
        value: Num = low.value
        factor = 1
        while value * factor * 10 < top and factor < 1_000_000:
            factor *= 10
        return tidy(value * factor), top, sure
    if (
        low.bare
        and high.bare
        and low.value < 10 <= high.value
        and high.value >= 100
        and low.value == int(low.value)
    ):
        bottom, _ = scaled(Amount(low.value * 100, low.start, low.end, True, low.money), scale)
        return bottom, top, sure
    bottom, less_sure = scaled(low, scale)
    return bottom, top, min(sure, less_sure)


def bounds_problem(value: Num, ctx: SlotContext) -> str | None:
    """A sentence when the sum is outside ``options.min`` and ``options.max``."""
    low, high = ctx.slot.options.get("min"), ctx.slot.options.get("max")
    if low is not None and value < low:
        return (
            f"I heard {say_dollars(value)}, which is less than I can note here. Please say the whole amount."
        )
    if high is not None and value > high:
        return (
            f"I heard {say_dollars(value)}, which is more than I can note here. Please say the amount again."
        )
    return None
