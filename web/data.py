"""A client's data as a whole over the API: exports, requests of people, deletion (C34, C35)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from agent.parts import Parts
from core.errors import NotAllowed, Unavailable
from stores import archives as store
from stores.archives import Archive, PrivacyRequest
from tools import exports
from tools.data_requests import Requests, person
from web.access import Access, May
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}", tags=["data"])

Reader = Annotated[Access, Depends(May("data:read"))]
Writer = Annotated[Access, Depends(May("data:write"))]


class Strict(BaseModel):
    """A key nobody knows is an error."""

    model_config = ConfigDict(extra="forbid")


class Export(BaseModel):
    """An export. ``download`` is there while it can be fetched, with the right to; ``progress``: 0 to 1."""

    id: UUID
    state: str
    progress: float
    requested_by: str
    created_at: datetime
    finished_at: datetime | None
    size: int | None
    sha256: str | None
    expires_at: datetime | None
    download: str | None
    error: str | None


class ExportPage(BaseModel):
    """Newest first."""

    items: list[Export]
    next: str | None = None


class NewRequest(Strict):
    """``deletion`` or ``access``, and the address the data is filed under."""

    kind: Literal["deletion", "access"]
    phone: str | None = Field(None, pattern=r"^\+[1-9][0-9]{6,14}$")
    email: str | None = Field(None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)


class Code(Strict):
    """What was sent to whoever is asking."""

    code: str = Field(min_length=6, max_length=20)


class DataRequest(BaseModel):
    """A request about data. ``report``: table by table what was done, with counts."""

    id: UUID
    kind: str
    scope: str
    state: str
    phone: str | None
    email: str | None
    ticket: int | None
    received_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    due_at: datetime
    verified_at: datetime | None
    not_before: datetime | None
    completed_at: datetime | None
    report: dict[str, Any] | None


class DataRequestPage(BaseModel):
    """Newest first."""

    items: list[DataRequest]
    next: str | None = None


class PersonalData(BaseModel):
    """Everything there is of a person, table by table."""

    tables: dict[str, list[dict[str, Any]]]


def _export(row: Archive, now: datetime) -> Export:
    ready = row.state == "ready" and row.expires_at is not None and now < row.expires_at
    done = 1.0 if row.state == "ready" else row.progress / row.steps if row.steps else 0.0
    return Export(
        id=row.id,
        state=row.state if ready or row.state != "ready" else "gone",
        progress=round(done, 2),
        requested_by=row.requested_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
        size=row.size,
        sha256=row.sha256,
        expires_at=row.expires_at,
        download=f"/api/v1/tenants/{row.tenant_id}/exports/{row.id}/file" if ready else None,
        error=row.error,
    )


def _request(row: PrivacyRequest) -> DataRequest:
    names = set(DataRequest.model_fields) - {"ticket"}
    return DataRequest(ticket=row.ticket_number, **{name: getattr(row, name) for name in names})


def _requests(access: Access, parts: Parts) -> Requests:
    return Requests(parts.db, parts.clock, parts.ports, access.tenant_id)


@router.post("/exports", status_code=202)
async def order_export(access: Writer, parts: PartsDep) -> Export:
    """Have everything the tenant has written into one file: JSON, CSV, recordings, checksums."""
    if parts.ports.data_dir is None:
        raise Unavailable("exports cannot be made here")
    row = await exports.order(parts.db, parts.clock, access.tenant_id, actor=access.principal.id)
    exports.soon(parts.db, parts.clock, parts.ports, access.tenant_id)
    return _export(row, parts.clock.now())


@router.get("/exports")
async def list_exports(access: Reader, parts: PartsDep) -> ExportPage:
    """The tenant's exports, how far they are, and until when they can be fetched."""
    async with parts.db.tenant(access.tenant_id) as session:
        rows = await store.list_archives(session, kind="export")
    return ExportPage(items=[_export(row, parts.clock.now()) for row in rows])


@router.get("/exports/{export_id}")
async def get_export(export_id: UUID, access: Reader, parts: PartsDep) -> Export:
    """One export."""
    async with parts.db.tenant(access.tenant_id) as session:
        return _export(await store.get_archive(session, export_id), parts.clock.now())


@router.get("/exports/{export_id}/file", response_class=FileResponse)
async def fetch_export(export_id: UUID, access: Writer, parts: PartsDep) -> FileResponse:
    """The file of a finished export, until it expires. That it was fetched is on record."""
    path = await exports.fetch(parts.db, parts.clock, access.tenant_id, export_id, actor=access.principal.id)
    return FileResponse(
        path, media_type="application/zip", filename="export.zip", headers={"Cache-Control": "no-store"}
    )


@router.post("/privacy-requests", status_code=201)
async def receive_request(new: NewRequest, access: Writer, parts: PartsDep) -> DataRequest:
    """Take in a person's wish to have their data deleted or handed out. They get a code to prove it is them,
    and a ticket keeps the clocks.
    """
    who = person(new.phone, new.email)
    return _request(await _requests(access, parts).receive(new.kind, who, actor=access.principal.id))


@router.get("/privacy-requests")
async def list_requests(access: Reader, parts: PartsDep) -> DataRequestPage:
    """Requests about data, open ones and the proof of settled ones."""
    async with parts.db.tenant(access.tenant_id) as session:
        return DataRequestPage(items=[_request(row) for row in await store.list_requests(session)])


@router.get("/privacy-requests/{request_id}")
async def get_request(request_id: UUID, access: Reader, parts: PartsDep) -> DataRequest:
    """One request, with its report once it is done."""
    async with parts.db.tenant(access.tenant_id) as session:
        return _request(await store.get_request(session, request_id))


@router.post("/privacy-requests/{request_id}/confirm")
async def confirm_request(request_id: UUID, code: Code, access: Writer, parts: PartsDep) -> DataRequest:
    """The code proves who is asking. A person's deletion is carried out at once; a tenant's after some days,
    in which it can be cancelled.
    """
    requests = _requests(access, parts)
    row = await requests.prove(request_id, code.code, actor=access.principal.id)
    if row.kind == "deletion" and row.scope == "person":
        row = await requests.carry_out(row.id, actor=access.principal.id)
    return _request(row)


@router.post("/privacy-requests/{request_id}/vouch")
async def vouch_for_request(request_id: UUID, access: Writer, parts: PartsDep) -> DataRequest:
    """You have made sure yourself who is asking (a person, not the tenant). Carried out at once."""
    requests = _requests(access, parts)
    async with parts.db.tenant(access.tenant_id) as session:
        scope = (await store.get_request(session, request_id)).scope
    if scope != "person":
        raise NotAllowed("a tenant's deletion is confirmed with the code its owner got")
    row = await requests.vouch(request_id, actor=access.principal.id)
    if row.kind == "deletion":
        row = await requests.carry_out(row.id, actor=access.principal.id)
    return _request(row)


@router.post("/privacy-requests/{request_id}/cancel")
async def cancel_request(request_id: UUID, access: Writer, parts: PartsDep) -> DataRequest:
    """Never mind."""
    return _request(await _requests(access, parts).cancel(request_id, actor=access.principal.id))


@router.get("/privacy-requests/{request_id}/data")
async def hand_out_data(request_id: UUID, access: Writer, parts: PartsDep) -> PersonalData:
    """What there is of a person who asked for it and proved who they are; this settles the request."""
    tables = await _requests(access, parts).data(request_id, actor=access.principal.id)
    return PersonalData(tables=tables)


@router.post("/deletion", status_code=201)
async def ask_for_deletion(access: Writer, parts: PartsDep) -> DataRequest:
    """Everything the tenant has is to be deleted. Its owner gets a code; nothing happens before it is
    confirmed, and then some days go by in which it can be cancelled.
    """
    return _request(await _requests(access, parts).receive_farewell(actor=access.principal.id))
