"""Finished calls in numbers, and days in service levels: taken from what is stored, so a crash loses none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.errors import NotFound
from core.ranks import percentile
from policies import sla
from policies.costs import call_cost
from policies.service_level import service_level
from stores import calls, conversations, leads, observations, receipts, support, tenancy
from stores.base import Session
from stores.db import Database

SETTLE = timedelta(seconds=5)
"""After its end a call's last turns may still be on their way to the store."""
LATE = timedelta(hours=1)
"""How long after midnight a day's numbers may still change: calls last, and so do breaks of the sweeps."""
SPLIT = ("endpointing_ms", "stt_ms", "brain_ms", "tool_ms", "tts_ms", "transport_ms")


async def measure_call(session: Session, call_id: UUID) -> observations.CallMeasure:
    """Take a call's numbers and store them; taken again they are replaced. NotFound.

    ``turns`` are the caller's. The outcome is the lead's disposition where there is a lead, else how the
    call ended.
    """
    call = await calls.get_call(session, call_id)
    if call is None:
        raise NotFound("no such call")
    said: Sequence[conversations.Turn] = ()
    log: Sequence[conversations.ConversationEvent] = ()
    lead = None
    if call.conversation_id is not None:
        said = await turns_of(session, call)
        log = [
            e for e in await conversations.events(session, call.conversation_id) if e.at >= call.started_at
        ]
        lead = await leads.lead_of_conversation(session, call.conversation_id)
    answers = [turn for turn in said if turn.signals.get("kind") == "hear" and "total_ms" in turn.latency]
    sure = [turn.signals["confidence"] for turn in answers if "confidence" in turn.signals]
    ended = call.ended_at or call.started_at
    seconds = (
        call.seconds if call.seconds is not None else (ended - (call.answered_at or ended)).total_seconds()
    )
    characters = sum(len(turn.spoken or turn.text) for turn in said if turn.role == "agent")
    heard = sum(turn.role == "caller" for turn in said)
    fields = {
        "ended_at": ended,
        "seconds": round(seconds),
        "turns": heard,
        "interruptions": sum(bool(turn.signals.get("interrupted")) for turn in said),
        "corrections": corrections(log),
        "repairs": repairs(log),
        "confidence": round(sum(sure) / len(sure), 3) if sure else None,
        "reply_p50_ms": _rank([turn.latency["total_ms"] for turn in answers], 0.5),
        "reply_p95_ms": _rank([turn.latency["total_ms"] for turn in answers], 0.95),
        "split_ms": {
            part: _rank([turn.latency.get(part, 0.0) for turn in answers], 0.5) or 0 for part in SPLIT
        },
        "outcome": (lead.disposition if lead else None) or call.end_reason or call.status,
        "score": lead.score if lead else None,
        "cost": call_cost(seconds=seconds, characters=characters, turns=heard),
        "guardrails": dict(Counter(str(e.data.get("rule")) for e in log if e.kind == "guard")),
    }
    return await observations.save_measure(session, call, fields)


async def turns_of(session: Session, call: calls.Call) -> Sequence[conversations.Turn]:
    """What was said in this call; its conversation may have begun and gone on elsewhere."""
    if call.conversation_id is None:
        return []
    return [
        turn
        for turn in await conversations.turns(session, call.conversation_id)
        if call.started_at <= turn.started_at <= (call.ended_at or turn.started_at) + SETTLE
    ]


def corrections(log: Sequence[conversations.ConversationEvent]) -> int:
    """How many values were changed after they were first heard."""
    held: dict[str, Any] = {}
    changed = 0
    for event in log:
        name, value = event.data.get("slot"), event.data.get("value")
        if event.kind != "slot" or value is None:
            continue
        changed += name in held and held[name] != value
        held[str(name)] = value
    return changed


def repairs(log: Sequence[conversations.ConversationEvent]) -> int:
    """How many questions had to be asked again."""
    fails: dict[str, int] = {}
    asked = 0
    for event in log:
        if event.kind == "slot" and "fails" in event.data:
            name, now = str(event.data.get("slot")), int(event.data["fails"])
            asked += max(0, now - fails.get(name, 0))
            fails[name] = now
    return asked


def _rank(values: Sequence[float], share: float) -> int | None:
    value = percentile(values, share)
    return None if value is None else round(value)


async def measure_all(db: Database, clock: Clock) -> int:
    """Sweep: measure every call that ended and was not measured, also of processes that died. How many."""
    async with db.platform("calls that ended are measured") as session:
        waiting = await observations.unmeasured(session, before=clock.now() - SETTLE)
    for tenant_id, call_id in waiting:
        async with db.tenant(tenant_id) as session:
            await measure_call(session, call_id)
    return len(waiting)


async def watch_levels(db: Database, clock: Clock) -> int:
    """Sweep: store each tenant's replies of today; a day that is too slow opens one ticket. How many did.

    Yesterday is looked at once more until ``LATE`` has passed: its last calls ended after the last sweep.
    """
    now = clock.now().astimezone(UTC)
    first, today = (datetime.combine(day, time(), UTC) for day in ((now - LATE).date(), now.date()))
    async with db.platform("tenants that had calls today") as session:
        talking = await observations.talking_tenants(session, since=first - LATE)
    opened = 0
    for tenant_id in talking:
        async with db.tenant(tenant_id) as session:
            for midnight in sorted({first, today}):
                opened += await _level(session, midnight, now)
    return opened


async def _level(session: Session, midnight: datetime, now: datetime) -> bool:
    policy = service_level()
    found = await observations.replies(session, midnight, midnight + timedelta(days=1))
    if found is None:
        return False
    breached = policy.breached(found.count, found.p95_ms)
    level = await observations.save_level(
        session, midnight.date(), found, limit_ms=policy.reply_p95_ms, breached=breached
    )
    if not breached or level.ticket_id is not None:
        return False
    tenant = await tenancy.get_tenant(session)
    ticket = await support.open_ticket(
        session,
        category=policy.ticket.category,
        priority=policy.ticket.priority,
        subject="The agent answers too slowly",
        body=f"p95 of {found.count} replies on {midnight:%Y-%m-%d} (UTC): {found.p95_ms} ms,"
        f" limit {policy.reply_p95_ms} ms.",
        channel="system",
        due_at=sla.due(tenant.plan or "starter", policy.ticket.priority, now, "email"),
    )
    await observations.note_ticket(session, level, ticket.id)
    await receipts.audit(
        session,
        actor="system/watch",
        action="open ticket",
        subject=str(ticket.id),
        at=now,
        after={"reason": "service level", "p95_ms": found.p95_ms},
    )
    return True
