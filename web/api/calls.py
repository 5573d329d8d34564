"""Calls, what was said in them, and how they sounded."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, Field

from core.settings import Settings
from stores import calls, conversations
from web.access import Access, May, MayPlatform
from web.api.paging import Paging, cut
from web.api.replies import IfNoneMatch, answer
from web.api.shape import Page, Shape, view
from web.idempotency import Vaults
from web.parts import PartsDep
from web.ranges import ranged
from web.recordings import open_recording

router = APIRouter(prefix="/api/v1/tenants/{tenant}/calls", tags=["calls"])
platform_router = APIRouter(prefix="/api/v1/calls", tags=["calls"])

_BINARY = {"type": "string", "format": "binary"}
Status = Literal["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"]


class Call(Shape):
    """One call, or one browser conversation with sound."""

    id: UUID
    sid: str | None = Field(description="The carrier's id.")
    from_: str | None = Field(alias="from")
    to: str | None
    direction: str = Field(examples=["inbound"])
    channel: str
    status: Status
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    seconds: int | None
    conversation_id: UUID | None
    recorded: bool = Field(description="Whether there is a recording to be had under `/recording`.")


class CallPage(Page[Call]):
    """A page of calls, newest first."""


class Turn(Shape):
    """What one side said."""

    n: int
    role: Literal["caller", "agent", "system"]
    text: str
    channel: str
    started_at: datetime
    latency: dict[str, Any] = Field(description="Milliseconds by cause.")
    tools: list[dict[str, Any]]


class Transcript(Shape):
    """A whole call in words."""

    call_id: UUID
    conversation_id: UUID | None
    turns: list[Turn]


class CallRecord(Shape):
    """A call as the platform's operator sees it, with its transcript."""

    id: UUID
    tenant_id: UUID
    sid: str | None
    from_: str | None = Field(alias="from")
    to: str | None
    direction: str
    channel: str
    status: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    seconds: int | None
    recording_path: str | None
    transcript_path: str | None
    conversation_id: UUID | None
    turns: list[Turn]


class Calls(Paging):
    """Filters."""

    status: Status | None = None
    direction: Literal["inbound", "outbound"] | None = None
    phone: str | None = Field(None, pattern=r"^\+[1-9][0-9]{6,14}$", description="Either end, E.164.")
    recorded: bool | None = None
    started_from: AwareDatetime | None = None
    started_to: AwareDatetime | None = None


def _view(row: calls.Call) -> Call:
    return view(Call, row, recorded=row.recording_path is not None)


@router.get("", response_model=CallPage)
async def list_calls(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("calls:read"))],
    query: Annotated[Calls, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Calls, newest first."""
    async with parts.db.tenant(access.tenant_id) as session:
        rows = await calls.list_calls(
            session,
            limit=query.limit + 1,
            before=query.begins_after_id(),
            status=query.status,
            direction=query.direction,
            phone=query.phone,
            recorded=query.recorded,
            started_from=query.started_from,
            started_to=query.started_to,
        )
    page, next_ = cut(query, rows, lambda row: row.id)
    return answer(request, CallPage(items=[_view(row) for row in page], next=next_))


@router.get("/{call}", response_model=Call)
async def get_call(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("calls:read"))],
    call: str,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One call, by its id or the carrier's CallSid."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, _view(await calls.find_call(session, call)))


@router.get("/{call}/transcript", response_model=Transcript)
async def get_transcript(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("calls:read"))],
    call: str,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What was said, with the tools that ran and what each turn took."""
    async with parts.db.tenant(access.tenant_id) as session:
        row = await calls.find_call(session, call)
        turns = await conversations.turns(session, row.conversation_id) if row.conversation_id else []
    found = [view(Turn, t) for t in turns]
    return answer(request, Transcript(call_id=row.id, conversation_id=row.conversation_id, turns=found))


@router.get(
    "/{call}/recording",
    response_class=StreamingResponse,
    responses={
        200: {"description": "The whole recording", "content": {"audio/wav": {"schema": _BINARY}}},
        206: {"description": "The range asked for", "content": {"audio/wav": {"schema": _BINARY}}},
        416: {"description": "No such range"},
    },
)
async def get_recording(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("calls:read"))],
    call: str,
    range_: Annotated[str | None, Header(alias="Range", examples=["bytes=0-65535"])] = None,
) -> Response:
    """The sound as stereo WAV: the caller left, the agent right. Ranges are served (RFC 9110)."""
    settings = cast(Settings, request.app.state.settings)
    async with parts.db.tenant(access.tenant_id) as session:
        row = await calls.find_call(session, call)
        file = await open_recording(session, Vaults.of(request.app.state), settings.data_dir, row)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{row.id}.wav"',
    }
    return await asyncio.to_thread(ranged, file, range_, media_type="audio/wav", headers=headers)


@platform_router.get("/{call}", response_model=CallRecord)
async def find_call(
    request: Request,
    parts: PartsDep,
    who: Annotated[Any, Depends(MayPlatform("platform:read"))],
    call: str,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Any organisation's call, by its id or the carrier's CallSid (the platform's operator only)."""
    async with parts.db.platform("operator looks up a call") as session:
        found = await calls.find_call(session, call)
    async with parts.db.tenant(found.tenant_id) as session:
        turns = await conversations.turns(session, found.conversation_id) if found.conversation_id else []
    return answer(request, view(CallRecord, found, turns=[view(Turn, t) for t in turns]))
