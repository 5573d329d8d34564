from dataclasses import replace
from pathlib import Path

import pytest

from agent.parts import Parts
from agent.rehearsal import Rehearsal
from core.clock import FakeClock
from flows.loader import load_all
from integrations.crm import Connectors
from integrations.numbers import FictionalNumbers
from integrations.outbox import Messenger
from policies import business_hours
from stores import appointments, listing_imports, tenancy
from tests.office.conftest import HOMES, NINE_TO_FIVE
from tools import delivery
from tools.base import Ports

FLOWS = load_all(Path(__file__).parents[2] / "flows")


@pytest.fixture
def clock():
    """A Monday, nine in the morning in Denver."""
    return FakeClock()


@pytest.fixture
async def parts(db, tmp_path, clock):
    """The application without web and speech, as the composition root puts it together."""
    ports = Ports(
        numbers=FictionalNumbers(taken=["+13035550100"]),
        mail=Messenger(tmp_path / "outbox", mail_from="kei@seiketsu.example"),
        crm=Connectors(),
    )
    plain = Parts(db=db, flows=FLOWS, ports=ports, clock=clock)
    yield replace(plain, ports=replace(ports, rehearse=Rehearsal(plain)))
    await delivery.settle()


@pytest.fixture
async def office(db, tenant_id):
    """A live client with an agent, a line, hours and a proved number to ring."""
    async with db.tenant(tenant_id) as session:
        await tenancy.upsert_profile(
            session,
            hours=business_hours.standard(),
            greeting="Acme Real Estate helps people buy and sell homes.",
            transfer_targets=[
                {"e164": "+13035550111", "verified": False},
                {"e164": "+13035550112", "verified": True},
            ],
        )
        await tenancy.claim_number(session, ["+13035550123"], provider="fictional")
    return tenant_id


@pytest.fixture
async def homes(parts, office):
    """The office has three homes on its list, and an agent who keeps an agenda."""
    async with parts.db.tenant(office) as session:
        lee = await tenancy.add_member(
            session, name="Lee Park", email="lee@acme.example", role="agent", status="active"
        )
        await appointments.update_agenda(session, lee.id, hours=NINE_TO_FIVE)
        await listing_imports.import_listings(session, HOMES, source="csv", actor="test", complete=True)
    return office
