"""Telephone lines of an organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from stores import tenancy
from stores.db import Session
from web.access import Access, May
from web.api.paging import Paging
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Page, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/numbers", tags=["numbers"])


class Number(Shape):
    """A telephone line."""

    id: UUID
    e164: str = Field(examples=["+13035550177"])
    status: Literal["active", "paused", "released"]
    provider: str = Field(description="`fictional` numbers ring nowhere: there is no carrier account.")
    forwarded_from: str | None = Field(description="The client's own number that is forwarded to this one.")
    created_at: datetime


class NumberPage(Page[Number]):
    """A page of lines, oldest first."""


class NumberNew(Shape):
    """Which line is wanted."""

    area_code: str | None = Field(
        None, pattern=r"^[2-9][0-9]{2}$", description="Without it: near the lines you have.", examples=["303"]
    )


class Numbers(Paging):
    """Filters."""

    status: Literal["active", "paused"] | None = None


@router.get("", response_model=NumberPage)
async def list_numbers(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("numbers:read"))],
    query: Annotated[Numbers, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The lines the organisation holds."""
    after = query.begins_after_id()
    async with parts.db.tenant(access.tenant_id) as session:
        rows = [
            row
            for row in await tenancy.numbers(session)
            if (after is None or row.id > after) and query.status in (None, row.status)
        ]
    page = rows[: query.limit]
    next_ = query.cursor(page[-1].id) if len(rows) > query.limit else None
    return answer(request, NumberPage(items=[view(Number, row) for row in page], next=next_))


@router.get("/{number_id}", response_model=Number)
async def get_number(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("numbers:read"))],
    number_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One line."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, view(Number, await tenancy.get_number(session, number_id)))


@router.post("", status_code=201, response_model=Number)
async def allocate_number(
    request: Request, parts: PartsDep, act: Annotated[Act, Depends(Once("numbers:write"))], body: NumberNew
) -> Response:
    """Take another line. 422 when the area code has none."""
    done = await do(request, act, "allocate_number", body.model_dump())
    number_id = UUID(done.facts["number_id"])
    async with parts.db.tenant(act.tenant_id) as session:
        found = view(Number, await tenancy.get_number(session, number_id))
    return answer(request, found, 201, headers={"Location": f"{request.url.path}/{number_id}"})


@router.delete("/{number_id}", status_code=204)
async def release_number(
    request: Request,
    act: Annotated[Act, Depends(Once("numbers:write"))],
    number_id: UUID,
    if_match: IfMatch = None,
) -> Response:
    """Give a line back. 409 for the last line of a live agent."""

    async def look(session: Session) -> Number:
        return view(Number, await tenancy.get_number(session, number_id, lock=True))

    guard = unless_changed(if_match, look, needed=False)
    await do(request, act, "release_number", {"number_id": number_id}, guard=guard)
    return Response(status_code=204)
