"""What the guard heard that a person must see: a request about one's data, an unlawful instruction, an
accommodation (C18, C23, C34). Only the class is noted, never the caller's words: they may name a group.

Who says plainly "delete my data" has made a request of tools/data_requests for the number they are on."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from core.ids import HOUSE_TENANT
from policies.sla import Category, Priority
from stores import leads, support
from stores.db import Session
from tools import data_requests
from tools.base import Args, ToolContext, ToolResult, tool, unchanged

_TICKETS: dict[str, tuple[Category, Priority, str, int]] = {
    # a request about one's data is acknowledged within ten days
    "privacy": ("account", "high", "A caller asks about or wants to delete their data", 10),
    # a threat, or a caller who may harm themselves: a person looks at once
    "safety": ("account", "critical", "A caller may be in danger, or threatened somebody", 0),
    # bank details by mail before a closing, a tenant without heat: hours decide
    "wire_fraud": ("account", "critical", "A client asks about wire instructions: call before they pay", 0),
    "repair": ("account", "critical", "A tenant reports something broken: see the message", 0),
    "compliance": ("account", "medium", "A caller gave an instruction that fair-housing law forbids", 2),
}


class StaffNoteArgs(Args):
    """``kind``: privacy, compliance, safety, wire_fraud, repair or accommodation. ``label``: the
    guard's class. ``wish``: what is to become of the caller's data, where that was said plainly.
    """

    kind: Literal["privacy", "compliance", "safety", "wire_fraud", "repair", "accommodation"]
    label: str = ""
    wish: Literal["deletion", "access"] | None = None


def own_number(ctx: ToolContext) -> str | None:
    """The number the caller is on, else the one they gave; a request is only about that one (C41)."""
    given = ctx.caller or ctx.slots.get("phone")
    return str(given) if given else None


@tool("note_for_staff", StaffNoteArgs, at_home=True, statuses=("noted",))
async def note_for_staff(ctx: ToolContext, session: Session, args: StaffNoteArgs) -> ToolResult:
    """Put it in front of a person: a ticket with a due date, or a task for the agent."""
    if ctx.rehearsal:
        return unchanged("noted")
    now = ctx.clock.now()
    if args.kind == "accommodation":
        lead = await leads.lead_of_conversation(session, ctx.conversation_id)
        task = await leads.add_task(
            session,
            kind="accommodation",
            title="Arrange the accommodation the caller asked for",
            due_at=now + timedelta(days=1),
            lead_id=lead.id if lead else None,
        )
        return ToolResult(status="noted", after={"task": str(task.id)})
    if args.wish is not None and ctx.home != HOUSE_TENANT and (phone := own_number(ctx)):
        # the clocks run from now on; who it is, is proved by the code sent there, or by somebody who knows
        asked = await data_requests.receive(
            session,
            ctx.clock,
            args.wish,
            data_requests.person(phone, None),
            actor="caller",
            channel=ctx.channel,
        )
        return ToolResult(status="noted", after={"request": str(asked.id), "ticket": asked.ticket_number})
    category, priority, subject, days = _TICKETS[args.kind]
    ticket = await support.open_ticket(
        session,
        category=category,
        priority=priority,
        subject=subject,
        body="",
        channel=ctx.channel,
        conversation_id=ctx.conversation_id,
        due_at=now + timedelta(days=days),
    )
    return ToolResult(status="noted", after={"ticket": ticket.number})
