"""A lead taken by somebody of the team, or given to them by hand (A091)."""

from __future__ import annotations

from uuid import UUID

from core.errors import NotFound
from stores import leads, routing
from stores.db import Session
from tools.base import Args, ToolContext, ToolResult, tool
from tools.routing import claim, team


class Claiming(Args):
    """Which lead, and who takes it."""

    lead_id: UUID
    member_id: UUID | None = None


@tool("claim_lead", Claiming, statuses=("claimed",), facts=("member_id",))
async def claim_lead(ctx: ToolContext, session: Session, args: Claiming) -> ToolResult:
    """Take a lead that is on offer; with ``member_id`` it is given to that person, whoever had it."""
    await leads.get_lead(session, args.lead_id)
    await routing.lock(session)
    now = ctx.clock.now()
    row = await routing.current(session, args.lead_id)
    if args.member_id is not None and (row is None or row.member_id != args.member_id):
        people = {p.id: p.name for p in await team(session)}
        if str(args.member_id) not in people:
            raise NotFound("no such member")
        if row is not None:
            await routing.close(session, row, "withdrawn")
        row = await routing.assign(
            session, lead_id=args.lead_id, member_id=args.member_id, mode="by_hand",
            reason=f"{people[str(args.member_id)]}: given by hand", given_at=now,
        )  # fmt: skip
    if row is None:
        raise NotFound("this lead was given to nobody")
    row = await claim(session, row.id, at=now)
    return ToolResult(
        status="claimed",
        facts={"member_id": str(row.member_id)},
        after={"lead": str(args.lead_id), "member": str(row.member_id)},
    )
