"""A flow compiled to ``pipecat.flows``: one node a step, and three functions that never change.

What a model sees of a flow is the same in every step and every turn (role and functions), so that a
provider's prompt cache holds; what changes is in the node's message. The functions do not act: they
hand what was heard to the conversation, whose engine decides, and return its next words.

Around pipecat's sharp edges: no ``tts_say`` (an interrupted one hangs the transition); every
placeholder has a value from the start (a missing one silences the call); no exception leaves a
function (its text would be shown to the model); a write goes on when its call is cancelled.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypedDict

from loguru import logger
from pipecat.flows import (
    TRANSITION_IN_YAML,
    FlowConfig,
    FlowManager,
    FlowsFunctionSchema,
    NodeConfig,
    flows_tool_options,
)
from pipecat.flows import Flow as PipecatFlow

from flows.graph import END
from flows.ports import ConversationPort, ReplyPort
from flows.schema import Flow, Slot, Step

CONVERSATION = "conversation"
"""Key of the conversation in ``FlowManager.state``."""
REPLY = "reply"
"""Key of the conversation's newest reply in ``FlowManager.state``."""
FINISH = "finish"
"""Key of an optional ``async () -> None`` in ``FlowManager.state`` that ends the call."""
TOOL_SECONDS = 20.0
"""After this long a model no longer waits for a function; the work itself goes on."""

_KEPT = 256
_running: set[asyncio.Task[Any]] = set()


class Answer(TypedDict):
    """One thing the caller said."""

    slot: str
    value: str


@flows_tool_options(timeout_secs=TOOL_SECONDS)
async def note_answers(flow_manager: FlowManager, answers: list[Answer]) -> tuple[Any, Any]:
    """Pass on everything the caller just said that the form can hold.

    Args:
        answers: One entry a value. slot: its name in the form. value: the caller's own words for it.
    """
    return await _ask(flow_manager, lambda c: c.propose([dict(a) for a in answers]))


@flows_tool_options(timeout_secs=TOOL_SECONDS)
async def confirm(flow_manager: FlowManager, yes: bool, correction: str = "") -> tuple[Any, Any]:
    """Pass on the caller's yes or no to what was read back or offered.

    Args:
        yes: True for yes, false for no.
        correction: What the caller said is wrong, in their words; empty if nothing.
    """
    return await _ask(flow_manager, lambda c: c.confirm(yes, correction or None))


@flows_tool_options(timeout_secs=TOOL_SECONDS)
async def command(flow_manager: FlowManager, name: str, target: str = "") -> tuple[Any, Any]:
    """Do something that can be asked for at any time.

    Args:
        name: What the caller wants.
        target: The slot or step it is about, if any.
    """
    return await _ask(flow_manager, lambda c: c.command(name, target or None))


async def _ask(manager: FlowManager, act: Any) -> tuple[Any, Any]:
    """Let the conversation act and put its reply into a result for the model."""
    conversation: ConversationPort = manager.state[CONVERSATION]
    try:
        work = act(conversation)
        reply = await (work if getattr(conversation, "finishes", False) else _unbreakable(work))
    except Exception as error:
        logger.warning("a conversation function failed: {}", type(error).__name__)
        return {
            "status": "failed",
            "say": "",
            "step": manager.current_node or "",
            "enter": "",
        }, TRANSITION_IN_YAML
    manager.state[REPLY] = reply
    manager.state["form"] = conversation.prompt().text()
    step = END if reply.ended else reply.step
    result = {
        "status": "ended" if reply.ended else "ok",
        "say": " ".join(said.text for said in reply.says),
        "step": step,
        # Branched on: entering the node one is in would only repeat its message.
        "enter": step if step != manager.current_node else "",
    }
    return result, TRANSITION_IN_YAML


async def _unbreakable(work: Awaitable[ReplyPort]) -> ReplyPort:
    """Wait for work that is finished even when the waiting is cancelled."""
    task = asyncio.ensure_future(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
    return await asyncio.shield(task)


async def finish(action: dict[str, Any], flow_manager: FlowManager) -> None:
    """End the call behind the goodbye, which is queued already. A session's own way comes first.

    (pipecat's built-in actions use a handler form that pipecat itself has deprecated.)
    """
    end = flow_manager.state.get(FINISH)
    await (end() if end is not None else flow_manager.worker.stop_when_done())


FUNCTIONS = {"note_answers": note_answers, "confirm": confirm, "command": command}
"""What a model may call, by name."""
HANDLERS: dict[str, Any] = {**FUNCTIONS, "finish": finish}
"""Everything a compiled flow may name; nothing else can be reached from flow data."""


@dataclass(frozen=True)
class CompiledFlow:
    """A flow as pipecat runs it. Holds nothing of a call: one serves all calls of a version.

    ``json`` is the canonical FlowConfig, ``hash`` its sha256; ``tools`` are the functions as an
    OpenAI-compatible endpoint takes them.
    """

    name: str
    version: int
    json: str
    hash: str
    flow: PipecatFlow
    role: str
    tools: tuple[dict[str, Any], ...]

    @property
    def config(self) -> FlowConfig:
        """The declarative form."""
        return self.flow.config

    def node(self, step: str) -> NodeConfig:
        """The node of a step; of the first one when there is no such step."""
        known = step if step in self.config.nodes else self.config.initial_node
        return self.flow.node(known)

    def function(self, name: str) -> FlowsFunctionSchema | None:
        """One of the three functions, joined to its branches."""
        for schema in self.flow.global_functions:
            if isinstance(schema, FlowsFunctionSchema) and schema.name == name:
                return schema
        return None

    def state(self, conversation: ConversationPort) -> dict[str, Any]:
        """What ``FlowManager.state`` must hold before the first node is entered."""
        return {CONVERSATION: conversation, "form": conversation.prompt().text()}


_compiled: OrderedDict[str, CompiledFlow] = OrderedDict()


def compile_flow(flow: Flow, *, persona: str = "") -> CompiledFlow:
    """The flow for pipecat; the same object for the same flow and persona.

    ``persona`` opens the role message. Raises pydantic's ValidationError or pipecat's
    FlowReferenceError only for a flow the linter would have refused.
    """
    role = _role(flow, persona)
    config = _config(flow, role)
    text = json.dumps(config, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    if found := _compiled.get(digest):
        _compiled.move_to_end(digest)
        return found
    joined = PipecatFlow(FlowConfig.from_json(text), handlers=HANDLERS)
    for schema in joined.global_functions:
        assert isinstance(schema, FlowsFunctionSchema)
        _narrow(schema, flow)
    compiled = CompiledFlow(
        name=flow.flow,
        version=flow.version,
        json=text,
        hash=digest,
        flow=joined,
        role=role,
        tools=tuple(_tool(s) for s in joined.global_functions if isinstance(s, FlowsFunctionSchema)),
    )
    _compiled[digest] = compiled
    while len(_compiled) > _KEPT:
        _compiled.popitem(last=False)
    return compiled


def _config(flow: Flow, role: str) -> dict[str, Any]:
    """The FlowConfig as plain data."""
    cases = {step.step: step.step for step in flow.steps} | {END: END}
    branch = {"field": "enter", "cases": cases}
    nodes: dict[str, Any] = {step.step: _node(flow, step) for step in flow.steps}
    nodes[flow.steps[0].step]["role_message"] = _escaped(role)
    nodes[END] = {
        "task_messages": [
            {"role": "developer", "content": "Speak the last say, word for word. Nothing follows."}
        ],
        "post_actions": [{"type": "finish", "handler": "finish"}],
    }
    return {
        "initial_node": flow.steps[0].step,
        "nodes": nodes,
        "global_functions": [{"name": name, "transition_to": deepcopy(branch)} for name in FUNCTIONS],
    }


def _node(flow: Flow, step: Step) -> dict[str, Any]:
    names = [f"{name} ({flow.slots[name].label})" for name in (*step.required, *step.optional)]
    asked = f" It asks for: {', '.join(names)}." if names else ""
    content = _escaped(f"The form is now at the step {step.step!r}: {step.title}.{asked}") + "\n{{ form }}"
    return {"task_messages": [{"role": "developer", "content": content}]}


def _role(flow: Flow, persona: str) -> str:
    """The part of the prompt that never changes: who speaks, the rules, and all the form can hold."""
    slots = "\n".join(f"- {name}: {_described(slot)}" for name, slot in flow.slots.items())
    goal = f" The goal: {flow.goal.strip()}." if flow.goal else ""
    opening = f"{persona.strip()}\n\n" if persona.strip() else ""
    commands = f"\nCommands: {', '.join(flow.anywhere)}" if flow.anywhere else ""
    return f"{opening}{rules()}\n\nThe form: {flow.title}.{goal}\nIts slots:\n{slots}{commands}"


@cache
def rules() -> str:
    """How a model has to work, in every flow."""
    return files("prompts").joinpath("model.md").read_text(encoding="utf-8").strip()


def _described(slot: Slot) -> str:
    choices = ", ".join(c.value for c in slot.choices)
    return f"{slot.label} ({slot.type}{': ' + choices if choices else ''})"


def _escaped(text: str) -> str:
    """Text in which pipecat sees no placeholder."""
    return text.replace("{{", "\\{{")


def _narrow(schema: FlowsFunctionSchema, flow: Flow) -> None:
    """Name the slots and commands in the schema, so that a model cannot invent others."""
    for part in schema.properties.values():
        part.setdefault("description", "")
    if schema.name == "note_answers":
        item = schema.properties["answers"]["items"]
        item["properties"]["slot"]["enum"] = list(flow.slots)
        item["additionalProperties"] = False
    if schema.name == "command" and flow.anywhere:
        schema.properties["name"]["enum"] = list(dict.fromkeys(flow.anywhere))


def _tool(schema: FlowsFunctionSchema) -> dict[str, Any]:
    function = schema.to_function_schema().to_default_dict()
    function["parameters"]["additionalProperties"] = False
    return {"type": "function", "function": function}
