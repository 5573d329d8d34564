"""Who people are to us: what they prove it with, where they are signed in, and how often somebody guessed.

Nothing here can be used to sign in: passwords are argon2id hashes, tokens and codes are fingerprints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, belongs_to, change, insert_unless_there, of_tenant
from stores.outbox import Link
from stores.tenancy import Member, Tenant

MOST_ORGANISATIONS = 4
"""In how many organisations one address is looked for at sign-in: each costs a hash."""


class Credential(TenantRow, Base):
    """What one person signs in with. ``password_hash`` None: none was chosen yet.

    ``temporary_until``: the password was made by somebody else, works until then, and ``must_change``.
    ``totp_since``: two-factor is on (its secret is sealed in the vault); ``totp_step``: the last code used.
    ``recovery``: fingerprints of the recovery codes that are left.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        of_tenant(),
        belongs_to("members", "member_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "member_id"),
    )

    member_id: Mapped[UUID]
    password_hash: Mapped[str | None]
    must_change: Mapped[bool] = mapped_column(server_default="false")
    temporary_until: Mapped[datetime | None]
    password_set_at: Mapped[datetime | None]
    totp_since: Mapped[datetime | None]
    totp_step: Mapped[int | None]
    recovery: Mapped[list[str]] = mapped_column(server_default="{}")
    signed_in_at: Mapped[datetime | None]


class SignIn(TenantRow, Base):
    """One browser that is signed in. The cookie holds tenant and token; here is the token's fingerprint."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        of_tenant(),
        belongs_to("members", "member_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "token_hash"),
        Index("ix_sign_ins_tenant_id_member_id", "tenant_id", "member_id"),
    )

    member_id: Mapped[UUID]
    token_hash: Mapped[str]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInAttempts(TenantRow, Base):
    """How often somebody guessed in vain. ``key``: a fingerprint of the account or the address, never itself.

    All of them are the house tenant's: an account that does not exist is counted like one that does.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "key"),
        Index("ix_sign_in_attempts_tenant_id_last_at", "tenant_id", "last_at"),
    )

    key: Mapped[str]
    failures: Mapped[int] = mapped_column(server_default="0")
    last_at: Mapped[datetime]


# --- who could be meant -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of that address, in one organisation."""

    tenant_id: UUID
    member_id: UUID
    slug: str
    organization: str


async def candidates(session: Session, email: str, *, organization: str | None = None) -> Sequence[Candidate]:
    """Platform: the people with that e-mail address, at most four; ``organization``: a slug or an id."""
    query = (
        select(Member.tenant_id, Member.id, Tenant.slug, Tenant.brand_name)
        .join(Tenant, Tenant.id == Member.tenant_id)
        .where(
            func.lower(Member.email) == email.strip().lower(),
            Member.status != "removed",
            Tenant.status != "closed",
        )
        .order_by(Member.tenant_id)
        .limit(MOST_ORGANISATIONS)
    )
    if organization:
        try:
            query = query.where(Tenant.id == UUID(organization))
        except ValueError:
            query = query.where(Tenant.slug == organization.strip().lower())
    return [Candidate(*row) for row in (await session.execute(query)).all()]


# --- credentials --------------------------------------------------------------------------------------


async def credential(session: Session, member_id: UUID, *, lock: bool = False) -> Credential | None:
    """What the person signs in with, if anything yet; ``lock``: until the transaction ends."""
    query = select(Credential).where(Credential.member_id == member_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(query)


async def credentials(session: Session) -> dict[UUID, Credential]:
    """Of all the organisation's people: member id -> credential."""
    return {row.member_id: row for row in (await session.scalars(select(Credential))).all()}


async def set_credential(session: Session, member_id: UUID, **fields: Any) -> Credential:
    """Make the person's credential or change the named fields of it."""
    await insert_unless_there(
        session, Credential, {"member_id": member_id}, conflict=["tenant_id", "member_id"]
    )
    row = await credential(session, member_id, lock=True)
    if row is None:
        raise NotFound("no such member")
    return await change(session, row, fields)


async def forget_credential(session: Session, member_id: UUID) -> None:
    """The person can no longer sign in: credential, sessions and open links are gone."""
    await session.execute(delete(Credential).where(Credential.member_id == member_id))
    await close_sessions(session, member_id)
    await void_links(session, member_id)


async def use_step(session: Session, member_id: UUID, step: int) -> bool:
    """Take a code's time step; False when it, or a later one, was used before (RFC 6238, 5.2)."""
    statement = (
        update(Credential)
        .where(
            Credential.member_id == member_id,
            or_(Credential.totp_step.is_(None), Credential.totp_step < step),
        )
        .values(totp_step=step)
        .returning(Credential.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def use_recovery(session: Session, member_id: UUID, code_hash: str) -> bool:
    """Use a recovery code up; False when there is none such."""
    row = await credential(session, member_id, lock=True)
    if row is None or code_hash not in row.recovery:
        return False
    row.recovery = [one for one in row.recovery if one != code_hash]
    await session.flush()
    return True


async def void_links(
    session: Session, member_id: UUID, *, purposes: Sequence[str] = ("setup", "join", "reset")
) -> None:
    """The person's open links to choose a password work no longer."""
    await session.execute(
        delete(Link)
        .where(
            Link.purpose.in_(purposes),
            Link.payload["member_id"].as_string() == str(member_id),
            Link.used_at.is_(None),
        )
        .execution_options(synchronize_session=False)
    )


# --- sessions -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Who a valid session belongs to."""

    session_id: UUID
    member_id: UUID
    role: str
    must_change: bool
    two_factor: bool


async def open_session(
    session: Session, member_id: UUID, token_hash: str, *, at: datetime, lasts: timedelta
) -> SignIn:
    """Sign a person in. What has expired of theirs is cleared away."""
    await session.execute(delete(SignIn).where(SignIn.member_id == member_id, SignIn.expires_at <= at))
    row = SignIn(member_id=member_id, token_hash=token_hash, seen_at=at, expires_at=at + lasts)
    session.add(row)
    await session.flush()
    return row


async def standing(
    session: Session, token_hash: str, *, at: datetime, idle: timedelta, seen_every: timedelta
) -> Standing | None:
    """Whose session it is; None when it is unknown, ran out, lay unused, or its person or client is gone."""
    query = (
        select(
            SignIn.id,
            SignIn.member_id,
            SignIn.seen_at,
            Member.role,
            Credential.must_change,
            Credential.totp_since.is_not(None).label("two_factor"),
        )
        .join(Member, Member.id == SignIn.member_id)
        .join(Credential, Credential.member_id == SignIn.member_id)
        .join(Tenant, Tenant.id == SignIn.tenant_id)
        .where(
            SignIn.token_hash == token_hash,
            SignIn.expires_at > at,
            SignIn.seen_at > at - idle,
            Member.status != "removed",
            Tenant.status != "closed",
        )
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    if row.seen_at <= at - seen_every:
        await session.execute(
            update(SignIn)
            .where(SignIn.id == row.id)
            .values(seen_at=at)
            .execution_options(synchronize_session=False)
        )
    return Standing(row.id, row.member_id, row.role, row.must_change, row.two_factor)


async def close_session(session: Session, token_hash: str) -> bool:
    """Sign one browser out; False when it was not signed in."""
    statement = delete(SignIn).where(SignIn.token_hash == token_hash).returning(SignIn.id)
    return await session.scalar(statement.execution_options(synchronize_session=False)) is not None


async def close_sessions(session: Session, member_id: UUID) -> None:
    """Sign a person out everywhere."""
    await session.execute(delete(SignIn).where(SignIn.member_id == member_id))


# --- guessing -----------------------------------------------------------------------------------------


async def take_attempt(
    session: Session,
    key: str,
    *,
    at: datetime,
    free: int,
    first_seconds: float,
    longest_seconds: float,
    forgotten_minutes: int,
) -> float:
    """House: count a try before it is made; 0, or the seconds to wait when it may not be made yet.

    A try that has to wait is not counted, so waiting always ends. Many at once queue on the row.
    """
    await insert_unless_there(
        session, SignInAttempts, {"key": key, "last_at": at}, conflict=["tenant_id", "key"]
    )
    query = select(SignInAttempts).where(SignInAttempts.key == key).with_for_update()
    row = (await session.scalars(query.execution_options(populate_existing=True))).one()
    if at - row.last_at > timedelta(minutes=forgotten_minutes):
        row.failures = 0
    if row.failures >= free:
        wait = min(longest_seconds, first_seconds * 2.0 ** min(row.failures - free, 40))
        left = (row.last_at + timedelta(seconds=wait) - at).total_seconds()
        if left > 0:
            return left
    row.failures += 1
    row.last_at = at
    await session.flush()
    return 0.0


async def give_back_attempt(session: Session, key: str, *, all_of_them: bool = False) -> None:
    """House: the try was right after all; ``all_of_them``: and so the earlier ones are forgotten."""
    left = 0 if all_of_them else func.greatest(SignInAttempts.failures - 1, 0)
    await session.execute(
        update(SignInAttempts)
        .where(SignInAttempts.key == key)
        .values(failures=left)
        .execution_options(synchronize_session=False)
    )


async def forget_attempts(session: Session, *, before: datetime) -> None:
    """House: what nobody tried since then is not kept."""
    await session.execute(delete(SignInAttempts).where(SignInAttempts.last_at < before))
