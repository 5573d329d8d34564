"""What a broker asks about the plans, answered from their own data at any time of a set-up (A042).

A plan by its name or its place ("the middle one", "the next one up"), two of them compared, the one for
so many people ("what would 20 agents cost?").
"""

from __future__ import annotations

import re

from agent.understanding.numbers import find_numbers
from policies.plans import Plan, all_plans, smallest_for
from policies.product_facts import included

PRICES = "I have no prices here. They're on the billing link you get, before anything is charged."
_ABOUT_PLANS = re.compile(
    r"\b(?:plans?|tiers?|packages?|pric\w+|costs?|pay|month\w*|users?|seats|minutes|includ\w*"
    r"|in (?:it|that|there)|get|holds?|differ\w*|compare|versus|vs|between|bigger|smaller|larger|cheaper"
    r"|instead|why not|what about|how about|enough)\b",
    re.I,
)
_OTHERWISE = re.compile(
    r"\b(?:voices?|sounds?|female|male)\b"
    r"|\b(?:my|our|your|the|a) business\b|\bbusiness (?:name|hours|cards?|owner|phone|number|line|days?)\b",
    re.I,
)
""" "Professional" as a voice and "business" as a firm."""
_COSTS = re.compile(r"\b(?:costs?|pay|pric\w+|plans?|a month|monthly|need|enough|grow\w*|grew)\b", re.I)
_TO_COMPARE = re.compile(r"\b(?:differ\w*|compar\w+|versus|vs|between)\b", re.I)
_ONE = r"(?:one|plan|tier|option|package|size)"
_MIDDLE = re.compile(rf"\b(?:middle|mid)[- ]?{_ONE}s?\b", re.I)
_SMALLEST = re.compile(rf"\b(?:smallest|cheapest|lowest|basic|entry[- ]level) {_ONE}\b", re.I)
_BIGGEST = re.compile(rf"\b(?:biggest|largest|top|highest) {_ONE}\b", re.I)
_UP = re.compile(
    rf"\b(?:next (?:{_ONE} )?(?:up|bigger|larger)|(?:bigger|larger|higher) (?:{_ONE}|than)|one above)\b", re.I
)
_DOWN = re.compile(
    rf"\b(?:next (?:{_ONE} )?(?:down|smaller)|(?:smaller|lower|cheaper) (?:{_ONE}|than)"
    r"|(?:any|some)thing (?:smaller|cheaper)|one below)\b",
    re.I,
)
_SO_MANY = re.compile(
    r"\W*(?:\w+ )?(?:agents?|people|users?|of us|persons|seats|log ?ins|realtors?|brokers?|licensees)\b", re.I
)
_GROWN = re.compile(
    r"\b(?:grow\w*|grew|get|team|up|go|hire|were|expand\w*)\W+(?:\w+ )?(?:to|of|at|up to)\W+$", re.I
)


def plan_asked(question: str, spoken_of: Plan | None, *, at_plan: bool) -> str:
    """The answer to a question about plans; "" when it names none, and no number of people.

    ``spoken_of``: the plan on offer or chosen; ``at_plan``: whether the plan is what was just asked.
    """
    if _OTHERWISE.search(question) or not (at_plan or _ABOUT_PLANS.search(question)):
        return ""
    named = _named(question, spoken_of)
    if not named and (at_plan or _COSTS.search(question)) and (people := _people(question)):
        fits = smallest_for("users", people)
        return f"For {people:,} people {fits.label} fits. {included(fits)} {PRICES}"
    if len(named) == 1 and spoken_of is not None and spoken_of not in named and _TO_COMPARE.search(question):
        named = sorted([*named, spoken_of], key=all_plans().index)
    told = " ".join(included(one) for one in named)
    return f"{told} {PRICES}" if told else ""


def _named(text: str, spoken_of: Plan | None) -> list[Plan]:
    """The plans named, by label or by place."""
    every = list(all_plans())
    found = [one for one in every if re.search(rf"\b{one.label}\b", text, re.I)]
    if _MIDDLE.search(text):
        found += every[1:-1]
    found += [every[0]] if _SMALLEST.search(text) else []
    found += [every[-1]] if _BIGGEST.search(text) else []
    middle = found[0] if found else spoken_of
    at = every.index(middle) if middle else None
    if at is not None and _UP.search(text):
        found.append(every[min(at + 1, len(every) - 1)])
    if at is not None and _DOWN.search(text):
        found.append(every[max(at - 1, 0)])
    return [one for one in every if one in found]


def _people(text: str) -> int:
    """For how many people somebody asks; 0 where no number is one of people."""
    for number in find_numbers(text):
        counted = _SO_MANY.match(text[number.end :]) or _GROWN.search(text[: number.start])
        if counted and not number.money and number.value == int(number.value) and number.value > 0:
            return int(number.value)
    return 0
