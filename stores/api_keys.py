"""API keys: shown once, kept as a fingerprint, narrowed to rights, rotated, revoked (B005, A039)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.orm import Mapped

from core.errors import Conflict, NotFound
from stores.base import Base, Session, TenantRow, of_tenant
from stores.tenancy import Tenant


class ApiKey(TenantRow, Base):
    """One key. ``prefix``: what people recognise it by; ``role``: the most it can ever do, ``scopes`` less.

    ``made_by`` names who made it as the audit trail does.
    """

    __tablename__ = "api_keys"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "key_hash"))

    name: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[str]
    role: Mapped[str]
    scopes: Mapped[list[str]]
    made_by: Mapped[str]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    replaced_by: Mapped[UUID | None]
    last_used_at: Mapped[datetime | None]


async def add_key(
    session: Session,
    *,
    name: str,
    prefix: str,
    key_hash: str,
    role: str,
    scopes: Sequence[str],
    made_by: str,
    expires_at: datetime | None,
    most: int,
    at: datetime,
) -> ApiKey:
    """Keep a new key. Conflict when the organisation has ``most`` live ones already."""
    # its own lock on the organisation's row: two at once cannot both be the last one that fits
    await session.scalars(select(Tenant.id).with_for_update(key_share=True))
    live = await session.scalar(select(func.count(ApiKey.id)).where(*_live(at)))
    if (live or 0) >= most:
        raise Conflict(f"there are {most} keys already; revoke one first", code="too_many_keys")
    row = ApiKey(
        name=name,
        prefix=prefix,
        key_hash=key_hash,
        role=role,
        scopes=sorted(scopes),
        made_by=made_by,
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    return row


def _live(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (ApiKey.revoked_at.is_(None), or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > at))


async def key_of(session: Session, key_hash: str, *, at: datetime, seen_every: timedelta) -> ApiKey | None:
    """The key, if it may be used now; its last use is noted, to within ``seen_every``."""
    query = (
        select(ApiKey)
        .join(Tenant, Tenant.id == ApiKey.tenant_id)
        .where(ApiKey.key_hash == key_hash, *_live(at), Tenant.status != "closed")
    )
    row = await session.scalar(query)
    if row is not None and (row.last_used_at is None or row.last_used_at <= at - seen_every):
        await session.execute(
            update(ApiKey)
            .where(ApiKey.id == row.id)
            .values(last_used_at=at)
            .execution_options(synchronize_session=False)
        )
    return row


async def list_keys(session: Session, *, after: UUID | None = None, limit: int = 50) -> Sequence[ApiKey]:
    """The organisation's keys, oldest first, revoked ones too."""
    query = select(ApiKey).order_by(ApiKey.id).limit(limit)
    if after is not None:
        query = query.where(ApiKey.id > after)
    return (await session.scalars(query)).all()


async def keys_made_by(session: Session, maker: str, *, at: datetime) -> Sequence[ApiKey]:
    """The live keys that somebody made, oldest first, until the transaction ends nobody else's to change."""
    query = select(ApiKey).where(ApiKey.made_by == maker, *_live(at)).order_by(ApiKey.id).with_for_update()
    return (await session.scalars(query)).all()


async def get_key(session: Session, key_id: UUID, *, lock: bool = False) -> ApiKey:
    """One key; ``lock``: until the transaction ends. NotFound."""
    query = select(ApiKey).where(ApiKey.id == key_id)
    if lock:  # read anew: who waited for the lock must see what the other one did
        query = query.with_for_update().execution_options(populate_existing=True)
    row = await session.scalar(query)
    if row is None:
        raise NotFound("no such key")
    return row


async def forget_key(session: Session, key_id: UUID) -> None:
    """No trace of the key is left but the audit's; for keys that nobody was ever given."""
    await session.execute(delete(ApiKey).where(ApiKey.id == key_id))


async def end_key(
    session: Session,
    row: ApiKey,
    *,
    revoked_at: datetime | None = None,
    expires_at: datetime | None = None,
    replaced_by: UUID | None = None,
) -> None:
    """Revoke a key now, or let it run out when its successor has taken over."""
    if revoked_at is not None:
        row.revoked_at = row.revoked_at or revoked_at
    if expires_at is not None:
        row.expires_at = min(row.expires_at or expires_at, expires_at)
    row.replaced_by = replaced_by or row.replaced_by
    await session.flush()
