"""How many of a lead's hundred points each criterion earns: "make price 30 and motivation 10" (A047).

Canonical value: a dict of all criteria (policies.scoring), together 100. What is not named keeps its share
where the sum allows it; otherwise an even cut of the others is offered, or another number taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.numbers import Number, find_numbers, fold
from agent.understanding.polarity import polarity
from agent.understanding.simple import SimpleType
from agent.understanding.spoken import number_words
from policies.scoring import CRITERIA, scoring, weights_problem

_NAMES = {
    "location": r"(?:location|areas?|place|where)",
    "price": r"(?:price|budget)",
    "motivation": r"(?:motivation|timeline|timing|urgency|reason|time ?frame)",
    "agent": r"(?:agents?|representation|having an agent|no agent)",
    "mortgage": r"(?:mortgage|financing|finances?|money|pre-?approval)",
    "appointment": r"(?:appointments?|meeting|booking)",
}
_ANY = re.compile("|".join(rf"(?P<{name}>\b{words}\b)" for name, words in _NAMES.items()))
_TALKS = re.compile(r"\b(?:weight\w*|points?|scor(?:e|es|ing)|make|set|put|give|count\w*|percent|%|worth)\b")
_POINTS = re.compile(
    r"\b(?:weights?|points|scoring)\b|^\W*(?:please |and )?(?:make|set|give) \w+(?: to)? \d", re.I
)
_GAP = re.compile(r"[\s,:=-]*(?:(?:to|is|at|gets?|should be|be|counts?|for|worth|points|a)[\s,:=-]*)*")
_BACK = re.compile(r"[\s,%]*(?:(?:points|percent|for|on|to|goes|go)[\s,]*)+")


class LeadWeights(SimpleType):
    """Criteria with their numbers, in either order."""

    name = "lead_weights"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """All six weights; the question that makes them a hundred where they are not."""
        partial = ctx.partial if isinstance(ctx.partial, dict) else {}
        if partial.get("even") and polarity(text) == "yes":
            return Reading(value=dict(partial["even"]))
        said = {**partial.get("said", {}), **_pairs(text)}
        return _whole(said, ctx) if _pairs(text) else None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Two criteria with a number each, or one where points are spoken of."""
        found = _pairs(text)
        if not found or (len(found) < 2 and not _POINTS.search(text)):
            return None
        return _whole(found, ctx) if _TALKS.search(fold(text)) else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Other numbers for what is named."""
        found = _pairs(text)
        return _whole(found, ctx) if found else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Whole numbers of known criteria that add up to a hundred."""
        if not isinstance(value, Mapping) or not all(
            isinstance(w, int) and not isinstance(w, bool) for w in value.values()
        ):
            return "How many points of the hundred should each criterion have?"
        return weights_problem(value)

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Price thirty, motivation ten, ..."."""
        return ", ".join(f"{name} {number_words(w)}" for name, w in _ordered(value))

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "price 30, motivation 10, ..."."""
        return ", ".join(f"{name} {w}" for name, w in _ordered(value))


def _ordered(weights: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(((n, w) for n, w in weights.items() if w), key=lambda pair: -pair[1])


def _pairs(text: str) -> dict[str, int]:
    """Each criterion with the number that stands behind it, or before it ("30 for price")."""
    folded = fold(text)
    numbers = [n for n in find_numbers(text) if not n.ordinal and 0 <= n.value <= 100]
    named = [(str(m.lastgroup), m.start(), m.end()) for m in _ANY.finditer(folded)]
    found: dict[str, int] = {}
    used: set[int] = set()
    # "30 for price, 20 for timing": whoever begins with the number goes on so
    leads = bool(named and numbers) and numbers[0].start < named[0][1]
    looks = (_before, _behind) if leads else (_behind, _before)
    for name, start, end in named:
        number = next((n for look in looks if (n := look(folded, (start, end), numbers))), None)
        if number is not None and number.start not in used:
            used.add(number.start)
            found[name] = int(number.value)
    return found


def _behind(folded: str, at: tuple[int, int], numbers: list[Number]) -> Number | None:
    end = at[1]
    return next((n for n in numbers if n.start >= end and _GAP.fullmatch(folded[end : n.start])), None)


def _before(folded: str, at: tuple[int, int], numbers: list[Number]) -> Number | None:
    start = at[0]
    return next((n for n in numbers if n.end <= start and _BACK.fullmatch(folded[n.end : start])), None)


def _whole(said: Mapping[str, int], ctx: SlotContext) -> Reading:
    """The named weights with the others beside them; the others are brought down only when that is agreed."""
    base = dict(ctx.current if isinstance(ctx.current, Mapping) else scoring().weights)
    total = sum(said.values())
    merged = {name: said.get(name, base.get(name, 0)) for name in CRITERIA}
    if total == 100:
        return Reading(value={name: said.get(name, 0) for name in CRITERIA})
    if sum(merged.values()) == 100:
        return Reading(value=merged)
    if total > 100 or len(said) == len(CRITERIA):
        return Reading(
            ask=f"Those make {total}, and all of them together must make 100. Which one should change, to what?",
            partial={"said": dict(said)},
        )
    even = _evened(said, base)
    shown = ", ".join(f"{name} {w}" for name, w in _ordered({n: w for n, w in even.items() if n not in said}))
    return Reading(
        ask=f"That makes {sum(merged.values())}, and it must make 100. Shall I change the others to {shown}?",
        partial={"said": dict(said), "even": even},
    )


def _evened(said: Mapping[str, int], base: Mapping[str, int]) -> dict[str, int]:
    """The others share what is left as they shared it before, in whole points."""
    others = [name for name in CRITERIA if name not in said]
    left, was = 100 - sum(said.values()), sum(base.get(n, 0) for n in others) or len(others)
    shares = {n: left * (base.get(n, 0) if sum(base.get(o, 0) for o in others) else 1) / was for n in others}
    whole = {n: int(share) for n, share in shares.items()}
    for name in sorted(others, key=lambda n: whole[n] - shares[n])[: left - sum(whole.values())]:
        whole[name] += 1
    return {n: said.get(n, whole.get(n, 0)) for n in CRITERIA}


TYPE = LeadWeights()
