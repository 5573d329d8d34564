"""Who is asking, and for whom they may act. A route that asks nobody's right is refused at start-up.

Every route of a tenant's nouns has ``{tenant}`` in its path (id, slug or ``me``) and one of
``May("leads:read")`` as its dependency. Whoever may not act in that tenant gets the answer a tenant that
does not exist gets: 404.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from core.errors import NotAllowed, NotFound, NotSignedIn
from core.ids import HOUSE_TENANT, as_uuid
from policies.rights import Role, across_tenants, all_rights, allows, covers
from stores import tenancy
from stores.db import Database
from web.parts import parts_of

bearer = HTTPBearer(
    auto_error=False, description="An API key, or the platform operator's key (SEIKETSU_ADMIN_KEY)"
)


@dataclass(frozen=True)
class Principal:
    """Somebody known. ``tenant_id`` is where they belong (None: the platform's own people).

    ``scopes`` narrows the rights of ``role`` further (API keys); None leaves them all. ``id`` names them in
    the audit trail: "operator", "member:<id>", "key:<id>". ``must_change``: they came in with a password
    somebody else made, and may do nothing but choose their own. ``must_enrol``: their role needs two-factor,
    and they may do nothing but switch it on.
    """

    kind: Literal["operator", "staff", "member", "key"]
    role: Role
    id: str
    tenant_id: UUID | None = None
    member_id: UUID | None = None
    scopes: frozenset[str] | None = None
    must_change: bool = False
    must_enrol: bool = False

    def may(self, right: str) -> bool:
        """Whether they have a right, in a tenant where they may act at all."""
        return allows(self.role, right) and (self.scopes is None or covers(self.scopes, right))


@dataclass(frozen=True)
class Access:
    """A principal acting in one tenant, with the right the route asked for."""

    principal: Principal
    tenant_id: UUID


Identify = Callable[[Request], Awaitable[Principal | None]]
"""Finds who a request comes from (session cookie, API key, operator's key); set by the composition root."""


async def identify_operator(request: Request) -> Principal | None:
    """The platform operator's key, and nothing else."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    key: str = request.app.state.operator_key
    if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), key.encode()):
        return Principal("operator", "operator", "operator")
    return None


async def known(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)] = None
) -> Principal:
    """Who is asking, even if they have to choose a password before all else. NotSignedIn.

    For the few routes of signing in and out; every other one asks ``principal``.
    """
    identify: Identify = getattr(request.app.state, "identify", identify_operator)
    found = await identify(request)
    if found is None:
        raise NotSignedIn("sign in, or send Authorization: Bearer <API key>")
    request.state.principal = found
    return found


async def enrolling(who: Annotated[Principal, Depends(known)]) -> Principal:
    """Who is asking, also before they have the two-factor they need: for the routes that switch it on."""
    if who.must_change:
        raise NotAllowed(
            "choose a password of your own first: POST /api/v1/password", code="password_change_required"
        )
    return who


async def principal(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)] = None
) -> Principal:
    """Who is asking, with all the proofs their role needs.

    NotSignedIn when nobody known is; NotAllowed until they have a password of their own, and two-factor
    where ``policies/sign_in.yaml`` asks for it.
    """
    found = await enrolling(await known(request, given))
    if found.must_enrol:
        raise NotAllowed(
            "your role needs two-factor: POST /api/v1/two-factor, or the page /account",
            code="two_factor_enrolment_required",
        )
    return found


class MayPlatform:
    """Dependency of routes that are nobody's tenant's: the principal, who has the right in all tenants."""

    def __init__(self, right: str):
        assert right in all_rights(), right
        self.right = right

    async def __call__(self, who: Annotated[Principal, Depends(principal)]) -> Principal:
        """Let through who has the right everywhere. NotSignedIn, NotAllowed."""
        if not (across_tenants(who.role) and who.may(self.right)):
            raise NotAllowed("this is for the platform's own people")
        return who


class May:
    """Dependency of a tenant's routes: the principal and the tenant they act in."""

    def __init__(self, right: str):
        assert right in all_rights(), right
        self.right = right

    async def __call__(
        self, tenant: str, request: Request, who: Annotated[Principal, Depends(principal)]
    ) -> Access:
        """Let through who has the right in the tenant of the path.

        NotSignedIn; NotFound for a tenant that is none or is not theirs; NotAllowed without the right.
        """
        tenant_id = await self._tenant(tenant, request, who)
        if not who.may(self.right):
            raise NotAllowed(f"this needs the right {self.right}")
        if not across_tenants(who.role):
            await _let_in(request, tenant_id)
        access = Access(who, tenant_id)
        gate: Callable[[Request, Access], Awaitable[None]] | None = getattr(request.app.state, "gate", None)
        if gate is not None:
            await gate(request, access)
        once: Callable[[Request, Access], Awaitable[None]] | None = getattr(request.app.state, "once", None)
        if once is not None:
            await once(request, access)
        return access

    async def _tenant(self, name: str, request: Request, who: Principal) -> UUID:
        found = who.tenant_id if name == "me" else None
        if found is None:
            found = await find_tenant(parts_of(request).db, name)
        elsewhere = found != who.tenant_id and not across_tenants(who.role)
        if found is None or elsewhere or (found == HOUSE_TENANT and who.kind != "operator"):
            raise NotFound("no such tenant")
        if across_tenants(who.role):
            async with parts_of(request).db.tenant(found) as session:
                await tenancy.get_tenant(session)
        return found


async def find_tenant(db: Database, name: str) -> UUID | None:
    """The id a name stands for: an id as it is (whoever's it may be), or a tenant's slug."""
    if (tenant_id := as_uuid(name)) is not None:
        return tenant_id
    async with db.platform("a request names a tenant by its slug") as session:
        row = await tenancy.tenant_by_slug(session, name)
    return row.id if row is not None else None


async def _let_in(request: Request, tenant_id: UUID) -> None:
    """A suspended or closed client's people are told why they cannot go on (A037). NotAllowed."""
    async with parts_of(request).db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
    if tenant.status == "suspended":
        reason = f": {tenant.suspended_reason}" if tenant.suspended_reason else ""
        raise NotAllowed(f"this account is suspended{reason}. Please get in touch with us", code="suspended")
    if tenant.status == "closed":
        raise NotAllowed("this account is closed", code="closed")


async def operator(who: Annotated[Principal, Depends(principal)]) -> None:
    """Let the platform operator through, nobody else."""
    if who.kind != "operator":
        raise NotAllowed("this needs the operator's key: Authorization: Bearer <SEIKETSU_ADMIN_KEY>")


PUBLIC_PATHS = frozenset(
    {
        # health of the process, no data
        "/healthz",
        "/readyz",
        "/metrics",
        # documents and pages
        "/",
        "/openapi.json",
        "/docs",
        "/docs/{asset}",
        "/talk",
        "/terms",
        "/static",
        # a conversation is its own capability: an unguessable id, made for the one who began it
        "/api/v1/conversations",
        "/api/v1/conversations/{conversation_id}",
        "/api/v1/conversations/{conversation_id}/messages",
        "/chat",
        "/talk/audio",
        "/talk/lines",
        # the same page for every name
        "/onboard/{slug}",
        # one-time links carry their own secret
        "/link/{token}",
        "/l/{token}",
        "/l/{token}/calendar.ics",
        # signed by the payment provider, checked in the route
        "/payments/stripe",
        # where the provider sends people back to: the same words for everybody
        "/billing/paid",
        "/billing/cancelled",
        # development's provider: the address is signed, single-use and short-lived
        "/billing/sandbox/{token}",
        # where one signs in, and says that one cannot; each counts its guesses
        "/sign-in",
        "/forgotten",
        "/api/v1/setup",
        "/api/v1/password/reset",
        "/api/v1/password/reset/confirm",
        # signed by Twilio, checked in the route
        "/twilio/voice",
        "/twilio/resume",
        "/twilio/status",
        "/twilio/media",
        "/twilio/whisper",
        "/twilio/outbound/answer",
        "/twilio/outbound/machine",
        "/twilio/outbound/status",
        "/twilio/sms",
    }
)
"""Routes that do not ask for the operator's key, each for the reason beside it."""

PUBLIC_OPERATIONS = frozenset({("POST", "/api/v1/session")})
"""As PUBLIC_PATHS, where one method of a path is open: signing in is, looking who is signed in is not."""


def is_public(method: str, path: str) -> bool:
    """Whether an operation asks nobody who they are."""
    return path in PUBLIC_PATHS or (method.upper(), path) in PUBLIC_OPERATIONS
