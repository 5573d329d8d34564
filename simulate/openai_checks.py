"""What an OpenAI-compatible server expects of a request, checked: shape, history and a stable prefix."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

_ROLES = {"system", "developer", "user", "assistant", "tool"}
_TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}


def check_messages(messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Everything wrong with a history: roles, contents, unanswered calls, answers to no call."""
    problems: list[str] = []
    open_calls: list[str] = []
    if not messages or messages[0].get("role") != "system":
        problems.append("the first message is not the system's")
    for i, message in enumerate(messages):
        role, content = message.get("role"), message.get("content")
        where = f"messages[{i}] ({role})"
        if role not in _ROLES:
            problems.append(f"{where}: no such role")
        if role == "system" and i > 0:
            problems.append(f"{where}: a system message after the first")
        if role != "assistant" and (not isinstance(content, str) or not content.strip()):
            problems.append(f"{where}: no content")
        if role == "tool":
            if message.get("tool_call_id") not in open_calls:
                problems.append(f"{where}: answers no open call")
            else:
                open_calls.remove(str(message["tool_call_id"]))
            continue
        if open_calls:
            problems.append(f"{where}: {len(open_calls)} calls before it are unanswered")
            open_calls = []
        if role == "assistant":
            calls = message.get("tool_calls") or []
            if not calls and not content:
                problems.append(f"{where}: says nothing and calls nothing")
            for call in calls:
                problems += [f"{where}: {p}" for p in _call_problems(call)]
                open_calls.append(str(call.get("id")))
            if len(set(open_calls)) != len(open_calls):
                problems.append(f"{where}: two calls share an id")
    if open_calls:
        problems.append(f"{len(open_calls)} calls at the end are unanswered")
    return problems


def _call_problems(call: Mapping[str, Any]) -> list[str]:
    function = call.get("function") or {}
    problems = []
    if call.get("type") != "function" or not call.get("id") or not function.get("name"):
        problems.append("a call without type, id or name")
    try:
        if not isinstance(json.loads(function.get("arguments", "")), dict):
            problems.append("arguments are no object")
    except (TypeError, json.JSONDecodeError):
        problems.append("arguments are no JSON")
    return problems


def check_tools(tools: Any) -> list[str]:
    """Everything wrong with the function list, schemas included."""
    if not isinstance(tools, list) or not tools:
        return ["no tools"]
    problems: list[str] = []
    names = [tool.get("function", {}).get("name") for tool in tools]
    if len(set(names)) != len(names):
        problems.append("two tools share a name")
    for tool, name in zip(tools, names, strict=True):
        function = tool.get("function", {})
        if tool.get("type") != "function" or not name or not function.get("description"):
            problems.append(f"tool {name}: needs a type, a name and a description")
        parameters = function.get("parameters")
        if not isinstance(parameters, dict) or parameters.get("type") != "object":
            problems.append(f"tool {name}: parameters must be an object schema")
        else:
            problems += [f"tool {name}: {p}" for p in _schema_problems(parameters, "parameters")]
    return problems


def _schema_problems(schema: Any, where: str) -> list[str]:
    if not isinstance(schema, dict):
        return [f"{where} is no schema"]
    problems = []
    kinds = schema.get("type", [])
    if "type" not in schema and "anyOf" not in schema:
        problems.append(f"{where} has no type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind not in _TYPES:
            problems.append(f"{where} has the unknown type {kind!r}")
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in properties:
            problems.append(f"{where} requires {name!r}, which it does not define")
    if "enum" in schema and (not schema["enum"] or len(set(schema["enum"])) != len(schema["enum"])):
        problems.append(f"{where} has an empty or repeating enum")
    if kinds == "array" and "items" not in schema:
        problems.append(f"{where} has no items")
    for name, inner in properties.items():
        problems += _schema_problems(inner, f"{where}.{name}")
    if "items" in schema:
        problems += _schema_problems(schema["items"], f"{where}[]")
    for i, inner in enumerate(schema.get("anyOf", [])):
        problems += _schema_problems(inner, f"{where}|{i}")
    return problems


class Prefix:
    """Watches that what a provider can cache stays as it was, conversation by conversation.

    System message and tools must be byte for byte the same in every request; the history may only
    grow. Developer messages are volatile by design: one at most, and never before the caller's newest
    words. Text that a request adds to the caller's newest message counts as volatile too.
    """

    def __init__(self) -> None:
        self._tools: dict[str, str] = {}
        self._history: dict[tuple[str, str], list[Mapping[str, Any]]] = {}

    @property
    def systems(self) -> list[str]:
        """The different system messages seen: one for each flow and persona, whatever the step."""
        return list(self._tools)

    def check(self, messages: Sequence[Mapping[str, Any]], tools: Any) -> list[str]:
        """What has changed that should not have."""
        problems: list[str] = []
        system = str(messages[0].get("content")) if messages else ""
        text = json.dumps(tools)
        if self._tools.setdefault(system, text) != text:
            problems.append("the tools differ from those of an earlier request")
        users = [i for i, m in enumerate(messages) if m.get("role") == "user"]
        volatile = [i for i, m in enumerate(messages) if m.get("role") == "developer"]
        if len(volatile) > 1:
            problems.append("more than one volatile message")
        if volatile and users and volatile[0] < users[-1]:
            problems.append("a volatile message stands before the caller's newest words")
        history = [m for m in messages[1:] if m.get("role") != "developer"]
        first = str(next((m.get("content") for m in history), ""))
        opening = first.split("\n\n[", 1)[0]
        before = self._history.get((system, opening), [])
        for i, (old, new) in enumerate(zip(before, history, strict=False)):
            newest = i == max((k for k, m in enumerate(before) if m.get("role") == "user"), default=-1)
            grown = newest and str(old.get("content")).startswith(str(new.get("content")))
            if old != new and not grown:
                problems.append(f"message {i + 1} of the history has changed")
                break
        if len(history) < len(before):
            problems.append("the history has become shorter")
        self._history[system, opening] = history
        return problems
