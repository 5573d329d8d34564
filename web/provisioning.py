"""Tenants made by request, and how far each is (A015-A022); suspending and closing them (A037)."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.templating import Jinja2Templates
from pydantic import AfterValidator, Field

from core.errors import Conflict, InvalidInput, Problem
from core.ids import fingerprint
from policies import crms, plans, voices
from policies.provisioning import provisioning as policy
from stores import provisioning as runs
from stores import tenancy
from stores.db import Session
from tools import provisioning, standing
from tools.base import Work
from tools.lines import shown
from web.access import MayPlatform, Principal
from web.api.shape import Email, Int, Line, Shape
from web.idempotency import Act, Once, OncePlatform, Vaults
from web.pages import HEADERS
from web.parts import PartsDep, parts_of

router = APIRouter(tags=["provisioning"])
templates = Jinja2Templates(Path(__file__).parent / "templates")

POLL_SECONDS = 0.4
"""How often a stream of events looks for more."""
STREAM_SECONDS = 300.0
"""A stream ends by itself after this long; its reader comes back with Last-Event-ID."""


PLANS = [one.value for one in plans.all_plans()]
VENDORS = [one.value for one in crms.vendors()]
LANGUAGES = [one.value for one in voices.voices().languages]
VOICES = [one.value for one in voices.voices().profiles]


def _known(values: list[str]) -> AfterValidator:
    """A value of a policy: case and space do not matter; who sends an unknown one is told which there are."""

    def check(given: str) -> str:
        value = given.strip().lower()
        if value not in values:
            raise ValueError(f"there is no such value; one of: {', '.join(values)}")
        return value

    return AfterValidator(check)


def _written(values: list[str], example: str) -> Any:
    # the pattern leaves room for the space that is forgiven
    return Field(
        json_schema_extra={"examples": [example], "pattern": rf"^\s*({'|'.join(values)})\s*$"},
    )


Tier = Annotated[str, _known(PLANS), _written(PLANS, "professional")]
Vendor = Annotated[str, _known(VENDORS), _written(VENDORS, "salesforce")]
Language = Annotated[str, _known(LANGUAGES), _written(LANGUAGES, "en")]
VoiceProfile = Annotated[str, _known(VOICES), _written(VOICES, "professional_female")]


class VoicePreferences(Shape):
    """How the agent should sound."""

    language: Language = "en"
    voice_profile: VoiceProfile = "professional_female"


class ProvisionRequest(Shape):
    """A tenant to set up."""

    organization_name: Annotated[Line, Field(min_length=2, max_length=100, examples=["Acme Real Estate"])]
    admin_email: Email
    subscription_tier: Tier
    initial_users: Annotated[Int, Field(ge=1, le=5000, examples=[5])]
    integration_requirements: Annotated[
        list[Vendor], Field(max_length=20, examples=[["salesforce", "hubspot"]])
    ] = []
    voice_preferences: VoicePreferences = VoicePreferences()


class AdminCredentials(Shape):
    """Shown once. ``setup_token`` opens ``/l/<token>`` and ``POST /api/v1/setup``; null once it is used."""

    username: str
    temporary_password: str | None
    setup_token: str | None


class Provisioned(Shape):
    """The tenant is registered; the rest of its set-up is under way (``GET /api/v1/admin/provisionings``)."""

    tenant_id: UUID
    organization_slug: str
    admin_credentials: AdminCredentials
    onboarding_url: str
    estimated_setup_time: str
    support_contact: str


class StepView(Shape):
    """One of the four steps."""

    name: Literal["registration", "resources", "infrastructure", "validation"]
    state: str
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    detail: dict[str, Any]


class RunSummary(Shape):
    """A run in a list."""

    id: UUID
    tenant_id: UUID
    source: str
    state: str
    attempt: int
    problem: dict[str, Any] | None
    created_at: datetime
    finished_at: datetime | None


class RunView(RunSummary):
    """A run with its steps, the four checks, and what is left to do before the agent goes live."""

    organization_slug: str
    tenant_status: str
    steps: list[StepView]
    checks: dict[str, Any]
    left_to_do: list[dict[str, str]]
    retry_of: UUID | None


class RunPage(Shape):
    """Newest first; ``next`` is the ``before`` of the following page."""

    items: list[RunSummary]
    next: UUID | None = None


def work_of(request: Request) -> Work:
    """The application as the provisioning tools see it."""
    parts = parts_of(request)
    vault = Vaults.of(request.app.state)
    return Work(parts.db, parts.ports, parts.clock, vault, parts.public_url)


WorkDep = Annotated[Work, Depends(work_of)]


@router.post("/api/v1/admin/tenants/provision", status_code=201)
async def provision(
    wanted: ProvisionRequest,
    work: WorkDep,
    response: Response,
    act: Annotated[Act, Depends(OncePlatform("provisioning:write", sealed=True))],
) -> Provisioned:
    """Set a tenant up.

    The reply comes as soon as the tenant is registered, and holds the admin's temporary password and setup
    token: once, for 24 hours, to be changed at the first sign-in. Number, agent, data key and the four
    checks follow within seconds; ``Location`` says where to look. If a check fails, all of it is undone.
    """
    order = _order(wanted)
    key, body = fingerprint(f"{act.principal.id}|{act.key}"), _hash(wanted)
    try:
        done = await provisioning.order(work, order, key=key, body_hash=body, actor=act.principal.id)
    except Conflict:
        async with work.db.platform("a provisioning request is repeated") as session:
            found = await runs.by_key(session, key)
        if found is None:
            raise
        done = await provisioning.again(work, found, body_hash=body, actor=act.principal.id)
    response.headers["Location"] = f"/api/v1/admin/provisionings/{done.run_id}"
    response.headers["Cache-Control"] = "no-store"
    return _reply(work, order, done)


def _reply(work: Work, order: provisioning.Order, done: provisioning.Ordered) -> Provisioned:
    credentials = done.credentials
    return Provisioned(
        tenant_id=done.tenant_id,
        organization_slug=done.slug,
        admin_credentials=AdminCredentials(
            username=credentials.username if credentials else order.admin_email,
            temporary_password=credentials.temporary_password if credentials else None,
            setup_token=credentials.setup_token if credentials else None,
        ),
        onboarding_url=f"{work.public_url}/onboard/{done.slug}",
        estimated_setup_time=policy().setup_time[plans.tier_for(order.initial_users).tier],
        support_contact=policy().support_contact,
    )


def _hash(wanted: ProvisionRequest) -> str:
    return hashlib.sha256(json.dumps(wanted.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def _order(wanted: ProvisionRequest) -> provisioning.Order:
    """What the request means; InvalidInput with every path that does not fit the plan."""
    tier, asked = wanted.subscription_tier, list(dict.fromkeys(wanted.integration_requirements))
    counts: dict[str, tuple[plans.Limit, int]] = {
        "initial_users": ("users", wanted.initial_users),
        "integration_requirements": ("integrations", sum(one != "builtin" for one in asked)),
    }
    found = [
        Problem(
            plans.upgrade_hint(tier, limit, count), where, "ask for less, or the larger plan", "does_not_fit"
        )
        for where, (limit, count) in counts.items()
        if not plans.allows(tier, limit, count)
    ]
    if found:
        raise InvalidInput("The request was understood but cannot be accepted.", problems=found)
    return provisioning.Order(
        organization_name=wanted.organization_name,
        admin_email=wanted.admin_email,
        subscription_tier=tier,
        initial_users=wanted.initial_users,
        integration_requirements=tuple(asked),
        language=wanted.voice_preferences.language,
        voice_profile=wanted.voice_preferences.voice_profile,
    )


# --- how far it is ------------------------------------------------------------------------------------

Reader = Annotated[Principal, Depends(MayPlatform("provisioning:read"))]


@router.get("/api/v1/admin/provisionings")
async def list_runs(
    parts: PartsDep,
    who: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: UUID | None = None,
    state: Annotated[
        Literal["queued", "running", "waiting", "done", "undoing", "failed", "canceled"] | None, Query()
    ] = None,
) -> RunPage:
    """Every run of every tenant, newest first."""
    async with parts.db.platform("operator lists provisionings") as session:
        rows = await runs.page(session, before=before, state=state, limit=limit)
    items = [RunSummary.model_validate(row) for row in rows]
    return RunPage(items=items, next=items[-1].id if len(items) == limit else None)


@router.get("/api/v1/admin/provisionings/{provisioning_id}")
async def look(provisioning_id: UUID, work: WorkDep, who: Reader) -> RunView:
    """One run: its steps, the results of its four checks, what is left to do."""
    tenant_id = await _whose(work, provisioning_id)
    async with work.db.tenant(tenant_id) as session:
        return await _view(session, provisioning_id)


async def _view(session: Session, run_id: UUID) -> RunView:
    run = await runs.run_of(session, run_id)
    tenant = await tenancy.get_tenant(session)
    return RunView(
        **RunSummary.model_validate(run).model_dump(),
        organization_slug=tenant.slug,
        tenant_status=tenant.status,
        steps=[StepView.model_validate(step) for step in await runs.steps(session, run_id)],
        checks=run.checks,
        left_to_do=[] if run.state in runs.OVER[1:] else await provisioning.left_to_do(session),
        retry_of=run.retry_of,
    )


async def _whose(work: Work, run_id: UUID) -> UUID:
    async with work.db.platform("operator looks up a provisioning") as session:
        return await runs.whose(session, run_id)


@router.get(
    "/api/v1/admin/provisionings/{provisioning_id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def watch(
    provisioning_id: UUID,
    request: Request,
    work: WorkDep,
    who: Reader,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> StreamingResponse:
    """What happens to a run, as server-sent events; ends when the run has ended.

    Each event's id is its number: a reader that was cut off sends it back as ``Last-Event-ID``.
    """
    tenant_id = await _whose(work, provisioning_id)
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    return StreamingResponse(
        _stream(request, work, tenant_id, provisioning_id, min(after, 2**31 - 1)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(
    request: Request, work: Work, tenant_id: UUID, run_id: UUID, after: int
) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    until = asyncio.get_running_loop().time() + STREAM_SECONDS
    while asyncio.get_running_loop().time() < until and not await request.is_disconnected():
        async with work.db.tenant(tenant_id) as session:
            run = await runs.run_of(session, run_id)
            rows = await runs.events(session, run_id, after=after)
        for row in rows:
            after = row.n
            data = {"step": row.step, "detail": row.detail, "at": row.at.isoformat()}
            yield f"id: {row.n}\nevent: {row.kind}\ndata: {json.dumps(data)}\n\n"
        if run.state in (*runs.OVER, "waiting"):
            yield f"event: end\ndata: {json.dumps({'state': run.state})}\n\n"
            return
        await asyncio.sleep(POLL_SECONDS)


class Retried(Shape):
    """What came of trying again: a new tenant in place of one that was undone, or the same run going on."""

    provisioning_id: UUID
    tenant: Provisioned | None = None


Writer = Annotated[Act, Depends(OncePlatform("provisioning:write", sealed=True))]


@router.post("/api/v1/admin/provisionings/{provisioning_id}/retry")
async def retry(provisioning_id: UUID, work: WorkDep, response: Response, act: Writer) -> Retried:
    """Try a failed run again.

    What was undone is set up anew, as a new tenant with new credentials (shown once); what is stuck goes on
    where it stands. 409 for a run that has not failed.
    """
    tenant_id = await _whose(work, provisioning_id)
    done = await provisioning.retry(work, tenant_id, provisioning_id, actor=act.principal.id)
    response.headers["Cache-Control"] = "no-store"
    if done is None:
        return Retried(provisioning_id=provisioning_id)
    async with work.db.tenant(done.tenant_id) as session:
        run = await runs.run_of(session, done.run_id)
    return Retried(provisioning_id=done.run_id, tenant=_reply(work, provisioning.Order.of(run.request), done))


@router.post("/api/v1/admin/provisionings/{provisioning_id}/cancel", status_code=202)
async def cancel(provisioning_id: UUID, work: WorkDep, act: Writer) -> RunView:
    """Undo a run: number, carrier account, data key and tenant, in this order. 409 for a live tenant."""
    tenant_id = await _whose(work, provisioning_id)
    await provisioning.cancel_run(work, tenant_id, provisioning_id, actor=act.principal.id)
    async with work.db.tenant(tenant_id) as session:
        return await _view(session, provisioning_id)


# --- a tenant's standing --------------------------------------------------------------------------------


class Why(Shape):
    """Why a tenant is suspended; its people read it."""

    reason: Annotated[Line, Field(max_length=200, examples=["an unpaid invoice"])]


class StandingView(Shape):
    """Whether a tenant's agent answers and its people are let in."""

    tenant_id: UUID
    slug: str
    status: str
    reason: str | None


def _standing(tenant: tenancy.Tenant) -> StandingView:
    return StandingView(
        tenant_id=tenant.id, slug=tenant.slug, status=tenant.status, reason=tenant.suspended_reason
    )


@router.post("/api/v1/tenants/{tenant}/suspend")
async def suspend(
    why: Why, work: WorkDep, act: Annotated[Act, Depends(Once("provisioning:write"))]
) -> StandingView:
    """Callers hear a polite sentence, the tenant's people get 403 with the reason; nobody else notices."""
    return _standing(await standing.suspend(work, act.tenant_id, why.reason, actor=act.principal.id))


@router.post("/api/v1/tenants/{tenant}/resume")
async def resume(work: WorkDep, act: Annotated[Act, Depends(Once("provisioning:write"))]) -> StandingView:
    """As it was before it was suspended."""
    return _standing(await standing.resume(work, act.tenant_id, actor=act.principal.id))


@router.post("/api/v1/tenants/{tenant}/close")
async def close(work: WorkDep, act: Annotated[Act, Depends(Once("provisioning:write"))]) -> StandingView:
    """For good: its numbers go back to the carrier, its people are signed out. The data is kept until it is
    deleted by itself."""
    return _standing(await standing.close(work, act.tenant_id, actor=act.principal.id))


@router.get("/onboard/{slug}", include_in_schema=False)
async def onboard(slug: str, request: Request, parts: PartsDep) -> HTMLResponse:
    """Where the onboarding begins. The same page whether there is such a client or not."""
    return templates.TemplateResponse(
        request,
        "onboard.html",
        {"number": shown(parts.onboarding_number), "support": policy().support_contact},
        headers=HEADERS,
    )
