"""What a flow may get wrong although its shape is right. Every problem at once, as ``file:line:key``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

from core.errors import Problem
from flows import graph, texts
from flows.graph import END
from flows.loader import FlowProblems, load
from flows.schema import Confirm, Flow, Next, Slot, Step
from flows.source import Source

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LAST = 1_000
_PROVEN = (Confirm.EXPLICIT, Confirm.OUT_OF_BAND)


@dataclass(frozen=True)
class ToolSpec:
    """What the linter knows of a tool. ``args``: every argument it takes; ``required``: those without
    a default; ``statuses``: every status it can return (None: not known); ``facts``: names it adds."""

    args: Collection[str]
    required: Collection[str] = ()
    statuses: Collection[str] | None = None
    facts: Collection[str] = ()


Tools = Mapping[str, ToolSpec | Collection[str]]


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


def _near(name: str, known: Collection[str], otherwise: str) -> str:
    hint = process.extractOne(name, list(known), score_cutoff=65)
    return f"did you mean {hint[0]!r}?" if hint else otherwise


class _Linter:
    """One run over one flow. Each method yields the problems of one kind."""

    def __init__(
        self,
        flow: Flow,
        source: Source,
        types: Collection[str],
        tools: Mapping[str, ToolSpec],
        facts: Collection[str],
        commands: Collection[str] | None,
    ):
        self.flow, self.source, self.types, self.tools, self.commands = flow, source, types, tools, commands
        self.facts = {*facts, *flow.facts, *(f for t in tools.values() for f in t.facts)}
        self.names = [step.step for step in flow.steps]
        # Where a slot is first known: (step, place in the step). Optional ones count as last.
        self.position: dict[str, tuple[int, int]] = {}
        for i, step in enumerate(flow.steps):
            for j, slot in enumerate(step.required):
                self.position.setdefault(slot, (i, j))
            for slot in step.optional:
                self.position.setdefault(slot, (i, _LAST))

    def at(self, message: str, *path: str | int, do: str, code: str) -> Problem:
        return Problem(message, self.source.where(*path), do, code)

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

    # -- slots -----------------------------------------------------------------------------------

    def slot(self, name: str, slot: Slot) -> Iterator[Problem]:
        here = ("slots", name)
        steps = self.flow.steps_of(name)
        required = any(name in s.required for s in steps)
        if slot.type not in self.types:
            do = _near(slot.type, self.types, "use one of the slot types")
            yield self.at(f"unknown slot type {slot.type!r}", *here, "type", do=do, code="unknown_type")
        if not steps:
            message = f"the slot {name!r} is in no step, so it is never asked"
            yield self.at(message, *here, do="list it in a step, or remove it", code="never_asked")
        if required and slot.confirm is Confirm.NEVER_BY_VOICE:
            message = f"{name!r} may never be given by voice, but a step requires it"
            do = "make it optional (it is collected by link)"
            yield self.at(message, *here, "confirm", do=do, code="never_by_voice")
        yield from self.choices(name, slot)
        yield from self.when(name, slot)
        yield from self.asks(name, slot, required)

    def choices(self, name: str, slot: Slot) -> Iterator[Problem]:
        here = ("slots", name, "choices")
        if "choice" in slot.type and not slot.choices and not slot.choices_from:
            do = "add 'choices:' or 'choices_from:'"
            yield self.at(f"{name!r} has nothing to choose from", *here, do=do, code="no_choices")
        said: dict[str, str] = {}
        for i, choice in enumerate(slot.choices):
            for word in {choice.value.lower(), choice.label.lower(), *(a.lower() for a in choice.also)}:
                if said.setdefault(word, choice.value) != choice.value or choice.value in [
                    c.value for c in slot.choices[:i]
                ]:
                    message = f"{word!r} stands for two choices"
                    yield self.at(message, *here, i, do="keep it in one", code="duplicate_choice")

    def when(self, name: str, slot: Slot) -> Iterator[Problem]:
        if slot.when is None:
            return
        here, other = ("slots", name, "when"), slot.when.slot
        if other not in self.flow.slots:
            do = _near(other, self.flow.slots, "name a slot of this flow")
            yield self.at(f"unknown slot {other!r}", *here, "slot", do=do, code="unknown_slot")
            return
        mine, theirs = self.position.get(name), self.position.get(other)
        volunteered = mine and theirs and theirs == (mine[0], _LAST) and other != name
        if mine and theirs and theirs >= mine and not volunteered:
            message = f"{name!r} depends on {other!r}, which is asked later"
            yield self.at(message, *here, "slot", do=f"ask {other!r} first", code="later_slot")
        values = {c.value for c in self.flow.slots[other].choices}
        for word in (*slot.when.is_, *slot.when.not_):
            if values and word not in values:
                do = _near(str(word), values, f"use a choice of {other!r}")
                yield self.at(f"{other!r} is never {word!r}", *here, do=do, code="unknown_value")
        if not slot.when.is_ and not slot.when.not_ and slot.when.given is None:
            do = "add 'is:', 'not:' or 'given:'"
            yield self.at("the condition says nothing", *here, do=do, code="empty_when")

    def asks(self, name: str, slot: Slot, required: bool) -> Iterator[Problem]:
        ask, here = slot.ask, ("slots", name, "ask")
        for channel in ("voice", "chat", "page"):
            text = getattr(ask, channel)
            if text is not None and not text.strip():
                message = f"{name!r} has no question for {channel}"
                do = "write the question" if channel == "voice" else "write it, or leave the key out"
                yield self.at(message, *here, channel, do=do, code="no_ask")
        if required and slot.confirm in _PROVEN and len(ask.again) < 2:
            message = f"{name!r} must be understood exactly, but has {len(ask.again)} of 2 re-asks"
            do = "add to 'again:' one short wording and one with an example"
            yield self.at(message, *here, "again", do=do, code="no_again")
        if repeat := texts.repeated([ask.voice, *ask.again]):
            message = f"the re-asks of {name!r} repeat a wording: {repeat[:40]!r}"
            yield self.at(message, *here, "again", do="word each differently", code="same_wording")
        place = self.position.get(name)
        for channel in ("voice", "chat", "page"):
            yield from self.text(getattr(ask, channel) or "", place, *here, channel, asked=True)
        for i, text in enumerate(ask.again):
            yield from self.text(text, place, *here, "again", i, asked=True)
        for key in ("help", "why"):
            yield from self.text(getattr(slot, key), place, "slots", name, key)
        if slot.suggest and slot.suggest not in self.facts | set(self.flow.slots):
            do = _near(slot.suggest, self.facts, "name a fact or a slot")
            message = f"nothing called {slot.suggest!r} can be suggested"
            yield self.at(message, "slots", name, "suggest", do=do, code="unknown_fact")

    # -- words -----------------------------------------------------------------------------------

    def text(
        self, text: str, place: tuple[int, int] | None, *path: str | int, asked: bool = False
    ) -> Iterator[Problem]:
        """``place``: where in the form the words are said; None if slots are not looked at for order."""
        for name in texts.placeholders(text):
            if name in self.flow.slots:
                known = self.position.get(name)
                if place is not None and known is not None and known >= place:
                    message = f"{{{name}}} is not known yet when this is said"
                    yield self.at(message, *path, do=f"ask {name!r} earlier", code="later_slot")
            elif name not in self.facts:
                do = _near(name, self.facts | set(self.flow.slots), "name a slot or a fact")
                yield self.at(f"{{{name}}} is no slot and no fact", *path, do=do, code="unknown_placeholder")
        if texts.stray_brace(text):
            do = "placeholders look like {name}"
            yield self.at("a brace that belongs to no placeholder", *path, do=do, code="brace")
        if len(text) > texts.MAX_SPOKEN:
            message = f"{len(text)} characters are too many to listen to"
            yield self.at(message, *path, do=f"stay under {texts.MAX_SPOKEN}", code="too_long")
        if asked and (word := texts.protected_word(text)):
            message = f"a question may not touch on {word!r} (fair housing)"
            yield self.at(message, *path, do="ask about the property instead", code="fair_housing")

    # -- steps -----------------------------------------------------------------------------------

    def step(self, i: int, step: Step) -> Iterator[Problem]:
        here = ("steps", i)
        listed: set[str] = set()
        for kind in ("required", "optional"):
            for j, slot in enumerate(getattr(step, kind)):
                if slot not in self.flow.slots:
                    do = _near(slot, self.flow.slots, "define it under 'slots:'")
                    yield self.at(f"unknown slot {slot!r}", *here, kind, j, do=do, code="unknown_slot")
                elif slot in listed:
                    message = f"{slot!r} stands twice in the step {step.step!r}"
                    yield self.at(message, *here, kind, j, do="list it once", code="duplicate_slot")
                listed.add(slot)
        yield from self.tool(i, step, listed)
        yield from self.text(step.intro, (i, 0), *here, "intro")
        yield from self.text(step.done, (i + 1, 0), *here, "done")
        yield from self.text(step.title, (i, 0), *here, "title")
        if isinstance(step.next, Next):
            yield from self.branch(i, step, step.next)
        elif isinstance(step.next, str) and step.next not in (END, *self.names):
            do = _near(step.next, self.names, f"name a step, or {END!r}")
            yield self.at(f"unknown step {step.next!r}", *here, "next", do=do, code="unknown_step")

    def tool(self, i: int, step: Step, listed: set[str]) -> Iterator[Problem]:
        if step.tool is None:
            return
        here, spec = ("steps", i), self.tools.get(step.tool)
        if spec is None:
            do = _near(step.tool, self.tools, "use one of the tools")
            yield self.at(f"unknown tool {step.tool!r}", *here, "tool", do=do, code="unknown_tool")
            return
        for kind in ("required", "optional"):
            for j, slot in enumerate(getattr(step, kind)):
                if slot in self.flow.slots and slot not in spec.args:
                    do = _near(slot, spec.args, "rename the slot or the tool's argument")
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
                do = _near(target, self.names, f"name a step, or {END!r}")
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
            do = _near(branch.when, ["status", *self.flow.slots], "branch on 'status' or on a slot")
            yield self.at(f"unknown slot {branch.when!r}", *here, "when", do=do, code="unknown_slot")
            return
        if possible is None:
            return
        for key in branch.cases:
            if key not in possible:
                do = _near(key, possible, f"one of: {', '.join(possible)}")
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
            do = _near(flow.on_end, self.tools, "use one of the tools")
            yield self.at(f"unknown tool {flow.on_end!r}", "on_end", do=do, code="unknown_tool")
        for i, command in enumerate(flow.anywhere):
            if self.commands is not None and command not in self.commands:
                do = _near(command, self.commands, "use one of the commands")
                yield self.at(f"unknown command {command!r}", "anywhere", i, do=do, code="unknown_command")
        yield from self.text(flow.opening, (0, 0), "opening")
        yield from self.text(flow.goal, None, "goal")
        yield from self.text(flow.closing, None, "closing")
        if flow.version < 1:
            yield self.at("versions start at 1", "version", do="write 1", code="version")
