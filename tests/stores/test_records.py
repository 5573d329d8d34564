"""Leads, tickets, connections, messages and links."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.errors import Conflict, NotFound, SeiketsuError
from core.ids import HOUSE_TENANT, fingerprint, new_token
from stores import conversations, integrations, leads, outbox, support
from stores.db import Database

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


async def _talk(db: Database, tenant_id: UUID) -> UUID:
    async with db.tenant(tenant_id) as session:
        return (await conversations.create(session, channel="voice", flow="buyer", flow_version=1)).id


async def test_a_conversation_has_one_lead_that_grows(db: Database, tenant_id: UUID) -> None:
    talk = await _talk(db, tenant_id)

    async def note(fields: dict[str, object]) -> leads.Lead:
        async with db.tenant(tenant_id) as session:
            return await leads.upsert_lead(session, talk, intent="buyer", **fields)  # type: ignore[arg-type]

    await asyncio.gather(
        note({"name": "Sam"}), note({"phones": ["+13035550123"]}), note({"price_max": 750_000, "baths": 2.5})
    )
    async with db.tenant(tenant_id) as session:
        lead = await leads.lead_of_conversation(session, talk)
    assert lead
    assert (lead.name, lead.phones, lead.price_max, lead.baths) == ("Sam", ["+13035550123"], 750_000, 2.5)
    assert lead.updated_at >= lead.created_at


async def test_leads_come_in_pages_without_rehearsals(db: Database, tenant_id: UUID) -> None:
    made = []
    for n in range(5):
        talk = await _talk(db, tenant_id)
        async with db.tenant(tenant_id) as session:
            fields = {"phones": ["+13035550123"] if n == 3 else [], "test": n == 1}
            made.append((await leads.upsert_lead(session, talk, intent="seller", **fields)).id)
    async with db.tenant(tenant_id) as session:
        first, cursor = await leads.list_leads(session, limit=3)
        rest, end = await leads.list_leads(session, limit=3, before=cursor)
        assert [lead.id for lead in [*first, *rest]] == [made[4], made[3], made[2], made[0]]
        assert end is None
        assert [x.id for x in (await leads.list_leads(session, phone="+13035550123"))[0]] == [made[3]]
        assert (await leads.list_leads(session, intent="buyer"))[0] == []
        assert len((await leads.list_leads(session, include_tests=True))[0]) == 5
        await leads.add_task(session, kind="call", title="ring", lead_id=made[0])
        await leads.delete_lead(session, made[0])
        with pytest.raises(NotFound):
            await leads.get_lead(session, made[0])
        assert await leads.open_tasks(session) == []


async def test_what_the_schema_forbids_says_so_without_quoting_it(db: Database, tenant_id: UUID) -> None:
    """The driver's own message holds the whole row; ours must not (C32)."""
    talk = await _talk(db, tenant_id)
    with pytest.raises(SeiketsuError) as refused:
        async with db.tenant(tenant_id) as session:
            await leads.upsert_lead(session, talk, intent="flirt", name="Samantha")
    assert "ck_leads_intent" in str(refused.value)
    seen: BaseException | None = refused.value
    while seen is not None and not seen.__suppress_context__:
        seen = seen.__context__
        assert "Samantha" not in str(seen)


async def test_tickets_are_numbered_within_the_tenant(db: Database, tenant_id: UUID) -> None:
    async def ask(tenant: UUID) -> int:
        async with db.tenant(tenant) as session:
            return (
                await support.open_ticket(
                    session, category="a", priority="high", subject="s", channel="voice"
                )
            ).number

    assert sorted(await asyncio.gather(*(ask(tenant_id) for _ in range(8)))) == list(range(1001, 1009))
    assert await ask(HOUSE_TENANT) == 1001
    async with db.tenant(tenant_id) as session:
        ticket = await support.get_ticket(session, 1003)
        await support.set_ticket_status(session, ticket.id, "solved")
        assert len(await support.list_tickets(session, status="open")) == 7
        call = await support.book_callback(session, phone="+13035550123", at=NOW, ticket_id=ticket.id)
        assert [c.id for c in await support.list_callbacks(session)] == [call.id]
        await support.set_callback_status(session, call.id, "done")
        assert await support.list_callbacks(session) == []
        await support.record_survey(session, kind="csat", score=9)
        assert [s.score for s in await support.list_surveys(session, kind="csat")] == [9]


async def test_a_vendor_is_chosen_once_and_moves_on(db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        row = await integrations.upsert_integration(session, "crm", "hubspot")
        again = await integrations.upsert_integration(session, "crm", "hubspot", state="pending_link")
        assert (again.id, again.state) == (row.id, "pending_link")
        await integrations.upsert_integration(session, "lead_source", "zillow")
        done = await integrations.change_integration(
            session, row.id, state="connected", last_test={"ok": True}
        )
        assert (done.state, done.last_test) == ("connected", {"ok": True})
        assert [i.vendor for i in await integrations.list_integrations(session, kind="crm")] == ["hubspot"]
        await integrations.remove_integration(session, row.id)
        assert len(await integrations.list_integrations(session)) == 1


async def test_two_senders_never_take_one_message(db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        for n in range(4):
            await outbox.queue_message(session, kind="email", to="a@example.com", subject="s", body=str(n))
    async with db.platform("test") as session:
        assert await outbox.tenants_with_queued(session) == [tenant_id]
    async with db.tenant(tenant_id) as one, db.tenant(tenant_id) as two:
        first = await outbox.take_queued(one, limit=3)
        second = await outbox.take_queued(two, limit=3)
        assert [m.body for m in first] == ["0", "1", "2"]
        assert [m.body for m in second] == ["3"]
        await outbox.mark_sent(one, first[0].id, at=NOW)
        await outbox.mark_failed(one, first[1].id, "refused", final=True)
        await outbox.mark_failed(two, second[0].id, "greylisted")
    async with db.tenant(tenant_id) as session:
        assert [(m.body, m.attempts) for m in await outbox.take_queued(session)] == [("2", 0), ("3", 1)]
        assert await outbox.take_queued(session, most_attempts=0) == []


async def test_a_link_is_used_once_and_in_time(db: Database, tenant_id: UUID) -> None:
    """A015: single use, expires."""
    token = new_token()
    async with db.tenant(tenant_id) as session:
        await outbox.create_link(
            session,
            token_hash=fingerprint(token),
            purpose="verify_email",
            payload={"member": 1},
            expires_at=NOW + timedelta(hours=1),
        )

    async def use(now: datetime = NOW, secret: str = token) -> outbox.Link | None:
        async with db.platform("a link was opened") as session:
            return await outbox.use_link(session, fingerprint(secret), now=now, ip="203.0.113.7")

    async def peek(now: datetime = NOW) -> outbox.Link | None:
        async with db.platform("a link was looked at") as session:
            return await outbox.peek_link(session, fingerprint(token), now=now)

    assert await use(NOW + timedelta(hours=1)) is None
    assert await use(secret="wrong") is None
    assert await peek() is not None
    assert await peek(NOW + timedelta(hours=1)) is None
    used = [link for link in await asyncio.gather(*(use() for _ in range(10))) if link]
    assert [(u.tenant_id, u.payload, u.used_ip) for u in used] == [(tenant_id, {"member": 1}, "203.0.113.7")]
    assert await use() is None
    assert await peek() is None


async def test_a_clash_is_a_conflict(db: Database, tenant_id: UUID) -> None:
    async def keep() -> None:
        async with db.tenant(tenant_id) as session:
            await outbox.create_link(session, token_hash="h", purpose="p", expires_at=NOW)

    await keep()
    with pytest.raises(Conflict):
        await keep()
