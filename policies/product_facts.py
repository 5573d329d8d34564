"""What answers about the service are made of: plans, rules and names out of their own policies (A042).

No number is written into an answer; it is the one that holds.
"""

from __future__ import annotations

from policies.crms import vendors
from policies.plans import Plan, all_plans
from policies.provisioning import provisioning
from policies.rules import rules
from policies.scoring import scoring

NAMED = 6
"""Vendors that are named as examples, best known first."""


def included(plan: Plan) -> str:
    """ "Business is for 25 users and 10,000 call minutes a month, with any number of connected tools."."""
    if plan.users is None or plan.voice_minutes is None:
        return f"{plan.label} has no limit of users, minutes or connected tools."
    users = "one user" if plan.users == 1 else f"{plan.users} users"
    tools = (
        "any number of connected tools"
        if plan.integrations is None
        else f"{plan.integrations} connected tools"
    )
    return f"{plan.label} is for {users} and {plan.voice_minutes:,} call minutes a month, with {tools}."


def in_figures(plan: Plan) -> str:
    """ "25 users and 10,000 call minutes a month"."""
    if plan.users is None or plan.voice_minutes is None:
        return "no limit of users or minutes"
    users = "one user" if plan.users == 1 else f"{plan.users} users"
    return f"{users} and {plan.voice_minutes:,} call minutes a month"


def beside(plan: Plan) -> str:
    """What the next smaller plan holds, or for the smallest the next: "Starter has one user ..."."""
    every = all_plans()
    at = every.index(plan)
    return _in_short(every[at - 1] if at else every[1])


def facts() -> dict[str, str]:
    """What may stand in an answer, by name."""
    plans, hot, routing = all_plans(), scoring().hot, rules().routing
    known = [v.label for v in vendors() if v.route in ("oauth", "api_key")]
    return {
        "plans": " ".join(_in_short(plan) for plan in plans),
        "smallest": included(plans[0]),
        "users": " ".join(f"{p.label} has {'no limit' if p.users is None else p.users}." for p in plans),
        "support": " ".join(f"On {p.label} our people answer by {_ways(p)}." for p in (plans[0], plans[1])),
        "hot_score": str(hot.score),
        "hot_days": str(hot.days),
        "claim_minutes": str(routing.claim_minutes),
        "crms": f"{', '.join(known[: NAMED - 1])} and {known[NAMED - 1]}",
        "reviewed": " and ".join(p.label for p in plans if p.value in provisioning().review.plans),
        "follow_up": next(c.label for c in rules().cadences if c.value == "standard"),
    }


def _ways(plan: Plan) -> str:
    """ "e-mail, chat and phone"."""
    ways = [{"email": "e-mail"}.get(way, way) for way in plan.people]
    return ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])} and {ways[-1]}"


def _in_short(plan: Plan) -> str:
    if plan.users is None or plan.voice_minutes is None:
        return f"{plan.label} has no limits."
    users = "one user" if plan.users == 1 else f"{plan.users} users"
    return f"{plan.label} has {users} and {plan.voice_minutes:,} minutes a month."
