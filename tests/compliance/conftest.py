"""A lead on the line of a brokerage, with everything the tools need."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from core.clock import FakeClock
from core.ids import new_id
from stores import conversations, tenancy
from stores.db import Database
from tests.tools.conftest import CALLER, Carrier, Desk, Postbox
from tools import delivery

MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""Eleven in the morning in Denver, one in the afternoon in New York."""


@pytest.fixture
async def desk(db: Database) -> AsyncIterator[Desk]:
    """The desk of a brokerage in Denver during a lead's call."""
    home, talk = new_id(), new_id()
    async with db.tenant(home) as session:
        await tenancy.create_tenant(session, "Summit Realty", states=["CO"])
        await tenancy.upsert_rules(session)
        await conversations.create(
            session, id=talk, channel="voice", flow="lead", flow_version=1, caller=CALLER
        )
    yield Desk(db, FakeClock(MONDAY), Postbox(), Carrier(), talk, home=home)
    await delivery.settle()
