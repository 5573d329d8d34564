"""Provisioning from the request to the four checks, and what goes wrong on the way (A015-A022, A037)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.errors import Conflict
from jobs.catalogue import CATALOGUE
from jobs.engine import Engine
from stores import provisioning as runs
from stores import tenancy
from stores.cluster import Cluster
from stores.db import Database, open_database
from tests.jobs.conftest import ACME, Yard
from tests.jobs.worker import engine_of, rehearsed
from tests.web.conftest import KEY, Desk, settings_for
from tools import provisioning
from tools.base import Work
from tools.runs import CHECKS

DOCUMENT: dict[str, Any] = {
    "organization_name": "Acme Real Estate",
    "admin_email": "admin@acmerealestate.com",
    "subscription_tier": "professional",
    "initial_users": 5,
    "integration_requirements": ["salesforce", "hubspot"],
    "voice_preferences": {"language": "en", "voice_profile": "professional_female"},
}
"""The example of the product document, as printed."""
AUTH = {"Authorization": f"Bearer {KEY}"}


@asynccontextmanager
async def at_work(engine: Engine) -> AsyncIterator[Engine]:
    assert await engine.open()
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def worker_of(
    desk: Desk, cluster: Cluster, folder: Path, *, real: bool = False
) -> AsyncIterator[Engine]:
    """A worker that wakes up when this desk's application asks for something.

    ``real``: exactly as the service makes it, its test conversations included.
    """
    from service.parts import make_worker

    url = cluster.admin.render_as_string(hide_password=False)
    engine = engine_of({"data_dir": str(folder), "url": url})
    if real:
        engine = make_worker(settings_for(folder, database_url=url), cluster)
    async with at_work(engine):
        desk.app.state.parts.ports.jobs._on_nudge = engine.nudge
        yield engine


async def send(desk: Desk, body: Mapping[str, Any] = DOCUMENT, **headers: str) -> Any:
    return await desk.http.post("/api/v1/admin/tenants/provision", json=body, headers=AUTH | headers)


async def followed(desk: Desk, where: str, *, seconds: float = 120) -> dict[str, Any]:
    """The run, once it has come to an end."""
    async with asyncio.timeout(seconds):
        while True:
            run = (await desk.http.get(where, headers=AUTH)).json()
            if run["state"] in (*runs.OVER, "waiting"):
                return run
            await asyncio.sleep(0.05)


async def test_the_documents_example_as_printed(desk: Desk, fresh: Cluster, tmp_path: Path) -> None:
    async with worker_of(desk, fresh, tmp_path, real=True):
        began = time.monotonic()
        answer = await send(desk)
        assert answer.status_code == 201, answer.text
        reply = answer.json()
        run = await followed(desk, answer.headers["location"])
        took = time.monotonic() - began
    assert set(reply) == {
        "tenant_id",
        "organization_slug",
        "admin_credentials",
        "onboarding_url",
        "estimated_setup_time",
        "support_contact",
    }
    assert set(reply["admin_credentials"]) == {"username", "temporary_password", "setup_token"}
    assert reply["organization_slug"] == "acme-real-estate"
    assert reply["admin_credentials"]["username"] == "admin@acmerealestate.com"
    assert reply["onboarding_url"].endswith("/onboard/acme-real-estate")
    assert (reply["estimated_setup_time"], reply["support_contact"]) == (
        "45 minutes",
        "success@seiketsu.ai",
    )
    assert answer.headers["cache-control"] == "no-store"
    assert run["state"] == "done", run
    assert [s["state"] for s in run["steps"]] == ["done"] * 4
    assert {name: found["ok"] for name, found in run["checks"].items()} == dict.fromkeys(CHECKS, True)
    assert run["checks"]["isolation"]["tables"] > 30 and run["checks"]["conversation"]["placed"] >= 5
    assert 0 < run["checks"]["latency"]["p50_ms"] <= run["checks"]["latency"]["p95_ms"]
    # the client has not agreed to anything yet, so the agent is not live
    assert run["tenant_status"] == "onboarding"
    assert {"terms", "fair_housing", "email_verified"} <= {left["gate"] for left in run["left_to_do"]}
    # 2 s on an idle machine of two cores, and the wish is 5; this machine may be anything but idle
    assert took < 120, f"{took:.1f} s"
    # the password opens the account, to nothing but choosing another one
    signed = await desk.http.post(
        "/api/v1/session",
        json={
            "username": reply["admin_credentials"]["username"],
            "password": reply["admin_credentials"]["temporary_password"],
        },
    )
    assert signed.status_code in (200, 201), signed.text


async def test_nothing_of_the_secrets_and_the_person_is_in_the_engine(
    desk: Desk, fresh: Cluster, tmp_path: Path
) -> None:
    import asyncpg

    async with worker_of(desk, fresh, tmp_path):
        answer = await send(desk)
        await followed(desk, answer.headers["location"])
    admin = await asyncpg.connect(fresh.admin.render_as_string(hide_password=False))
    tables = await admin.fetch("select tablename from pg_tables where schemaname = 'dbos'")
    assert len(tables) > 3
    kept = ""
    for row in tables:
        kept += "".join(r[0] for r in await admin.fetch(f"select x::text from dbos.{row['tablename']} x"))
    stored = await admin.fetchval("select string_agg(x::text, ' ') from provisionings x")
    await admin.close()
    secrets = answer.json()["admin_credentials"]
    assert answer.json()["tenant_id"] in kept and "portable_json" in kept and "py_pickle" not in kept
    for secret in ("acmerealestate.com", secrets["temporary_password"], secrets["setup_token"]):
        assert secret not in kept
    assert secrets["temporary_password"] not in stored and secrets["setup_token"] not in stored


async def test_the_engines_role_sees_nothing_of_ours_and_ours_nothing_of_the_engines(fresh: Cluster) -> None:
    import asyncpg

    for role, tables in (("app_jobs", ("tenants", "leads", "provisionings")), ("app_rw", ("dbos",))):
        url = fresh.url(role).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(url)
        for table in tables:
            act = "create table dbos.x (a int)" if table == "dbos" else f"select * from {table}"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(act)
        await connection.close()


async def test_a_request_sent_again_is_the_same_request(desk: Desk) -> None:
    answers = await asyncio.gather(*(send(desk, **{"Idempotency-Key": "one"}) for _ in range(6)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1
    other = await send(desk, DOCUMENT | {"initial_users": 4}, **{"Idempotency-Key": "one"})
    assert other.status_code == 422 and other.json()["code"] == "idempotency_key_reused"
    second = await send(desk, **{"Idempotency-Key": "two"})
    assert second.json()["organization_slug"] == "acme-real-estate-2"
    listed = (await desk.http.get("/api/v1/admin/provisionings", headers=AUTH)).json()
    assert len(listed["items"]) == 2 and {one["state"] for one in listed["items"]} == {"queued"}


async def test_what_was_done_but_never_answered_is_answered_with_fresh_credentials(yard: Yard) -> None:
    first = await yard.order(key="k")
    with pytest.raises(Conflict):
        await yard.order(key="k")
    async with yard.db.platform("a test looks") as session:
        found = await runs.by_key(session, "k")
    assert found is not None
    again = await provisioning.again(yard.work(), found, body_hash="b", actor="operator")
    assert (again.tenant_id, again.run_id) == (first.tenant_id, first.run_id)
    assert again.credentials is not None and first.credentials is not None
    assert again.credentials.temporary_password != first.credentials.temporary_password
    with pytest.raises(Conflict):
        await provisioning.again(yard.work(), found, body_hash="other", actor="operator")
    async with yard.db.tenant(first.tenant_id) as session:
        assert len(await tenancy.members(session)) == 1


@pytest.mark.parametrize(
    ("change", "wheres"),
    [
        ({"admin_email": None}, {"admin_email"}),
        ({"subscription_tier": "gold", "typo": 1}, {"subscription_tier", "typo"}),
        ({"initial_users": 6}, {"initial_users"}),
        (
            {
                "organization_name": "",
                "subscription_tier": "gold",
                "integration_requirements": ["salesforce", "sap"],
                "voice_preferences": {"language": "fr", "voice_profile": "robot"},
            },
            {
                "organization_name",
                "subscription_tier",
                "integration_requirements.1",
                "voice_preferences.language",
                "voice_preferences.voice_profile",
            },
        ),
        (
            {
                "subscription_tier": "starter",
                "initial_users": 2,
                "integration_requirements": ["zoho", "lofty", "boomtown"],
            },
            {"initial_users", "integration_requirements"},
        ),
    ],
)
async def test_all_that_is_wrong_is_said_at_once_and_nothing_is_made(
    desk: Desk, db: Database, change: dict[str, Any], wheres: set[str]
) -> None:
    body = {k: v for k, v in (DOCUMENT | change).items() if v is not None}
    answer = await send(desk, body)
    assert answer.status_code == 422
    assert {p["where"] for p in answer.json()["problems"]} == wheres
    assert all(p["message"] and p["next_step"] for p in answer.json()["problems"])
    async with db.platform("a test looks") as session:
        assert await tenancy.list_tenants(session) == []


async def test_progress_is_told_as_it_happens_and_from_where_a_reader_left(
    desk: Desk, fresh: Cluster, tmp_path: Path
) -> None:
    where = (await send(desk)).headers["location"]
    told: list[str] = []

    async def listen() -> None:
        answer = await desk.http.get(f"{where}/events", headers=AUTH)
        told.extend(line for line in answer.text.splitlines() if line)

    listening = asyncio.create_task(listen())
    async with worker_of(desk, fresh, tmp_path):
        await asyncio.wait_for(listening, 120)
    kinds = [line.removeprefix("event: ") for line in told if line.startswith("event: ")]
    assert kinds[0] == "queued" and kinds[-2:] == ["done", "end"]
    assert kinds.count("step_done") == 4 and kinds.count("step_started") == 3
    rest = (await desk.http.get(f"{where}/events", headers=AUTH | {"Last-Event-ID": "5"})).text
    ids = [int(line.removeprefix("id: ")) for line in rest.splitlines() if line.startswith("id: ")]
    assert ids == list(range(6, 6 + len(ids))) and len(ids) == len(kinds) - 1 - 5


@pytest.mark.slow
async def test_forty_at_once_without_a_duplicate_or_a_leak(yard: Yard) -> None:
    async with at_work(engine_of(yard.order_of())) as engine:
        done = await asyncio.gather(*(yard.order() for _ in range(40)))
        engine.nudge()
        assert {await yard.until(one, "done", "failed", seconds=120) for one in done} == {"done"}
        made = [await yard.made(one.tenant_id) for one in done]
        async with yard.db.platform("a test looks") as session:
            requests = await runs.page(session, limit=200)
    assert len({one.slug for one in done}) == len({one.tenant_id for one in done}) == 40
    assert all(one["keys"] == [True] and len(one["lines"]) == len(one["accounts"]) == 1 for one in made)
    assert len({one["lines"][0] for one in made}) == len({one["accounts"][0] for one in made}) == 40
    assert sorted(one["lines"][0] for one in made) == made[0]["bought"]
    assert len(yard.exchange.open_accounts()) == 40 and len(requests) == 40


@pytest.mark.slow
async def test_postgres_dies_in_the_middle_and_the_work_goes_on(tmp_path: Path) -> None:
    import os
    import signal

    from service.parts import make_parts
    from stores.vault import open_vault

    db = await open_database(tmp_path, fsync=False)
    settings = settings_for(tmp_path)
    dying: list[int] = []
    assert db._embedded is not None

    async def rehearse(tenant_id: UUID) -> list[Mapping[str, Any]]:
        pid = db._embedded.pid if db._embedded else None
        if not dying and pid is not None:
            dying.append(pid)
            os.kill(pid, signal.SIGKILL)
        return await rehearsed(tenant_id)

    def make_work(own: Database) -> Work:
        parts = make_parts(settings, own)
        ports = replace(parts.ports, rehearse=rehearse)
        return Work(own, ports, parts.clock, open_vault(settings))

    try:
        async with at_work(Engine(db.cluster, make_work, CATALOGUE)) as engine:
            work = replace(make_work(db), db=db)
            done = await provisioning.order(work, ACME, key=None, body_hash="b", actor="operator")
            engine.nudge()
            async with asyncio.timeout(90):
                while True:
                    async with db.tenant(done.tenant_id) as session:
                        state = (await runs.run_of(session, done.run_id)).state
                    if state in runs.OVER:
                        break
                    await asyncio.sleep(0.1)
        assert dying and state == "done"
    finally:
        await db.close()


async def test_a_chat_that_registers_sets_the_same_going(desk: Desk, fresh: Cluster, tmp_path: Path) -> None:
    async with worker_of(desk, fresh, tmp_path):
        await desk.register()
        listed = (await desk.http.get("/api/v1/admin/provisionings", headers=AUTH)).json()["items"]
        run = await followed(desk, f"/api/v1/admin/provisionings/{listed[0]['id']}")
    assert (run["source"], run["state"], run["tenant_status"]) == ("conversation", "waiting", "onboarding")
    assert [s["state"] for s in run["steps"]] == ["done"] * 4
    assert run["checks"]["isolation"]["ok"] is True and run["checks"]["conversation"]["ok"] is None
