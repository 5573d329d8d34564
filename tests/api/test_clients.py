"""What is made from the document is up to date and works: the client and the collection (B009, B017)."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from clients.generate import CLIENT, COLLECTION, collection_text, make_client
from tests.api.conftest import OTHER, OWNER, Owner, Service, fill

FRESH = "run: make client"


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_client_and_the_collection_are_those_of_the_document(
    tmp_path: Path, document: dict[str, Any]
) -> None:
    described = document
    assert COLLECTION.read_text(encoding="utf-8") == collection_text(described), FRESH
    words = make_client(described, tmp_path / "python")
    assert "WARNING" not in words and "ERROR" not in words, words
    made, kept = files(tmp_path / "python"), files(CLIENT)
    assert made.keys() == kept.keys(), FRESH
    changed = [name for name in made if made[name] != kept[name]]
    assert not changed, f"{FRESH} ({', '.join(changed[:5])})"


@pytest.fixture
def client_package(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(CLIENT))
    import seiketsu_client

    yield seiketsu_client
    for name in [n for n in sys.modules if n.startswith("seiketsu_client")]:
        del sys.modules[name]


async def test_the_client_does_what_it_says(service: Service, client_package: Any) -> None:
    await asyncio.to_thread(_work_with_the_client, service)


def _work_with_the_client(service: Service) -> None:
    from seiketsu_client import AuthenticatedClient
    from seiketsu_client.api.leads import change_lead, create_lead, get_lead, list_leads
    from seiketsu_client.api.tenants import get_tenant
    from seiketsu_client.models import Lead, LeadChange, LeadNew, LeadPage, Problem, Tenant

    with AuthenticatedClient(base_url=service.url, token=OWNER) as client:
        tenant = get_tenant.sync("me", client=client)
        assert isinstance(tenant, Tenant) and tenant.slug == "acme-real-estate"
        made = create_lead.sync(
            "me",
            client=client,
            body=LeadNew(intent="buyer", name="Ann", phones=["+13035550101"]),
            idempotency_key="once",
        )
        assert isinstance(made, Lead) and made.name == "Ann"
        seen: list[str] = []
        after: Any = None
        while True:
            more = {} if after is None else {"after": after}
            page = list_leads.sync("me", client=client, limit=1, **more)
            assert isinstance(page, LeadPage)
            seen += [str(lead.name) for lead in page.items]
            after = page.next_
            if after is None:
                break
        assert seen == ["Ann", "Lee Ray"]
        read = get_lead.sync_detailed("me", made.id, client=client)
        tag = read.headers["etag"]
        done = change_lead.sync("me", made.id, client=client, body=LeadChange(beds=3), if_match=tag)
        assert isinstance(done, Lead) and (done.beds, done.name) == (3, "Ann"), "what is not sent stays"
        stale = change_lead.sync("me", made.id, client=client, body=LeadChange(beds=4), if_match=tag)
        assert isinstance(stale, Problem) and stale.code == "stale"
    with AuthenticatedClient(base_url=service.url, token=OTHER) as client:
        nobody = get_lead.sync("me", made.id, client=client)
        assert isinstance(nobody, Problem) and nobody.code == "not_found"


async def test_every_request_of_the_collection_can_be_sent(owner: Owner, db: Any, tenant_id: Any) -> None:
    """As Postman sends it: what is asked is understood by a route, and nothing breaks."""
    ids = await fill(db, tenant_id, "+13035550177")
    kept = json.loads(COLLECTION.read_text(encoding="utf-8"))
    variables = {one["key"]: one["value"] for one in kept["variable"]}
    assert kept["info"]["schema"].endswith("v2.1.0/collection.json")
    requests = [one["request"] for folder in kept["item"] for one in folder["item"]]
    assert len(requests) > 50
    worked = 0
    for request in requests:
        url = request["url"]
        values = {one["key"]: one["value"] for one in url["variable"]}
        values |= {"tenant": variables["tenant"]} | ids
        path = re.sub(r":(\w+)", lambda m, v=values: v[m[1]], "/" + "/".join(url["path"]))
        assert "{" not in path, path
        if not path.startswith("/api/v1/tenants/me") or path.endswith("/events"):
            continue
        headers = owner.headers | {
            h["key"]: h["value"].replace("{{$guid}}", "one") for h in request["header"]
        }
        answer = await owner.desk.http.request(
            request["method"], path, headers=headers, content=request.get("body", {}).get("raw")
        )
        assert answer.status_code not in (401, 405, 415) and answer.status_code < 500, (
            f"{path}: {answer.text}"
        )
        worked += answer.status_code < 300
    assert worked > 25
