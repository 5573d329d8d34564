"""What a browser or a chat is shown of an exchange, as RTVI server messages."""

from __future__ import annotations

from typing import Any

from agent.latency import TurnRecord
from agent.ports import Reply, ToolRun
from agent.transports import server_message


def captions(record: TurnRecord) -> list[dict[str, Any]]:
    """Both sides' words and the state of the form."""
    shown = [server_message("caption", role="caller", text=record.heard)] if record.heard else []
    note = f"{record.latency.total_ms:.0f} ms" if record.kind == "hear" else None
    shown += [server_message("caption", role="agent", text=text, note=note) for text in record.said]
    return [*shown, _state(record.step, record.slots, record.tools)]


def state(reply: Reply) -> dict[str, Any]:
    """Where the form stands after a reply, and what was done."""
    return _state(reply.step, reply.slots, reply.tools)


def _state(step: str, slots: Any, tools: Any) -> dict[str, Any]:
    plain = {name: dict(slot) for name, slot in slots.items()}
    return server_message("state", step=step, slots=plain, tools=[tool_view(run) for run in tools])


def tool_view(run: ToolRun) -> dict[str, Any]:
    """A tool run as it is shown: its name and what came of it, not what it was given."""
    return {"name": run.name, "status": run.status, "ms": round(run.ms, 1)}
