"""${message}

A new tenant table needs what 0001 gives each: row-level security, forced; its policy; its grants.
The owner is under row-level security too: to change rows here, first "alter table ... no force row level
security", afterwards "force" it again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
