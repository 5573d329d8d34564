"""Calls the agent shall place: wanted, taken back, allowed at all; call-backs as people handle them (C02)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from core.errors import Conflict, NotFound
from core.ids import HOUSE_TENANT
from policies import dialing
from policies.dialing import number_problem
from policies.scrub import scrub
from stores import consents, dials, leads, support, tenancy
from stores.base import tenant_of
from stores.db import Session
from stores.dials import Dial
from tools import dial_reports
from tools.base import Args, ToolContext, ToolResult, refused, tool, unchanged

SOON = timedelta(minutes=5)
MOST_DAYS = 60


class QueueCall(Args):
    """A call to a lead, or for a call-back that was promised; ``at``: not before."""

    lead_id: UUID | None = None
    callback_id: UUID | None = None
    at: datetime | None = None


class OneCall(Args):
    """Which."""

    dial_id: UUID


class OutboundSettings(Args):
    """Only what is named is changed. ``national_list_on``: the day the national list was fetched."""

    enabled: bool | None = None
    callbacks: bool | None = None
    voicemail: Literal["hang_up", "message"] | None = None
    national_list_on: date | None = None
    consent_days: int | None = Field(None, ge=1, le=3650)


class CallbackChange(Args):
    """``claim``: I see to it; ``release``: somebody else shall; the others: how it ended."""

    callback_id: UUID
    act: Literal["claim", "release", "done", "missed", "cancelled"]
    note: str = Field("", max_length=500)


async def plan_callback(
    session: Session, row: support.Callback, *, now: datetime, due: datetime | None = None
) -> Dial | None:
    """A promise is kept by the agent where the client wants that; the gate decides when it is due."""
    if tenant_of(session) == HOUSE_TENANT:
        return None
    rules = await tenancy.get_rules(session)
    law = (rules.compliance or {}) if rules is not None else {}
    if not (law.get("outbound") and law.get("outbound_callbacks")):
        return None
    known, _ = await leads.list_leads(session, phone=row.phone, limit=1)
    return await dials.plan(
        session,
        subject=f"callback:{row.id}",
        phone=row.phone,
        lead_id=known[0].id if known else None,
        callback_id=row.id,
        why="callback" if due is None else "transfer",
        template="callback" if due is None else "transfer",
        actor="callbacks",
        due_at=due or row.at or now + SOON,
    )


async def uncall(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """It is not dialled; one that rings already is left to its end."""
    row = await dials.get(session, UUID(undo["dial"]), lock=True)
    if row.status in (dials.WAITING, "claimed"):
        await dial_reports.stop(session, row, "cancelled", ctx.clock.now())
    return ToolResult(status="undone", after={"dial": str(row.id), "status": row.status})


@tool("queue_call", QueueCall, undo=uncall, statuses=("queued",), facts=("dial_id",))
async def queue_call(ctx: ToolContext, session: Session, args: QueueCall) -> ToolResult:
    """Have the agent call somebody; the gate is asked when it dials."""
    rules = await tenancy.get_rules(session)
    if not (rules and (rules.compliance or {}).get("outbound")):
        raise Conflict(dialing.why_words("outbound_off"), code="outbound_off")
    lead, back = None, None
    if args.callback_id is not None:
        back = await support.get_callback(session, args.callback_id)
        if back is None or back.status != "booked":
            raise NotFound("no such call-back")
        if back.claimed_by is not None:
            raise Conflict(dialing.why_words("claimed"), code="claimed")
        found, _ = await leads.list_leads(session, phone=back.phone, limit=1)
        lead = found[0] if found else None
    elif args.lead_id is not None:
        lead = await leads.get_lead(session, args.lead_id)
    else:
        return refused("Who is to be called?", lead_id="Name a lead or a call-back.")
    phone = back.phone if back else next(iter(lead.phones if lead else ()), None)
    if phone is None or number_problem(phone):
        return refused(
            "There is no number to call.", lead_id="This lead has no telephone number we may call."
        )
    if any(row.phone == phone for row in await dials.open_ones(session, phones=[phone])):
        raise Conflict("A call to this number is planned already.", code="planned_already")
    held = await consents.consents(session, phone)
    if "voice_ai" in held and not held["voice_ai"].granted and "voice" in held and held["voice"].granted:
        raise Conflict(dialing.why_words("ai_refused"), code="ai_refused")
    now = ctx.clock.now()
    if args.at is not None and not now - SOON <= args.at <= now + timedelta(days=MOST_DAYS):
        return refused("That time cannot be.", at=f"Choose a time within the next {MOST_DAYS} days.")
    row = await dials.plan(
        session,
        subject=f"manual:{ctx.conversation_id}",
        phone=phone,
        lead_id=lead.id if lead else None,
        callback_id=back.id if back else None,
        why="callback" if back else "manual",
        template="callback" if back else "manual",
        actor=ctx.actor,
        due_at=args.at or now,
    )
    if row is None:
        raise Conflict("This call is planned already.", code="planned_already")
    return ToolResult(
        status="queued",
        facts={"dial_id": str(row.id)},
        undo={"dial": str(row.id)},
        after={"dial": str(row.id), "why": row.why, "due_at": row.due_at.isoformat()},
    )


@tool("cancel_call", OneCall, statuses=("cancelled",))
async def cancel_call(ctx: ToolContext, session: Session, args: OneCall) -> ToolResult:
    """Take a call back that was not dialled yet."""
    row = await dials.get(session, args.dial_id, lock=True)
    if row.status not in (dials.WAITING, "claimed"):
        raise Conflict("It rings already, or is over.", code="too_late")
    await dial_reports.stop(session, row, "cancelled", ctx.clock.now())
    return ToolResult(status="cancelled", after={"dial": str(row.id)})


async def restore_settings(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """As it was."""
    rules = await tenancy.get_rules(session, lock=True)
    law = dict(rules.compliance) if rules else {}
    await tenancy.upsert_rules(session, compliance=law | undo["before"])
    return ToolResult(status="undone", after=undo["before"])


SETTINGS = {
    "enabled": "outbound",
    "callbacks": "outbound_callbacks",
    "voicemail": "voicemail",
    "national_list_on": "national_list_at",
    "consent_days": "consent_days",
}
"""Argument -> where it stands in the client's compliance rules."""


@tool("set_outbound", OutboundSettings, undo=restore_settings, statuses=("saved", "unchanged"))
async def set_outbound(ctx: ToolContext, session: Session, args: OutboundSettings) -> ToolResult:
    """Switch calls that the agent places on or off, and say how; off unless the client wants them (C02)."""
    given = args.model_dump(mode="json", exclude_none=True)
    if args.national_list_on is not None and args.national_list_on > ctx.clock.now().date():
        return refused("That day is still to come.", national_list_on="When was the list fetched?")
    rules = await tenancy.get_rules(session, lock=True)
    law = dict(rules.compliance) if rules else {}
    wanted = {SETTINGS[name]: value for name, value in given.items()}
    if args.national_list_on is not None:
        wanted["national_list_at"] = f"{args.national_list_on.isoformat()}T00:00:00+00:00"
    before = {name: law.get(name) for name in wanted}
    if before == wanted:
        return unchanged("unchanged")
    await tenancy.upsert_rules(session, compliance=law | wanted)
    stopped = 0
    if args.enabled is False:
        stopped = await dials.stop(session, "outbound_off", at=ctx.clock.now())
    return ToolResult(
        status="saved", undo={"before": before}, before=before, after={**wanted, "calls_stopped": stopped}
    )


async def reopen(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """As it stood."""
    fields = dict(undo["before"])
    fields["claimed_by"] = UUID(fields["claimed_by"]) if fields["claimed_by"] else None
    row = await support.change_callback(session, UUID(undo["callback"]), fields | {"finished_at": None})
    return ToolResult(status="undone", after={"callback": str(row.id), "status": row.status})


@tool("handle_callback", CallbackChange, undo=reopen, statuses=("claimed", "released", "finished"))
async def handle_callback(ctx: ToolContext, session: Session, args: CallbackChange) -> ToolResult:
    """Take a call-back, give it back, or say how it ended. Two cannot take the same one."""
    row = await support.get_callback(session, args.callback_id, lock=True)
    if row is None:
        raise NotFound("no such call-back")
    if row.status != "booked":
        raise Conflict("This call-back is finished already.", code="finished")
    now, me = ctx.clock.now(), _member(ctx.actor)
    before = {
        "status": row.status, "claimed_by": str(row.claimed_by) if row.claimed_by else None, "note": row.note,
        "claimed_at": row.claimed_at,
    }  # fmt: skip
    fields: dict[str, Any]
    if args.act == "claim":
        if row.claimed_by is not None and row.claimed_by != me:
            raise Conflict("Somebody else has taken it.", code="claimed")
        if me is None:
            raise Conflict("Only a person of the office can take a call-back.", code="not_a_member")
        fields, status = {"claimed_by": me, "claimed_at": now}, "claimed"
    elif args.act == "release":
        fields, status = {"claimed_by": None, "claimed_at": None}, "released"
    else:
        fields, status = {"status": args.act, "finished_at": now}, "finished"
        if me is not None and row.claimed_by is None:
            fields |= {"claimed_by": me, "claimed_at": now}
        if args.note and (clean := scrub(args.note)):
            fields["note"] = clean
    await support.change_callback(session, row.id, fields)
    if status != "released":
        planned = await dials.by_subject(session, f"callback:{row.id}")
        if planned is not None and planned.status in (dials.WAITING, "claimed"):
            await dial_reports.stop(session, planned, "claimed", now)
    if args.act == "done":
        await _settle(session, row)
    after = {"callback": str(row.id), "act": args.act}
    kept = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in before.items()}
    kept.pop("claimed_at")
    return ToolResult(status=status, undo={"callback": str(row.id), "before": kept}, before=kept, after=after)


async def _settle(session: Session, row: support.Callback) -> None:
    """What asked for the call is done with it: its ticket, and the tasks to ring that person back."""
    if row.ticket_id is not None:
        ticket = await support.get_ticket(session, row.ticket_id)
        if ticket.status == "open":
            await support.set_ticket_status(session, ticket.id, "solved")
    known, _ = await leads.list_leads(session, phone=row.phone, limit=50)
    for lead in known:
        for task in await leads.open_tasks(session, lead_id=lead.id):
            if task.kind in ("call_back", "message"):
                await leads.set_task_status(session, task.id, "done")


def _member(actor: str) -> UUID | None:
    """The member an act is of; None for a key, the operator, or a job."""
    kind, _, name = actor.partition(":")
    return UUID(name) if kind == "member" else None
