"""Files made of everything a tenant has, and requests about somebody's data (A031, C34, C35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, change, of_tenant

ARCHIVE_STATES = ("waiting", "running", "ready", "failed", "gone")
REQUEST_STATES = ("received", "verified", "done", "refused", "cancelled")


class Archive(TenantRow, Base):
    """An export or a backup: what became of it, and where its file lies.

    ``progress``: tables done of ``steps``. ``claimed_until``: a maker that dies leaves it to the next one.
    ``gone``: the file was removed (``expires_at``, or the tenant was deleted).
    """

    __tablename__ = "archives"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("kind in ('export', 'backup')", name="kind"),
        CheckConstraint(f"state in {ARCHIVE_STATES}", name="state"),
        Index("ix_archives_tenant_id_state", "tenant_id", "state"),
    )

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    progress: Mapped[int] = mapped_column(server_default="0")
    steps: Mapped[int] = mapped_column(server_default="0")
    requested_by: Mapped[str]
    claimed_until: Mapped[datetime | None]
    path: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    error: Mapped[str | None]


class PrivacyRequest(TenantRow, Base):
    """Somebody wants their data deleted or handed out. Outlives the data as proof that it was done.

    ``scope``: "person" (a lead) or "tenant". ``phone``/``email`` name the person until it is done; then only
    ``subject`` remains, a keyed digest. ``report``: what was found and done, store by store, with counts.
    """

    __tablename__ = "privacy_requests"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("kind in ('deletion', 'access')", name="kind"),
        CheckConstraint("scope in ('person', 'tenant')", name="scope"),
        CheckConstraint(f"state in {REQUEST_STATES}", name="state"),
        Index("ix_privacy_requests_tenant_id_state", "tenant_id", "state"),
    )

    kind: Mapped[str]
    scope: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="received")
    phone: Mapped[str | None]
    email: Mapped[str | None]
    subject: Mapped[str | None]
    opted_out: Mapped[bool] = mapped_column(server_default="false")
    requested_by: Mapped[str]
    channel: Mapped[str]
    code_hash: Mapped[str | None]
    code_failures: Mapped[int] = mapped_column(server_default="0")
    ticket_number: Mapped[int | None]
    received_at: Mapped[datetime]
    acknowledge_by: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    not_before: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]


# --- archives ---------------------------------------------------------------------------------------


async def order_archive(session: Session, kind: str, *, requested_by: str) -> Archive:
    """Have one made; one that is already waiting or running is returned instead."""
    query = select(Archive).where(Archive.kind == kind, Archive.state.in_(("waiting", "running")))
    row = await session.scalar(query)
    if row is None:
        row = Archive(kind=kind, requested_by=requested_by)
        session.add(row)
        await session.flush()
    return row


async def get_archive(session: Session, archive_id: UUID) -> Archive:
    """One archive as it is now. NotFound."""
    query = select(Archive).where(Archive.id == archive_id).execution_options(populate_existing=True)
    row = await session.scalar(query)
    if row is None:
        raise NotFound("no such export")
    return row


async def list_archives(session: Session, *, kind: str | None = None) -> Sequence[Archive]:
    """Newest first."""
    query = select(Archive).order_by(Archive.id.desc())
    if kind is not None:
        query = query.where(Archive.kind == kind)
    return (await session.scalars(query)).all()


async def claim_archive(session: Session, *, now: datetime, lease: timedelta) -> Archive | None:
    """The next one to make; nobody else takes it before the lease runs out."""
    query = (
        select(Archive)
        .where(
            or_(
                Archive.state == "waiting",
                (Archive.state == "running") & (Archive.claimed_until <= now),
            )
        )
        .order_by(Archive.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = await session.scalar(query)
    if row is not None:
        await change(session, row, {"state": "running", "claimed_until": now + lease, "progress": 0})
    return row


async def change_archive(session: Session, archive_id: UUID, **fields: Any) -> Archive:
    """Change the named fields. NotFound."""
    return await change(session, await get_archive(session, archive_id), fields)


async def tenants_with_archives_waiting(session: Session) -> Sequence[UUID]:
    """Platform: for whom one is to be made, or made again because its maker died."""
    query = select(Archive.tenant_id).where(Archive.state.in_(("waiting", "running"))).distinct()
    return (await session.scalars(query)).all()


# --- requests ---------------------------------------------------------------------------------------


async def add_request(session: Session, **fields: Any) -> PrivacyRequest:
    """Take a request in."""
    row = PrivacyRequest(**fields)
    session.add(row)
    await session.flush()
    return row


async def get_request(session: Session, request_id: UUID, *, lock: bool = False) -> PrivacyRequest:
    """One request. NotFound."""
    query = select(PrivacyRequest).where(PrivacyRequest.id == request_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = await session.scalar(query)
    if row is None:
        raise NotFound("no such request")
    return row


async def open_requests(session: Session, *, scope: str | None = None) -> Sequence[PrivacyRequest]:
    """What is not settled yet, the most urgent first."""
    query = (
        select(PrivacyRequest)
        .where(PrivacyRequest.state.in_(("received", "verified")))
        .order_by(PrivacyRequest.due_at, PrivacyRequest.id)
    )
    if scope is not None:
        query = query.where(PrivacyRequest.scope == scope)
    return (await session.scalars(query)).all()


async def list_requests(session: Session, *, limit: int = 200) -> Sequence[PrivacyRequest]:
    """All of them, newest first."""
    return (
        await session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.id.desc()).limit(limit))
    ).all()


async def tenants_with_open_requests(session: Session) -> Sequence[UUID]:
    """Platform: where something is to be done."""
    query = (
        select(PrivacyRequest.tenant_id).where(PrivacyRequest.state.in_(("received", "verified"))).distinct()
    )
    return (await session.scalars(query)).all()
