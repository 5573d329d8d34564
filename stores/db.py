"""The database, and the only two kinds of session there are: a tenant's and the platform's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from loguru import logger
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session as SyncSession

from core.errors import Conflict, SeiketsuError, Unavailable
from core.ids import HOUSE_TENANT
from stores import tenancy
from stores.base import Session, to_json
from stores.cluster import Cluster, make_roles, parse
from stores.embedded import EmbeddedPostgres
from stores.isolation import GuardedSession, PlatformSession, TenantSession

__all__ = ["Database", "Session", "migrate", "open_database", "opened"]

_PATIENCE = 10.0
"""Seconds a new session waits for a connection, or for a database that is restarting."""
_AGAIN = 2.0
"""Seconds after which those who found the database too busy are told to come back."""


_STATEMENTS = "500"
"""Prepared statements a connection keeps; a call's tools alone use more than the driver's 100."""


def _engine(url: URL, size: int) -> AsyncEngine:
    return create_async_engine(
        url.update_query_dict({"prepared_statement_cache_size": _STATEMENTS}),
        pool_size=size,
        max_overflow=size,
        pool_timeout=_PATIENCE,
        pool_recycle=1800,
        hide_parameters=True,  # parameters are personal data; errors are logged
        json_serializer=to_json,
    )


class Database:
    """Sessions as ``app_rw`` (tenant) and ``app_platform``; never as an owner or superuser."""

    def __init__(self, cluster: Cluster, *, pool_size: int = 5, embedded: EmbeddedPostgres | None = None):
        self.cluster = cluster
        self._rw = _engine(cluster.url("app_rw"), pool_size)
        self._platform = _engine(cluster.url("app_platform"), 2)
        self._embedded = embedded

    @asynccontextmanager
    async def tenant(
        self, tenant_id: UUID, *, durable: bool = True, snapshot: bool = False
    ) -> AsyncIterator[Session]:
        """A transaction in which only this tenant's rows exist. Commits on a clean exit.

        ``durable=False`` lets the commit return before it is on disk (transcript lines): a power cut may
        lose the last fraction of a second, a crash of this process loses nothing. ``snapshot``: every query
        sees the moment of the first one (exports).
        Raises Unavailable, Conflict.
        """
        info = {"tenant_id": tenant_id, "durable": durable}
        engine = self._rw.execution_options(isolation_level="REPEATABLE READ") if snapshot else self._rw
        async with self._session(engine, TenantSession, info) as session:
            yield session

    @asynccontextmanager
    async def platform(self, reason: str, *, recurring: bool = False) -> AsyncIterator[Session]:
        """A transaction across tenants, in the tables that let the platform's role in. Logs the reason.

        ``recurring``: opened again every few seconds, and so logged only for those who look for it.
        """
        logger.log("TRACE" if recurring else "INFO", "platform session: {}", reason)
        async with self._session(self._platform, PlatformSession, {}) as session:
            yield session

    @asynccontextmanager
    async def _session(
        self, engine: AsyncEngine, kind: type[GuardedSession], info: dict[str, object]
    ) -> AsyncIterator[Session]:
        session = AsyncSession(engine, sync_session_class=kind, expire_on_commit=False, info=info)
        try:
            await self._begin(session)
            yield session
            await session.commit()
        except IntegrityError as refused:
            # not chained: the driver's message quotes the row
            raise _integrity(refused) from None
        except (DBAPIError, PoolTimeout) as failed:
            # a transaction may begin anew in the middle of a session, and find no connection there
            if (told := _passing(failed)) is not None:
                raise told from None
            raise
        finally:
            await asyncio.shield(session.close())

    async def _begin(self, session: AsyncSession) -> None:
        """Begin and name the tenant. That is the ping too: a dead connection is replaced, a restart waited
        out."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            try:
                await session.run_sync(lambda sync: SyncSession.connection(sync))
                return
            except (DBAPIError, OSError) as failed:
                full = _state(failed).startswith(_FULL)
                if not (full or _lost(failed)):
                    raise
                if asyncio.get_running_loop().time() > deadline:
                    why = "has no room for more" if full else "does not answer"
                    raise Unavailable(f"the database {why}", retry_after=_AGAIN) from None
                await session.rollback()
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def raw(self) -> AsyncIterator[AsyncConnection]:
        """A connection as ``app_rw`` that names no tenant, to look at the second wall alone. Rolled back."""
        async with self._rw.connect() as connection:
            yield connection
            await connection.rollback()

    async def ping(self) -> bool:
        """Does the database answer now?"""
        try:
            async with asyncio.timeout(2), self._rw.connect() as connection:
                await connection.execute(text("select 1"))
            return True
        except (DBAPIError, PoolTimeout, OSError, TimeoutError):
            return False

    async def disconnect(self) -> None:
        """Close the pooled connections; the next session makes new ones."""
        await self._rw.dispose()
        await self._platform.dispose()

    async def close(self) -> None:
        """Disconnect and, as its last user, stop the embedded server."""
        await self.disconnect()
        if self._embedded is not None:
            await self._embedded.stop()


_FULL = "53"
"""SQLSTATE class "insufficient resources": too many connections, no memory, no space."""
_IN_THE_WAY = ("40001", "40P01", "55P03", "57014")
"""SQLSTATEs of a transaction that others kept from ending: the same one may succeed in a moment."""


def _state(failed: BaseException) -> str:
    return str(getattr(getattr(failed, "orig", None), "sqlstate", None) or "")


def _lost(failed: BaseException) -> bool:
    if isinstance(failed, DBAPIError):
        return (
            failed.connection_invalidated
            or isinstance(failed, OperationalError | InterfaceError)
            or _state(failed).startswith(("08", "57P"))
        )
    return isinstance(failed, OSError)


def _passing(failed: BaseException) -> Unavailable | None:
    """What is told of a trouble that passes by itself; None of any other."""
    if isinstance(failed, PoolTimeout):
        return Unavailable("every connection to the database is in use", retry_after=_AGAIN)
    if (state := _state(failed)).startswith(_FULL):
        return Unavailable("the database has no room for more", retry_after=_AGAIN)
    if state in _IN_THE_WAY:
        return Unavailable("the database was too busy; nothing was changed", retry_after=_AGAIN)
    if _lost(failed):
        return Unavailable("the connection to the database broke", retry_after=_AGAIN)
    return None


def _integrity(refused: IntegrityError) -> SeiketsuError:
    cause = getattr(refused.orig, "__cause__", None)
    name = getattr(cause, "constraint_name", None) or "?"
    if getattr(refused.orig, "sqlstate", "") == "23505":
        return Conflict(f"already there ({name})")
    return SeiketsuError(f"the database refused a write ({name})", code="integrity")


async def open_database(
    data_dir: Path, database_url: str | None = None, *, fsync: bool = True, pool_size: int = 5
) -> Database:
    """Start or reach Postgres, make the roles, migrate, and open it.

    Without ``database_url`` an embedded server runs in ``data_dir/postgres``. StartupError says what is
    wrong.
    """
    embedded = None
    if database_url is None:
        embedded = EmbeddedPostgres(data_dir / "postgres", fsync=fsync)
        await embedded.start()
    try:
        cluster = parse(database_url or (embedded.url if embedded else ""), data_dir)
        await make_roles(cluster)
        await migrate(cluster)
        db = Database(cluster, pool_size=pool_size, embedded=embedded)
        await _ensure_house(db)
        return db
    except BaseException:
        if embedded is not None:
            await embedded.stop()
        raise


@asynccontextmanager
async def opened(
    data_dir: Path, database_url: str | None = None, *, fsync: bool = True, pool_size: int = 5
) -> AsyncIterator[Database]:
    """``open_database``, closed at the end."""
    db = await open_database(data_dir, database_url, fsync=fsync, pool_size=pool_size)
    try:
        yield db
    finally:
        await db.close()


async def migrate(cluster: Cluster) -> None:
    """Bring the schema up to date, as ``app_owner``; several processes may try at once."""
    from stores.migrations.run import upgrade  # alembic costs a quarter second to import; only needed here

    await upgrade(cluster.url("app_owner"))


async def _ensure_house(db: Database) -> None:
    async with db.platform("the house tenant exists") as session:
        await tenancy.ensure_tenant(session, HOUSE_TENANT, slug="seiketsu", name="Seiketsu", status="live")
