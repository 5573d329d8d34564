"""Signing in: finding who is meant, proving it within a pace, and a session bound to one client (A034).

Whether an account exists cannot be told from outside: every refusal costs a hash and says the same.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.clock import Clock
from core.errors import Conflict, NotFound, NotSignedIn, Problem, Refused
from core.ids import HOUSE_TENANT, fingerprint, new_token
from policies.sign_in import Pace, sign_in
from stores import identity, receipts, tenancy
from stores.db import Database, Session
from stores.identity import Candidate
from stores.vault import Vault
from tools import passwords, two_factor

LONGEST = 512
"""Characters of a user name or password that are looked at; more is wrong anyway."""


@dataclass(frozen=True)
class SignedIn:
    """A fresh session. ``token`` goes into the cookie and nowhere else."""

    token: str
    tenant_id: UUID
    member_id: UUID
    must_change: bool
    expires_at: datetime


class WrongCredentials(NotSignedIn):
    """Nobody can sign in like that. The same for everything that can be wrong."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("user name or password is wrong")


async def enter(
    db: Database,
    clock: Clock,
    vault: Vault,
    *,
    username: str,
    password: str,
    address: str,
    code: str | None = None,
    organization: str | None = None,
) -> SignedIn:
    """Sign somebody in.

    ``username`` is an e-mail address; ``organization`` (slug or id) is needed by who has one password in
    several; ``code``: six digits of the authenticator app, or a recovery code. Raises WrongCredentials,
    NotSignedIn ``two_factor_required`` (the password is right), Conflict ``choose_organization``, Refused
    (tried too often; ``retry_after``).
    """
    account = fingerprint(f"account:{username.strip().lower()[:LONGEST]}")
    peer = fingerprint(f"address:{network(address)}")
    await _pace(db, clock, account, peer)
    found = await _who(db, clock, username[:LONGEST], password[: LONGEST + 1], organization)
    if not found:
        raise WrongCredentials
    if len(found) > 1:
        await _right(db, account, peer, wholly=False)
        raise Conflict(
            "you belong to several organizations; name one",
            code="choose_organization",
            problems=[Problem(c.organization, "organization", c.slug) for c, _ in found],
        )
    ((one, proved),) = found
    async with db.tenant(one.tenant_id) as session:
        held = await identity.credential(session, one.member_id, lock=True)
        if held is None or held.password_hash != proved:
            raise WrongCredentials  # it was changed while we computed
        known = True
        if held.totp_since is not None and code:
            known = await two_factor.accept(session, vault, one.member_id, code, at=clock.now())
        if held.totp_since is None or (code and known):
            signed_in = await begin(session, one.member_id, clock)
            await _note(session, one.member_id, clock, second=held.totp_since is not None)
        else:
            signed_in = None
    if signed_in is not None:
        await _right(db, account, peer, wholly=True)
        return signed_in
    if code:
        raise WrongCredentials
    await _right(db, account, peer, wholly=False)
    raise NotSignedIn("now the code of your authenticator app", code="two_factor_required")


async def begin(session: Session, member_id: UUID, clock: Clock) -> SignedIn:
    """A new session for somebody who has proved who they are, in their tenant's session."""
    tenant_id, now = (await tenancy.get_tenant(session)).id, clock.now()
    held = await identity.credential(session, member_id)
    if held is None:
        raise NotFound("no such account")
    token = f"{tenant_id.hex}.{new_token()}"
    lasts = timedelta(days=sign_in().session.longest_days)
    row = await identity.open_session(session, member_id, fingerprint(token), at=now, lasts=lasts)
    return SignedIn(token, tenant_id, member_id, held.must_change, row.expires_at)


async def standing(db: Database, clock: Clock, token: str) -> tuple[UUID, identity.Standing] | None:
    """The tenant and person of a session's token; None when it opens nothing (any more)."""
    tenant_id = tenant_of_token(token)
    if tenant_id is None:
        return None
    rule = sign_in().session
    async with db.tenant(tenant_id, durable=False) as session:
        found = await identity.standing(
            session,
            fingerprint(token),
            at=clock.now(),
            idle=timedelta(hours=rule.idle_hours),
            seen_every=timedelta(seconds=rule.seen_every_seconds),
        )
    return (tenant_id, found) if found is not None else None


async def leave(db: Database, clock: Clock, token: str, *, everywhere: bool = False) -> None:
    """Sign out: this browser, or all of the person's. A token that opens nothing is no error."""
    found = await standing(db, clock, token)
    if found is None:
        return
    tenant_id, who = found
    async with db.tenant(tenant_id) as session:
        if everywhere:
            await identity.close_sessions(session, who.member_id)
        else:
            await identity.close_session(session, fingerprint(token))
        await receipts.audit(
            session,
            actor=f"member:{who.member_id}",
            action="sign_out_everywhere" if everywhere else "sign_out",
            subject=str(who.member_id),
            at=clock.now(),
        )


async def forget_guesses(db: Database, clock: Clock) -> None:
    """What nobody has tried for a day is not kept: the longest memory of a pace is two hours."""
    async with db.tenant(HOUSE_TENANT) as session:
        await identity.forget_attempts(session, before=clock.now() - timedelta(days=1))


def tenant_of_token(token: str) -> UUID | None:
    """The tenant a session's token names; whether it is true only the store knows."""
    head, dot, rest = token.partition(".")
    if len(head) != 32 or not dot or not rest or len(token) > 128:
        return None
    try:
        return UUID(hex=head)
    except ValueError:
        return None


def network(address: str) -> str:
    """Whom guesses are counted for: an IPv4 address, or the /64 that one subscriber of IPv6 has."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))


# -- the parts ---------------------------------------------------------------------------------------


async def _who(
    db: Database, clock: Clock, username: str, password: str, organization: str | None
) -> Sequence[tuple[Candidate, str]]:
    """Those whose password it is, and its hash. Nobody costs one hash, like somebody."""
    async with db.platform("somebody signs in with an address") as session:
        possible = await identity.candidates(session, username, organization=organization)
    right = []
    for one in possible:
        async with db.tenant(one.tenant_id) as session:
            held = await identity.credential(session, one.member_id)
        late = held is not None and held.temporary_until is not None and held.temporary_until <= clock.now()
        known = held.password_hash if held is not None and not late else None
        fits, renewed = await passwords.verify(password, known)
        if not fits or known is None:
            continue
        if renewed:
            async with db.tenant(one.tenant_id) as session:
                await identity.set_credential(session, one.member_id, password_hash=renewed)
        right.append((one, renewed or known))
    if not possible:
        await passwords.verify(password, None)
    return right


async def _pace(db: Database, clock: Clock, account: str, peer: str) -> None:
    """Count the try before it is made: many at once cannot slip past. Refused."""
    rules = sign_in().attempts
    async with db.tenant(HOUSE_TENANT) as session:
        wait = await take(session, peer, rules.address, clock)
        if not wait:
            wait = await take(session, account, rules.account, clock)
            if wait:
                await identity.give_back_attempt(session, peer)
    if wait:
        raise Refused("too many tries; please wait", retry_after=wait, code="too_many_tries")


async def take(session: Session, key: str, pace: Pace, clock: Clock) -> float:
    """House: count one try under a pace; 0, or the seconds to wait."""
    return await identity.take_attempt(session, key, at=clock.now(), **pace.model_dump())


async def _right(db: Database, account: str, peer: str, *, wholly: bool) -> None:
    """The try was no guess. Only a finished sign-in forgets earlier guesses of the account."""
    async with db.tenant(HOUSE_TENANT) as session:
        await identity.give_back_attempt(session, peer)
        await identity.give_back_attempt(session, account, all_of_them=wholly)


async def _note(session: Session, member_id: UUID, clock: Clock, *, second: bool) -> None:
    await identity.set_credential(session, member_id, signed_in_at=clock.now())
    await receipts.audit(
        session,
        actor=f"member:{member_id}",
        action="sign_in",
        subject=str(member_id),
        at=clock.now(),
        after={"two_factor": second},
    )
