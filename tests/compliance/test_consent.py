"""C01, C02, C04, C06, C15, C16, C33, C36 on Postgres: ledger, list, gate, what an opt-out ends."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from core.ids import HOUSE_TENANT, new_id
from stores import consents, conversations, follow_up, leads, outbox, receipts, support, tenancy
from tests.compliance.conftest import MONDAY
from tests.tools.conftest import CALLER, Desk
from tools import delivery, dial_gate, letters, texts

BUYER: dict[str, Any] = {
    "intent": "buyer",
    "areas": ["Oak Park"],
    "beds": 3,
    "name": {"first": "Dana", "last": "Reed", "display": "Dana Reed"},
    "phone": CALLER,
    "consent_contact": True,
}


async def _open(desk: Desk, **more: Any) -> None:
    """Switch outbound calls on, with a fresh national list."""
    async with desk.db.tenant(desk.home) as session:
        settings = {"outbound": True, "national_list_at": MONDAY.isoformat(), **more}
        await tenancy.upsert_rules(session, compliance=settings)


async def _ask(desk: Desk, phone: str = CALLER, **more: Any) -> str:
    decision = await dial_gate.may_call(desk.db, desk.clock, desk.home, phone, purpose="follow_up", **more)
    assert decision.words
    return decision.reason


async def test_a_yes_in_the_words_of_the_text_is_consent_and_nothing_else_is(desk: Desk) -> None:
    await _open(desk)
    assert await _ask(desk) == "no_consent"
    await desk.run("save_lead", BUYER)
    assert await _ask(desk) == "allowed"
    async with desk.db.tenant(desk.home) as session:
        held = await consents.consents(session, CALLER)
        assert {k for k, row in held.items() if row.granted} == {"voice", "voice_ai", "sms"}
        assert held["voice_ai"].text_version and "AI voice" in str(held["voice_ai"].text)
        assert held["voice_ai"].evidence == f"conversation:{desk.conversation_id}"


async def test_the_gate_is_shut_by_default_and_every_no_leaves_a_trace(desk: Desk) -> None:
    await desk.run("save_lead", BUYER)
    assert await _ask(desk) == "outbound_off"
    async with desk.db.tenant(desk.home) as session:
        tried = await consents.attempts(session, CALLER)
        assert [(t.allowed, t.reason) for t in tried] == [(False, "outbound_off")]
        trail = await receipts.audit_trail(session)
        assert trail[-1].action == "call.refused" and trail[-1].after is not None
        assert trail[-1].after["reason"] == "outbound_off" and CALLER not in trail[-1].subject
        assert await receipts.verify_chain(session) is None


async def test_the_fourth_call_of_a_day_is_refused(desk: Desk) -> None:
    await _open(desk)
    await desk.run("save_lead", BUYER)
    assert [await _ask(desk) for _ in range(4)] == ["allowed", "allowed", "allowed", "attempts_day"]
    desk.clock.advance(days=1, minutes=1)
    assert [await _ask(desk) for _ in range(3)] == ["allowed"] * 3
    desk.clock.advance(days=1, minutes=1)
    assert [await _ask(desk) for _ in range(2)] == ["allowed", "attempts_week"]


async def test_california_needs_an_agreement_on_record_by_address_too(desk: Desk) -> None:
    await _open(desk)
    await desk.run("save_lead", BUYER)
    assert await _ask(desk, state="CA", zone="America/Denver") == "prior_agreement"
    async with desk.db.tenant(desk.home) as session:
        await consents.record_consent(
            session, address=CALLER, kinds=["voice_ai"], granted=True, evidence="prior_agreement:form 7",
            source="page", at=desk.clock.now(), text_version="2026-11b",
        )  # fmt: skip
    assert await _ask(desk, state="CA", zone="America/Denver") == "allowed"


@pytest.mark.slow  # within a second, also on a machine with other work
async def test_an_opt_out_ends_everything_at_once(desk: Desk) -> None:
    await _open(desk)
    await desk.run("save_lead", BUYER)
    async with desk.db.tenant(desk.home) as session:
        lead = await leads.lead_of_conversation(session, desk.conversation_id)
        assert lead is not None
        for n in range(30):
            await outbox.queue_message(session, kind="sms", to=CALLER, body=f"text {n}")
        await outbox.queue_message(session, kind="sms", to="+13035550177", body="somebody else's")
        await support.book_callback(session, phone=CALLER)
        await follow_up.plan_step(
            session, lead_id=lead.id, step=1, channel="sms", template="t", due_at=desk.clock.now()
        )
        await leads.add_task(session, kind="call_back", title="ring", lead_id=lead.id)
    started = time.perf_counter()
    result = await desk.run("opt_out")
    assert time.perf_counter() - started < 1.0
    assert (result.status, result.facts["cancelled"]) == ("opted_out", 30)
    async with desk.db.tenant(desk.home) as session:
        waiting = [m.to_ for m in await outbox.list_messages(session) if m.status == "queued"]
        assert waiting == ["+13035550177"]
        assert await support.list_callbacks(session) == []
        assert await leads.open_tasks(session, lead_id=lead.id) == []
        assert [s.status for s in await follow_up.steps(session, lead.id)] == ["stopped"]
        assert not any(row.granted for row in (await consents.consents(session, CALLER)).values())
        assert await consents.listed(session, CALLER) is not None
        assert (await leads.get_lead(session, lead.id)).dnc
        assert await letters.opted_out(session, CALLER)
    assert await _ask(desk) == "listed"


async def test_a_number_that_was_never_a_lead_is_listed_too(desk: Desk) -> None:
    assert (await desk.run("opt_out")).ok
    async with desk.db.tenant(desk.home) as session:
        row = await consents.listed(session, CALLER)
        assert row is not None and row.evidence == f"conversation:{desk.conversation_id}"


async def test_another_client_may_still_call(desk: Desk) -> None:
    await desk.run("opt_out")
    async with desk.db.tenant(HOUSE_TENANT) as session:
        assert await consents.listed(session, CALLER) is None


async def test_taking_it_back_clears_the_list_and_gives_no_consent(desk: Desk) -> None:
    await _open(desk)
    await desk.run("save_lead", BUYER)
    assert (await desk.run("opt_in")).status == "not_listed"
    await desk.run("opt_out")
    assert (await desk.run("opt_in")).status == "restored"
    assert await _ask(desk) == "no_consent"
    async with desk.db.tenant(desk.home) as session:
        assert not await letters.opted_out(session, CALLER)
        kinds = [(row.kind, row.granted) for row in await consents.history(session, CALLER)]
    assert ("voice_ai", True) in kinds and ("voice_ai", False) in kinds, "the proof of both stays"


async def test_agreeing_again_in_words_clears_the_list(desk: Desk) -> None:
    await _open(desk)
    await desk.run("opt_out")
    desk.conversation_id = new_id()
    async with desk.db.tenant(desk.home) as session:
        await conversations.create(
            session, id=desk.conversation_id, channel="voice", flow="lead", flow_version=1, caller=CALLER
        )
    await desk.run("save_lead", BUYER)
    assert await _ask(desk) == "allowed"


async def test_a_rehearsal_lists_nobody(desk: Desk) -> None:
    desk.rehearsal = True
    await desk.run("opt_out")
    async with desk.db.tenant(desk.home) as session:
        assert await consents.listed(session, CALLER) is None


async def test_the_proof_cannot_be_changed(desk: Desk) -> None:
    await desk.run("save_lead", BUYER)

    async def forge() -> None:
        async with desk.db.tenant(desk.home) as session:
            (await consents.consents(session, CALLER))["voice"].granted = False

    with pytest.raises(DBAPIError, match="permission denied"):
        await forge()


async def test_nothing_a_minor_said_is_kept(desk: Desk) -> None:
    await desk.run("save_lead", BUYER)
    assert (await desk.run("forget_caller")).ok
    async with desk.db.tenant(desk.home) as session:
        assert await leads.lead_of_conversation(session, desk.conversation_id) is None


# -- texts ---------------------------------------------------------------------------------------------


async def _send(desk: Desk, to: str, body: str = "See you at ten.", conversation: Any = None) -> list[str]:
    async with desk.db.tenant(desk.home) as session:
        await outbox.queue_message(session, kind="sms", to=to, body=body, conversation_id=conversation)
    before = len(desk.post.letters)
    await delivery.flush(desk.db, desk.post, desk.clock, desk.home)
    return [letter.body for letter in desk.post.letters[before:]]


async def test_no_text_without_consent_or_having_been_asked_for(desk: Desk) -> None:
    assert await _send(desk, "+13035550177") == []
    async with desk.db.tenant(desk.home) as session:
        message = (await outbox.list_messages(session))[0]
        assert (message.status, message.error) == ("cancelled", "not sent: sms_consent")
        assert (await receipts.audit_trail(session))[-1].action == "text.refused"
    first = await _send(desk, CALLER, conversation=desk.conversation_id)
    assert first == ["Summit Realty: See you at ten. Reply STOP to opt out, HELP for help."]
    assert await _send(desk, CALLER, conversation=desk.conversation_id) == ["See you at ten."]


async def test_a_carrier_needs_a_registered_sender(desk: Desk) -> None:
    desk.post.texts_leave = True  # type: ignore[attr-defined]
    assert await _send(desk, CALLER, conversation=desk.conversation_id) == []
    async with desk.db.tenant(desk.home) as session:
        assert (await outbox.list_messages(session))[0].error == "not sent: sms_sender"
        await tenancy.update_tenant(session, settings={"sms_registered": True})
    assert len(await _send(desk, CALLER, conversation=desk.conversation_id)) == 1


async def test_a_listed_number_gets_no_text_even_if_it_was_queued_later(desk: Desk) -> None:
    await desk.run("save_lead", BUYER)
    await desk.run("opt_out")
    assert await _send(desk, CALLER, conversation=desk.conversation_id) == []


@pytest.mark.parametrize(
    ("body", "understood", "meant"),
    [
        ("STOP", "ok", "stop"),
        ("Stop please!", "ok", "stop"),
        ("alto", "ok", "stop"),
        ("opt out", "ok", "stop"),
        ("pls quit texting me", "opt_out", "stop"),
        ("Start", "ok", "start"),
        ("HELP", "ok", "help"),
        ("stop by at ten?", "ok", "other"),
        ("See you there", "ok", "other"),
    ],
)
def test_what_a_text_means(body: str, understood: str, meant: str) -> None:
    assert texts.meaning(body, understood) == meant


async def test_stop_by_text_and_start_again(desk: Desk) -> None:
    async with desk.db.tenant(desk.home) as session:
        stopped = await texts.received(session, phone=CALLER, body="STOP", understood="ok", clock=desk.clock)
        assert stopped.meaning == "stop" and "Summit Realty" in stopped.reply
        assert await consents.listed(session, CALLER)
        again = await texts.received(session, phone=CALLER, body="start", understood="ok", clock=desk.clock)
        assert again.reply and not await consents.listed(session, CALLER)
        twice = await texts.received(session, phone=CALLER, body="start", understood="ok", clock=desk.clock)
        assert twice.reply == ""
