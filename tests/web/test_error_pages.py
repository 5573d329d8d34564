"""Somebody who opens an address that fails sees a page; a program gets problem+json."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from core.errors import Unavailable
from tests.web.conftest import Desk, MakeDesk

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_a_wrong_address_is_a_page_for_a_person(desk: Desk) -> None:
    seen = await desk.http.get("/no/such/<page>", headers=BROWSER)
    assert seen.status_code == 404 and seen.headers["content-type"].startswith("text/html")
    assert "<h1>Not found</h1>" in seen.text and 'href="/talk"' in seen.text and "<page>" not in seen.text
    assert seen.headers["x-request-id"] in seen.text, "support can find it"
    assert "frame-ancestors 'none'" in seen.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/no/such/page", {}),
        ("GET", "/no/such/page", {"Accept": "application/json"}),
        ("POST", "/no/such/page", BROWSER),
        ("GET", "/api/v1/nothing", BROWSER),
        ("GET", "/twilio/nothing", BROWSER),
    ],
)
async def test_a_program_gets_json(desk: Desk, method: str, path: str, headers: dict[str, str]) -> None:
    seen = await desk.http.request(method, path, headers=headers)
    assert seen.status_code == 404 and seen.headers["content-type"] == "application/problem+json"


async def test_our_own_errors_and_surprises_are_pages_too(make_desk: MakeDesk) -> None:
    desk = make_desk()
    _failing(desk.app)
    busy = await desk.http.get("/busy", headers=BROWSER)
    assert busy.status_code == 503 and busy.headers["retry-after"] == "7"
    assert "<h1>Not available right now</h1>" in busy.text and "<p>Too many at once.</p>" in busy.text
    broken = await desk.http.get("/broken", headers=BROWSER)
    assert broken.status_code == 500 and "Something went wrong on our side" in broken.text
    assert "hunter2" not in broken.text and broken.headers["x-request-id"] in broken.text


def _failing(app: FastAPI) -> None:
    @app.get("/busy")
    async def busy() -> None:
        raise Unavailable("too many at once", retry_after=7)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("hunter2")
