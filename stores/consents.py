"""Who may be contacted: the ledger of consent, the do-not-call list, and what was dialled (C01, C04, C06).

The ledger is append-only proof and survives a deletion request (C33): it holds a number, what was agreed
to and where that is shown, and nothing else about a person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from stores.base import Base, Session, TenantRow, insert_unless_there, of_tenant
from stores.conversations import Turn

ConsentKind = Literal["voice", "voice_ai", "sms", "email"]
KINDS: tuple[ConsentKind, ...] = ("voice", "voice_ai", "sms", "email")


class Consent(TenantRow, Base):
    """One act of agreeing or taking it back. The newest of a number and kind is what holds.

    ``voice``: calls by people. ``voice_ai``: calls by an artificial voice, which the TCPA takes an AI's for
    (FCC 24-17); ``voice`` granted and ``voice_ai`` refused is "a person may call".
    ``text_version`` and ``text``: what was agreed to, word for word. ``evidence``: where it is shown
    ("conversation:<id>"). ``source``: voice, chat, sms, page, import.
    """

    __tablename__ = "consents"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("kind in ('voice', 'voice_ai', 'sms', 'email')", name="kind"),
        Index("ix_consents_tenant_id_address_kind", "tenant_id", "address", "kind", "at"),
    )

    address: Mapped[str]
    kind: Mapped[str]
    granted: Mapped[bool]
    text_version: Mapped[str | None]
    text: Mapped[str | None]
    evidence: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime]
    conversation_id: Mapped[UUID | None]


class DoNotCall(TenantRow, Base):
    """A number nobody may contact for this tenant on any channel, from ``listed_at`` until ``cleared_at``.

    ``cleared_at`` is set by a new consent of the person alone; the row stays.
    """

    __tablename__ = "do_not_call"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "phone"))

    phone: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]
    evidence: Mapped[str]
    listed_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[str | None]


class DialAttempt(TenantRow, Base):
    """One time the gate was asked. ``allowed``: it was let through and counts against the number."""

    __tablename__ = "dial_attempts"
    __table_args__ = (
        of_tenant(),
        Index("ix_dial_attempts_tenant_id_phone_at", "tenant_id", "phone", "at"),
    )

    phone: Mapped[str]
    purpose: Mapped[str]
    allowed: Mapped[bool] = mapped_column(server_default=text("false"))
    reason: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    at: Mapped[datetime]


# --- the ledger ---------------------------------------------------------------------------------------


async def record_consent(
    session: Session,
    *,
    address: str,
    kinds: Collection[str],
    granted: bool,
    evidence: str,
    source: str,
    at: datetime,
    text_version: str | None = None,
    text: str | None = None,
    conversation_id: UUID | None = None,
) -> list[Consent]:
    """Note that somebody agreed, or took it back. ``address``: E.164, or an e-mail address.

    What is so already is not noted twice, unless another text was agreed to.
    """
    held = await consents(session, address)
    written = []
    for kind in kinds:
        now = held.get(kind)
        if now is not None and now.granted is granted and now.text_version == text_version:
            continue
        if now is None and not granted and kind not in ("voice", "voice_ai"):
            continue  # nothing to take back; a voice that is refused is refused beforehand, too
        row = Consent(
            address=address,
            kind=kind,
            granted=granted,
            text_version=text_version,
            text=text,
            evidence=evidence,
            source=source,
            at=at,
            conversation_id=conversation_id,
        )
        session.add(row)
        written.append(row)
    await session.flush()
    return written


async def consents(session: Session, address: str) -> Mapping[str, Consent]:
    """What holds now for a number or address, by kind; kinds never spoken of are missing."""
    rows = await session.scalars(
        select(Consent).where(Consent.address == address).order_by(Consent.at, Consent.id)
    )
    return {row.kind: row for row in rows}


async def history(session: Session, address: str) -> Sequence[Consent]:
    """Everything ever agreed to or taken back, oldest first (proof)."""
    query = select(Consent).where(Consent.address == address).order_by(Consent.at, Consent.id)
    return (await session.scalars(query)).all()


# --- the list -----------------------------------------------------------------------------------------


async def list_number(
    session: Session, phone: str, *, reason: str, source: str, evidence: str, at: datetime
) -> DoNotCall:
    """Put a number on the list; one that is on it stays as it is, one that was cleared is listed again."""
    values = {"phone": phone, "reason": reason, "source": source, "evidence": evidence, "listed_at": at}
    row = await insert_unless_there(session, DoNotCall, values, conflict=["tenant_id", "phone"])
    if row is None:
        row = (
            await session.scalars(select(DoNotCall).where(DoNotCall.phone == phone).with_for_update())
        ).one()
        if row.cleared_at is not None:
            row.cleared_at = row.cleared_by = None
            row.reason, row.source, row.evidence, row.listed_at = reason, source, evidence, at
            await session.flush()
    return row


async def clear_number(session: Session, phone: str, *, by: str, at: datetime) -> DoNotCall | None:
    """Take a number off the list because the person agreed again; None when it was not on it."""
    query = select(DoNotCall).where(DoNotCall.phone == phone, DoNotCall.cleared_at.is_(None))
    row = await session.scalar(query.with_for_update())
    if row is not None:
        row.cleared_at, row.cleared_by = at, by
        await session.flush()
    return row


async def listed(session: Session, phone: str) -> DoNotCall | None:
    """The number's entry if it may not be contacted now."""
    query = select(DoNotCall).where(DoNotCall.phone == phone, DoNotCall.cleared_at.is_(None))
    return await session.scalar(query)


# --- attempts -----------------------------------------------------------------------------------------


async def note_attempt(
    session: Session,
    phone: str,
    *,
    purpose: str,
    allowed: bool,
    reason: str,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> DialAttempt:
    """Note what the gate said."""
    row = DialAttempt(
        phone=phone, purpose=purpose, allowed=allowed, reason=reason, at=at, facts=dict(facts or {})
    )
    session.add(row)
    await session.flush()
    return row


async def uncount_attempt(session: Session, attempt_id: UUID, *, reason: str) -> None:
    """An attempt that was let through and never came about; why is kept."""
    row = await session.scalar(select(DialAttempt).where(DialAttempt.id == attempt_id).with_for_update())
    if row is not None and row.allowed:
        row.allowed, row.reason = False, reason
        await session.flush()


async def attempts_since(session: Session, phone: str, since: datetime) -> int:
    """How often the number was let through since that moment."""
    query = select(func.count()).where(
        DialAttempt.phone == phone, DialAttempt.allowed.is_(True), DialAttempt.at > since
    )
    return int(await session.scalar(query) or 0)


async def attempts(session: Session, phone: str, *, limit: int = 50) -> Sequence[DialAttempt]:
    """What was asked of the gate about a number, newest first."""
    query = (
        select(DialAttempt)
        .where(DialAttempt.phone == phone)
        .order_by(DialAttempt.at.desc(), DialAttempt.id.desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()


# --- nothing of it is kept ------------------------------------------------------------------------------


async def blank_turns(session: Session, conversation_id: UUID, *, mask: str = "[removed]") -> int:
    """Take a caller's words out of a conversation that may not be kept (C36); how many turns were blanked."""
    gone = await session.scalars(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.role == "caller", Turn.text != mask)
        .values(text=mask, spoken=None)
        .returning(Turn.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(gone.all())
