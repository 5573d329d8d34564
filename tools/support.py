"""Help by a person: tickets, call-backs and what people thought of it (B022-B025)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from core.ids import HOUSE_TENANT
from policies import business_hours, sla
from policies.sla import Category, Priority
from stores import support, tenancy
from stores.db import Session
from tools import dial_queue, events
from tools.base import Args, ToolContext, ToolResult, refused, tool, unchanged
from tools.values import Phone, Text

REASONS: dict[str, tuple[Category, Priority, str]] = {
    "asked": ("account", "medium", "Caller asked for a person"),
    "not_understood": ("technical", "medium", "The assistant did not understand the caller"),
    "repeated_failure": ("technical", "medium", "A question could not be answered by voice"),
    "tool_failed": ("technical", "high", "Something could not be saved"),
    "missing_required": ("account", "medium", "A required answer is still missing"),
}


class HandOverArgs(Args):
    """Why a person is needed, and where the conversation stood."""

    reason: str = "asked"
    step: str = ""


class TicketArgs(Args):
    """A request for help in the caller's words."""

    subject: Text = Field(max_length=200)
    body: str = Field("", max_length=4000)
    category: Category = "account"
    priority: Priority = "medium"


class CallbackArgs(Args):
    """Whom to ring and when (the caller's own number unless another was confirmed)."""

    phone: Phone | None = None
    at: datetime | None = None
    reason: str = Field("", max_length=500)


class SatisfactionArgs(Args):
    """The answer to "how easy was this, 1 to 7"."""

    ease: int | None = Field(None, ge=1, le=7)
    comment: str | None = Field(None, max_length=1000)


async def cancel_help(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Cancel the ticket and the call-back."""
    if undo.get("callback"):
        await support.set_callback_status(session, UUID(undo["callback"]), "cancelled")
    if undo.get("ticket"):
        await support.set_ticket_status(session, UUID(undo["ticket"]), "cancelled")
    return ToolResult(status="undone", after={"status": "cancelled"})


@tool(
    "hand_over",
    HandOverArgs,
    undo=cancel_help,
    statuses=("handed_over",),
    facts=("ticket", "when", "callback"),
)
async def hand_over(ctx: ToolContext, session: Session, args: HandOverArgs) -> ToolResult:
    """Give the caller to a person: a ticket, and a call-back when there is a number to ring."""
    category, priority, subject = REASONS.get(args.reason, REASONS["asked"])
    step = f" (at: {args.step})" if args.step else ""
    ticket, due, promise = await new_ticket(ctx, session, category, priority, f"{subject}{step}", "")
    phone = _own_number(ctx, None)
    callback = None
    if phone is not None:
        callback = await support.book_callback(
            session, phone=phone, window_end=due, reason=subject, ticket_id=ticket.id
        )
    return ToolResult(
        status="handed_over",
        facts={"ticket": ticket.number, "when": promise, "callback": callback is not None},
        undo={"ticket": str(ticket.id), "callback": str(callback.id) if callback else None},
        after={"ticket": ticket.number, "priority": priority, "reason": args.reason},
    )


@tool("open_ticket", TicketArgs, undo=cancel_help, statuses=("opened",), facts=("ticket", "when"))
async def open_ticket(ctx: ToolContext, session: Session, args: TicketArgs) -> ToolResult:
    """Open a ticket in the caller's words."""
    ticket, _, promise = await new_ticket(ctx, session, args.category, args.priority, args.subject, args.body)
    return ToolResult(
        status="opened",
        facts={"ticket": ticket.number, "when": promise},
        undo={"ticket": str(ticket.id)},
        after={"ticket": ticket.number, "category": args.category, "priority": args.priority},
    )


@tool("book_callback", CallbackArgs, undo=cancel_help, statuses=("booked",), facts=("when",))
async def book_callback(ctx: ToolContext, session: Session, args: CallbackArgs) -> ToolResult:
    """Promise a call to the caller's own number."""
    phone = _own_number(ctx, args.phone)
    if phone is None:
        return refused("I have no number to call you back on.", phone="Which number can we call you on?")
    if args.at is not None and args.at <= ctx.clock.now():
        return refused("That time has passed. When should we call?")
    row = await support.book_callback(session, phone=phone, at=args.at, reason=args.reason)
    if not ctx.rehearsal:
        await dial_queue.plan_callback(session, row, now=ctx.clock.now())
    when = ""
    if args.at is not None:
        tenant = await tenancy.get_tenant(session)
        zone = tenant.timezone or "America/New_York"
        when = f" {business_hours.spoken_moment(args.at, zone, ctx.clock.now())}"
    return ToolResult(
        status="booked",
        facts={"when": when},
        undo={"callback": str(row.id)},
        after={"callback": str(row.id), "at": args.at.isoformat() if args.at else None},
    )


@tool("record_satisfaction", SatisfactionArgs, statuses=("recorded", "skipped"), facts=("ease", "thanks"))
async def record_satisfaction(ctx: ToolContext, session: Session, args: SatisfactionArgs) -> ToolResult:
    """Keep the answer to the closing question."""
    if args.ease is None:
        return unchanged("skipped", ease="", thanks="That's all.")
    await support.record_survey(
        session,
        kind="ces",
        score=args.ease,
        comment=args.comment,
        conversation_id=ctx.conversation_id,
    )
    return ToolResult(
        status="recorded",
        facts={"ease": args.ease, "thanks": "Thank you, I've noted that."},
        after={"kind": "ces", "score": args.ease},
    )


async def new_ticket(
    ctx: ToolContext, session: Session, category: Category, priority: Priority, subject: str, body: str
) -> tuple[support.Ticket, datetime, str]:
    """A ticket, when its first answer is due, and that promise in words (empty when none can be made)."""
    tenant = await tenancy.get_tenant(session)
    now = ctx.clock.now()
    leads_line = ctx.home != HOUSE_TENANT
    if leads_line:
        # a lead's own ticket with the brokerage: the office answers in its hours
        profile = await tenancy.get_profile(session)
        zone = tenant.timezone or "America/New_York"
        weekly = profile.hours if profile else business_hours.standard()
        due, promise = now + timedelta(hours=4), ""
        if not business_hours.is_open(weekly, zone, now):
            opening = business_hours.next_opening(weekly, zone, now)
            if opening is not None:
                due, promise = opening + timedelta(hours=4), " after the office opens"
    else:
        hours = sla.target(tenant.plan or "starter", priority).hours
        due, promise = now + timedelta(hours=hours), f" within {sla.spoken_wait(hours)}"
    ticket = await support.open_ticket(
        session,
        category=category,
        priority=priority,
        subject=subject,
        body=body,
        channel=ctx.channel,
        conversation_id=ctx.talk,
        due_at=due,
    )
    await events.ticket_moved(session, ticket, "ticket.created")
    return ticket, due, promise


def _own_number(ctx: ToolContext, wished: str | None) -> str | None:
    """The caller's number: confirmed in the form, else the one they call from. Nobody else's (C41)."""
    own = [ctx.slots.get("phone"), ctx.slots.get("admin_mobile"), ctx.caller]
    known = [str(n) for n in own if n]
    if wished is not None:
        return wished if wished in known else None
    return known[0] if known else None
