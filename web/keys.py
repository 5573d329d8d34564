"""API keys of a client: list, make, rotate, revoke; a key is shown once (B005, A039)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, Field

from core.ids import HOUSE_TENANT
from policies.rights import MEMBER_ROLES, Role
from stores import api_keys
from stores.api_keys import ApiKey
from tools import keys
from web.access import Access, May
from web.api.paging import Paging, cut
from web.api.replies import IfNoneMatch, answer
from web.api.shape import Line, Page, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/keys", tags=["keys"])


class KeyView(Shape):
    """One key. ``last_used_at`` is exact to a minute."""

    id: UUID
    name: str
    prefix: str = Field(examples=["sk_4mq7x2ab"])
    scopes: list[str]
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    replaced_by: UUID | None
    last_used_at: datetime | None


class NewKeyView(KeyView):
    """A key that was just made. ``key`` is shown this once."""

    key: str


class MakeKey(Shape):
    """``scopes``: rights like ``leads:read``, ``leads:*`` or ``*`` for all you have yourself."""

    name: Annotated[Line, Field(max_length=100, examples=["Website"])]
    scopes: list[str] = Field(min_length=1, max_length=100, examples=[["leads:read", "leads:write"]])
    expires_at: AwareDatetime | None = None


class Rotate(Shape):
    """How long the old key goes on working."""

    overlap_hours: float = Field(24.0, ge=0, le=168)


def key_view(row: ApiKey) -> KeyView:
    """A key as the API shows it."""
    return view(KeyView, row)


def highest(access: Access) -> Role:
    """The role a new key is held to: its maker's, or the owner's where the platform's people make one."""
    if access.principal.role in MEMBER_ROLES or access.tenant_id == HOUSE_TENANT:
        return access.principal.role
    return "owner"


@router.get("", response_model=Page[KeyView])
async def list_keys(
    request: Request,
    query: Annotated[Paging, Query()],
    access: Annotated[Access, Depends(May("keys:read"))],
    parts: PartsDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The organisation's keys, oldest first, also those that have ended."""
    async with parts.db.tenant(access.tenant_id) as session:
        rows = await api_keys.list_keys(session, after=query.begins_after_id(), limit=query.limit + 1)
    page, next_ = cut(query, rows, lambda row: row.id)
    return answer(request, Page[KeyView](items=[key_view(row) for row in page], next=next_))


@router.get("/{key_id}", response_model=KeyView)
async def get_key(
    key_id: UUID,
    request: Request,
    access: Annotated[Access, Depends(May("keys:read"))],
    parts: PartsDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One key."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, key_view(await api_keys.get_key(session, key_id)))


@router.post("", status_code=201)
async def make_key(
    body: MakeKey,
    response: Response,
    act: Annotated[Act, Depends(Once("keys:write", sealed=True))],
    parts: PartsDep,
) -> NewKeyView:
    """Make a key. Its rights are written out now: it never gets more than you have today."""
    role = highest(act)
    scopes = keys.scopes_for(body.scopes, act.principal.may, role)
    async with parts.db.tenant(act.tenant_id) as session:
        made = await keys.make(
            session,
            parts.clock,
            name=body.name,
            scopes=scopes,
            role=role,
            actor=act.principal.id,
            expires_at=body.expires_at,
        )
    return _shown_once(response, made)


@router.post("/{key_id}/rotate", status_code=201)
async def rotate_key(
    key_id: UUID,
    response: Response,
    act: Annotated[Act, Depends(Once("keys:write", sealed=True))],
    parts: PartsDep,
    body: Rotate | None = None,
) -> NewKeyView:
    """Make a successor with the same rights. The old key works on for a while, so nothing stands still."""
    overlap = timedelta(hours=body.overlap_hours) if body is not None else None
    async with parts.db.tenant(act.tenant_id) as session:
        old = await api_keys.get_key(session, key_id)
        # who rotates gets the key in hand: it may hold nothing they could not give
        keys.scopes_for(old.scopes, act.principal.may, old.role)  # type: ignore[arg-type]
        made = await keys.rotate(session, parts.clock, key_id, actor=act.principal.id, overlap=overlap)
    return _shown_once(response, made)


@router.delete("/{key_id}", status_code=204)
async def revoke_key(key_id: UUID, act: Annotated[Act, Depends(Once("keys:write"))], parts: PartsDep) -> None:
    """The key stops working now. Again is no error."""
    async with parts.db.tenant(act.tenant_id) as session:
        await keys.revoke(session, parts.clock, key_id, actor=act.principal.id)


def _shown_once(response: Response, made: keys.NewKey) -> NewKeyView:
    response.headers["Cache-Control"] = "no-store"
    return NewKeyView(**key_view(made.row).model_dump(), key=made.secret)
