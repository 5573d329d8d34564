"""Who a request comes from: the operator's key, an API key, or a browser that is signed in (A034).

A key in ``Authorization`` counts alone: a wrong one is nobody, whatever cookie comes with it. A cookie is
sent by browsers without being asked, so with it every unsafe request must show that it comes from our own
page: by ``Origin``, by ``Sec-Fetch-Site``, or by a header that no foreign page can add.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from core.errors import NotAllowed
from core.ids import HOUSE_TENANT
from core.settings import Settings
from policies.rights import Role, house_role
from policies.sign_in import sign_in as sign_in_policy
from stores.identity import Standing
from tools import keys, sign_in
from tools.sign_in import SignedIn
from web.access import Principal, identify_operator
from web.guesses import Guesses
from web.parts import parts_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_HEADER = "x-seiketsu-csrf"
"""Any value will do: a page of another origin cannot send it without asking, and we never say yes."""


async def identify(request: Request) -> Principal | None:
    """Who is asking; None for nobody known.

    NotAllowed for a cookie another site made the browser send; Refused after too many wrong keys.
    """
    if (given := request.headers.get("authorization")) is not None:
        guesses: Guesses = request.app.state.guesses
        guesses.begin(request, given)
        found = await identify_operator(request) or await _by_key(request)
        guesses.end(request, given, right=found is not None)
        return found
    token = request.cookies.get(cookie_name(request.app.state.settings), "")
    if not token:
        return None
    parts = parts_of(request)
    standing = await sign_in.standing(parts.db, parts.clock, token)
    if standing is None:
        return None
    if request.method not in SAFE and not from_our_page(request):
        raise NotAllowed(f"send the header {OWN_HEADER}, or ask from our own page", code="csrf")
    return member_principal(*standing)


def member_principal(tenant_id: UUID, who: Standing) -> Principal:
    """A person who is signed in. The platform's own act on the platform, everybody else in their tenant."""
    role: Role = who.role  # type: ignore[assignment]
    kind = "member"
    if tenant_id == HOUSE_TENANT:
        role = house_role(role)
        kind = {"operator": "operator", "staff": "staff"}.get(role, "member")
    return Principal(
        kind,  # type: ignore[arg-type]
        role,
        f"member:{who.member_id}",
        tenant_id,
        who.member_id,
        must_change=who.must_change,
        must_enrol=role in sign_in_policy().two_factor.required_of and not who.two_factor,
    )


async def _by_key(request: Request) -> Principal | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    parts = parts_of(request)
    found = await keys.key_of(parts.db, parts.clock, secret.strip())
    if found is None:
        return None
    tenant_id, row = found
    role: Role = row.role  # type: ignore[assignment]
    return Principal("key", role, f"key:{row.id}", tenant_id, scopes=frozenset(row.scopes))


def from_elsewhere(request: HTTPConnection) -> bool:
    """Whether a browser says that another site made the request."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:  # no page can write it, and it is right where the origin is hidden ("null")
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and not _is_ours(request, origin)


def from_our_page(request: HTTPConnection) -> bool:
    """Whether a request was made by our own page, or by a program that says so itself."""
    return not from_elsewhere(request) and any(
        name in request.headers for name in ("origin", "sec-fetch-site", OWN_HEADER)
    )


def _is_ours(request: HTTPConnection, origin: str) -> bool:
    if origin == request.app.state.settings.origin:
        return True
    told = urlsplit(origin)
    return told.scheme in ("http", "https") and told.netloc == request.headers.get("host", "")


def cookie_name(settings: Settings) -> str:
    """With https, a name browsers accept from this very host only, over https only."""
    return "__Host-seiketsu" if settings.origin.startswith("https://") else "seiketsu"


def let_in(request: Request, response: Response, signed_in: SignedIn) -> None:
    """Put a fresh session into the browser. It never outlives the session, and no script can read it."""
    settings: Settings = request.app.state.settings
    left = signed_in.expires_at - parts_of(request).clock.now()
    response.set_cookie(
        cookie_name(settings),
        signed_in.token,
        max_age=max(0, int(left.total_seconds())),
        httponly=True,
        samesite="lax",
        secure=settings.origin.startswith("https://"),
        path="/",
    )
    response.headers["Cache-Control"] = "no-store"


def let_out(request: Request, response: Response) -> None:
    """Take the session out of the browser."""
    settings: Settings = request.app.state.settings
    response.delete_cookie(
        cookie_name(settings),
        httponly=True,
        samesite="lax",
        secure=settings.origin.startswith("https://"),
        path="/",
    )


def cookie_of(request: HTTPConnection) -> str:
    """The session's token as the browser sent it; empty without one."""
    return request.cookies.get(cookie_name(request.app.state.settings), "")
