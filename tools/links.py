"""Secure links for what may not be said aloud, sent to the caller's own number or address only (C31, C41)."""

from __future__ import annotations

from stores.db import Session
from tools import letters
from tools.base import Args, ToolContext, ToolResult, refused, tool

PAGES = {
    "billing_details": ("billing", "payment details"),
    "tax_id": ("tax_id", "tax ID"),
    "crm_key": ("connect_crm", "access key"),
    "terms_accepted": ("terms", "terms of service"),
}
"""Slots with a page of their own; every other slot opens the form at that slot."""


class LinkArgs(Args):
    """What the link is for: a slot of the form, or nothing in particular (the form where it stands)."""

    slot: str = ""
    target: str = ""


@tool("send_link", LinkArgs, at_home=True, statuses=("sent",), facts=("channel", "ending", "purpose"))
async def send_link(ctx: ToolContext, session: Session, args: LinkArgs) -> ToolResult:
    """Send the caller a one-time link to a page for what is hard or unsafe to say."""
    slot = args.slot or (args.target if args.target.isidentifier() else "")
    if args.target and not args.target.isidentifier():
        # a number or an address dictated into the request is nobody we know (C41)
        return refused("I can only send links to your own number or e-mail.")
    purpose, label = PAGES.get(slot, ("form", slot.replace("_", " ") or "set-up"))
    payload = {"slot": slot, "conversation_id": str(ctx.conversation_id), "tenant_id": str(ctx.home)}
    mobile = ctx.slots.get("admin_mobile") or ctx.slots.get("phone") or ctx.caller
    address = ctx.slots.get("admin_email") or ctx.slots.get("email")
    if mobile and not await letters.opted_out(session, str(mobile), tests=ctx.rehearsal):
        url = await letters.link(ctx, session, purpose, lasts=letters.BY_TEXT, payload=payload)
        facts = {"label": label, "url": url}
        await letters.sms(ctx, session, str(mobile), "secure_link_sms", facts)
        channel, ending = "sms", str(mobile)[-4:]
    elif address:
        url = await letters.link(ctx, session, purpose, lasts=letters.BY_TEXT, payload=payload)
        await letters.email(ctx, session, str(address), "secure_link_email", {"label": label, "url": url})
        channel, ending = "email", ""
    else:
        return refused("I have no number or e-mail of yours to send it to.")
    return ToolResult(
        status="sent",
        facts={"channel": channel, "ending": ending, "purpose": purpose},
        after={"purpose": purpose, "channel": channel, "slot": slot},
    )
