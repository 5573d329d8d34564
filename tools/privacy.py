"""What a caller may always demand: no more contact, no recording (C06, C12)."""

from __future__ import annotations

from core.errors import NotFound
from stores import calls, leads
from stores.db import Session
from tools import consent
from tools.base import NoArgs, ToolContext, ToolResult, tool


@tool("opt_out", NoArgs, at_home=True, statuses=("opted_out",), facts=("cancelled",))
async def opt_out(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """Put the caller on the do-not-call list, in one transaction with everything still waiting for them."""
    phones = consent.numbers_of(ctx)
    known: set[str] = set()
    for phone in sorted(phones):
        found, _ = await leads.list_leads(session, phone=phone, limit=200, include_tests=ctx.rehearsal)
        known |= {number for lead in found for number in lead.phones}
    if phones - known:
        await _list_only(ctx, session, sorted(phones - known))
    ended = await consent.stop_contact(
        session,
        phones,
        source=ctx.channel,
        evidence=f"conversation:{ctx.conversation_id}",
        now=ctx.clock.now(),
        tests=ctx.rehearsal,
    )
    return ToolResult(
        status="opted_out",
        facts={"cancelled": ended.messages},
        after={
            "leads": ended.leads,
            "messages_cancelled": ended.messages,
            "callbacks_cancelled": ended.callbacks,
            "steps_stopped": ended.steps,
            "conversation_id": str(ctx.conversation_id),
        },
    )


async def _list_only(ctx: ToolContext, session: Session, phones: list[str]) -> None:
    """A number that was never a lead is known by this conversation's row, which is then only that."""
    existing = await leads.lead_of_conversation(session, ctx.conversation_id)
    await leads.upsert_lead(
        session,
        ctx.conversation_id,
        intent=existing.intent if existing else "other",
        phones=sorted({*phones, *(existing.phones if existing else ())}),
        dnc=True,
        disposition="opted_out",
        channel=ctx.channel,
        test=ctx.rehearsal,
    )


@tool("dont_record", NoArgs, at_home=True, statuses=("recording_off",))
async def dont_record(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """Note that the caller refused to be recorded; the line stops storing sound from this moment."""
    at = ctx.clock.now().isoformat()
    if ctx.call_id is not None:
        try:
            call = await calls.get_call(session, ctx.call_id)
            if call is not None:
                await calls.update_call(
                    session, ctx.call_id, extra=dict(call.extra) | {"recording_refused_at": at}
                )
        except NotFound:
            pass
    return ToolResult(status="recording_off", after={"recording_refused_at": at})
