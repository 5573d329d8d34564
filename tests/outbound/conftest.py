"""A client who may call, a lead who agreed, the real REST client, and a carrier who checks what it gets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from agent.registry import Registry
from agent.stored_calls import StoredCalls
from core.clock import FakeClock
from integrations.twilio import Twilio
from policies.compliance import compliance
from simulate.called import Person, Street
from simulate.carrier import Carrier
from simulate.signature import sign
from stores import consents, dials, leads, receipts, tenancy
from stores.db import Database
from stores.dials import Dial
from tests.simulate.service import serving
from tools import dialling
from tools.base import Ports
from web.outbound_calls import OutboundParts, outbound_router
from web.twilio import PhoneParts, twilio_router

ACCOUNT, TOKEN = "AC" + "1" * 32, "secret"
PUBLIC = "https://voice.example"
LINE, ANN = "+13035550150", "+13035550142"
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""Eleven in the morning in Denver."""


async def nothing(_: float) -> None:
    """In place of the pause between two calls."""


@dataclass
class Exchange:
    """Everything on one wire."""

    db: Database
    tenant_id: UUID
    clock: FakeClock
    carrier: Carrier
    street: Street
    ports: Ports
    url: str
    lead_id: UUID
    http: httpx.AsyncClient
    registry: Registry
    count: int = field(default=0)

    async def want(self, phone: str = ANN, **more: Any) -> UUID:
        """A call to the lead."""
        self.count += 1
        fields: dict[str, Any] = {
            "phone": phone, "lead_id": self.lead_id, "why": "manual", "template": "manual", "actor": "member",
            "due_at": self.clock.now(), "subject": f"manual:{self.count}",
        }  # fmt: skip
        async with self.db.tenant(self.tenant_id) as session:
            row = await dials.plan(session, **fields | more)
        assert row is not None
        return row.id

    async def sweep(self) -> None:
        """What the process does every few seconds."""
        await dialling.sweep(self.db, self.ports, self.clock, sleep=nothing)

    async def row(self, dial_id: UUID) -> Dial:
        async with self.db.tenant(self.tenant_id) as session:
            return await dials.get(session, dial_id)

    async def settings(self, **compliance: Any) -> None:
        async with self.db.tenant(self.tenant_id) as session:
            rules = await tenancy.get_rules(session)
            held = dict(rules.compliance) if rules else {}
            await tenancy.upsert_rules(session, compliance=held | compliance)

    async def counted(self) -> int:
        """How often the gate has let somebody through, and it still counts."""
        async with self.db.tenant(self.tenant_id) as session:
            return await consents.attempts_since(session, ANN, self.clock.now() - timedelta(days=30))

    async def trail(self) -> list[tuple[str, Mapping[str, Any]]]:
        async with self.db.tenant(self.tenant_id) as session:
            return [(e.action, e.after or {}) for e in await receipts.audit_trail(session)]

    async def told(self, path: str, order: Mapping[str, Any], sid: str, **fields: str) -> httpx.Response:
        """A request of the carrier's about a call, signed; ``path``: answer, status or machine."""
        name = {"answer": "Url", "status": "StatusCallback", "machine": "AsyncAmdStatusCallback"}[path]
        url = str(order[name])
        form = {"CallSid": sid, "AccountSid": ACCOUNT, "CallStatus": "in-progress"} | fields
        headers = {"X-Twilio-Signature": sign(TOKEN, url, form)}
        return await self.http.post(url.replace(PUBLIC, self.url), data=form, headers=headers)


def query_of(order: Mapping[str, Any]) -> dict[str, str]:
    """What our own addresses carry."""
    return {k: v[0] for k, v in parse_qs(urlsplit(str(order["Url"])).query).items()}


@pytest.fixture
async def exchange(db: Database, tenant_id: UUID) -> AsyncIterator[Exchange]:
    clock = FakeClock(MONDAY)
    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, [LINE], provider="twilio")
        await tenancy.upsert_rules(
            session, compliance={"outbound": True, "national_list_at": MONDAY.isoformat()}
        )
        lead = await leads.add_lead(session, intent="buyer", name="Ann Lee", phones=[ANN], disposition="new")
        await consents.record_consent(
            session, address=ANN, kinds=["voice", "voice_ai"], granted=True, evidence="conversation:1",
            source="voice", at=MONDAY, text_version=compliance().terms.version, text="I agree.",
        )  # fmt: skip
    book = StoredCalls(db, clock, onboarding_number="+13035550100", process="p1")

    async def tokens(_: str | None) -> list[str]:
        return [TOKEN]

    async def nobody(*_: Any) -> Any:
        raise AssertionError("no session is begun here")

    seats = Registry(5)
    carrier = Carrier(ACCOUNT, TOKEN, now=clock.now)
    async with carrier.serving() as api:
        twilio = Twilio(ACCOUNT, TOKEN, api_url=api, timeout=1.0)
        app = FastAPI()
        phone = PhoneParts(
            book=book, registry=seats, sessions=nobody, public_url=PUBLIC, tokens=tokens,
            hang_up=lambda call: twilio.hang_up(call.account_sid, call.call_sid),
        )  # fmt: skip
        app.include_router(twilio_router(phone))
        app.include_router(outbound_router(OutboundParts(db, clock, phone, twilio)))
        async with serving(app) as url, httpx.AsyncClient() as http:
            carrier.street = Street(url, public_url=PUBLIC, auth_token=TOKEN, account_sid=ACCOUNT)
            ports = Ports(calls=twilio, public_url=PUBLIC)
            yield Exchange(
                db, tenant_id, clock, carrier, carrier.street, ports, url, lead.id, http, seats
            )  # fmt: skip
            for line in carrier.street.lines:
                await line.hang_up()
        await twilio.close()


def nobody_home(exchange: Exchange, answers: Any = "no-answer") -> None:
    exchange.street.people[ANN] = Person(answers)
