"""API keys: made, listed, rotated with an overlap, revoked; shown in clear once (B005, A039)."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.clock import Clock
from core.errors import Conflict, InvalidInput, Problem
from core.ids import fingerprint, new_token
from policies.rights import Role, all_rights, allows, covers, rights
from policies.sign_in import sign_in
from stores import api_keys, receipts
from stores.api_keys import ApiKey
from stores.base import tenant_of
from stores.db import Database, Session

_FORM = re.compile(r"sk_([a-z2-7]{8})_([0-9a-f]{32})([A-Za-z0-9_-]{43})")
"""``sk_``, what it is recognised by, its tenant, and 256 bits."""


@dataclass(frozen=True)
class NewKey:
    """A key and, this once, what it is."""

    row: ApiKey
    secret: str


def scopes_for(wanted: Sequence[str], may: Callable[[str], bool], role: Role) -> list[str]:
    """The single rights a new key gets: what is asked for (``leads:read``, ``leads:*``, ``*``), written out.

    A right that is added to the platform later is not in it. InvalidInput names what does not exist or is
    more than its maker has; ``noun:*`` and ``*`` take what there is.
    """
    problems, found = [], set()
    for number, scope in enumerate(wanted):
        noun, _, verb = scope.partition(":")
        if scope != "*" and (noun not in rights().rights or verb not in ("read", "write", "*")):
            problems.append(Problem("is no right", f"scopes.{number}", "see GET /api/v1/session: rights"))
            continue
        meant = [right for right in all_rights() if covers((scope,), right)]
        had = [right for right in meant if may(right) and allows(role, right)]
        if not had:
            problems.append(Problem("is more than you have yourself", f"scopes.{number}", "leave it out"))
        found.update(had)
    if not wanted:
        problems.append(Problem("a key needs at least one right", "scopes", "e.g. leads:read"))
    if problems:
        raise InvalidInput("These rights cannot be given.", problems=problems, code="scopes")
    return sorted(found)


async def make(
    session: Session,
    clock: Clock,
    *,
    name: str,
    scopes: Sequence[str],
    role: Role,
    actor: str,
    expires_at: datetime | None = None,
) -> NewKey:
    """A new key of the session's tenant; ``scopes`` as ``scopes_for`` gives them. Conflict (too many)."""
    if expires_at is not None and expires_at <= clock.now():
        told = Problem("is in the past", "expires_at", "name a moment to come")
        raise InvalidInput("The key would be dead at once.", problems=[told])
    new = await _add(session, clock, name=name, scopes=scopes, role=role, actor=actor, expires_at=expires_at)
    await _audit(session, clock, actor, "create_key", new.row.id, after=shown(new.row))
    return new


async def _add(
    session: Session,
    clock: Clock,
    *,
    name: str,
    scopes: Sequence[str],
    role: str,
    actor: str,
    expires_at: datetime | None,
) -> NewKey:
    prefix = f"sk_{base64.b32encode(secrets.token_bytes(5)).decode().lower()}"
    secret = f"{prefix}_{tenant_of(session).hex}{new_token()}"
    row = await api_keys.add_key(
        session,
        name=name,
        prefix=prefix,
        key_hash=fingerprint(secret),
        role=role,
        scopes=scopes,
        made_by=actor,
        expires_at=expires_at,
        most=sign_in().keys.most,
        at=clock.now(),
    )
    return NewKey(row, secret)


async def rotate(
    session: Session, clock: Clock, key_id: UUID, *, actor: str, overlap: timedelta | None = None
) -> NewKey:
    """A successor with the same name, rights and end; the old key works on for ``overlap``.

    NotFound; Conflict when the key is in use no more.
    """
    rule = sign_in().keys
    overlap = timedelta(hours=rule.overlap_hours) if overlap is None else overlap
    if overlap > timedelta(hours=rule.longest_overlap_hours):
        told = Problem("is too long", "overlap_hours", f"at most {rule.longest_overlap_hours}")
        raise InvalidInput("The old key would live too long.", problems=[told])
    old, now = await api_keys.get_key(session, key_id, lock=True), clock.now()
    if (
        old.revoked_at is not None
        or old.replaced_by is not None
        or (old.expires_at and old.expires_at <= now)
    ):
        raise Conflict("this key is not in use any more", code="key_ended")
    new = await _add(
        session,
        clock,
        name=old.name,
        scopes=old.scopes,
        role=old.role,
        actor=actor,
        expires_at=old.expires_at,
    )
    before = shown(old)
    await api_keys.end_key(session, old, expires_at=now + overlap, replaced_by=new.row.id)
    await _audit(session, clock, actor, "rotate_key", old.id, before=before, after=shown(old))
    return new


async def revoke(session: Session, clock: Clock, key_id: UUID, *, actor: str) -> ApiKey:
    """The key stops working now; again changes nothing. NotFound."""
    row = await api_keys.get_key(session, key_id, lock=True)
    if row.revoked_at is None:
        await api_keys.end_key(session, row, revoked_at=clock.now())
        await _audit(session, clock, actor, "revoke_key", row.id, after=shown(row))
    return row


async def end_with_maker(session: Session, clock: Clock, member_id: UUID, *, actor: str) -> list[ApiKey]:
    """The live keys of somebody who is removed: revoked where the policy says so, named either way."""
    left = list(await api_keys.keys_made_by(session, f"member:{member_id}", at=clock.now()))
    if sign_in().keys.end_with_maker:
        for row in left:
            await revoke(session, clock, row.id, actor=actor)
    return left


async def key_of(db: Database, clock: Clock, secret: str) -> tuple[UUID, ApiKey] | None:
    """The tenant and row of a key that may be used now; None for everything else."""
    form = _FORM.fullmatch(secret)
    if form is None:
        return None
    tenant_id = UUID(hex=form[2])
    seen_every = timedelta(seconds=sign_in().session.seen_every_seconds)
    async with db.tenant(tenant_id, durable=False) as session:
        row = await api_keys.key_of(session, fingerprint(secret), at=clock.now(), seen_every=seen_every)
    return (tenant_id, row) if row is not None else None


def shown(row: ApiKey) -> dict[str, object]:
    """A key as the audit trail keeps it: nothing in it opens anything."""
    return {
        "name": row.name,
        "prefix": row.prefix,
        "scopes": list(row.scopes),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        "replaced_by": str(row.replaced_by) if row.replaced_by else None,
    }


async def _audit(
    session: Session,
    clock: Clock,
    actor: str,
    action: str,
    key_id: UUID,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    await receipts.audit(
        session, actor=actor, action=action, subject=str(key_id), at=clock.now(), before=before, after=after
    )
