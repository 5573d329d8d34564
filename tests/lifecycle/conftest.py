"""A client and a person: what Maria left behind, in every place where it can be left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from core.clock import FakeClock
from stores import calls, conversations, leads, outbox, receipts, support, tenancy
from stores.db import Database, Session
from stores.vault import KeyRing, Vault
from tools import archives
from tools.base import Ports
from tools.data_requests import Requests

PHONE, EMAIL = "+13035550142", "Maria.Reed@example.com"
OTHER = "+13035550188"


class Numbers:
    """A carrier: remembers what was given back."""

    def __init__(self) -> None:
        self.released: list[str] = []

    async def release(self, e164: str, sid: str | None) -> None:
        self.released.append(e164)


@dataclass
class House:
    """A client with its world."""

    db: Database
    tenant: UUID
    clock: FakeClock
    ports: Ports
    numbers: Numbers
    data_dir: Path

    @property
    def requests(self) -> Requests:
        return Requests(self.db, self.clock, self.ports, self.tenant)

    async def call(self, session: Session, phone: str, name: str, *, dnc: bool = False) -> UUID:
        """A call that became a lead, with recording, transcript, receipt and audit row; the lead's id."""
        now = self.clock.now()
        talk = await conversations.create(
            session, channel="voice", flow="lead", flow_version=1, caller=phone, state={"phone": phone}
        )
        said = {"role": "caller", "text": f"{name}, {phone}", "channel": "voice", "started_at": now}
        heard = ("heard", {"phone": phone})
        await conversations.append(session, talk.id, events=[heard], turns=[said], at=now)
        call = await calls.start_call(
            session, now=now, sid=f"CA{talk.id.hex}", from_=phone, to="+13035550111", conversation_id=talk.id
        )
        await calls.reconcile_status(session, call.id, "completed", at=now, data={"From": phone})
        await conversations.end(session, talk.id, at=now, reason="done")
        folder = archives.recordings_of(self.data_dir, self.tenant)
        folder.mkdir(parents=True, exist_ok=True)
        for suffix in ("wav", "json"):
            (folder / f"{call.id}.{suffix}").write_bytes(phone.encode())
        await calls.update_call(
            session,
            call.id,
            recording_path=str(folder / f"{call.id}.wav"),
            transcript_path=str(folder / f"{call.id}.json"),
        )
        email = EMAIL if phone == PHONE else "else@example.com"
        lead = await leads.upsert_lead(
            session,
            talk.id,
            intent="buyer",
            name=name,
            phones=[phone],
            emails=[email],
            call_id=call.id,
            dnc=dnc,
        )
        await leads.add_task(session, kind="call", title=f"Ring {phone}", lead_id=lead.id)
        await receipts.write_receipt(
            session,
            tool="save_lead",
            key=f"k{lead.id}",
            arguments={"phone": phone},
            result={},
            status="saved",
            conversation_id=talk.id,
            undo={"phone": phone},
        )
        await receipts.audit(
            session,
            actor="caller",
            action="save_lead",
            subject="lead",
            at=now,
            after={"name": name, "phones": [phone]},
        )
        await outbox.queue_message(session, kind="sms", to=phone, body=f"Thanks {name}")
        ticket = await support.open_ticket(
            session,
            category="account",
            priority="low",
            subject=f"{name} asks",
            body=f"ring {phone}",
            channel="voice",
            conversation_id=talk.id,
        )
        await support.book_callback(session, phone=phone, ticket_id=ticket.id, reason=name)
        await support.record_survey(session, kind="csat", score=4, comment=name, conversation_id=talk.id)
        return lead.id


@pytest.fixture
async def house(db: Database, tenant_id: UUID, tmp_path: Path) -> House:
    numbers = Numbers()
    ports = Ports(vault=Vault(KeyRing({"k1": b"1" * 32}, "k1")), data_dir=tmp_path, numbers=numbers)
    house = House(db, tenant_id, FakeClock(), ports, numbers, tmp_path)
    async with db.tenant(tenant_id) as session:
        await tenancy.add_member(session, name="Dana", email="dana@acme.com", role="owner", status="active")
        await tenancy.claim_number(session, ["+13035550111"], provider="dev")
    return house
