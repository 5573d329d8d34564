"""Conversation flows and a client's own versions of them: drafted, looked through, compared, published.

The shipped flow is version 0. What is wrong can be kept as a draft and is never published. A
conversation that begins takes the published version and keeps it to its end (agent/flow_choice.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as PathParam
from pydantic import Field

from agent.parts import Parts
from core.errors import InvalidInput
from core.errors import Problem as Fault
from stores import flow_versions
from stores.db import Session
from stores.flow_versions import FlowVersion as Row
from web.access import Access, May
from web.api import flow_check
from web.api.paging import Paging, cut
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Int, Page, Shape
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/flows", tags=["flows"])

FlowName = Annotated[str, PathParam(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["lead"])]
VersionNumber = Annotated[int, PathParam(ge=0, le=1_000_000, description="0: the shipped flow.")]
Source = Annotated[str, Field(max_length=200_000, description="The flow as YAML.")]


class Flow(Shape):
    """A flow and which version of it is in force."""

    flow: str = Field(examples=["lead"])
    title: str
    live_version: int = Field(description="The version you published; 0: the shipped flow.")
    latest_version: int


class FlowPage(Page[Flow]):
    """A page of flows."""


class FlowProblem(Shape):
    """Something wrong in a flow, and what to do about it."""

    message: str
    file: str
    line: int
    key: str
    next_step: str
    code: str


class FlowLint(Shape):
    """Everything wrong with a flow; none: it may be put in force."""

    problems: list[FlowProblem]


class FlowVersionSummary(Shape):
    """A version in a list."""

    flow: str
    version: int
    status: Literal["draft", "live", "retired"]
    note: str
    based_on: int
    author: str
    created_at: datetime | None = Field(description="null for the shipped flow.")
    published_at: datetime | None


class FlowVersionPage(Page[FlowVersionSummary]):
    """A page of versions, newest first; the shipped one is last."""


class FlowVersion(FlowVersionSummary):
    """A version with its text and what is wrong with it."""

    source: str
    problems: list[FlowProblem]


class FlowDraft(Shape):
    """A new version. It may have problems: it is a draft."""

    source: Source
    note: str = Field("", max_length=300)
    based_on: Int = Field(0, ge=0, le=1_000_000)


class FlowSource(Shape):
    """A flow to look through."""

    source: Source


class Names(Shape):
    """What came, what went, what is different."""

    added: list[str]
    removed: list[str]
    changed: list[str]


class FlowDiff(Shape):
    """What a version changes."""

    from_version: int
    to_version: int
    unified: str = Field(description="As `diff -u` shows it; empty when nothing changes.")
    slots: Names
    steps: Names


class DiffQuery(Shape):
    """What to compare with."""

    against: int | None = Field(None, ge=0, le=1_000_000, description="Without it: the version in force.")


class Rollback(Shape):
    """Which version to go back to; without one, the one in force before, or else the shipped flow."""

    version: Int | None = Field(None, ge=0, le=1_000_000)


def _problem(fault: Fault) -> FlowProblem:
    file, line, key = flow_check.place(fault)
    return FlowProblem(
        message=fault.message, file=file, line=line, key=key, next_step=fault.next_step, code=fault.code
    )


async def _flow(session: Session, parts: Parts, name: str) -> Flow:
    standard = flow_check.shipped(parts.flows, name)
    live = await flow_versions.live_version(session, name)
    newest = await flow_versions.versions(session, name, limit=1)
    return Flow(
        flow=name,
        title=standard.title,
        live_version=live.version if live else 0,
        latest_version=newest[0].version if newest else 0,
    )


def _summary(row: Row) -> FlowVersionSummary:
    return FlowVersionSummary.model_validate(
        {name: getattr(row, name) for name in FlowVersionSummary.model_fields}
    )


def _shipped(parts: Parts, name: str, *, live: bool) -> FlowVersionSummary:
    flow_check.shipped(parts.flows, name)
    return FlowVersionSummary(
        flow=name,
        version=0,
        status="live" if live else "retired",
        note="as shipped",
        based_on=0,
        author="seiketsu",
        created_at=None,
        published_at=None,
    )


async def _source(session: Session, name: str, version: int) -> str:
    if version == 0:
        return flow_check.shipped_source(name)
    return (await flow_versions.get_version(session, name, version)).source


async def _version(session: Session, parts: Parts, name: str, version: int) -> FlowVersion:
    standard = flow_check.shipped(parts.flows, name)
    if version == 0:
        live = await flow_versions.live_version(session, name)
        summary, source = _shipped(parts, name, live=live is None), flow_check.shipped_source(name)
    else:
        row = await flow_versions.get_version(session, name, version)
        summary, source = _summary(row), row.source
    _, faults = flow_check.check(source, standard)
    return FlowVersion(**summary.model_dump(), source=source, problems=[_problem(f) for f in faults])


@router.get("", response_model=FlowPage)
async def list_flows(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("flows:read"))],
    query: Annotated[Paging, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The flows a client may word for itself."""
    after = query.begins_after() or ""
    names = sorted(n for n in parts.flows if n not in flow_check.HOUSE_ONLY and n > after)
    async with parts.db.tenant(access.tenant_id) as session:
        rows = [await _flow(session, parts, name) for name in names[: query.limit + 1]]
    page, next_ = cut(query, rows, lambda row: row.flow)
    return answer(request, FlowPage(items=list(page), next=next_))


@router.get("/{flow}", response_model=Flow)
async def get_flow(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("flows:read"))],
    flow: FlowName,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One flow. Its ETag is what publishing and rolling back ask for."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await _flow(session, parts, flow))


@router.get("/{flow}/versions", response_model=FlowVersionPage)
async def list_flow_versions(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("flows:read"))],
    flow: FlowName,
    query: Annotated[Paging, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Versions, newest first; the shipped one is the last."""
    before = query.begins_after_number()
    async with parts.db.tenant(access.tenant_id) as session:
        live = await flow_versions.live_version(session, flow)
        zero = _shipped(parts, flow, live=live is None)
        rows = await flow_versions.versions(session, flow, before=before, limit=query.limit + 1)
    found = [*(_summary(row) for row in rows), *([zero] if before != 0 else [])]
    page, next_ = cut(query, found, lambda one: one.version)
    return answer(request, FlowVersionPage(items=list(page), next=next_))


@router.post("/{flow}/versions", status_code=201, response_model=FlowVersion)
async def draft_flow(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("flows:write"))],
    flow: FlowName,
    body: FlowDraft,
) -> Response:
    """Keep a new version as a draft. `problems` says what is wrong with it, with file, line and key."""
    flow_check.shipped(parts.flows, flow)
    async with parts.db.tenant(act.tenant_id) as session:
        await _source(session, flow, body.based_on)
    done = await do(request, act, "draft_flow", {"flow": flow, **body.model_dump()})
    number = int(done.facts["version"])
    async with parts.db.tenant(act.tenant_id) as session:
        found = await _version(session, parts, flow, number)
    return answer(request, found, 201, headers={"Location": f"{request.url.path}/{number}"})


@router.post("/{flow}/lint", response_model=FlowLint)
async def lint_flow(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("flows:read"))],
    flow: FlowName,
    body: FlowSource,
) -> Response:
    """Look a flow through without keeping it: every problem at once, with file, line and key."""
    _, faults = flow_check.check(body.source, flow_check.shipped(parts.flows, flow))
    return answer(request, FlowLint(problems=[_problem(fault) for fault in faults]))


@router.get("/{flow}/versions/{version}", response_model=FlowVersion)
async def get_flow_version(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("flows:read"))],
    flow: FlowName,
    version: VersionNumber,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One version with its text."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await _version(session, parts, flow, version))


@router.get("/{flow}/versions/{version}/diff", response_model=FlowDiff)
async def diff_flow_version(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("flows:read"))],
    flow: FlowName,
    version: VersionNumber,
    query: Annotated[DiffQuery, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What a version changes, against the one in force or another."""
    standard = flow_check.shipped(parts.flows, flow)
    async with parts.db.tenant(access.tenant_id) as session:
        after = await _source(session, flow, version)
        old = query.against
        if old is None:
            live = await flow_versions.live_version(session, flow)
            old = live.version if live else 0
        before = await _source(session, flow, old)
    (one, _), (two, _) = flow_check.check(before, standard), flow_check.check(after, standard)
    slots = flow_check.difference(one.slots if one else {}, two.slots if two else {})
    steps = flow_check.difference(
        {s.step: s for s in one.steps} if one else {}, {s.step: s for s in two.steps} if two else {}
    )
    return answer(
        request,
        FlowDiff(
            from_version=old,
            to_version=version,
            unified=flow_check.unified(before, after, name=flow, old=old, new=version),
            slots=Names.model_validate(slots),
            steps=Names.model_validate(steps),
        ),
    )


@router.post("/{flow}/versions/{version}/publish", response_model=Flow)
async def publish_flow_version(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("flows:write"))],
    flow: FlowName,
    version: VersionNumber,
    if_match: IfMatch = None,
) -> Response:
    """Publish a version. 422 with every problem when it has any. If-Match: the flow's ETag.

    Conversations that begin from now on run it; those that are on end with the version they began with.
    """
    return await _put_live(request, parts, act, flow, version, if_match)


@router.post("/{flow}/rollback", response_model=Flow)
async def roll_back_flow(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("flows:write"))],
    flow: FlowName,
    body: Rollback,
    if_match: IfMatch = None,
) -> Response:
    """Go back to an earlier version. If-Match: the flow's ETag."""
    version = body.version
    if version is None:
        async with parts.db.tenant(act.tenant_id) as session:
            version = await _before(session, flow)
    return await _put_live(request, parts, act, flow, version, if_match)


async def _before(session: Session, flow: str) -> int:
    """The version that was in force before the one that is; 0 when there was none."""
    rows = [
        r for r in await flow_versions.versions(session, flow) if r.status == "retired" and r.published_at
    ]
    rows.sort(key=lambda row: (row.published_at, row.version))
    return rows[-1].version if rows else 0


async def _put_live(
    request: Request, parts: Parts, act: Act, flow: str, version: int, if_match: str | None
) -> Response:
    async with parts.db.tenant(act.tenant_id) as session:
        found = await _version(session, parts, flow, version)
    if found.problems:
        raise InvalidInput(
            "this version has problems; it stays a draft",
            problems=[
                Fault(p.message, f"{p.file}:{p.line}:{p.key}", p.next_step, p.code) for p in found.problems
            ],
        )

    async def look(session: Session) -> Flow:
        await flow_versions.queue_on_flows(session)
        return await _flow(session, parts, flow)

    guard = unless_changed(if_match, look)
    await do(request, act, "publish_flow", {"flow": flow, "version": version}, guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await _flow(session, parts, flow))
