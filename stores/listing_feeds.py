"""Where a client's listings come from by themselves: an MLS, how often, how the last reading went (A047)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, belongs_to, change, of_tenant


class ListingFeed(TenantRow, Base):
    """One MLS by its RESO Web API. The token is a secret in the vault, never here.

    ``watermark``: the newest ModificationTimestamp taken over; the next reading asks for what is newer.
    ``whole_at``: when all of it was last read, which is what shows listings that were removed there.
    ``failures`` in a row; ``lease_until``: a process reads it now. ``last``: counts of the last reading.
    """

    __tablename__ = "listing_feeds"
    __table_args__ = (
        of_tenant(),
        belongs_to("tickets", "ticket_id"),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("every_minutes between 15 and 10080", name="every_minutes"),
        Index("ix_listing_feeds_tenant_id_enabled_next_at", "tenant_id", "enabled", "next_at"),
    )

    name: Mapped[str]
    root: Mapped[str]
    cities: Mapped[list[str]] = mapped_column(server_default="{}")
    every_minutes: Mapped[int] = mapped_column(server_default="60")
    enabled: Mapped[bool] = mapped_column(server_default="true")
    next_at: Mapped[datetime]
    watermark: Mapped[datetime | None]
    whole_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    last: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    failures: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    ticket_id: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]


async def add(session: Session, **fields: Any) -> ListingFeed:
    """A new one."""
    row = ListingFeed(**fields)
    session.add(row)
    await session.flush()
    return row


async def get(session: Session, feed_id: UUID, *, lock: bool = False) -> ListingFeed:
    """One of them. NotFound."""
    query = select(ListingFeed).where(ListingFeed.id == feed_id)
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("no such feed")
    return row


async def feeds(session: Session) -> Sequence[ListingFeed]:
    """All of a client's, by name."""
    return (await session.scalars(select(ListingFeed).order_by(ListingFeed.name))).all()


async def move(session: Session, row: ListingFeed, fields: Mapping[str, Any]) -> ListingFeed:
    """Change columns."""
    return await change(session, row, fields)


async def remove(session: Session, feed_id: UUID) -> None:
    """Read it no more; the listings it brought stay. NotFound."""
    await session.delete(await get(session, feed_id))
    await session.flush()


async def take_due(session: Session, *, now: datetime, until: datetime) -> ListingFeed | None:
    """The next one that is due, leased until then; None when there is none. Two takers get two."""
    query = (
        select(ListingFeed)
        .where(ListingFeed.enabled.is_(True), ListingFeed.next_at <= now)
        .where(ListingFeed.lease_until.is_(None) | (ListingFeed.lease_until <= now))
        .order_by(ListingFeed.next_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = await session.scalar(query)
    return await change(session, row, {"lease_until": until}) if row is not None else None


async def tenants_with_due(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Platform: whose listings are to be read."""
    query = select(ListingFeed.tenant_id).where(
        ListingFeed.enabled.is_(True),
        ListingFeed.next_at <= now,
        ListingFeed.lease_until.is_(None) | (ListingFeed.lease_until <= now),
    )
    return (await session.scalars(query.distinct())).all()
