"""A tenant with at least one row in every table, written through the stores' own functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.ids import fingerprint, new_token
from stores import (
    api_keys,
    appointments,
    archives,
    assistance,
    calls,
    consents,
    conversations,
    dials,
    flow_versions,
    follow_up,
    idempotency,
    identity,
    integrations,
    jobs,
    knowledge,
    lead_rules,
    leads,
    listing_feeds,
    listing_imports,
    observations,
    outbox,
    provisioning,
    receipts,
    routing,
    slots,
    support,
    tenancy,
    ticket_replies,
    usage,
    webhooks,
)
from stores.db import Database
from stores.vault import KeyRing, Vault
from tools import measure

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
RING = KeyRing({"k1": b"1" * 32}, "k1")


async def furnish(db: Database, tenant_id: UUID, number: str) -> None:
    """Fill every table for a tenant. Extend it with each new table: the attack needs rows to steal."""
    async with db.tenant(tenant_id) as session:
        dana = await tenancy.add_member(session, name="Dana", email="dana@example.com", role="admin")
        await identity.set_credential(session, dana.id, password_hash="argon2id", password_set_at=NOW)
        await lead_rules.replace_lead_rules(
            session, "question", [{"key": "parking", "ask": "How many cars?"}]
        )
        await identity.open_session(session, dana.id, new_token(), at=NOW, lasts=timedelta(hours=1))
        await identity.take_attempt(
            session, "k", at=NOW, free=1, first_seconds=1, longest_seconds=1, forgotten_minutes=1
        )
        await api_keys.add_key(
            session,
            name="crm",
            prefix="sk_abcdefgh",
            key_hash=new_token(),
            role="admin",
            scopes=["leads:read"],
            made_by="member",
            expires_at=None,
            most=5,
            at=NOW,
        )
        await tenancy.claim_number(session, [number], provider="dev")
        await tenancy.upsert_profile(session)
        await tenancy.upsert_rules(session)
        talk = await conversations.create(session, channel="voice", flow="buyer", flow_version=1)
        said = {"role": "caller", "text": "hi", "channel": "voice", "started_at": NOW}
        await conversations.append(session, talk.id, events=[("heard", {})], turns=[said], at=NOW)
        call = await calls.start_call(session, now=NOW, sid=new_token(), conversation_id=talk.id)
        await calls.reconcile_status(session, call.id, "completed", at=NOW)
        level = observations.Replies(20, 600, 900)
        await observations.save_level(session, NOW.date(), level, limit_ms=2000, breached=False)
        await measure.measure_call(session, call.id)
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
        await consents.record_consent(
            session, address=number, kinds=["voice"], granted=True, evidence="test", source="page", at=NOW
        )
        await consents.list_number(session, number, reason="asked", source="voice", evidence="test", at=NOW)
        await consents.note_attempt(
            session, number, purpose="follow_up", allowed=False, reason="listed", at=NOW
        )
        await outbox.create_link(
            session,
            token_hash=fingerprint(new_token()),
            purpose="verify",
            expires_at=NOW + timedelta(hours=1),
        )
        await ticket_replies.add_reply(session, ticket.id, author="operator", from_us=True, body="yes")
        await flow_versions.draft(session, flow="lead", source="flow: lead", author="operator")
        await idempotency.claim(session, route="POST /x", key="k", digest="d", now=NOW)
        await usage.meter(session, "voice_seconds", "call", 60, at=NOW)
        await usage.notice_once(
            session, limit_name="voice_minutes", level="80", used=400, allowed=500, at=NOW
        )
        await usage.schedule_change(session, plan="starter", due_at=NOW, actor="member")
        session.add(slots.Slot(kind="job", key="job", process="p", expires_at=NOW))
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
        await provisioning.open_run(session, "api", at=NOW)
        await jobs.ask(session, "provision", "k", {})
        await jobs.beat(session, "w1", place="here", pid=1, version="1")
        await assistance.open_review(session, ["questionnaire"])
        await assistance.plan_task(session, "specialist", "greet", {"title": "greet"})
        await knowledge.add_entry(session, kind="office", title="parking", answer="Behind the house.")
        homes = [{"mls_id": "M1", "address": "12 Cherry Lane"}]
        await listing_imports.import_listings(session, homes, source="csv", actor="member", complete=True)
        await appointments.place(
            session,
            now=NOW,
            member_id=dana.id,
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            kind="tour",
            status="booked",
            timezone="America/Denver",
        )
        await routing.assign(
            session, lead_id=lead.id, member_id=dana.id, mode="round_robin", reason="in turn", given_at=NOW
        )
        await follow_up.plan_step(
            session, lead_id=lead.id, step=0, channel="email", template="thanks", due_at=NOW
        )
        await dials.plan(
            session,
            subject="manual:1",
            phone=number,
            lead_id=lead.id,
            why="manual",
            template="still_looking",
            actor="member",
            due_at=NOW,
        )
        await listing_feeds.add(session, name="mls", root="https://mls.example/odata", next_at=NOW)
        await Vault(RING).seal(session, "crm.token", "s3cret")
