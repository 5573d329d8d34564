"""The dialler: calls the agent places, who rings back, listings that come by themselves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import MINE, secure

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHANNELS = ("email", "sms", "call")


def _row(*columns: sa.Column) -> list[sa.Column]:
    """What every tenant row has around its own columns."""
    now = sa.text("now()")
    return [
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(MINE), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("created_at", MOMENT, server_default=now, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=now, nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _text(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    """Make the tables; a step of the cadence may be a call; a call-back is somebody's."""
    op.create_table(
        "dials",
        *_row(
            _text("phone", null=False),
            sa.Column("lead_id", sa.Uuid(), nullable=True),
            sa.Column("callback_id", sa.Uuid(), nullable=True),
            _text("why", null=False),
            _text("template", null=False),
            _text("subject", null=False),
            _text("actor", null=False),
            sa.Column("due_at", MOMENT, nullable=False),
            sa.Column("status", sa.Text(), server_default="planned", nullable=False),
            sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
            _text("reason"),
            _text("outcome"),
            _text("answered_by"),
            _text("nonce"),
            sa.Column("attempt_id", sa.Uuid(), nullable=True),
            sa.Column("claimed_at", MOMENT, nullable=True),
            sa.Column("looked_at", MOMENT, nullable=True),
            _text("caller_id"),
            _text("account_sid"),
            _text("sid"),
            sa.Column("call_id", sa.Uuid(), nullable=True),
            sa.Column("ended_at", MOMENT, nullable=True),
        ),
        *_keys("dials"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "lead_id"],
            ["leads.tenant_id", "leads.id"],
            name=op.f("fk_dials_tenant_id_lead_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("tenant_id", "subject", name=op.f("uq_dials_tenant_id_subject")),
        sa.CheckConstraint(
            "status in ('planned', 'claimed', 'placing', 'placed', 'talking', 'done', 'stopped')",
            name=op.f("ck_dials_status"),
        ),
        sa.CheckConstraint(
            "why in ('follow_up', 'callback', 'transfer', 'manual')", name=op.f("ck_dials_why")
        ),
    )
    op.create_index("ix_dials_tenant_id_status_due_at", "dials", ["tenant_id", "status", "due_at"])
    op.create_index("ix_dials_tenant_id_lead_id", "dials", ["tenant_id", "lead_id"])
    op.create_table(
        "listing_feeds",
        *_row(
            _text("name", null=False),
            _text("root", null=False),
            sa.Column("cities", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
            sa.Column("every_minutes", sa.Integer(), server_default="60", nullable=False),
            sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
            sa.Column("next_at", MOMENT, nullable=False),
            sa.Column("watermark", MOMENT, nullable=True),
            sa.Column("whole_at", MOMENT, nullable=True),
            sa.Column("last_at", MOMENT, nullable=True),
            sa.Column("last_ok_at", MOMENT, nullable=True),
            sa.Column(
                "last",
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
                server_default="{}",
                nullable=False,
            ),
            sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
            _text("error"),
            sa.Column("ticket_id", sa.Uuid(), nullable=True),
            sa.Column("lease_until", MOMENT, nullable=True),
        ),
        *_keys("listing_feeds"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_listing_feeds_tenant_id_ticket_id"),
        ),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_listing_feeds_tenant_id_name")),
        sa.CheckConstraint("every_minutes between 15 and 10080", name=op.f("ck_listing_feeds_every_minutes")),
    )
    op.create_index(
        "ix_listing_feeds_tenant_id_enabled_next_at", "listing_feeds", ["tenant_id", "enabled", "next_at"]
    )
    secure("dials", platform="select (tenant_id, status, due_at, claimed_at)")
    secure("listing_feeds", platform="select (tenant_id, enabled, next_at, lease_until)")
    op.drop_constraint(op.f("ck_follow_ups_channel"), "follow_ups", type_="check")
    op.create_check_constraint(op.f("ck_follow_ups_channel"), "follow_ups", f"channel in {CHANNELS}")
    op.add_column("callbacks", sa.Column("claimed_by", sa.Uuid(), nullable=True))
    op.add_column("callbacks", sa.Column("claimed_at", MOMENT, nullable=True))
    op.add_column("callbacks", sa.Column("finished_at", MOMENT, nullable=True))
    op.add_column("callbacks", _text("note"))
    op.create_foreign_key(
        op.f("fk_callbacks_tenant_id_claimed_by"),
        "callbacks",
        "members",
        ["tenant_id", "claimed_by"],
        ["tenant_id", "id"],
    )


def downgrade() -> None:
    """As it was; steps that are calls are gone."""
    op.drop_constraint(op.f("fk_callbacks_tenant_id_claimed_by"), "callbacks", type_="foreignkey")
    for column in ("note", "finished_at", "claimed_at", "claimed_by"):
        op.drop_column("callbacks", column)
    op.execute("delete from follow_ups where channel = 'call'")
    op.drop_constraint(op.f("ck_follow_ups_channel"), "follow_ups", type_="check")
    op.create_check_constraint(op.f("ck_follow_ups_channel"), "follow_ups", f"channel in {CHANNELS[:2]}")
    for table in ("listing_feeds", "dials"):
        op.drop_table(table)
