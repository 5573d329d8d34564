"""When a call's caller knew that it is recorded stands on the call, where it is written as it happens."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From the numbers of a finished call, where nobody wrote it, to the call."""
    op.drop_column("call_measures", "noticed_at")
    op.add_column("calls", sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """And back."""
    op.drop_column("calls", "noticed_at")
    op.add_column("call_measures", sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True))
