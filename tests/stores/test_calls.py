"""Admission, one-time tokens, call-backs of the carrier."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.errors import NotFound, Refused
from core.ids import fingerprint, new_token
from stores import calls
from stores.db import Database

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=60)


async def ring(db: Database, tenant_id: UUID, sid: str = "CA1", **fields: object) -> calls.Call:
    async with db.tenant(tenant_id) as session:
        return await calls.start_call(session, now=NOW, sid=sid, **fields)  # type: ignore[arg-type]


async def claim(db: Database, token: str, sid: str | None, now: datetime = NOW) -> calls.Call | None:
    async with db.platform("test") as session:
        return await calls.claim_token(session, fingerprint(token), sid, now, by="p1")


async def test_of_twenty_claimers_one_gets_the_call(db: Database, tenant_id: UUID) -> None:
    token = new_token()
    call = await ring(db, tenant_id, token_hash=fingerprint(token), token_expires=SOON)
    won = [c for c in await asyncio.gather(*(claim(db, token, "CA1") for _ in range(20))) if c]
    assert [(c.id, c.tenant_id, c.status, c.answered_at) for c in won] == [
        (call.id, tenant_id, "in-progress", NOW)
    ]


@pytest.mark.parametrize(
    ("sid", "now", "token"),
    [("CA2", NOW, None), (None, NOW, None), ("CA1", SOON, None), ("CA1", NOW, "forged")],
    ids=["another call's", "no call's", "late", "forged"],
)
async def test_a_token_opens_its_own_call_in_time_and_nothing_else(
    db: Database, tenant_id: UUID, sid: str | None, now: datetime, token: str | None
) -> None:
    real = new_token()
    await ring(db, tenant_id, token_hash=fingerprint(real), token_expires=SOON)
    assert await claim(db, token or real, sid, now) is None
    assert await claim(db, real, "CA1") is not None


async def test_a_reconnected_call_gets_a_new_token_and_an_ended_one_does_not(
    db: Database, tenant_id: UUID
) -> None:
    first, second = new_token(), new_token()
    call = await ring(db, tenant_id, token_hash=fingerprint(first), token_expires=SOON)
    assert await claim(db, first, "CA1")
    async with db.tenant(tenant_id) as session:
        assert (await calls.new_token(session, call.id, fingerprint(second), SOON)).sequence == 2
    assert await claim(db, first, "CA1") is None
    assert await claim(db, second, "CA1")
    async with db.tenant(tenant_id) as session:
        await calls.end_call(session, call.id, at=NOW, reason="caller")
        assert (await calls.end_call(session, call.id, at=SOON, reason="sweep")).end_reason == "caller"
        with pytest.raises(NotFound):
            await calls.new_token(session, call.id, fingerprint(second), SOON)


async def test_a_call_that_is_over_does_not_open(db: Database, tenant_id: UUID) -> None:
    token = new_token()
    call = await ring(db, tenant_id, token_hash=fingerprint(token), token_expires=SOON)
    async with db.tenant(tenant_id) as session:
        await calls.reconcile_status(session, call.id, "canceled", at=NOW)
    assert await claim(db, token, "CA1") is None


async def test_thirty_at_once_are_admitted_up_to_the_limit(db: Database, tenant_id: UUID) -> None:
    async def arrive(n: int) -> bool:
        try:
            await ring(db, tenant_id, sid=f"CA{n}", limit=7)
        except Refused:
            return False
        return True

    assert sum(await asyncio.gather(*(arrive(n) for n in range(30)))) == 7
    async with db.tenant(tenant_id) as session:
        assert await calls.live_calls(session, now=NOW) == 7
        admitted = await calls.find_by_sid(session, "CA0") or await calls.find_by_sid(session, "CA1")
        assert admitted
        await calls.end_call(session, admitted.id, at=NOW, reason="caller")
    assert await arrive(31)


async def test_a_repeated_webhook_is_the_same_call(db: Database, tenant_id: UUID) -> None:
    assert (await ring(db, tenant_id, limit=1)).id == (await ring(db, tenant_id, limit=1)).id


async def test_a_call_nobody_ended_does_not_hold_its_slot_for_ever(db: Database, tenant_id: UUID) -> None:
    await ring(db, tenant_id)
    async with db.platform("test") as session:
        assert await calls.live_calls(session, now=NOW + timedelta(hours=3)) == 1
        assert await calls.live_calls(session, now=NOW + timedelta(hours=5)) == 0


async def test_call_backs_in_any_order_and_twice_end_the_same(db: Database, tenant_id: UUID) -> None:
    call = await ring(db, tenant_id)
    reports = [("completed", {"CallDuration": "42"}), ("ringing", {}), ("in-progress", {}), ("completed", {})]
    fresh = []
    for n, (status, data) in enumerate(reports):
        async with db.tenant(tenant_id) as session:
            at = NOW + timedelta(seconds=n)
            fresh.append(await calls.reconcile_status(session, call.id, status, at=at, data=data))
    assert fresh == [True, True, True, False]
    async with db.tenant(tenant_id) as session:
        stored = await calls.get_call(session, call.id)
    assert stored
    assert (stored.status, stored.ended_at, stored.seconds) == ("completed", NOW, 42)
