"""A call is placed once, if the gate allows it then, whatever the carrier or a crash does (C01-C06)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from policies import dialing
from stores import consents, dials, leads, support, tenancy
from tests.outbound.conftest import ANN, LINE, PUBLIC, Exchange, nobody_home, query_of
from tools import dialling, follow_up
from tools.base import Ports
from tools.consent import stop_contact

LOST = dialing.dialing().calls.lost_seconds


async def test_the_carrier_is_asked_for_everything_a_call_needs(exchange: Exchange) -> None:
    nobody_home(exchange)
    dial = await exchange.want()
    await exchange.sweep()
    (order,) = exchange.carrier.orders
    assert (order["To"], order["From"], order["Method"]) == (ANN, LINE, "POST")
    assert (order["MachineDetection"], order["AsyncAmd"]) == ("Enable", "true")
    assert order["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
    assert int(order["TimeLimit"]) <= 21 * 60, "a call is never longer than the client lets it be (C42)"
    for name, path in (
        ("Url", "answer"),
        ("StatusCallback", "status"),
        ("AsyncAmdStatusCallback", "machine"),
    ):
        assert str(order[name]).startswith(f"{PUBLIC}/twilio/outbound/{path}?"), name
    assert query_of(order)["dial"] == str(dial) and ANN not in str(order["Url"])
    await exchange.street.quiet()
    row = await exchange.row(dial)
    assert (row.status, row.outcome, row.tries) == ("planned", "no-answer", 1)
    assert row.due_at == exchange.clock.now() + timedelta(hours=4), "tried again later, through the gate"
    assert [a for a, _ in await exchange.trail()][-3:] == ["call.allowed", "call.placed", "call.ended"]


async def test_three_tries_and_no_more(exchange: Exchange) -> None:
    nobody_home(exchange, "busy")
    dial = await exchange.want()
    for _ in range(6):
        await exchange.sweep()
        await exchange.street.quiet()
        exchange.clock.advance(minutes=31)
    row = await exchange.row(dial)
    assert (row.status, row.reason, row.tries) == ("done", "tries_used", 3)
    assert len(exchange.carrier.orders) == 3 and await exchange.counted() == 3


async def test_many_processes_place_one_call(exchange: Exchange) -> None:
    nobody_home(exchange)
    await exchange.want()
    await asyncio.gather(*(exchange.sweep() for _ in range(6)))
    assert len(exchange.carrier.orders) == 1


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("off", "outbound_off"),
        ("list", "listed"),
        ("consent", "no_consent"),
        ("old", "consent_expired"),
        ("national", "national_list_old"),
        ("represented", "represented"),
        ("closed", "closed"),
        ("unpaid", "payment_overdue"),
        ("test", "test"),
    ],
)
async def test_what_has_changed_since_it_was_planned_counts(
    exchange: Exchange, why: str, reason: str
) -> None:
    dial = await exchange.want()
    now = exchange.clock.now()
    async with exchange.db.tenant(exchange.tenant_id) as session:
        if why == "list":
            await consents.list_number(session, ANN, reason="asked", source="sms", evidence="x", at=now)
        elif why == "consent":
            await consents.record_consent(
                session, address=ANN, kinds=["voice", "voice_ai"], granted=False, evidence="x", source="sms",
                at=now,
            )  # fmt: skip
        elif why == "represented":
            await leads.update_lead(session, exchange.lead_id, represented="exclusive")
        elif why == "test":
            await leads.update_lead(session, exchange.lead_id, test=True)
        elif why == "closed":
            await tenancy.set_status(session, "paused", at=now, reason="x")
        elif why == "unpaid":
            await tenancy.update_tenant(
                session,
                settings={"billing": {"status": "past_due", "at": (now - timedelta(days=15)).isoformat()}},
            )
    if why == "off":
        await exchange.settings(outbound=False)
    if why == "old":
        exchange.clock.advance(days=546)  # eighteen months; a Tuesday
        await exchange.settings(national_list_at=exchange.clock.now().isoformat())
    if why == "national":
        exchange.clock.advance(days=35)
    await exchange.sweep()
    row = await exchange.row(dial)
    assert (row.status, row.reason) == ("stopped", reason)
    assert exchange.carrier.orders == []
    assert dialing.why_words(reason) == dialing.dialing().reasons[reason]


async def test_at_night_it_waits_for_the_hour_that_suits_the_law(exchange: Exchange) -> None:
    exchange.clock.advance(hours=12)  # eleven at night in Denver
    dial = await exchange.want()
    await exchange.sweep()
    row = await exchange.row(dial)
    assert (row.status, row.reason, row.tries) == ("planned", "quiet_hours", 0)
    assert (row.due_at.hour, row.due_at.minute) == (16, 0), "nine in the morning there"
    assert await exchange.counted() == 0


async def test_a_california_home_needs_an_agreement_beforehand(exchange: Exchange) -> None:
    async with exchange.db.tenant(exchange.tenant_id) as session:
        await leads.update_lead(session, exchange.lead_id, property_address="1 Main St, Fresno, CA 93701")
    dial = await exchange.want()
    await exchange.sweep()
    assert (await exchange.row(dial)).reason == "prior_agreement"


async def test_an_opt_out_stops_what_waits_and_is_seen_while_it_rings(exchange: Exchange) -> None:
    waiting = await exchange.want()
    async with exchange.db.tenant(exchange.tenant_id) as session:
        await stop_contact(session, [ANN], source="sms", evidence="text", now=exchange.clock.now())
    await exchange.sweep()
    row = await exchange.row(waiting)
    assert (row.status, row.reason) == ("stopped", "opt_out") and exchange.carrier.orders == []


async def test_an_opt_out_between_the_gate_and_the_carrier(exchange: Exchange, monkeypatch: Any) -> None:
    dial = await exchange.want()
    ask = dialling.dial_gate.may_call

    async def and_then(*args: Any, **more: Any) -> Any:
        decision = await ask(*args, **more)
        async with exchange.db.tenant(exchange.tenant_id) as session:
            await stop_contact(session, [ANN], source="sms", evidence="text", now=exchange.clock.now())
        return decision

    monkeypatch.setattr(dialling.dial_gate, "may_call", and_then)
    await exchange.sweep()
    assert exchange.carrier.orders == []
    assert ((await exchange.row(dial)).reason, await exchange.counted()) == ("opt_out", 0)


@pytest.mark.parametrize(
    ("answer", "reason", "status"),
    [
        ((401, 20003, {}), "carrier_refused", "planned"),
        ((429, 20429, {"Retry-After": "600"}), "carrier_busy", "planned"),
        ((400, 21211, {}), "carrier_declined", "stopped"),
        ((400, 21215, {}), "carrier_declined", "stopped"),
    ],
)
async def test_what_the_carrier_refuses_does_not_count(
    exchange: Exchange, answer: tuple[int, int, dict[str, str]], reason: str, status: str
) -> None:
    nobody_home(exchange)
    exchange.carrier.refusals = [answer]
    dial = await exchange.want()
    await exchange.sweep()
    row = await exchange.row(dial)
    assert (row.status, row.reason, row.tries, await exchange.counted()) == (status, reason, 0, 0)
    if status == "planned":
        wait = 600 if answer[2] else 900
        assert row.due_at == exchange.clock.now() + timedelta(seconds=wait)
        exchange.clock.advance(seconds=wait)
        await exchange.sweep()
        assert len(exchange.carrier.orders) == 1


@pytest.mark.parametrize("fault", ["no answer", "503"])
async def test_when_nobody_knows_the_carrier_is_asked_and_nothing_is_dialled_twice(
    exchange: Exchange, fault: str
) -> None:
    nobody_home(exchange)
    if fault == "503":
        exchange.carrier.refusals = [(503, 20500, {})]
    else:
        exchange.carrier.mute = 1
    dial = await exchange.want()
    await exchange.sweep()
    placed = len(exchange.carrier.orders)
    if placed:
        await exchange.street.quiet()  # it rang, and its own reports say what came of it
        assert (await exchange.row(dial)).outcome == "no-answer"
        return
    assert (await exchange.row(dial)).status == "placing"
    exchange.clock.advance(seconds=LOST - 10)
    await exchange.sweep()
    assert exchange.carrier.orders == [], "too early to be sure"
    exchange.clock.advance(seconds=20)
    await exchange.sweep()
    assert len(exchange.carrier.orders) == 1, "the carrier knows of none, so it was not placed"
    assert await exchange.counted() == 1


async def test_a_crash_after_the_carrier_was_asked(exchange: Exchange, monkeypatch: Any) -> None:
    """The process dies with the answer in its hand, and no report ever arrives."""
    nobody_home(exchange)

    async def lost(*_: Any, **__: Any) -> None:
        raise asyncio.CancelledError

    dial = await exchange.want()
    exchange.street.url = "http://127.0.0.1:9"  # its reports reach nobody
    with monkeypatch.context() as patched:
        patched.setattr(dialling.dials, "move", _dies_at(dialling.dials.move, "placed"))
        with pytest.raises(asyncio.CancelledError):
            await exchange.sweep()
    assert (await exchange.row(dial)).status == "placing"
    await exchange.street.quiet()
    for _ in range(3):
        exchange.clock.advance(seconds=LOST + 1)
        await exchange.sweep()
    row = await exchange.row(dial)
    assert len(exchange.carrier.orders) == 1, "found at the carrier, not dialled again"
    assert (row.status, row.outcome, row.sid) == ("planned", "no-answer", exchange.street.lines[0].sid)


def _dies_at(move: Any, status: str) -> Any:
    async def dying(session: Any, row: Any, fields: Any) -> Any:
        if fields.get("status") == status:
            raise asyncio.CancelledError
        return await move(session, row, fields)

    return dying


async def test_a_crash_before_the_carrier_was_asked(exchange: Exchange, monkeypatch: Any) -> None:
    nobody_home(exchange)
    dial = await exchange.want()
    with monkeypatch.context() as patched:
        patched.setattr(dialling.dials, "move", _dies_at(dialling.dials.move, "placing"))
        with pytest.raises(asyncio.CancelledError):
            await exchange.sweep()
    assert (await exchange.row(dial)).status == "claimed" and exchange.carrier.orders == []
    exchange.clock.advance(seconds=LOST + 1)
    await exchange.sweep()
    await exchange.sweep()
    assert len(exchange.carrier.orders) == 1


async def test_while_the_carrier_is_away_nothing_is_concluded(exchange: Exchange) -> None:
    exchange.carrier.refusals = [(503, 0, {})]
    dial = await exchange.want()
    await exchange.sweep()
    exchange.carrier.broken = 503
    exchange.clock.advance(seconds=LOST + 1)
    await exchange.sweep()
    assert (await exchange.row(dial)).status == "placing"


async def test_no_carrier_no_calls(exchange: Exchange) -> None:
    dial = await exchange.want()
    await dialling.sweep(exchange.db, Ports(), exchange.clock)
    assert (await exchange.row(dial)).status == "planned"


async def test_without_minutes_or_lines_it_waits(exchange: Exchange) -> None:
    from tools.admission import Denied

    class Full:
        async def admit(self, *_: Any, **__: Any) -> Denied:
            return Denied("quota", "", "")

    dial = await exchange.want()
    ports = Ports(calls=exchange.ports.calls, public_url=PUBLIC, admission=Full())
    await dialling.sweep(exchange.db, ports, exchange.clock)
    row = await exchange.row(dial)
    assert (row.status, row.reason, exchange.carrier.orders) == ("planned", "quota", [])
    assert row.due_at == exchange.clock.now() + timedelta(hours=1)


async def test_a_call_back_that_somebody_sees_to_is_theirs(exchange: Exchange) -> None:
    async with exchange.db.tenant(exchange.tenant_id) as session:
        dana = await tenancy.add_member(session, name="Dana", email="d@acme.example", role="owner")
        back = await support.book_callback(session, phone=ANN, reason="asked")
        dial = await exchange.want(why="callback", callback_id=back.id)
        await support.change_callback(session, back.id, {"claimed_by": dana.id})
    await exchange.sweep()
    assert ((await exchange.row(dial)).reason, exchange.carrier.orders) == ("claimed", [])


async def test_a_step_of_the_cadence_is_a_call_until_they_answer(exchange: Exchange) -> None:
    steps = [{"minutes": 5, "channel": "call", "template": "thanks"},
             {"minutes": 600, "channel": "call", "template": "still_looking"}]  # fmt: skip
    async with exchange.db.tenant(exchange.tenant_id) as session:
        await tenancy.upsert_rules(session, follow_up=steps)
        lead = await leads.get_lead(session, exchange.lead_id)
        assert await follow_up.plan(session, lead, now=exchange.clock.now()) == 2
    nobody_home(exchange)
    exchange.clock.advance(minutes=6)
    await follow_up.sweep(exchange.db, exchange.ports, exchange.clock)
    await exchange.sweep()
    await exchange.street.quiet()
    assert len(exchange.carrier.orders) == 1
    async with exchange.db.tenant(exchange.tenant_id) as session:
        await follow_up.replied(session, ANN, now=exchange.clock.now())
        (row,) = await dials.page(session, limit=5)
    assert (row.status, row.reason, row.why) == ("stopped", "reply", "follow_up")
    exchange.clock.advance(days=1)
    await follow_up.sweep(exchange.db, exchange.ports, exchange.clock)
    await exchange.sweep()
    assert len(exchange.carrier.orders) == 1
