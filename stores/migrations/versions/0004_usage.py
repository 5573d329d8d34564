"""Usage, slots, plans that are to change; indexes for what is listed."""

import sqlalchemy as sa
from alembic import op

from stores.migrations.rls import MINE, secure

revision = "0004"
down_revision = "0003"
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
    kinds = "kind in ('api_calls', 'voice_seconds', 'storage_bytes')"
    op.create_table(
        "usage_counters",
        *_row(
            sa.Column("month", sa.Date(), nullable=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("amount", sa.BigInteger(), server_default="0", nullable=False),
        ),
        *_keys("usage_counters"),
        sa.CheckConstraint(kinds, name=op.f("ck_usage_counters_kind")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_usage_counters_amount")),
        sa.UniqueConstraint("tenant_id", "month", "kind", name=op.f("uq_usage_counters_tenant_id_month_kind")),
    )
    op.create_table(
        "usage_acts",
        *_row(
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column("month", sa.Date(), nullable=False),
            sa.Column("amount", sa.BigInteger(), nullable=False),
        ),
        *_keys("usage_acts"),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_usage_acts_amount")),
        sa.UniqueConstraint("tenant_id", "kind", "key", name=op.f("uq_usage_acts_tenant_id_kind_key")),
    )
    op.create_table(
        "usage_notices",
        *_row(
            sa.Column("month", sa.Date(), nullable=False),
            sa.Column("limit_name", sa.Text(), nullable=False),
            sa.Column("level", sa.Text(), nullable=False),
            sa.Column("used", sa.BigInteger(), nullable=False),
            sa.Column("allowed", sa.BigInteger(), nullable=False),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        ),
        *_keys("usage_notices"),
        sa.UniqueConstraint(
            "tenant_id",
            "month",
            "limit_name",
            "level",
            name=op.f("uq_usage_notices_tenant_id_month_limit_name_level"),
        ),
    )
    op.create_index("ix_usage_notices_tenant_id_at", "usage_notices", ["tenant_id", "at"])
    op.create_table(
        "plan_changes",
        *_row(
            sa.Column("plan", sa.Text(), nullable=False),
            sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
            sa.Column("actor", sa.Text(), nullable=False),
        ),
        *_keys("plan_changes"),
        sa.CheckConstraint("status in ('waiting', 'done', 'cancelled')", name=op.f("ck_plan_changes_status")),
    )
    op.create_index(
        "uq_plan_changes_waiting",
        "plan_changes",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "slots",
        *_row(
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column("process", sa.Text(), nullable=False),
            sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        ),
        *_keys("slots"),
        sa.CheckConstraint(
            "kind in ('inbound', 'outbound', 'simulation', 'job')", name=op.f("ck_slots_kind")
        ),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_slots_tenant_id_key")),
    )
    _search_of_leads()
    secure("usage_counters", "usage_acts", "usage_notices")
    # a sweep looks for changes of plan that have come due
    secure("plan_changes", platform="select")
    # lines are counted over all tenants before one of them gets another
    secure("slots", platform="select, insert, update")


def _search_of_leads() -> None:
    """What leads are found by, in one column that an index carries along.

    Under row-level security no index can answer LIKE or an array's @> (they are not leakproof), and a
    client's leads lie scattered over the table, one to a page. So such a search reads this index instead,
    where they lie together. Kept by a trigger: a generated column could not be copied or restored.
    """
    op.add_column("leads", sa.Column("search", sa.Text(), server_default="", nullable=False))
    op.execute(
        """
        create function search_of_lead() returns trigger language plpgsql as $$
        begin
            new.search := left(lower(concat_ws(' ', array_to_string(new.phones, ' '),
                array_to_string(new.emails, ' '), chr(31), new.name, new.property_address, new.summary)), 600);
            return new;
        end $$
        """
    )
    op.execute(
        "create trigger search before insert or update on leads"
        " for each row execute function search_of_lead()"
    )
    # rows there are already: forced row-level security binds the owner too
    op.execute("alter table leads no force row level security")
    op.execute("update leads set search = ''")
    op.execute("alter table leads force row level security")
    op.create_index("ix_leads_tenant_id_id", "leads", ["tenant_id", "id"], postgresql_include=["search", "test"])


def downgrade() -> None:
    op.drop_index("ix_leads_tenant_id_id", table_name="leads")
    op.execute("drop trigger search on leads")
    op.execute("drop function search_of_lead()")
    op.drop_column("leads", "search")
    for table in ("slots", "plan_changes", "usage_notices", "usage_acts", "usage_counters"):
        op.drop_table(table)
