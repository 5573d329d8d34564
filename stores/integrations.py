"""What a client wants connected (CRM, calendar, webhooks, lead sources) and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, change, insert_unless_there, of_tenant

KINDS = ("crm", "calendar", "webhook", "lead_source")
STATES = ("chosen", "pending_link", "connected", "failed")


class Integration(TenantRow, Base):
    """One connection. Credentials are never here but in the vault. ``last_test``: {ok, at, detail, ids}."""

    __tablename__ = "integrations"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "kind", "vendor"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"state in {STATES}", name="state"),
    )

    kind: Mapped[str]
    vendor: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="chosen")
    config: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    last_test: Mapped[dict[str, Any] | None]


async def upsert_integration(session: Session, kind: str, vendor: str, **fields: Any) -> Integration:
    """Choose a vendor for a kind, or change the named fields of that choice."""
    values = {"kind": kind, "vendor": vendor, **fields}
    created = await insert_unless_there(
        session, Integration, values, conflict=["tenant_id", "kind", "vendor"]
    )
    if created is not None:
        return created
    query = select(Integration).where(Integration.kind == kind, Integration.vendor == vendor)
    return await change(session, (await session.scalars(query)).one(), fields)


async def get_integration(session: Session, integration_id: UUID, *, lock: bool = False) -> Integration:
    """One connection. NotFound."""
    query = select(Integration).where(Integration.id == integration_id)
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("no such integration")
    return row


async def list_integrations(
    session: Session,
    *,
    kind: str | None = None,
    state: str | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> Sequence[Integration]:
    """The tenant's connections, oldest first."""
    query = select(Integration).order_by(Integration.id).limit(limit)
    if kind is not None:
        query = query.where(Integration.kind == kind)
    if state is not None:
        query = query.where(Integration.state == state)
    if after is not None:
        query = query.where(Integration.id > after)
    return (await session.scalars(query)).all()


async def change_integration(session: Session, integration_id: UUID, **fields: Any) -> Integration:
    """Change fields of a connection. NotFound."""
    return await change(session, await get_integration(session, integration_id), fields)


async def remove_integration(session: Session, integration_id: UUID) -> None:
    """Forget a connection. NotFound."""
    await session.delete(await get_integration(session, integration_id))
    await session.flush()
