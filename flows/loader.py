"""Flow files read into ``flows.schema.Flow``, with file, line and key for everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from core.errors import InvalidInput, Problem
from flows import source as sources
from flows.schema import Asks, Choice, Flow, Next, Slot, Step, When
from flows.source import Source

_PARTS: dict[str, type[BaseModel]] = {
    "flow": Flow,
    "slot": Slot,
    "step": Step,
    "ask": Asks,
    "when": When,
    "choice": Choice,
    "next": Next,
}
_KEYS = {part: [f.alias or n for n, f in model.model_fields.items()] for part, model in _PARTS.items()}


class FlowProblems(InvalidInput):
    """A flow that cannot be used. ``problems`` names every fault as ``file:line:key``."""

    code = "flow"

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  - {p}" for p in self.problems)])


@dataclass(frozen=True)
class Loaded:
    """A flow and where its keys stand, for the linter."""

    flow: Flow
    source: Source


def load(flow: Path | str, name: str | None = None) -> Loaded:
    """Read one flow: a ``Path`` is a file, a ``str`` is the YAML text itself.

    Raises FlowProblems with every fault of form and shape at once.
    """
    if isinstance(flow, Path):
        label = name or flow.name
        try:
            if flow.stat().st_size > sources.MAX_BYTES:
                raise FlowProblems(
                    "a flow cannot be read",
                    problems=[Problem("the file is too large", f"{label}:1:", "split the flow", "too_large")],
                )
            text = flow.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problem = Problem(
                f"cannot be read ({type(error).__name__})", f"{label}:1:", "check the file", "file"
            )
            raise FlowProblems("a flow cannot be read", problems=[problem]) from None
    else:
        label, text = name or "flow", flow
    data, source, problems = sources.read(text, label)
    parsed: Flow | None = None
    if isinstance(data, dict):
        try:
            parsed = Flow.model_validate(data)
        except ValidationError as error:
            problems = [*problems, *_shape_problems(error, data, source)]
    elif not problems:
        problems = [
            Problem("a flow is a mapping of keys", source.where(), "start with 'flow: NAME'", "shape")
        ]
    if problems or parsed is None:
        raise FlowProblems(f"the flow in {label} cannot be used", problems=problems)
    return Loaded(parsed, source)


def load_flow(flow: Path | str, name: str | None = None) -> Flow:
    """``load`` without the positions."""
    return load(flow, name).flow


def load_folder(folder: Path) -> dict[str, Loaded]:
    """Every ``*.yaml`` of the folder by flow name. Raises FlowProblems for all files together."""
    found: dict[str, Loaded] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            loaded = load(path)
        except FlowProblems as error:
            problems.extend(error.problems)
            continue
        name = loaded.flow.flow
        if name in found:
            message = f"the flow {name!r} is already defined in {found[name].source.name}"
            problems.append(
                Problem(message, loaded.source.where("flow"), "rename one of them", "duplicate_flow")
            )
            continue
        found[name] = loaded
    if problems:
        raise FlowProblems(f"flows in {folder.name} cannot be used", problems=problems)
    return found


def load_all(folder: Path) -> dict[str, Flow]:
    """``load_folder`` without the positions."""
    return {name: loaded.flow for name, loaded in load_folder(folder).items()}


def _shape_problems(error: ValidationError, data: Any, source: Source) -> list[Problem]:
    """pydantic's errors as ours: its location mapped to the line where the key stands."""
    problems: list[Problem] = []
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        path, value, branch = _locate(item["loc"], data)
        # ``next`` is a name or a mapping: only the complaint about the form that was meant helps.
        if branch == "str" and isinstance(value, dict):
            continue
        if branch == "Next" and item["type"] == "model_type":
            continue
        problems.append(_explain(item["type"], item["msg"], path, value, source))
    return problems


def _locate(loc: tuple[str | int, ...], data: Any) -> tuple[sources.Path, Any, str]:
    """The path in the file, the value there, and the union branch pydantic tried last."""
    path: sources.Path = ()
    value, branch = data, ""
    for i, part in enumerate(loc):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            if part in ("str", "Next") and path and path[-1] == "next":
                branch = str(part)
                continue
            if i < len(loc) - 1:
                continue
            value = None
        path = (*path, part)
    return path, value, branch


def _explain(kind: str, message: str, path: sources.Path, value: Any, source: Source) -> Problem:
    where = source.where(*path)
    key = str(path[-1]) if path else ""
    if kind == "missing":
        return Problem(f"{key!r} is missing", where, f"add '{key}:' here", "missing_key")
    if kind == "extra_forbidden":
        hint = process.extractOne(key, _keys_at(path[:-1]), score_cutoff=65)
        step = f"did you mean {hint[0]!r}?" if hint else "remove it, or check the spelling"
        return Problem(f"{key!r} is no key of this part", where, step, "unknown_key")
    if isinstance(value, bool) and kind == "string_type":
        return Problem("this is read as true or false", where, "put the word in quotes", "quotes")
    return Problem(message[:1].lower() + message[1:], where, "correct the value", "shape")


def _keys_at(path: sources.Path) -> list[str]:
    """The keys that may stand at this place."""
    kinds: Mapping[int, str] = {
        0: "flow",
        2: {"slots": "slot", "steps": "step"}.get(str(path[0]), "") if path else "",
    }
    last = str(path[-1]) if path else ""
    if last in ("ask", "when", "next") and len(path) == 3:
        return _KEYS[last]
    if len(path) == 4 and path[2] == "choices":
        return _KEYS["choice"]
    return _KEYS.get(kinds.get(len(path), ""), [])
