"""The client's people: invited within the plan's seats, given roles, helped back in, removed (A035, A044)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.errors import NotFound
from policies.rights import Role
from policies.sign_in import sign_in
from stores import identity, tenancy
from stores.db import Session
from tools import accounts, keys, letters, two_factor
from tools.base import Args, ToolContext, ToolResult, refused, tool, unchanged
from tools.plan import room_for_users
from tools.values import Person

ROLES: tuple[Role, ...] = ("owner", "admin", "agent", "viewer")
"""Of a client's people. Only an owner makes owners (web.people); over the telephone nobody does."""


class InviteArgs(Args):
    """Who to invite."""

    team_invites: list[Person]


async def seats_problem(session: Session, people: Sequence[Person]) -> str | None:
    """Why the plan has no room for these people, as a sentence; None when it has."""
    return await room_for_users(session, [person.email for person in people])


async def add_invites(ctx: ToolContext, session: Session, people: Sequence[Person]) -> list[str]:
    """Write the invitations and their letters; the ids of those who were not there before."""
    tenant = await tenancy.get_tenant(session)
    known = {m.email.lower() for m in await tenancy.members(session)}
    added = []
    for person in people:
        if person.email.lower() in known:
            continue
        known.add(person.email.lower())
        role = person.role if person.role in ROLES and (ctx.act or person.role != "owner") else "agent"
        member = await tenancy.add_member(
            session, name=person.name, email=person.email, role=role, status="invited"
        )
        payload = {"member_id": str(member.id)}
        lasts = timedelta(hours=sign_in().invitation_hours)
        url = await letters.link(ctx, session, "join", lasts=lasts, payload=payload)
        facts = {"name": person.name, "organization": tenant.brand_name, "url": url, "days": lasts.days}
        await letters.email(ctx, session, person.email, "invite", facts)
        added.append(str(member.id))
    return added


async def uninvite(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Take invitations back."""
    for member_id in undo["members"]:
        await tenancy.remove_member(session, UUID(member_id))
    return ToolResult(status="undone", before={"members": undo["members"]}, after={"members": []})


@tool("invite_people", InviteArgs, undo=uninvite, statuses=("invited",), facts=("invited",))
async def invite_people(ctx: ToolContext, session: Session, args: InviteArgs) -> ToolResult:
    """Invite people to the client's team."""
    problem = await seats_problem(session, args.team_invites)
    if problem is not None:
        return refused(problem, team_invites=f"{problem} Who should I invite?")
    added = await add_invites(ctx, session, args.team_invites)
    return ToolResult(
        status="invited",
        facts={"invited": len(added)},
        undo={"members": added},
        after={"members": added},
    )


# -- what happens to people afterwards -----------------------------------------------------------------


class PersonArgs(Args):
    """Whom it is about."""

    member_id: UUID


class RoleArgs(PersonArgs):
    """Whom it is about, and what they become."""

    role: Role


async def _person(session: Session, member_id: UUID) -> tenancy.Member:
    member = await tenancy.get_member(session, member_id)
    if member is None or member.status == "removed":
        raise NotFound("no such person")
    return member


ONLY_OWNER = "That is the only owner. Make somebody else an owner first."


async def role_back(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Give the role back."""
    return await _set_role(session, UUID(undo["member_id"]), undo["role"], status="undone")


@tool("change_role", RoleArgs, undo=role_back, statuses=("changed",))
async def change_role(ctx: ToolContext, session: Session, args: RoleArgs) -> ToolResult:
    """Give a person of the team another role."""
    if args.role not in ROLES:
        return refused("There is no such role.", role="Owner, admin, agent or viewer?")
    return await _set_role(session, args.member_id, args.role)


async def _set_role(session: Session, member_id: UUID, role: str, *, status: str = "changed") -> ToolResult:
    left = await tenancy.owners(session, lock=True)
    member = await _person(session, member_id)
    if role != "owner" and member.role == "owner" and len(left) < 2:
        return refused(ONLY_OWNER, role=ONLY_OWNER)
    before = member.role
    if before == role:
        return unchanged(status)
    member.role = role
    await session.flush()
    return ToolResult(
        status=status,
        undo={"member_id": str(member.id), "role": before},
        before={"member_id": str(member.id), "role": before},
        after={"member_id": str(member.id), "role": role},
    )


async def take_back_in(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The person is on the team again, and signs in after a link by letter.

    The old password is gone, and so are keys that ended with them.
    """
    member = await tenancy.get_member(session, UUID(undo["member_id"]))
    if member is None:
        return refused("That person is gone for good.")
    member.status = undo["status"]
    await session.flush()
    return ToolResult(status="undone", before={"status": "removed"}, after={"status": member.status})


@tool("remove_person", PersonArgs, undo=take_back_in, statuses=("removed",))
async def remove_person(ctx: ToolContext, session: Session, args: PersonArgs) -> ToolResult:
    """Take a person off the team: signed out everywhere, at once; their API keys as the policy says."""
    left = await tenancy.owners(session, lock=True)
    member = await _person(session, args.member_id)
    if member.role == "owner" and len(left) < 2:
        return refused(ONLY_OWNER, member_id=ONLY_OWNER)
    before = member.status
    member.status = "removed"
    await session.flush()
    await two_factor.forget_secret(session, ctx.ports.vault, member.id)
    await identity.forget_credential(session, member.id)
    made = await keys.end_with_maker(session, ctx.clock, member.id, actor=f"{ctx.actor}/{ctx.channel}")
    facts = {"member_id": str(member.id), "role": member.role}
    ended = [{"id": str(row.id), "prefix": row.prefix, "revoked": row.revoked_at is not None} for row in made]
    return ToolResult(
        status="removed",
        undo={"member_id": str(member.id), "status": before},
        before={**facts, "status": before},
        after={**facts, "status": "removed", "keys": ended},
    )


@tool("reset_access", PersonArgs, statuses=("sent",))
async def reset_access(ctx: ToolContext, session: Session, args: PersonArgs) -> ToolResult:
    """Help a person back in: two-factor off, signed out everywhere, a link to a new password by letter."""
    member = await _person(session, args.member_id)
    held = await identity.credential(session, member.id, lock=True)
    second = held is not None and held.totp_since is not None
    if held is not None:
        await two_factor.forget_secret(session, ctx.ports.vault, member.id)
        await identity.set_credential(session, member.id, totp_since=None, totp_step=None, recovery=[])
    await identity.close_sessions(session, member.id)
    if not ctx.rehearsal:
        await accounts.send_password_letter(session, member, clock=ctx.clock, origin=ctx.public_url)
    return ToolResult(
        status="sent",
        before={"member_id": str(member.id), "two_factor": second},
        after={"member_id": str(member.id), "two_factor": False},
    )
