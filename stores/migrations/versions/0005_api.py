"""Replies kept for idempotency keys, and clients' own versions of their flows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import secure

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotent_requests",
        *_of_tenant(),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(none_as_null=True), server_default="{}", nullable=False),
        sa.Column("reply", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("sealed", sa.Boolean(), server_default="false", nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_idempotent_requests_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_idempotent_requests"),
        sa.UniqueConstraint("tenant_id", "route", "key", name="uq_idempotent_requests_tenant_id_route_key"),
    )
    op.create_table(
        "flow_versions",
        *_of_tenant(),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("based_on", sa.Integer(), server_default="0", nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        *_stamps(),
        sa.CheckConstraint("status in ('draft', 'live', 'retired')", name="ck_flow_versions_status"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_flow_versions_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_flow_versions"),
        sa.UniqueConstraint("tenant_id", "flow", "version", name="uq_flow_versions_tenant_id_flow_version"),
    )
    op.create_index(
        "uq_flow_versions_live",
        "flow_versions",
        ["tenant_id", "flow"],
        unique=True,
        postgresql_where=sa.text("status = 'live'"),
    )
    op.create_table(
        "ticket_replies",
        *_of_tenant(),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("from_us", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_ticket_replies_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name="fk_ticket_replies_tenant_id_ticket_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_ticket_replies"),
    )
    op.create_index("ix_ticket_replies_tenant_id_ticket_id", "ticket_replies", ["tenant_id", "ticket_id"])
    # whose replies have expired is looked up for all at once
    secure("idempotent_requests", platform="select")
    secure("flow_versions", "ticket_replies")


def _of_tenant() -> list[sa.Column]:
    tenant = sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid")
    return [
        sa.Column("tenant_id", sa.Uuid(), server_default=tenant, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _stamps() -> list[sa.Column]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    op.drop_table("ticket_replies")
    op.drop_table("flow_versions")
    op.drop_table("idempotent_requests")
