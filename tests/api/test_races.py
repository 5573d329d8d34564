"""Two at once: nobody's change is lost, nothing is done twice, and the proof of it is there (A035)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.clock import FakeClock
from stores import leads, receipts, tenancy
from stores.db import Database
from stores.idempotency import LEASE
from tests.api.conftest import Owner, fill

LEAD = {"intent": "buyer", "name": "Lee Ray", "phones": ["+13035550142"]}


async def test_the_same_is_not_sent_twice(owner: Owner) -> None:
    lead = await owner.made("/leads", LEAD)
    for path in (f"/leads/{lead['id']}", "/leads", "/flows", "/audit", ""):
        first = await owner.get(path)
        tag = first.headers["etag"]
        same = await owner.get(path, If_None_Match=f'"other", W/{tag}')
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag), path
        assert (await owner.get(path, If_None_Match='"other"')).status_code == 200
    await owner.patch(f"/leads/{lead['id']}", {"beds": 3})
    assert (await owner.get(f"/leads/{lead['id']}", If_None_Match=tag)).status_code == 200


CHANGES = {
    "/leads/{lead_id}": {"beds": 4},
    "/tasks/{task_id}": {"status": "done"},
    "/tickets/{ticket_id}": {"priority": "high"},
    "/integrations/{integration_id}": {"config": {"note": "call them"}},
    "/agent": {"persona_name": "Sam"},
    "": {"website": "https://acme.example"},
}


async def test_a_change_says_what_it_has_seen(owner: Owner, db: Database, tenant_id: UUID) -> None:
    ids = await fill(db, tenant_id, "+13035550177")
    for template, body in CHANGES.items():
        path = template.format(**ids)
        tag = (await owner.get(path)).headers["etag"]
        needed = await owner.patch(path, body, match=None)
        assert (needed.status_code, needed.json()["code"]) == (428, "if_match_needed"), path
        wrong = await owner.patch(path, body, match='"other"')
        assert (wrong.status_code, wrong.json()["code"]) == (412, "stale"), path
        assert (await owner.get(path)).headers["etag"] == tag, "a refused change changes nothing"
        done = await owner.patch(path, body, match=tag)
        assert done.status_code == 200, done.text
        assert done.headers["etag"] == (await owner.get(path)).headers["etag"] != tag


async def test_of_many_who_saw_the_same_one_wins(owner: Owner, db: Database, tenant_id: UUID) -> None:
    ids = await fill(db, tenant_id, "+13035550177")
    fields = {
        "/leads/{lead_id}": "name",
        "/agent": "closing",
        "/tickets/{ticket_id}": "subject",
        "": "address",
    }
    for template, field in fields.items():
        path = template.format(**ids)
        tag = (await owner.get(path)).headers["etag"]
        rivals = (owner.patch(path, {field: f"Number {n}"}, match=tag) for n in range(5))
        answers = await asyncio.gather(*rivals)
        assert sorted(a.status_code for a in answers) == [200] + [412] * 4, path
        (won,) = [a.json()[field] for a in answers if a.status_code == 200]
        assert (await owner.get(path)).json()[field] == won


async def test_a_write_sent_again_is_done_once_and_proved_once(
    owner: Owner, db: Database, tenant_id: UUID
) -> None:
    answers = await asyncio.gather(*(owner.post("/leads", LEAD, Idempotency_Key="k1") for _ in range(5)))
    assert {a.status_code for a in answers} == {201} and len({a.json()["id"] for a in answers}) == 1
    async with db.tenant(tenant_id) as session:
        assert len((await leads.list_leads(session))[0]) == 1
        (entry,) = await receipts.audit_trail(session)
        assert (entry.action, entry.actor.split(":")[0], entry.actor.split("/")[1]) == (
            "add_lead", "member", "api",
        )  # fmt: skip


async def test_a_process_that_died_after_the_write_does_not_write_again(
    owner: Owner, db: Database, tenant_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reply was never kept, as if the process had been killed between the two; the receipt is found."""

    async def forgotten(*_: Any, **__: Any) -> bool:
        return False

    monkeypatch.setattr("stores.idempotency.finish", forgotten)
    first = await owner.post("/leads", LEAD, Idempotency_Key="k1")
    monkeypatch.undo()
    monkeypatch.setattr("web.idempotency.PATIENCE", 0.05)
    assert (await owner.post("/leads", LEAD, Idempotency_Key="k1")).status_code == 409, "its lease still runs"
    parts = owner.desk.app.state.parts
    owner.desk.app.state.parts = replace(parts, clock=FakeClock(parts.clock.now() + LEASE))
    again = await owner.post("/leads", LEAD, Idempotency_Key="k1")
    assert again.status_code == 201 and again.json()["id"] == first.json()["id"]
    async with db.tenant(tenant_id) as session:
        assert len((await leads.list_leads(session))[0]) == 1


async def test_every_write_leaves_who_before_and_after(owner: Owner, db: Database, tenant_id: UUID) -> None:
    ids = await fill(db, tenant_id, "+13035550177")
    lead = await owner.made("/leads", LEAD)
    await owner.patch(f"/leads/{lead['id']}", {"beds": 3})
    await owner.post(f"/leads/{lead['id']}/tasks", {"title": "Call"})
    await owner.ask("DELETE", f"/leads/{lead['id']}")
    await owner.patch("", {"website": "https://acme.example"})
    await owner.patch("/agent", {"persona_name": "Sam"})
    await owner.patch(f"/integrations/{ids['integration_id']}", {"config": {"note": "x"}})
    await owner.post(f"/tickets/{ids['ticket_id']}/replies", {"body": "Still silent."})
    await owner.post(f"/tickets/{ids['ticket_id']}/close")
    await owner.made("/numbers", {"area_code": "720"})
    page = (await owner.get("/audit?limit=100")).json()
    told = {entry["action"]: entry for entry in page["items"]}
    assert told.keys() == {
        "add_lead", "change_lead", "add_task", "remove_lead", "change_client", "change_profile",
        "change_connection", "reply_to_ticket", "change_ticket", "allocate_number",
    }  # fmt: skip
    assert told["change_lead"]["before"]["beds"] is None and told["change_lead"]["after"]["beds"] == 3
    assert told["change_profile"]["before"]["persona_name"] == "Alex"
    assert all(entry["actor"].startswith("member:") for entry in told.values())
    assert (await owner.get("/audit/verify")).json() == {
        "whole": True, "entries": len(page["items"]), "broken_at": None,
    }  # fmt: skip
    actor = page["items"][0]["actor"].split("/")[0]
    assert len((await owner.get(f"/audit?actor={actor}&action=add_lead")).json()["items"]) == 1
    assert (await owner.get("/audit?actor=nobody")).json()["items"] == []


async def test_a_trail_that_was_touched_shows_it(owner: Owner, db: Database, tenant_id: UUID) -> None:
    await owner.made("/leads", LEAD)
    await owner.made("/leads", LEAD)
    async with db.tenant(tenant_id) as session:
        head = (await session.scalars(select(receipts.AuditHead))).one()
        head.seq, head.hash = 1, receipts.GENESIS
    found = (await owner.get("/audit/verify")).json()
    assert (found["whole"], found["broken_at"]) == (False, 3)


async def test_rivals_for_the_last_line(owner: Owner, db: Database, tenant_id: UUID) -> None:
    await fill(db, tenant_id, "+13035550177")
    await owner.made("/numbers", {"area_code": "720"})
    lines = (await owner.get("/numbers")).json()["items"]
    answers = await asyncio.gather(*(owner.ask("DELETE", f"/numbers/{line['id']}") for line in lines))
    assert sorted(a.status_code for a in answers) == [204, 409], "a live agent keeps one line"
    async with db.tenant(tenant_id) as session:
        assert len(await tenancy.numbers(session)) == 1
