"""Organisations: the record of one, and the operator's list of all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from core.ids import HOUSE_TENANT
from stores import tenancy
from stores.db import Session
from tools.values import States, Timezone
from web.access import Access, May, MayPlatform
from web.api.paging import Paging, cut
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Change, Int, Line, Page, Phone, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants", tags=["tenants"])

Status = Literal["onboarding", "live", "paused", "suspended", "closed"]


class TenantAgent(Shape):
    """The agent in short; all of it under ``/agent``."""

    persona_name: str
    voice_profile: str
    languages: list[str]
    hours: dict[str, Any]
    after_hours_mode: str
    greeting: str | None
    transfer_targets: list[dict[str, Any]]
    max_call_minutes: int


class TenantRules(Shape):
    """The rules in short; all of them, with words, under ``/rules``."""

    criteria: dict[str, Any]
    hot_rule: dict[str, Any]
    routing: dict[str, Any]
    follow_up: list[dict[str, Any]]
    compliance: dict[str, Any]


class TenantMember(Shape):
    """A person of the organisation."""

    id: UUID
    name: str
    email: str
    mobile: str | None
    role: str
    title: str | None
    status: str
    email_verified_at: datetime | None


class Tenant(Shape):
    """An organisation, with its lines, people, agent and rules."""

    id: UUID
    slug: str = Field(examples=["acme-real-estate"])
    name: str = Field(examples=["Acme Real Estate"])
    brand_name: str = Field(description="The name callers hear.", examples=["Acme"])
    status: Status
    plan: str | None = Field(examples=["professional"])
    tier: int | None
    team_size: int | None
    timezone: str | None = Field(examples=["America/Denver"])
    states: list[str] = Field(examples=[["CO"]])
    markets: list[str]
    website: str | None
    main_phone: str | None
    address: str | None
    license: str | None
    created_at: datetime
    activated_at: datetime | None
    suspended_reason: str | None
    numbers: list[str] = Field(description="Its telephone lines, E.164.")
    agent: TenantAgent | None
    rules: TenantRules | None
    members: list[TenantMember]


class TenantPage(Page[Tenant]):
    """A page of organisations, oldest first."""


class TenantChange(Change):
    """What is to change; plan, status and people have doors of their own."""

    name: Line = Field("", max_length=120)
    brand_name: Line = Field("", max_length=120)
    timezone: Timezone = Field("", examples=["America/Denver"])
    states: States = Field([], min_length=1, max_length=60, examples=[["CO", "UT"]])
    markets: list[Line] = Field([], max_length=50)
    website: Line | None = Field(None, max_length=300)
    main_phone: Phone | None = None
    address: Line | None = Field(None, max_length=300)
    license: Line | None = Field(None, max_length=120)
    team_size: Int | None = Field(None, ge=1, le=100_000)


class Tenants(Paging):
    """Filters."""

    status: Status | None = None


async def look(session: Session, *, lock: bool = False) -> Tenant:
    """What a reader of the session's tenant sees. NotFound."""
    tenant = await tenancy.get_tenant(session, lock=lock)
    profile = await tenancy.get_profile(session)
    rules = await tenancy.get_rules(session)
    return view(
        Tenant,
        tenant,
        numbers=[n.e164 for n in await tenancy.numbers(session)],
        agent=view(TenantAgent, profile) if profile else None,
        rules=view(TenantRules, rules) if rules else None,
        members=[view(TenantMember, m) for m in await tenancy.members(session)],
    )


@router.get("", response_model=TenantPage, dependencies=[Depends(MayPlatform("provisioning:read"))])
async def list_tenants(
    request: Request, parts: PartsDep, query: Annotated[Tenants, Query()], if_none_match: IfNoneMatch = None
) -> Response:
    """Every organisation, oldest first (the platform's own people only)."""
    async with parts.db.platform("operator lists tenants") as session:
        rows = await tenancy.list_tenants(
            session, after=query.begins_after_id(), limit=query.limit + 1, status=query.status
        )
    page, next_ = cut(query, rows, lambda row: row.id)
    items = []
    for row in page:
        if row.id != HOUSE_TENANT:
            async with parts.db.tenant(row.id) as session:
                items.append(await look(session))
    return answer(request, TenantPage(items=items, next=next_))


@router.get("/{tenant}", response_model=Tenant)
async def get_tenant(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("tenant:read"))],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One organisation, by id, slug or `me`."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await look(session))


@router.patch("/{tenant}", response_model=Tenant)
async def change_tenant(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("tenant:write"))],
    body: TenantChange,
    if_match: IfMatch = None,
) -> Response:
    """Change the organisation's own record."""
    guard = unless_changed(if_match, lambda session: look(session, lock=True))
    await do(request, act, "change_client", {"changes": body.changes()}, guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await look(session))
