"""A tenant with at least one row in every table, written through the stores' own functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.ids import fingerprint, new_token
from stores import archives, calls, conversations, integrations, leads, outbox, receipts, support, tenancy, webhooks
from stores.db import Database
from stores.vault import KeyRing, Vault

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
RING = KeyRing({"k1": b"1" * 32}, "k1")


async def furnish(db: Database, tenant_id: UUID, number: str) -> None:
    """Fill every table for a tenant. Extend it with each new table: the attack needs rows to steal."""
    async with db.tenant(tenant_id) as session:
        await tenancy.add_member(session, name="Dana", email="dana@example.com", role="admin")
        await tenancy.claim_number(session, [number], provider="dev")
        await tenancy.upsert_profile(session)
        await tenancy.upsert_rules(session)
        talk = await conversations.create(session, channel="voice", flow="buyer", flow_version=1)
        await conversations.append_events(session, talk.id, [("heard", {})], at=NOW)
        await conversations.add_turn(
            session, talk.id, role="caller", text="hi", channel="voice", started_at=NOW
        )
        call = await calls.start_call(session, now=NOW, sid=new_token(), conversation_id=talk.id)
        await calls.reconcile_status(session, call.id, "completed", at=NOW)
        await receipts.write_receipt(session, tool="t", key="k", arguments={}, result={}, status="done")
        await receipts.audit(session, actor="caller", action="t", subject="lead", at=NOW)
        lead = await leads.upsert_lead(session, talk.id, intent="buyer", call_id=call.id)
        await leads.add_task(session, kind="call", title="ring back", lead_id=lead.id)
        await integrations.upsert_integration(session, "crm", "hubspot")
        ticket = await support.open_ticket(
            session, category="setup", priority="high", subject="help", channel="voice"
        )
        await support.book_callback(session, phone=number, ticket_id=ticket.id)
        await support.record_survey(session, kind="csat", score=5)
        await outbox.queue_message(session, kind="sms", to=number, body="hello")
        await outbox.create_link(
            session,
            token_hash=fingerprint(new_token()),
            purpose="verify",
            expires_at=NOW + timedelta(hours=1),
        )
        await webhooks.add_endpoint(session, "https://hooks.example.com/in", events=["*"])
        await webhooks.emit(session, "lead.created", {"id": str(lead.id)}, subject_id=lead.id)
        await archives.order_archive(session, "export", requested_by="member")
        await archives.add_request(
            session,
            kind="deletion",
            scope="person",
            phone=number,
            requested_by="caller",
            channel="voice",
            received_at=NOW,
            acknowledge_by=NOW + timedelta(days=10),
            due_at=NOW + timedelta(days=45),
        )
        await Vault(RING).seal(session, "crm.token", "s3cret")
