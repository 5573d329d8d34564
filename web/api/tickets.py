"""Support tickets: opened, answered, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from policies.sla import Category, Priority
from stores import support, tenancy, ticket_replies
from stores.db import Session
from web.access import Access, May
from web.api.paging import Paging, cut
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Bool, Change, Line, Page, Prose, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/tickets", tags=["tickets"])

Status = Literal["open", "waiting", "solved", "closed", "cancelled"]


class Callback(Shape):
    """A promise to ring somebody."""

    id: UUID
    phone: str
    at: datetime | None
    reason: str
    status: str


class TicketReply(Shape):
    """What was written under a ticket. ``from_us``: by the platform's own people."""

    id: UUID
    author: str
    from_us: bool
    body: str
    created_at: datetime


class TicketSummary(Shape):
    """A ticket in a list."""

    id: UUID
    number: int = Field(description="What a person says on the phone.")
    category: str
    priority: str
    subject: str
    body: str
    status: Status
    channel: str
    due_at: datetime | None = Field(description="When the first answer is due.")
    created_at: datetime
    callbacks: list[Callback]


class TicketPage(Page[TicketSummary]):
    """A page of tickets, newest first."""


class Ticket(TicketSummary):
    """A ticket with what was written under it."""

    replies: list[TicketReply]


class TicketNew(Shape):
    """A request for help."""

    subject: Line = Field(max_length=200, examples=["No sound on the line"])
    body: Prose = Field("", max_length=4000)
    category: Category = "account"
    priority: Priority = "medium"


class TicketChange(Change):
    """What is to change."""

    subject: Line = Field("", max_length=200)
    category: Category = "account"
    priority: Priority = "medium"
    status: Status = "open"


class ReplyNew(Shape):
    """What to write under a ticket."""

    body: str = Field(max_length=8000, pattern=r"\S", examples=["It works again. Thank you."])
    close: Bool = False


class Tickets(Paging):
    """Filters."""

    status: Status | None = None
    priority: Priority | None = None
    category: Category | None = None


async def look(session: Session, ticket_id: UUID, *, lock: bool = False) -> Ticket:
    """What a reader sees. NotFound."""
    row = await support.get_ticket(session, ticket_id, lock=lock)
    backs = await support.callbacks_of(session, [row.id])
    written = await ticket_replies.replies(session, row.id)
    return view(
        Ticket,
        row,
        callbacks=[view(Callback, b) for b in backs],
        replies=[view(TicketReply, r) for r in written],
    )


@router.get("", response_model=TicketPage)
async def list_tickets(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("tickets:read"))],
    query: Annotated[Tickets, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Tickets with their call-backs, newest first."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rows = await support.list_tickets(
            session,
            limit=query.limit + 1,
            before=query.begins_after_number(),
            status=query.status,
            priority=query.priority,
            category=query.category,
        )
        page, next_ = cut(query, rows, lambda row: row.number)
        backs = await support.callbacks_of(session, [row.id for row in page])
    items = [
        view(TicketSummary, row, callbacks=[view(Callback, b) for b in backs if b.ticket_id == row.id])
        for row in page
    ]
    return answer(request, TicketPage(items=items, next=next_))


@router.post("", status_code=201, response_model=Ticket)
async def create_ticket(
    request: Request, parts: PartsDep, act: Annotated[Act, Depends(Once("tickets:write"))], body: TicketNew
) -> Response:
    """Ask for help. `due_at` is when your plan promises a first answer."""
    done = await do(request, act, "open_ticket", body.model_dump())
    async with parts.db.tenant(act.tenant_id) as session:
        row = await support.get_ticket(session, int(done.facts["ticket"]))
        found = await look(session, row.id)
    return answer(request, found, 201, headers={"Location": f"{request.url.path}/{found.id}"})


@router.get("/{ticket_id}", response_model=Ticket)
async def get_ticket(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("tickets:read"))],
    ticket_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One ticket with everything written under it."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await look(session, ticket_id))


@router.patch("/{ticket_id}", response_model=Ticket)
async def change_ticket(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("tickets:write"))],
    ticket_id: UUID,
    body: TicketChange,
    if_match: IfMatch = None,
) -> Response:
    """Change what it is about, how urgent it is, or where it stands."""
    guard = unless_changed(if_match, lambda session: look(session, ticket_id, lock=True))
    args = {"ticket_id": ticket_id, "changes": body.changes()}
    await do(request, act, "change_ticket", args, guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await look(session, ticket_id))


@router.post("/{ticket_id}/replies", status_code=201, response_model=Ticket)
async def reply_to_ticket(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("tickets:write"))],
    ticket_id: UUID,
    body: ReplyNew,
) -> Response:
    """Write under a ticket. 409 when it is closed."""
    from_us = act.principal.kind in ("operator", "staff")
    args = {"ticket_id": ticket_id, "body": body.body, "from_us": from_us, "close": body.close}
    await do(request, act, "reply_to_ticket", args)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await look(session, ticket_id), 201)


@router.post("/{ticket_id}/close", response_model=Ticket)
async def close_ticket(
    request: Request, parts: PartsDep, act: Annotated[Act, Depends(Once("tickets:write"))], ticket_id: UUID
) -> Response:
    """It is done with. A closed ticket may be closed again."""
    await do(request, act, "change_ticket", {"ticket_id": ticket_id, "changes": {"status": "closed"}})
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await look(session, ticket_id))
