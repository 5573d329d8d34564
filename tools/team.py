"""The client's people: invitations within the plan's seats (A044)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from policies import plans
from stores import tenancy
from stores.db import Session
from tools import letters
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.values import Person

ROLES = ("admin", "agent", "viewer")


class InviteArgs(Args):
    """Who to invite."""

    team_invites: list[Person]


async def seats_problem(session: Session, people: Sequence[Person]) -> str | None:
    """Why the plan has no room for these people, as a sentence; None when it has."""
    tenant = await tenancy.get_tenant(session)
    if tenant.plan is None:
        return None
    known = {m.email.lower() for m in await tenancy.members(session)}
    wanted = len(known | {p.email.lower() for p in people})
    if plans.allows(tenant.plan, "users", wanted):
        return None
    return plans.upgrade_hint(tenant.plan, "users", wanted)


async def add_invites(ctx: ToolContext, session: Session, people: Sequence[Person]) -> list[str]:
    """Write the invitations and their letters; the ids of those who were not there before."""
    tenant = await tenancy.get_tenant(session)
    known = {m.email.lower() for m in await tenancy.members(session)}
    added = []
    for person in people:
        if person.email.lower() in known:
            continue
        known.add(person.email.lower())
        role = person.role if person.role in ROLES else "agent"
        member = await tenancy.add_member(
            session, name=person.name, email=person.email, role=role, status="invited"
        )
        payload = {"member_id": str(member.id)}
        url = await letters.link(ctx, session, "verify_email", lasts=letters.BY_MAIL, payload=payload)
        facts = {"name": person.name, "organization": tenant.brand_name, "url": url}
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
