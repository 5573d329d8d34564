"""What a caller may always demand: no more contact, no recording (C06, C12)."""

from __future__ import annotations

from core.errors import NotFound
from stores import calls, leads, outbox
from stores.db import Session
from tools.base import Args, ToolContext, ToolResult, tool


class Nothing(Args):
    """No arguments: it is about the caller, and the caller is known."""


@tool("opt_out", Nothing, at_home=True, statuses=("opted_out",), facts=("cancelled",))
async def opt_out(ctx: ToolContext, session: Session, args: Nothing) -> ToolResult:
    """Put the caller on the do-not-call list, in one transaction with everything still waiting for them."""
    phones = {str(n) for n in (ctx.caller, ctx.slots.get("phone"), ctx.slots.get("admin_mobile")) if n}
    now = ctx.clock.now().isoformat()
    marked = 0
    unknown = set(phones)
    for phone in sorted(phones):
        known, _ = await leads.list_leads(session, phone=phone, limit=200, include_tests=ctx.rehearsal)
        for lead in known:
            unknown -= set(lead.phones)
            revoked = {kind: {**proof, "revoked_at": now} for kind, proof in lead.consent.items()}
            await leads.update_lead(session, lead.id, dnc=True, disposition="opted_out", consent=revoked)
            for task in await leads.open_tasks(session, lead_id=lead.id):
                await leads.set_task_status(session, task.id, "cancelled")
            marked += 1
    if unknown:
        await _list_only(ctx, session, sorted(unknown))
        marked += 1
    cancelled = 0
    for message in await outbox.list_messages(session, limit=1000):
        if message.status == "queued" and message.to_ in phones:
            message.status = "cancelled"
            cancelled += 1
    await session.flush()
    return ToolResult(
        status="opted_out",
        facts={"cancelled": cancelled},
        after={"leads": marked, "messages_cancelled": cancelled, "conversation_id": str(ctx.conversation_id)},
    )


async def _list_only(ctx: ToolContext, session: Session, phones: list[str]) -> None:
    """The list must hold numbers that were never a lead: the conversation's row is then only that."""
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


@tool("dont_record", Nothing, at_home=True, statuses=("recording_off",))
async def dont_record(ctx: ToolContext, session: Session, args: Nothing) -> ToolResult:
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
