"""Listings that come by themselves: feeds of an MLS, their last and next reading, what went wrong (A047)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, SecretStr

from stores import listing_feeds
from web.access import Access, May
from web.api.replies import IfNoneMatch, answer, do
from web.api.shape import Bool, Change, Int, Page, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/knowledge/feeds", tags=["knowledge"])

Read = Annotated[Access, Depends(May("knowledge:read"))]
Write = Annotated[Act, Depends(Once("integrations:write"))]


class Feed(Shape):
    """One feed. Its token is never shown."""

    id: UUID
    name: str
    root: str
    cities: list[str]
    every_minutes: int
    enabled: bool
    next_at: datetime = Field(description="When it is read next.")
    last_at: datetime | None = Field(description="When it was last tried.")
    last_ok_at: datetime | None = Field(description="When it was last read.")
    last: dict[str, Any] = Field(description="Counts of the last reading: added, changed, removed, ...")
    watermark: datetime | None = Field(description="The newest change that was taken over.")
    failures: int = Field(description="In a row.")
    error: str | None = Field(description="Why the last try failed.")


class FeedPage(Page[Feed]):
    """All of them, by name."""


class FeedNew(Shape):
    """An MLS by its RESO Web API."""

    name: str = Field(pattern=r"^[a-z0-9_.-]{1,40}$", examples=["metro-mls"])
    root: str = Field(max_length=500, examples=["https://mls.example/reso/odata"])
    token: SecretStr = Field(min_length=1, max_length=4000, description="Sealed; never shown again.")
    cities: list[str] = Field([], max_length=50)
    every_minutes: Int = Field(60, ge=15, le=10_080)


class FeedChange(Change):
    """Only what is named is changed."""

    cities: list[str] | None = Field(None, max_length=50)
    every_minutes: Int | None = Field(None, ge=15, le=10_080)
    enabled: Bool | None = None
    token: SecretStr | None = Field(None, min_length=1, max_length=4000)


@router.get("", response_model=FeedPage)
async def list_feeds(
    request: Request, parts: PartsDep, access: Read, if_none_match: IfNoneMatch = None
) -> Response:
    """Where listings come from by themselves."""
    async with parts.db.tenant(access.tenant_id) as session:
        rows = await listing_feeds.feeds(session)
    return answer(request, FeedPage(items=[view(Feed, row) for row in rows], next=None))


@router.post(
    "",
    status_code=201,
    response_model=Feed,
    responses={409: {"description": "There is a feed of that name"}},
)
async def add_feed(request: Request, parts: PartsDep, act: Write, body: FeedNew) -> Response:
    """Read an MLS from now on."""
    args = body.model_dump(exclude={"token"})
    done = await do(request, act, "add_listing_feed", args, secrets={"token": body.token.get_secret_value()})
    return await _one(request, parts, act, UUID(done.facts["feed_id"]), 201)


@router.patch("/{feed_id}", response_model=Feed)
async def change_feed(
    request: Request, parts: PartsDep, act: Write, feed_id: UUID, body: FeedChange
) -> Response:
    """Other cities, another rhythm, another token, or a rest."""
    args = body.model_dump(exclude_unset=True, exclude={"token"}) | {"feed_id": feed_id}
    given = {"token": body.token.get_secret_value()} if body.token else {}
    await do(request, act, "change_listing_feed", args, secrets=given)
    return await _one(request, parts, act, feed_id)


@router.post(
    "/{feed_id}/run", response_model=Feed, responses={409: {"description": "It rests, or is being read"}}
)
async def run_feed(request: Request, parts: PartsDep, act: Write, feed_id: UUID) -> Response:
    """Read it now; within a minute."""
    await do(request, act, "run_listing_feed", {"feed_id": feed_id})
    return await _one(request, parts, act, feed_id)


@router.delete("/{feed_id}", status_code=204)
async def remove_feed(request: Request, act: Write, feed_id: UUID) -> Response:
    """Read it no more and forget its token. The listings it brought stay."""
    await do(request, act, "remove_listing_feed", {"feed_id": feed_id})
    return Response(status_code=204)


async def _one(request: Request, parts: PartsDep, act: Act, feed_id: UUID, status: int = 200) -> Response:
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, view(Feed, await listing_feeds.get(session, feed_id)), status)
