"""A call as it was: who said what, when, how long it took and why, and what came of it; for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stores import calls, conversations, observations
from stores.db import Database
from tools.measure import SPLIT, measure_call, turns_of

NAMES = {"endpointing_ms": "end", "stt_ms": "stt", "brain_ms": "brain", "tool_ms": "tool", "tts_ms": "tts"}


async def newest(db: Database, *, tenant_id: UUID | None = None, limit: int = 20) -> list[dict[str, Any]]:
    """The newest calls, of one tenant or of all; without personal data."""
    async with db.platform("the operator lists calls") as session:
        rows = await calls.newest(session, tenant_id=tenant_id, limit=limit)
    return [
        {
            "id": str(row.id),
            "tenant_id": str(row.tenant_id),
            "started_at": row.started_at.isoformat(timespec="seconds"),
            "status": row.status,
            "end_reason": row.end_reason,
            "seconds": row.seconds,
        }
        for row in rows
    ]


async def whole(db: Database, key: str) -> dict[str, Any]:
    """One call by its id or the carrier's CallSid: facts, numbers, turns. NotFound."""
    async with db.platform("the operator looks at a call") as session:
        found = await calls.find_call(session, key)
    async with db.tenant(found.tenant_id) as session:
        numbers = await observations.measure_of(session, found.id)
        if numbers is None and found.status in calls.FINAL:
            numbers = await measure_call(session, found.id)
        said = await turns_of(session, found)
        log: Sequence[conversations.ConversationEvent] = ()
        if found.conversation_id is not None:
            log = await conversations.events(session, found.conversation_id)
    return {
        "id": str(found.id),
        "sid": found.sid,
        "tenant_id": str(found.tenant_id),
        "conversation_id": str(found.conversation_id or ""),
        "status": found.status,
        "end_reason": found.end_reason,
        "started_at": found.started_at,
        "sockets": found.sequence,
        "recording": found.recording_path,
        "noticed_at": found.noticed_at,
        "numbers": _numbers(numbers),
        "turns": [
            {
                "n": turn.n,
                "role": turn.role,
                "at": turn.started_at,
                "text": turn.text,
                "latency": turn.latency,
                "signals": turn.signals,
                "tools": turn.tools,
            }
            for turn in said
        ],
        "guards": [
            {
                "at": event.at,
                "rule": str(event.data.get("rule", "")),
                "label": str(event.data.get("label", "")),
            }
            for event in log
            if event.kind == "guard" and event.at >= found.started_at
        ],
    }


def show(console: Console, call: Mapping[str, Any]) -> None:
    """Replay it: transcript on the left, the reply's time by cause on the right."""
    began: datetime = call["started_at"]
    ended = f" ({call['end_reason']})" if call["end_reason"] else ""
    sockets = f", {call['sockets']} media sockets" if call["sockets"] > 1 else ""
    console.print(f"call {call['id']}  {began:%Y-%m-%d %H:%M:%S}  {call['status']}{ended}{sockets}")
    noticed = f", from {(call['noticed_at'] - began).total_seconds():.1f}s on" if call["noticed_at"] else ""
    console.print(f"recording: {escape(call['recording'] or 'none')}{noticed}", highlight=False)
    guards = list(call["guards"])
    for turn in call["turns"]:
        at = (turn["at"] - began).total_seconds()
        while guards and turn["role"] == "agent" and guards[0]["at"] <= turn["at"]:
            _guarded(console, guards.pop(0))
        for run in turn["tools"]:
            console.print(f"{'':>8}  [yellow]tool[/]    {run['name']} -> {run['status']}")
        colour = "cyan" if turn["role"] == "caller" else "green"
        console.print(f"{at:7.1f}s  [{colour}]{turn['role']:<7}[/] {escape(turn['text'])}{_timing(turn)}")
    for guard in guards:
        _guarded(console, guard)
    if call["numbers"]:
        table = Table(show_header=False)
        for name, value in call["numbers"].items():
            table.add_row(name.replace("_", " "), str(value))
        console.print(table)


def _guarded(console: Console, guard: Mapping[str, Any]) -> None:
    console.print(f"{'':>8}  [red]guard[/]   {escape(guard['rule'])} {escape(guard['label'])}")


def _timing(turn: Mapping[str, Any]) -> str:
    took, signals = turn["latency"], turn["signals"]
    if not took.get("total_ms"):
        return ""
    parts = [f"{NAMES.get(part, 'wire')} {took[part]:.0f}" for part in SPLIT if took.get(part, 0) >= 1]
    notes = [f"sure {signals['confidence']:.2f}"] if "confidence" in signals else []
    notes += ["interrupted"] if signals.get("interrupted") else []
    return (
        f"  [dim]{took['total_ms']:.0f} ms = {' + '.join(parts)}{'; ' if notes else ''}{', '.join(notes)}[/]"
    )


def _numbers(row: observations.CallMeasure | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = ("outcome", "score", "seconds", "turns", "interruptions", "corrections", "repairs", "confidence")
    found = {name: getattr(row, name) for name in (*names, "reply_p50_ms", "reply_p95_ms")}
    dollars = sum(row.cost.values()) / 1_000_000
    return found | {"cost_estimate": f"${dollars:.4f}", "guardrails": row.guardrails}
