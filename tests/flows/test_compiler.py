import asyncio
import json
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from pipecat.flows import Flow as PipecatFlow
from pipecat.flows import FlowConfig, FlowManager
from pipecat.frames.frames import FunctionCallFromLLM, LLMContextFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.services.llm_service import LLMService
from pipecat.services.settings import LLMSettings
from pipecat.workers.runner import WorkerRunner

from flows import compiler
from flows.compiler import HANDLERS, compile_flow
from flows.loader import load_flow

from .samples import GOOD


@dataclass
class FakeReply:
    text: str
    step: str
    ended: bool = False

    @property
    def says(self):
        return (SimpleNamespace(text=self.text),)


@dataclass
class FakeConversation:
    replies: list
    calls: list = field(default_factory=list)
    state: str = "open: org"

    async def _next(self, *call):
        self.calls.append(call)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def propose(self, answers):
        return await self._next("propose", answers)

    async def confirm(self, yes, correction=None):
        return await self._next("confirm", yes, correction)

    async def command(self, name, target=None):
        return await self._next("command", name, target)

    def prompt(self):
        return SimpleNamespace(text=lambda: self.state)


def test_a_flow_is_compiled_once_and_is_what_pipecat_takes():
    flow = load_flow(GOOD)
    compiled = compile_flow(flow, persona="You are Kei.")
    assert compile_flow(load_flow(GOOD), persona="You are Kei.") is compiled
    assert compile_flow(flow, persona="You are Ben.").hash != compiled.hash
    again = PipecatFlow(FlowConfig.from_json(compiled.json), handlers=HANDLERS)
    assert set(again.config.nodes) == {"account", "agent", "end"}
    assert compiled.role.startswith("You are Kei.") and "- website: website (text)" in compiled.role
    with_role = [n for n, node in compiled.config.nodes.items() if node.role_message]
    assert with_role == ["account"]


def test_the_functions_name_the_slots_and_commands_and_nothing_else():
    tools = {t["function"]["name"]: t["function"] for t in compile_flow(load_flow(GOOD)).tools}
    assert list(tools) == ["note_answers", "confirm", "command"]
    entry = tools["note_answers"]["parameters"]["properties"]["answers"]["items"]
    assert entry["properties"]["slot"]["enum"] == list(load_flow(GOOD).slots)
    assert entry["required"] == ["slot", "value"] and entry["additionalProperties"] is False
    assert tools["command"]["parameters"]["properties"]["name"]["enum"] == ["help", "repeat"]
    assert tools["confirm"]["parameters"]["required"] == ["yes"]
    twice = compile_flow(load_flow(GOOD.replace("[help, repeat]", "[help, repeat, help]"))).tools
    assert twice[2]["function"]["parameters"]["properties"]["name"]["enum"] == ["help", "repeat"]


def test_braces_of_a_flow_are_no_placeholders_of_pipecat():
    text = GOOD.replace("title: Account", "title: 'Account {{ secret }}'")
    node = compile_flow(load_flow(text)).node("account")
    assert "\\{{ secret }}" in node["task_messages"][0]["content"]


class ScriptedLLM(LLMService):
    """Calls what the script says, one entry an inference; keeps what it was shown."""

    def __init__(self, script):
        super().__init__(
            settings=LLMSettings(
                model="script",
                system_instruction=None,
                temperature=None,
                max_tokens=None,
                top_p=None,
                top_k=None,
                frequency_penalty=None,
                presence_penalty=None,
                seed=None,
                filter_incomplete_user_turns=False,
                user_turn_completion_config=None,
                extra={},
            )
        )
        self.script, self.seen, self.idle = script, [], asyncio.Event()

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
        elif self.script:
            self.seen.append([dict(m) for m in frame.context.get_messages()])
            name, arguments = self.script.pop(0)
            call = FunctionCallFromLLM(
                context=frame.context,
                tool_call_id=f"c{len(self.seen)}",
                function_name=name,
                arguments=arguments,
            )
            await self.run_function_calls([call])
        else:
            self.seen.append([dict(m) for m in frame.context.get_messages()])
            self.idle.set()


async def walk(script, conversation, **state):
    """Run the flow in a real pipeline until the script is used up; the manager and what the model saw."""
    compiled = compile_flow(load_flow(GOOD))
    llm = ScriptedLLM(list(script))
    context = LLMContext()
    pair = LLMContextAggregatorPair(context)
    worker = PipelineWorker(
        Pipeline([pair.user(), llm, pair.assistant()]), params=PipelineParams(), enable_rtvi=False
    )
    manager = FlowManager(
        worker=worker, llm=llm, context_aggregator=pair, global_functions=compiled.flow.global_functions
    )
    manager.state.update(compiled.state(conversation) | state)
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    nodes = []
    try:
        await manager.initialize(compiled.flow.initial_node)
        nodes.append(manager.current_node)
        await asyncio.wait_for(llm.idle.wait(), 10)
        nodes.append(manager.current_node)
    finally:
        await worker.cancel()
        await asyncio.wait_for(running, 10)
    return nodes, llm.seen


async def test_transitions_follow_the_step_of_the_reply():
    conversation = FakeConversation(
        [
            FakeReply("And the plan?", "account"),
            FakeReply("Which voice?", "agent"),
            RuntimeError("secret detail"),
        ]
    )
    nodes, seen = await walk(
        [
            ("note_answers", {"answers": [{"slot": "org", "value": "Acme"}]}),
            ("confirm", {"yes": True}),
            ("command", {"name": "help", "target": "plan"}),
        ],
        conversation,
    )
    assert nodes == ["account", "agent"]
    assert conversation.calls == [
        ("propose", [{"slot": "org", "value": "Acme"}]),
        ("confirm", True, None),
        ("command", "help", "plan"),
    ]
    text = json.dumps(seen[-1])
    assert "Which voice?" in text and "open: org" in text and "secret" not in text
    # Each node's message comes once: staying in a step does not repeat it.
    assert text.count("step 'account'") == 1 and text.count("step 'agent'") == 1


async def test_the_end_of_the_conversation_is_a_node_that_ends_the_call():
    ended = asyncio.Event()

    async def end():
        ended.set()

    nodes, _ = await walk(
        [("command", {"name": "repeat"})],
        FakeConversation([FakeReply("Bye.", "agent", ended=True)]),
        **{compiler.FINISH: end},
    )
    assert nodes[-1] == "end"
    assert ended.is_set()


async def test_a_write_goes_on_when_its_call_is_cancelled():
    written, gate = [], asyncio.Event()

    class Slow(FakeConversation):
        async def confirm(self, yes, correction=None):
            await gate.wait()
            written.append(yes)
            return FakeReply("Done.", "agent")

    manager = SimpleNamespace(state={compiler.CONVERSATION: Slow([])}, current_node="account")
    call = asyncio.create_task(compiler.confirm(manager, yes=True))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    gate.set()
    await asyncio.sleep(0.01)
    assert written == [True]
