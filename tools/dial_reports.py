"""What the carrier says of calls the agent placed: picked up, a machine, over (C07, C14).

Reports come late, twice and in any order, and each names the try it is about: one about an earlier try, or a
try that is settled, changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from core.clock import Clock
from core.errors import NotFound
from policies import compliance, dialing
from stores import calls, consents, conversations, dials, leads, receipts, support, tenancy
from stores.db import Database, Session
from stores.dials import Dial

FINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
RINGING = frozenset({"queued", "initiated", "ringing"})
EXCHANGES = 2
"""So often the other side has spoken when it is a person, whatever the carrier takes it for."""


@dataclass(frozen=True)
class Report:
    """Which try of which call it is about."""

    tenant_id: UUID
    dial_id: UUID
    nonce: str
    sid: str
    account_sid: str = ""


@dataclass(frozen=True)
class Picked:
    """Somebody, or something, picked up."""

    dial_id: UUID
    tenant_id: UUID
    phone: str
    line: str
    why: str
    purpose: str
    lead_id: UUID | None
    brand: str


@dataclass(frozen=True)
class Machine:
    """What is done about a machine: its only words, or none."""

    act: Literal["leave", "hang_up"]
    words: str = ""
    call_id: UUID | None = None


async def picked_up(db: Database, clock: Clock, report: Report) -> Picked | None:
    """The call is connected. None: hang up, because nobody wants it any more (C06)."""
    async with db.tenant(report.tenant_id) as session:
        row = await _current(session, report)
        if row is None or row.status not in dials.UNDER_WAY:
            return None
        tenant = await tenancy.get_tenant(session)
        lead = await _lead(session, row)
        if await consents.listed(session, row.phone) is not None or (lead is not None and lead.dnc):
            return None
        await dials.move(session, row, {"status": "talking", **_where(row, report)})
        return Picked(
            row.id,
            report.tenant_id,
            row.phone,
            str(row.caller_id),
            row.why,
            dialing.purpose(row.template),
            row.lead_id,
            tenant.brand_name or tenant.name,
        )


async def connected(db: Database, tenant_id: UUID, dial_id: UUID, call_id: UUID) -> None:
    """The call has a row of its own now."""
    async with db.tenant(tenant_id) as session:
        await dials.move(session, await dials.get(session, dial_id, lock=True), {"call_id": call_id})


async def machine(db: Database, clock: Clock, report: Report, answered_by: str) -> Machine | None:
    """What the carrier takes it for. None: go on; a person, nobody knows, or the call is over.

    A carrier that is sure of a machine while a conversation is going on is mistaken: nobody who answered is
    cut off.
    """
    now = clock.now()
    async with db.tenant(report.tenant_id) as session:
        row = await _current(session, report)
        if row is None:
            return None
        artificial = answered_by.startswith("machine") or answered_by == "fax"
        if row.status not in dials.UNDER_WAY:
            # it came after the end: what it says is kept, and whom a person answered is not a machine
            if row.answered_by is None or not artificial:
                await dials.move(session, row, {"answered_by": answered_by})
            return None
        if artificial and await _spoken(session, row) >= EXCHANGES:
            await receipts.audit(
                session,
                actor="dialler",
                action="call.answered_by_overruled",
                subject=f"phone ending {row.phone[-4:]}",
                at=now,
                after={"dial": str(row.id), "carrier": answered_by},
            )
            return None
        if not artificial:
            # a person came to the telephone after all
            await dials.move(
                session, row, {"answered_by": answered_by, "outcome": None, **_where(row, report)}
            )
            return None
        if row.outcome == "machine":
            return None  # it was seen to already
        await dials.move(
            session, row, {"answered_by": answered_by, "outcome": "machine", **_where(row, report)}
        )
        await _forget_what_it_said(session, row)
        rules = await tenancy.get_rules(session)
        profile = await tenancy.get_profile(session)
        tenant = await tenancy.get_tenant(session)
        asked = bool(rules and (rules.compliance or {}).get("voicemail") == "message")
        words = ""
        if asked and answered_by.startswith("machine_end"):
            persona = profile.persona_name if profile else "the assistant"
            words = dialing.voicemail(
                tenant.brand_name or tenant.name, persona, dialing.spoken_number(str(row.caller_id))
            )
        return Machine("leave" if words else "hang_up", words, row.call_id)


async def heard_machine(db: Database, clock: Clock, tenant_id: UUID, call_id: UUID) -> bool:
    """The conversation itself has heard a machine's greeting. Whether it was one of our calls."""
    async with db.tenant(tenant_id) as session:
        row = await dials.by_call(session, call_id)
        if row is None or row.status not in dials.UNDER_WAY:
            return False
        await dials.move(session, row, {"outcome": "machine", "answered_by": "machine_heard"})
        await _forget_what_it_said(session, row)
        return True


async def heard(
    db: Database, clock: Clock, report: Report, *, status: str, answered_by: str | None = None
) -> None:
    """A status of the call. Only the first final one settles the try."""
    now = clock.now()
    async with db.tenant(report.tenant_id) as session:
        row = await _current(session, report)
        if row is None or row.status not in dials.UNDER_WAY:
            return
        fields: dict[str, Any] = _where(row, report)
        if answered_by and row.answered_by is None:
            fields["answered_by"] = answered_by
        if status in RINGING or status in ("in-progress", "answered"):
            if row.status == "placing":
                fields["status"] = "placed"
            await dials.move(session, row, fields)
            return
        if status not in FINAL:
            await dials.move(session, row, fields)
            return
        row = await dials.move(session, row, fields)
        outcome = status if status != "completed" else _completed(row)
        await settle(session, row, outcome, now)


def _completed(row: Dial) -> str:
    if row.outcome == "machine" or (row.call_id is None and (row.answered_by or "").startswith("machine")):
        return "machine"
    return "reached" if row.call_id is not None else "unknown"


async def settle(session: Session, row: Dial, outcome: str, now: datetime) -> None:
    """A try is over: done, or planned again later; the gate is asked again then."""
    policy = dialing.dialing().calls
    fields: dict[str, Any] = {"outcome": outcome, "nonce": None}
    if outcome == "reached":
        fields |= {"status": "done", "ended_at": now, "reason": None}
    elif row.reason is not None:  # taken back while it rang
        fields |= {"status": "stopped", "ended_at": now}
    elif row.tries >= policy.most_tries:
        fields |= {"status": "done", "ended_at": now, "reason": "tries_used"}
    else:
        due = now + timedelta(minutes=policy.retry_minutes.get(outcome, policy.retry_minutes["unknown"]))
        fields |= {"status": "planned", "due_at": due, "reason": None}
    await dials.move(session, row, fields)
    await receipts.audit(
        session,
        actor="dialler",
        action="call.ended",
        subject=f"phone ending {row.phone[-4:]}",
        at=now,
        after={"dial": str(row.id), "outcome": outcome, "try": row.tries, "next": fields["status"]},
    )
    if row.callback_id is not None and row.status == "done":
        note = "The agent reached them." if outcome == "reached" else f"The agent tried {row.tries} times."
        kept = {"status": "done", "finished_at": now} if outcome == "reached" else {}
        await support.change_callback(session, row.callback_id, {"note": note, **kept})


async def stop(session: Session, row: Dial, reason: str, now: datetime) -> None:
    """It will not be dialled; why is kept and written into the trail."""
    await dials.move(session, row, {"status": "stopped", "reason": reason, "ended_at": now, "nonce": None})
    await receipts.audit(
        session,
        actor="dialler",
        action="call.stopped",
        subject=f"phone ending {row.phone[-4:]}",
        at=now,
        after={"dial": str(row.id), "why": row.why, "reason": reason},
    )
    if reason == "ai_refused" and row.lead_id is not None:
        await _by_a_person(session, row, now)


async def _by_a_person(session: Session, row: Dial, now: datetime) -> None:
    """Who wants no artificial voice is called by somebody of the office: asked for once."""
    open_ones = await leads.open_tasks(session, lead_id=row.lead_id)
    if any(task.kind == "call_back" for task in open_ones):
        return
    await leads.add_task(
        session,
        kind="call_back",
        title=f"Call them yourself {compliance.PEOPLE_ONLY}",
        due_at=now + timedelta(days=1),
        lead_id=row.lead_id,
    )


async def _current(session: Session, report: Report) -> Dial | None:
    """The row, if the report is about its present try."""
    try:
        row = await dials.get(session, report.dial_id, lock=True)
    except NotFound:
        return None
    if row.nonce is None or row.nonce != report.nonce:
        return None
    return row if row.sid is None or row.sid == report.sid else None


def _where(row: Dial, report: Report) -> dict[str, Any]:
    return {"sid": row.sid or report.sid, "account_sid": row.account_sid or report.account_sid or None}


async def _spoken(session: Session, row: Dial) -> int:
    """How often the other side has said something in the conversation."""
    if row.call_id is None:
        return 0
    call = await calls.get_call(session, row.call_id)
    if call is None or call.conversation_id is None:
        return 0
    said = await conversations.turns(session, call.conversation_id)
    return sum(turn.role == "caller" for turn in said)


async def _forget_what_it_said(session: Session, row: Dial) -> None:
    """A greeting is no answer of a person's: a lead made of it is removed."""
    if row.call_id is None:
        return
    call = await calls.get_call(session, row.call_id)
    made = (
        await leads.lead_of_conversation(session, call.conversation_id)
        if call and call.conversation_id
        else None
    )
    if made is not None and made.id != row.lead_id:
        await leads.delete_lead(session, made.id)


async def _lead(session: Session, row: Dial) -> leads.Lead | None:
    return await leads.get_lead(session, row.lead_id) if row.lead_id is not None else None
