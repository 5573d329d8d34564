"""A desk: tools with a clock, a database, and an outside world that can be watched and made to fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from core.clock import FakeClock
from core.errors import Unavailable
from core.ids import HOUSE_TENANT, new_id
from integrations.crm import Connectors
from integrations.numbers import FictionalNumbers, Found
from integrations.outbox import Letter
from stores import conversations
from stores.db import Database
from tools import registry
from tools.base import Ports, ToolContext, ToolResult

CALLER = "+13035550142"

ACCOUNT: dict[str, Any] = {
    "organization_name": "Summit Realty",
    "states_served": ["CO"],
    "timezone": "America/Denver",
    "team_size": 5,
    "admin_name": {"first": "Dana", "last": "Reed", "display": "Dana Reed", "spelled": True},
    "admin_role": "managing broker",
    "authority": True,
    "admin_email": "dana@summit.example",
    "admin_mobile": CALLER,
    "plan": "professional",
    "terms_accepted": True,
}


class Postbox:
    """Takes letters; ``down`` makes it fail."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.down = False

    async def send(self, letter: Letter) -> str:
        if self.down:
            raise Unavailable("the mail server does not answer")
        self.letters.append(letter)
        return "test"


class Carrier(FictionalNumbers):
    """Sells fictional numbers under carrier ids, and remembers what it sold and took back."""

    provider = "carrier"

    def __init__(self) -> None:
        super().__init__(["+13035550100"])
        self.sold: dict[str, str] = {}
        self.released: list[str] = []
        self.sold_out: set[str] = set()

    async def find(self, area_code: str, *, key: str) -> Found:
        free = (await super().find(area_code, key=key)).candidates
        if area_code in self.sold_out or not free:
            return Found((), self.provider)
        if key not in self.sold:
            self.sold[key] = next(n for n in free if n not in self.sold.values())
        return Found((self.sold[key],), self.provider, f"PN{self.sold[key][-4:]}")

    async def release(self, e164: str, sid: str | None) -> None:
        assert sid == f"PN{e164[-4:]}"
        self.released.append(e164)


@dataclass
class Desk:
    """One conversation's hold on the tools."""

    db: Database
    clock: FakeClock
    post: Postbox
    carrier: Carrier
    conversation_id: UUID
    home: UUID = HOUSE_TENANT
    subject: UUID | None = None
    caller: str | None = CALLER
    slots: dict[str, Any] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)
    rehearsal: bool = False
    channel: str = "voice"
    runs: int = 0

    async def rehearse(self, tenant_id: UUID) -> list[Mapping[str, Any]]:
        return list(self.results)

    def ctx(self) -> ToolContext:
        ports = Ports(
            numbers=self.carrier,
            mail=self.post,
            crm=Connectors(),
            rehearse=self.rehearse,
            engines=("hibari",),
        )
        return ToolContext(
            db=self.db,
            clock=self.clock,
            ports=ports,
            home=self.home,
            subject=self.subject or (None if self.home == HOUSE_TENANT else self.home),
            conversation_id=self.conversation_id,
            channel=self.channel,
            caller=self.caller,
            public_url="https://voice.example",
            rehearsal=self.rehearsal,
            slots=self.slots,
        )

    async def run(self, name: str, args: Mapping[str, Any] | None = None, *, key: str = "") -> ToolResult:
        """Run as the conversation does: a key per call unless one is given; a new client becomes subject."""
        self.runs += 1
        result = await registry.run(self.ctx(), name, args or {}, key=key or f"k{self.runs}")
        if result.ok and "tenant_id" in result.facts:
            self.subject = UUID(result.facts["tenant_id"])
        return result

    async def undo(self) -> tuple[str, ToolResult] | None:
        return await registry.undo_latest(self.ctx())

    async def register(self, **changes: Any) -> ToolResult:
        return await self.run("register_organization", ACCOUNT | changes)


@pytest.fixture
async def desk(db: Database) -> Desk:
    """The house's desk during an onboarding call."""
    conversation_id = new_id()
    async with db.tenant(HOUSE_TENANT) as session:
        await conversations.create(
            session, id=conversation_id, channel="voice", flow="onboarding", flow_version=1, caller=CALLER
        )
    return Desk(db, FakeClock(), Postbox(), Carrier(), conversation_id)


@pytest.fixture
async def front_desk(db: Database, tenant_id: UUID) -> Desk:
    """A live client's desk during a lead's call."""
    conversation_id = new_id()
    async with db.tenant(tenant_id) as session:
        await conversations.create(
            session, id=conversation_id, channel="voice", flow="lead", flow_version=1, caller=CALLER
        )
    return Desk(db, FakeClock(), Postbox(), Carrier(), conversation_id, home=tenant_id)
