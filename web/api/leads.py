"""Leads and their tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, Field

from core.errors import Conflict, SeiketsuError
from stores import leads, tenancy
from stores.db import Session
from web.access import Access, May
from web.api.paging import Paging, cut
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Bool, Change, Email, Int, Line, Number, Page, Phone, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}", tags=["leads"])

Intent = Literal["buyer", "seller", "renter", "investor", "other"]
TaskStatus = Literal["open", "done", "cancelled"]
Dollars = Annotated[Int, Field(ge=0, le=2_000_000_000)]


class Lead(Shape):
    """Somebody who called about property, or was written down by hand. Prices in whole dollars."""

    id: UUID
    intent: Intent
    name: str | None = Field(examples=["Lee Ray"])
    phones: list[str]
    emails: list[str]
    areas: list[str]
    beds: int | None
    baths: float | None
    price_min: int | None
    price_max: int | None
    timeline: str | None
    features: list[str]
    financing: str | None
    represented: str | None
    property_address: str | None
    appointment: dict[str, Any] | None
    score: int | None = Field(description="0 to 100, by the rules; `score_reasons` say why.")
    score_reasons: list[str]
    summary: str | None
    consent: dict[str, Any] = Field(
        description="What was agreed to or refused, in which words, and the proof: `voice` (calls by people),"
        " `voice_ai` (calls by an artificial voice), `sms`, `email`."
    )
    dnc: bool = Field(description="Opted out: never contacted again.")
    language: str | None
    source: str | None
    channel: str | None
    disposition: str | None
    conversation_id: UUID | None
    call_id: UUID | None
    extra: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class LeadPage(Page[Lead]):
    """A page of leads, newest first."""


class _Facts(Change):
    name: Line | None = Field(None, max_length=120)
    phones: list[Phone] = Field([], max_length=10)
    emails: list[Email] = Field([], max_length=10)
    areas: list[Line] = Field([], max_length=30, examples=[["Aurora"]])
    beds: Int | None = Field(None, ge=0, le=100)
    baths: Number | None = Field(None, ge=0, le=100)
    price_min: Dollars | None = None
    price_max: Dollars | None = Field(None, examples=[500_000])
    timeline: Line | None = Field(None, max_length=60, examples=["90_days"])
    features: list[Line] = Field([], max_length=50)
    financing: Line | None = Field(None, max_length=40, examples=["preapproved"])
    represented: Literal["no", "yes", "exclusive"] | None = None
    property_address: Line | None = Field(None, max_length=300)
    summary: Line | None = Field(None, max_length=1000)
    language: Line | None = Field(None, max_length=20)
    disposition: Line | None = Field(None, max_length=40, examples=["new"])
    dnc: Bool = False


class LeadNew(_Facts):
    """A lead from elsewhere; it needs a phone number or an e-mail address."""

    intent: Intent = Field(examples=["buyer"])
    source: Line | None = Field(None, max_length=60, examples=["open_house"])


class LeadChange(_Facts):
    """What is to change. Score and reasons follow; consent comes from the person alone."""

    intent: Intent = "other"


class Leads(Paging):
    """Filters."""

    q: str | None = Field(
        None, min_length=2, max_length=100, description="Part of name, phone, e-mail, address or summary."
    )
    intent: Intent | None = None
    disposition: str | None = Field(None, max_length=40)
    phone: str | None = Field(None, pattern=r"^\+[1-9][0-9]{6,14}$", description="E.164.")
    score_min: int | None = Field(None, ge=0, le=100)
    score_max: int | None = Field(None, ge=0, le=100)
    created_from: AwareDatetime | None = Field(None, description="From this moment on.")
    created_to: AwareDatetime | None = Field(None, description="Before this moment.")


class Task(Shape):
    """Something a person has to do."""

    id: UUID
    kind: str
    title: str
    status: TaskStatus
    due_at: datetime | None
    lead_id: UUID | None
    created_at: datetime
    updated_at: datetime


class TaskPage(Page[Task]):
    """A page of tasks, newest first."""


class TaskNew(Shape):
    """A task about a lead."""

    kind: Line = Field("call_back", max_length=40)
    title: Line = Field(max_length=200, examples=["Call back on Monday"])
    due_at: AwareDatetime | None = None


class TaskChange(Shape):
    """Where the task stands."""

    status: TaskStatus


class Tasks(Paging):
    """Filters."""

    status: TaskStatus | None = None
    lead_id: UUID | None = None


async def look(session: Session, lead_id: UUID, *, lock: bool = False) -> Lead:
    """What a reader sees. NotFound."""
    return view(Lead, await leads.get_lead(session, lead_id, lock=lock))


@router.get("/leads", response_model=LeadPage)
async def list_leads(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("leads:read"))],
    query: Annotated[Leads, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Leads, newest first. Rehearsals are left out."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rows, cursor = await leads.list_leads(
            session,
            limit=query.limit,
            before=query.begins_after_id(),
            intent=query.intent,
            phone=query.phone,
            words=query.q,
            disposition=query.disposition,
            score_min=query.score_min,
            score_max=query.score_max,
            created_from=query.created_from,
            created_to=query.created_to,
        )
    next_ = query.cursor(cursor) if cursor is not None else None
    return answer(request, LeadPage(items=[view(Lead, row) for row in rows], next=next_))


@router.post("/leads", status_code=201, response_model=Lead)
async def create_lead(
    request: Request, parts: PartsDep, act: Annotated[Act, Depends(Once("leads:write"))], body: LeadNew
) -> Response:
    """Write a lead down."""
    done = await do(request, act, "add_lead", {"fields": body.changes()})
    lead_id = UUID(done.facts["lead_id"])
    async with parts.db.tenant(act.tenant_id) as session:
        found = await look(session, lead_id)
    return answer(request, found, 201, headers={"Location": f"{request.url.path}/{lead_id}"})


@router.get("/leads/{lead_id}", response_model=Lead)
async def get_lead(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("leads:read"))],
    lead_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One lead."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await look(session, lead_id))


@router.patch("/leads/{lead_id}", response_model=Lead)
async def change_lead(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("leads:write"))],
    lead_id: UUID,
    body: LeadChange,
    if_match: IfMatch = None,
) -> Response:
    """Put a lead right; it is scored anew. An opt-out cannot be taken back here."""
    guard = unless_changed(if_match, lambda session: look(session, lead_id, lock=True))
    args = {"lead_id": lead_id, "changes": body.changes()}
    await do(request, act, "change_lead", args, guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await look(session, lead_id))


@router.delete("/leads/{lead_id}", status_code=204)
async def delete_lead(
    request: Request,
    act: Annotated[Act, Depends(Once("leads:write"))],
    lead_id: UUID,
    if_match: IfMatch = None,
) -> Response:
    """Delete a lead with its tasks. 409 for one that opted out: the do-not-call list must hold."""
    guard = unless_changed(if_match, lambda session: look(session, lead_id, lock=True), needed=False)
    try:
        await do(request, act, "remove_lead", {"lead_id": lead_id}, guard=guard)
    except SeiketsuError as error:
        if error.code != "integrity":
            raise
        raise Conflict("something else still belongs to this lead", code="in_use") from None
    return Response(status_code=204)


@router.get("/leads/{lead_id}/tasks", response_model=TaskPage)
async def list_lead_tasks(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("leads:read"))],
    lead_id: UUID,
    query: Annotated[Paging, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A lead's tasks, newest first."""
    async with parts.db.tenant(access.tenant_id) as session:
        await leads.get_lead(session, lead_id)
        before = query.begins_after_id()
        rows = await leads.list_tasks(session, limit=query.limit + 1, before=before, lead_id=lead_id)
    page, next_ = cut(query, rows, lambda row: row.id)
    return answer(request, TaskPage(items=[view(Task, row) for row in page], next=next_))


@router.post("/leads/{lead_id}/tasks", status_code=201, response_model=Task)
async def create_task(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("leads:write"))],
    lead_id: UUID,
    body: TaskNew,
) -> Response:
    """Put something to do about a lead on the list."""
    done = await do(request, act, "add_task", {"lead_id": lead_id, **body.model_dump()})
    async with parts.db.tenant(act.tenant_id) as session:
        found = view(Task, await leads.get_task(session, UUID(done.facts["task_id"])))
    where = request.url.path.split("/leads/")[0]
    return answer(request, found, 201, headers={"Location": f"{where}/tasks/{found.id}"})


@router.get("/tasks", response_model=TaskPage)
async def list_tasks(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("leads:read"))],
    query: Annotated[Tasks, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Every task, newest first."""
    async with parts.db.tenant(access.tenant_id) as session:
        rows = await leads.list_tasks(
            session,
            limit=query.limit + 1,
            before=query.begins_after_id(),
            status=query.status,
            lead_id=query.lead_id,
        )
    page, next_ = cut(query, rows, lambda row: row.id)
    return answer(request, TaskPage(items=[view(Task, row) for row in page], next=next_))


@router.get("/tasks/{task_id}", response_model=Task)
async def get_task(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("leads:read"))],
    task_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One task."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, view(Task, await leads.get_task(session, task_id)))


@router.patch("/tasks/{task_id}", response_model=Task)
async def change_task(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("leads:write"))],
    task_id: UUID,
    body: TaskChange,
    if_match: IfMatch = None,
) -> Response:
    """Finish, cancel or reopen a task."""

    async def look_task(session: Session) -> Task:
        return view(Task, await leads.get_task(session, task_id, lock=True))

    guard = unless_changed(if_match, look_task)
    await do(request, act, "change_task", {"task_id": task_id, "status": body.status}, guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, view(Task, await leads.get_task(session, task_id)))
