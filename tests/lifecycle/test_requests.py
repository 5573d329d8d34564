"""Somebody asks for their data to go: all of it goes, nothing else does, the proof stays (C34, C35)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from core.clock import FakeClock
from core.errors import Conflict, InvalidInput
from core.ids import new_id
from stores import archives as store
from stores import calls, consents, leads, lifecycle, outbox, receipts, support, tenancy, webhooks
from stores.cluster import Cluster
from stores.db import Database
from stores.vault import KeyRing, Unreadable, Vault
from tests.lifecycle.conftest import EMAIL, OTHER, PHONE, House
from tests.lifecycle.test_archives import raw
from tests.stores.furnish import furnish
from tools import archives, data_requests, restoring
from tools.data_requests import person

OF_THE_SWEEP = {"archives", "usage_acts", "usage_counters"}
"""The sweep that deletes one client also makes the export another one has been waiting for."""
PROOF = lifecycle.OUTLIVE.keys() | {"tenants"}


async def code_of(house: House) -> str:
    async with house.db.tenant(house.tenant) as session:
        newest = (await outbox.list_messages(session, limit=1))[0]
    found = re.search(r"\b\d{8}\b", newest.body)
    assert found, newest.body
    return found[0]


async def everything(fresh: Cluster, tenant: UUID) -> str:
    return repr(await raw(fresh, tenant))


async def test_a_person_is_forgotten_everywhere_and_nobody_else_is(house: House, fresh: Cluster) -> None:
    async with house.db.tenant(house.tenant) as session:
        await webhooks.add_endpoint(session, "https://hooks.example.com/", events=["*"])
        maria = await house.call(session, PHONE, "Maria Reed", dnc=True)
        other = await house.call(session, OTHER, "Otto")
        await webhooks.emit(session, "lead.created", {"phones": [PHONE]}, subject_id=maria)
        await webhooks.emit(session, "lead.created", {"phones": [OTHER]}, subject_id=other)
        # mentioned in what belongs to somebody else
        await leads.update_lead(session, other, summary=f"friend of {EMAIL.lower()}, call (303) 555-0142")
        await consents.record_consent(
            session,
            address=PHONE,
            kinds=["voice"],
            granted=True,
            text_version="1",
            text="yes",
            evidence="conversation:x",
            source="voice",
            at=house.clock.now(),
        )
    before = await raw(fresh, house.tenant)
    asked = await house.requests.receive("deletion", person(PHONE, EMAIL), actor="key:1")
    assert (asked.due_at - asked.received_at, asked.acknowledge_by - asked.received_at) == (
        timedelta(days=45),
        timedelta(days=10),
    )
    assert asked.acknowledged_at is not None and asked.state == "received"
    with pytest.raises(Conflict):
        await house.requests.carry_out(asked.id, actor="key:1")
    await house.requests.prove(asked.id, await code_of(house), actor="key:1")
    done = await house.requests.carry_out(asked.id, actor="key:1")
    assert done.state == "done" and done.report is not None
    tables = done.report["tables"]
    for name in ("leads", "conversations", "turns", "conversation_events", "tasks", "messages", "callbacks",
                 "call_events", "webhook_events", "webhook_deliveries"):  # fmt: skip
        assert tables[name]["deleted"] >= 1, name
    for name in ("calls", "tickets", "receipts", "surveys"):
        assert tables[name]["blanked"] >= 1, name
    assert tables["leads"]["scrubbed"] == 1 and tables["audit_entries"]["wiped"] >= 1
    assert done.report["files"] == 2
    after = await raw(fresh, house.tenant)
    left = repr({t: r for t, r in after.items() if t not in ("consents", "do_not_call")})
    for trace in (PHONE, EMAIL, EMAIL.lower(), "3035550142", "555-0142", "Maria"):
        assert trace not in left, trace
    assert after["leads"][0]["summary"] == "friend of [erased], call [erased]"
    assert len(after["calls"]) == len(before["calls"]), "that a call took place stays"
    # Otto lost nothing
    kept = {t: repr([r for r in rows if OTHER in repr(r)]) for t, rows in before.items() if t != "leads"}
    assert {t: repr([r for r in after[t] if OTHER in repr(r)]) for t in kept} == kept
    files = archives.recordings_of(house.data_dir, house.tenant).iterdir()
    assert {p.read_bytes() for p in files} == {OTHER.encode()}
    # and the proof stands
    async with house.db.tenant(house.tenant) as session:
        assert await receipts.verify_chain(session) is None
        assert await consents.history(session, PHONE), "that there was consent is proof"
        assert await consents.listed(session, PHONE), "and a refusal outlives the person's data"
        ticket = await support.get_ticket(session, done.ticket_number or 0)
        assert ticket.status == "solved"
    again = await house.requests.carry_out(asked.id, actor="key:1")
    assert again.completed_at == done.completed_at


async def test_a_code_is_good_for_few_tries_and_a_day(house: House) -> None:
    asked = await house.requests.receive("deletion", person(None, EMAIL), actor="key:1")
    twice = await house.requests.receive("deletion", person(None, EMAIL), actor="key:1")
    assert twice.id == asked.id
    code = await code_of(house)
    for _ in range(5):
        with pytest.raises(InvalidInput):
            await house.requests.prove(asked.id, "00000000", actor="key:1")
    with pytest.raises(InvalidInput):
        await house.requests.prove(asked.id, code, actor="key:1")
    other = await house.requests.receive("access", person(None, EMAIL), actor="key:1")
    code = await code_of(house)
    house.clock.advance(hours=25)
    with pytest.raises(InvalidInput):
        await house.requests.prove(other.id, code, actor="key:1")
    await house.requests.cancel(other.id, actor="key:1")
    with pytest.raises(Conflict):
        await house.requests.vouch(other.id, actor="key:1")


async def test_what_there_is_of_a_person_is_handed_out_once_proved(house: House) -> None:
    async with house.db.tenant(house.tenant) as session:
        await house.call(session, PHONE, "Maria Reed")
        await house.call(session, OTHER, "Otto")
    asked = await house.requests.receive("access", person(PHONE, None), actor="key:1")
    with pytest.raises(Conflict):
        await house.requests.data(asked.id, actor="key:1")
    await house.requests.vouch(asked.id, actor="key:1")
    shown = await house.requests.data(asked.id, actor="key:1")
    assert [lead["name"] for lead in shown["leads"]] == ["Maria Reed"]
    assert {"calls", "conversations", "turns", "tasks", "callbacks", "tickets"} <= shown.keys()
    assert OTHER not in repr(shown) and "token_hash" not in repr(shown)


async def test_a_request_that_nobody_settles_becomes_urgent(house: House) -> None:
    asked = await house.requests.receive("deletion", person(PHONE, None), actor="key:1")
    house.clock.advance(days=30)
    await data_requests.sweep(house.db, house.ports, house.clock)
    async with house.db.tenant(house.tenant) as session:
        assert (await support.get_ticket(session, asked.ticket_number or 0)).priority == "high"
    house.clock.advance(days=5)
    await data_requests.sweep(house.db, house.ports, house.clock)
    async with house.db.tenant(house.tenant) as session:
        assert (await support.get_ticket(session, asked.ticket_number or 0)).priority == "critical"


@pytest.fixture
async def neighbours(house: House) -> UUID:
    """Another client, with something in every table."""
    async with house.db.tenant(new_id()) as session:
        other = (await tenancy.create_tenant(session, "Bolder Homes")).id
    await furnish(house.db, house.tenant, "+13035550121")
    await furnish(house.db, other, "+13035550112")
    return other


async def test_a_client_is_deleted_down_to_the_proof(
    house: House, fresh: Cluster, neighbours: UUID, tmp_path: Path
) -> None:
    house.ports.vault.source = KeyRing({"k1": b"1" * 32}, "k1")
    async with house.db.tenant(house.tenant) as session:
        await house.call(session, PHONE, "Maria Reed")
    async with house.db.tenant(neighbours) as session:
        folder = archives.recordings_of(tmp_path, neighbours)
        folder.mkdir(parents=True)
        (folder / "x.wav").write_bytes(b"theirs")
    # the sweep makes an export they had ordered, which is stored and counted
    moving = {"archives", "usage_acts", "usage_counters"}
    theirs = await raw(fresh, neighbours, moving)
    for row in await _open_requests(house):
        await house.requests.cancel(row.id, actor="member:dana")
    asked = await house.requests.receive_farewell(actor="member:dana")
    with pytest.raises(Conflict):
        await house.requests.receive_farewell(actor="member:dana")
    await house.requests.prove(asked.id, await code_of(house), actor="member:dana")
    with pytest.raises(Conflict):
        await house.requests.carry_out(asked.id, actor="member:dana")
    await data_requests.sweep(house.db, house.ports, house.clock)
    async with house.db.tenant(house.tenant) as session:
        assert (await tenancy.get_tenant(session)).status == "live", "days to think better of it"
    house.clock.advance(days=7)
    await data_requests.sweep(house.db, house.ports, house.clock)
    after = await raw(fresh, house.tenant)
    assert {t for t, rows in after.items() if rows} <= PROOF
    left = repr(after["tenants"]) + repr(after["audit_entries"]) + repr(after["privacy_requests"])
    for trace in ("Acme", "acme", PHONE, "Maria", "Dana", "+13035550111"):
        assert trace not in left, trace
    assert after["tenants"][0]["status"] == "closed"
    (key,) = after["data_keys"]
    assert key["wrapped"] is None and key["previous"] is None and key["shredded_at"] is not None
    assert set(house.numbers.released) >= {"+13035550111", "+13035550121"}
    assert not archives.recordings_of(tmp_path, house.tenant).exists()
    async with house.db.tenant(house.tenant) as session:
        assert await receipts.verify_chain(session) is None
        done = await store.get_request(session, asked.id)
    assert done.report is not None and done.report["data_key"]["destroyed"]
    assert done.report["tables"]["leads"] == {"deleted": 2} and done.report["files"]["removed"] == 3
    assert await raw(fresh, neighbours, moving) == theirs and (folder / "x.wav").exists(), (
        "nobody else noticed"
    )


async def _open_requests(house: House) -> Any:
    async with house.db.tenant(house.tenant) as session:
        return await store.open_requests(session)


async def test_what_was_deleted_cannot_be_restored_or_unsealed(house: House, tmp_path: Path) -> None:
    vault: Vault = house.ports.vault
    async with house.db.tenant(house.tenant) as session:
        await vault.seal(session, "crm.token", "s3cret")
        stolen = (await session.execute(select(webhooks.WebhookEndpoint))).all()
    assert not stolen
    made = await archives.backup(
        house.db, house.tenant, tmp_path / "x.backup", vault=vault, data_dir=tmp_path, clock=house.clock
    )
    asked = await house.requests.receive_farewell(actor="operator")
    await house.requests.vouch(asked.id, actor="operator")
    await house.requests.carry_out(asked.id, actor="operator", at_once=True)
    with pytest.raises(Conflict) as refused:
        await restoring.restore(
            house.db,
            made.path,
            key=made.key,
            vault=vault,
            data_dir=tmp_path,
            clock=house.clock,
            actor="operator",
        )
    assert refused.value.code == "deleted"
    async with house.db.tenant(house.tenant) as session:
        with pytest.raises(Unreadable):
            await vault.seal(session, "crm.token", "new")


async def test_who_was_forgotten_does_not_come_back_with_a_backup(
    house: House, fresh: Cluster, tmp_path: Path
) -> None:
    async with house.db.tenant(house.tenant) as session:
        await house.call(session, PHONE, "Maria Reed")
        await house.call(session, OTHER, "Otto")
    vault: Vault = house.ports.vault
    made = await archives.backup(
        house.db, house.tenant, tmp_path / "x.backup", vault=vault, data_dir=tmp_path, clock=house.clock
    )
    asked = await house.requests.receive("deletion", person(None, EMAIL), actor="key:1")
    await house.requests.vouch(asked.id, actor="key:1")
    await house.requests.carry_out(asked.id, actor="key:1")
    for _ in range(2):
        back = await restoring.restore(
            house.db,
            made.path,
            key=made.key,
            vault=vault,
            data_dir=tmp_path,
            clock=house.clock,
            actor="operator",
        )
        assert back.forgotten >= 1
        left = await everything(fresh, house.tenant)
        assert "Maria" not in left and "Otto" in left and OTHER in left


async def test_a_deletion_waits_for_the_call_that_is_going_on(house: House) -> None:
    async with house.db.tenant(house.tenant) as session:
        call = await calls.start_call(session, now=house.clock.now(), sid="CA1")
    asked = await house.requests.receive_farewell(actor="operator")
    await house.requests.vouch(asked.id, actor="operator")
    house.clock.advance(days=7)
    async with house.db.tenant(house.tenant) as session:
        await calls.update_call(session, call.id, started_at=house.clock.now())
    await data_requests.sweep(house.db, house.ports, house.clock)
    async with house.db.tenant(house.tenant) as session:
        assert (await tenancy.get_tenant(session)).status == "closed", "but no other call begins"
        assert (await store.get_request(session, asked.id)).state == "verified"
        await calls.end_call(session, call.id, at=house.clock.now(), reason="done")
    await data_requests.sweep(house.db, house.ports, house.clock)
    async with house.db.tenant(house.tenant) as session:
        assert (await store.get_request(session, asked.id)).state == "done"


async def test_the_trail_can_be_wiped_and_not_forged(db: Database, fresh: Cluster, tenant_id: UUID) -> None:
    """What the service may do to an entry is to wipe it, once; even the superuser needs to lift the trigger
    for anything else, and then the chain shows it.
    """
    async with db.tenant(tenant_id) as session:
        for n in range(3):
            await receipts.audit(
                session,
                actor="caller",
                action="save",
                subject="lead",
                at=house_now(),
                after={"n": n, "phone": PHONE},
            )
        ids = [e.id for e in await receipts.audit_trail(session)]
        assert await receipts.redact(session, ids[:2], at=house_now()) == 2
        assert await receipts.redact(session, ids[:2], at=house_now()) == 0
    async with db.tenant(tenant_id) as session:
        assert await receipts.verify_chain(session) is None
        assert [e.after for e in await receipts.audit_trail(session)] == [
            None,
            None,
            {"n": 2, "phone": PHONE},
        ]
    admin = await asyncpg.connect(fresh.admin.render_as_string(hide_password=False))
    entries = await admin.fetch("select * from audit_entries")
    for forging in (
        "update audit_entries set after = '{}' where seq = 1",
        "update audit_entries set redacted_at = null where seq = 1",
        "update audit_entries set redacted_at = now(), before = null, after = null, salt = null, actor = 'x'"
        " where seq = 3",
        "update audit_entries set redacted_at = now(), after = '{}', salt = null where seq = 3",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await admin.execute(forging)
        async with admin.transaction():
            await admin.execute("set local session_replication_role = replica")
            await admin.execute(forging)
        async with db.tenant(tenant_id) as session:
            assert await receipts.verify_chain(session) in (1, 3), forging
        async with admin.transaction():
            await admin.execute("set local session_replication_role = replica")
            for entry in entries:
                await admin.execute(
                    "update audit_entries set after = $2, actor = $3, salt = $4, redacted_at = $5"
                    " where id = $1",
                    *(entry[c] for c in ("id", "after", "actor", "salt", "redacted_at")),
                )
    await admin.close()


def house_now() -> datetime:
    return FakeClock().now()
