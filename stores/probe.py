"""A look at the wall from inside, as the service itself: does row-level security hold for this tenant now?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from stores.db import Database
from stores.schema import metadata


@dataclass(frozen=True)
class Isolation:
    """What the service's own role saw. All is well when nothing but ``tables`` is above zero."""

    tables: int
    without_tenant: int
    """Rows seen by a connection that names no tenant."""
    of_others: int
    """Rows of other tenants seen by one that names this tenant."""
    unforced: int
    """Tables whose row-level security is off or does not bind their owner."""

    @property
    def holds(self) -> bool:
        """Whether the wall stands."""
        return not (self.without_tenant or self.of_others or self.unforced)


async def isolation(db: Database, tenant_id: UUID) -> Isolation:
    """Ask every tenant table, around the first wall: raw SQL on the service's own connection."""
    tables = sorted(name for name, table in metadata.tables.items() if "tenant_id" in table.c)
    keys = dict.fromkeys(tables, "tenant_id") | {"tenants": "id"}
    # the names are our own models'
    everything = " + ".join(f"(select count(*) from {name})" for name in keys)  # noqa: S608
    foreign = (f"(select count(*) from {name} where {key} <> :tenant)" for name, key in keys.items())  # noqa: S608
    others = " + ".join(foreign)
    async with db.raw() as connection:
        nobody = await connection.scalar(text(f"select {everything}"))
        await connection.execute(
            text("select set_config('app.tenant_id', :tenant, true)"), {"tenant": str(tenant_id)}
        )
        theirs = await connection.scalar(
            text(f"select {others}"),
            {"tenant": tenant_id},
        )
        unforced = await connection.scalar(
            text(
                "select count(*) from pg_class where relname = any(:names)"
                " and relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)"
            ),
            {"names": list(keys)},
        )
    return Isolation(len(keys), nobody or 0, theirs or 0, unforced or 0)
