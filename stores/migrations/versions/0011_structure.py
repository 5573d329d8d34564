"""Calls across tenants: the newest by an index, and those to be measured by one that holds no others."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("measured", sa.Boolean(), server_default="false", nullable=False))
    for table in ("calls", "call_measures"):
        op.execute(f"alter table {table} no force row level security")
    op.execute(
        "update calls set measured = true from call_measures m"
        " where m.tenant_id = calls.tenant_id and m.call_id = calls.id"
    )
    for table in ("calls", "call_measures"):
        op.execute(f"alter table {table} force row level security")
    op.drop_index("ix_calls_tenant_id_status_started_at", "calls")
    op.create_index("ix_calls_tenant_id_started_at", "calls", ["tenant_id", "started_at"])
    op.create_index("ix_calls_started_at", "calls", ["started_at"])
    op.create_index(
        "ix_calls_to_be_measured", "calls", ["ended_at"], postgresql_where=sa.text("not measured")
    )


def downgrade() -> None:
    op.drop_index("ix_calls_to_be_measured", "calls")
    op.drop_index("ix_calls_started_at", "calls")
    op.drop_index("ix_calls_tenant_id_started_at", "calls")
    op.create_index("ix_calls_tenant_id_status_started_at", "calls", ["tenant_id", "status", "started_at"])
    op.drop_column("calls", "measured")
