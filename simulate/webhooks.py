"""The requests Twilio makes to a service: signed, with the call's form, within Twilio's patience."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import httpx

from simulate.signature import sign
from simulate.twiml import VERBS, TwimlError, Verb, parse

WEBHOOK_SECONDS = 15.0
"""Twilio gives a webhook 15 s in all."""


class Webhooks:
    """HTTP towards one service. ``form`` gives the call's fields as they are now; ``faults`` collects what
    the service answered wrongly.
    """

    def __init__(
        self,
        url: str,
        public_url: str,
        token: str | None,
        form: Callable[[], dict[str, str]],
        faults: list[str],
        verbs: frozenset[str] = VERBS,
    ):
        self.url, self.public_url, self.token = url, public_url, token
        self._form, self._faults, self._verbs = form, faults, verbs
        self._http = httpx.AsyncClient(timeout=WEBHOOK_SECONDS)

    async def fetch(self, url: str, extra: dict[str, str] | None = None) -> tuple[Verb, ...] | None:
        """POST the call's form and read the TwiML that comes back; None (and a fault) when it fails."""
        try:
            answer = await self._post(url, extra or {})
            if answer.status_code >= 400:
                self._fault(url, f"answered {answer.status_code}")
                return None
            return parse(answer.text, self._verbs)
        except (httpx.HTTPError, TwimlError) as wrong:
            self._fault(url, f"{type(wrong).__name__} {wrong}")
            return None

    async def tell(self, url: str, fields: dict[str, str]) -> None:
        """A call-back: its answer does not matter to the call, a failure is only noted."""
        try:
            answer = await self._post(url, fields)
            if answer.status_code >= 400:
                self._fault(url, f"answered {answer.status_code}")
        except httpx.HTTPError as wrong:
            self._fault(url, type(wrong).__name__)

    def really(self, url: str) -> str:
        """Where a public address is served in fact."""
        parts, here = urlsplit(url), urlsplit(self.url)
        if parts.netloc not in (urlsplit(self.public_url).netloc, here.netloc):
            return url
        scheme = here.scheme if parts.scheme.startswith("http") else here.scheme.replace("http", "ws", 1)
        return urlunsplit(parts._replace(scheme=scheme, netloc=here.netloc))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post(self, url: str, extra: dict[str, str]) -> httpx.Response:
        form = {**self._form(), **extra}
        headers = {"X-Twilio-Signature": sign(self.token, url, form)} if self.token else {}
        return await self._http.post(self.really(url), data=form, headers=headers)

    def _fault(self, url: str, what: str) -> None:
        self._faults.append(f"{urlsplit(url).path} {what}")
