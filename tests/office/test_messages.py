"""Messages and the order of call-backs (A045, A047, C21, C24)."""

from __future__ import annotations

from datetime import timedelta

from stores import leads, support
from tests.office.conftest import Office
from tests.tools.conftest import Desk
from tools.messages import call_back_queue


async def test_a_message_is_passed_on_with_a_promise_the_hours_keep(office: Office, desk: Desk) -> None:
    office.clock.advance(hours=10)
    taken = await desk.run(
        "take_message",
        {
            "message": "Please call about the porch light. My wife is pregnant.",
            "name": {"display": "Ann Lee"},
        },
    )
    assert taken.status == "taken"
    assert taken.facts["when"] == " after the office opens tomorrow at 9 AM"
    async with office.db.tenant(office.tenant_id) as session:
        lead = await leads.lead_of_conversation(session, desk.conversation_id)
        (task,) = await leads.open_tasks(session)
        (back,) = await support.list_callbacks(session)
    assert lead is not None and lead.name == "Ann Lee"
    assert "porch light" in lead.extra["message"] and "pregnant" not in str(lead.extra) + str(lead.summary)
    assert (task.kind, back.phone, back.window_end) == ("message", "+13035550142", task.due_at)
    await desk.undo()
    async with office.db.tenant(office.tenant_id) as session:
        assert not await leads.open_tasks(session) and not await support.list_callbacks(session)


async def test_without_a_number_it_asks_for_one(office: Office) -> None:
    desk = await office.desk(None)
    result = await desk.run("take_message", {"message": "Call me"})
    assert not result.ok and "phone" in result.slots


async def test_who_is_rung_first(office: Office) -> None:
    now = office.clock.now()
    async with office.db.tenant(office.tenant_id) as session:
        for phone, minutes in (("+13035550001", 60), ("+13035550002", -5), ("+13035550003", 200)):
            await support.book_callback(session, phone=phone, window_end=now + timedelta(minutes=minutes))
        await support.book_callback(session, phone="+13035550004", at=now + timedelta(hours=5))
        await support.book_callback(session, phone="+13035550005", window_end=now + timedelta(minutes=1))
        await support.book_callback(session, phone="+13035550006", window_end=now + timedelta(hours=9))
        hot = (await office.desk("+13035550003")).conversation_id
        off = (await office.desk("+13035550005")).conversation_id
    async with office.db.tenant(office.tenant_id) as session:
        await leads.upsert_lead(session, hot, intent="buyer", phones=["+13035550003"], extra={"hot": True})
        await leads.upsert_lead(session, off, intent="buyer", phones=["+13035550005"], dnc=True)
        queue = await call_back_queue(session, now=now)
    assert [w.phone[-1] for w in queue] == ["2", "3", "1", "6", "4"]
    assert queue[0].why == "the promised time has passed"
