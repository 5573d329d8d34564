"""The API: usage, headers on every answer, 429, and the change of plan (A023, A027)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Request

from core.clock import FakeClock
from stores import integrations, outbox, receipts, tenancy, usage
from stores.db import Database
from tests.quota.conftest import MakeClient
from tests.web.conftest import make_app, settings_for
from tools.plan import change_due
from web.access import Principal
from web.quota import Gate


@pytest.fixture
async def app(db: Database, clock: FakeClock, tmp_path: Path) -> FastAPI:
    app = make_app(settings_for(tmp_path), db)
    app.state.parts = replace(app.state.parts, clock=clock)

    async def identify(request: Request) -> Principal | None:
        """``X-Who: owner:<tenant id>``."""
        role, _, tenant = request.headers.get("x-who", "").partition(":")
        if role == "operator":
            return Principal("operator", "operator", "operator")
        return Principal("member", role, f"member:{role}", UUID(tenant)) if tenant else None  # type: ignore[arg-type]

    app.state.identify = identify
    return app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    here = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=here, base_url="http://127.0.0.1:8000/api/v1/tenants") as http:
        yield http


def who(tenant: UUID, role: str = "owner") -> dict[str, str]:
    return {"X-Who": f"{role}:{tenant}"}


async def spend(db: Database, tenant: UUID, clock: FakeClock, kind: str, amount: int) -> None:
    async with db.tenant(tenant) as session:
        await usage.meter(session, kind, "spent", amount, at=clock.now())


async def test_call_10001_is_refused_with_headers_and_the_way_up(
    db: Database, client: MakeClient, clock: FakeClock, http: httpx.AsyncClient
) -> None:
    acme, other = await client("starter"), await client("starter")
    await spend(db, acme, clock, "api_calls", 9_999)
    last = await http.get("/me/usage", headers=who(acme))
    assert last.status_code == 200
    assert (last.headers["RateLimit-Limit"], last.headers["RateLimit-Remaining"]) == ("10000", "0")
    assert last.headers["RateLimit-Reset"] == str((10 * 24 + 12) * 3600)
    over = await http.get("/me/usage", headers=who(acme))
    assert over.status_code == 429
    assert over.headers["content-type"] == "application/problem+json"
    assert over.headers["Retry-After"] == over.headers["RateLimit-Reset"] == last.headers["RateLimit-Reset"]
    assert over.headers["RateLimit-Remaining"] == "0"
    assert "Professional would fit" in over.json()["detail"]
    # nobody else notices, and the platform's own people get in
    assert (await http.get("/me/usage", headers=who(other))).headers["RateLimit-Remaining"] == "9999"
    theirs = await http.get(f"/{acme}/usage", headers={"X-Who": "operator"})
    assert theirs.status_code == 200 and "RateLimit-Limit" not in theirs.headers
    seen = {n["level"] for n in theirs.json()["notices"]}
    assert seen == {"80", "100"}


async def test_a_client_reads_what_help_its_plan_includes(
    client: MakeClient, http: httpx.AsyncClient, clock: FakeClock
) -> None:
    small = (await http.get("/me/usage", headers=who(await client("starter")))).json()["support"]
    ways = {way["channel"]: way for way in small["people"]}
    assert ways["email"] == {"channel": "email", "included": True, "message": None}
    for channel in ("chat", "phone"):
        assert not ways[channel]["included"] and "Professional" in ways[channel]["message"]
    assert small["chat_hours"] == "Monday to Friday, 9 AM to 5 PM"
    assert small["first_answer_hours"]["critical"] == 24 and not small["video"]
    large = (await http.get("/me/usage", headers=who(await client("enterprise")))).json()["support"]
    assert all(way["included"] for way in large["people"]) and large["chat_open"]
    assert large["video"] and large["manager"] and large["custom_training"]


async def test_refusals_cost_nothing_and_wrong_requests_count(
    client: MakeClient, http: httpx.AsyncClient
) -> None:
    acme, other = await client("starter"), await client("starter")
    assert (await http.get("/me/usage")).status_code == 401
    assert (await http.get(f"/{other}/usage", headers=who(acme))).status_code == 404
    assert (
        await http.post("/me/plan", json={"plan": "business"}, headers=who(acme, "viewer"))
    ).status_code == 403
    bad = await http.post("/me/plan", json={"plan": "gold"}, headers=who(acme))
    assert (bad.status_code, bad.headers["RateLimit-Remaining"]) == (422, "9999")


async def test_a_burst_of_one_client_is_slowed_and_no_other(
    app: FastAPI, client: MakeClient, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    app.state.gate = Gate(now=lambda: now[0])
    monkeypatch.setattr("web.quota.per_minute", {"starter": 12, "enterprise": 60}.__getitem__)
    acme, other = await client("starter"), await client("enterprise")
    answers = await asyncio.gather(*(http.get("/me/usage", headers=who(acme)) for _ in range(15)))
    assert sorted(a.status_code for a in answers) == [200] * 12 + [429] * 3
    slowed = next(a for a in answers if a.status_code == 429)
    assert (slowed.headers["RateLimit-Limit"], slowed.headers["RateLimit-Remaining"]) == ("12", "0")
    assert (slowed.json()["code"], slowed.headers["Retry-After"]) == ("rate", "5")
    free = await http.get("/me/usage", headers=who(other))
    shown = free.headers
    assert (free.status_code, shown["RateLimit-Limit"], shown["RateLimit-Remaining"]) == (200, "60", "59")
    now[0] = 5.0
    again = await http.get("/me/usage", headers=who(acme))
    # what was refused for its haste was not counted
    assert (again.status_code, again.headers["RateLimit-Remaining"]) == (200, str(10_000 - 13))


async def test_one_line_of_chat_is_not_drowned(
    app: FastAPI, client: MakeClient, http: httpx.AsyncClient, db: Database
) -> None:
    acme = await client("starter")
    async with db.tenant(acme) as session:
        await tenancy.claim_number(session, ["+13035550150"], provider="dev")
    app.state.gate = Gate(now=lambda: 0.0)
    for _ in range(599):
        app.state.gate.chat(acme)
    codes = []
    for _ in range(2):
        begun = await http.post("http://127.0.0.1:8000/api/v1/conversations", json={"to": "+13035550150"})
        codes.append(begun.status_code)
    assert codes == [201, 429]


async def test_usage_says_where_the_client_stands(
    db: Database, client: MakeClient, clock: FakeClock, http: httpx.AsyncClient
) -> None:
    acme = await client("starter")
    await spend(db, acme, clock, "voice_seconds", 90)
    await spend(db, acme, clock, "storage_bytes", 2_500_000_000)
    body = (await http.get("/me/usage", headers=who(acme, "viewer"))).json()
    limits = {one["limit"]: (one["used"], one["allowed"], one["percent"]) for one in body["limits"]}
    assert limits == {
        "api_calls": (0, 10_000, 0.0),
        "voice_minutes": (1.5, 500, 0.3),
        "storage_gb": (2.5, 5, 50.0),
        "users": (1, 1, 100.0),
        "integrations": (0, 2, 0.0),
    }
    assert (body["plan"], body["month"], body["resets_at"]) == (
        "starter",
        "2026-11-01",
        "2026-12-01T00:00:00Z",
    )


async def test_up_at_once_and_on_the_record(
    db: Database, client: MakeClient, http: httpx.AsyncClient
) -> None:
    acme = await client("starter")
    asked = await http.post("/me/plan", json={"plan": "business", "preview": True}, headers=who(acme))
    assert (asked.json()["status"], asked.json()["direction"]) == ("preview", "up")
    done = await http.post("/me/plan", json={"plan": "business"}, headers=who(acme))
    assert (done.status_code, done.json()["status"]) == (200, "changed")
    async with db.tenant(acme) as session:
        assert (await tenancy.get_tenant(session)).plan == "business"
        (entry,) = await receipts.audit_trail(session)
        assert (entry.actor, entry.action) == ("member:owner/api", "change_plan")
        assert (entry.before, entry.after) == ({"plan": "starter"}, {"plan": "business"})


async def test_a_change_sent_again_is_made_once(
    db: Database, client: MakeClient, http: httpx.AsyncClient
) -> None:
    acme = await client("starter")
    headers = {**who(acme), "Idempotency-Key": "one"}
    answers = [await http.post("/me/plan", json={"plan": "business"}, headers=headers) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200] and answers[0].json() == answers[1].json()
    async with db.tenant(acme) as session:
        assert len(await receipts.audit_trail(session)) == 1


async def test_down_names_what_does_not_fit_and_waits_until_it_does(
    db: Database, client: MakeClient, clock: FakeClock, http: httpx.AsyncClient
) -> None:
    acme = await client("professional")
    async with db.tenant(acme) as session:
        sam = await tenancy.add_member(session, name="Sam", email="sam@acme.com", role="agent")
        for kind, vendor in (("crm", "hubspot"), ("calendar", "google"), ("webhook", "https://a.example")):
            await integrations.upsert_integration(session, kind, vendor)
        await integrations.upsert_integration(session, "crm", "builtin")
    await spend(db, acme, clock, "storage_bytes", 7_200_000_000)
    await spend(db, acme, clock, "voice_seconds", 501 * 60)
    down = {"plan": "starter"}
    refused = await http.post("/me/plan", json=down, headers=who(acme))
    assert refused.status_code == 409
    assert {p["where"]: p["message"] for p in refused.json()["problems"]} == {
        "users": "Starter includes 1, you have 2 users: remove 1 of them.",
        "integrations": "Starter includes 2, you have 3 integrations: disconnect 1 of them.",
        "storage_gb": "Starter includes 5, you have 8 GB stored: delete 3 GB.",
        "voice_minutes": "Starter includes 500, "
        "you have 501 voice minutes used this month: wait for the next one.",
    }
    waits = await http.post("/me/plan", json={**down, "when": "month_end"}, headers=who(acme))
    assert (waits.status_code, waits.json()["status"]) == (200, "scheduled")
    assert waits.json()["takes_effect"] == "2026-12-01T00:00:00Z"
    assert {c["limit"] for c in waits.json()["conflicts"]} == {"users", "integrations", "storage_gb"}
    assert (await http.get("/me/usage", headers=who(acme))).json()["waiting_change"]["plan"] == "starter"
    assert await change_due(db, clock) == 0
    clock.advance(days=11)
    assert [await change_due(db, clock) for _ in range(3)] == [0, 0, 0]
    async with db.tenant(acme) as session:
        letters = await outbox.list_messages(session)
        assert [letter.to_ for letter in letters] == ["maria@acme.com"]  # once, whatever the sweeps
        assert "remove 1 of them" in letters[0].body
        await tenancy.remove_member(session, sam.id)
        row = next(r for r in await integrations.list_integrations(session) if r.kind == "webhook")
        await integrations.remove_integration(session, row.id)
    await spend(db, acme, clock, "storage_bytes", 5_000_000_000)
    assert await change_due(db, clock) == 1
    async with db.tenant(acme) as session:
        assert (await tenancy.get_tenant(session)).plan == "starter"
        assert (await receipts.audit_trail(session))[-1].after == {"plan": "starter"}
        assert await usage.waiting_change(session) is None


async def test_a_waiting_change_is_taken_back_or_overtaken(
    db: Database, client: MakeClient, clock: FakeClock, http: httpx.AsyncClient
) -> None:
    acme = await client("business")
    later = {"plan": "starter", "when": "month_end"}
    for plan in ("starter", "professional"):
        await http.post("/me/plan", json={**later, "plan": plan}, headers=who(acme))
    seen = (await http.get("/me/usage", headers=who(acme))).json()["waiting_change"]
    assert seen["plan"] == "professional"
    assert (await http.delete("/me/plan", headers=who(acme))).status_code == 204
    async with db.tenant(acme) as session:
        assert (await receipts.audit_trail(session))[-1].before == {"waiting": "professional"}
    assert (await http.delete("/me/plan", headers=who(acme))).status_code == 422
    await http.post("/me/plan", json=later, headers=who(acme))
    await http.post("/me/plan", json={"plan": "enterprise"}, headers=who(acme))
    clock.advance(days=11)
    assert await change_due(db, clock) == 0
