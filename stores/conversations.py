"""Conversations: the form being filled, its event log and its turns. Any channel goes on from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    UniqueConstraint,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import Conflict, NotFound
from core.ids import fingerprint, resume_code
from stores.base import Base, Session, TenantRow, belongs_to, of_tenant, tenant_of


class Conversation(TenantRow, Base):
    """One conversation and the snapshot of its form.

    ``version`` counts saves (optimistic locking). ``lease_owner`` drives it until ``lease_until``.
    ``subject_tenant_id`` is the client being set up, once registered. ``published_version``: the client's own
    version of the flow that it runs to its end; None: the shipped one.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("status in ('open', 'ended', 'handed_over')", name="status"),
        Index("ix_conversations_tenant_id_caller_status", "tenant_id", "caller", "status"),
        Index(
            "uq_conversations_resume_code",
            "tenant_id",
            "resume_code_hash",
            unique=True,
            postgresql_where=text("resume_code_hash is not null and status <> 'ended'"),
        ),
    )

    channel: Mapped[str]
    flow: Mapped[str]
    flow_version: Mapped[int]
    published_version: Mapped[int | None]
    step: Mapped[str | None]
    state: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    version: Mapped[int] = mapped_column(server_default="0")
    status: Mapped[str] = mapped_column(server_default="open")
    caller: Mapped[str | None]
    to: Mapped[str | None]
    resume_code_hash: Mapped[str | None]
    resume_failures: Mapped[int] = mapped_column(server_default="0")
    subject_tenant_id: Mapped[UUID | None]
    test: Mapped[bool] = mapped_column(server_default="false")
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class ConversationEvent(TenantRow, Base):
    """A change of the form, in order. Never rewritten."""

    __tablename__ = "conversation_events"
    __table_args__ = (
        belongs_to("conversations", "conversation_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "conversation_id", "seq"),
    )

    conversation_id: Mapped[UUID]
    seq: Mapped[int]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    at: Mapped[datetime]


class Turn(TenantRow, Base):
    """What one side said. ``text`` as written, ``spoken`` as sent to the voice.

    ``latency``: milliseconds by cause. ``tools``: [{name, arguments, status}]. ``signals`` of an agent's
    turn: {"kind", "confidence", "interrupted"}, what led to it and how sure the recogniser was.
    """

    __tablename__ = "turns"
    __table_args__ = (
        belongs_to("conversations", "conversation_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "conversation_id", "n"),
        CheckConstraint("role in ('caller', 'agent', 'system')", name="role"),
    )

    conversation_id: Mapped[UUID]
    n: Mapped[int]
    role: Mapped[str]
    text: Mapped[str]
    spoken: Mapped[str | None]
    channel: Mapped[str]
    started_at: Mapped[datetime]
    latency: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    tools: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    signals: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


async def create(
    session: Session,
    *,
    channel: str,
    flow: str,
    flow_version: int,
    state: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Conversation:
    """Begin a conversation (``id`` may be given)."""
    row = Conversation(
        channel=channel, flow=flow, flow_version=flow_version, state=dict(state or {}), **fields
    )
    session.add(row)
    await session.flush()
    return row


async def load(session: Session, conversation_id: UUID) -> Conversation:
    """The conversation as stored now (platform: anyone's). NotFound."""
    query = select(Conversation).where(Conversation.id == conversation_id)
    row = await session.scalar(query, execution_options={"populate_existing": True})
    if row is None:
        raise NotFound("no such conversation")
    return row


async def keep(
    session: Session,
    conversation_id: UUID,
    expected_version: int,
    owner: str,
    *,
    now: datetime,
    seconds: float,
    **fields: Any,
) -> int:
    """Store ``fields`` and hold the lease in one statement; returns the new version.

    Conflict: ``in_use`` when another line holds the lease, ``stale`` when somebody else saved since.
    """
    new: int | None = await session.scalar(
        update(Conversation)
        .where(
            Conversation.id == conversation_id, Conversation.version == expected_version, _free(owner, now)
        )
        .values(
            version=expected_version + 1,
            lease_owner=owner,
            lease_until=now + timedelta(seconds=seconds),
            **fields,
        )
        .returning(Conversation.version)
        .execution_options(synchronize_session=False)
    )
    if new is not None:
        return new
    row = await load(session, conversation_id)
    if row.lease_owner not in (None, owner) and row.lease_until is not None and row.lease_until > now:
        raise Conflict("another line drives this conversation now", code="in_use")
    raise Conflict("the conversation has moved on since it was read", code="stale")


async def append(
    session: Session,
    conversation_id: UUID,
    *,
    events: Sequence[tuple[str, Mapping[str, Any]]] = (),
    turns: Sequence[Mapping[str, Any]] = (),
    at: datetime,
) -> int:
    """Append events and turns (fields of ``Turn``) in order, numbered here; the newest turn's number."""
    last = select(_last(ConversationEvent.seq, conversation_id).scalar_subquery()).add_columns(
        _last(Turn.n, conversation_id).scalar_subquery()
    )
    seq, n = (value or 0 for value in (await session.execute(last)).one())
    for number, (kind, data) in enumerate(events, seq + 1):
        session.add(
            ConversationEvent(conversation_id=conversation_id, seq=number, kind=kind, data=dict(data), at=at)
        )
    for number, fields in enumerate(turns, n + 1):
        session.add(Turn(conversation_id=conversation_id, n=number, **fields))
    await session.flush()
    return int(n) + len(turns)


async def set_turn_latency(
    session: Session,
    conversation_id: UUID,
    n: int,
    latency: Mapping[str, float],
    signals: Mapping[str, Any] | None = None,
) -> None:
    """What a turn took, known once it was heard: milliseconds by cause; and its ``signals``."""
    await session.execute(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.n == n)
        .values(latency=dict(latency), signals=dict(signals or {}))
        .execution_options(synchronize_session=False)
    )


def _last(counter: Any, conversation_id: UUID) -> Any:
    return select(func.max(counter)).where(counter.class_.conversation_id == conversation_id)


async def turns(session: Session, conversation_id: UUID) -> Sequence[Turn]:
    """The transcript in order."""
    return (
        await session.scalars(select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.n))
    ).all()


async def events(session: Session, conversation_id: UUID, *, after: int = 0) -> Sequence[ConversationEvent]:
    """The event log in order, from behind ``after``."""
    query = select(ConversationEvent).where(
        ConversationEvent.conversation_id == conversation_id, ConversationEvent.seq > after
    )
    return (await session.scalars(query.order_by(ConversationEvent.seq))).all()


async def end(
    session: Session, conversation_id: UUID, *, at: datetime, reason: str, status: str = "ended"
) -> bool:
    """Close an open conversation and free its lease; False when it was closed already."""
    statement = (
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.status == "open")
        .values(status=status, ended_at=at, end_reason=reason, lease_owner=None, lease_until=None)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


# --- coming back ------------------------------------------------------------------------------------


def _code_hash(session: Session, code: str) -> str:
    return fingerprint(f"{tenant_of(session)}:{code}")


async def give_resume_code(session: Session, conversation_id: UUID) -> str:
    """A six-digit code, unique among the tenant's unfinished conversations; kept as a hash. NotFound."""
    row = await load(session, conversation_id)
    for _ in range(20):
        code = resume_code()
        try:
            async with session.begin_nested():
                row.resume_code_hash = _code_hash(session, code)
                await session.flush()
            return code
        except IntegrityError:
            continue
    raise Conflict("no free resume code")


async def find_by_resume_code(session: Session, code: str) -> Conversation | None:
    """The unfinished conversation the code belongs to."""
    query = select(Conversation).where(
        Conversation.resume_code_hash == _code_hash(session, code), Conversation.status != "ended"
    )
    return await session.scalar(query)


async def finished_by_resume_code(session: Session, code: str) -> bool:
    """Whether a conversation that is finished had this code."""
    query = select(Conversation.id).where(
        Conversation.resume_code_hash == _code_hash(session, code),
        Conversation.status == "ended",
        Conversation.end_reason == "finished",
    )
    return (await session.scalars(query.limit(1))).first() is not None


async def count_resume_failure(session: Session, conversation_id: UUID) -> int:
    """One more wrong answer to "is this yours?"; returns how many there were."""
    count: int | None = await session.scalar(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(resume_failures=Conversation.resume_failures + 1)
        .returning(Conversation.resume_failures)
        .execution_options(synchronize_session=False)
    )
    return count or 0


async def latest_open_by_caller(
    session: Session, caller: str, *, flow: str | None = None
) -> Conversation | None:
    """The newest unfinished conversation from that number: a suggestion, never proof."""
    query = select(Conversation).where(Conversation.caller == caller, Conversation.status == "open")
    if flow is not None:
        query = query.where(Conversation.flow == flow)
    return await session.scalar(query.order_by(Conversation.id.desc()).limit(1))


# --- who drives it ----------------------------------------------------------------------------------


def _free(owner: str, now: datetime) -> ColumnElement[bool]:
    """Whether that owner may drive."""
    return or_(
        Conversation.lease_owner.is_(None),
        Conversation.lease_owner == owner,
        Conversation.lease_until <= now,
    )


async def take_lease(
    session: Session, conversation_id: UUID, owner: str, *, now: datetime, seconds: float
) -> bool:
    """Become (or stay) the one driver until ``now + seconds``; False while another holds it.

    ``owner`` is the call or the socket, so that a call that comes back to another process goes on at once.
    """
    statement = (
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            _free(owner, now),
        )
        .values(lease_owner=owner, lease_until=now + timedelta(seconds=seconds))
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def renew_lease(
    session: Session, conversation_id: UUID, owner: str, *, now: datetime, seconds: float
) -> bool:
    """Hold on; False when the lease has gone to another."""
    statement = (
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.lease_owner == owner)
        .values(lease_until=now + timedelta(seconds=seconds))
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def release_lease(session: Session, conversation_id: UUID, owner: str) -> None:
    """Let go, if still held."""
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
