"""Calls the agent places, and call-backs as people handle them (C01-C05, A047, A091)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from policies import dialing
from stores import dials, support, tenancy
from stores.db import Session
from tools import billing
from tools.base import Ports
from web.access import Access, May
from web.api.paging import Paging, cut
from web.api.replies import IfNoneMatch, answer, do
from web.api.shape import Bool, Change, Int, Page, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}", tags=["calling"])

Read = Annotated[Access, Depends(May("leads:read"))]
Write = Annotated[Act, Depends(Once("leads:write"))]


class Outbound(Shape):
    """Whether and how the agent places calls. Off until the client switches it on."""

    enabled: bool
    callbacks: bool = Field(description="The agent keeps call-backs that nobody of the office has taken.")
    voicemail: Literal["hang_up", "message"] = Field(description="What is done about an answering machine.")
    national_list_on: date | None = Field(description="When the national do-not-call list was last fetched.")
    national_list_fresh: bool = Field(description="No older than 31 days, as the law asks for marketing.")
    consent_days: int = Field(description="For how many days a consent to AI calls holds.")
    suspended: bool = Field(description="The plan is overdue beyond its grace: no calls are placed.")
    ready: bool = Field(description="There is a carrier, and a line of the client's own to call from.")
    voicemail_words: str = Field(description="All that is ever left on a machine.")
    opening: str = Field(description="How every call of the agent's begins.")


class OutboundChange(Change):
    """Only what is named is changed."""

    enabled: Bool | None = None
    callbacks: Bool | None = None
    voicemail: Literal["hang_up", "message"] | None = None
    national_list_on: date | None = None
    consent_days: Int | None = Field(None, ge=1, le=3650)


class PlacedCall(Shape):
    """A call the agent shall place, or has placed."""

    id: UUID
    phone: str
    lead_id: UUID | None
    callback_id: UUID | None
    why: str = Field(description="follow_up, callback, transfer or manual.")
    actor: str = Field(description="Who wanted it.")
    status: str = Field(description="planned, claimed, placing, placed, talking, done or stopped.")
    due_at: datetime = Field(description="Not before.")
    tries: int
    outcome: str | None = Field(description="What the last try came to.")
    answered_by: str | None = Field(description="What the carrier took the other side for.")
    reason: str | None = Field(description="Why it waits or was stopped.")
    reason_words: str
    call_id: UUID | None
    ended_at: datetime | None


class PlacedCalls(Page[PlacedCall]):
    """Newest first."""


class PlacedCallsQuery(Paging):
    """The filters."""

    status: Literal["open", "planned", "done", "stopped"] | None = None


class CallNew(Shape):
    """Whom: a lead, or a call-back that was promised. ``at``: not before that moment."""

    lead_id: UUID | None = None
    callback_id: UUID | None = None
    at: datetime | None = None


class Callback(Shape):
    """A call somebody was promised."""

    id: UUID
    phone: str
    reason: str
    at: datetime | None
    window_end: datetime | None
    status: str
    claimed_by: UUID | None
    claimed_at: datetime | None
    finished_at: datetime | None
    note: str | None


class CallbackAct(Shape):
    """``claim``: I see to it; ``release``: somebody else shall; the others say how it ended."""

    act: Literal["claim", "release", "done", "missed", "cancelled"]
    note: str = Field("", max_length=500)


async def outbound_of(session: Session, ports: Ports, now: datetime) -> Outbound:
    """What holds now."""
    tenant = await tenancy.get_tenant(session)
    rules = await tenancy.get_rules(session)
    profile = await tenancy.get_profile(session)
    law: dict[str, Any] = dict(rules.compliance) if rules else {}
    lines = [n.e164 for n in await tenancy.numbers(session) if n.status == "active"]
    fetched = law.get("national_list_at")
    brand, persona = tenant.brand_name or tenant.name, profile.persona_name if profile else "Alex"
    callback = dialing.spoken_number(lines[0]) if lines else "your number"
    longest = dialing.dialing().consent_days["default"]
    return Outbound(
        enabled=bool(law.get("outbound")),
        callbacks=bool(law.get("outbound_callbacks")),
        voicemail=law.get("voicemail") or "hang_up",
        national_list_on=datetime.fromisoformat(str(fetched)).date() if fetched else None,
        national_list_fresh=dialing.list_is_fresh(fetched, now),
        consent_days=min(longest, int(law.get("consent_days") or longest)),
        suspended=billing.outbound_suspended(tenant, now),
        ready=ports.calls is not None and bool(lines),
        voicemail_words=dialing.voicemail(brand, persona, callback),
        opening=dialing.outbound_opening(
            brand,
            persona,
            callback,
            dialing.purpose("manual"),
            recorded=profile.recording_notice if profile else True,
        ),
    )


def placed_view(row: dials.Dial) -> PlacedCall:
    """A row as the API and the page show it."""
    return view(PlacedCall, row, reason_words=dialing.why_words(row.reason))


@router.get("/outbound", response_model=Outbound)
async def get_outbound(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("rules:read"))],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Whether and how the agent places calls."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await outbound_of(session, parts.ports, parts.clock.now()))


@router.patch("/outbound", response_model=Outbound)
async def change_outbound(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("rules:write"))],
    body: OutboundChange,
) -> Response:
    """Switch it on or off. Switching off stops everything that waits."""
    await do(request, act, "set_outbound", body.changes())
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await outbound_of(session, parts.ports, parts.clock.now()))


@router.get("/outbound/calls", response_model=PlacedCalls)
async def list_placed_calls(
    request: Request,
    parts: PartsDep,
    access: Read,
    query: Annotated[PlacedCallsQuery, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What waits, what was done, and why something was not."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rows = await dials.page(
            session, limit=query.limit + 1, before=query.begins_after_id(), status=query.status
        )
    page, following = cut(query, rows, lambda row: row.id)
    return answer(request, PlacedCalls(items=[placed_view(row) for row in page], next=following))


@router.post(
    "/outbound/calls",
    status_code=201,
    response_model=PlacedCall,
    responses={
        409: {"description": "Outbound is off, the call-back is somebody's, or it is planned already"}
    },
)
async def queue_call(request: Request, parts: PartsDep, act: Write, body: CallNew) -> Response:
    """Have the agent call somebody. Its gate is asked when it dials, and may say no."""
    done = await do(request, act, "queue_call", body.model_dump(mode="json", exclude_none=True))
    async with parts.db.tenant(act.tenant_id) as session:
        row = await dials.get(session, UUID(done.facts["dial_id"]))
        return answer(request, placed_view(row), 201)


@router.post(
    "/outbound/calls/{dial_id}/cancel",
    response_model=PlacedCall,
    responses={409: {"description": "It rings already, or is over"}},
)
async def cancel_placed_call(request: Request, parts: PartsDep, act: Write, dial_id: UUID) -> Response:
    """Take a call back that was not dialled yet."""
    await do(request, act, "cancel_call", {"dial_id": dial_id})
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, placed_view(await dials.get(session, dial_id)))


@router.post(
    "/callbacks/{callback_id}/handle",
    response_model=Callback,
    responses={409: {"description": "Somebody else has taken it, or it is finished"}},
)
async def handle_callback(
    request: Request, parts: PartsDep, act: Write, callback_id: UUID, body: CallbackAct
) -> Response:
    """Take a call-back, give it back, or say how it ended. Two people cannot take the same one."""
    await do(request, act, "handle_callback", {"callback_id": callback_id, **body.model_dump()})
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, view(Callback, await support.get_callback(session, callback_id)))
