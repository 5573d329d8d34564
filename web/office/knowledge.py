"""What the agent answers with: answers, facts and areas; listings and their imports (A047, C20, C22)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from core.ids import new_id
from stores import knowledge, listing_imports, listings, tenancy
from stores.db import Session
from tools import knowledge as answering
from tools.base import ToolContext
from web.access import Access, May
from web.api.paging import Paging, cut
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Bool, Change, Line, Page, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/knowledge", tags=["knowledge"])

Kind = Literal["faq", "office", "area"]
Read = Annotated[Access, Depends(May("knowledge:read"))]
Write = Annotated[Act, Depends(Once("knowledge:write"))]


class KnownAnswer(Shape):
    """A question with its answer, a fact about the office, or a place it serves."""

    id: UUID
    kind: Kind
    title: str
    answer: str
    also: list[str]
    language: str
    source: str | None
    active: bool
    created_at: datetime
    updated_at: datetime


class AnswerPage(Page[KnownAnswer]):
    """A page of answers, oldest first."""


class AnswerNew(Shape):
    """What callers ask, and what the agent says. ``also``: other words for it, other names of the place."""

    kind: Kind = "faq"
    title: Line = Field(min_length=2, max_length=300, examples=["Where is your office?"])
    answer: Line = Field(min_length=2, max_length=600, examples=["We are at 100 Main Street."])
    also: list[Annotated[str, Field(min_length=1, max_length=80)]] = Field([], max_length=20)
    language: Literal["en", "es"] = "en"
    source: Line | None = Field(None, max_length=120, description="What the agent may name as its source.")
    active: Bool = True


class AnswerChange(Change):
    """What is to change."""

    kind: Kind = "faq"
    title: Line = Field("", min_length=2, max_length=300)
    answer: Line = Field("", min_length=2, max_length=600)
    also: list[Annotated[str, Field(min_length=1, max_length=80)]] = Field([], max_length=20)
    language: Literal["en", "es"] = "en"
    source: Line | None = Field(None, max_length=120)
    active: Bool = True


class Answers(Paging):
    """Filters."""

    kind: Kind | None = None


class Question(Shape):
    """As a caller would ask it."""

    question: Line = Field(max_length=500, examples=["Where can I park?"])


class Said(Shape):
    """What the agent would say; ``answered`` false: it would leave it to a person."""

    answered: bool
    answer: str
    source: str
    kind: str


class Listing(Shape):
    """A property, by its MLS number. ``remarks`` come from the MLS: the agent reads out only what is safe."""

    mls_id: str
    status: Literal["active", "coming_soon", "pending", "closed", "withdrawn"]
    address: str
    city: str | None
    state: str | None
    zip: str | None
    neighborhood: str | None
    price: int | None
    beds: int | None
    baths: float | None
    size: int | None
    type: str | None
    features: list[str]
    remarks: str | None
    details: dict[str, Any] = Field(
        description="More that the agent may be asked: hoa_fee, hoa_period, tax_annual, tax_year, year_built,"
        " lot_acres, lot_size, garage_spaces, parking_spaces, stories, pets, open_house; what is not known is"
        " missing."
    )
    source: str | None
    modified_at: datetime | None
    updated_at: datetime


class ListingPage(Page[Listing]):
    """A page of listings, in the order they came."""


class ImportNew(Shape):
    """A file of listings. ``complete``: what of this source it does not name is off the market."""

    content: str = Field(min_length=1, max_length=200_000, examples=["mls_id,address\nA1,12 Cherry Lane\n"])
    format: Literal["csv", "reso"] = "csv"
    source: str = Field("file", pattern=r"^[a-z0-9_.-]{1,40}$")
    complete: Bool = False
    dry_run: Bool = Field(False, description="Only say what it would do.")
    skip_bad: Bool = Field(False, description="Take the good rows although others are bad.")


class ImportResult(Shape):
    """What came of it. ``bad``: rows left out, with line and column. ``ignored``: columns nobody reads."""

    status: Literal["imported", "unchanged", "checked"]
    import_id: str
    added: int
    changed: int
    removed: int
    unchanged: int
    bad: list[str]
    ignored: list[str]


class Import(Shape):
    """One import."""

    id: UUID
    source: str
    actor: str
    added: int
    changed: int
    removed: int
    unchanged: int
    undone_at: datetime | None
    created_at: datetime


class ImportPage(Page[Import]):
    """Imports, newest first."""


async def _look(session: Session, answer_id: UUID) -> KnownAnswer:
    return view(KnownAnswer, await knowledge.get_entry(session, answer_id))


@router.get("/answers", response_model=AnswerPage)
async def list_answers(
    request: Request,
    parts: PartsDep,
    access: Read,
    query: Annotated[Answers, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What the agent answers with, oldest first."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rows = await knowledge.list_entries(
            session, kind=query.kind, after=query.begins_after_id(), limit=query.limit + 1
        )
    page, next_ = cut(query, rows, lambda row: row.id)
    return answer(request, AnswerPage(items=[view(KnownAnswer, row) for row in page], next=next_))


@router.post("/answers", status_code=201, response_model=KnownAnswer)
async def create_answer(request: Request, parts: PartsDep, act: Write, body: AnswerNew) -> Response:
    """Add an answer. One that rates people or places is refused."""
    done = await do(request, act, "add_answer", body.model_dump(mode="json"))
    answer_id = UUID(done.facts["answer_id"])
    async with parts.db.tenant(act.tenant_id) as session:
        found = await _look(session, answer_id)
    return answer(request, found, 201, headers={"Location": f"{request.url.path}/{answer_id}"})


@router.get("/answers/{answer_id}", response_model=KnownAnswer)
async def get_answer(
    request: Request, parts: PartsDep, access: Read, answer_id: UUID, if_none_match: IfNoneMatch = None
) -> Response:
    """One answer."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await _look(session, answer_id))


@router.patch("/answers/{answer_id}", response_model=KnownAnswer)
async def change_answer(
    request: Request,
    parts: PartsDep,
    act: Write,
    answer_id: UUID,
    body: AnswerChange,
    if_match: IfMatch = None,
) -> Response:
    """Put an answer right."""
    guard = unless_changed(if_match, lambda session: _look(session, answer_id))
    await do(request, act, "change_answer", {"answer_id": answer_id, "changes": body.changes()}, guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await _look(session, answer_id))


@router.delete("/answers/{answer_id}", status_code=204)
async def delete_answer(request: Request, act: Write, answer_id: UUID, if_match: IfMatch = None) -> Response:
    """Forget an answer."""
    guard = unless_changed(if_match, lambda session: _look(session, answer_id), needed=False)
    await do(request, act, "remove_answer", {"answer_id": answer_id}, guard=guard)
    return Response(status_code=204)


@router.post("/ask", response_model=Said)
async def ask(request: Request, parts: PartsDep, access: Read, body: Question) -> Response:
    """Hear what the agent would answer. Nothing is written."""
    ctx = ToolContext(
        db=parts.db,
        clock=parts.clock,
        ports=parts.ports,
        home=access.tenant_id,
        subject=None,
        conversation_id=new_id(),
        channel="api",
    )
    found = await answering.answer(ctx, body.question)
    said = (
        Said(answered=True, answer=found.text, source=found.source, kind=found.kind)
        if found
        else Said(answered=False, answer="", source="", kind="")
    )
    return answer(request, said)


@router.get("/listings", response_model=ListingPage)
async def list_listings(
    request: Request,
    parts: PartsDep,
    access: Read,
    query: Annotated[Paging, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Listings, in the order they came."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rows = await listings.list_listings(session, after=query.begins_after_id(), limit=query.limit + 1)
    page, next_ = cut(query, rows, lambda row: row.id)
    return answer(request, ListingPage(items=[view(Listing, row) for row in page], next=next_))


@router.post("/imports", status_code=201, response_model=ImportResult)
async def create_import(request: Request, act: Write, body: ImportNew) -> Response:
    """Import listings by MLS number. A file with a fault is refused whole, with every fault's place."""
    args = body.model_dump(mode="json", exclude={"content"})
    done = await do(request, act, "import_listings", args, secrets={"content": body.content})
    return answer(request, ImportResult(status=done.status, **done.facts), 201)


@router.get("/imports", response_model=ImportPage)
async def list_imports(
    request: Request, parts: PartsDep, access: Read, if_none_match: IfNoneMatch = None
) -> Response:
    """The last fifty imports, newest first."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rows = await listing_imports.list_imports(session)
    return answer(request, ImportPage(items=[view(Import, row) for row in rows], next=None))


@router.post("/imports/{import_id}/undo", response_model=Import)
async def undo_import(request: Request, parts: PartsDep, act: Write, import_id: UUID) -> Response:
    """Put every listing back as it was before the newest import."""
    await do(request, act, "undo_import", {"import_id": import_id})
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, view(Import, await listing_imports.get_import(session, import_id)))
