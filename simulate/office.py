"""A brokerage made up for a simulation, in a database that is thrown away afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from uuid import UUID

from agent.parts import Parts
from agent.rehearsal import Rehearsal
from core.clock import Clock, FakeClock
from core.ids import new_id
from flows.loader import load_all
from flows.schema import Flow
from integrations.crm import Connectors
from integrations.numbers import FictionalNumbers
from integrations.outbox import Messenger
from policies import business_hours
from stores import tenancy
from stores.db import Database, opened
from tools import delivery
from tools.base import Ports

FLOWS = Path(__file__).parents[1] / "flows"
TRANSFER = "+13035550112"
FIRST_AREA = 401
"""Area codes from here on are made up for; callers who set up an office ask for numbers of Colorado."""


@asynccontextmanager
async def made_up() -> AsyncIterator[tuple[Database, Path]]:
    """An empty database of its own, and a folder; both gone at the end."""
    with tempfile.TemporaryDirectory(prefix="seiketsu-simulation-") as folder:
        async with opened(Path(folder), fsync=False) as db:
            try:
                yield db, Path(folder)
            finally:
                await delivery.settle()


def parts_in(db: Database, outbox: Path, clock: Clock | None = None) -> Parts:
    """What conversations need, without anything that reaches outside; Monday, nine in the morning."""
    ports = Ports(
        numbers=FictionalNumbers(taken=["+13035550100"]),
        mail=Messenger(outbox, mail_from="kei@seiketsu.example"),
        crm=Connectors(),
        engines=("hibari", "kokoro"),  # Spanish is spoken where a client wants it
    )
    plain = Parts(db=db, flows=_flows(), ports=ports, clock=clock or FakeClock())
    return replace(plain, ports=replace(ports, rehearse=Rehearsal(plain)))


@cache
def _flows() -> Mapping[str, Flow]:
    return load_all(FLOWS)


async def brokerage(
    db: Database, name: str = "Acme Real Estate", *, number: int = 0, voice: str = "professional_female"
) -> UUID:
    """A live client with hours, a line and a proved number to put callers through to.

    ``number`` tells the brokerages of one database apart (0 to 29 999).
    """
    home = new_id()
    area, line = FIRST_AREA + number // 100, 100 + number % 100
    async with db.tenant(home) as session:
        await tenancy.create_tenant(session, name, states=["CO"], timezone="America/Denver", status="live")
        await tenancy.upsert_profile(
            session,
            hours=business_hours.standard(),
            greeting=f"{name} helps people buy and sell homes.",
            transfer_targets=[{"e164": TRANSFER, "verified": True}],
            voice_profile=voice,
        )
        await tenancy.upsert_rules(session)
        await tenancy.claim_number(session, [f"+1{area}5550{line}"], provider="fictional")
    return home
