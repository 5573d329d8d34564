"""The operator's doors: what was set up can be read, by the operator and nobody else."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.clock import SystemClock
from core.ids import new_id
from stores import calls, conversations, integrations, leads, support
from stores.db import Database, Session
from tests.web.conftest import Desk


async def talk(session: Session) -> UUID:
    row = await conversations.create(session, channel="voice", flow="lead", flow_version=1)
    return row.id


DOORS = ("", "/leads", "/integrations", "/tickets")


async def test_a_registered_brokerage_can_be_read_by_id_and_slug(desk: Desk) -> None:
    tenant = (await desk.look(await desk.register()))["tenant_id"]
    listed = await desk.read("/tenants")
    assert [t["slug"] for t in listed["items"]] == ["acme-realty"], "the house is no tenant"
    by_id, by_slug = await desk.read(f"/tenants/{tenant}"), await desk.read("/tenants/acme-realty")
    assert by_id == by_slug == listed["items"][0]
    assert (by_id["status"], by_id["plan"], len(by_id["numbers"])) == ("onboarding", "professional", 1)
    assert by_id["members"][0]["email"] == "maria@acmerealty.com"
    assert by_id["agent"] is None, "is set up in the next step"


async def test_a_tenants_rows_are_its_own(desk: Desk, db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        conversation = await talk(session)
        await leads.upsert_lead(
            session, conversation, intent="buyer", name="Lee Ray", areas=["Aurora"], beds=3, price_max=500_000
        )
        await leads.upsert_lead(session, await talk(session), intent="seller", name="Test", test=True)
        await integrations.upsert_integration(session, "crm", "hubspot", state="pending_link")
        ticket = await support.open_ticket(
            session, category="technical", priority="low", subject="No sound", body="...", channel="voice"
        )
        call = await calls.start_call(
            session, now=SystemClock().now(), sid="CA1", to="+13035550177", conversation_id=conversation
        )
        now = SystemClock().now()
        said = {"role": "caller", "text": "Hi", "channel": "voice", "started_at": now}
        await conversations.append(
            session, conversation, turns=[said | {"latency": {"total_ms": 512.0}}], at=now
        )
    path = "/tenants/acme-real-estate"
    (lead,) = (await desk.read(f"{path}/leads"))["items"]
    assert (lead["intent"], lead["areas"], lead["beds"], lead["price_max"]) == (
        "buyer",
        ["Aurora"],
        3,
        500_000,
    )
    for name in (
        *("baths", "price_min", "timeline", "features", "financing", "represented", "name", "phones"),
        *("emails", "property_address", "appointment", "score", "summary"),
    ):
        assert name in lead
    assert (await desk.read(f"{path}/leads?intent=seller"))["items"] == []
    assert [r["vendor"] for r in (await desk.read(f"{path}/integrations"))["items"]] == ["hubspot"]
    assert [r["id"] for r in (await desk.read(f"{path}/tickets"))["items"]] == [str(ticket.id)]
    seen = await desk.read(f"/calls/{call.id}")
    assert (seen["sid"], seen["to"]) == ("CA1", "+13035550177")
    assert seen["turns"][0]["latency"]["total_ms"] == 512.0

    other = (await desk.look(await desk.register()))["tenant_id"]
    for door in ("leads", "tickets"):
        assert (await desk.read(f"/tenants/{other}/{door}"))["items"] == []


async def test_pages_of_a_list_meet_without_a_gap(desk: Desk, db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        for n in range(5):
            await leads.upsert_lead(session, await talk(session), intent="buyer", name=f"Lead {n}")
    names, cursor = [], ""
    while True:
        page = await desk.read(f"/tenants/acme-real-estate/leads?limit=2{cursor}")
        names += [lead["name"] for lead in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&after={page['next']}"
    assert names == [f"Lead {n}" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("door", DOORS)
async def test_who_is_not_there_is_not_found(desk: Desk, door: str) -> None:
    for who in (str(new_id()), "no-such-slug", "%00", "'; drop table tenants; --"):
        answer = await desk.http.get(f"/api/v1/tenants/{who}{door}", headers=desk.key)
        assert answer.status_code == 404, who
        assert answer.headers["content-type"] == "application/problem+json"


async def test_calls_are_found_by_id_or_not_at_all(desk: Desk) -> None:
    assert (await desk.http.get(f"/api/v1/calls/{new_id()}", headers=desk.key)).status_code == 404


async def test_a_limit_has_limits(desk: Desk) -> None:
    for query in ("limit=0", "limit=500", "limit=x", "after=7"):
        answer = await desk.http.get(f"/api/v1/tenants?{query}", headers=desk.key)
        assert answer.status_code == 422, query
        assert answer.json()["problems"][0]["where"] == f"query.{query.split('=')[0]}"


@pytest.mark.parametrize(
    "given", [None, "Bearer wrong", "Bearer ", "Basic dXNlcjpwYXNz", "the-operators-own-key", "Bearer \xe4"]
)
async def test_no_door_opens_without_the_key(desk: Desk, given: str | None) -> None:
    headers = {"Authorization": given.encode("latin-1")} if given is not None else {}
    for path in ("/tenants", *(f"/tenants/acme{door}" for door in DOORS), f"/calls/{new_id()}"):
        answer = await desk.http.get(f"/api/v1{path}", headers=headers)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == "Bearer"
