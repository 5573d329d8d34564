"""A client's people: list, invite, give roles, help back in, remove (A001, A035)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from core.errors import Conflict, NotAllowed, NotFound
from policies.rights import Role, may_change
from stores import identity, tenancy
from stores.db import Session
from web.access import Access, May
from web.api.paging import Paging, cut
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Email, Line, Page, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep, parts_of
from web.sign_in import Told

router = APIRouter(prefix="/api/v1/tenants/{tenant}/users", tags=["users"])

MemberRole = Literal["owner", "admin", "agent", "viewer"]


class UserView(Shape):
    """One person. ``signed_in_at``: when they last signed in; ``must_change``: on a temporary password."""

    id: UUID
    name: str
    email: str
    mobile: str | None
    role: MemberRole
    title: str | None
    status: Literal["invited", "active", "removed"]
    email_verified_at: datetime | None
    two_factor: bool
    must_change: bool
    signed_in_at: datetime | None
    created_at: datetime
    updated_at: datetime


class Invite(Shape):
    """Whom to invite. They get a link to choose a password."""

    name: Annotated[Line, Field(max_length=100, examples=["Sam Ortiz"])]
    email: Email
    role: MemberRole = "agent"


class Become(Shape):
    """What somebody becomes."""

    role: MemberRole


def user_view(member: tenancy.Member, held: identity.Credential | None) -> UserView:
    """A person as the API shows them."""
    return view(
        UserView,
        member,
        two_factor=held is not None and held.totp_since is not None,
        must_change=held is not None and held.must_change,
        signed_in_at=held.signed_in_at if held is not None else None,
    )


async def look(session: Session, user_id: UUID) -> UserView:
    """One person, also one who was removed. NotFound."""
    member = await tenancy.get_member(session, user_id)
    if member is None:
        raise NotFound("no such person")
    return user_view(member, await identity.credential(session, user_id))


async def _answer(request: Request, act: Access, user_id: UUID, status: int = 200) -> Response:
    async with parts_of(request).db.tenant(act.tenant_id) as session:
        shown = await look(session, user_id)
    headers = {"Location": f"{request.url.path.rstrip('/')}/{user_id}"} if status == 201 else None
    return answer(request, shown, status, headers=headers)


@router.get("", response_model=Page[UserView])
async def list_users(
    request: Request,
    query: Annotated[Paging, Query()],
    access: Annotated[Access, Depends(May("users:read"))],
    parts: PartsDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The people of the organisation, oldest first, without those who were removed."""
    async with parts.db.tenant(access.tenant_id) as session:
        rows = await tenancy.members(session, after=query.begins_after_id(), limit=query.limit + 1)
        held = await identity.credentials(session)
    page, next_ = cut(query, rows, lambda row: row.id)
    items = [user_view(row, held.get(row.id)) for row in page]
    return answer(request, Page[UserView](items=items, next=next_))


@router.get("/{user_id}", response_model=UserView)
async def get_user(
    user_id: UUID,
    request: Request,
    access: Annotated[Access, Depends(May("users:read"))],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One person, also one who was removed."""
    return await _answer(request, access, user_id)


@router.post("", status_code=201, response_model=UserView)
async def invite(
    body: Invite, request: Request, act: Annotated[Act, Depends(Once("users:write"))], parts: PartsDep
) -> Response:
    """Invite somebody by e-mail. 409 when the address is on the team, 422 when the plan has no seat left."""
    if not may_change(act.principal.role, body.role):
        raise NotAllowed("nobody gives a role above their own", code="rank")
    result = await do(request, act, "invite_people", {"team_invites": [body.model_dump(mode="json")]})
    if not result.facts.get("invited"):
        raise Conflict("this address is on the team already", code="on_the_team")
    async with parts.db.tenant(act.tenant_id) as session:
        found = next(m for m in await tenancy.members(session) if m.email.lower() == body.email.lower())
    return await _answer(request, act, found.id, 201)


@router.patch("/{user_id}", response_model=UserView)
async def change_role(
    user_id: UUID,
    body: Become,
    request: Request,
    act: Annotated[Act, Depends(Once("users:write"))],
    if_match: IfMatch = None,
) -> Response:
    """Give somebody another role. 422 for the last owner; 403 for a role above your own."""
    args = {"member_id": str(user_id), "role": body.role}
    await do(request, act, "change_role", args, guard=_guard(act, user_id, if_match, body.role))
    return await _answer(request, act, user_id)


@router.delete("/{user_id}", status_code=204)
async def remove(
    user_id: UUID,
    request: Request,
    act: Annotated[Act, Depends(Once("users:write"))],
    if_match: IfMatch = None,
) -> None:
    """Take somebody off the team: signed out everywhere at once. 422 for the last owner."""
    await do(request, act, "remove_person", {"member_id": str(user_id)}, guard=_guard(act, user_id, if_match))


@router.post("/{user_id}/reset", status_code=202)
async def reset(user_id: UUID, request: Request, act: Annotated[Act, Depends(Once("users:write"))]) -> Told:
    """Help somebody back in: signed out everywhere, two-factor off, a link to a new password by e-mail."""
    await do(request, act, "reset_access", {"member_id": str(user_id)}, guard=_guard(act, user_id))
    return Told(message="A link to a new password is on its way.")


def _guard(
    act: Act, user_id: UUID, if_match: str | None = None, role: Role | None = None
) -> Callable[[Session], Awaitable[None]]:
    """Stops the write when the person has changed meanwhile, or is above who asks, or would be."""
    unchanged = unless_changed(if_match, lambda session: look(session, user_id), needed=False)

    async def guard(session: Session) -> None:
        member = await tenancy.get_member(session, user_id)
        if member is None or member.status == "removed":
            raise NotFound("no such person")
        for touched in (member.role, role or member.role):
            if not may_change(act.principal.role, touched):  # type: ignore[arg-type]
                raise NotAllowed("this person is above you", code="rank")
        await unchanged(session)

    return guard
