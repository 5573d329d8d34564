"""The history a model is shown: what may be in it and how calls stand in it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, cast

from pipecat.processors.aggregators.llm_context import LLMContext

from agent.brains.model_tools import Outcome
from agent.guardrails.guard import check_heard


def redact(context: LLMContext, fresh: int, *, flow: str, channel: str) -> None:
    """Card numbers and the like leave the history before a model sees it.

    ``fresh``: where the messages begin that no model has seen yet.
    """
    for message in context.get_messages()[fresh:]:
        if not isinstance(message, dict) or message.get("role") != "user":
            continue
        content = message.get("content")
        if isinstance(content, str):
            verdict = check_heard(content, flow=flow, channel=channel)
            if verdict.label != "ok":
                cast(dict[str, Any], message)["content"] = verdict.redacted


def exchange(outcomes: Sequence[Outcome]) -> list[Any]:
    """The calls and their results. Arguments that are no JSON object would upset some servers."""
    calls, results = [], []
    for outcome in outcomes:
        try:
            given = json.loads(outcome.call.arguments)
        except json.JSONDecodeError:
            given = None
        arguments = json.dumps(given if isinstance(given, dict) else {})
        function = {"name": outcome.call.name or "unknown", "arguments": arguments}
        calls.append({"id": outcome.call.id, "type": "function", "function": function})
        content = json.dumps(outcome.result, ensure_ascii=False)
        results.append({"role": "tool", "tool_call_id": outcome.call.id, "content": content})
    return [{"role": "assistant", "content": "", "tool_calls": calls}, *results]


def texts(context: LLMContext) -> list[str]:
    """The text of every message."""
    contents = (m.get("content") for m in context.get_messages() if isinstance(m, dict))
    return [content for content in contents if isinstance(content, str)]


def last_question(text: str) -> str:
    """The last sentence if it asks something, else ""."""
    if not text.rstrip().endswith("?"):
        return ""
    return re.split(r"(?<=[.!?])\s+", text.strip())[-1]
