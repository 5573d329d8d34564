"""What Prometheus sees. Labels are few and bounded; nothing personal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram

from agent.brains.text import TextBrain
from agent.conversation import Conversation
from agent.latency import TurnRecord
from agent.ports import LiveCall
from agent.reply import Reply

MOST_TENANTS = 200
"""Series a process keeps per metric: a label that grows without end brings Prometheus down."""
_tenants: set[str] = set()
_SECONDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0)

TURNS = Counter("seiketsu_turns", "Exchanges with callers", ["channel", "kind"])
REPLY = Histogram(
    "seiketsu_reply_seconds",
    "End of the caller's words to the first sound of the answer; in a chat to the answer",
    ["channel"],
    buckets=_SECONDS,
)
PART = Histogram("seiketsu_reply_part_seconds", "A reply's latency by cause", ["part"], buckets=_SECONDS)
TOOLS = Counter("seiketsu_tool_runs", "Tools run for callers", ["tool", "status"])
MODEL = Counter("seiketsu_model_turns", "Who answered: the model, or the engine and why", ["outcome"])
LIVE = Gauge("seiketsu_live_calls", "Calls on the line in this process")
FAULTS = Counter("seiketsu_call_faults", "What went wrong on a call, and was dealt with", ["kind"])
CALLS = Counter(
    "seiketsu_calls", "Calls that left, by tenant (the busiest; the others together)", ["tenant", "outcome"]
)
INTERRUPTIONS = Counter("seiketsu_interruptions", "Callers who talked over the agent", ["channel"])
CONFIDENCE = Histogram(
    "seiketsu_recognition_confidence",
    "How sure the recogniser was of what callers said",
    buckets=(0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
)
TASKS = Gauge("seiketsu_tasks", "Tasks of the event loop: at rest always the same number")
READY = Gauge("seiketsu_speech_ready", "1 when the speech models are warm")


def note_turn(call: LiveCall, record: TurnRecord) -> None:
    """Count one exchange."""
    TURNS.labels(call.channel, record.kind).inc()
    if record.kind == "hear":
        REPLY.labels(call.channel).observe(record.latency.total_ms / 1000)
        if record.confidence is not None:
            CONFIDENCE.observe(record.confidence)
        if record.interrupted:
            INTERRUPTIONS.labels(call.channel).inc()
        for part, ms in record.latency.as_dict().items():
            if part != "total_ms":
                PART.labels(part.removesuffix("_ms")).observe(ms / 1000)
    for run in record.tools:
        TOOLS.labels(run.name, run.status).inc()


class Counted:
    """A text brain whose answers are seen: what is typed is an exchange like what is spoken."""

    def __init__(self, brain: TextBrain):
        self._brain = brain

    async def answer(self, conversation: Conversation, text: str) -> Reply:
        """The brain's reply, counted and timed."""
        began = time.perf_counter()
        reply = await self._brain.answer(conversation, text)
        TURNS.labels("chat", "hear").inc()
        REPLY.labels("chat").observe(time.perf_counter() - began)
        for run in reply.tools:
            TOOLS.labels(run.name, run.status).inc()
        return reply


def note_fault(call: LiveCall, kind: str) -> None:
    """Count what went wrong (agent.faults names the kinds)."""
    FAULTS.labels(kind).inc()


def note_end(call: LiveCall, outcome: str) -> None:
    """Count a call that left. Tenants are told apart up to ``MOST_TENANTS`` (A017)."""
    tenant = str(call.tenant_id)
    if tenant not in _tenants and len(_tenants) >= MOST_TENANTS:
        tenant = "others"
    _tenants.add(tenant)
    CALLS.labels(tenant, outcome).inc()


def note_model(reason: str) -> None:
    """Count who answered a turn ("" is the model)."""
    MODEL.labels(reason or "model").inc()


def watch_tasks() -> None:
    """Report the running loop's tasks whenever it is asked for."""
    loop = asyncio.get_running_loop()
    TASKS.set_function(lambda: float(len(asyncio.all_tasks(loop))))


def watch_calls(count: Callable[[], int]) -> None:
    """Report the number of live calls whenever it is asked for."""
    LIVE.set_function(lambda: float(count()))
