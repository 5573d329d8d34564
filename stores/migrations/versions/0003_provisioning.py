"""Provisioning: runs, their steps and events; durable work and its workers; people's part in a set-up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import secure

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('provisionings',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), server_default='queued', nullable=False),
    sa.Column('request', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('idempotency_key', sa.Text(), nullable=True),
    sa.Column('body_hash', sa.Text(), nullable=True),
    sa.Column('attempt', sa.Integer(), server_default='1', nullable=False),
    sa.Column('cancel_wanted', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('resources', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('checks', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('problem', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('retry_of', sa.Uuid(), nullable=True),
    sa.Column('events', sa.Integer(), server_default='0', nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("source in ('api', 'conversation')", name=op.f('ck_provisionings_source')),
    sa.CheckConstraint("state in ('queued', 'running', 'waiting', 'done', 'undoing', 'failed', 'canceled')", name=op.f('ck_provisionings_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_provisionings_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_provisionings')),
    sa.UniqueConstraint('idempotency_key', name='uq_provisionings_idempotency_key')
    )
    op.create_index('ix_provisionings_tenant_id_state', 'provisionings', ['tenant_id', 'state'], unique=False)
    op.create_table('provisioning_steps',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('provisioning_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), server_default='waiting', nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('detail', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("name in ('registration', 'resources', 'infrastructure', 'validation')", name=op.f('ck_provisioning_steps_name')),
    sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed', 'undone')", name=op.f('ck_provisioning_steps_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'provisioning_id'], ['provisionings.tenant_id', 'provisionings.id'], name=op.f('fk_provisioning_steps_tenant_id_provisioning_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_provisioning_steps_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_provisioning_steps')),
    sa.UniqueConstraint('tenant_id', 'provisioning_id', 'name', name=op.f('uq_provisioning_steps_tenant_id_provisioning_id_name'))
    )
    op.create_table('provisioning_events',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('provisioning_id', sa.Uuid(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('step', sa.Text(), nullable=True),
    sa.Column('detail', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'provisioning_id'], ['provisionings.tenant_id', 'provisionings.id'], name=op.f('fk_provisioning_events_tenant_id_provisioning_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_provisioning_events_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_provisioning_events')),
    sa.UniqueConstraint('tenant_id', 'provisioning_id', 'n', name=op.f('uq_provisioning_events_tenant_id_provisioning_id_n'))
    )
    op.create_table('job_requests',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('args', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('state', sa.Text(), server_default='waiting', nullable=False),
    sa.Column('executor', sa.Text(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("state in ('waiting', 'taken', 'done', 'failed')", name=op.f('ck_job_requests_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_job_requests_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_job_requests')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_job_requests_tenant_id_key'))
    )
    op.create_index('ix_job_requests_tenant_id_id', 'job_requests', ['tenant_id', 'id'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('workers',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('executor', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('pid', sa.Integer(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('beat_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_workers_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_workers')),
    sa.UniqueConstraint('tenant_id', 'executor', name=op.f('uq_workers_tenant_id_executor'))
    )
    op.create_table('review_items',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('status', sa.Text(), server_default='open', nullable=False),
    sa.Column('owner', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('files', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('signed_by', sa.Text(), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status in ('open', 'in_progress', 'signed', 'waived')", name=op.f('ck_review_items_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_review_items_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_review_items')),
    sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_review_items_tenant_id_name'))
    )
    op.create_table('launch_tasks',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('place', sa.Integer(), server_default='1', nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind in ('specialist', 'milestone')", name=op.f('ck_launch_tasks_kind')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_launch_tasks_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_launch_tasks')),
    sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_launch_tasks_tenant_id_name'))
    )
    secure("provisioning_steps", "workers", "review_items", "launch_tasks")
    secure("provisioning_events", append_only=True)
    # a request is repeated, and a run is asked for, before its tenant is known
    secure("provisionings", platform="select")
    secure("job_requests", platform="select, update")


def downgrade() -> None:
    for table in (
        "launch_tasks",
        "review_items",
        "workers",
        "job_requests",
        "provisioning_events",
        "provisioning_steps",
        "provisionings",
    ):
        op.drop_table(table)
