"""The API's gate: each request of a client is counted once, and every answer says where it stands (A027).

Headers as in draft-ietf-httpapi-ratelimit-headers (revisions 02 to 07): ``RateLimit-Limit``,
``RateLimit-Remaining`` and ``RateLimit-Reset`` (seconds) describe the plan's calls of the month; on plans
without a limit, and on a request refused for its haste, the calls of a minute. The platform's own people are
neither counted nor limited.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from uuid import UUID

from fastapi import Request
from starlette.datastructures import MutableHeaders, State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.parts import Parts
from core.errors import Refused
from policies.admission import admission, per_minute
from tools.admission import Admission
from tools.allowance import Allowance, Standing
from web.access import Access
from web.parts import parts_of
from web.rate import Rate

PLATFORMS_OWN = frozenset({"operator", "staff"})


class Gate:
    """``app.state.gate``: ``web.access.May`` asks it once the principal's right is clear."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._allowance: Allowance | None = None
        self._now = now
        self._bursts: dict[int, Rate] = {}
        self._chats = Rate(admission().chat_messages_per_minute, now=now)

    def allowance(self, parts: Parts) -> Allowance:
        """The process's count; made with the first request, on the application's database."""
        if self._allowance is None:
            self._allowance = Allowance(parts.db, parts.clock)
        return self._allowance

    async def __call__(self, request: Request, access: Access) -> None:
        """Let a request of a tenant through and count it. Refused (429), Unavailable (503)."""
        if access.principal.kind in PLATFORMS_OWN or getattr(request.state, "quota", None) is not None:
            return
        allowance, key = self.allowance(parts_of(request)), str(access.tenant_id)
        standing = await allowance.look(access.tenant_id)
        most = per_minute(standing.plan)
        burst = self._bursts.setdefault(most, Rate(most, now=self._now))
        if seconds := burst.wait(key):
            request.state.quota = (most, 0, seconds)
            raise Refused("too many requests at once", code="rate", retry_after=seconds)
        try:
            standing = await allowance.take(access.tenant_id)
        except Refused:
            request.state.quota = (standing.limit, 0, standing.reset)
            raise
        request.state.quota = _shown(standing, most, burst.left(key))

    def chat(self, tenant_id: UUID) -> None:
        """A message to a tenant's agent in chat. Refused when its visitors write too much together."""
        if not self.chat_is_open(tenant_id):
            raise Refused("too many messages to this line just now", code="rate", retry_after=1.0)

    def chat_is_open(self, tenant_id: UUID) -> bool:
        """Take one message of the tenant's minute; False when there is none left."""
        return not self._chats.wait(str(tenant_id))


def admission_of(state: State) -> Admission:
    """The application's gate for calls, chats, simulations and jobs; ``state`` is ``app.state``."""
    if not hasattr(state, "admission"):
        state.admission = Admission(state.parts.db, state.parts.clock, capacity=state.settings.lines)
    found: Admission = state.admission
    return found


async def let_in(state: State, tenant_id: UUID) -> None:
    """A chat with a tenant's agent begins. Refused, NotAllowed (the line is closed), Unavailable."""
    gate: Gate = state.gate
    gate.chat(tenant_id)
    denied = await admission_of(state).admit("chat", tenant_id)
    if denied is not None:
        raise denied.error()


def _shown(standing: Standing, most: int, left: int) -> tuple[int, int, float]:
    if standing.limit is None:
        return most, left, 60.0
    return standing.limit, standing.remaining, standing.reset


class QuotaHeaders:
    """ASGI: puts where the client stands on the answer, whatever the answer is."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass through, and add the headers the gate has left."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def marked(message: Message) -> None:
            quota = state.get("quota")
            if message["type"] == "http.response.start" and quota is not None:
                limit, remaining, reset = quota
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Limit"] = str(limit)
                headers["RateLimit-Remaining"] = str(remaining)
                headers["RateLimit-Reset"] = str(math.ceil(reset))
            await send(message)

        await self._app(scope, receive, marked)
