"""Who is asking: Twilio's signature, and the address at which it reached us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from loguru import logger
from starlette.requests import HTTPConnection

from core.settings import is_loopback
from integrations.twilio_signature import candidates, is_signed
from web.peers import is_proxy

Tokens = Callable[[str | None], Awaitable[Sequence[str]]]
"""Auth tokens an account may sign with; None: every account that could open a media socket."""


class Trust:
    """``tokens`` None: there are no credentials to check with, so only this machine may call."""

    def __init__(self, public_url: str | None, tokens: Tokens | None):
        self._public_url, self._tokens = public_url, tokens

    def origin(self, request: HTTPConnection) -> str:
        """Where Twilio reaches us, without a trailing slash: as configured, else as it was addressed."""
        return (self._public_url or self._addressed(request)[0]).rstrip("/")

    async def admits(self, request: HTTPConnection, form: Mapping[str, str], *, socket: bool = False) -> bool:
        """Whether the request is Twilio's. A socket is signed without parameters, as wss."""
        if self._tokens is None:
            # nothing can be checked: this machine only, and not through a proxy
            return _is_local(request) and "x-forwarded-for" not in request.headers
        urls = candidates(self._addressed(request), request.url.path, request.url.query, socket=socket)
        headers = {name.lower(): value for name, value in request.headers.items()}
        tokens = await self._tokens(None if socket else form.get("AccountSid", ""))
        if any(is_signed(urls, form, headers, token) for token in tokens):
            return True
        logger.warning("a request to the telephone routes was not signed by Twilio")
        return False

    def _addressed(self, request: HTTPConnection) -> list[str]:
        """The origins the peer may have used: what is configured, what a proxy of ours says.

        Only without a configured address the Host header counts, which anyone can write.
        """
        scheme = "https" if request.url.scheme in ("https", "wss") else "http"
        named = request.headers.get("host", "")
        found = [self._public_url] if self._public_url else []
        if is_proxy(request):
            host = request.headers.get("x-forwarded-host", "").split(",")[0].strip()
            proto = request.headers.get("x-forwarded-proto", "").split(",")[0].strip()
            if host or proto:
                found.append(f"{'https' if proto in ('https', 'wss') else scheme}://{host or named}")
        return found if self._public_url else [*found, f"{scheme}://{named}"]


def _is_local(request: HTTPConnection) -> bool:
    return is_loopback(request.client.host if request.client else None)
