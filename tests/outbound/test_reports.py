"""What the carrier reports, in any order, twice, late, and from strangers (C07, C14)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from simulate.called import CalledLine
from stores import calls, consents, conversations, leads
from stores.dials import Dial
from tests.line.handset import read
from tests.outbound.conftest import ACCOUNT, ANN, LINE, Exchange

SID = "CA" + "5" * 32


@pytest.fixture
async def order(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> tuple[UUID, dict[str, Any]]:
    async def still(self: CalledLine, **_: Any) -> None:
        self.closed.set()

    monkeypatch.setattr(CalledLine, "ring", still)
    monkeypatch.setattr(CalledLine, "hang_up", still)
    monkeypatch.setattr(CalledLine, "update", still)
    dial = await exchange.want()
    exchange.street.on_ring = lambda line: setattr(line, "sid", SID)
    await exchange.sweep()
    return dial, exchange.carrier.orders[-1]


async def state(exchange: Exchange, dial: UUID) -> tuple[str, str | None]:
    row: Dial = await exchange.row(dial)
    return row.status, row.outcome


async def test_only_the_carrier_is_believed(exchange: Exchange, order: Any) -> None:
    dial, fields = order
    for name, path in (
        ("Url", "answer"),
        ("StatusCallback", "status"),
        ("AsyncAmdStatusCallback", "machine"),
    ):
        url = str(fields[name]).replace("https://voice.example", exchange.url)
        form = {
            "CallSid": SID,
            "AccountSid": ACCOUNT,
            "CallStatus": "completed",
            "AnsweredBy": "machine_start",
        }
        forged = await exchange.http.post(url, data=form, headers={"X-Twilio-Signature": "bm8="})
        assert forged.status_code == 403, path
        swapped = await exchange.told(path, {name: f"{fields[name]}0"}, SID, CallStatus="busy")
        assert swapped.status_code in (200, 204), "signed, but about no try of ours"
    assert await state(exchange, dial) == ("placed", None)


async def test_states_out_of_order_and_twice_settle_it_once(exchange: Exchange, order: Any) -> None:
    dial, fields = order
    for status in ("ringing", "busy", "busy", "ringing", "initiated", "completed", "no-answer"):
        answer = await exchange.told("status", fields, SID, CallStatus=status, SequenceNumber="1")
        assert answer.status_code == 204
    row = await exchange.row(dial)
    assert (row.status, row.outcome, row.tries) == ("planned", "busy", 1)
    assert [a for a, _ in await exchange.trail()].count("call.ended") == 1


async def test_an_earlier_try_changes_nothing(exchange: Exchange, order: Any) -> None:
    dial, first = order
    await exchange.told("status", first, SID, CallStatus="busy")
    exchange.clock.advance(minutes=31)
    other = "CA" + "6" * 32
    exchange.street.on_ring = lambda line: setattr(line, "sid", other)
    await exchange.sweep()
    await exchange.told("status", first, SID, CallStatus="completed")
    assert (await exchange.told("answer", first, SID)).text.count("Hangup") == 1
    await exchange.told("machine", first, SID, AnsweredBy="machine_start")
    row = await exchange.row(dial)
    assert (row.status, row.tries, row.sid, row.outcome) == ("placed", 2, other, None)


async def test_picked_up_the_agent_is_put_on_the_line(exchange: Exchange, order: Any) -> None:
    dial, fields = order
    document = read((await exchange.told("answer", fields, SID)).text)
    assert document.verbs == ["Connect", "Redirect"] and document.token
    again = read((await exchange.told("answer", fields, SID)).text)
    assert again.token not in ("", document.token), "the carrier repeats itself; one call, a fresh token"
    async with exchange.db.platform("a test looks for a call") as session:
        call = await calls.find_by_sid(session, SID)
    assert call is not None and (call.direction, call.from_, call.to) == ("outbound", LINE, ANN)
    row = await exchange.row(dial)
    assert (row.status, row.call_id) == ("talking", call.id)
    await exchange.told("status", fields, SID, CallStatus="completed", CallDuration="42")
    row = await exchange.row(dial)
    assert (row.status, row.outcome) == ("done", "reached")
    async with exchange.db.tenant(exchange.tenant_id) as session:
        ended = await calls.get_call(session, call.id)
        assert ended is not None and (ended.status, ended.seconds) == ("completed", 42)


async def test_who_opted_out_while_it_rang_hears_nobody(exchange: Exchange, order: Any) -> None:
    _, fields = order
    async with exchange.db.tenant(exchange.tenant_id) as session:
        await consents.list_number(
            session, ANN, reason="asked", source="sms", evidence="x", at=exchange.clock.now()
        )
    assert read((await exchange.told("answer", fields, SID)).text).verbs == ["Hangup"]


async def test_a_person_never_hears_silence_when_we_cannot_talk(exchange: Exchange, order: Any) -> None:
    _, fields = order
    for seat in range(5):
        assert exchange.registry.take_seat(f"CA{seat}")
    document = read((await exchange.told("answer", fields, SID)).text)
    assert document.verbs == ["Say", "Hangup"]
    assert "Acme Real Estate" in document.said and "(303) 555-0150" in document.said
    assert "stop calling" in document.said


async def _answered(exchange: Exchange, fields: Any) -> None:
    assert read((await exchange.told("answer", fields, SID)).text).verbs[0] == "Connect"


def updates(exchange: Exchange) -> list[dict[str, str]]:
    """What the carrier was told to do with live calls."""
    return [
        r.form for r in exchange.carrier.requests if f"/Calls/{SID}.json" in r.path and r.method == "POST"
    ]


async def test_a_machine_hears_nothing_by_default(exchange: Exchange, order: Any) -> None:
    dial, fields = order
    await _answered(exchange, fields)
    for _ in range(2):
        await exchange.told("machine", fields, SID, AnsweredBy="machine_start")
    assert updates(exchange) == [{"Status": "completed"}], "once"
    await exchange.told("status", fields, SID, CallStatus="completed")
    row = await exchange.row(dial)
    assert (row.status, row.outcome, row.answered_by) == ("planned", "machine", "machine_start")


async def test_at_the_beep_the_approved_words_and_no_others(exchange: Exchange, order: Any) -> None:
    dial, fields = order
    await exchange.settings(voicemail="message")
    await _answered(exchange, fields)
    await exchange.told("machine", fields, SID, AnsweredBy="machine_end_beep")
    (told,) = updates(exchange)
    words = read(told["Twiml"])
    assert words.verbs == ["Say", "Hangup"]
    assert words.said.startswith("This is ") and "an AI assistant for Acme Real Estate" in words.said
    assert "(303) 555-0150" in words.said and "stop calling" in words.said
    await exchange.told("status", fields, SID, CallStatus="completed")
    row = await exchange.row(dial)
    assert (row.outcome, row.answered_by) == ("machine", "machine_end_beep")


async def test_for_a_message_the_beep_is_waited_for(exchange: Exchange, order: Any) -> None:
    assert order[1]["MachineDetection"] == "Enable"
    await exchange.settings(voicemail="message")
    await exchange.told("status", order[1], SID, CallStatus="busy")
    exchange.clock.advance(minutes=31)
    await exchange.sweep()
    assert exchange.carrier.orders[-1]["MachineDetection"] == "DetectMessageEnd"


async def test_a_late_verdict_and_one_after_the_end(exchange: Exchange, order: Any) -> None:
    dial, fields = order
    await _answered(exchange, fields)
    await exchange.told("status", fields, SID, CallStatus="completed")
    await exchange.told("machine", fields, SID, AnsweredBy="machine_start")
    assert updates(exchange) == [] and await state(exchange, dial) == ("done", "reached")


async def test_a_person_comes_to_the_telephone_after_all(exchange: Exchange, order: Any) -> None:
    """First "a machine", with whom somebody has been talking; then "human"."""
    dial, fields = order
    await _answered(exchange, fields)
    row = await exchange.row(dial)
    async with exchange.db.tenant(exchange.tenant_id) as session:
        talk = await conversations.create(session, channel="voice", flow="lead", flow_version=1)
        for text in ("Hello?", "Yes, I am still looking."):
            now = exchange.clock.now()
            said = {"role": "caller", "text": text, "channel": "voice", "started_at": now}
            await conversations.append(session, talk.id, turns=[said], at=now)
        assert row.call_id is not None
        await calls.update_call(session, row.call_id, conversation_id=talk.id)
    await exchange.told("machine", fields, SID, AnsweredBy="machine_start")
    assert updates(exchange) == [], "nobody who talks is cut off"
    await exchange.told("machine", fields, SID, AnsweredBy="human")
    await exchange.told("status", fields, SID, CallStatus="completed")
    assert await state(exchange, dial) == ("done", "reached")
    assert "call.answered_by_overruled" in [a for a, _ in await exchange.trail()]


async def test_a_lead_made_of_a_greeting_is_removed(exchange: Exchange, order: Any) -> None:
    dial, fields = order
    await _answered(exchange, fields)
    row = await exchange.row(dial)
    async with exchange.db.tenant(exchange.tenant_id) as session:
        talk = await conversations.create(session, channel="voice", flow="lead", flow_version=1)
        assert row.call_id is not None
        await calls.update_call(session, row.call_id, conversation_id=talk.id)
        await leads.upsert_lead(session, talk.id, intent="other", phones=[ANN])
    await exchange.told("machine", fields, SID, AnsweredBy="machine_start")
    async with exchange.db.tenant(exchange.tenant_id) as session:
        found, _ = await leads.list_leads(session, phone=ANN)
    assert [lead.id for lead in found] == [exchange.lead_id]


async def test_when_the_carrier_will_not_take_the_machine_off(exchange: Exchange, order: Any) -> None:
    _, fields = order
    await _answered(exchange, fields)
    exchange.carrier.broken = 503
    answer = await exchange.told("machine", fields, SID, AnsweredBy="machine_start")
    assert answer.status_code == 204, "seen to as far as it could be; the call's own end follows"
