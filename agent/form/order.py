"""Where the conversation stands: derived from what is done, never stored, so it cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.form.state import FormState
from flows.schema import Flow, Step, When


def applies(when: When | None, state: FormState) -> bool:
    """Whether a slot's condition holds for the values that are known (proposals included)."""
    if when is None:
        return True
    slot = state.peek(when.slot)
    value = slot.proposal if slot.pending else slot.value
    if when.given is not None:
        return (value is not None) is when.given
    values = value if isinstance(value, list) else [value]
    if when.is_:
        return any(v in when.is_ for v in values)
    if when.unless:
        return not any(v in when.unless for v in values)
    if when.not_:
        return value is not None and not any(v in when.not_ for v in values)
    return True


def takes(when: When | None, state: FormState) -> bool:
    """Whether a slot takes what is told: what is only of no use to ask, because another value is given, it
    does."""
    return (when is not None and when.given is not None) or applies(when, state)


def after(flow: Flow, step: Step, state: FormState) -> Step | None:
    """The step that follows a committed one; None at the end of the form."""
    if step.next is None:
        index = flow.steps.index(step) + 1
        return flow.steps[index] if index < len(flow.steps) else None
    if isinstance(step.next, str):
        return None if step.next == "end" else flow.step(step.next)
    key = state.done.get(step.step) if step.next.when == "status" else state.peek(step.next.when).value
    target = step.next.cases.get(str(key), step.next.default)
    return None if target in (None, "end") else flow.step(target)


def path(flow: Flow, state: FormState) -> list[Step]:
    """The committed steps in order, followed by the current one (if the form has not ended)."""
    steps: list[Step] = []
    step: Step | None = flow.steps[0]
    while step is not None and step not in steps:
        steps.append(step)
        if step.step not in state.done:
            return steps
        step = after(flow, step, state)
    return steps


def current(flow: Flow, state: FormState) -> Step | None:
    """The first step that is not committed; None when the form is finished."""
    last = path(flow, state)[-1]
    return None if last.step in state.done else last


def asked(flow: Flow, step: Step, state: FormState) -> list[str]:
    """The step's required slots that apply now, in the order they are asked."""
    return [n for n in step.required if applies(flow.slots[n].when, state)]


def members(flow: Flow, step: Step, state: FormState) -> list[str]:
    """Every slot of the step that applies now, optional ones included."""
    return [n for n in (*step.required, *step.optional) if applies(flow.slots[n].when, state)]


def open_slots(flow: Flow, step: Step, state: FormState) -> list[str]:
    """Required slots of the step that have neither a value, nor a proposal, nor were put off."""
    return [
        n
        for n in asked(flow, step, state)
        if not (s := state.peek(n)).counts and not s.pending and s.status != "skipped"
    ]


def halves(flow: Flow, step: Step, state: FormState) -> list[str]:
    """Required slots of the step whose value will do, and whose missing part has not been asked for yet."""
    return [n for n in asked(flow, step, state) if state.peek(n).counts and state.peek(n).question]


def still_to_come(flow: Flow, state: FormState) -> list[str]:
    """Every slot that would still be asked if all went on as it stands, later steps included."""
    found: list[str] = []
    step, seen = current(flow, state), set[str]()
    while step is not None and step.step not in seen:
        seen.add(step.step)
        found += [n for n in open_slots(flow, step, state) if not must_know(flow, n) and n not in found]
        step = after(flow, step, state)
    return found


def in_play(flow: Flow, state: FormState, given: Mapping[str, Any]) -> frozenset[str]:
    """Slots of the steps this caller can come to: a branch for callers of another kind is none of them.

    ``given``: values just said, which count before those that are known.
    """
    known = {**state.best(), **given}
    todo, seen = [flow.steps[0]], {flow.steps[0].step}
    found: set[str] = set()
    while todo:
        step = todo.pop()
        found |= {*step.required, *step.optional}
        for name in _ways_on(flow, step, known):
            if name not in seen:
                seen.add(name)
                todo.append(flow.step(name))
    return frozenset(found)


def _ways_on(flow: Flow, step: Step, known: Mapping[str, Any]) -> list[str]:
    """The steps that may follow, as far as it is known."""
    if step.next is None:
        return [s.step for s in flow.steps[flow.steps.index(step) + 1 :][:1]]
    if isinstance(step.next, str):
        targets: list[str | None] = [step.next]
    elif known.get(step.next.when) is not None:
        targets = [step.next.cases.get(str(known[step.next.when]), step.next.default)]
    else:
        targets = [*step.next.cases.values(), step.next.default]
    return [t for t in targets if t not in (None, "end")]


def put_off(flow: Flow, state: FormState) -> list[str]:
    """Slots of the walked path that must be known but were put off ('later')."""
    found: list[str] = []
    for step in path(flow, state):
        for name in asked(flow, step, state):
            slot = state.peek(name)
            if must_know(flow, name) and not slot.counts and not slot.pending and name not in found:
                found.append(name)
    return found


def must_know(flow: Flow, name: str) -> bool:
    """Whether the form cannot be finished without this value: it has no default, somebody decided how it
    is confirmed, and the flow ends in a gate (a brokerage can't go live without it). Without a gate
    nobody is pressed: a lead who does not want to say something need not.
    """
    spec = flow.slots[name]
    gated = any(step.needs_all for step in flow.steps)
    return gated and spec.default is None and spec.confirm not in ("none", "never_by_voice")
