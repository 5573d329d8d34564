"""What a request with an idempotency key was answered, so that asking again does nothing again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import InvalidInput, Problem
from stores.base import Base, Session, TenantRow, insert_unless_there, of_tenant

LASTS = timedelta(hours=24)
"""How long a reply can be had again."""

LEASE = timedelta(seconds=60)
"""How long a request that has not answered keeps others out; then its process is taken for dead."""


class IdempotentRequest(TenantRow, Base):
    """One request under a key. ``status`` is None while it runs; ``attempt`` counts who took it over.

    ``digest`` is of the request (who, query, body), so a key cannot stand for two of them. ``reply`` is the
    body as sent, encrypted with the tenant's data key where ``sealed``.
    """

    __tablename__ = "idempotent_requests"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "route", "key"))

    route: Mapped[str]
    key: Mapped[str]
    digest: Mapped[str]
    attempt: Mapped[int] = mapped_column(server_default="1")
    busy_until: Mapped[datetime]
    expires_at: Mapped[datetime]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    reply: Mapped[bytes] = mapped_column(LargeBinary, server_default="")
    sealed: Mapped[bool] = mapped_column(server_default="false")


@dataclass(frozen=True)
class Claim:
    """The right to run a request: its row, and which attempt it is."""

    id: UUID
    attempt: int


class KeyReused(InvalidInput):
    """The key stands for another request."""

    code = "idempotency_key_reused"


async def claim(
    session: Session, *, route: str, key: str, digest: str, now: datetime
) -> Claim | IdempotentRequest | None:
    """Take a request on: a Claim, its stored reply, or None while another runs it. KeyReused."""
    fresh = {
        "route": route,
        "key": key,
        "digest": digest,
        "busy_until": now + LEASE,
        "expires_at": now + LASTS,
    }
    row = await insert_unless_there(session, IdempotentRequest, fresh, conflict=["tenant_id", "route", "key"])
    if row is not None:
        return Claim(row.id, row.attempt)
    query = select(IdempotentRequest).where(IdempotentRequest.route == route, IdempotentRequest.key == key)
    row = await session.scalar(query.with_for_update())
    if row is None:
        return None  # given up this moment; the next look takes it
    expired = row.expires_at <= now
    if row.digest != digest and not expired:
        raise KeyReused(
            "this Idempotency-Key was used for another request",
            problems=[
                Problem(
                    "stands for another request already",
                    "header.Idempotency-Key",
                    "send the same request with it, or a new key",
                    "idempotency_key_reused",
                )
            ],
        )
    if row.status is not None and not expired:
        return row
    if row.status is None and row.busy_until > now:
        return None
    row.digest, row.attempt, row.status, row.reply, row.headers = digest, row.attempt + 1, None, b"", {}
    row.busy_until, row.expires_at = now + LEASE, now + LASTS
    await session.flush()
    return Claim(row.id, row.attempt)


async def finish(
    session: Session,
    mine: Claim,
    *,
    status: int,
    headers: Mapping[str, str],
    reply: bytes,
    sealed: bool = False,
) -> bool:
    """Keep the reply. False when another has taken the request over meanwhile."""
    row = await _held(session, mine)
    if row is None:
        return False
    row.status, row.headers, row.reply, row.sealed = status, dict(headers), reply, sealed
    await session.flush()
    return True


async def give_up(session: Session, mine: Claim) -> None:
    """The request was not done: whoever asks again runs it again."""
    row = await _held(session, mine)
    if row is not None:
        await session.delete(row)
        await session.flush()


async def with_expired(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Platform: whose replies have expired."""
    query = select(IdempotentRequest.tenant_id).where(IdempotentRequest.expires_at <= now).distinct()
    return (await session.scalars(query)).all()


async def purge(session: Session, *, now: datetime) -> None:
    """Forget the tenant's replies that have expired."""
    await session.execute(delete(IdempotentRequest).where(IdempotentRequest.expires_at <= now))


async def _held(session: Session, mine: Claim) -> IdempotentRequest | None:
    query = select(IdempotentRequest).where(
        IdempotentRequest.id == mine.id,
        IdempotentRequest.attempt == mine.attempt,
        IdempotentRequest.status.is_(None),
    )
    return await session.scalar(query.with_for_update())
