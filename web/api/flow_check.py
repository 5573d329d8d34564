"""Whether a client's version of a flow may be used: well formed, sensible, and within what it may do.

A client words its flow; it gives it no new powers. Only the shipped flow's tools may be named, and what a
caller may always demand (help, a person, no more contact) stays.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flows as flows_package
from agent.acts import COMMANDS
from agent.understanding.types import slot_types
from core.errors import NotFound, Problem
from flows.linter import lint
from flows.loader import FlowProblems, load
from flows.schema import Flow
from tools import registry

FOLDER = Path(flows_package.__file__ or "").parent
HOUSE_ONLY = frozenset({"onboarding"})
"""Flows of the platform itself: no client has a version of its own."""


def shipped(flows: Mapping[str, Flow], name: str) -> Flow:
    """The flow as shipped. NotFound for one that clients have no say in."""
    if name not in flows or name in HOUSE_ONLY:
        raise NotFound("no such flow")
    return flows[name]


def shipped_source(name: str) -> str:
    """Its YAML."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def _tools(flow: Flow) -> set[str]:
    return {step.tool for step in flow.steps if step.tool} | ({flow.on_end} if flow.on_end else set())


def check(source: str, standard: Flow) -> tuple[Flow | None, list[Problem]]:
    """The flow, where it can be read, and every problem with file, line and key."""
    name = f"{standard.flow}.yaml"
    try:
        loaded = load(source, name)
    except FlowProblems as error:
        return None, list(error.problems)
    flow = loaded.flow
    found: list[Problem] = []
    if flow.flow != standard.flow:
        message = f"this is a version of {standard.flow!r}, not of {flow.flow!r}"
        found.append(
            Problem(message, loaded.source.where("flow"), f"write 'flow: {standard.flow}'", "flow_name")
        )
    missing = [one for one in standard.anywhere if one not in flow.anywhere]
    if missing:
        message = f"callers may always say: {', '.join(missing)}"
        found.append(Problem(message, loaded.source.where("anywhere"), "add them back", "missing_command"))
    specs = {n: s for n, s in registry.specs().items() if n in _tools(standard)}
    found += lint(flow, loaded.source, types=tuple(slot_types()), tools=specs, commands=COMMANDS)
    return flow, found


def place(problem: Problem) -> tuple[str, int, str]:
    """File, line and key of a problem ("lead.yaml:12:steps[0].tool")."""
    file, _, rest = problem.where.partition(":")
    line, _, key = rest.partition(":")
    return file, int(line) if line.isdigit() else 1, key


@dataclass(frozen=True)
class Difference:
    """What changed, by name."""

    added: list[str]
    removed: list[str]
    changed: list[str]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Names that came, went, or stand for something else now."""
    return Difference(
        sorted(after.keys() - before.keys()),
        sorted(before.keys() - after.keys()),
        sorted(name for name in before.keys() & after.keys() if before[name] != after[name]),
    )


def unified(before: str, after: str, *, name: str, old: int, new: int) -> str:
    """As ``diff -u`` shows it."""
    return "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"{name} version {old}",
            f"{name} version {new}",
        )
    )
