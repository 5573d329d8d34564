"""Connections to CRMs, lead sources, calendars and webhooks. Secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, SecretStr

from stores import integrations, tenancy
from stores.db import Session
from web.access import Access, May
from web.api.paging import Paging, cut
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Email, Line, Page, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/integrations", tags=["integrations"])

Kind = Literal["crm", "calendar", "webhook", "lead_source"]
State = Literal["chosen", "pending_link", "connected", "failed"]
Secret = Annotated[
    SecretStr,
    Field(
        min_length=8,
        max_length=500,
        description="An access key. It is sealed, used, and never shown again.",
        json_schema_extra={"writeOnly": True},
    ),
]


class Integration(Shape):
    """A connection and how far it is."""

    id: UUID
    kind: Kind
    vendor: str = Field(examples=["hubspot"])
    state: State
    config: dict[str, Any]
    last_test: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime


class IntegrationPage(Page[Integration]):
    """A page of connections, oldest first."""


class IntegrationSettings(Shape):
    """What a connection may be told besides its secret."""

    address: Email | None = None
    url: str | None = Field(
        None, max_length=500, pattern=r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d+)?(/\S*)?$"
    )
    note: Line | None = Field(None, max_length=300)


class IntegrationNew(Shape):
    """A connection to make. For a webhook ``vendor`` is its https address."""

    kind: Kind
    vendor: Line = Field(max_length=500, examples=["hubspot"])
    config: IntegrationSettings = IntegrationSettings()
    secret: Secret | None = None


class IntegrationChange(Shape):
    """Settings to replace, a secret to replace."""

    config: IntegrationSettings | None = None
    secret: Secret | None = None


class Integrations(Paging):
    """Filters."""

    kind: Kind | None = None
    state: State | None = None


async def look(session: Session, integration_id: UUID, *, lock: bool = False) -> Integration:
    """What a reader sees. NotFound."""
    return view(Integration, await integrations.get_integration(session, integration_id, lock=lock))


def _hidden(secret: SecretStr | None) -> dict[str, Any] | None:
    return {"secret": secret.get_secret_value()} if secret is not None else None


@router.get("", response_model=IntegrationPage)
async def list_integrations(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("integrations:read"))],
    query: Annotated[Integrations, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What is connected, waiting or failed; never a secret."""
    async with parts.db.tenant(access.tenant_id) as session:
        await tenancy.get_tenant(session)
        rows = await integrations.list_integrations(
            session,
            kind=query.kind,
            state=query.state,
            after=query.begins_after_id(),
            limit=query.limit + 1,
        )
    page, next_ = cut(query, rows, lambda row: row.id)
    return answer(request, IntegrationPage(items=[view(Integration, row) for row in page], next=next_))


@router.post("", status_code=201, response_model=Integration)
async def create_integration(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("integrations:write"))],
    body: IntegrationNew,
) -> Response:
    """Connect something. 422 with the plan that would fit when the plan is full."""
    args = {
        "kind": body.kind,
        "vendor": body.vendor,
        "config": body.config.model_dump(mode="json", exclude_none=True),
    }
    done = await do(request, act, "add_connection", args, secrets=_hidden(body.secret))
    ident = UUID(done.facts["integration_id"])
    async with parts.db.tenant(act.tenant_id) as session:
        found = await look(session, ident)
    return answer(request, found, 201, headers={"Location": f"{request.url.path}/{ident}"})


@router.get("/{integration_id}", response_model=Integration)
async def get_integration(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("integrations:read"))],
    integration_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One connection."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await look(session, integration_id))


@router.patch("/{integration_id}", response_model=Integration)
async def change_integration(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("integrations:write"))],
    integration_id: UUID,
    body: IntegrationChange,
    if_match: IfMatch = None,
) -> Response:
    """Change settings or secret; the connection has to be tested again."""
    guard = unless_changed(if_match, lambda session: look(session, integration_id, lock=True))
    args: dict[str, Any] = {"integration_id": integration_id}
    if body.config is not None:
        args["config"] = body.config.model_dump(mode="json", exclude_none=True)
    await do(request, act, "change_connection", args, guard=guard, secrets=_hidden(body.secret))
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await look(session, integration_id))


@router.post("/{integration_id}/test", response_model=Integration)
async def test_integration(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("integrations:write"))],
    integration_id: UUID,
) -> Response:
    """Try it: a test contact goes there, comes back and is taken away. `last_test` says what was found."""
    await do(request, act, "test_connection", {"integration_id": integration_id})
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await look(session, integration_id))


@router.delete("/{integration_id}", status_code=204)
async def delete_integration(
    request: Request,
    act: Annotated[Act, Depends(Once("integrations:write"))],
    integration_id: UUID,
    if_match: IfMatch = None,
) -> Response:
    """Forget a connection and its secret."""
    guard = unless_changed(if_match, lambda session: look(session, integration_id, lock=True), needed=False)
    await do(request, act, "remove_connection", {"integration_id": integration_id}, guard=guard)
    return Response(status_code=204)
