"""Who has a lead, and whom to ring next (A047, A091, C21)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from policies import routing as policy
from stores import leads, routing, tenancy
from tools import messages
from tools import routing as giving
from web.access import Access, May
from web.api.replies import IfNoneMatch, answer, do
from web.api.shape import Page, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}", tags=["routing"])

Read = Annotated[Access, Depends(May("leads:read"))]
Write = Annotated[Act, Depends(Once("leads:write"))]


class Assignment(Shape):
    """A lead given to a member."""

    id: UUID
    lead_id: UUID
    member_id: UUID
    status: str = Field(description="offered, claimed, expired or withdrawn.")
    mode: str
    reason: str = Field(description="Why this member, in words.")
    given_at: datetime
    claim_by: datetime | None = Field(description="Until when it has to be claimed; null: it stays.")
    claimed_at: datetime | None


class AssignmentPage(Page[Assignment]):
    """Everybody a lead was given to, oldest first."""


class Claim(Shape):
    """Without ``member_id`` whoever it was offered to takes it."""

    member_id: UUID | None = None


class RoutingExplained(Shape):
    """The rules in words, and what is wrong with them."""

    explained: list[str]
    problems: list[str]


class ToRing(Shape):
    """Somebody who waits for a call."""

    callback_id: UUID
    phone: str
    reason: str
    promised: datetime | None
    lead_id: UUID | None
    score: int
    why: str = Field(description="What puts them where they stand.")


class CallBackQueue(Page[ToRing]):
    """Whom to ring, in this order."""


@router.get("/routing", response_model=RoutingExplained)
async def explain_routing(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("rules:read"))],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Say who gets which leads, in words."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rules = await tenancy.get_rules(session)
        people = await giving.team(session)
    settings = dict(rules.routing) if rules else {}
    said = RoutingExplained(
        explained=policy.explain(settings, people), problems=policy.problems(settings, people)
    )
    return answer(request, said)


@router.get("/leads/{lead_id}/assignments", response_model=AssignmentPage)
async def list_assignments(
    request: Request, parts: PartsDep, access: Read, lead_id: UUID, if_none_match: IfNoneMatch = None
) -> Response:
    """To whom a lead was given, and why."""
    async with parts.db.tenant(access.tenant_id) as session:
        await leads.get_lead(session, lead_id)
        rows = await routing.history(session, lead_id)
    return answer(request, AssignmentPage(items=[view(Assignment, row) for row in rows], next=None))


@router.post("/leads/{lead_id}/claim", response_model=Assignment)
async def claim_lead(request: Request, parts: PartsDep, act: Write, lead_id: UUID, body: Claim) -> Response:
    """Take a lead that is on offer, or give it to somebody by hand."""
    args = {"lead_id": lead_id, **body.model_dump(exclude_none=True)}
    await do(request, act, "claim_lead", args)
    async with parts.db.tenant(act.tenant_id) as session:
        row = await routing.current(session, lead_id)
        assert row is not None
        return answer(request, view(Assignment, row))


@router.get("/callback-queue", response_model=CallBackQueue)
async def call_back_queue(
    request: Request, parts: PartsDep, access: Read, if_none_match: IfNoneMatch = None
) -> Response:
    """Whom to ring next: broken promises, hot leads, then what is promised soonest."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        queue = await messages.call_back_queue(session, now=parts.clock.now())
    return answer(request, CallBackQueue(items=[view(ToRing, w) for w in queue], next=None))
