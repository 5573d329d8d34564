"""Knowledge: what an answer means is stored with it, and a listing has more facts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The vectors as bytes, with what made them; which are missing is looked for over all clients."""
    op.drop_column("knowledge_entries", "embedding")
    op.add_column("knowledge_entries", sa.Column("meaning", sa.LargeBinary(), nullable=True))
    op.add_column("knowledge_entries", sa.Column("meaning_of", sa.Text(), nullable=True))
    op.execute("create policy platform on knowledge_entries to app_platform using (true) with check (true)")
    op.execute("grant select (tenant_id, kind, active, meaning_of) on knowledge_entries to app_platform")
    op.add_column(
        "listings",
        sa.Column(
            "details",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
    )


def downgrade() -> None:
    """As it was; meanings are worked out again."""
    op.drop_column("listings", "details")
    op.execute("revoke select (tenant_id, kind, active, meaning_of) on knowledge_entries from app_platform")
    op.execute("drop policy platform on knowledge_entries")
    op.drop_column("knowledge_entries", "meaning_of")
    op.drop_column("knowledge_entries", "meaning")
    op.add_column("knowledge_entries", sa.Column("embedding", postgresql.ARRAY(sa.Float()), nullable=True))
