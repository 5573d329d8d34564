"""Identity."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stores.migrations.rls import secure

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


MINE = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def own_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column('tenant_id', sa.Uuid(), server_default=sa.text(MINE), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
    )


def stamps() -> tuple[sa.Column, ...]:
    return (
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    )


def of_member(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ['tenant_id', 'member_id'], ['members.tenant_id', 'members.id'],
        name=op.f(f'fk_{table}_tenant_id_member_id'), ondelete='CASCADE',
    )


def of_tenant(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f(f'fk_{table}_tenant_id')),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f(f'pk_{table}')),
    )


def upgrade() -> None:
    op.create_table('credentials', *own_columns(),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('must_change', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('temporary_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('password_set_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('totp_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('totp_step', sa.Integer(), nullable=True),
    sa.Column('recovery', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True),
    *stamps(), of_member('credentials'), *of_tenant('credentials'),
    sa.UniqueConstraint('tenant_id', 'member_id', name=op.f('uq_credentials_tenant_id_member_id')),
    )
    op.create_table('sign_ins', *own_columns(),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    *stamps(), of_member('sign_ins'), *of_tenant('sign_ins'),
    sa.UniqueConstraint('tenant_id', 'token_hash', name=op.f('uq_sign_ins_tenant_id_token_hash')),
    )
    op.create_index('ix_sign_ins_tenant_id_member_id', 'sign_ins', ['tenant_id', 'member_id'])
    op.create_table('sign_in_attempts', *own_columns(),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    *stamps(), *of_tenant('sign_in_attempts'),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_sign_in_attempts_tenant_id_key')),
    )
    op.create_index('ix_sign_in_attempts_tenant_id_last_at', 'sign_in_attempts', ['tenant_id', 'last_at'])
    op.create_table('api_keys', *own_columns(),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('prefix', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replaced_by', sa.Uuid(), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    *stamps(), *of_tenant('api_keys'),
    sa.UniqueConstraint('tenant_id', 'key_hash', name=op.f('uq_api_keys_tenant_id_key_hash')),
    )
    secure('credentials', 'sign_ins', 'sign_in_attempts', 'api_keys')

    # Who signs in says an address before anything says which organisation. The platform's role may find the
    # person, and nothing about them: no name, no telephone number, no hash.
    op.create_index('ix_members_email', 'members', [sa.text('lower(email)')])
    op.execute('create policy platform on members to app_platform using (true) with check (true)')
    op.execute('grant select (tenant_id, id, email, status) on members to app_platform')


def downgrade() -> None:
    op.execute('revoke select (tenant_id, id, email, status) on members from app_platform')
    op.execute('drop policy platform on members')
    op.drop_index('ix_members_email', table_name='members')
    for table in ('api_keys', 'sign_in_attempts', 'sign_ins', 'credentials'):
        op.drop_table(table)
