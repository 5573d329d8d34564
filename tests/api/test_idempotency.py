"""Asked twice, done once: by retries, by rivals, by another process after the first has died."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends
from sqlalchemy import select

from core.clock import FakeClock
from core.errors import Conflict
from core.ids import HOUSE_TENANT
from jobs import sweeps
from stores import idempotency
from stores.db import Database
from stores.idempotency import LASTS, LEASE, IdempotentRequest
from tests.web.conftest import Desk
from tools.base import Ports
from web.access import Access, May
from web.idempotency import Act, Once, OncePlatform

PLAIN = May("leads:write")
ONE, ALL = Once("leads:write"), OncePlatform("provisioning:write", sealed=True)


class Counter:
    """Routes that count how often they are really run."""

    def __init__(self, desk: Desk):
        self.desk, self.runs, self.fail = desk, 0, False
        self.gate: asyncio.Event | None = None
        self.entered = asyncio.Event()
        router = APIRouter(prefix="/api/v1")

        @router.post("/tenants/{tenant}/count", status_code=201)
        async def count(act: Annotated[Act, Depends(ONE)], body: dict[str, Any]) -> dict[str, Any]:
            self.entered.set()
            if self.gate is not None:
                await self.gate.wait()
            if self.fail:
                raise Conflict("not now")
            self.runs += 1
            return {"runs": self.runs, "key": act.key}

        @router.post("/tenants/{tenant}/plain")
        async def plain(access: Annotated[Access, Depends(PLAIN)]) -> dict[str, Any]:
            self.runs += 1
            return {"secret": f"hunter{self.runs}"}

        @router.post("/admin/secret")
        async def secret(act: Annotated[Act, Depends(ALL)]) -> dict[str, Any]:
            self.runs += 1
            return {"password": f"hunter{self.runs}"}

        desk.app.include_router(router)

    async def post(
        self, key: str | None, path: str = "/tenants/acme-real-estate/count", body: Any = None
    ) -> Any:
        headers = self.desk.key | ({"Idempotency-Key": key} if key is not None else {})
        return await self.desk.http.post(f"/api/v1{path}", json=body or {}, headers=headers)


@pytest.fixture
def counter(desk: Desk, tenant_id: UUID) -> Counter:
    return Counter(desk)


async def test_the_same_request_is_done_once_and_answered_alike(counter: Counter) -> None:
    first, again = await counter.post("k"), await counter.post("k")
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, first.json())
    assert counter.runs == 1
    assert "idempotent-replayed" not in first.headers and again.headers["idempotent-replayed"] == "true"
    await counter.post("other")
    await counter.post(None)
    await counter.post(None)
    assert counter.runs == 4


async def test_a_key_stands_for_one_request(counter: Counter) -> None:
    await counter.post("k")
    answer = await counter.post("k", body={"x": 1})
    assert answer.status_code == 422 and answer.json()["code"] == "idempotency_key_reused"
    assert answer.json()["problems"][0]["where"] == "header.Idempotency-Key"
    for bad in ("", "x" * 201, "a b"):
        assert (await counter.post(bad)).status_code == 422, bad
    assert counter.runs == 1


async def test_rivals_wait_for_the_first(counter: Counter) -> None:
    counter.gate = asyncio.Event()
    rivals = [asyncio.create_task(counter.post("k")) for _ in range(5)]
    await asyncio.sleep(0.2)
    counter.gate.set()
    answers = await asyncio.gather(*rivals)
    assert [a.status_code for a in answers] == [201] * 5
    assert counter.runs == 1 and len({a.text for a in answers}) == 1


async def test_who_waits_too_long_is_told_so(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.idempotency.PATIENCE", 0.1)
    counter.gate = asyncio.Event()
    first = asyncio.create_task(counter.post("k"))
    async with asyncio.timeout(20):
        await counter.entered.wait()
    late = await counter.post("k")
    assert late.status_code == 409 and late.json()["code"] == "in_progress"
    counter.gate.set()
    assert (await first).status_code == 201


async def test_what_was_not_done_may_be_tried_again(counter: Counter) -> None:
    counter.fail = True
    assert (await counter.post("k")).status_code == 409
    counter.fail = False
    assert (await counter.post("k")).status_code == 201
    assert counter.runs == 1


async def test_a_dead_process_keeps_nobody_out_for_long(db: Database, tenant_id: UUID, desk: Desk) -> None:
    now = desk.app.state.parts.clock.now()
    request = {"route": "POST /x", "key": "k", "digest": "d"}
    async with db.tenant(tenant_id) as session:
        first = await idempotency.claim(session, **request, now=now)
    async with db.tenant(tenant_id) as session:
        assert await idempotency.claim(session, **request, now=now) is None
        second = await idempotency.claim(session, **request, now=now + LEASE)
    assert isinstance(first, idempotency.Claim) and isinstance(second, idempotency.Claim)
    assert second.attempt == 2
    async with db.tenant(tenant_id) as session:
        assert not await idempotency.finish(session, first, status=200, headers={}, reply=b"late")
        assert await idempotency.finish(session, second, status=200, headers={}, reply=b"mine")
        found = await idempotency.claim(session, **request, now=now)
        assert isinstance(found, IdempotentRequest) and found.reply == b"mine"
        # a day later the key is free again, for another request, too
        later = await idempotency.claim(session, **request | {"digest": "e"}, now=now + LASTS + LEASE)
        assert isinstance(later, idempotency.Claim)


async def test_a_reply_with_a_secret_is_kept_sealed(counter: Counter, db: Database) -> None:
    first, again = await counter.post("k", "/admin/secret"), await counter.post("k", "/admin/secret")
    assert first.json() == again.json() == {"password": "hunter1"}
    async with db.tenant(HOUSE_TENANT) as session:
        (kept,) = (await session.scalars(select(IdempotentRequest))).all()
    assert kept.sealed and b"hunter" not in kept.reply


async def test_every_route_of_a_tenant_is_so(counter: Counter, db: Database, tenant_id: UUID) -> None:
    path = "/tenants/acme-real-estate/plain"
    first, again, other = [await counter.post(key, path) for key in ("k", "k", None)]
    assert first.json() == again.json() == {"secret": "hunter1"} and other.json() == {"secret": "hunter2"}
    assert (await counter.post("k", path, {"x": 1})).status_code == 422
    async with db.tenant(tenant_id) as session:
        (kept,) = (await session.scalars(select(IdempotentRequest))).all()
    assert kept.sealed and b"hunter" not in kept.reply


async def test_expired_replies_are_swept_up(counter: Counter, db: Database, tenant_id: UUID) -> None:
    await counter.post("k")
    clock = FakeClock(counter.desk.app.state.parts.clock.now())
    for left in (1, 0):
        await sweeps._replies(db, Ports(), clock)
        async with db.tenant(tenant_id) as session:
            assert len((await session.scalars(select(IdempotentRequest))).all()) == left
        clock.advance(hours=24, minutes=1)
