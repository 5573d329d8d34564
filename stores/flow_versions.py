"""A client's own versions of a conversation flow: drafted, published, kept. The shipped flow is version 0."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, change, of_tenant, tenant_of
from stores.tenancy import Tenant


class FlowVersion(TenantRow, Base):
    """One version of one flow: its YAML as written, never rewritten once published.

    ``based_on`` is the version it began as; ``author`` who wrote it ("member:<id>").
    """

    __tablename__ = "flow_versions"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "flow", "version"),
        CheckConstraint("status in ('draft', 'live', 'retired')", name="status"),
        Index(
            "uq_flow_versions_live",
            "tenant_id",
            "flow",
            unique=True,
            postgresql_where=text("status = 'live'"),
        ),
    )

    flow: Mapped[str]
    version: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="draft")
    source: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    based_on: Mapped[int] = mapped_column(server_default="0")
    author: Mapped[str]
    published_at: Mapped[datetime | None]


async def versions(
    session: Session, flow: str | None = None, *, before: int | None = None, limit: int = 200
) -> Sequence[FlowVersion]:
    """The client's versions, newest first."""
    query = select(FlowVersion).order_by(FlowVersion.flow, FlowVersion.version.desc()).limit(limit)
    if flow is not None:
        query = query.where(FlowVersion.flow == flow)
    if before is not None:
        query = query.where(FlowVersion.version < before)
    return (await session.scalars(query)).all()


async def get_version(session: Session, flow: str, version: int, *, lock: bool = False) -> FlowVersion:
    """One version. NotFound."""
    query = select(FlowVersion).where(FlowVersion.flow == flow, FlowVersion.version == version)
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("no such version of this flow")
    return row


async def live_version(session: Session, flow: str, *, lock: bool = False) -> FlowVersion | None:
    """The published version; None while the shipped flow (version 0) is in force."""
    query = select(FlowVersion).where(FlowVersion.flow == flow, FlowVersion.status == "live")
    return await session.scalar(query.with_for_update() if lock else query)


async def queue_on_flows(session: Session) -> None:
    """Those who change a client's flows at once go one after the other."""
    await session.scalar(
        select(Tenant.id).where(Tenant.id == tenant_of(session)).with_for_update(key_share=True)
    )


async def draft(
    session: Session, *, flow: str, source: str, author: str, note: str = "", based_on: int = 0
) -> FlowVersion:
    """Write the next version as a draft; those who draft at once get numbers of their own."""
    await queue_on_flows(session)
    last = await session.scalar(select(func.max(FlowVersion.version)).where(FlowVersion.flow == flow))
    row = FlowVersion(
        flow=flow, version=(last or 0) + 1, source=source, author=author, note=note, based_on=based_on
    )
    session.add(row)
    await session.flush()
    return row


async def put_live(session: Session, flow: str, version: int, *, at: datetime) -> FlowVersion | None:
    """Make a version the one in force; the one before is retired. 0 is the shipped flow. NotFound."""
    await queue_on_flows(session)
    wanted = await get_version(session, flow, version, lock=True) if version else None
    live = await live_version(session, flow, lock=True)
    if live is not None and live is not wanted:
        await change(session, live, {"status": "retired"})
    if wanted is None:
        return None
    return await change(session, wanted, {"status": "live", "published_at": at})


async def drop(session: Session, version_id: UUID) -> None:
    """Forget a draft (undo)."""
    row = await session.scalar(
        select(FlowVersion).where(FlowVersion.id == version_id, FlowVersion.status == "draft")
    )
    if row is not None:
        await session.delete(row)
        await session.flush()
