"""The operator's view of tenants and of what their agents have done."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from agent.parts import Parts
from core.errors import NotFound
from core.ids import HOUSE_TENANT
from stores import calls, conversations, integrations, leads, support, tenancy
from web.access import operator
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1", tags=["tenants"], dependencies=[Depends(operator)])


class Page(BaseModel):
    """One page of a list; ``next`` is the cursor of the following page, or null."""

    items: list[dict[str, Any]]
    next: str | None = None


async def _find(parts: Parts, key: str) -> UUID:
    """A tenant by id or slug."""
    async with parts.db.platform("operator looks up a tenant") as session:
        found = await tenancy.tenant_by_slug(session, key)
    if found is not None:
        return found.id
    try:
        return UUID(key)
    except ValueError:
        raise NotFound("no such tenant") from None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _row(row: Any, *names: str) -> dict[str, Any]:
    return {name.rstrip("_"): _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


async def _tenant_view(parts: Parts, tenant_id: UUID) -> dict[str, Any]:
    async with parts.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        profile = await tenancy.get_profile(session)
        rules = await tenancy.get_rules(session)
        numbers = await tenancy.numbers(session)
        members = await tenancy.members(session)
    view = _row(
        tenant,
        "id",
        "slug",
        "name",
        "brand_name",
        "status",
        "plan",
        "tier",
        "team_size",
        "timezone",
        "states",
        "website",
        "main_phone",
        "created_at",
        "activated_at",
    )
    view["numbers"] = [n.e164 for n in numbers]
    view["agent"] = (
        _row(
            profile,
            "persona_name",
            "voice_profile",
            "languages",
            "hours",
            "after_hours_mode",
            "greeting",
            "transfer_targets",
            "max_call_minutes",
        )
        if profile
        else None
    )
    view["rules"] = (
        _row(rules, "criteria", "hot_rule", "routing", "follow_up", "compliance") if rules else None
    )
    view["members"] = [
        _row(m, "id", "name", "email", "mobile", "role", "title", "status", "email_verified_at")
        for m in members
    ]
    return view


@router.get("/tenants")
async def list_tenants(
    parts: PartsDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: UUID | None = None,
) -> Page:
    """All tenants but the house itself, oldest first."""
    async with parts.db.platform("operator lists tenants") as session:
        rows = await tenancy.list_tenants(session, after=after, limit=limit)
    items = [await _tenant_view(parts, t.id) for t in rows if t.id != HOUSE_TENANT]
    return Page(items=items, next=str(rows[-1].id) if len(rows) == limit else None)


@router.get("/tenants/{tenant}")
async def get_tenant(tenant: str, parts: PartsDep) -> dict[str, Any]:
    """One tenant, by id or slug."""
    return await _tenant_view(parts, await _find(parts, tenant))


LEAD_FIELDS = (
    "id",
    "intent",
    "name",
    "phones",
    "emails",
    "areas",
    "beds",
    "baths",
    "price_min",
    "price_max",
    "timeline",
    "features",
    "financing",
    "represented",
    "property_address",
    "appointment",
    "score",
    "score_reasons",
    "summary",
    "consent",
    "dnc",
    "language",
    "source",
    "channel",
    "disposition",
    "conversation_id",
    "call_id",
    "extra",
    "created_at",
)


@router.get("/tenants/{tenant}/leads")
async def list_leads(
    tenant: str,
    parts: PartsDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: UUID | None = None,
    intent: str | None = None,
) -> Page:
    """A tenant's leads, newest first; rehearsals are left out."""
    async with parts.db.tenant(await _find(parts, tenant)) as session:
        await tenancy.get_tenant(session)
        rows, cursor = await leads.list_leads(session, limit=limit, before=before, intent=intent)
    return Page(items=[_row(r, *LEAD_FIELDS) for r in rows], next=str(cursor) if cursor else None)


@router.get("/tenants/{tenant}/integrations")
async def list_integrations(tenant: str, parts: PartsDep) -> Page:
    """What is connected, waiting or failed; never a secret."""
    async with parts.db.tenant(await _find(parts, tenant)) as session:
        await tenancy.get_tenant(session)
        rows = await integrations.list_integrations(session)
    return Page(
        items=[_row(r, "id", "kind", "vendor", "state", "config", "last_test", "created_at") for r in rows]
    )


@router.get("/tenants/{tenant}/tickets")
async def list_tickets(tenant: str, parts: PartsDep) -> Page:
    """Tickets with their call-backs."""
    async with parts.db.tenant(await _find(parts, tenant)) as session:
        await tenancy.get_tenant(session)
        rows = await support.list_tickets(session)
        backs = await support.list_callbacks(session, status=None)
    by_ticket: dict[Any, list[dict[str, Any]]] = {}
    for back in backs:
        by_ticket.setdefault(back.ticket_id, []).append(_row(back, "id", "phone", "at", "reason", "status"))
    items = []
    for row in rows:
        item = _row(
            row,
            "id",
            "number",
            "category",
            "priority",
            "subject",
            "body",
            "status",
            "channel",
            "due_at",
            "created_at",
        )
        items.append({**item, "callbacks": by_ticket.get(row.id, [])})
    return Page(items=items)


@router.get("/calls/{call}")
async def get_call(call: str, parts: PartsDep) -> dict[str, Any]:
    """One call, by its id or the carrier's CallSid, with transcript, tool calls and each turn's latency."""
    async with parts.db.platform("operator looks up a call") as session:
        found = await calls.find_by_sid(session, call)
        if found is None and _is_uuid(call):
            found = await calls.get_call(session, UUID(call))
    if found is None:
        raise NotFound("no such call")
    async with parts.db.tenant(found.tenant_id) as session:
        turns = (
            await conversations.turns(session, found.conversation_id)
            if found.conversation_id is not None
            else []
        )
    view = _row(
        found,
        "id",
        "tenant_id",
        "sid",
        "from_",
        "to",
        "direction",
        "channel",
        "status",
        "started_at",
        "answered_at",
        "ended_at",
        "end_reason",
        "seconds",
        "recording_path",
        "transcript_path",
        "conversation_id",
    )
    view["turns"] = [_row(t, "n", "role", "text", "channel", "started_at", "latency", "tools") for t in turns]
    return view
