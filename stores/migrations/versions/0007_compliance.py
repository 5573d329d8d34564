"""Compliance: the ledger of consent, the do-not-call list, what was dialled."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import MINE, secure

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _row(*columns: sa.Column) -> list[sa.Column]:
    """What every tenant row has around its own columns."""
    now = sa.text("now()")
    return [
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(MINE), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "consents",
        *_row(
            sa.Column("address", sa.Text(), nullable=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("granted", sa.Boolean(), nullable=False),
            sa.Column("text_version", sa.Text(), nullable=True),
            sa.Column("text", sa.Text(), nullable=True),
            sa.Column("evidence", sa.Text(), nullable=False),
            sa.Column("source", sa.Text(), nullable=False),
            sa.Column("at", moment, nullable=False),
            sa.Column("conversation_id", sa.Uuid(), nullable=True),
        ),
        *_keys("consents"),
        sa.CheckConstraint("kind in ('voice', 'voice_ai', 'sms', 'email')", name=op.f("ck_consents_kind")),
    )
    op.create_index("ix_consents_tenant_id_address_kind", "consents", ["tenant_id", "address", "kind", "at"])
    op.create_table(
        "do_not_call",
        *_row(
            sa.Column("phone", sa.Text(), nullable=False),
            sa.Column("reason", sa.Text(), nullable=False),
            sa.Column("source", sa.Text(), nullable=False),
            sa.Column("evidence", sa.Text(), nullable=False),
            sa.Column("listed_at", moment, nullable=False),
            sa.Column("cleared_at", moment, nullable=True),
            sa.Column("cleared_by", sa.Text(), nullable=True),
        ),
        *_keys("do_not_call"),
        sa.UniqueConstraint("tenant_id", "phone", name=op.f("uq_do_not_call_tenant_id_phone")),
    )
    op.create_table(
        "dial_attempts",
        *_row(
            sa.Column("phone", sa.Text(), nullable=False),
            sa.Column("purpose", sa.Text(), nullable=False),
            sa.Column("allowed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
            sa.Column("reason", sa.Text(), nullable=False),
            sa.Column(
                "facts",
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
                server_default="{}",
                nullable=False,
            ),
            sa.Column("at", moment, nullable=False),
        ),
        *_keys("dial_attempts"),
    )
    op.create_index("ix_dial_attempts_tenant_id_phone_at", "dial_attempts", ["tenant_id", "phone", "at"])
    # proof is added, never changed and never taken back by the service
    secure("consents", append_only=True)
    secure("do_not_call", "dial_attempts")


def downgrade() -> None:
    """Drop them."""
    for table in ("dial_attempts", "do_not_call", "consents"):
        op.drop_table(table)
