"""An unsafe request under an ``Idempotency-Key`` is done once, however often it is sent.

Every route of a tenant is so (``once``, asked by ``web.access.May``). One that writes through tools asks by
its right, ``act: Annotated[Act, Depends(Once("leads:write"))]`` in place of ``May("leads:write")``, and has
the key of its receipts, too; ``OncePlatform`` stands in place of ``MayPlatform``. The request is taken on
under (tenant, method and path, key) or its reply replayed; the middleware keeps the reply before it is sent.
Two at once: the second waits for the first and gets its reply, or 409 when that takes too long. What was
not done (any answer but 2xx) is not kept, so it may be tried again with the same key.

``act.key`` is the key a write's receipt is filed under (``tools.acts``): should a process die between the
write and the keeping of the reply, the request sent again finds the receipt and writes nothing twice.

Headers after draft-ietf-httpapi-idempotency-key-header: 422 for a key that stands for another request,
409 while the first still runs.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from dataclasses import dataclass
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from loguru import logger
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.parts import Parts
from core.errors import Conflict, InvalidInput, Problem, SeiketsuError
from core.ids import HOUSE_TENANT, new_id
from stores import idempotency
from stores.db import Session
from stores.idempotency import Claim, IdempotentRequest
from stores.vault import Vault
from web.access import Access, May, MayPlatform, Principal, principal
from web.links import make_vault
from web.parts import parts_of

PATIENCE = 8.0
"""Seconds a second request waits for the first one's reply."""

LONGEST = 200
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KEPT_HEADERS = ("content-type", "etag", "location", "cache-control", "link")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

KEY_WORDS = (
    "Any text of your own (a UUID is good), at most 200 characters. The same request sent again with it "
    "within 24 hours is not done again: you get the first reply, with `Idempotent-Replayed: true`."
)
KEY_EXAMPLE = "0d9c2a4e-6f1b-4f5e-9d53-5b0f5c7f3a11"
IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", description=KEY_WORDS, examples=[KEY_EXAMPLE])
]


@dataclass(frozen=True)
class Act(Access):
    """Somebody doing something in one tenant. ``key``: the same when the same request is sent again."""

    key: str = ""


class Replayed(Exception):
    """The request was done before; carries what it was answered."""

    def __init__(self, response: Response):
        super().__init__("replayed")
        self.response = response


class Once(May):
    """``May``, and each request done once. ``sealed`` keeps a reply that holds a secret encrypted."""

    def __init__(self, right: str, *, sealed: bool = False):
        super().__init__(right)
        self.sealed = sealed

    async def __call__(
        self,
        tenant: str,
        request: Request,
        who: Annotated[Principal, Depends(principal)],
        idempotency_key: IdempotencyKey = None,
    ) -> Act:
        """Take the request on. As ``May``; InvalidInput (the key), Conflict, Replayed."""
        access = await super().__call__(tenant, request, who)
        key = await take_on(request, access.principal, access.tenant_id, idempotency_key, sealed=self.sealed)
        return Act(access.principal, access.tenant_id, key)


class OncePlatform(MayPlatform):
    """``MayPlatform``, and each request done once. Replies are kept with the house tenant."""

    def __init__(self, right: str, *, sealed: bool = False):
        super().__init__(right)
        self.sealed = sealed

    async def __call__(  # type: ignore[override]
        self,
        request: Request,
        who: Annotated[Principal, Depends(principal)],
        idempotency_key: IdempotencyKey = None,
    ) -> Act:
        """Take the request on. As ``MayPlatform``; InvalidInput (the key), Conflict, Replayed."""
        await super().__call__(who)
        key = await take_on(request, who, HOUSE_TENANT, idempotency_key, sealed=self.sealed)
        return Act(who, HOUSE_TENANT, key)


@dataclass
class _Running:
    """A request that was taken on and has not been answered yet."""

    tenant_id: UUID
    claim: Claim
    sealed: bool


async def take_on(
    request: Request, who: Principal, tenant_id: UUID, given: str | None, *, sealed: bool = False
) -> str:
    """The key to act under. InvalidInput, Conflict, Replayed."""
    route = f"{request.method} {request.url.path}"
    running = request.scope.get("state", {}).get("idempotent")
    if running is not None:  # taken on at the door already; the route knows better what is in its reply
        running.sealed = sealed
        return f"{route}|{given}"
    if given is None:
        return f"{route}|{new_id()}"
    if not _KEY.fullmatch(given):
        raise InvalidInput(
            "the Idempotency-Key cannot be used",
            problems=[
                Problem(
                    f"is 1 to {LONGEST} visible ASCII characters", "header.Idempotency-Key", "send a UUID"
                )
            ],
        )
    parts = parts_of(request)
    digest = await _digest(request, who)
    deadline = time.monotonic() + PATIENCE
    pause = 0.02
    while True:
        async with parts.db.tenant(tenant_id) as session:
            found = await idempotency.claim(
                session, route=route, key=given, digest=digest, now=parts.clock.now()
            )
            if isinstance(found, IdempotentRequest):
                raise Replayed(await _stored(found, Vaults.of(request.app.state), session))
        if found is not None:
            request.scope.setdefault("state", {})["idempotent"] = _Running(tenant_id, found, sealed)
            return f"{route}|{given}"
        if time.monotonic() > deadline:
            raise Conflict(
                "the first request with this Idempotency-Key still runs; ask again soon", code="in_progress"
            )
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.5)


async def once(request: Request, access: Access) -> None:
    """Take on what somebody sends to a tenant's route with a key. As ``take_on``.

    Its reply is kept encrypted, since nobody has said what is in it.
    """
    given = request.headers.get("idempotency-key")
    if given is not None and request.method not in SAFE:
        await take_on(request, access.principal, access.tenant_id, given, sealed=True)


class Vaults:
    """The vault of an application, made once."""

    @staticmethod
    def of(state: Any) -> Vault:
        """The vault kept on the application's state."""
        if not hasattr(state, "vault"):
            state.vault = make_vault(state.settings)
        return cast(Vault, state.vault)


async def _digest(request: Request, who: Principal) -> str:
    """What a key stands for: who asked, for what, with which body."""
    body = await request.body()
    head = f"{who.id}\n{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(head.encode() + body).hexdigest()


def _name(claim: Claim | IdempotentRequest) -> str:
    return f"idempotent_reply:{claim.id}"


async def _stored(row: IdempotentRequest, vault: Vault, session: Session) -> Response:
    body = row.reply
    if row.sealed:
        body = await vault.decrypt(session, _name(row), body)
    headers = {**{k: str(v) for k, v in row.headers.items()}, "Idempotent-Replayed": "true"}
    return Response(body, row.status or 200, headers=headers)


class KeepReplies:
    """ASGI: keeps the reply of a request that was taken on before any of it is sent."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; hold back only what has to be kept first."""
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        held: list[Message] = []

        async def keep(message: Message) -> None:
            running = state.get("idempotent")
            if running is None:
                await send(message)
                return
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                state["idempotent"] = None
                await _keep(scope["app"].state, running, held)
                for one in held:
                    await send(one)

        try:
            await self._app(scope, receive, keep)
        except BaseException:
            running, state["idempotent"] = state.get("idempotent"), None
            if running is not None:
                await asyncio.shield(_let_go(scope["app"].state.parts, running))
            raise


async def _keep(state: Any, running: _Running, held: list[Message]) -> None:
    """Store a reply that says it was done; let go of any other."""
    parts: Parts = state.parts
    start = next(m for m in held if m["type"] == "http.response.start")
    if not 200 <= start["status"] < 300:
        await _let_go(parts, running)
        return
    body = b"".join(m.get("body", b"") for m in held if m["type"] == "http.response.body")
    headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in start["headers"]}
    kept = {k: v for k, v in headers.items() if k.lower() in _KEPT_HEADERS}
    try:
        async with parts.db.tenant(running.tenant_id) as session:
            if running.sealed:
                body = await Vaults.of(state).encrypt(session, _name(running.claim), body)
            await idempotency.finish(
                session,
                running.claim,
                status=start["status"],
                headers=kept,
                reply=body,
                sealed=running.sealed,
            )
    except SeiketsuError as error:
        # the act is done and its receipt is there: sent again, it is found, not repeated
        logger.warning("a reply could not be kept: {}", error.code)


async def _let_go(parts: Parts, running: _Running) -> None:
    try:
        async with parts.db.tenant(running.tenant_id) as session:
            await idempotency.give_up(session, running.claim)
    except SeiketsuError as error:
        logger.warning("a request could not be given up: {}", error.code)
