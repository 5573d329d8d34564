"""The office's day on a page without a script: who waits for a call, what is to do, whom the agent calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from core.errors import NotAllowed, SeiketsuError
from core.ids import new_id
from policies import dialing
from stores import dials, leads, listing_feeds, support, tenancy
from tools import acts, billing, consent, messages
from web.access import Principal, principal
from web.idempotency import Vaults
from web.office.calling import outbound_of
from web.parts import parts_of
from web.sign_in import account_of
from web.sign_in_pages import Page, form_of, page

router = APIRouter(include_in_schema=False, route_class=Page)
Own = Annotated[Principal, Depends(principal)]
MOST = 50
WORDS = {
    "planned": "waits", "claimed": "being dialled", "placing": "being dialled", "placed": "ringing",
    "talking": "talking", "done": "done", "stopped": "not called",
}  # fmt: skip
OUTCOMES = {
    "reached": "reached", "machine": "a machine answered", "no-answer": "no answer", "busy": "busy",
    "failed": "could not be connected", "canceled": "cancelled", "unknown": "not known",
}  # fmt: skip


@dataclass
class Said:
    """What an answer adds: where it belongs, what was done or why not."""

    where: str = ""
    done: str = ""
    problem: str = ""
    status: int = 200


@router.get("/office")
async def office(request: Request, who: Own) -> Response:
    """Everything that waits for somebody."""
    return await _office(request, who)


@router.post("/office/callbacks/{callback_id}")
async def callback(callback_id: UUID, request: Request, who: Own) -> Response:
    """Take it, give it back, finish it, or let the agent ring."""
    given = await form_of(request)
    act = given.get("act", "")
    if act == "agent":
        return await _do(request, who, "callbacks", "leads:write", "queue_call", {"callback_id": callback_id})
    args = {"callback_id": callback_id, "act": act, "note": given.get("note", "")[:500]}
    return await _do(request, who, "callbacks", "leads:write", "handle_callback", args)


@router.post("/office/tasks/{task_id}")
async def task(task_id: UUID, request: Request, who: Own) -> Response:
    """It is done."""
    args = {"task_id": task_id, "status": "done"}
    return await _do(request, who, "tasks", "leads:write", "change_task", args)


@router.post("/office/outbound")
async def outbound(request: Request, who: Own) -> Response:
    """Switch calls of the agent's on or off."""
    given = await form_of(request)
    args: dict[str, Any] = {
        "enabled": given.get("enabled") == "yes",
        "callbacks": given.get("callbacks") == "yes",
        "voicemail": given.get("voicemail") or "hang_up",
    }
    if given.get("national_list_on"):
        args["national_list_on"] = given["national_list_on"]
    return await _do(request, who, "outbound", "rules:write", "set_outbound", args)


@router.post("/office/calls/{dial_id}/cancel")
async def cancel(dial_id: UUID, request: Request, who: Own) -> Response:
    """Do not dial it."""
    return await _do(request, who, "calls", "leads:write", "cancel_call", {"dial_id": dial_id})


@router.post("/office/feeds/{feed_id}/run")
async def run_feed(feed_id: UUID, request: Request, who: Own) -> Response:
    """Read the listings now."""
    return await _do(request, who, "feeds", "integrations:write", "run_listing_feed", {"feed_id": feed_id})


# -- the parts ---------------------------------------------------------------------------------------


async def _do(
    request: Request, who: Principal, where: str, right: str, tool: str, args: Mapping[str, Any]
) -> Response:
    """One act; then the page again, so that reloading it does nothing twice."""
    tenant_id, _ = account_of(who)
    if not who.may(right):
        raise NotAllowed(f"this needs the right {right}")
    parts = parts_of(request)
    try:
        await acts.run(
            parts.db,
            parts.clock,
            parts.ports,
            tool,
            args,
            tenant_id=tenant_id,
            actor=who.id,
            key=f"page|{new_id()}",
            channel="page",
            public_url=parts.public_url,
            vault=Vaults.of(request.app.state),
        )
    except SeiketsuError as error:
        told = "; ".join(p.message for p in error.problems) or error.message
        return await _office(request, who, Said(where, problem=told, status=error.status))
    return RedirectResponse(f"/office#{where}", 303)


async def _office(request: Request, who: Principal, said: Said | None = None) -> Response:
    said = said or Said()
    tenant_id, member_id = account_of(who)
    if not who.may("leads:read"):
        raise NotAllowed("this needs the right leads:read")
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        people = {m.id: m.name for m in await tenancy.members(session)}
        waiting = await messages.call_back_queue(session, now=now)
        rows = {row.id: row for row in await support.list_callbacks(session)}
        planned: dict[UUID | None, dials.Dial] = {
            d.callback_id: d for d in await dials.open_ones(session) if d.callback_id
        }
        known: dict[UUID | None, leads.Lead] = {
            w.lead_id: await leads.get_lead(session, w.lead_id) for w in waiting if w.lead_id
        }
        tasks = list(await leads.open_tasks(session))[:MOST]
        for one in tasks:
            if one.lead_id is not None and one.lead_id not in known:
                known[one.lead_id] = await leads.get_lead(session, one.lead_id)
        calls = list(await dials.page(session, limit=20))
        feeds = list(await listing_feeds.feeds(session)) if who.may("knowledge:read") else []
        settings = await outbound_of(session, parts.ports, now)
        profile = await tenancy.get_profile(session)
    zone = ZoneInfo(tenant.timezone or "America/New_York")
    facts = {
        "said": said,
        "brand": tenant.brand_name or tenant.name,
        "zone": str(zone),
        "callbacks": [
            _callback(w, rows[w.callback_id], known, people, planned, zone, now, member_id) for w in waiting
        ],
        "tasks": [_task(one, known, zone, now) for one in tasks],
        "calls": [_call(row, known, zone) for row in calls],
        "feeds": [_feed(row, zone) for row in feeds],
        "outbound": settings,
        "persona": profile.persona_name if profile else "the agent",
        "may_write": who.may("leads:write"),
        "may_switch": who.may("rules:write"),
        "may_run": who.may("integrations:write"),
        "unpaid": unpaid(tenant, now),
        "today": now.astimezone(zone).date().isoformat(),
    }
    return page(request, "office/office.html", said.status, **facts)


def unpaid(tenant: tenancy.Tenant, now: datetime) -> str:
    """What is said on pages while the plan is not paid for; "" when it is."""
    suspends = billing.suspends_on(tenant)
    if suspends is None:
        return ""
    if billing.outbound_suspended(tenant, now):
        return (
            "The plan has not been paid for. Callers are answered as ever, but the agent places no calls"
            " until it is."
        )
    day = suspends.astimezone(ZoneInfo(tenant.timezone or "America/New_York")).strftime("%A, %B %-d")
    return (
        f"A payment did not go through. From {day} on the agent places no calls of its own until the plan"
        " is paid for; callers are answered as ever."
    )


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%a, %b %-d, %-I:%M %p") if at else ""


def _callback(
    waiting: messages.Waiting,
    row: support.Callback,
    known: Mapping[UUID | None, leads.Lead],
    people: Mapping[UUID, str],
    planned: Mapping[UUID | None, dials.Dial],
    zone: ZoneInfo,
    now: datetime,
    me: UUID,
) -> dict[str, Any]:
    lead = known.get(waiting.lead_id)
    message = (lead.extra or {}).get("message") if lead else None
    dial = planned.get(row.id)
    return {
        "id": row.id,
        "phone": dialing.spoken_number(row.phone),
        "call": row.phone,
        "name": lead.name if lead else None,
        "reason": row.reason,
        "message": message if row.reason.startswith("Message") else None,
        "summary": lead.summary if lead else None,
        "promised": _when(waiting.promised, zone),
        "late": waiting.promised is not None and waiting.promised <= now,
        "why": waiting.why,
        "score": waiting.score,
        "who": people.get(row.claimed_by, "somebody who left") if row.claimed_by else None,
        "mine": row.claimed_by == me,
        "note": row.note,
        "agent": _when(dial.due_at, zone) if dial else "",
        "people_only": lead is not None and not consent.ai_voice_welcome(lead),
    }


def _task(
    one: leads.Task, known: Mapping[UUID | None, leads.Lead], zone: ZoneInfo, now: datetime
) -> dict[str, Any]:
    lead = known.get(one.lead_id)
    return {
        "id": one.id,
        "title": one.title,
        "due": _when(one.due_at, zone),
        "late": one.due_at is not None and one.due_at <= now,
        "name": lead.name if lead else None,
        "phone": dialing.spoken_number(lead.phones[0]) if lead and lead.phones else "",
        "message": (lead.extra or {}).get("message") if lead and one.kind == "message" else None,
    }


def _call(row: dials.Dial, known: Mapping[UUID | None, leads.Lead], zone: ZoneInfo) -> dict[str, Any]:
    lead = known.get(row.lead_id)
    return {
        "id": row.id,
        "phone": dialing.spoken_number(row.phone),
        "name": lead.name if lead else None,
        "state": WORDS[row.status],
        "due": _when(row.due_at, zone) if row.status == dials.WAITING else "",
        "tries": row.tries,
        "outcome": OUTCOMES.get(row.outcome or "", ""),
        "reason": dialing.why_words(row.reason),
        "open": row.status in (dials.WAITING, "claimed"),
    }


def _feed(row: listing_feeds.ListingFeed, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "every": row.every_minutes,
        "enabled": row.enabled,
        "last": _when(row.last_ok_at, zone) or "never",
        "next": _when(row.next_at, zone),
        "counts": row.last,
        "failures": row.failures,
        "error": row.error,
    }
