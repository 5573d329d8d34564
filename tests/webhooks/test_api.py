"""Webhooks and data over the API, as an owner's program uses them (A046, B005, C35)."""

from __future__ import annotations

import asyncio
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.ids import new_id
from integrations.http import Outside
from integrations.webhooks import Webhooks
from jobs.webhooks import keep_nudged
from stores import calls, tenancy
from stores.db import Database
from tests.web.conftest import Desk, MakeDesk, make_desk
from tests.webhooks.receiver import answer, listening
from tools import exports

__all__ = ["make_desk"]


async def ask(desk: Desk, method: str, path: str, expect: int = 200, **kw: Any) -> Any:
    answer = await desk.http.request(method, f"/api/v1/tenants/{path}", headers=desk.key, **kw)
    assert answer.status_code == expect, f"{answer.status_code} {answer.text}"
    return answer.json() if answer.content and "json" in answer.headers["content-type"] else answer


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    desk = make_desk()
    ports = replace(
        desk.app.state.parts.ports, webhooks=Webhooks(Outside(local=True), timeout=5), webhooks_local=True
    )
    desk.app.state.parts = replace(desk.app.state.parts, ports=ports)
    return desk


async def test_from_the_first_request_to_the_first_call(desk: Desk, db: Database, tenant_id: UUID) -> None:
    base = f"{tenant_id}/webhooks"
    async with listening() as receiver:
        made = await ask(desk, "POST", base, 201, json={"url": receiver.url, "events": ["call.completed"]})
        receiver.secret = made["secret"]
        shown = await ask(desk, "GET", base)
        assert [w["secret"] for w in shown["items"]] == [None], "a secret is shown once"
        one = f"{base}/{made['id']}"
        tested = await ask(desk, "POST", f"{one}/test")
        assert (tested["event"], tested["status"], tested["response_status"]) == (
            "webhook.test",
            "delivered",
            200,
        )
        parts = desk.app.state.parts
        nudged = asyncio.create_task(keep_nudged(db, parts.ports, parts.clock))
        await asyncio.sleep(0)
        receiver.came.clear()
        async with db.tenant(tenant_id) as session:
            call = await calls.start_call(session, now=parts.clock.now(), from_="+13035550142")
            await calls.end_call(session, call.id, at=parts.clock.now(), reason="done")
            await calls.end_call(session, call.id, at=parts.clock.now(), reason="again")
        async with asyncio.timeout(15):
            await receiver.came.wait()
            while (found := await ask(desk, "GET", f"{one}/deliveries", params={"status": "delivered"}))[
                "items"
            ].__len__() < 2:
                await asyncio.sleep(0.05)
        assert [d["event"] for d in found["items"]] == ["call.completed", "webhook.test"], "told once"
        assert receiver.heard[-1]["data"]["from"] == "+13035550142"
        receiver.will(answer(500))
        turned = await ask(desk, "POST", f"{one}/rotate")
        assert turned["secret"] != made["secret"] and turned["previous_secret_until"]
        failed = await ask(desk, "POST", f"{one}/test")
        assert (failed["status"], failed["error"]) == ("pending", "answered 500")
        receiver.will(answer(200))
        await ask(desk, "POST", f"{one}/deliveries/{failed['id']}/replay", 202)
        async with asyncio.timeout(15):
            while (await ask(desk, "GET", f"{one}/deliveries"))["items"][0]["status"] != "delivered":
                await asyncio.sleep(0.05)
        nudged.cancel()
        assert len({m["id"] for m in receiver.heard}) == len(receiver.heard) - 1, "a replay has the same id"
        await ask(desk, "PATCH", one, json={"enabled": False})
        await ask(desk, "POST", f"{one}/test", 422)
        await ask(desk, "DELETE", one, 204)
        await ask(desk, "GET", one, 404)


async def test_what_is_wrong_is_named_and_another_tenants_is_not_there(
    desk: Desk, db: Database, tenant_id: UUID
) -> None:
    async with db.tenant(new_id()) as session:
        other = (await tenancy.create_tenant(session, "Bolder Homes")).id
    made = await ask(desk, "POST", f"{tenant_id}/webhooks", 201, json={"url": "https://hooks.example.com/"})
    doors = [("GET", ""), ("PATCH", ""), ("DELETE", "")]
    doors += [("POST", "/test"), ("POST", "/rotate"), ("GET", "/deliveries")]
    for method, tail in doors:
        json = {"enabled": True} if method == "PATCH" else None
        await ask(desk, method, f"{other}/webhooks/{made['id']}{tail}", 404, json=json)
    ports = replace(desk.app.state.parts.ports, webhooks_local=False)
    desk.app.state.parts = replace(desk.app.state.parts, ports=ports)
    refused = await ask(
        desk,
        "POST",
        f"{tenant_id}/webhooks",
        422,
        json={"url": "https://169.254.169.254/", "events": ["lead.eaten"]},
    )
    assert {p["where"] for p in refused["problems"]} == {"url", "events"}
    types = await ask(desk, "GET", f"{tenant_id}/webhooks/event-types")
    assert {"lead.created", "call.completed"} <= {t["name"] for t in types["items"]}


async def test_an_export_is_ordered_watched_and_fetched(desk: Desk, tenant_id: UUID, tmp_path: Path) -> None:
    made = await ask(desk, "POST", f"{tenant_id}/exports", 202)
    await exports.settle()
    done = await ask(desk, "GET", f"{tenant_id}/exports/{made['id']}")
    assert (done["state"], done["progress"]) == ("ready", 1.0), done
    file = await desk.http.get(done["download"], headers=desk.key)
    assert file.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert {"manifest.json", "json/leads.json", "csv/leads.csv"} <= set(archive.namelist())
    assert (await desk.http.get(done["download"])).status_code == 401


async def test_a_persons_wish_over_the_api(desk: Desk, db: Database, tenant_id: UUID) -> None:
    base = f"{tenant_id}/privacy-requests"
    await ask(desk, "POST", base, 422, json={"kind": "deletion"})
    await ask(desk, "POST", base, 422, json={"kind": "deletion", "phone": "12"})
    asked = await ask(desk, "POST", base, 201, json={"kind": "deletion", "phone": "+13035550142"})
    assert asked["state"] == "received" and asked["ticket"] and asked["acknowledged_at"]
    await ask(desk, "POST", f"{base}/{asked['id']}/confirm", 422, json={"code": "00000000"})
    done = await ask(desk, "POST", f"{base}/{asked['id']}/vouch")
    assert done["state"] == "done" and done["phone"] is None and "tables" in done["report"]
    farewell = await ask(desk, "POST", f"{tenant_id}/deletion", 201)
    await ask(desk, "POST", f"{base}/{farewell['id']}/vouch", 403)
    cancelled = await ask(desk, "POST", f"{base}/{farewell['id']}/cancel")
    assert cancelled["state"] == "cancelled"
    assert [r["scope"] for r in (await ask(desk, "GET", base))["items"]] == ["tenant", "person"]
