"""Whole calls that the agent places: a person who books, machines that hear nothing else (C07, C14)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.clock import SystemClock
from core.ids import new_id
from policies.compliance import compliance
from simulate.called import CalledLine, Person, Street
from simulate.carrier import Carrier
from stores import appointments, consents, conversations, dials, leads, tenancy
from stores.cluster import Cluster
from stores.dials import Dial
from tests.whole.house import House, Whistles, house
from tools import dialling

pytestmark = pytest.mark.slow

ACCOUNT, TOKEN = "AC" + "1" * 32, "secret"
PUBLIC = "https://voice.example"
LINE, ANN = "+13035550150", "+13035550142"
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
NINE_TO_FIVE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SAID = {
    "intent": "buyer", "areas": ["Oak Park"], "beds": 3, "baths": 2, "features": "a garage",
    "price": {"min": None, "max": 500000}, "motivation": "more space", "represented": "no",
    "financing": "cash", "name": {"first": "Ann", "last": "Lee", "display": "Ann Lee"}, "phone": ANN,
    "consent_contact": True,
}  # fmt: skip


@dataclass
class Office:
    """The service on a carrier, with a brokerage that may call Ann."""

    home: House
    carrier: Carrier
    street: Street
    tenant_id: UUID
    lead_id: UUID

    async def call(self, person: Person, **settings: Any) -> tuple[UUID, CalledLine]:
        """Want a call, and have it placed."""
        self.street.people[ANN] = person
        async with self.home.db.tenant(self.tenant_id) as session:
            rules = await tenancy.get_rules(session)
            assert rules is not None
            await tenancy.upsert_rules(session, compliance=dict(rules.compliance) | settings)
            row = await dials.plan(
                session, phone=ANN, lead_id=self.lead_id, why="follow_up", template="still_looking",
                actor="test", due_at=MONDAY, subject=f"test:{new_id()}",
            )  # fmt: skip
            assert row is not None
        parts = self.home.app.state.parts
        await dialling.sweep(parts.db, parts.ports, parts.clock)
        await self.home.until(lambda: bool(self.street.lines), 10)
        return row.id, self.street.lines[-1]

    async def row(self, dial_id: UUID) -> Dial:
        async with self.home.db.tenant(self.tenant_id) as session:
            return await dials.get(session, dial_id)

    async def settled(self, dial_id: UUID) -> Dial:
        """Once the carrier's last report is in."""
        async with asyncio.timeout(15):
            while (row := await self.row(dial_id)).status in dials.UNDER_WAY:
                await asyncio.sleep(0.1)
        return row


@pytest.fixture
async def office(
    fresh: Cluster, whistles: Whistles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    began = time.monotonic()
    monkeypatch.setattr(SystemClock, "now", lambda self: MONDAY + timedelta(seconds=time.monotonic() - began))
    carrier = Carrier(ACCOUNT, TOKEN)
    async with (
        carrier.serving() as api,
        house(
            fresh, tmp_path, whistles, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN,
            twilio_api_url=api, public_url=PUBLIC,
        ) as home,
    ):  # fmt: skip
        carrier.street = Street(home.url, public_url=PUBLIC, auth_token=TOKEN, account_sid=ACCOUNT)
        tenant_id, lead_id = await _brokerage(home)
        office = Office(home, carrier, carrier.street, tenant_id, lead_id)
        yield office
        for line in carrier.street.lines:
            await line.hang_up()
            await asyncio.wait_for(line.closed.wait(), 10)


async def _brokerage(home: House) -> tuple[UUID, UUID]:
    async with home.db.tenant(new_id()) as session:
        tenant = await tenancy.create_tenant(
            session, "Acme Real Estate", status="live", timezone="America/Denver", states=["CO"]
        )
        await tenancy.claim_number(session, [LINE], provider="twilio")
        await tenancy.upsert_profile(session, hours=NINE_TO_FIVE)
        lee = await tenancy.add_member(
            session, name="Lee Park", email="lee@acme.example", role="agent", status="active"
        )
        await appointments.update_agenda(session, lee.id, hours=NINE_TO_FIVE)
        await tenancy.upsert_rules(
            session, compliance={"outbound": True, "national_list_at": MONDAY.isoformat()}
        )
        await consents.record_consent(
            session, address=ANN, kinds=["voice", "voice_ai"], granted=True, evidence="conversation:1",
            source="voice", at=MONDAY, text_version=compliance().terms.version, text="I agree.",
        )  # fmt: skip
        talk = await conversations.create(session, channel="voice", flow="lead", flow_version=2, caller=ANN)
        slots = {name: {"status": "confirmed", "value": value} for name, value in SAID.items()}
        talk.state = {"slots": slots}
        lead = await leads.upsert_lead(
            session, talk.id, intent="buyer", name="Ann Lee", phones=[ANN], disposition="qualified"
        )
    return tenant.id, lead.id


async def test_a_person_is_asked_nothing_twice_and_books(office: Office) -> None:
    dial, line = await office.call(Person("human", detects=((0.5, "human"),)))
    assert await line.listen(quiet=0.8, timeout=30), line.faults
    call = (await office.row(dial)).call_id
    assert call is not None
    await office.home.say(line, "In about two months.")  # the timing was never said; nothing else is asked
    await office.home.say(line, "The first one.")
    await office.home.say(line, "Yes.", listen=False)  # booked, and nothing is left to ask: goodbye
    row = await office.settled(dial)
    assert (row.status, row.outcome, row.answered_by) == ("done", "reached", "human")
    left = await office.home.left(line)
    first = left.said()[0]
    order = ["Acme Real Estate calling", "stop calling", "AI assistant", "recorded", "555-0150", "still help"]
    assert [first.index(part) for part in order] == sorted(first.index(part) for part in order)
    asked = " ".join(left.said()).lower()
    for known in ("which areas", "how many bedrooms", "what price", "who am i speaking", "may acme"):
        assert known not in asked, known
    async with office.home.db.tenant(office.tenant_id) as session:
        found, _ = await leads.list_leads(session, phone=ANN)
    again = found[0]
    assert again.id != office.lead_id and again.duplicate_of == office.lead_id
    assert (again.appointment or {}).get("status") == "booked" and again.areas == ["Oak Park"]
    assert left.call.direction == "outbound" and left.call.recording_path


async def test_a_machine_found_by_the_carrier_hears_no_more(office: Office) -> None:
    dial, line = await office.call(Person.machine("machine_start", 0.4))
    await asyncio.wait_for(line.closed.wait(), 20)
    row = await office.settled(dial)
    assert (row.status, row.outcome) == ("planned", "machine")
    assert [n.detail["text"] for n in line.notes if n.kind == "carrier"] == []
    assert line.now < 8, "the opening was not talked to its end"
    await _nothing_came_of_it(office)


async def test_a_machine_gets_the_approved_words_at_the_beep(office: Office) -> None:
    dial, line = await office.call(Person.machine("machine_end_beep", 0.4), voicemail="message")
    await asyncio.wait_for(line.closed.wait(), 30)
    assert (await office.settled(dial)).outcome == "machine"
    (words,) = [n.detail["text"] for n in line.notes if n.kind == "carrier"]
    assert "an AI assistant for Acme Real Estate" in words and "(303) 555-0150" in words
    assert line.reason == "hung up by the service"
    await _nothing_came_of_it(office)


async def test_a_machine_the_carrier_did_not_find_is_heard(office: Office) -> None:
    dial, line = await office.call(Person("human", detects=((0.5, "unknown"),)))
    assert await line.listen(quiet=0.8, timeout=30)
    spoken = line.meter.agent_last
    await line.say(office.home.whistles.clip("You have reached Ann, please leave a message after the tone."))
    await asyncio.wait_for(line.closed.wait(), 20)
    row = await office.settled(dial)
    assert (row.outcome, row.answered_by) == ("machine", "machine_heard")
    assert line.meter.agent_last == spoken, "not a word more"
    await _nothing_came_of_it(office)


async def _nothing_came_of_it(office: Office) -> None:
    await office.home.empty()
    async with office.home.db.tenant(office.tenant_id) as session:
        found, _ = await leads.list_leads(session, phone=ANN)
    assert [lead.id for lead in found] == [office.lead_id]
