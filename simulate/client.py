"""The service's HTTP doors, as a script or an SMS bridge would use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from core.errors import SeiketsuError, Unavailable


class ServiceClient:
    """JSON over HTTP. ``key`` is the operator's; without it only the open doors work.

    Raises SeiketsuError (with the service's own words) on 4xx and 5xx, Unavailable when nothing answers.
    """

    def __init__(self, url: str, key: str | None = None, *, timeout: float = 60.0):
        self.url = url.rstrip("/")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.AsyncClient(base_url=self.url, timeout=timeout, headers=headers)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ready(self) -> dict[str, Any] | None:
        """What ``/readyz`` says: None while nothing answers, else its JSON with ``ready`` in it."""
        try:
            answer = await self._http.get("/readyz", timeout=2.0)
        except httpx.HTTPError:
            return None
        try:
            body = answer.json()
        except ValueError:
            body = {}
        return {**(body if isinstance(body, dict) else {}), "ready": answer.status_code == 200}

    async def get(self, path: str, **query: Any) -> Any:
        """GET a path below ``/api/v1``."""
        return await self._ask("GET", path, params=query)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """POST a JSON body to a path below ``/api/v1``."""
        return await self._ask("POST", path, json=body)

    async def start_chat(self, to: str, from_: str | None = None) -> dict[str, Any]:
        """Begin a conversation in text: ``{"id", "replies", "ended"}``."""
        body = {"to": to, "channel": "chat", **({"from": from_} if from_ else {})}
        return dict(await self.post("/conversations", body))

    async def message(self, conversation: str, text: str) -> dict[str, Any]:
        """Say something in text: ``{"id", "replies", "ended", "tools"}``."""
        return dict(await self.post(f"/conversations/{conversation}/messages", {"text": text}))

    async def conversation(self, conversation: str) -> dict[str, Any]:
        """Flow, step, slots with status, what is awaited, receipts, transcript."""
        return dict(await self.get(f"/conversations/{conversation}"))

    async def _ask(self, method: str, path: str, **how: Any) -> Any:
        try:
            answer = await self._http.request(method, f"/api/v1{path}", **how)
        except httpx.HTTPError as wrong:
            raise Unavailable(f"{self.url} does not answer: {type(wrong).__name__}") from wrong
        if answer.status_code >= 400:
            raise SeiketsuError(
                f"{method} {path} answered {answer.status_code}: {_words(answer)}",
                code=str(answer.status_code),
            )
        return answer.json()


def operator_key(data_dir: Path, given: str | None = None) -> str | None:
    """The operator's key: the one given, else the one the service keeps beside its data."""
    path = data_dir / "admin.key"
    if given:
        return given
    return path.read_text().strip() if path.exists() else None


def _words(answer: httpx.Response) -> str:
    try:
        body = answer.json()
        return str(body.get("detail") or body.get("title") or body)[:300]
    except (ValueError, AttributeError):
        return answer.text[:300]
