"""A request that failed, as somebody sees it who opened the address in a browser."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from web.pages import HEADERS
from web.request_id import request_id

MACHINES = ("/api/", "/twilio/", "/metrics", "/healthz", "/readyz", "/openapi.json")
"""Addresses that only programs call: theirs is problem+json, whatever they say they accept."""

templates = Jinja2Templates(Path(__file__).parent / "templates")


def wanted(request: Request) -> bool:
    """Whether a person looks at the answer: a page was opened, and HTML is what is asked for."""
    opened = request.method in ("GET", "HEAD") and not request.url.path.startswith(MACHINES)
    return opened and "text/html" in request.headers.get("accept", "")


def error_page(
    request: Request, status: int, title: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """What went wrong, and where to go on; kept nowhere."""
    facts = {"title": title, "detail": detail, "name": request_id()}
    kept = {**HEADERS, "Cache-Control": "no-store", **(headers or {})}
    return templates.TemplateResponse(request, "error.html", facts, status_code=status, headers=kept)
