"""What has been kept long enough (C33). Each function says what is due; with ``do`` it also removes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, update

from stores.archives import PrivacyRequest
from stores.base import Session
from stores.calls import Call, CallEvent
from stores.conversations import Conversation
from stores.leads import Lead
from stores.outbox import Link, Message
from stores.receipts import AuditEntry, Receipt, redact
from stores.webhooks import WebhookDelivery, WebhookEvent

BATCH = 500
"""Rows one transaction removes at most; the sweep comes again."""


async def audio(session: Session, before: datetime, *, do: bool) -> list[str]:
    """Files of recordings that are due. The calls themselves stay."""
    due = and_(Call.recording_path.is_not(None), func.coalesce(Call.ended_at, Call.started_at) < before)
    rows = (await session.execute(select(Call.id, Call.recording_path).where(due).limit(BATCH))).all()
    if do and rows:
        await _set(session, Call, [r[0] for r in rows], recording_path=None)
    return [str(r[1]) for r in rows]


async def transcripts(session: Session, before: datetime, *, do: bool) -> tuple[dict[str, int], list[str]]:
    """Conversations that are due, with all that was said in them, and the files of their transcripts.

    Leads and calls stay and lose the reference. What the carrier reported about the calls goes, too, and
    receipts keep that something was done, without what.
    """
    due = and_(
        func.coalesce(Conversation.ended_at, Conversation.updated_at) < before,
        or_(Conversation.lease_until.is_(None), Conversation.lease_until < before),
    )
    talks = (await session.scalars(select(Conversation.id).where(due).limit(BATCH))).all()
    rung = and_(
        func.coalesce(Call.ended_at, Call.started_at) < before,
        or_(Call.transcript_path.is_not(None), Call.conversation_id.in_(talks)),
    )
    calls = (await session.execute(select(Call.id, Call.transcript_path).where(rung).limit(BATCH))).all()
    events = and_(CallEvent.at < before)
    old = and_(Receipt.created_at < before, Receipt.arguments != {})
    receipts = (await session.scalars(select(Receipt.id).where(old).limit(BATCH))).all()
    letters = (
        await session.scalars(select(Message.id).where(Message.created_at < before).limit(BATCH))
    ).all()
    counts = {
        "conversations": len(talks),
        "call_events": int(await session.scalar(select(func.count(CallEvent.id)).where(events)) or 0),
        "receipts": len(receipts),
        "messages": len(letters),
    }
    if do:
        await _set(session, Call, [c[0] for c in calls], transcript_path=None)
        for model in (Call, Lead):
            statement: Any = (
                update(model).where(model.conversation_id.in_(talks)).values(conversation_id=None)
            )
            await session.execute(statement.execution_options(synchronize_session=False))
        await _drop(session, Conversation, Conversation.id.in_(talks))
        await _drop(session, CallEvent, events)
        await _drop(session, Message, Message.id.in_(letters))
        await _set(session, Receipt, receipts, arguments={}, result={}, undo=None)
    return counts, [str(c[1]) for c in calls if c[1]]


async def proof(session: Session, before: datetime, *, at: datetime, do: bool) -> dict[str, int]:
    """What the audit trail says was changed, and settled requests about data, when even proof is due."""
    old = and_(
        AuditEntry.at < before, AuditEntry.redacted_at.is_(None), AuditEntry.before_digest.is_not(None)
    )
    entries = (await session.scalars(select(AuditEntry.id).where(old).limit(BATCH))).all()
    settled = and_(PrivacyRequest.completed_at < before)
    requests = int(await session.scalar(select(func.count(PrivacyRequest.id)).where(settled)) or 0)
    if do:
        if entries:
            await redact(session, entries, at=at)
        await _drop(session, PrivacyRequest, settled)
    return {"audit_entries": len(entries), "privacy_requests": requests}


async def deliveries(session: Session, before: datetime, *, do: bool) -> int:
    """Webhook events that have been kept long enough, with their deliveries; not while one is due."""
    waiting = select(WebhookDelivery.event_id).where(WebhookDelivery.status == "pending")
    due = and_(WebhookEvent.occurred_at < before, WebhookEvent.id.not_in(waiting))
    count = int(await session.scalar(select(func.count(WebhookEvent.id)).where(due)) or 0)
    if do and count:
        await _drop(session, WebhookEvent, due)
    return count


async def links(session: Session, before: datetime, *, do: bool) -> int:
    """One-time links that can open nothing any more."""
    due = Link.expires_at < before
    count = int(await session.scalar(select(func.count(Link.id)).where(due)) or 0)
    if do and count:
        await _drop(session, Link, due)
    return count


async def files_in_use(session: Session) -> set[str]:
    """Names of the recordings and transcripts that calls still point to."""
    rows = (await session.execute(select(Call.recording_path, Call.transcript_path))).all()
    return {str(path).rsplit("/", 1)[-1] for row in rows for path in row if path}


async def _set(session: Session, model: type[Any], ids: Sequence[UUID], **values: Any) -> None:
    if ids:
        statement = update(model).where(model.id.in_(ids)).values(**values)
        await session.execute(statement.execution_options(synchronize_session=False))


async def _drop(session: Session, model: type[Any], which: Any) -> None:
    await session.execute(delete(model).where(which).execution_options(synchronize_session=False))
