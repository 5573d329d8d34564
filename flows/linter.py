"""What a flow may get wrong although its shape is right. Every problem at once, as ``file:line:key``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from core.errors import Problem
from flows import graph
from flows.graph import END
from flows.loader import FlowProblems, load
from flows.schema import Flow, Next, Step
from flows.slot_lint import SlotLinter, ToolSpec, near
from flows.source import Source

__all__ = ["ToolSpec", "Tools", "check_folder", "lint"]

Tools = Mapping[str, ToolSpec | Collection[str]]
"""Tool -> what is known of it, at least its arguments."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def lint(
    flow: Flow,
    source: Source,
    *,
    types: Collection[str],
    tools: Tools,
    facts: Collection[str] = (),
    commands: Collection[str] | None = None,
) -> list[Problem]:
    """Every problem of a well-formed flow, ordered by line.

    ``types``: known slot types; ``facts``: names every session knows besides ``flow.facts``;
    ``commands``: what may stand in ``anywhere`` (None: not checked).
    """
    specs = {n: t if isinstance(t, ToolSpec) else ToolSpec(tuple(t)) for n, t in tools.items()}
    found = list(_Linter(flow, source, types, specs, facts, commands).run())
    return sorted(dict.fromkeys(found), key=lambda p: _line(p.where))


def check_folder(
    folder: Path,
    *,
    types: Collection[str],
    tools: Tools,
    facts: Collection[str] = (),
    commands: Collection[str] | None = None,
) -> list[Problem]:
    """Every problem of every ``*.yaml`` in the folder, faults of form and of sense together."""
    problems: list[Problem] = []
    names: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            loaded = load(path)
        except FlowProblems as error:
            problems.extend(error.problems)
            continue
        name = loaded.flow.flow
        if names.setdefault(name, path.name) != path.name:
            message = f"the flow {name!r} is already defined in {names[name]}"
            problems.append(Problem(message, loaded.source.where("flow"), "rename one", "duplicate_flow"))
        problems.extend(
            lint(loaded.flow, loaded.source, types=types, tools=tools, facts=facts, commands=commands)
        )
    return problems


def _line(where: str) -> int:
    parts = where.split(":")
    return int(parts[-2]) if len(parts) > 2 and parts[-2].isdigit() else 0


class _Linter(SlotLinter):
    """One run over one flow. Each method yields the problems of one kind."""

    def run(self) -> Iterator[Problem]:
        if not self.flow.steps:
            yield self.at("the flow has no step", "steps", do="write at least one step", code="no_steps")
            return
        yield from self.duplicates()
        for name, slot in self.flow.slots.items():
            yield from self.slot(name, slot)
        for i, step in enumerate(self.flow.steps):
            yield from self.step(i, step)
        yield from self.graph()
        yield from self.rest()

    # -- names -----------------------------------------------------------------------------------

    def duplicates(self) -> Iterator[Problem]:
        for i, name in enumerate(self.names):
            if name in self.names[:i]:
                message = f"the step {name!r} is defined twice"
                yield self.at(message, "steps", i, "step", do="rename one of them", code="duplicate_step")
            if name == END or not _NAME.fullmatch(name):
                message = f"{name!r} cannot name a step"
                do = f"use lower-case letters, digits and _; {END!r} is taken"
                yield self.at(message, "steps", i, "step", do=do, code="name")
        for name in self.flow.slots:
            if name in self.flow.facts:
                message = f"{name!r} is both a slot and a fact"
                yield self.at(message, "slots", name, do="rename one of them", code="duplicate_name")
            if not _NAME.fullmatch(name):
                do = "use lower-case letters, digits and _"
                yield self.at(f"{name!r} cannot name a slot", "slots", name, do=do, code="name")

    # -- steps -----------------------------------------------------------------------------------

    def step(self, i: int, step: Step) -> Iterator[Problem]:
        here = ("steps", i)
        listed: set[str] = set()
        for kind in ("required", "optional"):
            for j, slot in enumerate(getattr(step, kind)):
                if slot not in self.flow.slots:
                    do = near(slot, self.flow.slots, "define it under 'slots:'")
                    yield self.at(f"unknown slot {slot!r}", *here, kind, j, do=do, code="unknown_slot")
                elif slot in listed:
                    message = f"{slot!r} stands twice in the step {step.step!r}"
                    yield self.at(message, *here, kind, j, do="list it once", code="duplicate_slot")
                listed.add(slot)
        yield from self.tool(i, step, listed)
        yield from self.text(step.intro, (i, 0), *here, "intro")
        yield from self.text(step.done, (i + 1, 0), *here, "done")
        yield from self.text(step.updated, (i + 1, 0), *here, "updated")
        yield from self.text(step.title, (i, 0), *here, "title")
        if isinstance(step.next, Next):
            yield from self.branch(i, step, step.next)
        elif isinstance(step.next, str) and step.next not in (END, *self.names):
            do = near(step.next, self.names, f"name a step, or {END!r}")
            yield self.at(f"unknown step {step.next!r}", *here, "next", do=do, code="unknown_step")

    def tool(self, i: int, step: Step, listed: set[str]) -> Iterator[Problem]:
        if step.tool is None:
            return
        here, spec = ("steps", i), self.tools.get(step.tool)
        if spec is None:
            do = near(step.tool, self.tools, "use one of the tools")
            yield self.at(f"unknown tool {step.tool!r}", *here, "tool", do=do, code="unknown_tool")
            return
        for kind in ("required", "optional"):
            for j, slot in enumerate(getattr(step, kind)):
                if slot in self.flow.slots and slot not in spec.args:
                    do = near(slot, spec.args, "rename the slot or the tool's argument")
                    message = f"the tool {step.tool!r} does not take {slot!r}"
                    yield self.at(message, *here, kind, j, do=do, code="not_accepted")
        for arg in spec.required:
            if arg not in listed:
                message = f"the tool {step.tool!r} needs {arg!r}, which this step does not ask"
                yield self.at(message, *here, "tool", do=f"require {arg!r}", code="missing_argument")

    def branch(self, i: int, step: Step, branch: Next) -> Iterator[Problem]:
        here = ("steps", i, "next")
        for key, target in [*branch.cases.items(), (None, branch.default)]:
            if target is not None and target not in (END, *self.names):
                path = (*here, "default") if key is None else (*here, "cases", key)
                do = near(target, self.names, f"name a step, or {END!r}")
                yield self.at(f"unknown step {target!r}", *path, do=do, code="unknown_step")
        if not branch.cases:
            yield self.at("the branch has no cases", *here, do="add 'cases:'", code="no_cases")
        possible: Collection[str] | None
        if branch.when == "status":
            if step.tool is None:
                do = "name a tool, or branch on a slot"
                yield self.at("a step without a tool has no status", *here, do=do, code="no_status")
                return
            possible = self.tools[step.tool].statuses if step.tool in self.tools else None
            what = f"the tool {step.tool!r}"
        elif branch.when in self.flow.slots:
            if self.position.get(branch.when, (i, 0))[0] > i:
                message = f"{branch.when!r} is not known yet after this step"
                yield self.at(message, *here, "when", do="ask it earlier", code="later_slot")
            possible = [c.value for c in self.flow.slots[branch.when].choices] or None
            what = f"the slot {branch.when!r}"
        else:
            do = near(branch.when, ["status", *self.flow.slots], "branch on 'status' or on a slot")
            yield self.at(f"unknown slot {branch.when!r}", *here, "when", do=do, code="unknown_slot")
            return
        if possible is None:
            return
        for key in branch.cases:
            if key not in possible:
                do = near(key, possible, f"one of: {', '.join(possible)}")
                yield self.at(f"{what} never says {key!r}", *here, "cases", key, do=do, code="unknown_value")
        missing = [word for word in possible if word not in branch.cases]
        if missing and branch.default is None:
            message = f"nothing follows when {what} says {', '.join(missing)}"
            yield self.at(message, *here, do="add the cases or a 'default:'", code="no_way_on")

    # -- the whole -------------------------------------------------------------------------------

    def graph(self) -> Iterator[Problem]:
        ways = graph.ways(self.flow)
        reached, ending = graph.reached(ways), graph.ending(ways)
        for i, name in enumerate(self.names):
            if i not in reached:
                message = f"no way leads to the step {name!r}"
                yield self.at(message, "steps", i, "step", do="let a step go there", code="unreachable")
            if i not in ending:
                message = f"from the step {name!r} the form never ends"
                yield self.at(message, "steps", i, "next", do=f"add a way to {END!r}", code="dead_end")

    def rest(self) -> Iterator[Problem]:
        flow = self.flow
        if flow.on_end is not None and flow.on_end not in self.tools:
            do = near(flow.on_end, self.tools, "use one of the tools")
            yield self.at(f"unknown tool {flow.on_end!r}", "on_end", do=do, code="unknown_tool")
        for i, command in enumerate(flow.anywhere):
            if self.commands is not None and command not in self.commands:
                do = near(command, self.commands, "use one of the commands")
                yield self.at(f"unknown command {command!r}", "anywhere", i, do=do, code="unknown_command")
        yield from self.text(flow.opening, (0, 0), "opening")
        yield from self.text(flow.goal, None, "goal")
        yield from self.text(flow.closing, None, "closing")
        if flow.version < 1:
            yield self.at("versions start at 1", "version", do="write 1", code="version")
