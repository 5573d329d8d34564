"""A client's own questions as slots of the lead flow, asked in the order they were given (A091)."""

from __future__ import annotations

from collections.abc import Sequence

from flows.schema import Asks, Choice, Flow, Slot, Step
from policies.lead_rules import Question

OWN = "own_"
"""Slots of the client's own questions begin with this."""

_TYPES = {"yes_no": "yes_no", "choice": "choice", "number": "integer", "text": "text"}
_LAST = frozenset({"appointment", "visit", "alerts", "talk_now"})
"""Asked after everything else: what leads to a meeting."""


def with_questions(flow: Flow, questions: Sequence[Question], language: str = "en") -> Flow:
    """The flow with these questions in the branches of the callers they are for."""
    if not questions:
        return flow
    slots = {**flow.slots, **{f"{OWN}{q.key}": _slot(q, language) for q in questions}}
    steps = tuple(_step(step, [q for q in questions if step.step in q.of]) for step in flow.steps)
    return flow.model_copy(update={"slots": slots, "steps": steps})


def _slot(question: Question, language: str) -> Slot:
    spanish = language == "es" and question.ask_es
    return Slot(
        type=_TYPES[question.type],
        label=question.key.replace("_", " "),
        ask=Asks(voice=question.ask_es if spanish else question.ask),
        choices=tuple(Choice(value=c, label=c) for c in question.choices),
        options={"min": 0, "max": 1_000_000} if question.type == "number" else {},
    )


def _step(step: Step, questions: Sequence[Question]) -> Step:
    if not questions:
        return step
    names = [f"{OWN}{q.key}" for q in questions]
    at = next((i for i, name in enumerate(step.required) if name in _LAST), len(step.required))
    return step.model_copy(update={"required": (*step.required[:at], *names, *step.required[at:])})
