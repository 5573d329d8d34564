"""Who may not, does not: no key, no right, another client's things (A033, A039)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from stores.db import Database
from tests.api.conftest import Owner, People, fill
from tests.web.conftest import Desk
from web.guesses import Guesses

NOUNS = {"leads", "tickets", "integrations", "numbers", "agent", "rules", "flows", "calls", "tenants"}
ONES = ("lead_id", "task_id", "ticket_id", "integration_id", "number_id", "call")


def guarded(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(method, path, tag) of every operation that asks who is there."""
    for path, verbs in document["paths"].items():
        for verb, one in verbs.items():
            if one.get("security"):
                yield verb.upper(), path, one["tags"][0]


def filled(path: str, ids: dict[str, str], tenant: str) -> str:
    return re.sub(r"{(\w+)}", lambda m: ids.get(m[1], tenant if m[1] == "tenant" else "1"), path)


async def test_nobody_gets_in_without_a_key(
    desk: Desk, db: Database, tenant_id: UUID, document: dict[str, Any]
) -> None:
    ids = await fill(db, tenant_id, "+13035550177")
    count = 0
    desk.app.state.guesses = Guesses(1e6)  # so many wrong keys at once would be refused as guesses
    for method, path, _ in guarded(document):
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            answer = await desk.http.request(method, filled(path, ids, "acme-real-estate"), headers=headers)
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["x-request-id"] == answer.json()["request_id"]
        count += 1
    assert count > 50


async def test_another_client_is_nobody(
    owner: Owner, db: Database, tenant_id: UUID, other_id: UUID, document: dict[str, Any]
) -> None:
    ids = await fill(db, tenant_id, "+13035550177")
    for method, path, _ in guarded(document):
        if "{tenant}" in path:
            for name in ("other-homes", str(other_id)):
                answer = await owner.desk.http.request(method, filled(path, ids, name), headers=owner.headers)
                # 422 only where the request's own shape is wrong, which says nothing about the client
                assert answer.status_code == 404, f"{method} {path}: {answer.status_code} {answer.text}"


async def test_another_clients_things_are_not_there(
    owner: Owner, db: Database, tenant_id: UUID, other_id: UUID, document: dict[str, Any]
) -> None:
    mine = await fill(db, tenant_id, "+13035550177")
    theirs = await fill(db, other_id, "+13035550178")
    bodies = {"tasks/": {"status": "done"}, "/replies": {"body": "x"}, "/tasks": {"title": "x"}}
    tried = 0
    for method, path, tag in guarded(document):
        if tag not in NOUNS or "{tenant}" not in path or not any(f"{{{one}}}" in path for one in ONES):
            continue
        body = next((b for part, b in bodies.items() if part in path), {})
        address = filled(path, mine | {one: theirs[one] for one in ONES}, "me")
        sent = owner.headers | {"If-Match": "*"}
        answer = await owner.desk.http.request(method, address, headers=sent, json=body)
        assert answer.status_code == 404, f"{method} {path}: {answer.status_code} {answer.text}"
        tried += 1
    assert tried >= 15


async def test_a_viewer_reads_and_writes_nothing(
    desk: Desk, people: People, tenant_id: UUID, db: Database, document: dict[str, Any]
) -> None:
    ids = await fill(db, tenant_id, "+13035550177")
    headers = people.add("a-viewers-own-key", tenant_id, "viewer")
    for method, path, tag in guarded(document):
        if tag not in NOUNS or not path.startswith("/api/v1/tenants/{tenant}"):
            continue
        answer = await desk.http.request(method, filled(path, ids, "me"), headers=headers, json={})
        if method == "GET" or path.endswith("/lint"):
            assert answer.status_code in (200, 404, 422), f"{method} {path}"
        else:
            assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"


async def test_lists_of_the_platform_are_the_platforms(owner: Owner) -> None:
    for path in ("/api/v1/tenants", "/api/v1/calls/CA1"):
        answer = await owner.desk.http.get(path, headers=owner.headers)
        assert answer.status_code == 403
