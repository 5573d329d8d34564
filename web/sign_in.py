"""Signing in and out, and passwords (A015, A034).

Open doors (sign-in, set-up, forgotten password) count guesses and never say whether an account exists.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from core.errors import NotAllowed
from policies.rights import all_rights
from stores import identity, tenancy
from tools import sign_in
from web.access import Principal, enrolling, known, principal
from web.idempotency import Vaults
from web.identity import cookie_of, from_elsewhere, let_in, let_out, member_principal
from web.parts import PartsDep, parts_of
from web.peers import peer

router = APIRouter(prefix="/api/v1", tags=["sign-in"])


class Body(BaseModel):
    """A request's body: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid")


Password = Annotated[str, Field(min_length=1, max_length=sign_in.LONGEST, examples=["four words in a row"])]
Code = Annotated[str, Field(min_length=6, max_length=32, examples=["492039"])]


class SignIn(Body):
    """Who signs in. ``code``: where two-factor is on; ``organization``: where one belongs to several."""

    username: str = Field(min_length=1, max_length=254, examples=["dana@summit.example"])
    password: Password
    code: Code | None = None
    organization: str | None = Field(None, max_length=64, description="Slug or id.")


class Told(BaseModel):
    """What happens next, in words."""

    message: str


class SessionView(BaseModel):
    """Who is signed in and what they may do."""

    kind: Literal["operator", "staff", "member", "key"]
    role: str
    id: str = Field(description="As the audit trail names them.")
    tenant_id: UUID | None
    organization: str | None = None
    organization_slug: str | None = None
    name: str | None = None
    email: str | None = None
    email_verified: bool = False
    must_change: bool = Field(description="A password of their own has to be chosen before all else.")
    two_factor: bool = False
    rights: list[str]
    expires_at: datetime | None = None


async def view(request: Request, who: Principal) -> SessionView:
    """What GET /api/v1/session says of somebody."""
    shown = SessionView(
        kind=who.kind,
        role=who.role,
        id=who.id,
        tenant_id=who.tenant_id,
        must_change=who.must_change,
        rights=[right for right in all_rights() if who.may(right)],
    )
    if who.tenant_id is None:
        return shown
    async with parts_of(request).db.tenant(who.tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        shown.organization, shown.organization_slug = tenant.brand_name, tenant.slug
        if who.member_id is not None:
            member = await tenancy.get_member(session, who.member_id)
            held = await identity.credential(session, who.member_id)
            if member is not None and held is not None:
                shown.name, shown.email = member.name, member.email
                shown.email_verified = member.email_verified_at is not None
                shown.two_factor = held.totp_since is not None
    return shown


async def person(who: Annotated[Principal, Depends(principal)]) -> tuple[UUID, UUID]:
    """The tenant and member of who is signed in. NotAllowed for keys: an account is a person's own."""
    return account_of(who)


async def enrollee(who: Annotated[Principal, Depends(enrolling)]) -> tuple[UUID, UUID]:
    """As ``person``, also before they have the two-factor their role needs."""
    return account_of(who)


async def newcomer(who: Annotated[Principal, Depends(known)]) -> tuple[UUID, UUID]:
    """As ``person``, also before they have chosen a password of their own."""
    return account_of(who)


def account_of(who: Principal) -> tuple[UUID, UUID]:
    """The tenant and member of a person. NotAllowed for keys."""
    if who.tenant_id is None or who.member_id is None:
        raise NotAllowed("this is for people who are signed in, not for keys")
    return who.tenant_id, who.member_id


Person = Annotated[tuple[UUID, UUID], Depends(person)]
Enrollee = Annotated[tuple[UUID, UUID], Depends(enrollee)]
Newcomer = Annotated[tuple[UUID, UUID], Depends(newcomer)]


# -- the session -------------------------------------------------------------------------------------


@router.post("/session", status_code=201)
async def begin(body: SignIn, request: Request, response: Response, parts: PartsDep) -> SessionView:
    """Sign in: sets a cookie, and answers as `GET /api/v1/session` does.

    401 `two_factor_required`: the password is right, send it again with `code`. 409 `choose_organization`:
    send it again with one of the named slugs. 429: too many tries, wait as `Retry-After` says.
    """
    request.app.state.admit(request)
    if from_elsewhere(request):
        raise NotAllowed("another site may not sign somebody in", code="csrf")
    signed_in = await sign_in.enter(
        parts.db,
        parts.clock,
        Vaults.of(request.app.state),
        username=body.username,
        password=body.password,
        code=body.code,
        organization=body.organization,
        address=peer(request),
    )
    await sign_in.leave(parts.db, parts.clock, cookie_of(request))  # what the browser had before is over
    let_in(request, response, signed_in)
    who = await member_of(request, signed_in)
    shown = await view(request, who)
    shown.expires_at = signed_in.expires_at
    return shown


async def member_of(request: Request, signed_in: sign_in.SignedIn) -> Principal:
    """Whom a session that has just begun belongs to."""
    found = await sign_in.standing(parts_of(request).db, parts_of(request).clock, signed_in.token)
    assert found is not None
    return member_principal(*found)


@router.get("/session")
async def look(
    request: Request, response: Response, who: Annotated[Principal, Depends(known)]
) -> SessionView:
    """Who you are here, and every right you have."""
    response.headers["Cache-Control"] = "no-store"
    return await view(request, who)


@router.delete("/session", status_code=204)
async def end(
    request: Request,
    response: Response,
    parts: PartsDep,
    account: Newcomer,
    everywhere: Annotated[bool, Query(description="Sign out of every browser.")] = False,
) -> None:
    """Sign out."""
    await sign_in.leave(parts.db, parts.clock, cookie_of(request), everywhere=everywhere)
    let_out(request, response)
