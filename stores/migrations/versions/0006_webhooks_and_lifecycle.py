"""Webhooks and lifecycle."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import secure

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MINE = sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid")
JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
TABLES = ("webhook_endpoints", "webhook_events", "webhook_deliveries", "archives", "privacy_requests")
# Whoever looks for work looks across tenants, and sees no more than for whom there is some.
PLATFORM = {
    "webhook_deliveries": "tenant_id, status, next_at",
    "archives": "tenant_id, state",
    "privacy_requests": "tenant_id, state",
}
WIPED = ("before_digest", "after_digest", "salt")


def _row(name: str, *columns: sa.Column, **options: object) -> None:
    """A tenant's table: its key, its columns, its timestamps."""
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), server_default=MINE, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )


def _of_tenant(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id"))


def _moment(name: str, **options: object) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), **options)


def upgrade() -> None:
    _row(
        "webhook_endpoints",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("source", sa.Text(), server_default="api", nullable=False),
        sa.Column("disabled_reason", sa.Text()),
        _moment("disabled_at"),
        _moment("failing_since"),
        _moment("last_delivered_at"),
        _moment("previous_until"),
        _of_tenant("webhook_endpoints"),
        sa.UniqueConstraint("tenant_id", "url", name=op.f("uq_webhook_endpoints_tenant_id_url")),
        sa.CheckConstraint("source in ('api', 'voice')", name=op.f("ck_webhook_endpoints_source")),
    )
    _row(
        "webhook_events",
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", JSON, server_default="{}", nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        _moment("occurred_at", server_default=sa.text("now()"), nullable=False),
        _of_tenant("webhook_events"),
    )
    op.create_index("ix_webhook_events_tenant_id_subject_id", "webhook_events", ["tenant_id", "subject_id"])
    _row(
        "webhook_deliveries",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _moment("next_at"),
        _moment("attempted_at"),
        _moment("delivered_at"),
        sa.Column("response_status", sa.Integer()),
        sa.Column("response_body", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"], ["webhook_endpoints.tenant_id", "webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_tenant_id_endpoint_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"], ["webhook_events.tenant_id", "webhook_events.id"],
            name=op.f("fk_webhook_deliveries_tenant_id_event_id"), ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "tenant_id", "event_id", "endpoint_id",
            name=op.f("uq_webhook_deliveries_tenant_id_event_id_endpoint_id"),
        ),
        sa.CheckConstraint(
            "status in ('pending', 'delivered', 'failed')", name=op.f("ck_webhook_deliveries_status")
        ),
    )
    op.create_index(
        "ix_webhook_deliveries_due", "webhook_deliveries", ["tenant_id", "next_at"],
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "ix_webhook_deliveries_tenant_id_endpoint_id", "webhook_deliveries", ["tenant_id", "endpoint_id", "id"]
    )
    _row(
        "archives",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
        sa.Column("steps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        _moment("claimed_until"),
        sa.Column("path", sa.Text()),
        sa.Column("size", sa.BigInteger()),
        sa.Column("sha256", sa.Text()),
        _moment("finished_at"),
        _moment("expires_at"),
        sa.Column("error", sa.Text()),
        _of_tenant("archives"),
        sa.CheckConstraint("kind in ('export', 'backup')", name=op.f("ck_archives_kind")),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'ready', 'failed', 'gone')", name=op.f("ck_archives_state")
        ),
    )
    op.create_index("ix_archives_tenant_id_state", "archives", ["tenant_id", "state"])
    _row(
        "privacy_requests",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("subject", sa.Text()),
        sa.Column("opted_out", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text()),
        sa.Column("code_failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ticket_number", sa.Integer()),
        _moment("received_at", nullable=False),
        _moment("acknowledge_by", nullable=False),
        _moment("due_at", nullable=False),
        _moment("acknowledged_at"),
        _moment("verified_at"),
        sa.Column("verified_by", sa.Text()),
        _moment("not_before"),
        _moment("completed_at"),
        sa.Column("report", JSON),
        _of_tenant("privacy_requests"),
        sa.CheckConstraint("kind in ('deletion', 'access')", name=op.f("ck_privacy_requests_kind")),
        sa.CheckConstraint("scope in ('person', 'tenant')", name=op.f("ck_privacy_requests_scope")),
        sa.CheckConstraint(
            "state in ('received', 'verified', 'done', 'refused', 'cancelled')",
            name=op.f("ck_privacy_requests_state"),
        ),
    )
    op.create_index("ix_privacy_requests_tenant_id_state", "privacy_requests", ["tenant_id", "state"])
    secure(*TABLES)
    for table, columns in PLATFORM.items():
        op.execute(f"create policy platform on {table} for select to app_platform using (true)")
        op.execute(f"grant select ({columns}) on {table} to app_platform")
    op.add_column("data_keys", sa.Column("previous", sa.LargeBinary()))
    op.add_column("data_keys", _moment("renewed_at"))
    _let_audit_be_wiped()


def _let_audit_be_wiped() -> None:
    """What an entry says was changed may be wiped, once; nothing else about it ever changes."""
    for name in WIPED:
        op.add_column("audit_entries", sa.Column(name, sa.Text()))
    op.add_column("audit_entries", _moment("redacted_at"))
    op.execute("""
        create function only_wiping() returns trigger language plpgsql as $$
        begin
            if old.redacted_at is null and new.redacted_at is not null
                and new.before is null and new.after is null and new.salt is null
                and old.before_digest is not null
                and (to_jsonb(new) - '{before,after,salt,redacted_at,updated_at}'::text[])
                    = (to_jsonb(old) - '{before,after,salt,redacted_at,updated_at}'::text[])
            then return new; end if;
            raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
        end $$
    """)
    op.execute("drop trigger append_only on audit_entries")
    op.execute("""
        create trigger append_only before delete or truncate on audit_entries
        for each statement execute function refuse_rewriting()
    """)
    op.execute("""
        create trigger only_wiping before update on audit_entries
        for each row execute function only_wiping()
    """)
    op.execute("grant update (before, after, salt, redacted_at, updated_at) on audit_entries to app_rw")


def downgrade() -> None:
    op.drop_column("data_keys", "renewed_at")
    op.drop_column("data_keys", "previous")
    op.execute("revoke update (before, after, salt, redacted_at, updated_at) on audit_entries from app_rw")
    op.execute("drop trigger only_wiping on audit_entries")
    op.execute("drop trigger append_only on audit_entries")
    op.execute("drop function only_wiping()")
    op.execute("""
        create trigger append_only before update or delete or truncate on audit_entries
        for each statement execute function refuse_rewriting()
    """)
    for name in (*WIPED, "redacted_at"):
        op.drop_column("audit_entries", name)
    for table in ("privacy_requests", "archives", "webhook_deliveries", "webhook_events", "webhook_endpoints"):
        op.drop_table(table)
