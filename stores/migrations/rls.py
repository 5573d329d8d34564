"""What every tenant table gets in its migration: row-level security, forced; its policy; its grants."""

from __future__ import annotations

from alembic import op

MINE = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def secure(*tables: str, append_only: bool = False, platform: str | None = None) -> None:
    """Only the tenant of the transaction sees and writes a row, whoever asks.

    ``append_only``: rows are read and added, never changed. ``platform``: what the platform's role may do
    across tenants ("select", "select, update"), for tables that are looked after for all.
    """
    verbs = "select, insert" if append_only else "select, insert, update, delete"
    for table in tables:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy own_rows on {table} to app_rw"
            f" using (tenant_id = {MINE}) with check (tenant_id = {MINE})"
        )
        op.execute(f"grant {verbs} on {table} to app_rw")
        if platform:
            op.execute(f"create policy platform on {table} to app_platform using (true) with check (true)")
            op.execute(f"grant {platform} on {table} to app_platform")
