"""What a model may do in a conversation: three functions, checked before they run, run once a turn."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from rapidfuzz import process

from agent.brains.model import ToolCall
from agent.ports import Conversation, Reply, Utterance
from flows.compiler import CONVERSATION, REPLY, CompiledFlow


class ModelConversation(Conversation, Protocol):
    """What a model's brain needs of a conversation besides hearing."""

    @property
    def may_claim_done(self) -> bool:
        """A receipt was written in this turn."""

    def overhear(self, text: str) -> Any:
        """Note the caller's words that a model will act on."""

    def spoke(self, text: str) -> None:
        """Note words that a model said in place of the engine's own."""

    async def propose(self, answers: Sequence[Mapping[str, Any]]) -> Reply:
        """Values a model heard: ``[{"slot", "value"}]``."""

    async def confirm(self, yes: bool, correction: str | None = None) -> Reply:
        """A model's reading of yes or no."""

    async def command(self, name: str, target: str | None = None) -> Reply:
        """Something that can be said anywhere."""

    def prompt(self) -> Any:
        """Where the form stands: ``say`` (the last words) and ``text()``."""

    def awaiting(self) -> Mapping[str, Any]:
        """What the caller was last asked: ``{"kind", "slots", "step"}``."""


Take = Callable[[Callable[[], Awaitable[Reply]]], Awaitable[Reply]]
"""Runs work on the conversation, one at a time and to its end (agent.turns)."""


class BadCall(Exception):
    """A call that cannot be run; the text tells the model what to do instead."""


@dataclass(frozen=True)
class Outcome:
    """What came of one call. ``result`` goes to the model; ``ok`` false: it may try once more."""

    call: ToolCall
    result: Mapping[str, Any]
    ok: bool = True


@dataclass
class _Serial:
    """The conversation as the compiled functions see it: every call goes through ``take``, which
    finishes what it began and keeps the words of a turn that was talked over."""

    conversation: ModelConversation
    take: Take
    finishes: ClassVar[bool] = True

    async def propose(self, answers: list[dict[str, Any]]) -> Reply:
        return await self.take(lambda: self.conversation.propose(answers))

    async def confirm(self, yes: bool, correction: str | None = None) -> Reply:
        return await self.take(lambda: self.conversation.confirm(yes, correction))

    async def command(self, name: str, target: str | None = None) -> Reply:
        return await self.take(lambda: self.conversation.command(name, target))

    def prompt(self) -> Any:
        return self.conversation.prompt()


class ModelTools:
    """Runs a turn's calls through the compiled flow and follows its transitions.

    It stands where pipecat's FlowManager would (``state``, ``current_node``), because a turn must be
    one piece of work that the guided brain can take over at any point; FlowManager spreads it over
    frames and asynchronous tools.
    """

    def __init__(self, compiled: CompiledFlow, conversation: ModelConversation, take: Take):
        self.compiled = compiled
        self.conversation = conversation
        self.state: dict[str, Any] = {CONVERSATION: _Serial(conversation, take)}
        self.current_node: str | None = compiled.config.initial_node
        self.replies: list[Reply] = []
        self._done: dict[str, Mapping[str, Any]] = {}
        self._overheard = False

    def begin(self) -> None:
        """A new turn: nothing was run yet."""
        self.replies, self._done, self._overheard = [], {}, False

    @property
    def acted(self) -> bool:
        """Whether something was passed to the conversation in this turn."""
        return bool(self.replies)

    def says(self) -> tuple[Utterance, ...]:
        """All next words of this turn: of several replies only the last one's question counts."""
        found: list[Utterance] = []
        for reply in self.replies:
            while found and found[-1].text.rstrip().endswith("?"):
                found.pop()
            found += [said for said in reply.says if said.text not in {f.text for f in found}]
        return tuple(found)

    def stand(self) -> str:
        """The volatile part of the prompt: the step's message and where the form stands."""
        prompt = self.conversation.prompt()
        node = self.compiled.node(getattr(prompt, "step", "") or "")
        message = str(node["task_messages"][0]["content"])
        return message.replace("{{ form }}", prompt.text()).replace("\\{{", "{{")

    def committed(self) -> set[str]:
        """The tools whose receipts the form holds, whoever and whichever process ran them."""
        state, flow = getattr(self.conversation, "state", None), getattr(self.conversation, "flow", None)
        done = state.done if state is not None else {}
        return {step.tool for step in flow.steps if step.step in done and step.tool} if flow else set()

    async def chatted(self, heard: str, said: str) -> None:
        """Store an exchange in which nothing was passed to the form."""
        self.conversation.overhear(heard)
        self.conversation.spoke(said)
        if save := getattr(self.conversation, "save", None):
            await save()

    async def run(self, calls: Sequence[ToolCall], heard: str) -> list[Outcome]:
        """Run the calls in their order; several note_answers are taken as one.

        A call that was run in this turn already is answered, not repeated.
        """
        outcomes: dict[str, Outcome] = {}
        answers: list[ToolCall] = []
        checked: dict[str, dict[str, Any]] = {}
        for call in calls:
            try:
                checked[call.id] = self._check(call)
            except BadCall as bad:
                outcomes[call.id] = Outcome(call, {"status": "invalid", "error": str(bad)}, ok=False)
                continue
            if call.name == "note_answers":
                answers.append(call)
        merged = [entry for call in answers for entry in checked[call.id]["answers"]]
        for call in calls:
            if call.id in outcomes:
                continue
            arguments = {"answers": merged} if call.name == "note_answers" else checked[call.id]
            outcomes[call.id] = Outcome(call, await self._once(call.name, arguments, heard))
        return [outcomes[call.id] for call in calls]

    async def _once(self, name: str, arguments: dict[str, Any], heard: str) -> Mapping[str, Any]:
        key = json.dumps([name, arguments], sort_keys=True, default=str)
        if key in self._done:
            return self._done[key]
        if not self._overheard:
            self._overheard = True
            self.conversation.overhear(heard)
        function = self.compiled.function(name)
        assert function is not None, "checked before"
        self.state.pop(REPLY, None)
        result, node = await function.handler(arguments, self)  # type: ignore[call-arg, arg-type]
        if isinstance(node, dict):
            self.current_node = node.get("name", self.current_node)
        if REPLY in self.state:
            self.replies.append(self.state[REPLY])
        self._done[key] = {k: v for k, v in result.items() if k != "enter"}
        return self._done[key]

    # -- checking ---------------------------------------------------------------------------------

    def _check(self, call: ToolCall) -> dict[str, Any]:
        """The arguments as the function takes them. Small slips of small models are forgiven.

        Raises BadCall with what the model should do.
        """
        function = self.compiled.function(call.name)
        if function is None:
            names = ", ".join(tool["function"]["name"] for tool in self.compiled.tools)
            raise BadCall(f"there is no function {call.name[:40]!r}; use one of: {names}")
        try:
            given = json.loads(call.arguments or "{}")
        except json.JSONDecodeError:
            raise BadCall("the arguments are not valid JSON; send the call again") from None
        if not isinstance(given, dict):
            raise BadCall("the arguments must be one JSON object")
        if call.name == "note_answers":
            return {"answers": self._answers(given.get("answers"), function.properties)}
        if call.name == "confirm":
            return {"yes": _flag(given.get("yes")), "correction": _text(given.get("correction"))}
        allowed = function.properties["name"].get("enum", [])
        name = _text(given.get("name"))
        if allowed and name not in allowed:
            raise BadCall(f"unknown command {name[:40]!r}; use one of: {', '.join(allowed)}")
        return {"name": name, "target": _text(given.get("target"))}

    def _answers(self, given: Any, properties: Mapping[str, Any]) -> list[dict[str, Any]]:
        if isinstance(given, str):
            try:
                given = json.loads(given)
            except json.JSONDecodeError:
                given = None
        if isinstance(given, dict):
            given = (
                [given]
                if {"slot", "value"} <= given.keys()
                else [{"slot": slot, "value": value} for slot, value in given.items()]
            )
        if not isinstance(given, list) or not given:
            raise BadCall('"answers" must be a list of {"slot", "value"} with at least one entry')
        known = properties["answers"]["items"]["properties"]["slot"]["enum"]
        found = []
        for entry in given:
            if not isinstance(entry, dict) or "slot" not in entry or "value" not in entry:
                raise BadCall('each of "answers" must be {"slot", "value"}')
            slot = str(entry["slot"])
            if slot not in known:
                near = process.extractOne(slot, known, score_cutoff=60)
                hint = f"did you mean {near[0]!r}?" if near else f"use one of: {', '.join(known)}"
                raise BadCall(f"unknown slot {slot[:40]!r}; {hint}")
            value = entry["value"]
            if value is None or isinstance(value, dict):
                raise BadCall(f"the value of {slot!r} must be the caller's words")
            found.append({"slot": slot, "value": _words(value)})
        return found


def _words(value: Any) -> str:
    """A value as the caller could have said it: the slot's type reads it, not we."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(_words, value)) if isinstance(value, list) else str(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("true", "yes", "false", "no"):
        return word in ("true", "yes")
    raise BadCall('"yes" must be true or false')


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
