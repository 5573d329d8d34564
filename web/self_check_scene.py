"""The self-check's own two tenants, with people of every role who exist only while it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from fastapi import FastAPI

from agent.parts import Parts
from core.errors import Conflict
from core.ids import HOUSE_TENANT, SCRATCH_TENANTS, new_token
from policies.rights import MEMBER_ROLES, Role, all_rights, allows, house_role
from stores import api_keys, identity, tenancy
from tools import keys, sign_in
from web.access import Principal
from web.doors import Caller
from web.identity import OWN_HEADER, cookie_name


@dataclass(frozen=True)
class Scene:
    """``own``: where the callers belong; ``theirs``: the other tenant, with ids of rows it has."""

    own: UUID
    theirs: UUID
    callers: Sequence[Caller]
    their_ids: Mapping[str, str]
    cookie: str
    session: str
    key: str

    def by_name(self, name: str) -> Caller:
        """One caller."""
        return next(c for c in self.callers if c.name == name)

    def nobodies(self) -> dict[str, dict[str, str]]:
        """Credentials that are none."""
        return {
            "nobody": {},
            "a made-up key": {"authorization": f"Bearer sk_abcdefgh_{self.own.hex}{new_token()}"},
            "a made-up session": {"cookie": f"{self.cookie}={self.own.hex}.{new_token()}", OWN_HEADER: "1"},
        }

    def forged(self, victim: UUID) -> dict[str, dict[str, str]]:
        """A real session and a real key, made to name another tenant."""
        return {
            "session": {"cookie": f"{self.cookie}={victim.hex}{self.session[32:]}"},
            "key": {"authorization": f"Bearer {self.key.replace(self.own.hex, victim.hex)}"},
        }


@asynccontextmanager
async def scene(app: FastAPI, *, quick: bool = False) -> AsyncIterator[Scene]:
    """Make the people and keys, and take them away again. Several checks at once do not meet.

    ``quick``: of the callers only an owner and a key.
    """
    parts: Parts = app.state.parts
    own, theirs = SCRATCH_TENANTS
    try:
        await _tenants(parts)
    except Conflict:
        await _tenants(parts)  # another check makes them at this moment: now they are there
    made: list[tuple[UUID, UUID]] = []
    try:
        cookie = cookie_name(app.state.settings)
        callers, tokens = [], {}
        for name, tenant_id, role in _cast(own)[: 1 if quick else None]:
            who, token = await _person(parts, tenant_id, role, made)
            tokens[name] = token
            callers.append(Caller(name, who, {"cookie": f"{cookie}={token}", OWN_HEADER: "1"}))
        broad, key = await _key(parts, own, "owner", all_rights(), made)
        callers.append(Caller("key", broad, {"authorization": f"Bearer {key}"}))
        if not quick:
            narrow, small = await _key(parts, own, "admin", ("leads:read",), made)
            operator = {"authorization": f"Bearer {app.state.operator_key}"}
            callers += [
                Caller("narrow key", narrow, {"authorization": f"Bearer {small}"}),
                Caller("operator's key", Principal("operator", "operator", "operator"), operator),
            ]
        stranger, _ = await _person(parts, theirs, "owner", made)
        foreign, _ = await _key(parts, theirs, "owner", ("leads:read",), made)
        ids = {"user_id": str(stranger.member_id), "key_id": foreign.id.removeprefix("key:")}
        yield Scene(own, theirs, callers, ids, cookie, tokens["owner"], key)
    finally:
        await _take_away(parts, made)


async def _tenants(parts: Parts) -> None:
    async with parts.db.platform("the self-check has two tenants of its own") as session:
        for number, tenant_id in enumerate(SCRATCH_TENANTS, 1):
            await tenancy.ensure_tenant(
                session, tenant_id, slug=f"self-check-{number}", name=f"Self-check {number}", status="paused"
            )


def _cast(own: UUID) -> list[tuple[str, UUID, Role]]:
    """Name, tenant, role there. The platform's own people are members of the platform's own tenant."""
    platform: list[tuple[str, UUID, Role]] = [
        ("staff", HOUSE_TENANT, "agent"),
        ("operator", HOUSE_TENANT, "owner"),
    ]
    return [*((role, own, role) for role in MEMBER_ROLES), *platform]


async def _person(
    parts: Parts, tenant_id: UUID, role: Role, made: list[tuple[UUID, UUID]]
) -> tuple[Principal, str]:
    """Somebody without a password, who is signed in."""
    async with parts.db.tenant(tenant_id) as session:
        member = await tenancy.add_member(
            session, name="Self-check", email=f"{new_token()}@self-check.invalid", role=role, status="active"
        )
        # the platform's people can do nothing without a second factor: these have one, and never use it
        second = parts.clock.now() if tenant_id == HOUSE_TENANT else None
        await identity.set_credential(session, member.id, totp_since=second)
        signed_in = await sign_in.begin(session, member.id, parts.clock)
    made.append((tenant_id, member.id))
    platform_role = house_role(role) if tenant_id == HOUSE_TENANT else role
    kind = {"operator": "operator", "staff": "staff"}.get(platform_role, "member")
    who = Principal(
        kind,  # type: ignore[arg-type]
        platform_role,
        f"member:{member.id}",
        tenant_id,
        member.id,
    )
    return who, signed_in.token


async def _key(
    parts: Parts, tenant_id: UUID, role: Role, scopes: Sequence[str], made: list[tuple[UUID, UUID]]
) -> tuple[Principal, str]:
    held = [right for right in scopes if allows(role, right)]
    async with parts.db.tenant(tenant_id) as session:
        new = await keys.make(
            session, parts.clock, name="Self-check", scopes=held, role=role, actor="self-check"
        )
    made.append((tenant_id, new.row.id))
    return Principal("key", role, f"key:{new.row.id}", tenant_id, scopes=frozenset(held)), new.secret


async def _take_away(parts: Parts, made: Sequence[tuple[UUID, UUID]]) -> None:
    for tenant_id, row_id in made:
        async with parts.db.tenant(tenant_id) as session:
            await tenancy.remove_member(session, row_id)
            await api_keys.forget_key(session, row_id)
