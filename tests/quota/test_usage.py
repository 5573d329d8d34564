"""Counting: each act once, whoever reports it how often; notices once a month and limit (A026, A027)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.callbook import Admitted
from agent.stored_calls import StoredCalls
from core.clock import FakeClock
from stores import calls, outbox, support, tenancy, usage
from stores.db import Database
from tests.quota.conftest import MakeClient
from tools import metering

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


async def test_an_act_counts_once_and_a_correction_by_its_difference(
    db: Database, client: MakeClient
) -> None:
    acme = await client()
    for amount, total in ((60, 60), (60, 60), (75, 75), (20, 20)):
        async with db.tenant(acme) as session:
            assert await usage.meter(session, "voice_seconds", "one", amount, at=NOW) == total
    async with db.tenant(acme) as session:
        assert await usage.meter(session, "voice_seconds", "two", 5, at=NOW) == 25
        # what began this month stays in it, what begins in the next is counted there
        later = NOW + timedelta(days=20)
        assert await usage.meter(session, "voice_seconds", "one", 30, at=later) == 35
        assert await usage.meter(session, "voice_seconds", "three", 9, at=later) == 9
        assert (await usage.used(session, at=NOW))["voice_seconds"] == 35
        assert (await usage.used(session, at=later))["voice_seconds"] == 9
        assert await usage.counted(session, "voice_seconds") == 44
        # what is stored is stored in every month
        await usage.meter(session, "storage_bytes", "file", 1000, at=NOW)
        assert (await usage.used(session, at=later))["storage_bytes"] == 1000


async def test_many_at_once_add_up_and_repeat_nothing(db: Database, client: MakeClient) -> None:
    acme = await client()

    async def report(n: int) -> None:
        async with db.tenant(acme) as session:
            await usage.meter(session, "voice_seconds", f"call {n % 8}", 10, at=NOW)

    await asyncio.gather(*(report(n) for n in range(24)))
    async with db.tenant(acme) as session:
        assert (await usage.used(session, at=NOW))["voice_seconds"] == 80


async def test_what_is_rolled_back_is_not_counted(db: Database, client: MakeClient) -> None:
    acme = await client()
    with pytest.raises(RuntimeError):  # noqa: PT012
        async with db.tenant(acme) as session:
            await usage.meter(session, "voice_seconds", "one", 60, at=NOW)
            raise RuntimeError("the act failed")
    async with db.tenant(acme) as session:
        assert (await usage.used(session, at=NOW))["voice_seconds"] == 0


def test_a_month_ends_where_the_next_begins() -> None:
    assert usage.month_end(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
    assert usage.month_end(datetime(2026, 2, 1, tzinfo=UTC)) == datetime(2026, 3, 1, tzinfo=UTC)


async def test_a_call_is_billed_once_by_the_carriers_word(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme = await client()
    async with db.tenant(acme) as session:
        await tenancy.claim_number(session, ["+13035550150"], provider="dev")
    book = StoredCalls(db, clock, onboarding_number="+13035550100", process="p")
    taken = await book.answer(sid="CA1", account_sid="AC", caller="+13035550142", dialled="+13035550150")
    assert isinstance(taken, Admitted)
    call = await book.claim(taken.token, "CA1")
    assert call is not None
    clock.advance(seconds=61.2)
    await book.leave(call, "hung_up")

    async def seconds() -> int:
        async with db.tenant(acme) as session:
            return (await usage.used(session, at=clock.now()))["voice_seconds"]

    assert await seconds() == 62
    told = {"CallDuration": "65"}
    for event in ("completed:3", "completed:3", "completed:4"):
        await book.report(sid="CA1", status="completed", event=event, data=told)
        assert await seconds() == 65
    await book.leave(call, "hung_up")
    assert await seconds() == 65


async def test_a_call_nobody_answered_costs_nothing(db: Database, client: MakeClient) -> None:
    acme = await client()
    async with db.tenant(acme) as session:
        call = await calls.start_call(session, now=NOW, sid="CA2")
        await calls.end_call(session, call.id, at=NOW + timedelta(seconds=40), reason="no-answer")
        assert (await usage.used(session, at=NOW))["voice_seconds"] == 0


async def test_files_weigh_what_they_weigh(db: Database, client: MakeClient, tmp_path: Path) -> None:
    acme, file = await client(), tmp_path / "call.wav"
    file.write_bytes(b"x" * 700)

    async def stored() -> int:
        async with db.tenant(acme) as session:
            return await metering.files_stored(session, [file], at=NOW)

    assert [await stored(), await stored()] == [700, 700]
    file.write_bytes(b"x" * 900)
    assert await stored() == 900
    file.unlink()
    assert await stored() == 0


async def use(db: Database, acme: object, kind: str, amount: int, now: datetime = NOW) -> list[str]:
    async with db.tenant(acme) as session:  # type: ignore[arg-type]
        await usage.meter(session, kind, "all", amount, at=now)
        return await metering.notify(session, now=now)


async def test_notices_at_80_and_100_percent_once_a_month(db: Database, client: MakeClient) -> None:
    acme = await client("starter")
    assert await use(db, acme, "voice_seconds", 399 * 60) == []
    assert await use(db, acme, "voice_seconds", 400 * 60) == ["voice_minutes:80"]
    assert await use(db, acme, "voice_seconds", 450 * 60) == []
    assert await use(db, acme, "voice_seconds", 500 * 60) == ["voice_minutes:100"]
    assert await use(db, acme, "voice_seconds", 600 * 60) == []
    async with db.tenant(acme) as session:
        letters = await outbox.list_messages(session)
        assert {letter.to_ for letter in letters} == {"maria@acme.com"}
        assert [letter.subject for letter in reversed(letters)] == [
            "Acme Realty: 80% of this month's voice minutes used",
            "Acme Realty: all of this month's voice minutes used",
        ]
        assert "500 voice minutes" in letters[0].body
        assert "never cut" in letters[0].body
        assert "Professional would fit" in letters[0].body
        assert [n.level for n in await usage.notices(session)] == ["100", "80"]
    # whoever jumps over both gets one letter; a new month begins anew
    assert await use(db, acme, "api_calls", 10_000) == ["api_calls:80", "api_calls:100"]
    async with db.tenant(acme) as session:
        assert len(await outbox.list_messages(session)) == 3
        next_month = NOW + timedelta(days=15)
        await usage.meter(session, "voice_seconds", "next", 420 * 60, at=next_month)
        assert await metering.notify(session, now=next_month) == ["voice_minutes:80"]


async def test_one_of_many_tells(db: Database, client: MakeClient, clock: FakeClock) -> None:
    acme = await client("starter")
    async with db.tenant(acme) as session:
        await usage.meter(session, "storage_bytes", "all", 4_500_000_000, at=NOW)

    async def tell() -> list[str]:
        async with db.tenant(acme) as session:
            return await metering.notify(session, now=NOW)

    told = await asyncio.gather(*(tell() for _ in range(6)))
    assert sorted(map(len, told)) == [0, 0, 0, 0, 0, 1]
    async with db.tenant(acme) as session:
        assert len(await outbox.list_messages(session)) == 1
    # the sweep finds what no call has brought, and repeats nothing
    other = await client("starter")
    async with db.tenant(other) as session:
        await usage.meter(session, "storage_bytes", "all", 5_000_000_000, at=NOW)
    assert await metering.notify_all(db, clock) == 2
    assert await metering.notify_all(db, clock) == 0


async def test_enterprise_is_alarmed_about_and_never_told_off(db: Database, client: MakeClient) -> None:
    acme = await client("enterprise")
    assert await use(db, acme, "voice_seconds", 50_000 * 60) == []
    assert await use(db, acme, "voice_seconds", 50_001 * 60) == ["voice_minutes:fair_use"]
    assert await use(db, acme, "voice_seconds", 90_000 * 60) == []
    async with db.tenant(acme) as session:
        assert await outbox.list_messages(session) == []
        assert [t.subject for t in await support.list_tickets(session)] == [
            "Fair use: 50,001 of 50,000 voice minutes this month"
        ]
