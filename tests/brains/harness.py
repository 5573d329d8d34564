"""A brain on a real pipeline with a scripted conversation and a scripted model."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from pipecat.frames.frames import (
    AggregatedTextFrame,
    InterruptionFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.workers.runner import WorkerRunner

from agent.brains.breaker import Breaker
from agent.brains.model import Endpoint, ModelLimits
from agent.brains.openai import OpenAIBrain
from agent.latency import TurnClock
from agent.phrases import Phrase
from agent.reply import Reply, ToolRun
from agent.turns import Turns
from flows.compiler import compile_flow
from flows.loader import load_flow
from tests.flows.samples import GOOD

FLOW = load_flow(GOOD)
#: What a test waits for that is not about waiting: a busy machine is late, which is no failure of the model.
PATIENT = ModelLimits(first_token=4.0, stall=4.0, turn=6.0)
FAST = ModelLimits(first_token=0.25, stall=0.25, turn=1.5)


@dataclass
class FakeConversation:
    """Asks for org, reads it back, registers it, then asks for voice and greeting. Every call is booked."""

    channel: str = "voice"
    language: str = "en"
    values: dict[str, str] = field(default_factory=dict)
    proposal: str | None = None
    writes: list[str] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)
    may_claim_done: bool = False
    slow: float = 0.0
    broken: bool = False
    questions: dict[str, str] = field(default_factory=dict)
    id: UUID = field(default_factory=uuid4)
    tenant_id: UUID = field(default_factory=uuid4)

    def awaiting(self):
        if self.proposal is not None:
            return {"kind": "confirm", "slots": ["org"], "step": "account"}
        return {"kind": "ask", "slots": [self._open()], "step": self._step()}

    def _open(self):
        if "org" not in self.values:
            return "org"
        return "voice" if "voice" not in self.values else "greeting"

    def _step(self):
        return "agent" if "org" in self.values else "account"

    def words(self):
        if self.proposal is not None:
            return f"{self.proposal}, is that right?"
        asks = {"org": "What is it called?", "voice": "Which voice?", "greeting": "How do we greet?"}
        return (asks | self.questions)[self._open()]

    def prompt(self):
        waiting = self.awaiting()
        say, step = self.words(), self._step()
        asked = f"{waiting['kind']} {', '.join(waiting['slots'])}"
        text = f"Step: {step}. The caller was just asked: {asked}. If unsure, say: {say}"
        return SimpleNamespace(step=step, say=say, text=lambda: text)

    def overhear(self, text):
        self.noted.append(("caller", text))
        self.may_claim_done = False

    def spoke(self, text):
        self.noted.append(("agent", text))

    async def open(self):
        return self._reply([])

    async def silence(self):
        return self._reply([])

    async def close(self, reason):
        pass

    async def hear(self, text, *, confidence=1.0):
        self.calls.append(("hear", text))
        self.noted.append(("caller", text))
        if self.proposal is not None:
            return await self._yes() if re.match("yes|yeah", text.lower()) else self._take(text)
        return self._take(text)

    async def propose(self, answers):
        self.calls.append(("propose", answers))
        if self.broken:
            raise RuntimeError("no database")
        for answer in answers:
            reply = self._take(answer["value"], answer["slot"])
        return reply

    async def confirm(self, yes, correction=None):
        self.calls.append(("confirm", yes, correction))
        return await self._yes() if yes else self._reply([])

    async def command(self, name, target=None):
        self.calls.append(("command", name, target))
        return self._reply([])

    def _take(self, value, slot=None):
        slot = slot or self._open()
        if slot == "org":
            self.proposal = value
        else:
            self.values[slot] = value
        return self._reply([])

    async def _yes(self):
        await asyncio.sleep(self.slow)
        self.values["org"], self.proposal = self.proposal, None
        self.writes.append("register")
        self.may_claim_done = True
        run = ToolRun("register_organization", {}, "registered", uuid4(), 1.0)
        return self._reply(["Your account is created."], (run,))

    def _reply(self, before, tools=()):
        says = tuple(Phrase(text, "engine") for text in [*before, self.words()])
        patience = "short" if self.proposal is not None else "open"
        return Reply(says=says, tools=tools, step=self._step(), patience=patience, awaiting=self.awaiting())


class Ear(FrameProcessor):
    """What the caller hears, and the history as pipecat's aggregator would keep it."""

    def __init__(self, context: LLMContext):
        super().__init__()
        self.context, self.heard, self.responses, self._parts = context, [], 0, []

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMFullResponseStartFrame):
            self.responses += 1
        elif isinstance(frame, AggregatedTextFrame):
            self.heard.append(frame.text)
            self._parts.append(frame.text)
        elif isinstance(frame, LLMFullResponseEndFrame) and self._parts:
            self.context.add_message({"role": "assistant", "content": " ".join(self._parts)})
            self._parts = []
        await self.push_frame(frame, direction)


class Line:
    """One live line. ``say`` is a caller's turn; it gives the words that came back."""

    def __init__(self, worker, ear, context, conversation, outcomes, endpoint, records, brain, turns):
        self.worker, self.ear, self.context = worker, ear, context
        self.conversation, self.outcomes, self.endpoint = conversation, outcomes, endpoint
        self.records, self.brain, self.turns = records, brain, turns
        self.said = asyncio.Event()

    async def start(self, text):
        self.said.clear()
        self.context.add_message({"role": "user", "content": text})
        await self.worker.queue_frame(LLMContextFrame(self.context))

    async def say(self, text, timeout=8.0):
        before = len(self.ear.heard)
        await self.start(text)
        await asyncio.wait_for(self.said.wait(), timeout)
        await asyncio.sleep(0.02)
        return self.ear.heard[before:]

    async def interrupt(self):
        await self.worker.queue_frame(InterruptionFrame())
        await asyncio.sleep(0.05)


@asynccontextmanager
async def line(
    server,
    conversation=None,
    *,
    limits=PATIENT,
    breaker=None,
    base_url=None,
    key=None,
    moment=30.0,
    compiled=None,
    **options,
):
    """A brain talking to the scripted server."""
    conversation = conversation or FakeConversation()
    endpoint = Endpoint(
        model="test-model",
        api_key=key or (server.key if server else "test-key"),
        base_url=base_url or server.base_url,
        limits=limits,
        breaker=breaker or Breaker(limit=1000),
        **{"developer_role": True, **options},
    )
    outcomes, records, replies = [], [], []
    clock = TurnClock(records.append, voice=False)

    def on_reply(reply, seconds):
        replies.append(reply)
        clock.decided(reply)

    turns = Turns(conversation, on_reply=on_reply)
    brain = OpenAIBrain(
        turns,
        clock,
        endpoint=endpoint,
        compiled=compiled or compile_flow(FLOW, persona="You are Kei."),
        on_model=outcomes.append,
        on_said=lambda: live.said.set(),
        moment=moment,
    )
    context = LLMContext()
    ear = Ear(context)
    worker = PipelineWorker(
        Pipeline([brain, ear]), params=PipelineParams(), enable_rtvi=False, idle_timeout_secs=None
    )
    live = Line(worker, ear, context, conversation, outcomes, endpoint, records, brain, turns)
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    turns.on_reply(await conversation.open(), 0.0)
    try:
        yield live
    finally:
        await worker.cancel()
        await asyncio.wait_for(running, 10)
        await endpoint.close()
