"""Scoring a lead by LPMAMA: a number, why, and whether somebody should call at once (A047, C21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from policies.load import Policy, load

CRITERIA = ("location", "price", "motivation", "agent", "mortgage", "appointment")


class Hot(Policy):
    """A lead is hot at this score, or when the conditions that are set hold: all of them, or ``any_of`` them.

    ``days``: moves within so many. ``financing``: one of these (none: money does not matter). ``price_from``:
    would pay so many dollars. ``appointment``: wishes to see a home or to meet. ``intents``: these alone.
    """

    score: int
    days: int | None
    financing: tuple[str, ...]
    price_from: int | None = None
    appointment: bool = False
    any_of: bool = False
    intents: tuple[str, ...] = ()


NO_CONDITIONS: Mapping[str, Any] = Hot(score=100, days=None, financing=()).model_dump(exclude={"score"})
"""Every condition of a hot rule, unset: what a rule said anew begins from."""


class Scoring(Policy):
    """The whole file."""

    weights: dict[str, int]
    applies: dict[str, tuple[str, ...]]
    financing: dict[str, float]
    represented: dict[str, float]
    timeline_days: dict[int, float]
    hot: Hot


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, the reasons in words, and whether the hot rule holds."""

    value: int
    reasons: tuple[str, ...]
    hot: bool


def scoring() -> Scoring:
    """The policy as data."""
    return load("scoring", Scoring)


def weights_problem(weights: Mapping[str, int]) -> str | None:
    """Why these weights cannot be used, as a sentence; None when they can."""
    unknown = [name for name in weights if name not in CRITERIA]
    if unknown:
        return f"{unknown[0]} is not a criterion. Use {', '.join(CRITERIA)}."
    if any(w < 0 for w in weights.values()) or sum(weights.values()) != 100:
        return "The weights must add up to 100."
    return None


def hot_problem(rule: Mapping[str, Any]) -> str | None:
    """Why this change of the hot rule cannot be used, as a sentence; None when it can."""
    try:
        hot = Hot.model_validate({**scoring().hot.model_dump(), **rule})
    except ValidationError:
        return "A hot rule has days, points and how they pay. Within how many days do hot leads move?"
    if not (1 <= hot.score <= 100 and 0 <= (hot.days or 0) <= 365):
        return "The score goes from one to one hundred, and the days up to a year. What should it be?"
    if not set(hot.financing) <= set(scoring().financing):
        return "Money can be cash, pre-approved or talking to a lender. Which of these?"
    return None


def score(
    lead: Mapping[str, Any], *, weights: Mapping[str, int] | None = None, hot: Mapping[str, Any] | None = None
) -> Score:
    """Score the facts of a lead, given as the canonical lead record's fields plus ``timeline_days``.

    Unknown facts earn nothing; criteria that do not apply to the intent drop out of the total. An
    intent that is no inquiry (message, wrong number, none) scores 0.
    """
    policy = scoring()
    rule = Hot.model_validate({**policy.hot.model_dump(), **(hot or {})})
    criteria = policy.applies.get(str(lead.get("intent") or ""), ())
    counted = {c: w for c, w in (weights or policy.weights).items() if c in criteria and w > 0}
    if not counted:
        return Score(0, (), hot=False)
    earned, reasons = 0.0, []
    for criterion, weight in counted.items():
        part, reason = _part(criterion, lead, policy)
        earned += weight * part
        if reason:
            reasons.append(reason)
    value = round(100 * earned / sum(counted.values()))
    is_hot = lead.get("represented") != "exclusive" and (value >= rule.score or _meets(rule, lead))
    return Score(value, tuple(reasons), is_hot)


def _meets(rule: Hot, lead: Mapping[str, Any]) -> bool:
    """Whether the conditions of a hot rule hold; what is not known of a lead holds for none."""
    if rule.intents and lead.get("intent") not in rule.intents:
        return False
    days = lead.get("timeline_days")
    price = lead.get("price_max") or lead.get("price_min")
    met = []
    if rule.days is not None:
        met.append(days is not None and days <= rule.days)
    if rule.financing:
        met.append(lead.get("financing") in rule.financing)
    if rule.price_from is not None:
        met.append(price is not None and price >= rule.price_from)
    if rule.appointment:
        met.append(bool(lead.get("appointment")))
    return bool(met) and (any(met) if rule.any_of else all(met))


def _part(criterion: str, lead: Mapping[str, Any], policy: Scoring) -> tuple[float, str]:
    match criterion:
        case "location":
            known = bool(lead.get("areas") or lead.get("property_address"))
            return (1.0, "place named") if known else (0.0, "")
        case "price":
            known = lead.get("price_min") is not None or lead.get("price_max") is not None
            return (1.0, "price given") if known else (0.0, "")
        case "motivation":
            reason = 0.4 if lead.get("motivation") else 0.0
            days = lead.get("timeline_days")
            if days is None:
                return reason, "reason given" if reason else ""
            pace = next((p for limit, p in sorted(policy.timeline_days.items()) if days <= limit), 0.0)
            return reason + 0.6 * pace, f"wants to move within {days} days"
        case "agent":
            value = lead.get("represented")
            words = {"no": "no agent yet", "yes": "has an agent", "exclusive": "has an exclusive agreement"}
            return policy.represented.get(value or "", 0.0), words.get(value or "", "")
        case "mortgage":
            value = lead.get("financing")
            words = {"cash": "pays cash", "preapproved": "pre-approved", "talking": "talking to a lender"}
            return policy.financing.get(value or "", 0.0), words.get(value or "", "")
        case _:
            return (1.0, "wants an appointment") if lead.get("appointment") else (0.0, "")
