"""The ways through a flow's steps."""

from __future__ import annotations

from flows.schema import Flow

END = "end"
"""The target that ends the form."""

Ways = list[set[int | None]]
"""Per step, by index, the steps that may follow; None is the end."""


def ways(flow: Flow) -> Ways:
    """Where each step may lead. A target that names no step leads nowhere."""
    index = {step.step: i for i, step in reversed(list(enumerate(flow.steps)))}
    found: Ways = []
    for i, step in enumerate(flow.steps):
        if step.next is None:
            found.append({i + 1 if i + 1 < len(flow.steps) else None})
            continue
        targets = (
            [step.next] if isinstance(step.next, str) else [*step.next.cases.values(), step.next.default]
        )
        found.append(
            {None if t == END else index[t] for t in targets if t is not None and (t == END or t in index)}
        )
    return found


def reached(graph: Ways) -> set[int]:
    """The steps that can be come to from the first."""
    seen, todo = {0}, [0]
    while todo:
        for target in graph[todo.pop()]:
            if target is not None and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def ending(graph: Ways) -> set[int]:
    """The steps from which the end can be come to."""
    seen: set[int] = set()
    while more := {i for i, way in enumerate(graph) if i not in seen and (None in way or way & seen)}:
        seen |= more
    return seen
