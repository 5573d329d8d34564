"""Who the clients are: organisation, people, telephone numbers, the agent's profile and its rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import Conflict, NotFound
from core.ids import HOUSE_TENANT, SCRATCH_TENANTS, new_id
from stores.base import Base, Session, Stamps, TenantRow, change, insert_unless_there, of_tenant, tenant_of

STATUSES = ("onboarding", "live", "paused", "suspended", "closed")
OURS = (HOUSE_TENANT, *SCRATCH_TENANTS)
"""Tenants that are no client's."""
ROLES = ("owner", "admin", "agent", "viewer")


class Tenant(Stamps, Base):
    """A client organisation. Its ``id`` is the tenant id that all its rows carry."""

    __tablename__ = "tenants"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9-]{3,40}$'", name="slug"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    brand_name: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="onboarding")
    plan: Mapped[str | None]
    tier: Mapped[int | None]
    team_size: Mapped[int | None]
    timezone: Mapped[str | None]
    states: Mapped[list[str]] = mapped_column(server_default="{}")
    markets: Mapped[list[str]] = mapped_column(server_default="{}")
    website: Mapped[str | None]
    main_phone: Mapped[str | None]
    address: Mapped[str | None]
    license: Mapped[str | None]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    activated_at: Mapped[datetime | None]
    suspended_reason: Mapped[str | None]


class Member(TenantRow, Base):
    """A person of the client: the admin, or someone invited. ``role`` is the right, ``title`` the job."""

    __tablename__ = "members"
    __table_args__ = (
        of_tenant(),
        CheckConstraint(f"role in {ROLES}", name="role"),
        CheckConstraint("status in ('invited', 'active', 'removed')", name="status"),
        Index("uq_members_tenant_id_email", "tenant_id", text("lower(email)"), unique=True),
        # who signs in says an address, not an organisation
        Index("ix_members_email", text("lower(email)")),
    )

    name: Mapped[str]
    email: Mapped[str]
    mobile: Mapped[str | None]
    role: Mapped[str]
    title: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="invited")
    email_verified_at: Mapped[datetime | None]


class PhoneNumber(TenantRow, Base):
    """A line of the client, E.164. One tenant at a time holds a number, over the whole platform."""

    __tablename__ = "phone_numbers"
    __table_args__ = (
        of_tenant(),
        CheckConstraint(r"e164 ~ '^\+[1-9][0-9]{6,14}$'", name="e164"),
        CheckConstraint("status in ('active', 'paused', 'released')", name="status"),
        Index("uq_phone_numbers_e164", "e164", unique=True, postgresql_where=text("status <> 'released'")),
        Index("ix_phone_numbers_tenant_id_status", "tenant_id", "status"),
    )

    e164: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="active")
    provider: Mapped[str]
    provider_sid: Mapped[str | None]
    forwarded_from: Mapped[str | None]


class AgentProfile(TenantRow, Base):
    """How the client's agent sounds and behaves. One a tenant.

    ``hours``: {"mon": [["09:00", "18:00"]], ...} in the tenant's time zone; ``holidays``: ISO dates.
    ``transfer_targets``: [{"e164", "name", "ring_seconds", "verified"}].
    """

    __tablename__ = "agent_profiles"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id"))

    persona_name: Mapped[str] = mapped_column(server_default="Alex")
    voice_profile: Mapped[str] = mapped_column(server_default="professional_female")
    languages: Mapped[list[str]] = mapped_column(server_default="{en-US}")
    hours: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    holidays: Mapped[list[str]] = mapped_column(server_default="{}")
    after_hours_mode: Mapped[str] = mapped_column(server_default="full_agent")
    greeting: Mapped[str | None]
    fallback_line: Mapped[str | None]
    closing: Mapped[str | None]
    transfer_targets: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    lexicon: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    max_call_minutes: Mapped[int] = mapped_column(server_default="10")
    recording_notice: Mapped[bool] = mapped_column(server_default="true")
    extra: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class Rules(TenantRow, Base):
    """How the client's leads are scored, routed and followed up. One a tenant; ``version`` counts changes."""

    __tablename__ = "rules"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id"))

    criteria: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    hot_rule: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    routing: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    follow_up: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    compliance: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    version: Mapped[int] = mapped_column(server_default="1")


# --- the organisation -----------------------------------------------------------------------------


def slugify(name: str) -> str:
    """``"Acme Real Estate"`` -> ``acme-real-estate`` (A022): ASCII, 3 to 40 of ``[a-z0-9-]``."""
    folded = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", folded.lower())).strip("-")[:40].rstrip("-")
    return slug if len(slug) >= 3 else f"{slug}-brokerage".lstrip("-")


async def create_tenant(
    session: Session, name: str, *, tenant_id: UUID | None = None, **fields: Any
) -> Tenant:
    """Insert an organisation under a free slug: a clash takes ``-2``, ``-3`` ... (A015).

    Runs in ``db.tenant(new_id())`` (the row takes the session's tenant id, so what follows can be
    written in the same transaction) or in a platform session. Two at once cannot take one slug: the
    unique index decides, and the loser tries the next.
    """
    try:
        tenant_id = tenant_id or tenant_of(session)
    except LookupError:
        tenant_id = new_id()
    fields.setdefault("brand_name", name)
    base = fields.pop("slug", None) or slugify(name)
    for attempt in range(1, 1000):
        suffix = "" if attempt == 1 else f"-{attempt}"
        slug = base[: 40 - len(suffix)].rstrip("-") + suffix
        tenant = Tenant(id=tenant_id, slug=slug, name=name, **fields)
        try:
            async with session.begin_nested():
                session.add(tenant)
                await session.flush()
            return tenant
        except IntegrityError as refused:
            if "uq_tenants_slug" not in str(refused.orig):
                raise
    raise Conflict("no free slug for this name")


async def ensure_tenant(session: Session, tenant_id: UUID, *, slug: str, name: str, **fields: Any) -> None:
    """Platform: the tenant of that fixed id is there; an existing one is left as it is."""
    values = {"id": tenant_id, "slug": slug, "name": name, "brand_name": name, **fields}
    await session.execute(insert(Tenant).values(values).on_conflict_do_nothing(index_elements=["id"]))


async def get_tenant(session: Session, tenant_id: UUID | None = None, *, lock: bool = False) -> Tenant:
    """The session's tenant, or (platform) the one named. NotFound.

    ``lock``: read anew and held until the transaction ends; who else adds to the tenant waits.
    """
    query = select(Tenant).where(Tenant.id == (tenant_id or tenant_of(session)))
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    tenant = await session.scalar(query)
    if tenant is None:
        raise NotFound("no such tenant")
    return tenant


async def tenant_by_slug(session: Session, slug: str) -> Tenant | None:
    """Platform: the tenant of that slug."""
    return await session.scalar(select(Tenant).where(Tenant.slug == slug.lower()))


async def list_tenants(
    session: Session, *, after: UUID | None = None, limit: int = 50, status: str | None = None
) -> Sequence[Tenant]:
    """Platform: clients in the order they came, a page at a time, without our own."""
    query = select(Tenant).where(Tenant.id.not_in(OURS)).order_by(Tenant.id).limit(limit)
    if status is not None:
        query = query.where(Tenant.status == status)
    if after is not None:
        query = query.where(Tenant.id > after)
    return (await session.scalars(query)).all()


async def update_tenant(session: Session, **fields: Any) -> Tenant:
    """Change fields of the session's tenant."""
    return await change(session, await get_tenant(session), fields)


async def set_status(session: Session, status: str, *, at: datetime, reason: str | None = None) -> Tenant:
    """Move the session's tenant to a status; going live for the first time stamps ``activated_at``."""
    tenant = await get_tenant(session)
    tenant.status = status
    tenant.suspended_reason = reason if status in ("paused", "suspended") else None
    if status == "live" and tenant.activated_at is None:
        tenant.activated_at = at
    await session.flush()
    return tenant


# --- people -----------------------------------------------------------------------------------------


async def add_member(session: Session, *, name: str, email: str, role: str, **fields: Any) -> Member:
    """Add a person, or update the one with that e-mail address (case does not matter)."""
    member = await session.scalar(select(Member).where(func.lower(Member.email) == email.lower()))
    if member is not None:
        return await change(session, member, {"name": name, "role": role, **fields})
    member = Member(name=name, email=email, role=role, **fields)
    session.add(member)
    await session.flush()
    return member


async def members(
    session: Session, *, after: UUID | None = None, limit: int | None = None
) -> Sequence[Member]:
    """The client's people, oldest first, without those who were removed; all of them, or a page."""
    query = select(Member).where(Member.status != "removed").order_by(Member.id).limit(limit)
    if after is not None:
        query = query.where(Member.id > after)
    return (await session.scalars(query)).all()


async def owners(session: Session, *, lock: bool = False) -> Sequence[Member]:
    """Those who may do everything; ``lock``: nobody else changes who they are until the transaction ends."""
    query = select(Member).where(Member.role == "owner", Member.status != "removed").order_by(Member.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def get_member(session: Session, member_id: UUID) -> Member | None:
    """One person."""
    return await session.scalar(select(Member).where(Member.id == member_id))


async def set_member_verified(session: Session, member_id: UUID, *, at: datetime) -> Member:
    """The person has proved that the e-mail address is theirs; a second proof changes nothing. NotFound."""
    member = await get_member(session, member_id)
    if member is None:
        raise NotFound("no such member")
    member.email_verified_at = member.email_verified_at or at
    member.status = "active"
    await session.flush()
    return member


async def remove_member(session: Session, member_id: UUID) -> None:
    """Take a person off the team (undo of an invite)."""
    member = await get_member(session, member_id)
    if member is not None:
        await session.delete(member)
        await session.flush()


# --- numbers ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Route:
    """Whose line a number is, and whether that tenant and that line answer."""

    tenant_id: UUID
    number_status: str
    tenant_status: str


async def claim_number(
    session: Session,
    candidates: Sequence[str],
    *,
    provider: str,
    provider_sid: str | None = None,
    **fields: Any,
) -> PhoneNumber:
    """Take the first free number of ``candidates`` for the session's tenant. Conflict when none is free.

    Safe with many claimers at once: one unique index over the platform decides.
    """
    for e164 in candidates:
        values = {"e164": e164, "provider": provider, "provider_sid": provider_sid, **fields}
        row = await insert_unless_there(
            session, PhoneNumber, values, conflict=["e164"], where=text("status <> 'released'")
        )
        if row is not None:
            return row
    raise Conflict("no free number among the candidates")


async def numbers(session: Session) -> Sequence[PhoneNumber]:
    """The client's lines, oldest first, without released ones."""
    query = select(PhoneNumber).where(PhoneNumber.status != "released").order_by(PhoneNumber.id)
    return (await session.scalars(query)).all()


async def get_number(session: Session, number_id: UUID, *, lock: bool = False) -> PhoneNumber:
    """One line the client holds. NotFound."""
    query = select(PhoneNumber).where(PhoneNumber.id == number_id, PhoneNumber.status != "released")
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("no such number")
    return row


async def release_number(session: Session, e164: str) -> bool:
    """Give a line back; False when the tenant does not hold it."""
    query = select(PhoneNumber).where(PhoneNumber.e164 == e164, PhoneNumber.status != "released")
    number = await session.scalar(query)
    if number is None:
        return False
    number.status = "released"
    await session.flush()
    return True


async def route_number(session: Session, e164: str) -> Route | None:
    """Platform: whose line this is; None when it is nobody's."""
    query = (
        select(PhoneNumber.tenant_id, PhoneNumber.status, Tenant.status)
        .join(Tenant, Tenant.id == PhoneNumber.tenant_id)
        .where(PhoneNumber.e164 == e164, PhoneNumber.status != "released")
    )
    row = (await session.execute(query)).one_or_none()
    return Route(*row) if row is not None else None


async def live_lines(session: Session, *, limit: int = 100) -> Sequence[tuple[str, str]]:
    """Platform: (number, name callers hear) of every live tenant's active lines, newest tenant first."""
    query = (
        select(PhoneNumber.e164, Tenant.brand_name)
        .join(Tenant, Tenant.id == PhoneNumber.tenant_id)
        .where(Tenant.status == "live", PhoneNumber.status == "active")
        .order_by(Tenant.id.desc())
        .limit(limit)
    )
    return [(e164, name) for e164, name in (await session.execute(query)).all()]


# --- profile and rules ------------------------------------------------------------------------------


async def get_profile(session: Session, *, lock: bool = False) -> AgentProfile | None:
    """The agent's profile, if the tenant has one yet."""
    return await session.scalar(select(AgentProfile).with_for_update() if lock else select(AgentProfile))


async def upsert_profile(session: Session, **fields: Any) -> AgentProfile:
    """Create the agent's profile or change the named fields of it."""
    await insert_unless_there(session, AgentProfile, {}, conflict=["tenant_id"])
    return await change(
        session, (await session.scalars(select(AgentProfile).with_for_update())).one(), fields
    )


async def get_rules(session: Session, *, lock: bool = False) -> Rules | None:
    """The tenant's rules, if it has any yet."""
    return await session.scalar(select(Rules).with_for_update() if lock else select(Rules))


async def upsert_rules(session: Session, **fields: Any) -> Rules:
    """Create the rules or change the named fields; each change counts ``version`` up."""
    created = await insert_unless_there(session, Rules, {}, conflict=["tenant_id"])
    rules = (await session.scalars(select(Rules).with_for_update())).one()
    if created is None:
        rules.version += 1
    return await change(session, rules, fields)
