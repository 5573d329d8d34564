"""An appointment and what hangs on it: its record, its lead, the client's own systems (A047, C30).

Booked by voice (``tools.own_appointments``), by hand (``tools.bookings``) or called off from a letter's link:
what comes of it is the same, and is here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from core.errors import Conflict
from policies import appointments as policy
from stores import appointments, follow_up, leads
from stores.appointments import Appointment
from stores.db import Session
from tools import events
from tools.base import ToolContext, ToolResult

Kind = Literal["tour", "viewing", "consult", "valuation", "call"]
"""What people meet for; lengths and words are in policies/appointments.yaml."""


def plain(row: Appointment) -> dict[str, Any]:
    """An appointment for the audit trail and the API."""
    names = (
        "id", "member_id", "lead_id", "kind", "status", "starts_at", "ends_at", "timezone", "name", "phone",
        "email", "place", "note", "buyer_agreement_required", "sequence",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def public(row: Appointment) -> dict[str, Any]:
    """An appointment as the client's own systems are told of it."""
    return {**plain(row), "created_at": row.created_at}


def needs_agreement(kind: str, intent: str) -> bool:
    """Whether a written buyer agreement must be gone over first: buyers' tours, not rentals (C30)."""
    return policy.appointments().kinds[kind].agreement and intent != "renter"


async def attach(session: Session, row: Appointment, lead: leads.Lead) -> None:
    """The lead has an appointment: its record says so, nobody has to agree on a time, nothing is chased."""
    known = {"lead_id": lead.id, "name": lead.name, "email": next(iter(lead.emails), None)}
    missing = {name: value for name, value in known.items() if value and getattr(row, name) is None}
    if missing:
        await appointments.change_appointment(session, row, missing)
    said = {
        "id": str(row.id),
        "start": row.starts_at.isoformat(),
        "kind": row.kind,
        "with": str(row.member_id),
        "timezone": row.timezone,
        "status": row.status,
        "buyer_agreement_required": row.buyer_agreement_required,
    }
    stays = lead.dnc or lead.disposition in ("opted_out", "represented")
    disposition = lead.disposition if stays or row.status != "booked" else "appointment_set"
    await leads.update_lead(session, lead.id, appointment=said, disposition=disposition)
    if row.status == "booked":
        for task in await leads.open_tasks(session, lead_id=lead.id):
            if task.kind == "appointment":
                await leads.set_task_status(session, task.id, "done")
        await follow_up.stop(session, lead.id, "appointment")


async def attach_lead(session: Session, conversation_id: UUID, lead: leads.Lead) -> None:
    """A lead that was saved, or told more, after its appointment was booked gets it; and it, their name."""
    for row in await appointments.booked_in(session, conversation_id):
        if row.lead_id is None or row.name is None:
            await attach(session, row, lead)


async def call_off(session: Session, row: Appointment, *, at: datetime, by: str, reason: str = "") -> None:
    """Cancel an appointment; the agent is asked to get in touch where a lead would otherwise be lost."""
    await appointments.change_appointment(
        session,
        row,
        {"status": "cancelled", "held_until": None, "sequence": row.sequence + 1},
    )
    if not row.test:
        await events.emit(session, "appointment.changed", public(row), subject_id=row.lead_id)
    if row.lead_id is not None:
        lead = await leads.get_lead(session, row.lead_id)
        if lead.appointment and lead.appointment.get("id") == str(row.id):
            await leads.update_lead(session, lead.id, appointment={**lead.appointment, "status": "cancelled"})
        if reason != "taken back":
            label = policy.appointments().kinds[row.kind].label
            await leads.add_task(
                session,
                kind="call_back",
                title=f"The {label} was cancelled by the {by}: offer another time",
                due_at=at + timedelta(hours=24),
                lead_id=row.lead_id,
            )


# --- taking back ----------------------------------------------------------------------------------------


def where_it_was(row: Appointment) -> dict[str, Any]:
    """What ``move_back`` needs to put an appointment back."""
    return {
        "appointment": str(row.id),
        "member": str(row.member_id),
        "start": row.starts_at.isoformat(),
        "end": row.ends_at.isoformat(),
        "buffer": (row.blocks_until - row.ends_at).total_seconds(),
    }


async def unbook(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The booking is taken back; nobody is reminded of it."""
    row = await appointments.get_appointment(session, UUID(undo["appointment"]))
    await call_off(session, row, at=ctx.clock.now(), by="caller", reason="taken back")
    return ToolResult(status="undone", after={"appointment": str(row.id), "status": "cancelled"})


async def move_back(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The appointment is where it was; refused when that time has been given away since."""
    row = await appointments.get_appointment(session, UUID(undo["appointment"]))
    try:
        await appointments.move(
            session,
            row,
            now=ctx.clock.now(),
            member_id=UUID(undo["member"]),
            starts_at=datetime.fromisoformat(undo["start"]),
            ends_at=datetime.fromisoformat(undo["end"]),
            buffer=timedelta(seconds=undo["buffer"]),
        )
    except Conflict:
        return ToolResult(status="taken", ok=False, message="That time has been given away since.")
    return ToolResult(status="undone", after=plain(row))


async def rebook(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The appointment stands again; refused when its time has been given away since."""
    old = await appointments.get_appointment(session, UUID(undo["appointment"]))
    try:
        row = await appointments.move(
            session,
            old,
            now=ctx.clock.now(),
            member_id=old.member_id,
            starts_at=old.starts_at,
            ends_at=old.ends_at,
            buffer=old.blocks_until - old.ends_at,
            status="booked",
        )
    except Conflict:
        return ToolResult(status="taken", ok=False, message="That time has been given away since.")
    if row.lead_id is not None:
        await attach(session, row, await leads.get_lead(session, row.lead_id))
    return ToolResult(status="undone", after=plain(row))
