"""A caller is put through, on the real routes and the real call book (C41, C42)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from agent.registry import Registry
from agent.stored_calls import StoredCalls
from core.clock import FakeClock
from stores import conversations, leads, support, tenancy
from stores.db import Database
from tests.line.conftest import serve
from tests.line.handset import ACCOUNT, read
from tools import transfers
from web.twilio import PhoneParts

LINE, CALLER = "+13035550150", "+13035550142"
LEE, SAM, DANA = "+13035550177", "+13035550178", "+13035550179"


def target(e164: str, *, verified: bool = True, ring: int = 20) -> dict[str, Any]:
    return {"e164": e164, "name": "", "ring_seconds": ring, "verified": verified}


@dataclass
class Call:
    """One call that is being put through, seen from the carrier."""

    url: str
    http: httpx.AsyncClient
    book: StoredCalls
    db: Database
    tenant_id: UUID
    clock: FakeClock
    conversation_id: UUID
    sid: str = "CA" + "7" * 32

    async def post(self, path: str, **fields: str) -> Any:
        form = {
            "CallSid": self.sid,
            "AccountSid": ACCOUNT,
            "From": CALLER,
            "To": LINE,
            "CallStatus": "in-progress",
        }
        answer = await self.http.post(self.url + path, data=form | fields)
        assert answer.status_code == 200
        return read(answer.text)

    async def leave(self, to: str) -> None:
        """The agent says "I'll put you through", and its socket closes."""
        call = await self.claimed()
        await self.book.leave(call, "transferred", transfer_to=to)

    async def claimed(self) -> Any:
        answer = await self.book.answer(sid=self.sid, account_sid=ACCOUNT, caller=CALLER, dialled=LINE)
        call = await self.book.claim(answer.token, self.sid)  # type: ignore[union-attr]
        assert call is not None
        await self.book.joined(call, self.conversation_id)
        return call

    async def tasks(self) -> list[leads.Task]:
        async with self.db.tenant(self.tenant_id) as session:
            return list(await leads.open_tasks(session))

    async def lead(self) -> leads.Lead | None:
        async with self.db.tenant(self.tenant_id) as session:
            return await leads.lead_of_conversation(session, self.conversation_id)


@pytest.fixture
async def call(db: Database, tenant_id: UUID) -> AsyncIterator[Call]:
    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, [LINE], provider="fictional")
        await tenancy.upsert_profile(
            session,
            transfer_targets=[target(LEE), target("+13035550100", verified=False), target(SAM, ring=90)],
        )
        talk = await conversations.create(session, channel="voice", flow="lead", flow_version=1)
    clock = FakeClock()
    book = StoredCalls(db, clock, onboarding_number="+13035550100", process="p1")

    async def nobody(*_: Any) -> Any:
        raise AssertionError("no session is begun here")

    async with httpx.AsyncClient() as http:
        async for url in serve(PhoneParts(book=book, registry=Registry(5), sessions=nobody)):
            yield Call(url, http, book, db, tenant_id, clock, talk.id)


async def test_the_lead_is_written_before_anybody_is_rung(call: Call) -> None:
    await call.leave(LEE)
    lead = await call.lead()
    assert lead is not None and lead.phones == [CALLER]
    assert lead.extra["transfer"]["to"] == [LEE, SAM], "only proved numbers, the wanted one first"
    document = await call.post("/twilio/resume")
    assert (document.verbs, document.dialled) == (["Dial"], LEE)
    assert document.action.endswith("/twilio/resume")


async def test_only_the_key_one_takes_the_call(call: Call) -> None:
    async with call.db.tenant(call.tenant_id) as session:
        await leads.upsert_lead(
            session, call.conversation_id, intent="buyer", areas=["Oak Park"], price_max=450000,
            name="Ann Lee", phones=[CALLER], extra={"hot": True},
        )  # fmt: skip
    await call.leave(LEE)
    document = await call.post("/twilio/resume")
    path = document.whisper.removeprefix(call.url)
    whisper = await call.post(path, CallSid="CAchild")
    assert "hot lead: buyer, in Oak Park, around 450000 dollars" in whisper.said
    assert whisper.said.endswith("Press 1 to take the call.")
    assert "Ann" not in whisper.said and "0142" not in whisper.said
    assert whisper.verbs == ["Gather", "Gather", "Hangup"], "a machine that presses nothing is hung up on"
    assert (await call.post(path, CallSid="CAchild", Digits="2")).verbs == ["Hangup"]
    assert (await call.post(path, CallSid="CAchild", Digits="1")).verbs == []
    assert (await call.post("/twilio/resume", DialCallStatus="completed")).verbs == ["Hangup"]
    assert not await call.tasks()


async def test_one_after_the_other_then_back_to_the_agent_with_an_urgent_task(call: Call) -> None:
    await call.leave(LEE)
    assert (await call.post("/twilio/resume")).dialled == LEE
    assert (await call.post("/twilio/resume", DialCallStatus="no-answer")).dialled == SAM
    back = await call.post("/twilio/resume", DialCallStatus="busy")
    assert back.verbs == ["Connect", "Redirect"], "the agent has the caller again"
    (task,) = await call.tasks()
    assert (task.title, task.due_at) == (transfers.MISSED, call.clock.now() + timedelta(minutes=15))
    async with call.db.tenant(call.tenant_id) as session:
        (booked,) = await support.list_callbacks(session)
    assert booked.phone == CALLER
    live = await call.book.claim(back.token, call.sid)
    assert live is not None and live.facts["dial"] == "busy", "it will say that nobody could take it"


async def test_an_answering_machine_is_no_answer(call: Call) -> None:
    """The leg was "completed" by the carrier's word, yet nobody pressed 1."""
    await call.leave(SAM)
    assert (await call.post("/twilio/resume")).dialled == SAM
    assert (await call.post("/twilio/resume", DialCallStatus="completed")).dialled == LEE
    document = await call.post("/twilio/resume", DialCallStatus="completed", DialBridged="false")
    assert document.verbs == ["Connect", "Redirect"]
    assert len(await call.tasks()) == 1


async def test_when_they_spoke_the_carriers_word_counts(call: Call) -> None:
    await call.leave(LEE)
    await call.post("/twilio/resume")
    ended = await call.post("/twilio/resume", DialCallStatus="completed", DialBridged="true")
    assert ended.verbs == ["Hangup"]


@pytest.mark.parametrize(
    "number", ["+13035550100", "+13035559999", "+19005551234", "+18765551234", "+4915112345678"]
)
async def test_a_number_that_is_not_theirs_never_rings(call: Call, number: str) -> None:
    await call.leave(number)
    document = await call.post("/twilio/resume")
    assert document.dialled == "" and document.verbs == ["Connect", "Redirect"]


async def test_after_the_call_nobody_can_take_it(call: Call) -> None:
    assert (await call.post(f"/twilio/whisper?call={call.sid}")).verbs == ["Hangup"]
    await call.leave(LEE)
    await call.post("/twilio/resume")
    await call.book.report(sid=call.sid, status="completed", event="completed:9", data={})
    late = await call.post(f"/twilio/whisper?call={call.sid}", CallSid="CAchild", Digits="1")
    assert late.verbs == ["Hangup"], "the caller has gone"


async def test_what_was_promised_is_settled_when_somebody_answers(call: Call) -> None:
    async with call.db.tenant(call.tenant_id) as session:
        ticket = await support.open_ticket(
            session, category="account", priority="medium", subject="Caller asked for a person",
            channel="voice", conversation_id=call.conversation_id,
        )  # fmt: skip
        await support.book_callback(session, phone=CALLER, ticket_id=ticket.id)
    await call.leave(LEE)
    await call.post("/twilio/resume")
    await call.book.accepted(call.sid)
    await call.post("/twilio/resume", DialCallStatus="completed")
    async with call.db.tenant(call.tenant_id) as session:
        assert not await support.list_callbacks(session)
        assert (await support.get_ticket(session, ticket.id)).status == "solved"


def test_premium_and_foreign_targets_are_left_out() -> None:
    targets = [target("+19005551234"), target("+447911123456"), target(DANA), target(LEE, verified=False), {}]
    assert [t["to"] for t in transfers.ordered(targets)] == [DANA]
    assert [t["ring"] for t in transfers.ordered([target(DANA, ring=5), target(SAM, ring=99)])] == [15, 25]


async def test_the_second_takes_the_call_that_the_first_did_not(call: Call) -> None:
    await call.leave(LEE)
    first = await call.post("/twilio/resume")
    declined = await call.post(first.whisper.removeprefix(call.url), CallSid="CAlee", Digits="2")
    assert declined.verbs == ["Hangup"], "whoever presses 2 is let go, and the caller is not connected"
    second = await call.post("/twilio/resume", DialCallStatus="completed", DialBridged="false")
    assert (second.dialled, second.verbs) == (SAM, ["Dial"])
    taken = await call.post(second.whisper.removeprefix(call.url), CallSid="CAsam", Digits="1")
    assert taken.verbs == []
    assert (await call.post("/twilio/resume", DialCallStatus="completed")).verbs == ["Hangup"]
    lead = await call.lead()
    assert lead is not None and lead.disposition == "transferred" and not await call.tasks()


async def test_the_caller_hangs_up_while_it_is_whispered(call: Call) -> None:
    await call.leave(LEE)
    document = await call.post("/twilio/resume")
    path = document.whisper.removeprefix(call.url)
    assert (await call.post(path, CallSid="CAlee")).verbs == ["Gather", "Gather", "Hangup"]
    ended = await call.book.report(sid=call.sid, status="completed", event="completed:5", data={})
    assert ended is not None
    assert (await call.post(path, CallSid="CAlee", Digits="1")).verbs == ["Hangup"], (
        "nobody is there to talk to"
    )
    over = await call.post("/twilio/resume", CallStatus="completed", DialCallStatus="canceled")
    assert over.verbs == ["Hangup"], "no second telephone rings for a caller who has gone"
    lead = await call.lead()
    assert lead is not None and lead.phones == [CALLER], "what they wanted stays"
    (task,) = await call.tasks()
    assert task.title == transfers.MISSED and task.due_at == call.clock.now() + transfers.TASK_DUE


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed", "canceled"])
async def test_when_all_of_them_cannot_the_agent_has_the_caller_and_one_task(
    call: Call, outcome: str
) -> None:
    await call.leave(LEE)
    await call.post("/twilio/resume")
    await call.post("/twilio/resume", DialCallStatus=outcome)
    back = await call.post("/twilio/resume", DialCallStatus=outcome)
    assert back.verbs == ["Connect", "Redirect"] and len(await call.tasks()) == 1
    live = await call.book.claim(back.token, call.sid)
    assert live is not None and live.facts["dial"] == outcome
    await call.book.leave(live, "transferred", transfer_to=LEE)  # the caller asks once more
    await call.post("/twilio/resume")
    await call.post("/twilio/resume", DialCallStatus=outcome)
    await call.post("/twilio/resume", DialCallStatus=outcome)
    assert len(await call.tasks()) == 1
    async with call.db.tenant(call.tenant_id) as session:
        assert len(await support.list_callbacks(session)) == 1
