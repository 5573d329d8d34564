"""Tickets after they were opened: answered, changed, closed (B022)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.errors import Conflict
from stores import support, ticket_replies
from stores.db import Session
from tools import events
from tools.base import Args, ToolContext, ToolResult, tool

FINAL = ("closed", "cancelled")
KEPT = ("subject", "category", "priority", "status")


class Reply(Args):
    """What is written under a ticket."""

    ticket_id: UUID
    body: str
    from_us: bool = False
    close: bool = False


class TicketChange(Args):
    """Columns to change."""

    ticket_id: UUID
    changes: dict[str, Any]


def _plain(row: support.Ticket) -> dict[str, Any]:
    return {name: getattr(row, name) for name in KEPT}


@tool("reply_to_ticket", Reply, statuses=("replied",), facts=("reply_id",))
async def reply_to_ticket(ctx: ToolContext, session: Session, args: Reply) -> ToolResult:
    """Write under a ticket: an answer of ours waits for the client, one of theirs opens it again."""
    ticket = await support.get_ticket(session, args.ticket_id, lock=True)
    if ticket.status in FINAL:
        raise Conflict("this ticket is closed; open another one", code="closed")
    before = _plain(ticket)
    reply = await ticket_replies.add_reply(
        session, ticket.id, author=ctx.actor, from_us=args.from_us, body=args.body
    )
    status = "closed" if args.close else "waiting" if args.from_us else "open"
    await support.set_ticket_status(session, ticket.id, status)
    after = _plain(ticket) | {"reply": str(reply.id)}
    return ToolResult(status="replied", facts={"reply_id": str(reply.id)}, before=before, after=after)


async def restore_ticket(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The ticket as it was."""
    row = await support.update_ticket(session, UUID(undo["ticket_id"]), **undo["before"])
    return ToolResult(status="undone", after=_plain(row))


@tool("change_ticket", TicketChange, undo=restore_ticket, statuses=("changed",))
async def change_ticket(ctx: ToolContext, session: Session, args: TicketChange) -> ToolResult:
    """Change what a ticket is about, how urgent it is, or where it stands."""
    ticket = await support.get_ticket(session, args.ticket_id, lock=True)
    before = _plain(ticket)
    row = await support.update_ticket(
        session, ticket.id, **{k: v for k, v in args.changes.items() if k in KEPT}
    )
    await events.ticket_moved(session, row, "ticket.updated")
    undo = {"ticket_id": str(row.id), "before": before}
    return ToolResult(status="changed", undo=undo, before=before, after=_plain(row))
