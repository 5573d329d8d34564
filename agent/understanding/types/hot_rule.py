"""When a lead is hot, said in words: "anyone who is pre-approved and wants to move within 30 days" (A047).

Canonical value: ``{"days": int, "financing": [..]}`` and ``"score"`` where points were named. An empty
``financing`` means that money does not matter. Nothing about the person can be part of it (C21).
"""

from __future__ import annotations

import re
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.numbers import find_numbers, fold
from agent.understanding.simple import SimpleType
from agent.understanding.spoken import number_words
from policies.lead_rules import forbidden_words

_UNITS = {"day": 1, "week": 7, "month": 30}
_SPAN = re.compile(r"\s*-?\s*(?P<unit>day|week|month)s?\b")
_ONE = re.compile(r"\b(?:a|one|this|the next|next) (?P<unit>week|month)\b")
_MONEY = (
    (re.compile(r"\bpre-? ?(?:approv|qualif)\w*|\bapproved\b|\bmortgage in hand\b"), "preapproved"),
    (re.compile(r"\bcash\b"), "cash"),
    (re.compile(r"\b(?:talk\w*|spok\w+|speak\w*) (?:to|with) (?:a |their )?(?:lender|bank)\b"), "talking"),
)
_READY = re.compile(r"\bmoney ready\b|\bready to pay\b|\bfinancing (?:ready|in place|sorted)\b|\bfinanced\b")
_POINTS = re.compile(r"\s*(?:points?\b|or (?:more|higher|above|better)\b|and (?:up|above)\b|\+)")
_SCORE = re.compile(r"\b(?:scores?|points|from|above|over|at least)(?: of| is| at| to| should be)*\s*$")
_HOT = re.compile(r"\bhot\b")
_MOST_DAYS = 365
WORDS = {"preapproved": "pre-approved", "cash": "paying cash", "talking": "talking to a lender"}


class HotRule(SimpleType):
    """The days, the money and the points of one sentence."""

    name = "hot_rule"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """What makes a lead hot; a problem when it names somebody the law protects."""
        folded = fold(text)
        found = self._found(folded)
        if not found:
            return None
        words = forbidden_words(text)
        if words is not None:
            return Reading(
                problem=f'Nobody can be hot or not for "{words}"; fair-housing law forbids it. What else counts?'
            )
        value = {**(ctx.current if isinstance(ctx.current, dict) else {}), **found}
        problem = self.check(value, ctx)
        return Reading(problem=problem) if problem else Reading(value=value, confidence=0.9)

    def _found(self, folded: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number in find_numbers(folded):
            if number.ordinal or number.money:
                continue
            after, before = folded[number.end :], folded[: number.start]
            if unit := _SPAN.match(after):
                found["days"] = int(number.value * _UNITS[unit["unit"]])
            elif _POINTS.match(after) or _SCORE.search(before):
                found["score"] = int(number.value)
        if "days" not in found and (one := _ONE.search(folded)):
            found["days"] = _UNITS[one["unit"]]
        money = [value for pattern, value in _MONEY if pattern.search(folded)]
        if _READY.search(folded):
            money = ["cash", "preapproved"]
        if money or "days" in found:
            found["financing"] = money
        return found

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Only beside the word "hot"; points alone are the score that is asked for by itself."""
        folded = fold(text)
        if not _HOT.search(folded):
            return None
        found = self._found(folded)
        return self.parse(text, ctx) if set(found) - {"score"} else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Other days, other money, other points; what is not named stays."""
        found = self._found(fold(text))
        current = ctx.current if isinstance(ctx.current, dict) else {}
        if not found:
            return None
        if not found.get("financing") and current.get("financing"):
            found["financing"] = current["financing"]
        value = {**current, **found}
        problem = self.check(value, ctx)
        return Reading(problem=problem) if problem else Reading(value=value, confidence=0.9)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Days up to a year, one to a hundred points, money as the form knows it."""
        if not isinstance(value, dict) or not set(value) <= {"days", "financing", "score"} or not value:
            return "Within how many days do hot leads move, and does their money have to be ready?"
        days, score = value.get("days", 0), value.get("score", 1)
        if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= _MOST_DAYS:
            return "A hot lead moves within a year at most. How many days is it?"
        if not isinstance(score, int) or isinstance(score, bool) or not 1 <= score <= 100:
            return "The score goes from one to one hundred. From how many points is a lead hot?"
        if not set(value.get("financing", ())) <= set(WORDS):
            return "Money can be pre-approved, cash or talking to a lender. Which of these?"
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Pre-approved and moving within thirty days"."""
        return _described(value, number_words)

    def show(self, value: Any, ctx: SlotContext) -> str:
        """The same with digits."""
        return _described(value, lambda n: f"{n:,}")


def _described(value: Any, number: Any) -> str:
    money = " or ".join(WORDS[one] for one in value.get("financing", ()))
    days = f"moving within {number(value['days'])} days" if "days" in value else ""
    points = f"from {number(value['score'])} points" if "score" in value else ""
    ready = " and ".join(part for part in (money, days) if part)
    return ", or ".join(part for part in (ready, points) if part)


TYPE = HotRule()
