"""Two times offered, held and booked; moved and called off by the caller alone (A047, C29, C30, C41)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import Conflict, SeiketsuError, Unavailable
from stores import appointments, follow_up, leads, outbox, tenancy
from tests.office.conftest import MONDAY, Office
from tests.tools.conftest import Desk
from tools import delivery
from tools.base import ToolResult

BUYER = {
    "intent": "buyer",
    "areas": ["Oak Park"],
    "name": {"display": "Ann Lee"},
    "phone": "+13035550142",
    "email": "ann@lee.example",
    "consent_contact": True,
}


async def booked(office: Office) -> list[appointments.Appointment]:
    async with office.db.tenant(office.tenant_id) as session:
        return list(await appointments.list_appointments(session))


async def tasks(office: Office) -> list[leads.Task]:
    async with office.db.tenant(office.tenant_id) as session:
        return list(await leads.open_tasks(session))


async def test_two_times_on_different_half_days_with_the_zone_said(office: Office, desk: Desk) -> None:
    offer = await desk.run("offer_slots", {"kind": "tour"})
    assert offer.status == "offered"
    assert offer.facts["slot_a"] == "today at noon"
    assert offer.facts["slot_b"] == "tomorrow at 9 AM"
    assert "Mountain time" in offer.facts["offer"] and offer.facts["offer"].endswith("Which suits you?")
    other = await (await office.desk("+13035550177")).run("offer_slots", {"kind": "tour"})
    assert other.facts["agent"] != offer.facts["agent"], (
        "the same hour, with another agent: the first is held"
    )


@pytest.mark.parametrize(
    ("wish", "a", "b"),
    [
        ("Friday afternoon", "Friday, November 27 at noon", "Friday, November 27 at 2 PM"),
        ("tomorrow", "tomorrow at 9 AM", "tomorrow at noon"),
        ("at three", "today at 3 PM", "tomorrow at 3 PM"),
        ("Friday at two", "Friday, November 27 at 2 PM", ""),
        ("next week", "Monday, November 30 at 9 AM", "Monday, November 30 at noon"),
        ("December 1st in the morning", "Tuesday, December 1 at 9 AM", "Tuesday, December 1 at 11 AM"),
        ("el martes por la mañana", "tomorrow at 9 AM", "tomorrow at 11 AM"),
    ],
)
async def test_what_the_caller_wishes_is_offered(desk: Desk, wish: str, a: str, b: str) -> None:
    offer = await desk.run("offer_slots", {"kind": "consult", "wish": wish})
    assert {offer.facts["slot_a"], offer.facts["slot_b"]} == {a, b}
    assert "Nobody is free" not in offer.facts["offer"]


async def test_a_wish_that_cannot_be_met_is_said_so(desk: Desk) -> None:
    offer = await desk.run("offer_slots", {"kind": "tour", "wish": "on Sunday"})
    said = (
        "Nobody is free Sunday, November 29. I have Lee free for a tour Friday, November 27 at 9 AM or Monday"
    )
    assert offer.facts["offer"].startswith(said)


async def test_booking_says_confirms_and_writes_everything(office: Office, desk: Desk) -> None:
    desk.slots = dict(BUYER)
    await desk.run("save_lead", BUYER)
    await desk.run("offer_slots", {"kind": "tour", "wish": "tomorrow"})
    done = await desk.run("book_appointment", {"choice": "the second one", "text_ok": True})
    assert done.status == "booked", done
    said = done.facts["booking_result"]
    assert "a tour with" in said and "tomorrow at noon Mountain time" in said
    assert "written buyer agreement" in said and "by text and e-mail" in said
    (row,) = await booked(office)
    assert row.starts_at == datetime(2026, 11, 24, 19, tzinfo=UTC)
    assert (row.name, row.phone, row.email) == ("Ann Lee", "+13035550142", "ann@lee.example")
    assert row.buyer_agreement_required
    async with office.db.tenant(office.tenant_id) as session:
        lead = await leads.lead_of_conversation(session, desk.conversation_id)
        letters = await outbox.list_messages(session)
        assert not await appointments.holds(session, desk.conversation_id)
    assert lead is not None and lead.appointment is not None
    assert (lead.appointment["status"], lead.appointment["id"]) == ("booked", str(row.id))
    assert lead.appointment["buyer_agreement_required"] is True
    assert row.lead_id == lead.id
    texts = {m.kind: m.body for m in letters if m.to_ in ("+13035550142", "ann@lee.example")}
    assert "STOP" in texts["sms"] and "/l/" in texts["sms"]
    assert "Equal Housing Opportunity" in texts["email"] and "buyer agreement" in texts["email"]
    assert any(m.to_.endswith("@acme.example") and "Ann Lee" in m.body for m in letters)
    assert sum("BEGIN:VEVENT" in (m.calendar or "") for m in letters) == 2, "for the caller and the agent"
    await delivery.settle()
    sent = [letter for letter in office.post.letters if letter.to == "ann@lee.example"]
    assert "METHOD:PUBLISH" in (sent[0].calendar or "")


async def test_no_letter_leaves_without_a_yes(office: Office, desk: Desk) -> None:
    await desk.run("offer_slots", {"kind": "call"})
    done = await desk.run("book_appointment", {"choice": 1})
    assert done.facts["confirmation"] == ""
    async with office.db.tenant(office.tenant_id) as session:
        assert all("@acme.example" in m.to_ for m in await outbox.list_messages(session))


@pytest.mark.parametrize(
    ("choice", "status"),
    [
        ("the first", "booked"),
        ("2", "booked"),
        ("nine works", "booked"),
        ("neither", "declined"),
        ("what about Friday", "declined"),
        ("hm, let me think", "unclear"),
        (7, "unclear"),
    ],
)
async def test_which_one_is_meant(desk: Desk, choice: Any, status: str) -> None:
    await desk.run("offer_slots", {"kind": "tour", "wish": "tomorrow"})
    assert (await desk.run("book_appointment", {"choice": choice})).status == status


async def test_nothing_on_offer_nothing_booked(desk: Desk) -> None:
    result = await desk.run("book_appointment", {"choice": 1})
    assert (result.status, result.receipt_id) == ("no_offer", None)


async def test_more_offers_others_and_lets_go_of_the_first(office: Office, desk: Desk) -> None:
    first = await desk.run("offer_slots", {"kind": "tour"})
    second = await desk.run("offer_slots", {"kind": "tour", "more": True})
    assert {first.facts["slot_a"], first.facts["slot_b"]}.isdisjoint(
        {second.facts["slot_a"], second.facts["slot_b"]}
    )
    async with office.db.tenant(office.tenant_id) as session:
        assert len(await appointments.holds(session, desk.conversation_id)) == 2


async def test_a_hold_that_ran_out_is_booked_only_if_nobody_took_it(office: Office, desk: Desk) -> None:
    await desk.run("offer_slots", {"kind": "tour"})
    office.clock.advance(minutes=11)
    assert (await desk.run("book_appointment", {"choice": 1})).status == "booked"
    late, quick = await office.desk("+13035550177"), await office.desk("+13035550178")
    async with office.db.tenant(office.tenant_id) as session:
        await appointments.update_agenda(session, office.people["lee"], bookable=False)
    await late.run("offer_slots", {"kind": "valuation"})
    office.clock.advance(minutes=11)
    await quick.run("offer_slots", {"kind": "valuation"})
    assert (await quick.run("book_appointment", {"choice": 1})).status == "booked"
    assert (await late.run("book_appointment", {"choice": 1})).status in ("taken", "no_offer")


async def test_fifty_at_once_never_share_a_time(office: Office) -> None:
    desks = [await office.desk(f"+1303555{n:04d}") for n in range(50)]

    async def patiently(desk: Desk, name: str, args: dict[str, Any]) -> ToolResult:
        """Fifty callers share ten connections: on a loaded machine some have to ask again."""
        for _ in range(30):
            try:
                return await desk.run(name, args, key=f"{desk.conversation_id}:{name}")
            except SeiketsuError:
                await asyncio.sleep(0.2)
        raise AssertionError("never served")

    async def one(desk: Desk) -> str:
        offer = await patiently(desk, "offer_slots", {"kind": "tour", "wish": "tomorrow"})
        if offer.status == "none":
            return "none"
        return (await patiently(desk, "book_appointment", {"choice": 1})).status

    statuses = await asyncio.gather(*(one(d) for d in desks))
    assert set(statuses) <= {"booked", "none"}
    rows = await booked(office)
    assert len(rows) == statuses.count("booked") >= 20
    by_agent: dict[Any, list[appointments.Appointment]] = {}
    for row in sorted(rows, key=lambda r: r.starts_at):
        before = by_agent.setdefault(row.member_id, [])
        assert not before or before[-1].blocks_until <= row.starts_at
        before.append(row)


async def test_the_same_moment_from_fifty_hands_is_given_once(office: Office) -> None:
    start = MONDAY + timedelta(days=1)

    async def grab(minute: int) -> bool:
        try:
            async with office.db.tenant(office.tenant_id) as session:
                await appointments.place(
                    session,
                    now=MONDAY,
                    member_id=office.people["lee"],
                    starts_at=start + timedelta(minutes=minute),
                    ends_at=start + timedelta(minutes=minute + 30),
                    kind="call",
                    status="booked",
                    timezone="America/Denver",
                )
            return True
        except (Conflict, Unavailable):
            return False

    assert sum(await asyncio.gather(*(grab(n % 25) for n in range(50)))) == 1


async def test_the_database_itself_refuses_an_overlap(office: Office) -> None:
    """The wall behind the wall: without the lock and the look, Postgres still says no."""
    from sqlalchemy.exc import IntegrityError

    rows = [
        appointments.Appointment(
            member_id=office.people["lee"],
            kind="call",
            status="booked",
            timezone="UTC",
            starts_at=MONDAY + timedelta(minutes=n),
            ends_at=MONDAY + timedelta(minutes=n + 30),
            blocks_until=MONDAY + timedelta(minutes=n + 30),
        )
        for n in (0, 10)
    ]

    async def force() -> None:
        async with office.db.tenant(office.tenant_id) as session:
            session.add_all(rows)

    with pytest.raises((SeiketsuError, IntegrityError)):
        await force()
    assert await booked(office) == []


async def test_moved_by_phone(office: Office, desk: Desk) -> None:
    await desk.run("offer_slots", {"kind": "tour", "wish": "tomorrow"})
    await desk.run("book_appointment", {"choice": 1, "name": {"display": "Ann Lee"}})
    later = await office.desk()
    await later.run("offer_slots", {"kind": "tour", "wish": "Friday"})
    moved = await later.run("reschedule_appointment", {"choice": "the first"})
    assert moved.status == "moved"
    assert moved.facts["booking_result"].startswith("It's moved: a tour with")
    (row,) = await booked(office)
    assert (row.starts_at.day, row.sequence, row.name) == (27, 1, "Ann Lee")
    assert await later.undo() is not None
    (row,) = await booked(office)
    assert row.starts_at.day == 24


async def test_cancelled_by_phone_and_undone(office: Office, desk: Desk) -> None:
    await desk.run("save_lead", BUYER)
    await desk.run("offer_slots", {"kind": "tour"})
    await desk.run("book_appointment", {"choice": 1})
    later = await office.desk()
    off = await later.run("cancel_appointment")
    assert off.status == "cancelled" and "is cancelled" in off.facts["cancel_result"]
    assert await booked(office) == []
    assert any("offer another time" in t.title for t in await tasks(office))
    free_again = await (await office.desk("+13035550177")).run("offer_slots", {"kind": "tour"})
    assert free_again.facts["slot_a"] == "today at noon"
    undone = await later.undo()
    assert undone is not None


async def test_a_stranger_finds_nothing(office: Office, desk: Desk) -> None:
    await desk.run("offer_slots", {"kind": "tour"})
    await desk.run("book_appointment", {"choice": 1})
    stranger = await office.desk("+13035559999", slots={"phone": "+13035550142"})
    assert (await stranger.run("cancel_appointment")).status == "nothing"
    assert (await stranger.run("reschedule_appointment", {"choice": 1})).status == "nothing"
    hidden = await office.desk(None)
    assert (await hidden.run("cancel_appointment")).status == "nothing"
    assert len(await booked(office)) == 1


async def test_a_chat_proves_nobodys_number(office: Office, desk: Desk) -> None:
    """Anybody can name any number there; what was booked in the chat itself may be called off (C41)."""
    await desk.run("offer_slots", {"kind": "tour"})
    await desk.run("book_appointment", {"choice": 1})
    chat = await office.desk(channel="chat")
    assert (await chat.run("cancel_appointment")).status == "nothing"
    assert (await chat.run("reschedule_appointment", {"choice": 1})).status == "nothing"
    await chat.run("offer_slots", {"kind": "tour", "wish": "Friday"})
    await chat.run("book_appointment", {"choice": 1})
    assert (await chat.run("cancel_appointment")).status == "cancelled"
    assert len(await booked(office)) == 1


async def test_with_two_appointments_it_asks_which(office: Office, desk: Desk) -> None:
    for wish in ("tomorrow", "Friday"):
        await desk.run("offer_slots", {"kind": "consult", "wish": wish})
        await desk.run("book_appointment", {"choice": 1})
    asked = await desk.run("cancel_appointment")
    assert asked.status == "which" and " or " in asked.facts["choices"]
    assert (await desk.run("cancel_appointment", {"which": "the one on Friday"})).status == "cancelled"
    (left,) = await booked(office)
    assert left.starts_at.day == 24


async def test_somebody_elses_client_is_not_shown_around(office: Office) -> None:
    desk = await office.desk(slots={"represented": "exclusive", "intent": "buyer"})
    assert (await desk.run("offer_slots")).status == "represented"


async def test_a_booking_ends_the_follow_up(office: Office, desk: Desk) -> None:
    await desk.run("save_lead", BUYER)
    async with office.db.tenant(office.tenant_id) as session:
        lead = await leads.lead_of_conversation(session, desk.conversation_id)
        assert lead is not None
        await follow_up.plan_step(
            session, lead_id=lead.id, step=0, channel="email", template="thanks", due_at=MONDAY
        )
    await desk.run("offer_slots")
    await desk.run("book_appointment", {"choice": 1})
    async with office.db.tenant(office.tenant_id) as session:
        assert [(s.status, s.reason) for s in await follow_up.steps(session, lead.id)][-1] == (
            "stopped",
            "appointment",
        )


async def test_a_rehearsal_takes_nobodys_time_and_writes_to_nobody(office: Office) -> None:
    desk = await office.desk(rehearsal=True, slots=dict(BUYER))
    await desk.run("offer_slots", {"kind": "tour"})
    assert (await desk.run("book_appointment", {"choice": 1, "text_ok": True})).status == "booked"
    assert await booked(office) == []
    real = await (await office.desk("+13035550188")).run("offer_slots", {"kind": "tour"})
    assert real.facts["slot_a"] == "today at noon"
    await delivery.settle()
    assert office.post.letters == []


async def test_without_agendas_the_office_hours_and_the_owner_serve(db: Any, tenant_id: Any) -> None:
    from core.clock import FakeClock
    from tests.tools.conftest import Postbox

    async with db.tenant(tenant_id) as session:
        dana = await tenancy.add_member(session, name="Dana Reed", email="dana@acme.example", role="owner")
    desk = await Office(db, tenant_id, {"dana": dana.id}, FakeClock(MONDAY), Postbox()).desk()
    offer = await desk.run("offer_slots", {"kind": "consult"})
    assert offer.status == "offered" and offer.facts["agent"] == "Dana"
