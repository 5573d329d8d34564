"""Proof: receipts of what a tool did, and an audit trail that shows when it was touched (C44)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, insert_unless_there, of_tenant, tenant_of, to_json

GENESIS = "0" * 64


class Receipt(TenantRow, Base):
    """One tool call that wrote something. ``key`` makes it happen once; ``undo`` is what undoing needs.

    ``conversation_id`` may be a conversation of the house tenant, so it is no foreign key.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "key"),
        Index("ix_receipts_tenant_id_conversation_id", "tenant_id", "conversation_id"),
    )

    tool: Mapped[str]
    key: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    status: Mapped[str]
    conversation_id: Mapped[UUID | None]
    undo: Mapped[dict[str, Any] | None]
    undone_at: Mapped[datetime | None]


class AuditEntry(TenantRow, Base):
    """Who did what to what, before and after. Append-only; ``hash`` covers the entry and ``prev_hash``.

    The chain covers digests of ``before`` and ``after``, not their text: when a person's data must go, the
    text and the ``salt`` that went into the digests are wiped, once and for good (``redacted_at``), and the
    chain still holds. Postgres lets through that change and no other (C34, C44). Entries without digests
    were written before there were any; their text itself is hashed.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "seq"))

    seq: Mapped[int]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]
    prev_hash: Mapped[str]
    hash: Mapped[str]
    before_digest: Mapped[str | None]
    after_digest: Mapped[str | None]
    salt: Mapped[str | None]
    redacted_at: Mapped[datetime | None]


class AuditHead(TenantRow, Base):
    """Where a tenant's chain ends: writers queue on this row, and a cut-off tail shows."""

    __tablename__ = "audit_heads"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id"))

    seq: Mapped[int] = mapped_column(server_default="0")
    hash: Mapped[str] = mapped_column(server_default=GENESIS)


async def find_receipt(session: Session, key: str) -> Receipt | None:
    """The receipt under that key, if the thing was done already."""
    return await session.scalar(select(Receipt).where(Receipt.key == key))


async def write_receipt(
    session: Session,
    *,
    tool: str,
    key: str,
    arguments: Mapping[str, Any],
    result: Mapping[str, Any],
    status: str,
    conversation_id: UUID | None = None,
    undo: Mapping[str, Any] | None = None,
) -> Receipt:
    """Record a write, in its own transaction. A second one under the same key is a Conflict."""
    receipt = Receipt(
        tool=tool,
        key=key,
        arguments=dict(arguments),
        result=dict(result),
        status=status,
        conversation_id=conversation_id,
        undo=None if undo is None else dict(undo),
    )
    session.add(receipt)
    await session.flush()
    return receipt


async def receipts(session: Session, conversation_id: UUID) -> Sequence[Receipt]:
    """What was done in a conversation for this tenant, in order."""
    query = select(Receipt).where(Receipt.conversation_id == conversation_id).order_by(Receipt.id)
    return (await session.scalars(query)).all()


async def latest_undoable(session: Session, conversation_id: UUID) -> Receipt | None:
    """What "undo that" means: the newest write of the conversation that can still be undone."""
    query = select(Receipt).where(
        Receipt.conversation_id == conversation_id, Receipt.undo.is_not(None), Receipt.undone_at.is_(None)
    )
    return await session.scalar(query.order_by(Receipt.id.desc()).limit(1).with_for_update())


async def mark_undone(session: Session, receipt_id: UUID, *, at: datetime) -> Receipt:
    """The write was taken back. NotFound."""
    receipt = await session.scalar(select(Receipt).where(Receipt.id == receipt_id).with_for_update())
    if receipt is None:
        raise NotFound("no such receipt")
    receipt.undone_at = receipt.undone_at or at
    await session.flush()
    return receipt


# --- the chain --------------------------------------------------------------------------------------


def _digest(salt: str, content: Mapping[str, Any] | None) -> str:
    """Of one side of a change; salted, so that what was wiped cannot be guessed from it."""
    return hashlib.sha256(f"{salt}|{_canonical(content)}".encode()).hexdigest()


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _hash(entry: AuditEntry) -> str:
    told = entry.before_digest is not None
    covered = [
        str(entry.tenant_id),
        entry.seq,
        entry.actor,
        entry.action,
        entry.subject,
        entry.before_digest if told else entry.before,
        entry.after_digest if told else entry.after,
        entry.at.astimezone(UTC).isoformat(),
        entry.prev_hash,
    ]
    return hashlib.sha256(_canonical(covered).encode()).hexdigest()


def _holds(entry: AuditEntry) -> bool:
    """Whether an entry's text and hash are those it was written with."""
    if entry.before_digest is not None:
        if entry.redacted_at is not None:
            if (entry.before, entry.after, entry.salt) != (None, None, None):
                return False
        elif (entry.before_digest, entry.after_digest) != (
            _digest(entry.salt or "", entry.before),
            _digest(entry.salt or "", entry.after),
        ):
            return False
    return entry.hash == _hash(entry)


async def audit(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append to the session's tenant's trail, in the transaction of the act itself."""
    await insert_unless_there(session, AuditHead, {}, conflict=["tenant_id"])
    # read anew under the lock: this session may remember an older end of the chain
    query = select(AuditHead).with_for_update().execution_options(populate_existing=True)
    head = (await session.scalars(query)).one()
    entry = AuditEntry(
        tenant_id=tenant_of(session),
        seq=head.seq + 1,
        actor=actor,
        action=action,
        subject=subject,
        # hashed as they will be read back: after one round through JSON
        before=None if before is None else json.loads(to_json(before)),
        after=None if after is None else json.loads(to_json(after)),
        salt=secrets.token_hex(16),
        at=at,
        prev_hash=head.hash,
    )
    entry.before_digest = _digest(entry.salt or "", entry.before)
    entry.after_digest = _digest(entry.salt or "", entry.after)
    entry.hash = _hash(entry)
    session.add(entry)
    head.seq, head.hash = entry.seq, entry.hash
    await session.flush()
    return entry


async def audit_trail(session: Session, *, after: int = 0, limit: int = 100) -> Sequence[AuditEntry]:
    """The tenant's own trail, oldest first, from behind sequence ``after``."""
    query = select(AuditEntry).where(AuditEntry.seq > after).order_by(AuditEntry.seq).limit(limit)
    return (await session.scalars(query)).all()


async def audit_page(
    session: Session,
    *,
    limit: int,
    before: int | None = None,
    actor: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    at_from: datetime | None = None,
    at_to: datetime | None = None,
) -> Sequence[AuditEntry]:
    """The tenant's own trail, newest first, from behind sequence ``before``.

    ``actor`` matches with or without the channel ("member:<id>" finds "member:<id>/api").
    """
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    if actor is not None:
        query = query.where(
            or_(AuditEntry.actor == actor, AuditEntry.actor.startswith(f"{actor}/", autoescape=True))
        )
    if action is not None:
        query = query.where(AuditEntry.action == action)
    if subject is not None:
        query = query.where(AuditEntry.subject == subject)
    if at_from is not None:
        query = query.where(AuditEntry.at >= at_from)
    if at_to is not None:
        query = query.where(AuditEntry.at < at_to)
    return (await session.scalars(query)).all()


async def written_by_others(session: Session, own: Collection[str], *, until: datetime | None = None) -> bool:
    """Whether people of the platform wrote to the tenant's set-up: the operator by hand, or its staff.

    ``own``: the actors that are the tenant's ("member:<id>"). The order itself ("provision ...", the
    account it opens) is nobody's help.
    """
    query = select(AuditEntry.id).where(
        or_(AuditEntry.actor.like("operator%"), AuditEntry.actor.like("member:%")),
        *(AuditEntry.actor.not_like(f"{actor}%") for actor in own),  # "member:<id>/<channel>"
        AuditEntry.action.not_like("provision%"),
        AuditEntry.action != "open_account",
    )
    if until is not None:
        query = query.where(AuditEntry.at <= until)
    return await session.scalar(query.limit(1)) is not None


async def audit_length(session: Session) -> int:
    """How many entries the tenant's trail has."""
    return int(await session.scalar(select(AuditHead.seq)) or 0)


async def verify_chain(session: Session) -> int | None:
    """None when the tenant's trail is whole, else the first number that was changed, removed or cut off."""
    previous, expected = GENESIS, 1
    while batch := await audit_trail(session, after=expected - 1, limit=500):
        for entry in batch:
            if entry.seq != expected or entry.prev_hash != previous or not _holds(entry):
                return expected
            previous, expected = entry.hash, expected + 1
        session.expunge_all()
    head = await session.scalar(select(AuditHead))
    if head is not None and (head.seq, head.hash) != (expected - 1, previous):
        return expected
    return None


async def redact(session: Session, entry_ids: Collection[UUID], *, at: datetime) -> int:
    """Wipe what entries say was changed; who did what, when, and the chain stay. How many were wiped.

    Entries from before there were digests cannot be wiped without breaking the chain; they are left.
    """
    wiped = await session.scalars(
        update(AuditEntry)
        .where(
            AuditEntry.id.in_(entry_ids),
            AuditEntry.redacted_at.is_(None),
            AuditEntry.before_digest.is_not(None),
        )
        .values(before=None, after=None, salt=None, redacted_at=at)
        .returning(AuditEntry.id)
        .execution_options(synchronize_session=False)
    )
    return len(wiped.all())
