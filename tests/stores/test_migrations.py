"""The schema's history ends in what the models say, and can be walked back."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from stores.cluster import Cluster
from stores.migrations.run import configuration, upgrade
from stores.schema import metadata


def _difference(connection: Connection) -> list[object]:
    # with a tenant set, or the tenant's default is NULL on both sides and never equal
    connection.execute(text("select set_config('app.tenant_id', gen_random_uuid()::text, true)"))
    return compare_metadata(
        MigrationContext.configure(connection, opts={"compare_server_default": True}), metadata
    )


async def test_models_and_migrations_agree(fresh: Cluster) -> None:
    engine = create_async_engine(fresh.url("app_owner"))
    async with engine.connect() as connection:
        assert await connection.run_sync(_difference) == []
    await engine.dispose()


async def test_down_to_nothing_and_up_again(fresh: Cluster) -> None:
    engine = create_async_engine(fresh.url("app_owner"))
    async with engine.begin() as connection:
        await connection.run_sync(lambda c: command.downgrade(configuration(c), "base"))
        assert await connection.run_sync(lambda c: inspect(c).get_table_names()) == ["alembic_version"]
    await upgrade(fresh.url("app_owner"))
    async with engine.connect() as connection:
        assert await connection.run_sync(_difference) == []
    await engine.dispose()
