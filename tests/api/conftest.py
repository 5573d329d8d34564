"""The desk of tests/web, for the API's own tests; and the service on a port, for clients from outside."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI, Request

from clients import generate
from core.clock import SystemClock
from core.ids import new_id
from stores import calls, conversations, integrations, leads, support, tenancy
from stores.cluster import Cluster
from stores.db import Database
from tests.web.conftest import KEY, Desk, desk, make_app, make_desk, served, settings_for
from web.access import Principal, identify_operator

__all__ = ["desk", "make_desk"]

OWNER = "the-owners-own-key"
OTHER = "the-other-owners-key"


@dataclass
class People:
    """Who the application knows, by bearer token, besides the operator."""

    known: dict[str, Principal] = field(default_factory=dict)

    def add(self, token: str, tenant_id: UUID, role: Any = "owner") -> dict[str, str]:
        """Make somebody known; the header to send."""
        who = new_id()
        self.known[token] = Principal("member", role, f"member:{who}", tenant_id=tenant_id, member_id=who)
        return {"Authorization": f"Bearer {token}"}

    async def identify(self, request: Request) -> Principal | None:
        """As ``web.access.Identify``."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.known.get(token) or await identify_operator(request)


def with_people(app: FastAPI) -> People:
    """An application that knows people by token."""
    people = People()
    app.state.identify = people.identify
    return people


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The OpenAPI document; the same for every application, and slow to make."""
    return generate.document()


@pytest.fixture
async def other_id(db: Database) -> UUID:
    """Another client, live."""
    async with db.tenant(new_id()) as session:
        return (await tenancy.create_tenant(session, "Other Homes", status="live")).id


@pytest.fixture
def people(desk: Desk) -> People:
    """Who the desk's application knows."""
    return with_people(desk.app)


@dataclass
class Owner:
    """The API as Acme Real Estate's owner uses it."""

    desk: Desk
    headers: dict[str, str]
    base: str = "/api/v1/tenants/me"

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; header names with underscores."""
        sent = self.headers | {k.replace("_", "-"): v for k, v in headers.items()}
        return await self.desk.http.request(method, f"{self.base}{path}", json=body, headers=sent)

    async def get(self, path: str, **headers: str) -> Any:
        """GET."""
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST."""
        return await self.ask("POST", path, body, **headers)

    async def patch(self, path: str, body: Any, match: str | None = "*", **headers: str) -> Any:
        """PATCH with If-Match."""
        return await self.ask("PATCH", path, body, **({"If_Match": match} if match else {}), **headers)

    async def made(self, path: str, body: Any) -> dict[str, Any]:
        """POST that must make something."""
        answer = await self.post(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture
def owner(desk: Desk, people: People, tenant_id: UUID) -> Owner:
    """Acme's owner."""
    return Owner(desk, people.add(OWNER, tenant_id))


async def fill(db: Database, tenant_id: UUID, number: str) -> dict[str, str]:
    """One of everything; the ids by the names of path parameters."""
    now = SystemClock().now()
    async with db.tenant(tenant_id) as session:
        line = await tenancy.claim_number(session, [number], provider="fictional")
        await tenancy.upsert_profile(session, greeting="Acme Real Estate, how can I help?")
        talk = await conversations.create(session, channel="voice", flow="lead", flow_version=1)
        said = {"role": "caller", "text": "Hi", "channel": "voice", "started_at": now}
        await conversations.append(session, talk.id, turns=[said], at=now)
        call = await calls.start_call(
            session, now=now, sid=f"CA{new_id().hex}", from_="+13035550142", conversation_id=talk.id
        )
        lead = await leads.upsert_lead(session, talk.id, intent="buyer", name="Lee Ray", call_id=call.id)
        task = await leads.add_task(session, kind="call_back", title="Ring Lee", lead_id=lead.id)
        crm = await integrations.upsert_integration(session, "crm", "hubspot", state="pending_link")
        ticket = await support.open_ticket(
            session, category="technical", priority="low", subject="No sound", channel="api"
        )
    return {
        "number_id": str(line.id),
        "call": str(call.id),
        "lead_id": str(lead.id),
        "task_id": str(task.id),
        "integration_id": str(crm.id),
        "ticket_id": str(ticket.id),
        "flow": "lead",
        "version": "0",
    }


@dataclass
class Service:
    """The service on a port of this machine, in a loop of its own."""

    url: str
    app: FastAPI
    tenant_id: UUID
    ids: dict[str, str]
    other: dict[str, str]
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something in the service's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="tests-service", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@pytest.fixture
async def service(fresh: Cluster, tmp_path: Path) -> AsyncIterator[Service]:
    """Two clients furnished, the operator and the first one's owner known."""
    with _loop() as loop:
        stop = asyncio.Event()
        ready: asyncio.Future[Service] = asyncio.get_running_loop().create_future()
        here = asyncio.get_running_loop()

        async def run() -> None:
            db = Database(fresh)
            try:
                app = make_app(settings_for(tmp_path, log_level="ERROR"), db)
                people = with_people(app)
                ids = []
                for name, number in (("Acme Real Estate", "+13035550177"), ("Other Homes", "+13035550178")):
                    async with db.tenant(new_id()) as session:
                        made = await tenancy.create_tenant(
                            session,
                            name,
                            status="live",
                            timezone="America/Denver",
                            states=["CO"],
                            plan="starter",
                        )
                    ids.append((made.id, await fill(db, made.id, number)))
                people.add(OWNER, ids[0][0])
                people.add(OTHER, ids[1][0])
                async with served(app) as address:
                    found = Service(f"http://{address}", app, ids[0][0], ids[0][1], ids[1][1], loop)
                    here.call_soon_threadsafe(ready.set_result, found)
                    await stop.wait()
            except BaseException as error:
                if not ready.done():
                    here.call_soon_threadsafe(ready.set_exception, error)
                raise
            finally:
                await db.close()

        running = asyncio.run_coroutine_threadsafe(run(), loop)
        try:
            yield await ready
        finally:
            loop.call_soon_threadsafe(stop.set)
            await asyncio.wrap_future(running)


HEADERS = {"operator": {"Authorization": f"Bearer {KEY}"}, "owner": {"Authorization": f"Bearer {OWNER}"}}
