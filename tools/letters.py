"""One-time links and the letters that carry them, written in the caller's transaction (A015, C41)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.ids import fingerprint, new_token
from prompts.messages import message
from stores import consents, leads, outbox
from stores.db import Session
from tools.base import ToolContext

BY_MAIL = timedelta(hours=24)
BY_TEXT = timedelta(minutes=30)


async def link(
    ctx: ToolContext,
    session: Session,
    purpose: str,
    *,
    lasts: timedelta,
    payload: Mapping[str, Any] | None = None,
) -> str:
    """A fresh one-time address. Only a fingerprint of its token is stored; no personal data is in it."""
    token = new_token()
    await outbox.create_link(
        session,
        token_hash=fingerprint(token),
        purpose=purpose,
        payload=payload,
        expires_at=ctx.clock.now() + lasts,
        conversation_id=ctx.talk,
    )
    return f"{ctx.public_url}/l/{token}"


async def email(
    ctx: ToolContext,
    session: Session,
    to: str,
    key: str,
    facts: Mapping[str, object],
    *,
    calendar: str | None = None,
) -> None:
    """Promise an e-mail; it leaves when the transaction has committed. Rehearsals send nothing.

    ``calendar``: a calendar file that goes along.
    """
    if ctx.rehearsal:
        return
    text = message(key, facts)
    await outbox.queue_message(
        session,
        kind="email",
        to=to,
        subject=text.subject,
        body=text.body,
        conversation_id=ctx.talk,
        calendar=calendar,
    )


async def sms(ctx: ToolContext, session: Session, to: str, key: str, facts: Mapping[str, object]) -> bool:
    """Promise a text message; False when the number is on the do-not-call list (C06)."""
    if await opted_out(session, to, tests=ctx.rehearsal):
        return False
    if not ctx.rehearsal:
        body = message(key, facts).body
        await outbox.queue_message(session, kind="sms", to=to, body=body, conversation_id=ctx.talk)
    return True


async def opted_out(session: Session, phone: str, *, tests: bool = False) -> bool:
    """Whether this number asked the tenant not to be contacted; ``tests``: rehearsed callers count too."""
    if await consents.listed(session, phone):
        return True
    found, _ = await leads.list_leads(session, phone=phone, limit=200, include_tests=tests)
    return any(lead.dnc for lead in found)
