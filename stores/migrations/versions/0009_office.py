"""Office: what the agent knows, agents' agendas and appointments, who gets a lead, follow-up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import secure

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Extensions are a help, never a need: a server that lacks them or forbids them loses likeness in questions
# (pg_trgm) and the third wall against double booking (btree_gist), and says so.
_EXTENSION = """
do $$ begin
    create extension if not exists {name} with schema public;
exception when others then
    raise notice 'without {name}: %', sqlerrm;
end $$
"""

_NO_OVERLAP = """
do $$ begin
    if exists (select from pg_extension where extname = 'btree_gist') then
        alter table appointments add constraint ex_appointments_overlap exclude using gist (
            tenant_id with =, member_id with =, tstzrange(starts_at, blocks_until) with &&
        ) where (status in ('held', 'booked') and not test);
    end if;
end $$
"""


def upgrade() -> None:
    op.create_table('knowledge_entries',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('also', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('language', sa.Text(), server_default='en', nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('embedding', postgresql.ARRAY(sa.Float()), nullable=True),
    sa.Column('words', postgresql.TSVECTOR(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind in ('faq', 'office', 'area')", name=op.f('ck_knowledge_entries_kind')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_knowledge_entries_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_knowledge_entries'))
    )
    op.create_index('ix_knowledge_entries_tenant_id_kind_id', 'knowledge_entries', ['tenant_id', 'kind', 'id'], unique=False)
    op.create_table('listing_imports',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('added', sa.Integer(), server_default='0', nullable=False),
    sa.Column('changed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('removed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('unchanged', sa.Integer(), server_default='0', nullable=False),
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_listing_imports_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_listing_imports'))
    )
    op.create_table('agendas',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('hours', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('exceptions', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('buffer_minutes', sa.Integer(), server_default='15', nullable=False),
    sa.Column('timezone', sa.Text(), nullable=True),
    sa.Column('bookable', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('takes_leads', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('areas', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('price_min', sa.Integer(), nullable=True),
    sa.Column('price_max', sa.Integer(), nullable=True),
    sa.Column('weight', sa.Integer(), server_default='1', nullable=False),
    sa.Column('calendar_secret', sa.Text(), nullable=True),
    sa.Column('calendar_host', sa.Text(), nullable=True),
    sa.Column('calendar_state', sa.Text(), nullable=True),
    sa.Column('calendar_checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('calendar_fresh_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('busy', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('buffer_minutes between 0 and 240', name=op.f('ck_agendas_buffer_minutes')),
    sa.CheckConstraint('weight between 0 and 100', name=op.f('ck_agendas_weight')),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['members.tenant_id', 'members.id'], name=op.f('fk_agendas_tenant_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_agendas_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_agendas')),
    sa.UniqueConstraint('tenant_id', 'member_id', name=op.f('uq_agendas_tenant_id_member_id'))
    )
    op.create_table('listings',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('mls_id', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='active', nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('city', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=True),
    sa.Column('zip', sa.Text(), nullable=True),
    sa.Column('neighborhood', sa.Text(), nullable=True),
    sa.Column('price', sa.Integer(), nullable=True),
    sa.Column('beds', sa.Integer(), nullable=True),
    sa.Column('baths', sa.Double(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('type', sa.Text(), nullable=True),
    sa.Column('features', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('remarks', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('modified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('import_id', sa.Uuid(), nullable=True),
    sa.Column('words', postgresql.TSVECTOR(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status in ('active', 'coming_soon', 'pending', 'closed', 'withdrawn')", name=op.f('ck_listings_status')),
    sa.ForeignKeyConstraint(['tenant_id', 'import_id'], ['listing_imports.tenant_id', 'listing_imports.id'], name=op.f('fk_listings_tenant_id_import_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_listings_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_listings')),
    sa.UniqueConstraint('tenant_id', 'mls_id', name=op.f('uq_listings_tenant_id_mls_id'))
    )
    op.create_index('ix_listings_tenant_id_status_price', 'listings', ['tenant_id', 'status', 'price'], unique=False)
    op.create_table('appointments',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('lead_id', sa.Uuid(), nullable=True),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('blocks_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('timezone', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('buyer_agreement_required', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('sequence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('reminded', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('test', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind in ('tour', 'viewing', 'consult', 'valuation', 'call')", name=op.f('ck_appointments_kind')),
    sa.CheckConstraint("status <> 'held' or held_until is not null", name=op.f('ck_appointments_held')),
    sa.CheckConstraint("status in ('held', 'booked', 'cancelled', 'done', 'no_show')", name=op.f('ck_appointments_status')),
    sa.CheckConstraint('starts_at < ends_at and ends_at <= blocks_until', name=op.f('ck_appointments_times')),
    sa.ForeignKeyConstraint(['tenant_id', 'lead_id'], ['leads.tenant_id', 'leads.id'], name=op.f('fk_appointments_tenant_id_lead_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['members.tenant_id', 'members.id'], name=op.f('fk_appointments_tenant_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_appointments_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_appointments'))
    )
    op.create_index('ix_appointments_tenant_id_conversation_id', 'appointments', ['tenant_id', 'conversation_id'], unique=False)
    op.create_index('ix_appointments_tenant_id_phone', 'appointments', ['tenant_id', 'phone'], unique=False)
    op.create_index('ix_appointments_tenant_id_status_starts_at', 'appointments', ['tenant_id', 'status', 'starts_at'], unique=False)
    op.create_index('uq_appointments_tenant_id_member_id_starts_at', 'appointments', ['tenant_id', 'member_id', 'starts_at'], unique=True, postgresql_where=sa.text("status in ('held', 'booked') and not test"))
    op.create_table('assignments',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('lead_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), server_default='offered', nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claim_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status in ('offered', 'claimed', 'expired', 'withdrawn')", name=op.f('ck_assignments_status')),
    sa.ForeignKeyConstraint(['tenant_id', 'lead_id'], ['leads.tenant_id', 'leads.id'], name=op.f('fk_assignments_tenant_id_lead_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['members.tenant_id', 'members.id'], name=op.f('fk_assignments_tenant_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_assignments_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_assignments'))
    )
    op.create_index('ix_assignments_tenant_id_member_id', 'assignments', ['tenant_id', 'member_id'], unique=False)
    op.create_index('ix_assignments_tenant_id_status_claim_by', 'assignments', ['tenant_id', 'status', 'claim_by'], unique=False)
    op.create_index('uq_assignments_tenant_id_lead_id', 'assignments', ['tenant_id', 'lead_id'], unique=True, postgresql_where=sa.text("status in ('offered', 'claimed')"))
    op.create_table('follow_ups',
    sa.Column('tenant_id', sa.Uuid(), server_default=sa.text("nullif(current_setting('app.tenant_id', true), '')::uuid"), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('lead_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Text(), server_default='planned', nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('stop_on', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("channel in ('email', 'sms')", name=op.f('ck_follow_ups_channel')),
    sa.CheckConstraint("status in ('planned', 'sent', 'stopped', 'skipped')", name=op.f('ck_follow_ups_status')),
    sa.ForeignKeyConstraint(['tenant_id', 'lead_id'], ['leads.tenant_id', 'leads.id'], name=op.f('fk_follow_ups_tenant_id_lead_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_follow_ups_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_follow_ups')),
    sa.UniqueConstraint('tenant_id', 'lead_id', 'step', name=op.f('uq_follow_ups_tenant_id_lead_id_step'))
    )
    op.create_index('ix_follow_ups_tenant_id_status_due_at', 'follow_ups', ['tenant_id', 'status', 'due_at'], unique=False)

    op.add_column("messages", sa.Column("calendar", sa.Text(), nullable=True))
    for name in ("pg_trgm", "btree_gist"):
        op.execute(_EXTENSION.format(name=name))
    op.execute(_NO_OVERLAP)
    secure("knowledge_entries", "listings", "listing_imports")
    # sweeps look for what is due over all tenants: they see whose and when, and nothing else
    secure("agendas", platform="select (tenant_id, calendar_secret, calendar_checked_at)")
    secure("appointments", platform="select (tenant_id, status, starts_at, held_until)")
    secure("assignments", platform="select (tenant_id, status, claim_by)")
    secure("follow_ups", platform="select (tenant_id, status, due_at)")


def downgrade() -> None:
    op.drop_column("messages", "calendar")
    for table in (
        "follow_ups",
        "assignments",
        "appointments",
        "listings",
        "agendas",
        "listing_imports",
        "knowledge_entries"
    ):
        op.drop_table(table)
