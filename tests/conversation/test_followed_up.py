"""From the last word of a call to the last step of the cadence, with a clock that travels (A092, C03)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from core.clock import FakeClock
from integrations.twilio import Twilio
from simulate.called import Street
from simulate.carrier import Carrier
from stores import consents, dials, follow_up, outbox, tenancy
from tests.conversation.talk import Talk, lead_of
from tests.conversation.test_callers import BUYER, LEAD, SELLER
from tools import dialling
from tools import follow_up as cadence

MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
STEPS = [
    {"minutes": 5, "channel": "sms", "template": "thanks"},
    {"minutes": 24 * 60, "channel": "call", "template": "still_looking"},
    {"minutes": 48 * 60, "channel": "sms", "template": "still_looking"},
]


async def test_a_lead_is_followed_up_by_text_and_call_until_they_answer(parts, office) -> None:
    clock = FakeClock(MONDAY)
    parts = replace(parts, clock=clock)
    async with parts.db.tenant(office) as session:
        tenant = await tenancy.get_tenant(session)
        await tenancy.update_tenant(session, settings={**tenant.settings, "sms_registered": True})
        await tenancy.upsert_rules(
            session, follow_up=STEPS, compliance={"outbound": True, "national_list_at": MONDAY.isoformat()}
        )
        line = (await tenancy.numbers(session))[0].e164
    talk = await Talk.begin(parts, office, caller=LEAD, answers=BUYER | {"appointment": "no, not now"})
    await talk.until(turns=25)
    assert talk.reply.ended
    lead = await lead_of(parts, office, talk.conversation.id)
    assert lead is not None
    async with parts.db.tenant(office) as session:
        planned = await follow_up.steps(session, lead.id)
        assert [s.channel for s in planned] == ["sms", "call", "sms"], "planned when the conversation ended"
        assert (await consents.consents(session, LEAD))["voice_ai"].granted
    carrier = Carrier("AC" + "1" * 32, "secret", now=clock.now)
    async with carrier.serving() as api:
        carrier.street = Street("http://127.0.0.1:9")
        twilio = Twilio(carrier.account_sid, carrier.auth_token, api_url=api)
        ports = replace(parts.ports, calls=twilio, public_url="https://voice.example")

        async def pass_by(hours: float) -> None:
            for _ in range(2):
                clock.advance(hours=hours / 2)
                await cadence.sweep(parts.db, ports, clock)
                await dialling.sweep(parts.db, ports, clock)

        await pass_by(0.2)
        async with parts.db.tenant(office) as session:
            texts = [m for m in await outbox.list_messages(session) if m.to_ == LEAD and "thank" in m.body]
        assert len(texts) == 1 and carrier.orders == []
        await pass_by(24)
        (order,) = carrier.orders
        assert (order["To"], order["From"]) == (LEAD, line)
        async with parts.db.tenant(office) as session:
            await cadence.replied(session, LEAD, now=clock.now())
            assert [s.status for s in await follow_up.steps(session, lead.id)] == ["sent", "sent", "stopped"]
        await pass_by(72)
        async with parts.db.tenant(office) as session:
            sent = [m.body for m in await outbox.list_messages(session) if m.to_ == LEAD]
            (dial,) = await dials.page(session, limit=9)
        assert not any("still help" in body for body in sent) and len(carrier.orders) == 1
        assert (dial.why, dial.status, dial.reason) == ("follow_up", "stopped", "reply")
        await carrier.street.quiet()
        await twilio.close()


async def test_who_says_no_is_left_alone(parts, office) -> None:
    talk = await Talk.begin(parts, office, caller=LEAD, answers=SELLER)
    await talk.until(turns=25)
    lead = await lead_of(parts, office, talk.conversation.id)
    assert lead is not None
    async with parts.db.tenant(office) as session:
        assert list(await follow_up.steps(session, lead.id)) == []
