"""Clients on plans, and a clock in the middle of a month."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.clock import FakeClock
from core.ids import new_id
from stores import tenancy
from stores.db import Database

MakeClient = Callable[..., Awaitable[UUID]]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def client(db: Database) -> MakeClient:
    """A live client on a plan, with an owner and an office number."""

    async def make(plan: str | None = "starter", **fields: object) -> UUID:
        async with db.tenant(new_id()) as session:
            row = await tenancy.create_tenant(
                session, "Acme Realty", status="live", plan=plan, main_phone="+13035550199", **fields
            )
            await tenancy.add_member(session, name="Maria", email="maria@acme.com", role="owner")
        return row.id

    return make
