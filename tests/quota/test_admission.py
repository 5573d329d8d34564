"""The gate: what is let in when a plan is used up, and what callers hear (A027, A037, C42)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from agent.callbook import Admitted, Again, TurnedAway
from agent.registry import Registry
from agent.stored_calls import StoredCalls
from core.clock import FakeClock
from core.errors import NotAllowed, Refused, Unavailable
from core.ids import HOUSE_TENANT
from policies.admission import admission
from stores import slots, tenancy, usage
from stores.db import Database
from tests.quota.conftest import MakeClient
from tools.admission import Admission
from web.twilio import PhoneParts, twilio_router

LINE = "+13035550150"


@pytest.fixture
def gate(db: Database, clock: FakeClock) -> Admission:
    return Admission(db, clock, capacity=10)


@pytest.fixture
def book(db: Database, clock: FakeClock, gate: Admission) -> StoredCalls:
    return StoredCalls(db, clock, onboarding_number="+13035550100", process="p", admission=gate)


async def spend(db: Database, tenant: UUID, clock: FakeClock, kind: str, amount: int) -> None:
    async with db.tenant(tenant) as session:
        await usage.meter(session, kind, "spent", amount, at=clock.now())


async def ring(book: StoredCalls, sid: str) -> Admitted | TurnedAway:
    return await book.answer(sid=sid, account_sid="AC", caller="+13035550142", dialled=LINE)


async def line(db: Database, tenant: UUID) -> None:
    async with db.tenant(tenant) as session:
        await tenancy.claim_number(session, [LINE], provider="dev")


async def test_over_the_minutes_callers_are_answered_for_a_while_then_sent_to_the_office(
    db: Database, client: MakeClient, clock: FakeClock, gate: Admission
) -> None:
    acme = await client("starter")
    await spend(db, acme, clock, "voice_seconds", 500 * 60 - 1)
    assert await gate.admit("outbound", acme, key="o1") is None
    await spend(db, acme, clock, "voice_seconds", 500 * 60)
    refused = await gate.admit("outbound", acme, key="o2")
    assert refused is not None and refused.why == "quota"
    assert await gate.admit("inbound", acme, key="i1") is None
    await spend(db, acme, clock, "voice_seconds", 550 * 60)
    over = await gate.admit("inbound", acme, key="i2")
    assert over is not None and over.fallback == "+13035550199"
    assert over.spoken == admission().spoken.quota
    assert "Professional would fit" in over.detail
    assert over.retry_after == (10 * 24 + 12) * 3600
    assert isinstance(over.error(), Refused)
    clock.advance(days=11)  # the next month
    assert await gate.admit("inbound", acme, key="i3") is None


async def test_enterprise_and_the_house_have_no_limit(
    db: Database, client: MakeClient, clock: FakeClock, gate: Admission
) -> None:
    for tenant in (await client("enterprise"), HOUSE_TENANT):
        await spend(db, tenant, clock, "voice_seconds", 10**9)
        await spend(db, tenant, clock, "storage_bytes", 10**15)
        for kind in ("inbound", "outbound"):
            assert await gate.admit(kind, tenant, key=f"{kind}-{tenant}") is None, kind  # type: ignore[arg-type]


async def test_a_live_call_is_never_cut(
    db: Database, client: MakeClient, clock: FakeClock, book: StoredCalls
) -> None:
    acme = await client("starter")
    await line(db, acme)
    first = await ring(book, "CA1")
    assert isinstance(first, Admitted)
    call = await book.claim(first.token, "CA1")
    assert call is not None
    await spend(db, acme, clock, "voice_seconds", 10**6)
    assert isinstance(await ring(book, "CA2"), TurnedAway)
    assert isinstance(await ring(book, "CA1"), Admitted)  # the carrier repeats its webhook
    await book.leave(call, "dropped")
    assert isinstance(await book.what_next("CA1"), Again)


async def test_a_call_holds_its_line_until_it_is_over(
    db: Database, client: MakeClient, clock: FakeClock, book: StoredCalls
) -> None:
    acme = await client("starter")
    await line(db, acme)

    async def held() -> int:
        async with db.tenant(acme) as session:
            return sum((await slots.held(session, now=clock.now())).values())

    first = await ring(book, "CA1")
    assert isinstance(first, Admitted)
    call = await book.claim(first.token, "CA1")
    assert call is not None and await held() == 1
    await book.leave(call, "dropped")
    assert await held() == 1
    await book.what_next("CA1")
    assert await held() == 1
    await book.leave(call, "hung_up")
    assert await held() == 0
    await ring(book, "CA2")
    await book.report(sid="CA2", status="canceled", event="canceled", data={})
    assert await held() == 0


async def test_over_the_storage_calls_are_answered_but_not_recorded(
    db: Database, client: MakeClient, clock: FakeClock, book: StoredCalls
) -> None:
    acme = await client("starter")
    await line(db, acme)

    async def recorded(sid: str) -> bool:
        answer = await ring(book, sid)
        assert isinstance(answer, Admitted)
        return bool(answer.call.facts["record"])

    await spend(db, acme, clock, "storage_bytes", 5_000_000_000)
    assert await recorded("CA1")
    await spend(db, acme, clock, "storage_bytes", 5_500_000_000)
    assert not await recorded("CA2")


async def test_one_suspended_client_hears_so_and_the_others_do_not(
    db: Database, client: MakeClient, clock: FakeClock, gate: Admission, book: StoredCalls
) -> None:
    acme, other = await client(), await client()
    await line(db, acme)
    async with db.tenant(acme) as session:
        await tenancy.set_status(session, "suspended", at=clock.now(), reason="unpaid")
    assert await ring(book, "CA1") == TurnedAway("closed", "+13035550199", admission().spoken.closed)
    refused = await gate.admit("chat", acme)
    assert refused is not None and isinstance(refused.error(), NotAllowed)
    for kind in ("inbound", "chat"):
        assert await gate.admit(kind, other, key=kind) is None  # type: ignore[arg-type]


async def test_when_nobody_can_tell_nobody_is_let_in(
    db: Database, client: MakeClient, clock: FakeClock, gate: Admission, book: StoredCalls
) -> None:
    """The database is away: an exception for programs, a spoken apology for callers."""
    acme = await client()
    await line(db, acme)
    down = Unreachable(db)
    with pytest.raises(Unavailable):
        await Admission(down, clock, capacity=1).admit("inbound", acme, key="CA1")  # type: ignore[arg-type]
    closed = StoredCalls(
        db,
        clock,
        onboarding_number="+13035550100",
        process="p",
        admission=Admission(down, clock, capacity=1),  # type: ignore[arg-type]
    )
    said = await voice(closed)
    assert "cannot take your call right now" in said and "<Stream" not in said
    assert "<Stream" in await voice(book)


async def test_a_caller_over_the_plan_hears_a_sentence_and_the_office_rings(
    db: Database, client: MakeClient, clock: FakeClock, book: StoredCalls
) -> None:
    acme = await client()
    await line(db, acme)
    await spend(db, acme, clock, "voice_seconds", 10**6)
    said = await voice(book)
    assert "can't take this call" in said.replace("&apos;", "'")
    assert "<Number>+13035550199</Number>" in said


class Unreachable:
    """A database that does not answer."""

    def __init__(self, db: Database):
        self._db = db

    def tenant(self, *_: Any, **__: Any) -> Any:
        raise Unavailable("the database does not answer")

    platform = tenant


async def voice(book: StoredCalls) -> str:
    app = FastAPI()
    app.include_router(twilio_router(PhoneParts(book=book, registry=Registry(3), sessions=None)))  # type: ignore[arg-type]
    here = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=here, base_url="http://127.0.0.1") as http:
        answer = await http.post("/twilio/voice", data={"CallSid": "CAx", "To": LINE, "From": "+13035550142"})
    assert answer.status_code == 200
    return answer.text
