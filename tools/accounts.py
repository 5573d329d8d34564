"""People's accounts: opened, given a first password, changed, reset and closed, each audited (A015).

Whatever opens a way in (temporary password, link) is stored as a hash only and works once, for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.clock import Clock
from core.errors import Conflict
from core.ids import fingerprint, new_token
from policies.sign_in import sign_in
from stores import identity, outbox, receipts, tenancy
from stores.db import Session
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

    Signature for other modules::

        await open_admin_account(session, email=str, name=str, clock=Clock, role="owner", title=None,
                                 mobile=None, actor="provisioning") -> Credentials
        Credentials(member_id: UUID, username: str, temporary_password: str, setup_token: str,
                    expires_at: datetime)

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
