"""Help, links and refusals of contact on real Postgres (B022-B025, C06, C12, C31, C41)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.ids import HOUSE_TENANT, fingerprint
from stores import calls, leads, outbox, receipts, support, tenancy
from tests.tools.conftest import CALLER, Desk
from tests.tools.test_leads import BUYER
from tools import delivery, registry

# -- a person ----------------------------------------------------------------------------------------


async def test_asking_for_a_person_opens_a_ticket_and_books_a_call_by_the_plans_clock(desk: Desk) -> None:
    await desk.register(plan="business")
    result = await desk.run("hand_over", {"reason": "asked", "step": "voice_agent"})
    assert (result.facts["ticket"], result.facts["when"]) == (1001, " within one day")
    async with desk.db.tenant(desk.ctx().tenant) as session:
        (ticket,) = await support.list_tickets(session)
        (callback,) = await support.list_callbacks(session)
    assert ticket.due_at == desk.clock.now() + timedelta(hours=24) == callback.window_end
    assert (ticket.priority, ticket.category, callback.phone, callback.ticket_id) == (
        "medium", "account", CALLER, ticket.id,
    )  # fmt: skip
    await desk.undo()
    async with desk.db.tenant(desk.ctx().tenant) as session:
        assert (await support.get_ticket(session, 1001)).status == "cancelled"
        assert await support.list_callbacks(session) == []


async def test_before_registration_the_ticket_is_the_houses(desk: Desk) -> None:
    await desk.run("hand_over", {"reason": "not_understood"})
    async with desk.db.tenant(HOUSE_TENANT) as session:
        (ticket,) = await support.list_tickets(session)
    assert ticket.due_at == desk.clock.now() + timedelta(hours=72), "nobody has a plan yet: the longest clock"


async def test_without_any_number_no_call_is_promised(desk: Desk) -> None:
    desk.caller, desk.channel = None, "chat"
    result = await desk.run("hand_over", {"reason": "asked"})
    assert result.ok and result.facts["callback"] is False
    refused = await desk.run("book_callback", {})
    assert not refused.ok and "phone" in refused.slots


async def test_a_leads_ticket_is_the_brokerages_and_follows_its_hours(front_desk: Desk) -> None:
    async with front_desk.db.tenant(front_desk.home) as session:
        await tenancy.upsert_profile(session, hours={"tue": [["09:00", "12:00"]]})
    result = await front_desk.run("hand_over", {"reason": "asked"})
    assert result.facts["when"] == " after the office opens"
    async with front_desk.db.tenant(front_desk.home) as session:
        (ticket,) = await support.list_tickets(session)
    assert ticket.due_at is not None and ticket.due_at.isoformat() == "2026-11-24T20:00:00+00:00"


async def test_a_call_goes_to_the_callers_own_number_only(desk: Desk) -> None:
    forged = await desk.run("book_callback", {"phone": "+19005550000"})
    assert not forged.ok
    at = desk.clock.now() + timedelta(days=1)
    booked = await desk.run("book_callback", {"phone": CALLER, "at": at.isoformat()})
    assert booked.facts["when"] == " tomorrow at 11 AM"
    past = await desk.run("book_callback", {"at": (at - timedelta(days=2)).isoformat()})
    assert not past.ok


async def test_a_ticket_in_the_callers_own_words(desk: Desk) -> None:
    args = {"subject": "Calls are not answered", "category": "technical", "priority": "critical"}
    assert (await desk.run("open_ticket", args)).facts == {"ticket": 1001, "when": " within one day"}
    wrong = await desk.run("open_ticket", args | {"category": "gossip"})
    assert not wrong.ok and "category" in wrong.slots


async def test_satisfaction_is_kept_on_its_scale_or_not_at_all(desk: Desk) -> None:
    assert (await desk.run("record_satisfaction", {"ease": 6})).status == "recorded"
    assert not (await desk.run("record_satisfaction", {"ease": 9})).ok
    skipped = await desk.run("record_satisfaction", {})
    assert (skipped.status, skipped.receipt_id) == ("skipped", None)
    async with desk.db.tenant(HOUSE_TENANT) as session:
        (survey,) = await support.list_surveys(session)
    assert (survey.kind, survey.score, survey.conversation_id) == ("ces", 6, desk.conversation_id)


# -- team and plan -----------------------------------------------------------------------------------


async def test_invites_fill_the_plans_seats_and_no_more(desk: Desk) -> None:
    await desk.register()
    four = [{"name": f"Agent {i}", "email": f"a{i}@summit.example", "role": "agent"} for i in range(4)]
    assert (await desk.run("invite_people", {"team_invites": four})).facts == {"invited": 4}
    fifth = [{"name": "One More", "email": "more@summit.example"}]
    refused = await desk.run("invite_people", {"team_invites": fifth})
    assert "Professional includes 5 users" in refused.slots["team_invites"]
    again = await desk.run("invite_people", {"team_invites": four[:1]})
    assert again.facts == {"invited": 0}, "inviting somebody twice takes no second seat"
    await delivery.settle()
    assert sum("invited you" in (m.subject or "") for m in desk.post.letters) == 4


async def test_a_plan_that_is_too_small_is_refused_with_the_one_that_fits(desk: Desk) -> None:
    await desk.register(team_size=1)
    people = [{"name": "Second One", "email": "two@summit.example"}]
    await desk.run("invite_people", {"team_invites": people})
    refused = await desk.run("change_plan", {"plan": "starter"})
    assert "Starter includes 1 user. Professional would fit." in refused.slots["plan"]
    changed = await desk.run("change_plan", {"plan": "enterprise"})
    assert (changed.status, changed.facts["plan_label"]) == ("changed", "Enterprise")


# -- links -------------------------------------------------------------------------------------------


async def test_a_secure_link_goes_to_the_callers_own_phone_and_says_nothing_else(desk: Desk) -> None:
    result = await desk.run("send_link", {"slot": "billing_details"})
    assert result.facts == {"channel": "sms", "ending": "0142", "purpose": "billing"}
    await delivery.settle()
    (letter,) = desk.post.letters
    assert (letter.kind, letter.to) == ("sms", CALLER) and "Summit" not in letter.body
    token = letter.body.rsplit("/l/", 1)[1]
    async with desk.db.platform("test") as session:
        link = await outbox.peek_link(session, fingerprint(token), now=desk.clock.now())
        assert link is not None and link.payload["slot"] == "billing_details"
        late = desk.clock.now() + timedelta(minutes=31)
        assert await outbox.peek_link(session, fingerprint(token), now=late) is None


async def test_a_link_to_somebody_elses_number_is_refused(desk: Desk) -> None:
    for target in ("+19005550000", "evil@example.com"):
        refused = await desk.run("send_link", {"target": target})
        assert not refused.ok
    await delivery.settle()
    assert desk.post.letters == []


async def test_without_a_phone_it_goes_by_mail_or_not_at_all(desk: Desk) -> None:
    desk.caller = None
    assert not (await desk.run("send_link", {"slot": "admin_email"})).ok
    desk.slots = {"admin_email": "dana@summit.example"}
    assert (await desk.run("send_link", {"slot": "greeting"})).facts["channel"] == "email"


# -- no more contact, no recording -------------------------------------------------------------------


async def test_stop_calling_reaches_every_list_and_every_waiting_letter_at_once(front_desk: Desk) -> None:
    await front_desk.run("save_lead", BUYER | {"phone": CALLER})
    await delivery.settle()
    async with front_desk.db.tenant(front_desk.home) as session:
        await outbox.queue_message(session, kind="sms", to=CALLER, body="Homes for you")
        await outbox.queue_message(session, kind="sms", to="+13035550155", body="Homes for another")
    result = await front_desk.run("opt_out")
    assert result.status == "opted_out" and result.facts["cancelled"] == 1
    async with front_desk.db.tenant(front_desk.home) as session:
        (lead,), _ = await leads.list_leads(session)
        assert lead.dnc and lead.consent["sms"]["revoked_at"] and await leads.open_tasks(session) == []
        waiting = {m.to_: m.status for m in await outbox.list_messages(session) if m.body.startswith("Homes")}
    assert waiting[CALLER] == "cancelled" and waiting["+13035550155"] != "cancelled"
    # the hang-up saves the form once more: that must not undo it
    await front_desk.run("save_lead", BUYER | {"phone": CALLER})
    async with front_desk.db.tenant(front_desk.home) as session:
        (lead,), _ = await leads.list_leads(session)
    assert lead.dnc and lead.disposition == "opted_out" and lead.consent["sms"]["revoked_at"]
    assert not (await front_desk.run("send_link", {})).ok, "not even a link goes to that number"


async def test_a_stranger_who_says_stop_is_listed_too(front_desk: Desk) -> None:
    await front_desk.run("opt_out")
    async with front_desk.db.tenant(front_desk.home) as session:
        (row,), _ = await leads.list_leads(session, phone=CALLER)
    assert (row.dnc, row.name, row.disposition) == (True, None, "opted_out")
    assert await front_desk.undo() is None, "only the caller's own word puts them back"


async def test_dont_record_is_noted_on_the_call(front_desk: Desk) -> None:
    async with front_desk.db.tenant(front_desk.home) as session:
        call = await calls.start_call(session, now=front_desk.clock.now(), sid="CA1")
    await registry.run(replace(front_desk.ctx(), call_id=call.id), "dont_record", {}, key="dr")
    async with front_desk.db.tenant(front_desk.home) as session:
        kept = await calls.get_call(session, call.id)
        done = await receipts.receipts(session, front_desk.conversation_id)
    assert kept is not None and kept.extra["recording_refused_at"] and done[0].tool == "dont_record"
