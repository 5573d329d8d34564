"""The audit trail: who did what to what, before and after, and whether it is whole (A035, C44)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, Field

from stores import receipts
from web.access import Access, May
from web.api.paging import Paging, cut
from web.api.replies import IfNoneMatch, answer
from web.api.shape import Page, Shape, view
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/audit", tags=["audit"])


class AuditEntry(Shape):
    """One act. ``hash`` covers the entry and the hash before it."""

    seq: int
    at: datetime
    actor: str = Field(description="Who, and by which door.", examples=["operator/api"])
    action: str = Field(examples=["change_lead"])
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    prev_hash: str
    hash: str


class AuditPage(Page[AuditEntry]):
    """A page of the trail, newest first."""


class AuditCheck(Shape):
    """Whether the chain holds."""

    whole: bool
    entries: int
    broken_at: int | None = Field(description="The first entry that was changed, removed or cut off.")


class Audit(Paging):
    """Filters."""

    actor: str | None = Field(None, max_length=120, description="With or without the door.")
    action: str | None = Field(None, max_length=80)
    subject: str | None = Field(None, max_length=120)
    at_from: AwareDatetime | None = None
    at_to: AwareDatetime | None = None


@router.get("", response_model=AuditPage)
async def list_audit(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("audit:read"))],
    query: Annotated[Audit, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The organisation's own trail, newest first."""
    async with parts.db.tenant(access.tenant_id) as session:
        rows = await receipts.audit_page(
            session,
            limit=query.limit + 1,
            before=query.begins_after_number(),
            actor=query.actor,
            action=query.action,
            subject=query.subject,
            at_from=query.at_from,
            at_to=query.at_to,
        )
    page, next_ = cut(query, rows, lambda row: row.seq)
    return answer(request, AuditPage(items=[view(AuditEntry, row) for row in page], next=next_))


@router.get("/verify", response_model=AuditCheck)
async def verify_audit(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("audit:read"))],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Walk the whole chain and say whether anything was touched."""
    async with parts.db.tenant(access.tenant_id) as session:
        broken = await receipts.verify_chain(session)
        entries = await receipts.audit_length(session)
    return answer(request, AuditCheck(whole=broken is None, entries=entries, broken_at=broken))
