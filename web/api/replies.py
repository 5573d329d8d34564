"""Answers that can be asked for again cheaply, and writes that cannot overwrite what they have not seen.

Every read has an ETag: the same answer has the same one, and ``If-None-Match`` gets 304 without a body.
A write to a thing that can change asks for that ETag in ``If-Match`` (428 without, 412 when it has changed);
it is compared inside the write's own transaction, with the row locked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Header, Request, Response
from pydantic import BaseModel

from core.errors import Problem, SeiketsuError
from stores.db import Session
from tools import acts
from tools.base import ToolResult
from web.api.paging import link_header
from web.api.shape import Page
from web.idempotency import Act, Vaults
from web.parts import parts_of

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` you read. The write is refused with 412 if the thing has changed since; `*` "
        "means: whatever it is now.",
        examples=["*"],
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="An `ETag` you have: 304 if it is still the same."),
]


class Stale(SeiketsuError):
    """The thing has changed since it was read."""

    code = "stale"
    status = 412


class MatchNeeded(SeiketsuError):
    """A write that does not say what it has seen."""

    code = "if_match_needed"
    status = 428


def body_of(view: BaseModel) -> bytes:
    """The body of an answer."""
    return view.model_dump_json(by_alias=True).encode()


def etag(view: BaseModel) -> str:
    """The same for the same answer, and for no other."""
    return f'"{hashlib.sha256(body_of(view)).hexdigest()[:32]}"'


def _matches(header: str, tag: str) -> bool:
    given = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in given or tag in given


def answer(
    request: Request, view: BaseModel, status: int = 200, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer with its ETag; 304 when that is what the client has."""
    tag = etag(view)
    found = {"ETag": tag, "Cache-Control": "private, no-cache", **(headers or {})}
    if isinstance(view, Page):
        found |= link_header(request, view.next)
    if request.method == "GET" and _matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=found)
    return Response(body_of(view), status, headers=found, media_type="application/json")


def unless_changed(
    if_match: str | None, look: Callable[[Session], Awaitable[BaseModel | None]], *, needed: bool = True
) -> Callable[[Session], Awaitable[None]]:
    """A guard for a write: ``look`` locks the thing and returns what a reader sees (None: not there yet).

    MatchNeeded, Stale; what ``look`` raises (NotFound).
    """

    async def guard(session: Session) -> None:
        current = await look(session)
        if if_match is None:
            if needed and current is not None:
                raise MatchNeeded(
                    "send If-Match with the ETag you read, so that nobody's change is lost",
                    problems=[Problem("is missing", "header.If-Match", "GET it first, or send *")],
                )
            return
        if current is None or not _matches(if_match, etag(current)):
            raise Stale(
                "this has changed since you read it",
                problems=[Problem("does not match", "header.If-Match", "read it again and decide anew")],
            )

    return guard


async def do(
    request: Request,
    act: Act,
    tool: str,
    args: Mapping[str, Any],
    *,
    guard: Callable[[Session], Awaitable[None]] | None = None,
    secrets: Mapping[str, Any] | None = None,
) -> ToolResult:
    """Do it: one transaction with receipt and audit row, once per Idempotency-Key. As ``tools.acts.run``.

    ``secrets`` reach the tool and are kept nowhere.
    """
    parts = parts_of(request)
    return await acts.run(
        parts.db,
        parts.clock,
        parts.ports,
        tool,
        args,
        tenant_id=act.tenant_id,
        actor=act.principal.id,
        key=act.key,
        public_url=parts.public_url,
        guard=guard,
        secrets=secrets,
        vault=Vaults.of(request.app.state),
    )
