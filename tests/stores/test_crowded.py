"""A database that is too busy says so, and when to come back: never in the driver's words."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

import stores.db
from core.errors import Unavailable
from stores import leads, tenancy
from stores.cluster import Cluster
from stores.db import Database


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores.db, "_PATIENCE", 0.3)


async def crowd(db: Database, tenant_id: UUID, *, seconds: float) -> list[Unavailable]:
    """Fifty at once, each at work for a while; those who were turned away. Anything else is raised."""

    async def one() -> None:
        async with db.tenant(tenant_id) as session:
            await tenancy.get_tenant(session)
            await asyncio.sleep(seconds)

    ends = await asyncio.gather(*(one() for _ in range(50)), return_exceptions=True)
    refused = [end for end in ends if isinstance(end, Unavailable)]
    assert [end for end in ends if end is not None and end not in refused] == []
    assert len(refused) < 50
    return refused


async def test_a_pool_that_is_empty_is_told_with_the_time_to_wait(fresh: Cluster, tenant_id: UUID) -> None:
    small = Database(fresh, pool_size=1)
    refused = await crowd(small, tenant_id, seconds=0.5)
    await small.close()
    assert refused
    assert {(r.status, r.retry_after) for r in refused} == {(503, 2.0)}


async def test_a_server_that_takes_no_more_is_told_like_an_empty_pool(
    fresh: Cluster, tenant_id: UUID
) -> None:
    admin = await asyncpg.connect(fresh.admin.render_as_string(hide_password=False))
    await admin.execute(f"alter database {fresh.admin.database} connection limit 4")
    await admin.close()
    large = Database(fresh, pool_size=40)
    refused = await crowd(large, tenant_id, seconds=0.7)
    await large.close()
    assert {(str(r), r.retry_after) for r in refused} == {("the database has no room for more", 2.0)}


async def test_of_two_in_each_others_way_one_is_told_to_come_again(db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        one, other = [(await leads.add_lead(session, intent="buyer")).id for _ in "ab"]
    both = asyncio.Barrier(2)

    async def take(first: UUID, second: UUID) -> None:
        async with db.tenant(tenant_id) as session:
            await leads.get_lead(session, first, lock=True)
            await both.wait()
            await leads.get_lead(session, second, lock=True)

    ends = await asyncio.gather(take(one, other), take(other, one), return_exceptions=True)
    (refused,) = [end for end in ends if end is not None]
    assert isinstance(refused, Unavailable)
    assert refused.retry_after == 2.0
