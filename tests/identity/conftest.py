"""An organisation with its people, and browsers that sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from core.clock import FakeClock
from core.ids import HOUSE_TENANT
from stores import identity, tenancy
from stores.db import Database
from tests.web.conftest import KEY, make_app, settings_for
from tools import passwords
from web.identity import OWN_HEADER

HOST = "http://127.0.0.1:8000"
PASSWORD = "lanterns over quiet water"


@dataclass
class Browser:
    """A browser, or a program that behaves like one: keeps cookies, says that it is ours."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=lambda: {OWN_HEADER: "1"})

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**self.headers, **more.pop("headers", {})}
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **more)

    async def sign_in(self, username: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        return await self.ask("POST", "/session", json={"username": username, "password": password, **more})


@dataclass
class House:
    """The application over a clock that can be moved, and its people."""

    app: FastAPI
    db: Database
    clock: FakeClock
    open_browser: Callable[[], Browser]
    operator: dict[str, str] = field(default_factory=lambda: {"Authorization": f"Bearer {KEY}"})

    async def person(
        self, tenant_id: UUID, role: str = "owner", email: str | None = None, **fields: Any
    ) -> tenancy.Member:
        """Somebody active with PASSWORD as password."""
        hashed = await passwords.hash_password(PASSWORD)
        async with self.db.tenant(tenant_id) as session:
            member = await tenancy.add_member(
                session, name=f"The {role}", email=email or f"{role}@acme.example", role=role, status="active"
            )
            await identity.set_credential(session, member.id, **{"password_hash": hashed, **fields})
        return member

    async def signed_in(self, tenant_id: UUID, role: str = "owner", email: str | None = None) -> Browser:
        """A browser of somebody who is signed in."""
        member = await self.person(tenant_id, role, email)
        browser = self.open_browser()
        answer = await browser.sign_in(member.email)
        assert answer.status_code == 201, answer.text
        if tenant_id == HOUSE_TENANT:  # the platform's own people need two-factor; this browser is past it
            async with self.db.tenant(tenant_id) as session:
                await identity.set_credential(session, member.id, totp_since=self.clock.now())
        return browser


@pytest.fixture
async def house(db: Database, tmp_path: Path) -> AsyncIterator[House]:
    """The application, and browsers on other machines."""
    from dataclasses import replace

    app, clock = make_app(settings_for(tmp_path), db), FakeClock()
    app.state.parts = replace(app.state.parts, clock=clock)
    opened: list[httpx.AsyncClient] = []

    def open_browser(peer: str = "203.0.113.9") -> Browser:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(peer, 1234))
        opened.append(httpx.AsyncClient(transport=transport, base_url=HOST))
        return Browser(opened[-1])

    yield House(app, db, clock, open_browser)
    for client in opened:
        await client.aclose()


@pytest.fixture
async def other_id(db: Database) -> UUID:
    """Another client: "Bolder Homes"."""
    from core.ids import new_id

    async with db.tenant(new_id()) as session:
        return (await tenancy.create_tenant(session, "Bolder Homes", status="live")).id
