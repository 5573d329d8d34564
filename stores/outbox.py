"""Messages waiting to be sent, and the one-time links inside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, change, of_tenant


class Message(TenantRow, Base):
    """An SMS or e-mail, written in the transaction that promises it and sent afterwards."""

    __tablename__ = "messages"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("kind in ('sms', 'email')", name="kind"),
        CheckConstraint("status in ('queued', 'sent', 'failed', 'cancelled')", name="status"),
        Index("ix_messages_tenant_id_status", "tenant_id", "status", "id"),
    )

    kind: Mapped[str]
    to_: Mapped[str]
    subject: Mapped[str | None]
    body: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="queued")
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    conversation_id: Mapped[UUID | None]
    calendar: Mapped[str | None]
    """A calendar file that goes with an e-mail (RFC 5545)."""


class Link(TenantRow, Base):
    """A one-time link (pay page, e-mail proof, secret entry). Only a hash of its token is kept."""

    __tablename__ = "links"
    __table_args__ = (of_tenant(), Index("ix_links_tenant_id_purpose", "tenant_id", "purpose"))

    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_ip: Mapped[str | None]
    conversation_id: Mapped[UUID | None]


async def queue_message(
    session: Session,
    *,
    kind: str,
    to: str,
    body: str,
    subject: str | None = None,
    conversation_id: UUID | None = None,
    calendar: str | None = None,
) -> Message:
    """Promise a message; it leaves when the transaction has committed. ``calendar``: a file that goes too."""
    row = Message(
        kind=kind, to_=to, subject=subject, body=body, conversation_id=conversation_id, calendar=calendar
    )
    session.add(row)
    await session.flush()
    return row


async def take_queued(session: Session, *, limit: int = 20, most_attempts: int = 5) -> Sequence[Message]:
    """The tenant's next messages to send, locked until the transaction ends: two senders never share one."""
    query = (
        select(Message)
        .where(Message.status == "queued", Message.attempts < most_attempts)
        .order_by(Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def tenants_with_queued(session: Session) -> Sequence[UUID]:
    """Platform: whose messages are waiting."""
    return (
        await session.scalars(select(Message.tenant_id).where(Message.status == "queued").distinct())
    ).all()


async def mark_sent(session: Session, message_id: UUID, *, at: datetime) -> None:
    """It has left."""
    await change(session, await _get(session, message_id), {"status": "sent", "sent_at": at, "error": None})


async def mark_failed(session: Session, message_id: UUID, error: str, *, final: bool = False) -> None:
    """It did not leave: tried again later, or given up (``final``). ``error`` holds no personal data."""
    row = await _get(session, message_id)
    fields = {"attempts": row.attempts + 1, "error": error, "status": "failed" if final else row.status}
    await change(session, row, fields)


async def list_messages(session: Session, *, limit: int = 100) -> Sequence[Message]:
    """The tenant's messages, newest first."""
    return (await session.scalars(select(Message).order_by(Message.id.desc()).limit(limit))).all()


async def cancel_to(session: Session, addresses: Collection[str]) -> int:
    """Nothing that still waits for these addresses will leave; how many were waiting (C06)."""
    query = update(Message).where(Message.status == "queued", Message.to_.in_(sorted(addresses)))
    gone = await session.scalars(
        query.values(status="cancelled").returning(Message.id).execution_options(synchronize_session="fetch")
    )
    return len(gone.all())


async def sent_before(session: Session, address: str) -> bool:
    """Whether a text has ever left for this number."""
    query = select(Message.id).where(Message.to_ == address, Message.kind == "sms", Message.status == "sent")
    return await session.scalar(query.limit(1)) is not None


async def _get(session: Session, message_id: UUID) -> Message:
    row = await session.scalar(select(Message).where(Message.id == message_id))
    if row is None:
        raise NotFound("no such message")
    return row


async def create_link(
    session: Session,
    *,
    token_hash: str,
    purpose: str,
    expires_at: datetime,
    payload: Mapping[str, Any] | None = None,
    conversation_id: UUID | None = None,
) -> Link:
    """Keep a link; the token itself goes only into the message."""
    row = Link(
        token_hash=token_hash,
        purpose=purpose,
        expires_at=expires_at,
        payload=dict(payload or {}),
        conversation_id=conversation_id,
    )
    session.add(row)
    await session.flush()
    return row


async def peek_link(session: Session, token_hash: str, *, now: datetime) -> Link | None:
    """Platform: the link if it could still be used; looking does not use it up."""
    query = select(Link).where(Link.token_hash == token_hash, Link.used_at.is_(None), Link.expires_at > now)
    return await session.scalar(query)


async def use_link(session: Session, token_hash: str, *, now: datetime, ip: str | None = None) -> Link | None:
    """Platform: burn the link and return it; None when it is wrong, late or used (A015). One winner."""
    statement = (
        update(Link)
        .where(Link.token_hash == token_hash, Link.used_at.is_(None), Link.expires_at > now)
        .values(used_at=now, used_ip=ip)
        .returning(Link)
        .execution_options(synchronize_session=False)
    )
    link: Link | None = await session.scalar(statement)
    return link
