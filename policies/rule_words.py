"""A client's rules looked through and said in words, so that nobody is surprised by what they do (A047)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from policies import compliance, routing, scoring
from policies.rules import rules

CHANNELS = {"email": "an e-mail", "sms": "a text message", "call": "a call of the agent's"}
NAMES = {
    "location": "where they want to be",
    "price": "their price",
    "motivation": "why and how soon they move",
    "agent": "whether they have an agent",
    "mortgage": "how they pay",
    "appointment": "whether they want to meet",
}


def problems(wanted: Mapping[str, Any], people: Sequence[routing.Person] = ()) -> dict[str, str]:
    """Field -> why the rules do not hold together there; all of them at once, empty when they do."""
    wrong: dict[str, str] = {}
    if problem := scoring.weights_problem(wanted["criteria"]):
        wrong["criteria"] = problem
    standard = scoring.scoring().hot.model_dump()
    try:
        hot = scoring.Hot.model_validate({**standard, **wanted["hot_rule"]})
    except ValidationError as error:
        wrong["hot_rule"] = f"{error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}"
    else:
        if not (1 <= hot.score <= 100 and (hot.days or 0) >= 0):
            wrong["hot_rule"] = "The score is 1 to 100 and the days are not negative."
    if found := routing.problems(wanted["routing"], people):
        wrong["routing"] = " ".join(found)
    steps = wanted["follow_up"]
    known = {step.template for step in rules().follow_up}
    minutes = [step["minutes"] for step in steps]
    if minutes != sorted(set(minutes)):
        wrong["follow_up"] = "Each message comes later than the one before."
    elif strange := [s["template"] for s in steps if s["template"] not in known]:
        wrong["follow_up"] = f"{strange[0]} is no message of ours. Use {', '.join(sorted(known))}."
    elif any(s["channel"] not in CHANNELS for s in steps):
        wrong["follow_up"] = "Steps go by email, sms or call."
    modes = {m.value for m in compliance.compliance().recording_modes}
    if wanted.get("recording") is not None and wanted["recording"] not in modes:
        wrong["recording"] = f"is none of {', '.join(sorted(modes))}"
    return wrong


def explain(wanted: Mapping[str, Any], people: Sequence[routing.Person] = ()) -> list[str]:
    """What the rules do, a sentence each."""
    weights = sorted(((w, c) for c, w in wanted["criteria"].items() if w > 0), reverse=True)
    said = ["A lead scores up to 100: " + ", ".join(f"{w} for {NAMES.get(c, c)}" for w, c in weights) + "."]
    hot = scoring.Hot.model_validate({**scoring.scoring().hot.model_dump(), **wanted["hot_rule"]})
    said.append(f"A lead is hot from {hot.score} points{_when_hot(hot)}.")
    said += routing.explain(wanted["routing"], people)
    if wanted["follow_up"]:
        steps = [
            f"{CHANNELS.get(s['channel'], s['channel'])} {_after(s['minutes'])}" for s in wanted["follow_up"]
        ]
        said.append(
            f"Afterwards we send {', '.join(steps)}, until they answer, opt out or have an appointment."
        )
    else:
        said.append("Nothing is sent afterwards.")
    law = wanted.get("compliance") or {}
    if law.get("recording") == "announce":
        said.append("Calls are recorded, and every caller is told so first.")
    elif law.get("recording"):
        said.append("Calls are not recorded.")
    if law.get("all_party_states"):
        states = ", ".join(law["all_party_states"])
        said.append(
            f"In {states} everybody on the line must know of the recording; that is always announced."
        )
    said.append("Nobody is treated differently for a protected characteristic; that cannot be switched off.")
    return said


def _when_hot(hot: scoring.Hot) -> str:
    """The conditions of a hot rule: ", or when it moves within 30 days with money ready (cash)"."""
    ready = " or ".join(one.replace("_", " ") for one in hot.financing)
    parts = [
        f"moves within {hot.days} days" if hot.days is not None else "",
        f"has at least ${hot.price_from:,}" if hot.price_from is not None else "",
        f"has money ready ({ready})" if ready else "",
        "asks for an appointment" if hot.appointment else "",
    ]
    said = (" or " if hot.any_of else " and ").join(part for part in parts if part)
    who = f"a {' or '.join(hot.intents)}" if hot.intents else "it"
    return f", or when {who} {said}" if said else ""


def _after(minutes: int) -> str:
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0 and minutes >= size:
            count = minutes // size
            return f"after {count} {name}{'s' if count != 1 else ''}"
    return "at once"
