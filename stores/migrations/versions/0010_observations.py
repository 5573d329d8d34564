"""Observations: what a turn gave away beside its words, a call in numbers, a tenant's days."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import MINE, secure

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    jsonb = postgresql.JSONB(astext_type=sa.Text())
    now = sa.text("now()")
    empty = sa.text("'{}'")
    op.add_column("turns", sa.Column("signals", jsonb, server_default=empty, nullable=False))
    op.add_column("conversations", sa.Column("published_version", sa.Integer()))
    op.create_table(
        "call_measures",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(MINE), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("interruptions", sa.Integer(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("repairs", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float()),
        sa.Column("reply_p50_ms", sa.Integer()),
        sa.Column("reply_p95_ms", sa.Integer()),
        sa.Column("split_ms", jsonb, server_default=empty, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("cost", jsonb, server_default=empty, nullable=False),
        sa.Column("guardrails", jsonb, server_default=empty, nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_call_measures"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_call_measures_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["calls.tenant_id", "calls.id"],
            name="fk_call_measures_tenant_id_call_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("tenant_id", "call_id", name="uq_call_measures_tenant_id_call_id"),
    )
    op.create_index("ix_call_measures_tenant_id_ended_at", "call_measures", ["tenant_id", "ended_at"])
    op.create_table(
        "service_levels",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(MINE), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("p50_ms", sa.Integer(), nullable=False),
        sa.Column("p95_ms", sa.Integer(), nullable=False),
        sa.Column("limit_ms", sa.Integer(), nullable=False),
        sa.Column("breached", sa.Boolean(), nullable=False),
        sa.Column("ticket_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_service_levels"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_service_levels_tenant_id"),
        sa.UniqueConstraint("tenant_id", "day", name="uq_service_levels_tenant_id_day"),
    )
    secure("call_measures", platform="select")
    secure("service_levels")


def downgrade() -> None:
    op.drop_table("service_levels")
    op.drop_table("call_measures")
    op.drop_column("conversations", "published_version")
    op.drop_column("turns", "signals")
