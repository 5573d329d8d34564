"""The attack (A029, A038): every table Postgres knows of is tried from the wrong side of both walls.

Nothing here lists our tables: they are found in pg_catalog, so a new table is attacked from its first day.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import delete, func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import aliased

from core.errors import NotAllowed
from core.ids import new_id
from stores import schema, tenancy
from stores.base import Base, TenantRow
from stores.cluster import Cluster
from stores.db import Database
from stores.isolation import TenantSession
from stores.leads import Lead, Task
from stores.tenancy import Member, Tenant
from tests.stores.furnish import furnish

WITHOUT_TENANT = {"alembic_version", "tenants"}
GLOBAL_INDEXES = {
    "alembic_version_pkc",
    "pk_tenants",
    "uq_tenants_slug",
    # looked up before the tenant is known, or unique over the whole platform by nature
    "uq_calls_sid",
    "uq_calls_token_hash",
    "ix_calls_started_at",
    "ix_calls_to_be_measured",
    "ix_members_email",
    "uq_links_token_hash",
    "uq_phone_numbers_e164",
    "uq_provisionings_idempotency_key",
}
PLATFORM_MAY = {"tenants", "phone_numbers", "calls", "conversations", "links", "messages", "data_keys"}
PLATFORM_MAY |= {"slots", "plan_changes"}
PLATFORM_MAY |= {"provisionings", "job_requests"}
PLATFORM_MAY |= {"idempotent_requests"}
PLATFORM_MAY |= {"call_measures"}
MODELS: list[type[Any]] = [m.class_ for m in Base.registry.mappers]


async def as_role(cluster: Cluster, role: str) -> Any:
    """A raw connection: the attacker has got past everything in Python."""
    url = cluster.admin if role == "admin" else cluster.url(role)
    return await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))


@dataclass
class Scene:
    """Two furnished tenants. ``mine`` is the attacker's, ``theirs`` the victim's."""

    mine: UUID
    theirs: UUID
    tables: list[str]
    admin: Any
    rw: Any

    async def act_as(self, tenant: UUID | None) -> None:
        await self.rw.execute("select set_config('app.tenant_id', $1, false)", str(tenant) if tenant else "")

    async def victims(self) -> dict[str, list[str]]:
        """Every row of the victim, as the superuser sees it."""
        return {
            t: [
                r[0]
                for r in await self.admin.fetch(
                    f"select x::text from {t} x where tenant_id = $1 order by 1", self.theirs
                )
            ]
            for t in self.tables
        }


@pytest.fixture
async def scene(db: Database, fresh: Cluster, tenant_id: UUID) -> AsyncIterator[Scene]:
    async with db.tenant(new_id()) as session:
        other = (await tenancy.create_tenant(session, "Bolder Homes")).id
    await furnish(db, tenant_id, "+13035550111")
    await furnish(db, other, "+13035550112")
    admin, rw = await as_role(fresh, "admin"), await as_role(fresh, "app_rw")
    tables = [
        r[0]
        for r in await admin.fetch(
            "select c.relname from pg_class c"
            " join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'"
            " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1"
        )
    ]
    yield Scene(tenant_id, other, tables, admin, rw)
    await rw.close()
    await admin.close()


async def test_every_table_is_known_forced_and_has_something_to_steal(scene: Scene) -> None:
    rows = await scene.admin.fetch(
        "select relname, pg_get_userbyid(relowner) as owner,"
        " relrowsecurity and relforcerowsecurity as secured from pg_class"
        " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
    )
    assert {r["relname"] for r in rows} == {*scene.tables, *WITHOUT_TENANT}
    assert [r["relname"] for r in rows if not r["secured"]] == ["alembic_version"]
    assert {r["owner"] for r in rows} == {"app_owner"}
    assert [t for t, held in (await scene.victims()).items() if not held] == []


async def test_without_a_tenant_there_are_no_rows(scene: Scene) -> None:
    await scene.act_as(None)
    seen = {t: await scene.rw.fetchval(f"select count(*) from {t}") for t in [*scene.tables, "tenants"]}
    assert set(seen.values()) == {0}


async def test_another_tenants_rows_cannot_be_read_changed_moved_or_deleted(scene: Scene) -> None:
    before = await scene.victims()
    await scene.act_as(scene.mine)
    for table in scene.tables:
        assert await scene.rw.fetchval(f"select count(*) from {table} where tenant_id <> $1", scene.mine) == 0
        for attack in (
            f"update {table} set created_at = now() where tenant_id = '{scene.theirs}'",
            f"update {table} set tenant_id = '{scene.mine}' where tenant_id = '{scene.theirs}'",
            f"delete from {table} where tenant_id = '{scene.theirs}'",
        ):
            try:
                assert (await scene.rw.execute(attack)).split()[-1] == "0", attack
            except asyncpg.InsufficientPrivilegeError:
                pass  # append-only tables say no to everyone
    assert await scene.rw.execute(f"update tenants set name = 'x' where id = '{scene.theirs}'") == "UPDATE 0"
    assert await scene.victims() == before


async def test_nothing_can_be_planted_with_another_tenant(scene: Scene) -> None:
    before = await scene.victims()
    await scene.act_as(scene.mine)
    for table in scene.tables:
        columns = [
            r[0]
            for r in await scene.admin.fetch(
                "select attname from pg_attribute"
                " where attrelid = $1::regclass and attnum > 0 and not attisdropped",
                table,
            )
        ]
        new = {"tenant_id": f"'{scene.theirs}'::uuid", "id": f"'{new_id()}'::uuid"}
        values = ", ".join(new.get(c, f'"{c}"') for c in columns)
        names = ", ".join(f'"{c}"' for c in columns)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await scene.rw.execute(f"insert into {table} ({names}) select {values} from {table} limit 1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await scene.rw.execute(f"update {table} set tenant_id = '{scene.theirs}'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await scene.rw.execute(
            f"insert into tenants (id, slug, name, brand_name) values ('{new_id()}', 'mallory', 'm', 'm')"
        )
    assert await scene.victims() == before


async def test_the_services_roles_cannot_lift_the_wall(scene: Scene, fresh: Cluster) -> None:
    platform = await as_role(fresh, "app_platform")
    for connection in (scene.rw, platform):
        for attack in (
            "set role app_owner",
            "set role postgres",
            "set session authorization app_owner",
            "alter table leads disable row level security",
            "alter table leads no force row level security",
            "alter table leads owner to app_rw",
            "drop policy own_rows on leads",
            "create policy mine on leads using (true)",
            "alter role current_user bypassrls",
            "alter role current_user superuser",
            "truncate leads",
            "drop trigger append_only on audit_entries",
            "set session_replication_role = replica",
            "create function leak() returns int language sql as 'select 1'",
            "copy leads to program 'cat'",
        ):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.PostgresError)) as refused:
                await connection.execute(attack)
            assert refused.value.sqlstate == "42501", attack
    await scene.rw.execute("set row_security = off")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):  # off means "fail", not "look past"
        await scene.rw.fetch("select * from leads")
    await platform.close()


async def test_the_platform_sees_only_what_it_has_a_reason_for(scene: Scene, fresh: Cluster) -> None:
    platform = await as_role(fresh, "app_platform")
    readable = set()
    for table in [*scene.tables, "tenants"]:
        try:
            await platform.fetch(f"select * from {table}")
            readable.add(table)
        except asyncpg.InsufficientPrivilegeError:
            pass
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await platform.execute(f"delete from {table}")
    assert readable == PLATFORM_MAY
    await platform.close()


async def test_every_index_begins_with_the_tenant_and_no_reference_crosses(scene: Scene) -> None:
    indexes = await scene.admin.fetch(
        "select i.relname, a.attname from pg_index x join pg_class i on i.oid = x.indexrelid"
        " join pg_class t on t.oid = x.indrelid and t.relnamespace = 'public'::regnamespace"
        " left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]"
    )
    assert {r["relname"] for r in indexes if r["attname"] != "tenant_id"} == GLOBAL_INDEXES
    references = await scene.admin.fetch(
        "select k.conname, (select array_agg(a.attname::text) from pg_attribute a"
        " where a.attrelid = k.confrelid and a.attnum = any(k.confkey)) as columns,"
        " k.confrelid::regclass::text as target from pg_constraint k where k.contype = 'f'"
    )
    assert len(references) >= len(scene.tables)
    for reference in references:
        wanted = {"id"} if reference["target"] == "tenants" else {"tenant_id", "id"}
        assert set(reference["columns"]) == wanted, reference["conname"]


async def test_the_setting_does_not_stay_on_a_pooled_connection(fresh: Cluster, scene: Scene) -> None:
    one = Database(fresh, pool_size=1)
    async with one.tenant(scene.mine) as session:
        assert len((await session.scalars(select(Lead))).all()) == 1
        async with session.begin_nested() as savepoint:
            await savepoint.rollback()
        assert len((await session.scalars(select(Lead))).all()) == 1
    async with one._rw.connect() as connection:
        assert await connection.scalar(text("select count(*) from leads")) == 0
    await one.close()


# --- the first wall, alone: the same hooks on a superuser's connection, which row-level security ignores ---


@pytest.fixture
async def hooked(fresh: Cluster, scene: Scene) -> AsyncIterator[AsyncSession]:
    engine = create_async_engine(fresh.admin.set(drivername="postgresql+asyncpg"))
    session = AsyncSession(
        engine, sync_session_class=TenantSession, expire_on_commit=False, info={"tenant_id": scene.mine}
    )
    yield session
    await session.close()
    await engine.dispose()


async def test_queries_are_narrowed_without_the_databases_help(hooked: AsyncSession, scene: Scene) -> None:
    for model in MODELS:
        key = model.id if model is Tenant else model.tenant_id
        assert set((await hooked.scalars(select(key))).all()) == {scene.mine}, model
        assert len((await hooked.scalars(select(model))).all()) == await hooked.scalar(
            select(func.count(key))
        )
        twin = aliased(model)
        key = twin.id if model is Tenant else twin.tenant_id
        assert set((await hooked.scalars(select(key))).all()) == {scene.mine}, model
    inner = select(Task.lead_id).where(Task.lead_id == Lead.id).exists()
    assert {t.tenant_id for t in (await hooked.scalars(select(Lead).where(inner))).all()} == {scene.mine}
    assert await hooked.scalar(select(func.count()).select_from(Lead)) == 1
    theirs = await scene.admin.fetchrow("select tenant_id, id from leads where tenant_id = $1", scene.theirs)
    assert await hooked.get(Lead, tuple(theirs)) is None
    before = await scene.victims()
    for model in (Task, Member):
        await hooked.execute(update(model).values(created_at=func.now()))
        await hooked.execute(delete(model))
    await hooked.commit()
    assert await scene.victims() == before


@pytest.mark.parametrize(
    "statement",
    [
        text("select * from leads"),
        select(text("* from leads")),
        select(Lead.__table__),
        select(Lead, Task.__table__),
        select(Lead).join(Task.__table__, literal(True)),
        select(Lead).where(Lead.id.in_(select(Task.__table__.c.lead_id))),
        insert(Lead).values(intent="buyer"),
        insert(Lead.__table__).values(intent="buyer"),
        update(Lead.__table__).values(name="x"),
        delete(Lead.__table__),
    ],
    ids=range(10),
)
async def test_what_could_slip_past_is_refused(hooked: AsyncSession, statement: Any) -> None:
    with pytest.raises(NotAllowed):
        await hooked.execute(statement)


async def test_the_side_doors_are_shut(hooked: AsyncSession, scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        await hooked.connection()
    for door in ("bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"):
        with pytest.raises(NotAllowed):
            await hooked.run_sync(lambda s, door=door: getattr(s, door)([]))
    hooked.add(Lead(tenant_id=scene.theirs, intent="buyer"))
    with pytest.raises(NotAllowed):
        await hooked.flush()
    await hooked.rollback()
    lead = (await hooked.scalars(select(Lead))).one()
    lead.tenant_id = scene.theirs
    with pytest.raises(NotAllowed):
        await hooked.flush()


async def test_new_rows_are_stamped(db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        task = Task(kind="call", title="ring")
        session.add(task)
    assert task.tenant_id == tenant_id


def test_every_model_is_a_tenants_row() -> None:
    assert {m for m in MODELS if not issubclass(m, TenantRow)} == {Tenant}
    assert schema.metadata is Base.metadata
