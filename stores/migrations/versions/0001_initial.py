"""The first schema: every table, its row-level security, and what each role may do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

OF_TENANTS = (
    "agent_profiles",
    "audit_entries",
    "audit_heads",
    "conversations",
    "data_keys",
    "integrations",
    "links",
    "members",
    "messages",
    "phone_numbers",
    "receipts",
    "rules",
    "secrets",
    "surveys",
    "tickets",
    "callbacks",
    "calls",
    "conversation_events",
    "turns",
    "call_events",
    "leads",
    "tasks",
)

MINE = "nullif(current_setting('app.tenant_id', true), '')::uuid"

# What crosses tenants, and no more: a call, a link, a resumed chat and a number arrive before their tenant is
# known; queued mail and data keys are looked after for all.
PLATFORM = {
    "tenants": "select, insert, update",
    "phone_numbers": "select",
    "calls": "select, update",
    "conversations": "select",
    "links": "select, update",
    "messages": "select",
    "data_keys": "select, update",
}
APPEND_ONLY = ("audit_entries", "conversation_events")


def secure() -> None:
    """Row-level security on every table, also against the owner; grants per role."""
    for table in ("tenants", *OF_TENANTS):
        key = "id" if table == "tenants" else "tenant_id"
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy own_rows on {table} to app_rw using ({key} = {MINE}) with check ({key} = {MINE})"
        )
        verbs = "select, insert" if table in APPEND_ONLY else "select, insert, update, delete"
        op.execute(f"grant {verbs} on {table} to app_rw")
    op.execute("revoke delete on tenants from app_rw")
    for table, verbs in PLATFORM.items():
        op.execute(f"create policy platform on {table} to app_platform using (true) with check (true)")
        op.execute(f"grant {verbs} on {table} to app_platform")
    op.execute("grant select on alembic_version to app_rw")
    op.execute("""
        create function refuse_rewriting() returns trigger language plpgsql as $$
        begin
            raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
        end $$
    """)
    op.execute("""
        create trigger append_only before update or delete or truncate on audit_entries
        for each statement execute function refuse_rewriting()
    """)


def upgrade() -> None:
    op.create_table('tenants',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('brand_name', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='onboarding', nullable=False),
    sa.Column('plan', sa.Text(), nullable=True),
    sa.Column('tier', sa.Integer(), nullable=True),
    sa.Column('team_size', sa.Integer(), nullable=True),
    sa.Column('timezone', sa.Text(), nullable=True),
    sa.Column('states', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('markets', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('website', sa.Text(), nullable=True),
    sa.Column('main_phone', sa.Text(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('license', sa.Text(), nullable=True),
    sa.Column('settings', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suspended_reason', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("slug ~ '^[a-z0-9-]{3,40}$'", name=op.f('ck_tenants_slug')),
    sa.CheckConstraint("status in ('onboarding', 'live', 'paused', 'suspended', 'closed')", name=op.f('ck_tenants_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenants')),
    sa.UniqueConstraint('slug', name=op.f('uq_tenants_slug'))
    )
    op.create_table('agent_profiles',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('persona_name', sa.Text(), server_default='Alex', nullable=False),
    sa.Column('voice_profile', sa.Text(), server_default='professional_female', nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.Text()), server_default='{en-US}', nullable=False),
    sa.Column('hours', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('holidays', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('after_hours_mode', sa.Text(), server_default='full_agent', nullable=False),
    sa.Column('greeting', sa.Text(), nullable=True),
    sa.Column('fallback_line', sa.Text(), nullable=True),
    sa.Column('closing', sa.Text(), nullable=True),
    sa.Column('transfer_targets', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('lexicon', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('max_call_minutes', sa.Integer(), server_default='10', nullable=False),
    sa.Column('recording_notice', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('extra', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_agent_profiles_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_agent_profiles')),
    sa.UniqueConstraint('tenant_id', name=op.f('uq_agent_profiles_tenant_id'))
    )
    op.create_table('audit_entries',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('after', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('prev_hash', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_audit_entries_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_audit_entries')),
    sa.UniqueConstraint('tenant_id', 'seq', name=op.f('uq_audit_entries_tenant_id_seq'))
    )
    op.create_table('audit_heads',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), server_default='0', nullable=False),
    sa.Column('hash', sa.Text(), server_default='0000000000000000000000000000000000000000000000000000000000000000', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_audit_heads_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_audit_heads')),
    sa.UniqueConstraint('tenant_id', name=op.f('uq_audit_heads_tenant_id'))
    )
    op.create_table('conversations',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('flow_version', sa.Integer(), nullable=False),
    sa.Column('step', sa.Text(), nullable=True),
    sa.Column('state', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.Column('status', sa.Text(), server_default='open', nullable=False),
    sa.Column('caller', sa.Text(), nullable=True),
    sa.Column('to', sa.Text(), nullable=True),
    sa.Column('resume_code_hash', sa.Text(), nullable=True),
    sa.Column('resume_failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('subject_tenant_id', sa.Uuid(), nullable=True),
    sa.Column('test', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('lease_owner', sa.Text(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status in ('open', 'ended', 'handed_over')", name=op.f('ck_conversations_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_conversations_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_conversations'))
    )
    op.create_index('ix_conversations_tenant_id_caller_status', 'conversations', ['tenant_id', 'caller', 'status'], unique=False)
    op.create_index('uq_conversations_resume_code', 'conversations', ['tenant_id', 'resume_code_hash'], unique=True, postgresql_where=sa.text("resume_code_hash is not null and status <> 'ended'"))
    op.create_table('data_keys',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kid', sa.Text(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=True),
    sa.Column('shredded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_data_keys_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_data_keys')),
    sa.UniqueConstraint('tenant_id', name=op.f('uq_data_keys_tenant_id'))
    )
    op.create_table('integrations',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('vendor', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), server_default='chosen', nullable=False),
    sa.Column('config', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('last_test', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind in ('crm', 'calendar', 'webhook', 'lead_source')", name=op.f('ck_integrations_kind')),
    sa.CheckConstraint("state in ('chosen', 'pending_link', 'connected', 'failed')", name=op.f('ck_integrations_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_integrations_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_integrations')),
    sa.UniqueConstraint('tenant_id', 'kind', 'vendor', name=op.f('uq_integrations_tenant_id_kind_vendor'))
    )
    op.create_table('links',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('payload', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_ip', sa.Text(), nullable=True),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_links_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_links_token_hash'))
    )
    op.create_index('ix_links_tenant_id_purpose', 'links', ['tenant_id', 'purpose'], unique=False)
    op.create_table('members',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('mobile', sa.Text(), nullable=True),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), server_default='invited', nullable=False),
    sa.Column('email_verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("role in ('owner', 'admin', 'agent', 'viewer')", name=op.f('ck_members_role')),
    sa.CheckConstraint("status in ('invited', 'active', 'removed')", name=op.f('ck_members_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_members_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_members'))
    )
    op.create_index('uq_members_tenant_id_email', 'members', ['tenant_id', sa.literal_column('lower(email)')], unique=True)
    op.create_table('messages',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('to_', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='queued', nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind in ('sms', 'email')", name=op.f('ck_messages_kind')),
    sa.CheckConstraint("status in ('queued', 'sent', 'failed', 'cancelled')", name=op.f('ck_messages_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_messages_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_messages'))
    )
    op.create_index('ix_messages_tenant_id_status', 'messages', ['tenant_id', 'status', 'id'], unique=False)
    op.create_table('phone_numbers',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('e164', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='active', nullable=False),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('provider_sid', sa.Text(), nullable=True),
    sa.Column('forwarded_from', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("e164 ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f('ck_phone_numbers_e164')),
    sa.CheckConstraint("status in ('active', 'paused', 'released')", name=op.f('ck_phone_numbers_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_phone_numbers_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_phone_numbers'))
    )
    op.create_index('ix_phone_numbers_tenant_id_status', 'phone_numbers', ['tenant_id', 'status'], unique=False)
    op.create_index('uq_phone_numbers_e164', 'phone_numbers', ['e164'], unique=True, postgresql_where=sa.text("status <> 'released'"))
    op.create_table('receipts',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('tool', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('arguments', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('result', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('undo', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_receipts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_receipts')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_receipts_tenant_id_key'))
    )
    op.create_index('ix_receipts_tenant_id_conversation_id', 'receipts', ['tenant_id', 'conversation_id'], unique=False)
    op.create_table('rules',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('criteria', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('hot_rule', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('routing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('follow_up', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('compliance', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_rules_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_rules')),
    sa.UniqueConstraint('tenant_id', name=op.f('uq_rules_tenant_id'))
    )
    op.create_table('secrets',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_secrets_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_secrets')),
    sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_secrets_tenant_id_name'))
    )
    op.create_table('surveys',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_surveys_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_surveys'))
    )
    op.create_index('ix_surveys_tenant_id_kind', 'surveys', ['tenant_id', 'kind'], unique=False)
    op.create_table('tickets',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('priority', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), server_default='', nullable=False),
    sa.Column('status', sa.Text(), server_default='open', nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("priority in ('critical', 'high', 'medium', 'low')", name=op.f('ck_tickets_priority')),
    sa.CheckConstraint("status in ('open', 'waiting', 'solved', 'closed', 'cancelled')", name=op.f('ck_tickets_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_tickets_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_tickets_tenant_id_number'))
    )
    op.create_index('ix_tickets_tenant_id_status', 'tickets', ['tenant_id', 'status'], unique=False)
    op.create_table('callbacks',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('window_end', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('status', sa.Text(), server_default='booked', nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status in ('booked', 'done', 'missed', 'cancelled')", name=op.f('ck_callbacks_status')),
    sa.ForeignKeyConstraint(['tenant_id', 'ticket_id'], ['tickets.tenant_id', 'tickets.id'], name=op.f('fk_callbacks_tenant_id_ticket_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_callbacks_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_callbacks'))
    )
    op.create_index('ix_callbacks_tenant_id_status_at', 'callbacks', ['tenant_id', 'status', 'at'], unique=False)
    op.create_table('calls',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('sid', sa.Text(), nullable=True),
    sa.Column('from_', sa.Text(), nullable=True),
    sa.Column('to', sa.Text(), nullable=True),
    sa.Column('direction', sa.Text(), server_default='inbound', nullable=False),
    sa.Column('channel', sa.Text(), server_default='voice', nullable=False),
    sa.Column('status', sa.Text(), server_default='ringing', nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=True),
    sa.Column('token_expires', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.Text(), nullable=True),
    sa.Column('sequence', sa.Integer(), server_default='1', nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=True),
    sa.Column('recording_path', sa.Text(), nullable=True),
    sa.Column('transcript_path', sa.Text(), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('extra', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'conversation_id'], ['conversations.tenant_id', 'conversations.id'], name=op.f('fk_calls_tenant_id_conversation_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_calls_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_calls')),
    sa.UniqueConstraint('sid', name=op.f('uq_calls_sid')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calls_token_hash'))
    )
    op.create_index('ix_calls_tenant_id_conversation_id', 'calls', ['tenant_id', 'conversation_id'], unique=False)
    op.create_index('ix_calls_tenant_id_status_started_at', 'calls', ['tenant_id', 'status', 'started_at'], unique=False)
    op.create_table('conversation_events',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('data', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'conversation_id'], ['conversations.tenant_id', 'conversations.id'], name=op.f('fk_conversation_events_tenant_id_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_conversation_events')),
    sa.UniqueConstraint('tenant_id', 'conversation_id', 'seq', name=op.f('uq_conversation_events_tenant_id_conversation_id_seq'))
    )
    op.create_table('turns',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('spoken', sa.Text(), nullable=True),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('latency', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('tools', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("role in ('caller', 'agent', 'system')", name=op.f('ck_turns_role')),
    sa.ForeignKeyConstraint(['tenant_id', 'conversation_id'], ['conversations.tenant_id', 'conversations.id'], name=op.f('fk_turns_tenant_id_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_turns')),
    sa.UniqueConstraint('tenant_id', 'conversation_id', 'n', name=op.f('uq_turns_tenant_id_conversation_id_n'))
    )
    op.create_table('call_events',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('event', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('data', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'call_id'], ['calls.tenant_id', 'calls.id'], name=op.f('fk_call_events_tenant_id_call_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_call_events')),
    sa.UniqueConstraint('tenant_id', 'call_id', 'event', name=op.f('uq_call_events_tenant_id_call_id_event'))
    )
    op.create_table('leads',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('intent', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('phones', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('emails', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('areas', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('price_min', sa.Integer(), nullable=True),
    sa.Column('price_max', sa.Integer(), nullable=True),
    sa.Column('beds', sa.Integer(), nullable=True),
    sa.Column('baths', sa.Double(), nullable=True),
    sa.Column('features', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('timeline', sa.Text(), nullable=True),
    sa.Column('financing', sa.Text(), nullable=True),
    sa.Column('represented', sa.Text(), nullable=True),
    sa.Column('property_address', sa.Text(), nullable=True),
    sa.Column('appointment', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('score_reasons', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('consent', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('dnc', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('disposition', sa.Text(), nullable=True),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('call_id', sa.Uuid(), nullable=True),
    sa.Column('extra', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('test', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("intent in ('buyer', 'seller', 'renter', 'investor', 'other')", name=op.f('ck_leads_intent')),
    sa.CheckConstraint('score between 0 and 100', name=op.f('ck_leads_score')),
    sa.ForeignKeyConstraint(['tenant_id', 'call_id'], ['calls.tenant_id', 'calls.id'], name=op.f('fk_leads_tenant_id_call_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'conversation_id'], ['conversations.tenant_id', 'conversations.id'], name=op.f('fk_leads_tenant_id_conversation_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_leads_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_leads')),
    sa.UniqueConstraint('tenant_id', 'conversation_id', name=op.f('uq_leads_tenant_id_conversation_id'))
    )
    op.create_index('ix_leads_tenant_id_intent_id', 'leads', ['tenant_id', 'intent', 'id'], unique=False)
    op.create_table('tasks',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status', sa.Text(), server_default='open', nullable=False),
    sa.Column('lead_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status in ('open', 'done', 'cancelled')", name=op.f('ck_tasks_status')),
    sa.ForeignKeyConstraint(['tenant_id', 'lead_id'], ['leads.tenant_id', 'leads.id'], name=op.f('fk_tasks_tenant_id_lead_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_tasks_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_tasks'))
    )
    op.create_index('ix_tasks_tenant_id_lead_id', 'tasks', ['tenant_id', 'lead_id'], unique=False)
    op.create_index('ix_tasks_tenant_id_status_due_at', 'tasks', ['tenant_id', 'status', 'due_at'], unique=False)

    secure()


def downgrade() -> None:
    op.drop_index('ix_tasks_tenant_id_status_due_at', table_name='tasks')
    op.drop_index('ix_tasks_tenant_id_lead_id', table_name='tasks')
    op.drop_table('tasks')
    op.drop_index('ix_leads_tenant_id_intent_id', table_name='leads')
    op.drop_table('leads')
    op.drop_table('call_events')
    op.drop_table('turns')
    op.drop_table('conversation_events')
    op.drop_index('ix_calls_tenant_id_status_started_at', table_name='calls')
    op.drop_index('ix_calls_tenant_id_conversation_id', table_name='calls')
    op.drop_table('calls')
    op.drop_index('ix_callbacks_tenant_id_status_at', table_name='callbacks')
    op.drop_table('callbacks')
    op.drop_index('ix_tickets_tenant_id_status', table_name='tickets')
    op.drop_table('tickets')
    op.drop_index('ix_surveys_tenant_id_kind', table_name='surveys')
    op.drop_table('surveys')
    op.drop_table('secrets')
    op.drop_table('rules')
    op.drop_index('ix_receipts_tenant_id_conversation_id', table_name='receipts')
    op.drop_table('receipts')
    op.drop_index('uq_phone_numbers_e164', table_name='phone_numbers', postgresql_where=sa.text("status <> 'released'"))
    op.drop_index('ix_phone_numbers_tenant_id_status', table_name='phone_numbers')
    op.drop_table('phone_numbers')
    op.drop_index('ix_messages_tenant_id_status', table_name='messages')
    op.drop_table('messages')
    op.drop_index('uq_members_tenant_id_email', table_name='members')
    op.drop_table('members')
    op.drop_index('ix_links_tenant_id_purpose', table_name='links')
    op.drop_table('links')
    op.drop_table('integrations')
    op.drop_table('data_keys')
    op.drop_index('uq_conversations_resume_code', table_name='conversations', postgresql_where=sa.text("resume_code_hash is not null and status <> 'ended'"))
    op.drop_index('ix_conversations_tenant_id_caller_status', table_name='conversations')
    op.drop_table('conversations')
    op.drop_table('audit_heads')
    op.drop_table('audit_entries')
    op.drop_table('agent_profiles')
    op.drop_table('tenants')
    op.execute("drop function refuse_rewriting()")
