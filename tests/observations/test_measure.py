"""Calls in numbers, days in service levels, and a call replayed on the terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console

from core.clock import FakeClock
from policies.costs import call_cost
from stores import calls, conversations, observations, support
from stores.db import Database
from tools import measure
from web import call_report

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


async def a_call(db: Database, tenant_id: UUID, replies: list[float], *, ended: bool = True) -> UUID:
    """A finished call in which the agent answered that many times, in milliseconds."""
    async with db.tenant(tenant_id) as session:
        talk = await conversations.create(session, channel="voice", flow="lead", flow_version=1)
        call = await calls.start_call(
            session, now=NOW, sid=f"CA{talk.id.hex}", conversation_id=talk.id, answered_at=NOW
        )
        n = 0
        for number, ms in enumerate(replies):
            at = NOW + timedelta(seconds=5 * number)
            said: list[dict[str, Any]] = [
                {"role": "caller", "text": "three bedrooms", "channel": "voice", "started_at": at},
                {"role": "agent", "text": "And bathrooms?", "channel": "voice", "started_at": at},
            ]
            n = await conversations.append(session, talk.id, events=[], turns=said, at=at)
            signals = {"kind": "hear", "confidence": 0.9, "interrupted": number == 0}
            await conversations.set_turn_latency(
                session, talk.id, n, {"total_ms": ms, "brain_ms": ms / 2, "tts_ms": ms / 2}, signals
            )
        heard = [
            ("slot", {"slot": "beds", "status": "proposed", "value": 3, "fails": 0}),
            ("slot", {"slot": "beds", "status": "confirmed", "value": 4, "fails": 0}),
            ("slot", {"slot": "areas", "status": "empty", "value": None, "fails": 1}),
            ("slot", {"slot": "areas", "status": "empty", "value": None, "fails": 2}),
            ("guard", {"label": "fh_question", "rule": "C17"}),
        ]
        await conversations.append(session, talk.id, events=heard, at=NOW)
        if ended:
            await calls.end_call(session, call.id, at=NOW + timedelta(seconds=61), reason="hung_up")
    return call.id


async def test_a_call_in_numbers(db: Database, tenant_id: UUID) -> None:
    call_id = await a_call(db, tenant_id, [400.0, 500.0, 600.0, 2000.0])
    assert await measure.measure_all(db, FakeClock(NOW + timedelta(minutes=5))) == 1
    assert await measure.measure_all(db, FakeClock(NOW + timedelta(minutes=6))) == 0, "once"
    async with db.tenant(tenant_id) as session:
        row = await observations.measure_of(session, call_id)
    assert row is not None
    assert (row.turns, row.interruptions, row.corrections, row.repairs) == (4, 1, 1, 2)
    assert (row.reply_p50_ms, row.reply_p95_ms, row.confidence) == (500, 2000, 0.9)
    assert row.split_ms["brain_ms"] == 250 and row.guardrails == {"C17": 1}
    assert row.outcome == "hung_up" and row.cost["carrier"] > 0


async def test_a_call_that_is_on_is_not_measured(db: Database, tenant_id: UUID) -> None:
    await a_call(db, tenant_id, [400.0], ended=False)
    assert await measure.measure_all(db, FakeClock(NOW + timedelta(hours=1))) == 0


def test_begun_minutes_are_paid() -> None:
    assert call_cost(seconds=61, characters=0, turns=0)["carrier"] == 25000
    openai = call_cost(seconds=60, characters=1000, turns=0, stt="openai", tts="openai")
    assert (openai["stt"], openai["tts"]) == (6000, 15000)
    assert call_cost(seconds=0, characters=500, turns=3) == {}


@pytest.mark.parametrize(("slow", "tickets"), [(0, 0), (3, 1)])
async def test_a_slow_day_opens_one_ticket(db: Database, tenant_id: UUID, slow: int, tickets: int) -> None:
    await a_call(db, tenant_id, [700.0] * 22 + [2600.0] * slow)
    clock = FakeClock(NOW + timedelta(minutes=10))
    assert await measure.watch_levels(db, clock) == tickets
    assert await measure.watch_levels(db, clock) == 0, "the same breach is one ticket"
    async with db.tenant(tenant_id) as session:
        (level,) = await observations.levels(session)
        opened = await support.list_tickets(session)
    assert (level.day, level.replies, level.breached) == (NOW.date(), 22 + slow, bool(tickets))
    assert [ticket.subject for ticket in opened] == ["The agent answers too slowly"] * tickets


async def test_few_slow_answers_are_no_breach(db: Database, tenant_id: UUID) -> None:
    await a_call(db, tenant_id, [5000.0] * 5)
    assert await measure.watch_levels(db, FakeClock(NOW)) == 0


async def test_the_last_calls_of_a_day_count_after_midnight(db: Database, tenant_id: UUID) -> None:
    await a_call(db, tenant_id, [5000.0] * 30)
    tomorrow = NOW.replace(hour=0) + timedelta(days=1)
    assert await measure.watch_levels(db, FakeClock(tomorrow + timedelta(hours=2))) == 0  # too late for it
    assert await measure.watch_levels(db, FakeClock(tomorrow + timedelta(minutes=4))) == 1
    assert await measure.watch_levels(db, FakeClock(tomorrow + timedelta(minutes=9))) == 0
    async with db.tenant(tenant_id) as session:
        assert [(level.day, level.breached) for level in await observations.levels(session)] == [
            (NOW.date(), True)
        ]
        assert f"replies on {NOW:%Y-%m-%d}" in (await support.list_tickets(session))[0].body


async def test_a_call_is_replayed(db: Database, tenant_id: UUID) -> None:
    call_id = await a_call(db, tenant_id, [400.0, 900.0])
    found = await call_report.whole(db, str(call_id))
    out = io.StringIO()
    call_report.show(Console(file=out, width=160, force_terminal=False), found)
    shown = out.getvalue()
    assert "900 ms = brain 450 + tts 450" in shown and "sure 0.90" in shown and "interrupted" in shown
    assert "5.0s  caller  three bedrooms" in shown
    assert (await call_report.newest(db))[0]["id"] == str(call_id)
    assert "recording: none" in shown and "guard   C17 fh_question" in shown
    by_sid = await call_report.whole(db, found["sid"])
    assert by_sid["id"] == found["id"]


async def test_what_was_said_elsewhere_is_not_in_the_call(db: Database, tenant_id: UUID) -> None:
    call_id = await a_call(db, tenant_id, [400.0])
    talk = UUID((await call_report.whole(db, str(call_id)))["conversation_id"])
    async with db.tenant(tenant_id) as session:
        for hours, text in ((-2, "typed before"), (2, "typed after")):
            at = NOW + timedelta(hours=hours)
            said = {"role": "caller", "text": text, "channel": "chat", "started_at": at}
            await conversations.append(session, talk, turns=[said], at=at)
    assert {t["text"] for t in (await call_report.whole(db, str(call_id)))["turns"]} == {
        "three bedrooms",
        "And bathrooms?",
    }
