"""Asking other services over HTTP: time limits everywhere, retries only where they cannot do harm."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import httpx

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
_WORTH_RETRYING = frozenset({429, 500, 502, 503, 504})


def client(*, base_url: str = "", timeout: float = READ_SECONDS, **options: Any) -> httpx.AsyncClient:
    """A client that gives up: ``timeout`` seconds for an answer, less for a connection. No redirects."""
    return httpx.AsyncClient(
        base_url=base_url,
        timeout=httpx.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
        limits=httpx.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=30.0),
        **options,
    )


async def send(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    tries: int = 1,
    pause: float = 0.3,
    **request: Any,
) -> httpx.Response:
    """One request, repeated up to ``tries`` times when there was no answer, a 429 or a 5xx.

    More than one try is for requests that may arrive twice. A ``Retry-After`` of up to two seconds is
    kept. Raises httpx.HTTPError when no try was answered; a last refusal is returned as it is.
    """
    for attempt in range(1, tries + 1):
        last = attempt == tries
        try:
            answer = await http.request(method, url, **request)
        except httpx.HTTPError:
            if last:
                raise
            await asyncio.sleep(pause * attempt * (0.5 + random.random()))
            continue
        if last or answer.status_code not in _WORTH_RETRYING:
            return answer
        await asyncio.sleep(retry_after(answer, pause * attempt * (0.5 + random.random())))
    raise AssertionError("at least one try")


def retry_after(answer: httpx.Response, otherwise: float) -> float:
    """Seconds the service asks us to wait, at most two; ``otherwise`` when it does not say."""
    try:
        return min(float(answer.headers["retry-after"]), 2.0)
    except (KeyError, ValueError):
        return otherwise
