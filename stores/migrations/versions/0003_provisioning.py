"""Provisioning."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import secure

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
