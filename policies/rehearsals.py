"""The test conversations of the launch step: what the caller says, and what must have come of it (A048)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policies.compliance import template
from policies.load import Policy, load

MOST_TURNS = 40


class Expect(Policy):
    """What must hold afterwards; unnamed things are not checked."""

    template: str | None = None
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    stored: dict[str, Any] = {}
    score_below: int | None = None
    ended: bool = False
    no_lead: bool = False
    opted_out: bool = False


class Scenario(Policy):
    """One scripted caller. ``caller`` is a fictional number, so no real line can be reached."""

    name: str
    title: str
    caller: str
    opens: tuple[str, ...]
    answers: dict[str, str]
    expect: Expect


class Rehearsals(Policy):
    """The whole file."""

    scenarios: tuple[Scenario, ...]


@dataclass
class Outcome:
    """What a rehearsed conversation left behind."""

    said: list[str] = field(default_factory=list)
    ended: bool = False
    lead: Mapping[str, Any] | None = None
    opted_out: bool = False
    error: str = ""


@dataclass
class Caller:
    """The scripted caller's side of one conversation."""

    scenario: Scenario
    opened: int = 0
    turns: int = 0
    given: dict[str, int] = field(default_factory=dict)

    def reply(self, asked: str | None, *, confirming: bool = False) -> str | None:
        """What the caller says next; None when there is nothing left to say and it hangs up.

        ``asked``: the slot the agent has just asked for, if any. ``confirming``: it read something
        back and waits for yes or no. What the caller came to say is said first.
        """
        self.turns += 1
        if self.turns > MOST_TURNS:
            return None
        if self.opened < len(self.scenario.opens):
            self.opened += 1
            return self.scenario.opens[self.opened - 1]
        if confirming:
            return "Yes."
        if asked is None or self.given.get(asked, 0) >= 2:
            return None
        self.given[asked] = self.given.get(asked, 0) + 1
        return self.scenario.answers.get(asked)


def scenarios() -> tuple[Scenario, ...]:
    """Every test conversation, in the order they are placed."""
    return load("rehearsals", Rehearsals).scenarios


def judge(scenario: Scenario, outcome: Outcome, *, brand: str) -> list[str]:
    """What went wrong, one sentence each; empty when the conversation passed."""
    expect, failures = scenario.expect, []
    if outcome.error:
        failures.append(f"The conversation broke: {outcome.error}.")
    heard = " ".join(outcome.said)
    low = heard.lower()
    if expect.template and template(expect.template, brand=brand) not in heard:
        failures.append(f"The fixed answer '{expect.template}' was not given.")
    if expect.says and not any(s.lower() in low for s in expect.says):
        failures.append(f"None of these was said: {'; '.join(expect.says)}.")
    failures.extend(f"This was said: {s}." for s in expect.never if s.lower() in low)
    if expect.ended and not outcome.ended:
        failures.append("The conversation was not closed.")
    if expect.opted_out and not outcome.opted_out:
        failures.append("The number was not put on the do-not-call list.")
    failures.extend(_stored(expect, outcome.lead))
    return failures


def _stored(expect: Expect, lead: Mapping[str, Any] | None) -> list[str]:
    if expect.no_lead:
        return ["A lead was stored although the caller is none."] if lead else []
    if not expect.stored:
        if expect.score_below is not None and lead and (lead.get("score") or 0) >= expect.score_below:
            return ["The caller raised its own score."]
        return []
    if lead is None:
        return ["No lead was stored."]
    return [
        f"Stored {name} differs from what the caller said."
        for name, wanted in expect.stored.items()
        if not _same(lead.get(name), wanted)
    ]


def _same(have: Any, wanted: Any) -> bool:
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return [str(h).lower() for h in have or []] == [str(w).lower() for w in wanted]
    return bool(have == wanted)
