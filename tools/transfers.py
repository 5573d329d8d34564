"""Putting a caller through: whom to ring in which order, what they hear, what is written first (C41, C42).

The lead is in the store before anybody's telephone rings. Only numbers that were proved are rung, in the
order the client gave; whoever answers takes the call by pressing 1, so no answering machine ever does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from policies.dialing import number_problem
from policies.scrub import is_clean
from stores import leads, support, tenancy
from stores.db import Session
from tools import dial_queue

RING_SECONDS = (15, 25)
"""The shortest and the longest a number rings: under voicemail, over four rings."""
TASK_DUE = timedelta(minutes=15)
MISSED = "Hot transfer was not answered: call back now"


def ordered(targets: Sequence[Mapping[str, Any]], first: str | None = None) -> list[dict[str, Any]]:
    """Whom to ring: proved numbers that may be dialled, each once, the wanted one first."""
    found: list[dict[str, Any]] = []
    for target in targets:
        number = str(target.get("e164") or "")
        if not number or not target.get("verified") or number_problem(number):
            continue
        if number not in {t["to"] for t in found}:
            ring = int(target.get("ring_seconds") or RING_SECONDS[1])
            found.append({"to": number, "ring": max(RING_SECONDS[0], min(ring, RING_SECONDS[1]))})
    wanted = [t for t in found if t["to"] == first]
    if first is not None and not wanted:
        return []  # somebody named a number that is not the client's own
    return [*wanted, *(t for t in found if t["to"] != first)]


async def prepare(
    session: Session,
    *,
    conversation_id: UUID | None,
    call_id: UUID,
    caller: str | None,
    wanted: str,
    now: datetime,
) -> dict[str, Any] | None:
    """Write the lead and what is about to happen, and return whom to ring; None when nobody may be rung."""
    profile = await tenancy.get_profile(session)
    rings = ordered(profile.transfer_targets if profile else (), wanted)
    if not rings:
        return None
    tenant = await tenancy.get_tenant(session)
    lead = await _lead(session, conversation_id, call_id, caller)
    if lead is not None:
        note = {"at": now.isoformat(), "to": [r["to"] for r in rings]}
        await leads.update_lead(session, lead.id, extra={**lead.extra, "transfer": note})
    return {
        "to": rings[0]["to"],
        "ring": rings[0]["ring"],
        "rest": rings[1:],
        "whisper": whisper(tenant.brand_name, lead),
        "lead": str(lead.id) if lead else None,
    }


async def _lead(
    session: Session, conversation_id: UUID | None, call_id: UUID, caller: str | None
) -> leads.Lead | None:
    """The conversation's lead; a caller who only asked for a person becomes one too."""
    if conversation_id is None:
        return None
    lead = await leads.lead_of_conversation(session, conversation_id)
    if lead is not None or not caller:
        return lead
    return await leads.upsert_lead(
        session,
        conversation_id,
        intent="other",
        phones=[caller],
        summary="Asked to speak with a person.",
        source="direct_call",
        channel="voice",
        disposition="agent",
        call_id=call_id,
    )


def whisper(brand: str, lead: leads.Lead | None) -> str:
    """What the person who picks up hears before they press 1: what the caller wants, never who they are."""
    if lead is None:
        return f"A caller for {brand}."
    price = lead.price_max or lead.price_min
    parts = [
        {"buyer": "buyer", "seller": "seller", "renter": "renter", "investor": "investor"}.get(
            lead.intent, "caller"
        ),
        f"in {', '.join(lead.areas[:2])}" if lead.areas and is_clean(" ".join(lead.areas)) else "",
        f"around {price} dollars" if price else "",
        (lead.timeline or "").replace("_", " ") if is_clean(lead.timeline or "") else "",
    ]
    heat = "hot lead" if lead.extra.get("hot") else "lead"
    return f"{brand} {heat}: {', '.join(p for p in parts if p)}."


async def answered(session: Session, *, conversation_id: UUID | None, caller: str | None) -> None:
    """Somebody took the call: nobody has to ring back any more."""
    for back in await support.list_callbacks(session):
        if caller and back.phone == caller:
            await support.set_callback_status(session, back.id, "done")
            if back.ticket_id is not None:
                ticket = await support.get_ticket(session, back.ticket_id)
                if ticket.status == "open" and ticket.conversation_id == conversation_id:
                    await support.set_ticket_status(session, ticket.id, "solved")
    lead = await leads.lead_of_conversation(session, conversation_id) if conversation_id else None
    if lead is not None:
        await leads.update_lead(session, lead.id, disposition="transferred")
    for task in await leads.open_tasks(session, lead_id=lead.id) if lead else ():
        if task.kind == "call_back":
            await leads.set_task_status(session, task.id, "done")


async def missed(
    session: Session, *, conversation_id: UUID | None, caller: str | None, now: datetime
) -> None:
    """Nobody took the call: a call-back is booked, and somebody has fifteen minutes to make it."""
    lead = await leads.lead_of_conversation(session, conversation_id) if conversation_id else None
    open_ones = await leads.open_tasks(session, lead_id=lead.id if lead else None)
    if not any(t.title == MISSED and t.lead_id == (lead.id if lead else None) for t in open_ones):
        await leads.add_task(
            session,
            kind="call_back",
            title=MISSED,
            due_at=now + TASK_DUE,
            lead_id=lead.id if lead else None,
        )
    if caller and not any(b.phone == caller for b in await support.list_callbacks(session)):
        row = await support.book_callback(
            session, phone=caller, window_end=now + TASK_DUE, reason="The transfer was not answered"
        )
        # somebody of the office has fifteen minutes; then the agent rings, where the client wants that
        await dial_queue.plan_callback(session, row, now=now, due=now + TASK_DUE)
