"""Every route, every role, at home and abroad: who gets in is what rights.yaml says (A033, A038, A039)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI

from core.ids import SCRATCH_TENANTS
from stores import tenancy
from stores.cluster import Cluster
from stores.db import Database
from tests.stores.furnish import furnish
from tests.web.conftest import MakeDesk
from tests.web.test_routes import whole
from web import self_check
from web.access import PUBLIC_PATHS
from web.doors import Caller, Door, doors, knock
from web.identity import identify
from web.self_check import check_security
from web.self_check_scene import scene

ROW_OF = {
    "user_id": "members",
    "key_id": "api_keys",
    "number_id": "phone_numbers",
    "call": "calls",
    "lead_id": "leads",
    "task_id": "tasks",
    "integration_id": "integrations",
    "ticket_id": "tickets",
    "webhook_id": "webhook_endpoints",
    "callback_id": "callbacks",
}
"""A path's parameter -> the table whose row it names."""


def operations(app: FastAPI) -> Iterator[Door]:
    return (door for door in doors(app) if door.method != "WS")


@pytest.fixture
def app(make_desk: MakeDesk) -> FastAPI:
    return whole(make_desk("203.0.113.9"))


async def test_every_route_says_whom_it_lets_in(app: FastAPI) -> None:
    every = list(doors(app))
    assert [str(d) for d in every if d.asks == "nothing"] == []
    assert [str(d) for d in every if d.method == "WS" and d.path not in PUBLIC_PATHS] == []
    for door in every:
        if "{tenant}" in door.path:
            assert door.asks == "tenant", f"{door}: a tenant's route asks with May"
    assert {d.asks for d in every} >= {"public", "tenant", "platform", "person"}
    assert len(every) > 100


@pytest.mark.timeout(600)  # hundreds of requests: seconds, on a machine of its own
async def test_the_self_check_finds_nothing_wrong_and_leaves_nothing(
    app: FastAPI, db: Database, fresh: Cluster, tenant_id: UUID
) -> None:
    """The matrix: 9 callers, every route of their own and of another tenant, and nobody."""
    await furnish(db, tenant_id, "+13035550111")
    admin = await asyncpg.connect(
        fresh.admin.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    before = await snapshot(admin, tenant_id)
    report = await check_security(app, tenant_id=tenant_id)
    failures = {check.name: list(check.failures) for check in report.checks if not check.passed}
    assert report.passed, json.dumps(failures, indent=1)
    tried = {check.name: check.tried for check in report.checks}
    routes = sum(1 for _ in operations(app))
    assert tried["authorization"] > 4 * routes and tried["authentication"] > routes
    assert tried["cross_tenant_access"] > 5 * sum(1 for d in operations(app) if "{tenant}" in d.path)
    assert json.loads(json.dumps(report.as_dict()))["passed"] is True
    assert await snapshot(admin, tenant_id) == before, "a client's rows were touched"
    for table in ("members", "api_keys", "sign_ins", "credentials", "secrets", "data_keys"):
        left = await admin.fetchval(
            f"select count(*) from {table} where tenant_id = any($1)", list(SCRATCH_TENANTS)
        )
        assert left == 0, table
    await admin.close()
    async with db.platform("a test lists tenants") as session:
        assert [t.id for t in await tenancy.list_tenants(session)] == [tenant_id]


async def test_several_self_checks_at_once_do_not_meet(app: FastAPI, tenant_id: UUID) -> None:
    reports = await asyncio.gather(*(check_security(app, tenant_id=tenant_id, quick=True) for _ in range(3)))
    assert all(report.passed for report in reports), [report.as_dict() for report in reports]


async def test_the_self_check_sees_a_hole(
    app: FastAPI, tenant_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    @app.get("/api/v1/open-by-accident")
    async def open_by_accident() -> dict[str, str]:
        return {}

    from web.access import May

    found = await check_security(app, tenant_id=tenant_id, quick=True)
    holes = next(c for c in found.checks if c.name == "authentication")
    assert any("open-by-accident asks nobody" in words for words in holes.failures)
    assert any("open-by-accident answers 200" in words for words in holes.failures)

    async def anybody(self: May, name: str, *_: Any) -> UUID:
        return UUID(name)

    monkeypatch.setattr(May, "_tenant", anybody)
    found = await check_security(app, tenant_id=tenant_id, quick=True)
    abroad = next(c for c in found.checks if c.name == "cross_tenant_access")
    assert not abroad.passed and "owner in another tenant" in abroad.failures[0]


@pytest.mark.timeout(600)  # hundreds of requests: seconds, on a machine of its own
async def test_what_a_role_may_do_it_can(app: FastAPI, tenant_id: UUID) -> None:
    """Writing, too: nobody who has the right is turned away. (An empty body is then often refused: 422.)"""
    async with scene(app) as here:
        for caller in here.callers:
            for door in operations(app):
                if door.asks != "tenant" or not door.changes or not door.lets_in(caller.principal):
                    continue
                # whoever they are by their credentials: a route may end the session it came with
                app.state.identify = fixed(caller)
                answer = await knock(app, door.method, door.at(str(here.own)), {}, wait=5.0)
                # a closed account, or somebody above: refused, but not at the door
                at_the_door = answer.status == 401 or b'"code":"forbidden"' in answer.body
                assert not at_the_door, f"{caller.name}: {door} answers {answer.status} {answer.body!r}"
        app.state.identify = identify


def fixed(caller: Caller) -> Any:
    async def known(_: Any) -> Any:
        return caller.principal

    return known


async def test_another_tenants_rows_are_not_found_under_ones_own_name(
    app: FastAPI, db: Database, fresh: Cluster, tenant_id: UUID
) -> None:
    """The id in the path is another's: with every right at home it is still nothing, and stays as it is."""
    await furnish(db, tenant_id, "+13035550111")
    admin = await asyncpg.connect(
        fresh.admin.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    ids = {
        name: str(await admin.fetchval(f"select id from {table} where tenant_id = $1 limit 1", tenant_id))
        for name, table in ROW_OF.items()
    }
    before = await snapshot(admin, tenant_id)
    tried = 0
    async with scene(app) as here:
        owner = here.by_name("owner")
        for door in operations(app):
            named = [name for name in ids if "{" + name + "}" in door.path]
            if door.asks != "tenant" or not named or not door.lets_in(owner.principal):
                continue
            answer = await knock(app, door.method, door.at("me", ids), {**owner.headers, "if-match": "*"})
            seen = (404,) if not door.changes else (404, 422)  # 422: an empty body, before the row is sought
            assert answer.status in seen, f"{door} answers {answer.status} {answer.body!r}"
            tried += 1
    assert tried > 20
    assert await snapshot(admin, tenant_id) == before
    await admin.close()


async def snapshot(admin: Any, tenant_id: UUID) -> dict[str, list[str]]:
    """Every row of a tenant, as the superuser sees it."""
    tables = await admin.fetch(
        "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " and a.attname = 'tenant_id' where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace"
    )
    return {
        t[0]: [
            r[0]
            for r in await admin.fetch(
                f"select x::text from {t[0]} x where tenant_id = $1 order by 1", tenant_id
            )
        ]
        for t in tables
    }


def test_a_report_reads_well() -> None:
    from datetime import UTC, datetime

    checks = [
        self_check.Check("key_management", 8, (), 0.04),
        self_check.Check("authentication", 2, ("x: 200",), 1),
    ]
    report = self_check.Report(datetime(2026, 11, 23, tzinfo=UTC), None, checks)
    assert not report.passed
    assert self_check.as_text(report.as_dict()) == (
        "✓ key management: 8 tried in 0.0 s\n✗ authentication: 2 tried in 1.0 s\n    x: 200"
    )
    assert not self_check.Check("nothing", 0, (), 0).passed, "a check that tried nothing proves nothing"
