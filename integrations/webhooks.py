"""Webhooks out by the Standard Webhooks specification (standardwebhooks.com): signed, sent, and judged."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import Protocol

from standardwebhooks import Webhook

from core.errors import SeiketsuError
from integrations.http import Outside

KEPT = 1000
"""Characters of an answer that are kept for the client to see."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one attempt. ``status`` None: nobody answered, and ``error`` says why."""

    status: int | None
    body: str = ""
    error: str | None = None
    retry_after: float | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Accepted: any 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver wants nothing more, ever (410)."""
        return self.status == 410


class Courier(Protocol):
    """Somebody who takes a message to a client's address."""

    async def send(self, url: str, id: str, at: datetime, payload: str, keys: Sequence[str]) -> Sent:
        """One attempt. Never raises for what the other side does."""


def new_secret() -> str:
    """A signing secret in the specification's form: ``whsec_`` and 32 bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(id: str, at: datetime, payload: str, keys: Sequence[str]) -> dict[str, str]:
    """The three headers. ``keys``: one signature for each, so that a receiver may still know the old one."""
    signatures = " ".join(Webhook(key).sign(id, at, payload) for key in keys)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures,
    }


class Webhooks:
    """Sends through the guard for addresses that clients gave us."""

    def __init__(self, outside: Outside, *, timeout: float):
        self._outside, self._timeout = outside, timeout

    async def close(self) -> None:
        """Let go of what is open."""
        await self._outside.close()

    async def send(self, url: str, id: str, at: datetime, payload: str, keys: Sequence[str]) -> Sent:
        """See ``Courier``."""
        began = perf_counter()
        sent = {
            "content-type": "application/json",
            "user-agent": "Seiketsu-Webhooks/1",
            **headers(id, at.astimezone(UTC), payload, keys),
        }
        try:
            reply = await self._outside.post(url, payload.encode(), sent, timeout=self._timeout)
        except SeiketsuError as failed:
            return Sent(None, error=failed.message, seconds=perf_counter() - began)
        return Sent(
            reply.status,
            reply.body.decode("utf-8", "replace")[:KEPT],
            None if 200 <= reply.status < 300 else f"answered {reply.status}",
            _retry_after(reply.headers.get("retry-after"), at),
            perf_counter() - began,
        )


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds or an HTTP date, as seconds from now; None when it says nothing useful."""
    if not value:
        return None
    try:
        wait = float(value) if value.strip().isdigit() else _until(value, now)
    except (ValueError, TypeError):
        return None
    return wait if wait > 0 else None


def _until(value: str, now: datetime) -> float:
    when = parsedate_to_datetime(value)
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (when - now).total_seconds()
