"""The first of two walls between tenants: what a session lets through. Row-level security is the second.

In a tenant session every ORM query is narrowed to the tenant, every new row is stamped with it, and
whatever could slip past the narrowing (SQL as text, Core tables, hand-written INSERTs, bulk saves, raw
connections) is refused.
"""

from __future__ import annotations

from typing import Any, NoReturn, cast
from uuid import UUID

from sqlalchemy import ClauseElement, Column, Connection, event, text
from sqlalchemy.orm import ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.orm.session import SessionTransaction
from sqlalchemy.sql.annotation import Annotated
from sqlalchemy.sql.schema import Table
from sqlalchemy.sql.visitors import iterate

from core.errors import NotAllowed
from stores.base import TenantRow
from stores.tenancy import Tenant

_BEGIN = text(
    "select set_config('app.tenant_id', :tenant, true), set_config('synchronous_commit', :durable, true)"
)


class GuardedSession(SyncSession):
    """A session without the doors that lead around the hooks below."""

    def connection(self, *args: Any, **kw: Any) -> NoReturn:
        """Refused."""
        raise NotAllowed("a session gives no raw connection; use the store's functions")

    def bulk_save_objects(self, *args: Any, **kw: Any) -> NoReturn:
        """Refused."""
        raise NotAllowed("bulk saves are not stamped with the tenant; add the rows")

    bulk_insert_mappings = bulk_update_mappings = bulk_save_objects


class TenantSession(GuardedSession):
    """Acts for ``info["tenant_id"]`` and nobody else."""


class PlatformSession(GuardedSession):
    """Acts across tenants, in the few tables where Postgres allows its role to."""


@event.listens_for(GuardedSession, "after_begin", propagate=True)
def _name_the_tenant(session: SyncSession, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return  # a savepoint: the setting is the transaction's
    tenant = session.info.get("tenant_id")
    durable = "on" if session.info.get("durable", True) else "off"
    connection.execute(_BEGIN, {"tenant": str(tenant) if tenant else "", "durable": durable})


def _core_tables(state: ORMExecuteState) -> bool:
    """Does a table take part that the mapper knows nothing of (and so does not narrow)?"""
    mapped: set[str] = set()
    bare: set[str] = set()
    for part in iterate(cast(ClauseElement, state.statement)):
        entity = part._annotations.get("parententity") if isinstance(part, Annotated) else None
        if entity is not None:
            mapped.add(entity.mapper.local_table.name)
        elif isinstance(part, Table):
            bare.add(part.name)
        elif isinstance(part, Column) and isinstance(part.table, Table):
            bare.add(part.table.name)
    return not bare <= mapped


@event.listens_for(GuardedSession, "do_orm_execute", propagate=True)
def _only_mapped(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return
    if not state.is_orm_statement:
        raise NotAllowed("only queries on mapped tables: no SQL as text, no Core tables")


@event.listens_for(TenantSession, "do_orm_execute", propagate=True)
def _narrow(state: ORMExecuteState) -> None:
    if state.is_insert:
        if not state.execution_options.get("tenant_stamped"):
            raise NotAllowed("add rows to the session; a written INSERT would not be stamped")
        return
    if _core_tables(state):
        raise NotAllowed("a Core table inside a query would not be narrowed to the tenant")
    tenant: UUID = state.session.info["tenant_id"]
    state.statement = state.statement.options(
        with_loader_criteria(TenantRow, lambda row: row.tenant_id == tenant, include_aliases=True),
        with_loader_criteria(Tenant, lambda row: row.id == tenant, include_aliases=True),
    )


@event.listens_for(TenantSession, "before_flush", propagate=True)
def _stamp(session: SyncSession, context: UOWTransaction, instances: Any) -> None:
    tenant: UUID = session.info["tenant_id"]
    for row in session.new:
        if isinstance(row, TenantRow) and row.tenant_id is None:
            row.tenant_id = tenant
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantRow) and row.tenant_id != tenant:
            raise NotAllowed("a row of another tenant")
        if isinstance(row, Tenant) and row.id != tenant:
            raise NotAllowed("another tenant")
