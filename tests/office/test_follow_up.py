"""The cadence goes out step by step, and stops when it must (A092, C01, C03, C06, C15, C29, C46)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from stores import consents, follow_up, leads, outbox, tenancy
from tests.office.conftest import Office
from tests.tools.conftest import Desk
from tools import follow_up as tool
from tools import offers, reminders
from tools.base import Ports

BUYER = {
    "intent": "buyer",
    "areas": ["Oak Park"],
    "price": {"max": 500000},
    "name": {"display": "Ann Lee"},
    "phone": "+13035550142",
    "email": "ann@lee.example",
    "consent_contact": True,
}


async def lead_of(desk: Desk, **more: Any) -> leads.Lead:
    """A lead with its follow-up planned."""
    await desk.run("save_lead", BUYER | more)
    await desk.run("plan_follow_up")
    async with desk.db.tenant(desk.home) as session:
        found = await leads.lead_of_conversation(session, desk.conversation_id)
    assert found is not None
    return found


async def steps(office: Office, lead: leads.Lead) -> list[tuple[str, str | None]]:
    async with office.db.tenant(office.tenant_id) as session:
        return [(s.status, s.reason) for s in await follow_up.steps(session, lead.id)]


async def written(office: Office, to: str = "ann@lee.example") -> list[outbox.Message]:
    async with office.db.tenant(office.tenant_id) as session:
        return [m for m in await outbox.list_messages(session) if m.to_ == to][::-1]


async def sweep(office: Office) -> None:
    await tool.sweep(office.db, Ports(public_url="https://voice.example"), office.clock)


async def test_four_messages_in_a_week_each_once(office: Office, desk: Desk) -> None:
    lead = await lead_of(desk)
    assert await steps(office, lead) == [("planned", None)] * 4
    assert (await desk.run("plan_follow_up")).status == "none", "planned once"
    for minutes in (4, 2, *[24 * 60] * 8):  # Thursday is Thanksgiving: it leaves on Friday
        office.clock.advance(minutes=minutes)
        await asyncio.gather(sweep(office), sweep(office))
    letters = await written(office)
    assert [m.subject for m in letters] == [
        "Thanks for calling Acme Real Estate",
        "Acme Real Estate: what you asked about",
        "Are you still looking?",
        "A last note from Acme Real Estate",
    ]
    assert await steps(office, lead) == [("sent", None)] * 4
    for letter in letters:
        assert "Equal Housing Opportunity." in letter.body
        assert "No more e-mails: https://voice.example/l/" in letter.body
    assert "12 Cherry Lane" in letters[1].body and "Christian" not in letters[1].body


async def test_at_night_and_on_sunday_it_waits_for_morning(office: Office) -> None:
    office.clock.advance(hours=10, days=5)  # Saturday, seven in the evening in Denver
    desk = await office.desk()
    lead = await lead_of(desk)
    office.clock.advance(minutes=70)  # ten past eight
    await sweep(office)
    assert await written(office) == []
    async with office.db.tenant(office.tenant_id) as session:
        due = (await follow_up.steps(session, lead.id))[0].due_at
    assert due == datetime(2026, 11, 30, 16, 0, tzinfo=UTC), "Monday, nine in the morning"


@pytest.mark.parametrize("why", ["opt_out", "listed", "appointment", "represented", "reply", "disposition"])
async def test_it_stops_for_good(office: Office, desk: Desk, why: str) -> None:
    lead = await lead_of(desk)
    office.clock.advance(minutes=6)
    await sweep(office)
    async with office.db.tenant(office.tenant_id) as session:
        if why == "opt_out":
            await leads.update_lead(session, lead.id, dnc=True)
        elif why == "listed":
            await consents.list_number(
                session, "+13035550142", reason="asked", source="sms", evidence="x", at=office.clock.now()
            )
        elif why == "appointment":
            await leads.update_lead(session, lead.id, appointment={"status": "booked"})
        elif why == "represented":
            await leads.update_lead(session, lead.id, represented="exclusive")
        elif why == "disposition":
            await leads.update_lead(session, lead.id, disposition="not_interested")
        else:
            await tool.replied(session, "+13035550142", now=office.clock.now())
    for _ in range(8):
        office.clock.advance(days=1)
        await sweep(office)
    assert len(await written(office)) == 1
    assert {status for status, _ in (await steps(office, lead))[1:]} == {"stopped"}


async def test_who_calls_again_has_answered(office: Office, desk: Desk) -> None:
    lead = await lead_of(desk)
    again = await office.desk()
    await again.run("save_lead", {"intent": "seller", "phone": "+13035550142"})
    office.clock.advance(minutes=6)
    await sweep(office)
    assert await written(office) == []
    assert set(await steps(office, lead)) == {("stopped", "reply")}


async def test_who_said_no_is_not_written_to(office: Office, desk: Desk) -> None:
    lead = await lead_of(desk, consent_contact=False)
    assert await steps(office, lead) == []


async def test_a_text_needs_a_registered_sender_and_consent(office: Office) -> None:
    async with office.db.tenant(office.tenant_id) as session:
        step = {"minutes": 5, "channel": "sms", "template": "thanks"}
        await tenancy.upsert_rules(session, follow_up=[step])
    results = {}
    for number, (registered, consent) in enumerate(((False, True), (True, False), (True, True))):
        phone = f"+1303555020{number}"
        async with office.db.tenant(office.tenant_id) as session:
            await tenancy.update_tenant(session, settings={"sms_registered": registered})
            if consent:
                await consents.record_consent(
                    session, address=phone, kinds=["sms"], granted=True, evidence="x", source="voice",
                    at=office.clock.now(), text_version="1",
                )  # fmt: skip
            talk = (await office.desk(phone)).conversation_id
        async with office.db.tenant(office.tenant_id) as session:
            lead = await leads.upsert_lead(session, talk, intent="buyer", phones=[phone])
            assert await tool.plan(session, lead, now=office.clock.now()) == 1
        office.clock.advance(minutes=6)
        await sweep(office)
        results[registered, consent] = (
            (await steps(office, lead))[0],
            [m.body for m in await written(office, phone)],
        )
    assert results[False, True] == (("skipped", "sms_sender"), [])
    assert results[True, False] == (("skipped", "sms_consent"), [])
    status, (body,) = results[True, True]
    assert status == ("sent", None)
    assert body.startswith("Acme Real Estate") and "STOP" in body and "HELP" in body


async def test_after_a_long_outage_one_message_not_four(office: Office, desk: Desk) -> None:
    lead = await lead_of(desk)
    office.clock.advance(days=8)
    await sweep(office)
    assert len(await written(office)) == 1
    assert (await steps(office, lead))[:3] == [("skipped", "late")] * 3


async def test_a_suspended_client_sends_nothing(office: Office, desk: Desk) -> None:
    await lead_of(desk)
    async with office.db.tenant(office.tenant_id) as session:
        await tenancy.set_status(session, "suspended", at=office.clock.now(), reason="unpaid")
    office.clock.advance(minutes=6)
    await sweep(office)
    assert await written(office) == []


async def test_undone_nothing_is_sent(office: Office, desk: Desk) -> None:
    lead = await lead_of(desk)
    await desk.undo()
    office.clock.advance(minutes=6)
    await sweep(office)
    assert await written(office) == [] and ("stopped", "taken back") in await steps(office, lead)


# --- reminders --------------------------------------------------------------------------------------------


async def test_reminders_a_day_and_an_hour_before_each_once(office: Office, desk: Desk) -> None:
    await desk.run("offer_slots", {"kind": "consult", "wish": "Wednesday at two"})
    await desk.run("book_appointment", {"choice": 1, "email": "ann@lee.example", "text_ok": True})
    ports = Ports(public_url="https://voice.example")
    seen = []
    for hours in (1, 20, 8, 20, 4, 1):
        office.clock.advance(hours=hours)
        for _ in range(2):
            await reminders.sweep(office.db, ports, office.clock)
        seen.append(len([m for m in await written(office) if (m.subject or "").startswith("Reminder")]))
    # Monday 10:00, Tuesday 6:00 (quiet), 14:00 | Wednesday 10:00, 14:00 (it has begun) ...
    assert seen == [0, 0, 1, 1, 1, 1]
    office.clock.advance(hours=-1.5)
    await reminders.sweep(office.db, ports, office.clock)
    texts = [m for m in await written(office, "+13035550142") if "reminder" in m.body]
    assert len(texts) == 2


async def test_nobody_is_reminded_of_what_was_cancelled_or_without_a_yes(office: Office) -> None:
    quiet, gone = await office.desk("+13035550201"), await office.desk("+13035550202")
    for desk in (quiet, gone):
        await desk.run("offer_slots", {"kind": "consult", "wish": "Wednesday"})
        await desk.run("book_appointment", {"choice": 1, "text_ok": desk is gone})
    await gone.run("cancel_appointment")
    office.clock.advance(hours=26)
    await reminders.sweep(office.db, Ports(), office.clock)
    texts = [m.body for m in await written(office, "+13035550202")] + [
        m.body for m in await written(office, "+13035550201")
    ]
    assert not any("reminder" in t for t in texts)


async def test_old_holds_are_swept(office: Office, desk: Desk) -> None:
    from stores import appointments as store

    await desk.run("offer_slots", {"kind": "tour"})
    office.clock.advance(hours=2)
    await offers.sweep(office.db, Ports(), office.clock)
    async with office.db.tenant(office.tenant_id) as session:
        assert not await store.holds(session, desk.conversation_id)
