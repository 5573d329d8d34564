"""C21, C25: names, families and accents change nothing; and the audit would notice if they did."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from agent.parts import Parts
from core.clock import FakeClock
from core.ids import new_id
from flows.loader import load_all
from integrations.crm import Connectors
from integrations.numbers import FictionalNumbers
from policies import business_hours
from simulate import paired
from stores import tenancy
from stores.db import Database
from tests.tools.conftest import Postbox
from tools import delivery
from tools.base import Ports

FLOWS = load_all(Path(__file__).parents[2] / "flows")


@pytest.fixture
async def parts(db: Database) -> AsyncIterator[Parts]:
    """The application in text."""
    yield Parts(
        db=db,
        flows=FLOWS,
        ports=Ports(numbers=FictionalNumbers(), mail=Postbox(), crm=Connectors()),
        clock=FakeClock(),
    )
    await delivery.settle()


@pytest.fixture
async def brokerage(db: Database) -> UUID:
    """A live brokerage."""
    home = new_id()
    async with db.tenant(home) as session:
        await tenancy.create_tenant(session, "Acme Real Estate", states=["CO"], timezone="America/Denver")
        await tenancy.upsert_profile(session, hours=business_hours.standard())
        await tenancy.upsert_rules(session)
    return home


@pytest.mark.slow
async def test_everybody_is_served_alike(parts: Parts, brokerage: UUID) -> None:
    """One tester of each kind against the control; ``seiketsu audit-pairs`` sends them all."""
    data = paired.pairs()
    some = {"control", "black_name", "arab_name", "children", "religion", "wheelchair", "aave"}
    few = tuple(t for t in data.testers if t.name in some)
    report = await paired.audit(
        parts, brokerage, data=data.model_copy(update={"testers": few, "scripts": data.scripts[:1]})
    )
    assert report.contacts == len(few) == len(some)
    assert not report.differences, paired.as_text(report)
    assert report.as_dict()["same"] is True


async def test_a_difference_is_found(parts: Parts, brokerage: UUID) -> None:
    data = paired.pairs()
    unlike = data.testers[1].model_copy(update={"says": {"name": "Emily Walsh", "beds": "Five bedrooms"}})
    few = data.model_copy(update={"testers": (data.testers[0], unlike), "scripts": data.scripts[:1]})
    report = await paired.audit(parts, brokerage, data=few)
    assert [d.what for d in report.differences] == ["record: beds"]
    assert report.as_dict()["same"] is False and "record: beds" in paired.as_text(report)


def test_every_kind_of_difference_counts() -> None:
    script, tester = paired.pairs().scripts[0], paired.pairs().testers[1]
    control = paired.Service(
        asked=["ask beds"], told=["a"], tools=["save_lead:saved"], waits=[0.1], ended=True
    )
    for other in (
        replace(control, asked=["ask name"]),
        replace(control, told=["a", "a"]),
        replace(control, tools=[]),
        replace(control, transfer="+13035550112"),
        replace(control, ended=False),
        replace(control, tasks=["call_back"]),
        replace(control, lead={"score": 10}),
        replace(control, waits=[3.0]),
    ):
        assert len(paired.compare(script, tester, control, other)) == 1
    assert paired.compare(script, tester, control, replace(control)) == []
