"""A platform full of made-up clients, and the same queries without walls: where isolation is measured (A032).

``fill`` and ``Unwalled`` act as the database's superuser, for a scratch database and nothing else. The
service imports neither.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from stores.base import to_json
from stores.cluster import Cluster, connect
from stores.leads import Lead, mentioning, with_any

_TENANTS = """
insert into tenants (id, slug, name, brand_name, status, plan)
select lpad(to_hex(t), 32, '0')::uuid, 'crowd-' || t, 'Client ' || t, 'Client ' || t, 'live', 'professional'
from generate_series(1, $1::int) t
"""
# In the order leads really come: everybody's, one after the other, so that no client's rows lie together.
_LEADS = """
insert into leads (tenant_id, id, intent, name, phones, emails, areas, price_min, price_max, timeline, score,
    score_reasons, summary, source, channel, disposition, language, test, extra)
select lpad(to_hex(t), 32, '0')::uuid,
    (lpad(to_hex(i), 16, '0') || lpad(to_hex(t), 16, '0'))::uuid,
    (array['buyer', 'seller', 'renter', 'investor'])[1 + i % 4],
    (array['Maria', 'Sam', 'Dana', 'Lee', 'Robin', 'Alex', 'Kim'])[1 + (i * 7 + t) % 7] || ' ' ||
        (array['Reed', 'Okafor', 'Nguyen', 'Silva', 'Cohen', 'Larsen', 'Diaz'])[1 + (i * 3 + t) % 7],
    array['+1303' || lpad((2000000 + (i * 7919 + t * 104729) % 7999999)::text, 7, '0')],
    array['person' || i || '.' || t || '@example.com'],
    array['Cherry Creek', 'Capitol Hill'], 300000 + i, 500000 + i, '3_months', (i * 37) % 101,
    array['Wants to move within three months.', 'Is approved for a loan.'],
    'Looks for a house with three bedrooms and a garden near a good school, has sold the flat already '
        || 'and would like to visit on Saturdays. Reference ' || md5(i || '-' || t) || '.',
    'phone', 'voice', 'new', 'en', i % 100 = 0, '{}'
from generate_series(1, $2::int) i, generate_series(1, $1::int) t
order by i, t
"""


def client(n: int) -> UUID:
    """The id of the n-th client, from 1."""
    return UUID(int=n)


def phone(n: int, lead: int) -> str:
    """The telephone number of a client's lead, E.164."""
    return f"+1303{2000000 + (lead * 7919 + n * 104729) % 7999999:07d}"


async def fill(cluster: Cluster, *, clients: int, leads: int) -> None:
    """Make the clients and their leads, and let the planner know of them. StartupError."""
    admin = await connect(cluster.admin)
    try:
        await admin.fetch(_TENANTS, clients)
        await admin.fetch(_LEADS, clients, leads, timeout=600)
        await admin.execute("vacuum analyze leads", timeout=600)
    finally:
        await admin.close()


class Unwalled:
    """The stores' queries as written by hand: a WHERE, an ordinary session, no row-level security."""

    def __init__(self, cluster: Cluster, *, pool_size: int = 5):
        self._engine = create_async_engine(
            cluster.admin.set(drivername="postgresql+asyncpg"), pool_size=pool_size, json_serializer=to_json
        )

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A transaction that commits on a clean exit."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session
            await session.commit()

    async def close(self) -> None:
        """Disconnect."""
        await self._engine.dispose()


async def list_leads(
    session: AsyncSession,
    tenant: UUID,
    *,
    before: UUID | None = None,
    phone: str | None = None,
    words: str | None = None,
) -> Sequence[Lead]:
    """``stores.leads.list_leads`` without its walls: 50 of a client's leads, newest first."""
    query = select(Lead).where(Lead.tenant_id == tenant, Lead.test.is_(False))
    query = query.order_by(Lead.id.desc()).limit(51)
    if before is not None:
        query = query.where(Lead.id < before)
    if phone is not None:
        query = query.where(Lead.id.in_(_of(tenant, with_any([phone]))), Lead.phones.contains([phone]))
    if words is not None:
        query = query.where(Lead.id.in_(_of(tenant, mentioning(words))))
    return (await session.scalars(query)).all()


def _of(tenant: UUID, ids: Select[UUID]) -> Select[UUID]:
    return ids.where(Lead.tenant_id == tenant)


async def get_lead(session: AsyncSession, tenant: UUID, lead: UUID) -> Lead:
    """``stores.leads.get_lead`` without its walls."""
    return (await session.scalars(select(Lead).where(Lead.tenant_id == tenant, Lead.id == lead))).one()


async def add_lead(session: AsyncSession, tenant: UUID, name: str) -> None:
    """``stores.leads.add_lead`` without its walls."""
    session.add(Lead(tenant_id=tenant, intent="buyer", name=name, phones=["+13035550142"], test=True))
    await session.flush()
