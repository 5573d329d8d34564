"""Lead conversations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import secure

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lead_rules",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("spec", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('question', 'must_have')", name=op.f("ck_lead_rules_kind")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_lead_rules_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_lead_rules")),
        sa.UniqueConstraint("tenant_id", "kind", "key", name=op.f("uq_lead_rules_tenant_id_kind_key")),
    )
    secure("lead_rules")
    op.add_column("leads", sa.Column("duplicate_of", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_leads_tenant_id_duplicate_of"),
        "leads",
        "leads",
        ["tenant_id", "duplicate_of"],
        ["tenant_id", "id"],
        ondelete="SET NULL (duplicate_of)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_leads_tenant_id_duplicate_of"), "leads", type_="foreignkey")
    op.drop_column("leads", "duplicate_of")
    op.drop_table("lead_rules")
