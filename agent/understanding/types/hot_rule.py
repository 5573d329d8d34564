"""When a lead is hot, said in words: "anyone who is pre-approved and wants to move within 30 days" (A047).

Canonical value: the conditions named of ``policies.scoring.Hot`` (``days``, ``financing``, ``price_from``,
``appointment``, ``any_of``, ``intents``) and ``score`` where points were named. An empty ``financing`` means that
money does not matter. Nothing about the person can be part of it (C21).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.numbers import Number, find_numbers, fold
from agent.understanding.simple import SimpleType
from agent.understanding.spoken import number_words
from policies.lead_rules import forbidden_words

_UNITS = {"day": 1, "week": 7, "month": 30}
_SPAN = re.compile(r"\s*-?\s*(?P<unit>day|week|month)s?\b")
_ONE = re.compile(r"\b(?:a|one|this|the next|next) (?P<unit>week|month)\b")
_MONEY = (
    (re.compile(r"\bpre-? ?(?:approv|qualif)\w*|\bapproved\b|\bmortgage in hand\b"), ("preapproved",)),
    (re.compile(r"\bcash\b"), ("cash",)),
    (re.compile(r"\b(?:talk\w*|spok\w+|speak\w*) (?:to|with) (?:a |their )?(?:lender|bank)\b"), ("talking",)),
    (
        re.compile(r"\bmoney ready\b|\bready to pay\b|\bfinancing (?:ready|in place|sorted)\b|\bfinanced\b"),
        ("cash", "preapproved"),
    ),
)
_VISIT = re.compile(
    r"\b(?:(?:see|tour|visit|view|look at|walk through)\w*(?: \w+){0,3}? (?:homes?|houses?|places?|propert\w+|listings?)"
    r"|(?:showing|viewing|appointment|tour|visit)s?)\b"
)
_WHO = re.compile(r"\b(?P<who>buyer|seller|renter|investor)s?\b")
_POINTS = re.compile(r"\s*(?:points?\b|or (?:more|higher|above|better)\b|and (?:up|above)\b|\+)")
_SCORE = re.compile(r"\b(?:scores?|points|from|above|over|at least)(?: of| is| at| to| should be)*\s*$")
_LESS = re.compile(r"\b(?:under|below|less than|up to|at most|not over|max\w*)\s*\$?\s*$")
_HOT = re.compile(r"\bhot\b")
_LEAST_PRICE = 10_000
"""Dollars from which a number is a price and no score."""
_MOST_DAYS = 365
_SAID_ANYWAY = frozenset(
    [
        "a",
        "about",
        "above",
        "all",
        "also",
        "an",
        "and",
        "any",
        "anybody",
        "anyone",
        "are",
        "around",
        "as",
        "at",
        "be",
        "buy",
        "buying",
        "call",
        "called",
        "can",
        "consider",
        "considered",
        "count",
        "customer",
        "customers",
        "dollar",
        "dollars",
        "either",
        "else",
        "every",
        "everyone",
        "flag",
        "flagged",
        "for",
        "from",
        "have",
        "has",
        "having",
        "hot",
        "house",
        "home",
        "if",
        "in",
        "is",
        "it",
        "its",
        "just",
        "lead",
        "leads",
        "let",
        "looking",
        "make",
        "mark",
        "me",
        "mean",
        "means",
        "money",
        "more",
        "move",
        "moves",
        "moving",
        "my",
        "need",
        "needs",
        "no",
        "of",
        "office",
        "on",
        "one",
        "or",
        "our",
        "over",
        "pay",
        "paying",
        "people",
        "please",
        "put",
        "ready",
        "rule",
        "should",
        "so",
        "somebody",
        "someone",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "they",
        "think",
        "this",
        "those",
        "to",
        "treat",
        "us",
        "want",
        "wants",
        "wanting",
        "we",
        "when",
        "who",
        "whoever",
        "will",
        "with",
        "within",
        "would",
        "yes",
        "not",
        "quite",
        "actually",
        "say",
        "means",
        "them's",
        "that's",
        "who's",
        "he",
        "she",
        "his",
        "her",
        "client",
        "clients",
        "prospect",
        "prospects",
        "person",
        "willing",
        "able",
        "plan",
        "plans",
        "planning",
        "up",
        "least",
        "anyone's",
        "plus",
        "next",
        "list",
        "sell",
        "rent",
        "ready",
        "funds",
        "spend",
        "spending",
        "price",
        "budget",
        "priced",
        "worth",
        "or",
        "either",
        "only",
        "add",
        "set",
        "get",
        "gets",
        "agent",
        "agents",
        "i",
        "i'd",
        "like",
    ]
)
"""Words around the conditions of a rule that say nothing more."""
WORDS = {"preapproved": "pre-approved", "cash": "paying cash", "talking": "talking to a lender"}


class _Part(NamedTuple):
    """One condition and where it stands in the text."""

    kind: str
    value: Any
    start: int
    end: int


def _number(number: Number, folded: str) -> _Part | None:
    after, before = folded[number.end :], folded[: number.start]
    if number.ordinal:
        return None
    if not number.money and (unit := _SPAN.match(after)):
        return _Part("days", int(number.value * _UNITS[unit["unit"]]), number.start, number.end + unit.end())
    if number.value >= _LEAST_PRICE and not _LESS.search(before):
        return _Part("price_from", int(number.value), number.start, number.end)
    if not number.money and (_POINTS.match(after) or _SCORE.search(before)) and number.value <= 100:
        return _Part("score", int(number.value), number.start, number.end)
    return None


def _parts(folded: str) -> list[_Part]:
    """The conditions of a rule in their order."""
    found = [part for n in find_numbers(folded) if (part := _number(n, folded)) is not None]
    for pattern, kinds in _MONEY:
        found += [_Part("financing", kinds, m.start(), m.end()) for m in pattern.finditer(folded)]
    found += [_Part("appointment", True, m.start(), m.end()) for m in _VISIT.finditer(folded)]
    kinds_of = {part.kind for part in found}
    if not kinds_of & {"days", "appointment"} and (one := _ONE.search(folded)):
        found.append(_Part("days", _UNITS[one["unit"]], one.start(), one.end()))
    return sorted(found, key=lambda part: part.start)


def _either(parts: list[_Part], folded: str) -> bool:
    """Whether conditions of different kinds are joined by "or"."""
    said = [part for part in parts if part.kind != "score"]
    return any(
        a.kind != b.kind and re.search(r"\bor\b(?! more| higher| above)", folded[a.end : b.start])
        for a, b in pairwise(said)
    )


def unexplained(text: str) -> list[str]:
    """The words of a hot rule that no condition holds ("and has a pool": ["pool"])."""
    folded = fold(text)
    marked = list(folded)
    for start, end in _spans(folded):
        marked[start:end] = " " * (end - start)
    left = re.findall(r"[a-z'][a-z'-]+", "".join(marked))
    return [word for word in left if word not in _SAID_ANYWAY]


def _spans(folded: str) -> Iterator[tuple[int, int]]:
    for part in _parts(folded):
        yield part.start, part.end
    for match in _WHO.finditer(folded):
        yield match.span()


class HotRule(SimpleType):
    """The days, the money, the price, the visit and the points of one sentence."""

    name = "hot_rule"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """What makes a lead hot; a problem when it names somebody the law protects."""
        found = self._found(fold(text))
        if not found:
            return None
        words = forbidden_words(text)
        if words is not None:
            return Reading(
                problem=f'Nobody can be hot or not for "{words}"; fair-housing law forbids it. What else counts?'
            )
        current = ctx.current if isinstance(ctx.current, dict) else {}
        kept = current if set(found) == {"score"} else {k: v for k, v in current.items() if k == "score"}
        return self._reading({**kept, **found}, ctx)

    def _reading(self, value: dict[str, Any], ctx: SlotContext) -> Reading:
        problem = self.check(value, ctx)
        return Reading(problem=problem) if problem else Reading(value=value, confidence=0.9)

    def _found(self, folded: str) -> dict[str, Any]:
        parts = _parts(folded)
        found: dict[str, Any] = {part.kind: part.value for part in parts if part.kind != "financing"}
        money = list(dict.fromkeys(v for part in parts if part.kind == "financing" for v in part.value))
        if money or "days" in found:
            found["financing"] = sorted(money, key=list(WORDS).index)
        if set(found) - {"score"}:
            who = list(dict.fromkeys(match["who"] for match in _WHO.finditer(folded)))
            found |= {"intents": who} if who else {}
            found |= {"any_of": True} if _either(parts, folded) else {}
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
        return self._reading({**current, **found}, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Days up to a year, one to a hundred points, money as the form knows it."""
        known = {"days", "financing", "score", "price_from", "appointment", "any_of", "intents"}
        if not isinstance(value, dict) or not set(value) <= known or not value:
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


def _described(value: Any, number: Callable[[int], str]) -> str:
    dollars = number(value["price_from"]) if "price_from" in value else ""
    parts = [
        f"worth at least {dollars} dollars" if dollars else "",
        " or ".join(WORDS[one] for one in value.get("financing", ())),
        f"moving within {number(value['days'])} days" if "days" in value else "",
        "asking to see a home" if value.get("appointment") else "",
    ]
    ready = (" or " if value.get("any_of") else " and ").join(part for part in parts if part)
    who = f"a {' or '.join(value['intents'])} " if value.get("intents") and ready else ""
    points = f"from {number(value['score'])} points" if "score" in value else ""
    return ", or ".join(part for part in (f"{who}{ready}", points) if part)


TYPE = HotRule()
