"""People's accounts: opened, given a first password, changed, reset and closed, each audited (A015).

Whatever opens a way in (temporary password, link) is stored as a hash only and works once, for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.clock import Clock
from core.errors import Conflict, InvalidInput, NotFound, Problem
from core.ids import HOUSE_TENANT, fingerprint, new_token
from policies.sign_in import password_problem, sign_in
from prompts.messages import message
from stores import identity, outbox, receipts, tenancy
from stores.db import Database, Session
from tools import passwords


@dataclass(frozen=True)
class Credentials:
    """What a new admin signs in with, in clear: to be handed over once and kept nowhere.

    ``setup_token`` opens ``/l/<token>`` and ``POST /api/v1/setup``; both ways end at ``expires_at``, and the
    first of them that is used ends the other.
    """

    member_id: UUID
    username: str
    temporary_password: str
    setup_token: str
    expires_at: datetime


async def open_admin_account(
    session: Session,
    *,
    email: str,
    name: str,
    clock: Clock,
    role: str = "owner",
    title: str | None = None,
    mobile: str | None = None,
    actor: str = "provisioning",
) -> Credentials:
    """Open a client's first account, in a tenant session: member, temporary password, setup token (A021).

    May be run again as long as the person has not chosen a password of their own (a step that is repeated
    after a crash): what the last run returned is what works, everything before is void. Conflict (code
    ``account_in_use``) afterwards. One argon2id hash (about 30 ms) in a thread; writes an audit row without
    secrets. The setup token is opaque, not a JWT: it can be used once and taken back, which a JWT cannot
    without the very row that makes the JWT superfluous.
    """
    known = next((m for m in await tenancy.members(session) if m.email.lower() == email.lower()), None)
    held = await identity.credential(session, known.id) if known is not None else None
    if held is not None and held.password_hash is not None and not held.must_change:
        raise Conflict("this person has an account already", code="account_in_use")
    details = {k: v for k, v in {"title": title, "mobile": mobile}.items() if v is not None}
    if known is None:
        details["status"] = "invited"  # a person who was removed comes back
    member = await tenancy.add_member(session, name=name, email=email, role=role, **details)
    now, rules = clock.now(), sign_in()
    until = now + timedelta(hours=min(rules.temporary_hours, rules.setup_hours))
    password = passwords.temporary_password()
    await identity.set_credential(
        session,
        member.id,
        password_hash=await passwords.hash_password(password),
        must_change=True,
        temporary_until=until,
        password_set_at=now,
    )
    await identity.close_sessions(session, member.id)
    token = await _password_link(session, member.id, "setup", until=until)
    await receipts.audit(
        session,
        actor=actor,
        action="open_account",
        subject=str(member.id),
        at=now,
        after={"role": role, "until": until.isoformat()},
    )
    return Credentials(member.id, member.email, password, token, until)


async def _password_link(session: Session, member_id: UUID, purpose: str, *, until: datetime) -> str:
    """The token of a fresh link to choose a password; the person's earlier ones of that purpose are void."""
    await identity.void_links(session, member_id, purposes=(purpose,))
    token = new_token()
    await outbox.create_link(
        session,
        token_hash=fingerprint(token),
        purpose=purpose,
        payload={"member_id": str(member_id)},
        expires_at=until,
    )
    return token


LINKS = ("setup", "join", "reset")
"""Purposes of links with which a password is chosen. What came by letter proves the address, too."""


async def choose_password(
    session: Session, link: outbox.Link, password: str, *, clock: Clock, ip: str | None = None
) -> tenancy.Member:
    """Use a link up and set the password, in the link's tenant's session.

    InvalidInput (the password; the link stays good), NotFound (the person is gone), Conflict ``link_used``
    (somebody was faster). All the person's sessions and other links end.
    """
    member = await tenancy.get_member(session, UUID(str(link.payload["member_id"])))
    if member is None or member.status == "removed":
        raise NotFound("this link no longer works")
    await check_password(session, member, password)
    hashed = await passwords.hash_password(password)
    if await outbox.use_link(session, link.token_hash, now=clock.now(), ip=ip) is None:
        raise Conflict("this link no longer works", code="link_used")
    await set_password(session, member, hashed, clock=clock, how=link.purpose)
    if link.purpose != "setup":
        await tenancy.set_member_verified(session, member.id, at=clock.now())
    return member


async def check_password(session: Session, member: tenancy.Member, password: str) -> None:
    """InvalidInput when it cannot be this person's password."""
    tenant = await tenancy.get_tenant(session)
    problem = password_problem(password, about=(member.name, member.email, tenant.name, tenant.slug))
    if problem is not None:
        told = Problem(problem, "password", "choose another", "password")
        raise InvalidInput("This password cannot be used.", problems=[told], code="password")


async def set_password(
    session: Session, member: tenancy.Member, hashed: str, *, clock: Clock, how: str
) -> None:
    """A password of the person's own. Every session and every link of theirs ends; it is audited."""
    now = clock.now()
    await identity.set_credential(
        session,
        member.id,
        password_hash=hashed,
        must_change=False,
        temporary_until=None,
        password_set_at=now,
    )
    await identity.close_sessions(session, member.id)
    await identity.void_links(session, member.id, purposes=LINKS)
    await receipts.audit(
        session,
        actor=f"member:{member.id}",
        action="set_password",
        subject=str(member.id),
        at=now,
        after={"how": how},
    )


async def change_password(
    db: Database, clock: Clock, *, tenant_id: UUID, member_id: UUID, old: str, new: str
) -> None:
    """The person knows the old one and chooses a new one. InvalidInput (either), NotFound."""
    async with db.tenant(tenant_id) as session:
        member, held = await _account(session, member_id)
        known = held.password_hash
    right, _ = await passwords.verify(old, known)
    if not right:
        told = Problem("is not your password", "current_password", "or ask for a link", "wrong_password")
        raise InvalidInput("The present password is wrong.", problems=[told], code="wrong_password")
    if new == old:
        told = Problem("is the old one", "password", "choose another", "password")
        raise InvalidInput("This password cannot be used.", problems=[told], code="password")
    async with db.tenant(tenant_id) as session:
        await check_password(session, member, new)
    hashed = await passwords.hash_password(new)
    async with db.tenant(tenant_id) as session:
        member, held = await _account(session, member_id, lock=True)
        if held.password_hash != known:
            raise Conflict("the password was changed meanwhile", code="password_changed")
        await set_password(session, member, hashed, clock=clock, how="changed")


async def knows_password(db: Database, *, tenant_id: UUID, member_id: UUID, password: str) -> bool:
    """Whether it is the person's password: asked again before what a borrowed browser must not do."""
    async with db.tenant(tenant_id) as session:
        _, held = await _account(session, member_id)
    return (await passwords.verify(password, held.password_hash))[0]


async def _account(
    session: Session, member_id: UUID, *, lock: bool = False
) -> tuple[tenancy.Member, identity.Credential]:
    member = await tenancy.get_member(session, member_id)
    held = await identity.credential(session, member_id, lock=lock)
    if member is None or member.status == "removed" or held is None:
        raise NotFound("no such account")
    return member, held


async def send_password_letter(
    session: Session, member: tenancy.Member, *, clock: Clock, origin: str
) -> None:
    """Write the person a link to choose a password: an invitation for who never came, else a reset."""
    tenant, rules = await tenancy.get_tenant(session), sign_in()
    held = await identity.credential(session, member.id)
    new = held is None or held.password_hash is None
    lasts = timedelta(hours=rules.invitation_hours) if new else timedelta(minutes=rules.reset_minutes)
    purpose = "join" if new else "reset"
    token = await _password_link(session, member.id, purpose, until=clock.now() + lasts)
    facts = {
        "name": member.name,
        "organization": tenant.brand_name,
        "url": f"{origin}/l/{token}",
        "days": lasts.days,
        "minutes": lasts // timedelta(minutes=1),
    }
    text = message("invite" if new else "reset_password", facts)
    await outbox.queue_message(session, kind="email", to=member.email, subject=text.subject, body=text.body)


async def send_proof_letter(session: Session, member_id: UUID, *, clock: Clock, origin: str) -> None:
    """Write the person a link that proves the address is theirs. NotFound; Conflict when it is proved."""
    member = await tenancy.get_member(session, member_id)
    if member is None:
        raise NotFound("no such person")
    if member.email_verified_at is not None:
        raise Conflict("this address is confirmed already", code="confirmed")
    tenant, hours = await tenancy.get_tenant(session), sign_in().setup_hours
    await identity.void_links(session, member.id, purposes=("verify_email",))
    token = new_token()
    await outbox.create_link(
        session,
        token_hash=fingerprint(token),
        purpose="verify_email",
        payload={"member_id": str(member.id)},
        expires_at=clock.now() + timedelta(hours=hours),
    )
    facts = {
        "name": member.name,
        "organization": tenant.brand_name,
        "url": f"{origin}/l/{token}",
        "hours": hours,
    }
    text = message("verify_email", facts)
    await outbox.queue_message(session, kind="email", to=member.email, subject=text.subject, body=text.body)


async def forgotten(db: Database, clock: Clock, email: str, *, origin: str) -> list[UUID]:
    """Write everybody with that address a link; the tenants whose letters now wait.

    For nobody nothing happens, and who asks is not told which it was. At most a few letters an hour.
    """
    async with db.tenant(HOUSE_TENANT) as session:
        key = fingerprint(f"letters:{email.strip().lower()}")
        if await identity.take_attempt(
            session, key, at=clock.now(), **sign_in().attempts.letters.model_dump()
        ):
            return []
    async with db.platform("somebody forgot a password") as session:
        found = await identity.candidates(session, email)
    for one in found:
        async with db.tenant(one.tenant_id) as session:
            member = await tenancy.get_member(session, one.member_id)
            if member is None or member.status == "removed":
                continue
            await send_password_letter(session, member, clock=clock, origin=origin)
            await receipts.audit(
                session,
                actor="page",
                action="ask_for_password_letter",
                subject=str(member.id),
                at=clock.now(),
            )
    return [one.tenant_id for one in found]
