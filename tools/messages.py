"""Messages after hours and call-backs: taken once, and rung back in a useful order (A045, A047)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from policies import business_hours
from policies.scrub import scrub
from stores import leads, support, tenancy
from stores.db import Session
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.values import Phone, Text


class MessageArgs(Args):
    """A message in the caller's words. ``urgent``: the caller says that it cannot wait."""

    message: str = Field(max_length=2000)
    name: Text | None = None
    phone: Phone | None = None
    for_member: Text | None = None
    urgent: bool = False


async def forget_message(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Nobody acts on the message any more."""
    await leads.set_task_status(session, UUID(undo["task"]), "cancelled")
    if undo["callback"]:
        await support.set_callback_status(session, UUID(undo["callback"]), "cancelled")
    return ToolResult(status="undone", after={"task": undo["task"], "status": "cancelled"})


@tool(
    "take_message",
    MessageArgs,
    at_home=True,
    undo=forget_message,
    statuses=("taken",),
    facts=("message_result", "when"),
)
async def take_message(ctx: ToolContext, session: Session, args: MessageArgs) -> ToolResult:
    """Pass a message on: a task for a person, and a promise to ring back that the hours can keep."""
    phone = args.phone or ctx.slots.get("phone") or ctx.caller
    if not phone:
        return refused("I have no number to call you back on.", phone="Which number can we call you on?")
    words = scrub(args.message) or "The caller left a message: see the transcript."
    tenant = await tenancy.get_tenant(session)
    now = ctx.clock.now()
    due, when = await promise(session, tenant, now, urgent=args.urgent)
    existing = await leads.lead_of_conversation(session, ctx.conversation_id)
    name = args.name or _name(ctx.slots.get("name")) or (existing.name if existing else None)
    if existing is None:
        lead = await leads.upsert_lead(
            session,
            ctx.conversation_id,
            intent="other",
            name=name,
            phones=[str(phone)],
            summary=f"Message: {words}"[:1000],
            source="direct_call" if ctx.channel == "voice" else ctx.channel,
            channel=ctx.channel,
            disposition="message",
            call_id=ctx.call_id,
            extra={"message": words},
            test=ctx.rehearsal,
        )
    else:
        lead = await leads.update_lead(session, existing.id, extra={**existing.extra, "message": words})
    whom = f" for {args.for_member}" if args.for_member else ""
    task = await leads.add_task(
        session,
        kind="message",
        title=f"{'Urgent: answer' if args.urgent else 'Answer'} the message{whom}",
        due_at=due,
        lead_id=lead.id,
    )
    promised = any(back.phone == str(phone) for back in await support.list_callbacks(session))
    callback = None
    if not promised:  # after a transfer nobody took, a call back is under way
        callback = await support.book_callback(
            session, phone=str(phone), window_end=due, reason=f"Message{whom}"[:200]
        )
    to = args.for_member or tenant.brand_name
    return ToolResult(
        status="taken",
        facts={
            "message_result": f"I've passed your message on to {to}. They'll call you back{when}.",
            "when": when,
        },
        undo={"task": str(task.id), "callback": str(callback.id) if callback else None},
        after={"task": str(task.id), "due": due.isoformat(), "urgent": args.urgent},
    )


async def promise(
    session: Session, tenant: tenancy.Tenant, now: datetime, *, urgent: bool
) -> tuple[datetime, str]:
    """When the message is answered at the latest, and that in words: never before the office opens."""
    profile = await tenancy.get_profile(session)
    zone = tenant.timezone or "America/New_York"
    weekly = (profile.hours if profile else None) or business_hours.standard()
    wait = timedelta(minutes=30) if urgent else timedelta(hours=4)
    if business_hours.is_open(weekly, zone, now):
        return now + wait, " today" if not urgent else " as soon as they can"
    opening = business_hours.next_opening(weekly, zone, now)
    if opening is None:
        return now + timedelta(days=1), ""
    return opening + wait, f" after the office opens {business_hours.spoken_opening(opening, now)}"


def _name(value: Any) -> str | None:
    if isinstance(value, dict):
        return str(value.get("display") or "") or None
    return str(value) if value else None


# --- the call-back queue --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """Somebody to ring. ``why``: what puts them where they stand."""

    callback_id: UUID
    phone: str
    reason: str
    promised: datetime | None
    lead_id: UUID | None
    score: int
    why: str


async def call_back_queue(session: Session, *, now: datetime) -> Sequence[Waiting]:
    """Whom to ring next: broken promises, then hot leads, then what is promised soonest, then agreed times.

    Only the promise, the score and the waiting decide (C21). Numbers on the do-not-call list are left out.
    """
    rows = await support.list_callbacks(session)
    found: list[tuple[tuple[Any, ...], Waiting]] = []
    for row in rows:
        known, _ = await leads.list_leads(session, phone=row.phone, limit=1)
        lead = known[0] if known else None
        if lead is not None and lead.dnc:
            continue
        promised = row.at or row.window_end
        late = promised is not None and promised <= now
        future = row.at is not None and row.at > now + timedelta(minutes=15)
        hot = bool(lead and lead.extra.get("hot"))
        rank = 0 if late else 3 if future else 1 if hot else 2
        why = (
            "the promised time has passed",
            "a hot lead",
            "promised soonest",
            "has an agreed time later",
        )[rank]
        key = (rank, promised is None, promised or row.created_at, -(lead.score or 0 if lead else 0), row.id)
        waiting = Waiting(
            row.id,
            row.phone,
            row.reason,
            promised,
            lead.id if lead else None,
            (lead.score or 0) if lead else 0,
            why,
        )
        found.append((key, waiting))
    return [waiting for _, waiting in sorted(found, key=lambda pair: pair[0])]
