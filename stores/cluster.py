"""Roles and addresses: who connects to Postgres as what.

``app_owner`` owns the tables and migrates; ``app_rw`` serves tenants under row-level security;
``app_platform`` does the few cross-tenant acts that have a policy of their own; ``app_jobs`` owns the
durable engine's schema and can do nothing outside it. None of them is a superuser or bypasses row-level
security.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from loguru import logger
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import Problem, StartupError
from stores.private import private_file

ROLES = ("app_owner", "app_rw", "app_platform", "app_jobs")
JOBS_SCHEMA = "dbos"
"""Where the durable engine keeps what it knows. Its rows are not under row-level security: ids only."""
OLDEST = 16
"""The oldest Postgres major version supported."""


@dataclass(frozen=True)
class Cluster:
    """A reachable database. ``admin`` is the address given; the roles' passwords follow from ``secret``.

    Derived, not stored: every machine that is given the same DATABASE_URL arrives at the same passwords.
    """

    admin: URL
    secret: str

    def password(self, role: str) -> str:
        """The password of one of our roles."""
        return hmac.new(self.secret.encode(), f"seiketsu role {role}".encode(), hashlib.sha256).hexdigest()

    def url(self, role: str) -> URL:
        """Address for SQLAlchemy as one of our roles."""
        return self.admin.set(drivername="postgresql+asyncpg", username=role, password=self.password(role))

    def jobs_url(self) -> str:
        """Address of the durable engine's schema for its own driver (psycopg): not for logs."""
        query: dict[str, Any] = dict(self.admin.query)
        if "ssl" in query:  # back to libpq's word
            query["sslmode"] = query.pop("ssl")
        url = self.url("app_jobs").set(drivername="postgresql+psycopg", query=query)
        return url.render_as_string(hide_password=False)


def parse(database_url: str | URL, data_dir: Path) -> Cluster:
    """From a DATABASE_URL. Without a password in it (peer, certificate) a secret in ``data_dir`` serves."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise _startup(
            "DATABASE_URL cannot be read", "write postgresql://user:password@host:5432/name"
        ) from None
    if url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
        raise _startup(
            "DATABASE_URL is not a Postgres database", "write postgresql://user:password@host:5432/name"
        )
    query: dict[str, Any] = dict(url.query)
    if "sslmode" in query:  # libpq's word; asyncpg calls it ssl
        query["ssl"] = query.pop("sslmode")
    secret = url.password or private_file(data_dir / "roles.secret")
    return Cluster(url.set(drivername="postgresql", query=query), secret)


async def make_roles(cluster: Cluster) -> None:
    """Create what is missing of the roles and let them into the database. StartupError."""
    admin = await connect(cluster.admin)
    try:
        if admin.get_server_version().major < OLDEST:
            raise _startup("this Postgres is too old", f"use version {OLDEST} or newer")
        # one at a time in this database; the catalogue of roles is the whole server's, hence the retry below
        await admin.execute("select pg_advisory_lock(7331)")
        known = {
            r["rolname"]
            for r in await admin.fetch("select rolname from pg_roles where rolname = any($1)", ROLES)
        }
        for role in ROLES:
            password = cluster.password(role)
            if role not in known:
                await _quietly(
                    admin, f"create role {role} login nosuperuser nobypassrls password '{password}'"
                )
            elif not await _can_sign_in(cluster, role):
                await admin.execute(f"alter role {role} login password '{password}'")
        bad = await admin.fetchval(
            "select string_agg(rolname, ', ') from pg_roles"
            " where rolname = any($1) and (rolsuper or rolbypassrls)",
            ROLES,
        )
        if bad:
            raise _startup(
                f"{bad} could look past row-level security", "alter role ... nosuperuser nobypassrls"
            )
        await admin.execute("grant usage, create on schema public to app_owner")
        await admin.execute("grant usage on schema public to app_rw, app_platform")
        await admin.execute(f"create schema if not exists {JOBS_SCHEMA}")
        await admin.execute(f"grant usage, create on schema {JOBS_SCHEMA} to app_jobs")
        await _let_extend(admin)
    except asyncpg.InsufficientPrivilegeError:
        raise _startup(
            "the DATABASE_URL user may not make roles", "give it CREATEROLE and the ownership of the database"
        ) from None
    finally:
        await admin.close()


async def connect(url: URL, **kw: Any) -> Any:
    """A plain asyncpg connection. StartupError when nobody answers or the password is wrong."""
    query = {k: v for k, v in url.query.items() if k != "host"}
    try:
        return await asyncpg.connect(
            host=url.host or url.query.get("host"),
            port=url.port,
            user=url.username,
            password=url.password,
            database=url.database,
            timeout=10,
            **query,
            **kw,
        )
    except (OSError, asyncpg.PostgresError, TimeoutError) as failed:
        raise _startup(
            f"the database cannot be reached ({type(failed).__name__})",
            "check DATABASE_URL and that Postgres runs",
        ) from None


async def _can_sign_in(cluster: Cluster, role: str) -> bool:
    try:
        await (await connect(cluster.url(role))).close()
    except StartupError:
        return False
    return True


async def _quietly(admin: Any, statement: str) -> None:
    try:
        await admin.execute(statement)
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        pass  # made at the same moment through another database of the server


async def _let_extend(admin: Any) -> None:
    """Let the owner create trusted extensions; a server that forbids it is used without them."""
    name = str(await admin.fetchval("select quote_ident(current_database())"))
    try:
        await admin.execute(f"grant create on database {name} to app_owner")
    except asyncpg.PostgresError as refused:
        logger.info("extensions cannot be created here: {}", type(refused).__name__)


def _startup(message: str, next_step: str) -> StartupError:
    return StartupError("no database", problems=[Problem(message, where="DATABASE_URL", next_step=next_step)])
