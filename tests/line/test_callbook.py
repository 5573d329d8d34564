"""The call book on Postgres: admission, tokens, what comes next, reports."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from agent.callbook import Admitted, Again, Lost, Over, Transferred, TurnedAway
from agent.stored_calls import StoredCalls
from core.clock import FakeClock
from core.ids import HOUSE_TENANT
from stores import calls, tenancy
from stores.db import Database

LINE, ONBOARDING = "+13035550150", "+13035550100"
ACCOUNT = "AC" + "1" * 32


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def book(db: Database, clock: FakeClock, tenant_id: UUID) -> StoredCalls:
    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, [LINE], provider="fictional")
        await tenancy.update_tenant(session, main_phone="+13035550199")
        target = {"e164": "+13035550177", "name": "", "ring_seconds": 20, "verified": True}
        await tenancy.upsert_profile(session, transfer_targets=[target])
    return StoredCalls(db, clock, onboarding_number=ONBOARDING, process="p1", tenant_lines=2)


async def ring(book: StoredCalls, sid: str = "CA1", dialled: str = LINE) -> Admitted | TurnedAway:
    return await book.answer(sid=sid, account_sid=ACCOUNT, caller="+13035550142", dialled=dialled)


async def admitted(book: StoredCalls, sid: str = "CA1", dialled: str = LINE) -> Admitted:
    answer = await ring(book, sid, dialled)
    assert isinstance(answer, Admitted)
    return answer


async def test_a_number_leads_to_its_tenant(book: StoredCalls, tenant_id: UUID) -> None:
    client = await admitted(book)
    assert client.call.tenant_id == tenant_id
    assert client.call.fallback_number == "+13035550199"
    assert (client.call.call_sid, client.call.account_sid) == ("CA1", ACCOUNT)
    assert (await admitted(book, "CA2", ONBOARDING)).call.tenant_id == HOUSE_TENANT
    assert await ring(book, "CA3", "+19995550000") == TurnedAway("unknown")


async def test_a_suspended_client_is_not_answered(
    book: StoredCalls, db: Database, tenant_id: UUID, clock: FakeClock
) -> None:
    async with db.tenant(tenant_id) as session:
        await tenancy.set_status(session, "suspended", at=clock.now(), reason="unpaid")
    assert await ring(book) == TurnedAway("closed", "+13035550199")


async def test_lines_are_counted_even_when_all_ring_at_once(book: StoredCalls) -> None:
    answers = await asyncio.gather(*(ring(book, f"CA{n}") for n in range(5)))
    assert sum(isinstance(answer, Admitted) for answer in answers) == 2
    assert answers.count(TurnedAway("busy", "+13035550199")) == 3


async def test_a_token_is_good_once_for_its_call_and_for_a_minute(
    book: StoredCalls, clock: FakeClock
) -> None:
    first = await admitted(book)
    assert await book.claim(first.token, "CA2") is None
    assert await book.claim("forged", "CA1") is None
    claims = await asyncio.gather(*(book.claim(first.token, "CA1") for _ in range(5)))
    assert sum(claim is not None for claim in claims) == 1
    late = await admitted(book, "CA2")
    clock.advance(seconds=61)
    assert await book.claim(late.token, "CA2") is None


async def test_a_repeated_webhook_is_the_same_call_with_a_fresh_token(book: StoredCalls) -> None:
    first, again = await admitted(book), await admitted(book)
    assert first.call.id == again.call.id
    assert await book.claim(first.token, "CA1") is None
    assert await book.claim(again.token, "CA1") is not None


async def test_a_dropped_call_goes_on_with_its_conversation(
    book: StoredCalls, db: Database, tenant_id: UUID
) -> None:
    first = await admitted(book)
    call = await book.claim(first.token, "CA1")
    assert call is not None
    conversation = await start_conversation(db, tenant_id)
    await book.joined(call, conversation)
    await book.leave(call, "dropped")
    back = await book.what_next("CA1")
    assert isinstance(back, Again)
    assert back.call.conversation_id == conversation
    assert await book.claim(back.token, "CA1") is not None
    assert await book.claim(first.token, "CA1") is None


async def test_reconnections_are_bounded(book: StoredCalls) -> None:
    await admitted(book)
    steps = [await book.what_next("CA1") for _ in range(13)]
    assert all(isinstance(step, Again) for step in steps[:11])
    assert steps[11] == Lost("+13035550199")
    assert steps[12] == Over()


async def test_a_finished_call_is_over(book: StoredCalls) -> None:
    call = (await admitted(book)).call
    await book.leave(call, "done")
    assert await book.what_next("CA1") == Over()
    assert await book.what_next("CAunknown") == Over()


async def test_a_call_that_cannot_go_on_is_lost_once(book: StoredCalls) -> None:
    call = (await admitted(book)).call
    await book.leave(call, "failed")
    assert await book.what_next("CA1") == Lost("+13035550199")


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed", "canceled"])
async def test_a_transfer_nobody_takes_comes_back(book: StoredCalls, outcome: str) -> None:
    call = (await admitted(book)).call
    await book.leave(call, "transferred", transfer_to="+13035550177")
    step = await book.what_next("CA1")
    assert isinstance(step, Transferred)
    assert step.number == "+13035550177"
    back = await book.what_next("CA1", dial=outcome)
    assert isinstance(back, Again)
    assert back.call.facts["dial"] == outcome
    await book.leave(back.call, "dropped")
    again = await book.what_next("CA1")
    assert isinstance(again, Again), "the transfer is not tried for ever"
    assert again.call.facts["dial"] is None, "and is mentioned once"


async def test_a_transfer_that_is_taken_ends_the_call(book: StoredCalls) -> None:
    call = (await admitted(book)).call
    await book.leave(call, "transferred", transfer_to="+13035550177")
    await book.what_next("CA1")
    assert await book.accepted("CA1")
    assert await book.what_next("CA1", dial="completed") == Over()
    assert await book.what_next("CA1") == Over()


async def test_reports_end_a_call_once_in_any_order(book: StoredCalls, db: Database, tenant_id: UUID) -> None:
    call = (await admitted(book)).call

    async def report(status: str, sequence: int) -> bool:
        data = {"CallDuration": "42"} if status == "completed" else {}
        ended = await book.report(sid="CA1", status=status, event=f"{status}:{sequence}", data=data)
        return ended is not None

    assert not await report("in-progress", 2)
    assert await report("completed", 3)
    assert not await report("completed", 3)
    assert not await report("ringing", 1)
    assert await book.report(sid="CAunknown", status="completed", event="x", data={}) is None
    async with db.tenant(tenant_id) as session:
        row = await calls.get_call(session, call.id)
    assert row is not None
    assert (row.status, row.seconds) == ("completed", 42)
    assert await book.what_next("CA1") == Over()


async def test_what_a_call_left_on_disk_is_noted(book: StoredCalls, db: Database, tenant_id: UUID) -> None:
    call = (await admitted(book)).call
    await book.leave(call, "hung_up", files={"recording": "/r.wav", "transcript": "/t.json"})
    async with db.tenant(tenant_id) as session:
        row = await calls.get_call(session, call.id)
    assert row is not None
    assert (row.recording_path, row.transcript_path, row.end_reason) == ("/r.wav", "/t.json", "hung_up")


async def start_conversation(db: Database, tenant_id: UUID) -> UUID:
    from stores import conversations

    async with db.tenant(tenant_id) as session:
        row = await conversations.create(session, channel="voice", flow="lead", flow_version=1)
    return row.id
