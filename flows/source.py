"""YAML text read as plain data that remembers where every key stood.

Flows may come from a tenant's editor, so the text is untrusted: size, depth and the size after
expanding aliases are capped before anything is built, and only plain YAML tags are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from core.errors import Problem

MAX_BYTES = 256_000
MAX_DEPTH = 20
MAX_NODES = 20_000

# libyaml reads the same ten times as fast; PyYAML's wheels have it, a build without it does not
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """``("steps", 0, "tool")`` -> ``steps[0].tool``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass(frozen=True)
class Source:
    """Where the keys of one file stand. ``lines`` maps a path to its 1-based line."""

    name: str
    lines: Mapping[Path, int] = field(default_factory=dict)

    def where(self, *path: str | int) -> str:
        """``file:line:key``; a path that is not in the file gets the line of its nearest parent."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return f"{self.name}:{self.lines.get(known, 1)}:{dotted(path)}"


class _Refused(Exception):
    """The text broke a cap or is no YAML; carries the one problem that stopped reading."""

    def __init__(self, problem: Problem):
        super().__init__(problem.message)
        self.problem = problem


def read(text: str, name: str) -> tuple[Any, Source, list[Problem]]:
    """Plain data, its positions, and every problem of form found on the way.

    Data is None when the text could not be read at all.
    """
    try:
        root = _compose(text, name)
    except _Refused as refused:
        return None, Source(name), [refused.problem]
    builder = _Builder(name)
    data = builder.build(root, ())
    return data, Source(name, builder.lines), builder.problems


def _compose(text: str, name: str) -> yaml.Node:
    """The node graph, after every cap has held. The depth is checked on the event stream first,
    because composing recurses as deep as the text nests."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise _Refused(
            Problem(
                f"the file is larger than {MAX_BYTES:,} bytes", f"{name}:1:", "split the flow", "too_large"
            )
        )
    try:
        depth = nodes = 0
        for event in yaml.parse(text, Loader=_Loader):
            nodes += isinstance(event, yaml.NodeEvent)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise _Refused(
                    Problem(
                        f"nested more than {MAX_DEPTH} levels deep",
                        f"{name}:{line}:",
                        "flatten it",
                        "too_deep",
                    )
                )
            if nodes > MAX_NODES:
                raise _Refused(_too_many(name))
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "this is no YAML"
        raise _Refused(
            Problem(
                f"not readable as YAML: {what}",
                f"{name}:{mark.line + 1 if mark else 1}:",
                "check indentation, quotes and colons on this line",
                "yaml",
            )
        ) from None
    if root is None:
        raise _Refused(Problem("the file is empty", f"{name}:1:", "write a flow", "yaml"))
    if _expanded(root, {}, set(), name) > MAX_NODES:
        raise _Refused(_too_many(name))
    return root


def _too_many(name: str) -> Problem:
    return Problem(
        f"more than {MAX_NODES:,} values once aliases are expanded", f"{name}:1:", "write less", "too_large"
    )


def _expanded(node: yaml.Node, sizes: dict[int, int], open_: set[int], name: str) -> int:
    """How many values the node stands for with its aliases written out; a loop is refused."""
    if id(node) in sizes:
        return sizes[id(node)]
    if id(node) in open_:
        line = node.start_mark.line + 1
        raise _Refused(
            Problem("an alias contains itself", f"{name}:{line}:", "remove the alias", "alias_loop")
        )
    open_.add(id(node))
    size = 1 + sum(_expanded(child, sizes, open_, name) for child in _children(node))
    open_.discard(id(node))
    sizes[id(node)] = size
    return size


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield value


_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map")}


class _Builder:
    """Turns nodes into data, noting lines and what is wrong with the form."""

    def __init__(self, name: str):
        self.name = name
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self._scalars = yaml.SafeLoader("")

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag not in _PLAIN:
            # Dates and times are plain text to us: 2026-11-01 in a question is no object.
            if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:timestamp":
                return node.value
            self._problem(
                f"the tag or merge key {node.tag!r} is not allowed", node, path, "write the value out"
            )
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        if node.tag != "tag:yaml.org,2002:str" and ":" in node.value:
            return node.value  # YAML 1.1 reads 9:30 as 570; here it is a time of day
        try:
            return self._scalars.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):
            self._problem("the value cannot be read", node, path, "put it in quotes")
            return None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key_node.tag == "tag:yaml.org,2002:merge":
                self._problem("a key must be a plain word", key_node, path, "write the keys out")
                continue
            here = (*path, key)
            if key in found:
                first = self.lines[here]
                self._problem(
                    f"{key!r} stands twice here, first in line {first}",
                    key_node,
                    here,
                    "remove one of them",
                    "duplicate_key",
                )
                continue
            self.lines[here] = key_node.start_mark.line + 1
            found[key] = self.build(value, here)
        return found

    def _problem(self, message: str, node: yaml.Node, path: Path, next_step: str, code: str = "yaml") -> None:
        where = f"{self.name}:{node.start_mark.line + 1}:{dotted(path)}"
        self.problems.append(Problem(message, where, next_step, code))
