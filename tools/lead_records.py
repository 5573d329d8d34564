"""Leads as people of the client keep them: added by hand, changed, removed, with their tasks (A047, A091)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from core.errors import Conflict
from policies import scoring
from policies.scrub import scrub
from stores import leads, tenancy
from stores.db import Session
from tools import events
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.values import timeline_words

KEPT = (
    "intent", "name", "phones", "emails", "areas", "price_min", "price_max", "beds", "baths", "features",
    "timeline", "financing", "represented", "property_address", "score", "score_reasons", "summary", "dnc",
    "language", "source", "disposition", "extra",
)  # fmt: skip


class NewLead(Args):
    """A lead from elsewhere; ``fields`` are columns of the lead."""

    fields: dict[str, Any]


class LeadChange(Args):
    """Columns to change."""

    lead_id: UUID
    changes: dict[str, Any]


class OneLead(Args):
    """Which."""

    lead_id: UUID


class NewTask(Args):
    """Something to do about a lead."""

    lead_id: UUID
    kind: str
    title: str
    due_at: datetime | None = None


class TaskChange(Args):
    """Where a task stands."""

    task_id: UUID
    status: str = Field(pattern="^(open|done|cancelled)$")


def plain(lead: leads.Lead) -> dict[str, Any]:
    """A lead as the audit trail keeps it."""
    return {name: getattr(lead, name) for name in KEPT}


async def forget_added(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The lead was never added."""
    await leads.delete_lead(session, UUID(undo["lead_id"]))
    return ToolResult(status="undone", before=undo)


@tool("add_lead", NewLead, undo=forget_added, statuses=("added",), facts=("lead_id",))
async def add_lead(ctx: ToolContext, session: Session, args: NewLead) -> ToolResult:
    """Write a lead that no conversation led to, scored by the client's rules."""
    fields = _clean(args.fields)
    if not (fields.get("phones") or fields.get("emails")):
        return refused("A lead needs a way to be reached.", phones="Give a phone number or an e-mail.")
    if problem := _problem(fields):
        return problem
    fields = {"channel": ctx.channel, "source": ctx.channel, "disposition": "new"} | fields
    lead = await leads.add_lead(session, **fields)
    await _score(session, lead)
    await events.lead_saved(session, lead, new=True)
    return ToolResult(
        status="added",
        facts={"lead_id": str(lead.id)},
        undo={"lead_id": str(lead.id)},
        after=plain(lead) | {"id": str(lead.id)},
    )


async def restore_lead(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The lead as it was."""
    lead = await leads.update_lead(session, UUID(undo["lead_id"]), **undo["before"])
    return ToolResult(status="undone", after=plain(lead))


@tool("change_lead", LeadChange, undo=restore_lead, statuses=("changed",))
async def change_lead(ctx: ToolContext, session: Session, args: LeadChange) -> ToolResult:
    """Put a lead right; an opt-out is never taken back by hand (C06)."""
    lead = await leads.get_lead(session, args.lead_id)
    before = plain(lead)
    changes = _clean(args.changes)
    if lead.dnc and changes.get("dnc") is False:
        return refused(
            "An opt-out stands until the person takes it back.", dnc="Only the person can take it back."
        )
    merged = {**before, **changes}
    if not (merged["phones"] or merged["emails"]) and (before["phones"] or before["emails"]):
        return refused("A lead needs a way to be reached.", phones="Leave a phone number or an e-mail.")
    if problem := _problem(merged):
        return problem
    lead = await leads.update_lead(session, args.lead_id, **changes)
    await _score(session, lead)
    await events.lead_saved(session, lead, new=False)
    if lead.dnc and not before["dnc"]:
        for task in await leads.open_tasks(session, lead_id=lead.id):
            await leads.set_task_status(session, task.id, "cancelled")
    return ToolResult(
        status="changed",
        undo={"lead_id": str(lead.id), "before": before},
        before=before,
        after=plain(lead),
    )


@tool("remove_lead", OneLead, statuses=("removed",))
async def remove_lead(ctx: ToolContext, session: Session, args: OneLead) -> ToolResult:
    """Delete a lead with its tasks. One that opted out stays: whom not to call must be known (C06)."""
    lead = await leads.get_lead(session, args.lead_id)
    if lead.dnc:
        raise Conflict("a lead that opted out stays on the do-not-call list", code="opted_out")
    await leads.delete_lead(session, lead.id)
    # what was removed was removed: the trail keeps that it was, not whom it was about (C33)
    return ToolResult(status="removed", before={"lead_id": str(lead.id), "intent": lead.intent})


@tool("add_task", NewTask, statuses=("added",), facts=("task_id",))
async def add_task(ctx: ToolContext, session: Session, args: NewTask) -> ToolResult:
    """Put something on the client's list."""
    lead = await leads.get_lead(session, args.lead_id)
    task = await leads.add_task(
        session, kind=args.kind, title=args.title, due_at=args.due_at, lead_id=lead.id
    )
    after = {"kind": task.kind, "title": task.title, "lead_id": str(lead.id)}
    return ToolResult(status="added", facts={"task_id": str(task.id)}, after=after)


async def restore_task(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The task as it stood."""
    task = await leads.set_task_status(session, UUID(undo["task_id"]), undo["status"])
    return ToolResult(status="undone", after={"status": task.status})


@tool("change_task", TaskChange, undo=restore_task, statuses=("changed",))
async def change_task(ctx: ToolContext, session: Session, args: TaskChange) -> ToolResult:
    """Finish, cancel or reopen a task."""
    before = {"status": (await leads.get_task(session, args.task_id)).status}
    task = await leads.set_task_status(session, args.task_id, args.status)
    undo = {"task_id": str(task.id), **before}
    return ToolResult(status="changed", undo=undo, before=before, after={"status": task.status})


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without what a lead may not hold about people (C24); empty lists where null was given."""
    found = dict(fields)
    for name in ("phones", "emails", "areas", "features"):
        if name in found:
            found[name] = found[name] or []
    if found.get("features"):
        found["features"] = [kept for one in found["features"] if (kept := scrub(one))]
    if found.get("summary"):
        found["summary"] = scrub(found["summary"])
    return found


def _problem(fields: Mapping[str, Any]) -> ToolResult | None:
    low, high = fields.get("price_min"), fields.get("price_max")
    if low is not None and high is not None and low > high:
        return refused("The prices are the wrong way round.", price_min="must not be above price_max")
    return None


async def _score(session: Session, lead: leads.Lead) -> None:
    rules = await tenancy.get_rules(session)
    _, days = timeline_words(lead.timeline)
    facts = {
        "intent": lead.intent,
        "areas": lead.areas,
        "property_address": lead.property_address,
        "price_min": lead.price_min,
        "price_max": lead.price_max,
        "motivation": (lead.extra or {}).get("motivation"),
        "timeline_days": days,
        "represented": lead.represented,
        "financing": lead.financing,
        "appointment": lead.appointment,
    }
    scored = scoring.score(
        facts, weights=(rules.criteria or None) if rules else None, hot=rules.hot_rule if rules else None
    )
    await leads.update_lead(
        session,
        lead.id,
        score=scored.value,
        score_reasons=list(scored.reasons),
        extra=dict(lead.extra or {}) | {"hot": scored.hot},
    )
