"""Doors of the plan: a second user and a third integration on Starter, also when two ask at once (A023)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from core.clock import FakeClock
from core.errors import InvalidInput
from core.ids import new_id
from stores import integrations, tenancy
from stores.db import Database
from tests.quota.conftest import MakeClient
from tools import acts, plan
from tools.base import Ports


async def run(db: Database, clock: FakeClock, tenant: UUID, name: str, args: dict[str, Any]) -> Any:
    """Through the tools' own door for the API."""
    key = str(new_id())
    return await acts.run(db, clock, Ports(), name, args, tenant_id=tenant, actor="member:1", key=key)


def person(n: int) -> dict[str, str]:
    return {"name": f"Sam {n}", "email": f"sam{n}@acme.com"}


async def test_the_last_seat_is_taken_once(db: Database, client: MakeClient, clock: FakeClock) -> None:
    acme = await client("professional")  # five seats, one taken
    invited = await asyncio.gather(
        *(run(db, clock, acme, "invite_people", {"team_invites": [person(n)]}) for n in range(7)),
        return_exceptions=True,
    )
    refused = [done for done in invited if isinstance(done, InvalidInput)]
    assert len(refused) == 3
    assert refused[0].message == "Professional includes 5 users. Business would fit."
    async with db.tenant(acme) as session:
        assert len(await tenancy.members(session)) == 5


async def test_starter_has_one_user_two_integrations_and_nobody_in_chat(
    db: Database, client: MakeClient, clock: FakeClock
) -> None:
    acme = await client("starter")
    with pytest.raises(InvalidInput, match="Starter includes 1 user. Professional would fit."):
        await run(db, clock, acme, "invite_people", {"team_invites": [person(1)]})
    again = {"team_invites": [{"name": "Maria", "email": "MARIA@acme.com"}]}
    assert (await run(db, clock, acme, "invite_people", again)).ok  # somebody who has a seat needs no other
    async with db.tenant(acme) as session:
        for kind, vendor in (("crm", "hubspot"), ("calendar", "google")):
            assert await plan.room_for_integration(session, kind, vendor) is None
            await integrations.upsert_integration(session, kind, vendor)
        hint = await plan.room_for_integration(session, "webhook", "https://a.example")
        assert hint == "Starter includes 2 integrations. Professional would fit."
        assert await plan.room_for_integration(session, "crm", "hubspot") is None
        assert await plan.room_for_integration(session, "lead_source", "zillow") is None
    error = plan.upgrade_needed(hint or "")
    assert (error.status, error.code) == (403, "plan_limit")


@pytest.mark.parametrize("name", ["business", "enterprise"])
async def test_larger_plans_connect_what_they_like(db: Database, client: MakeClient, name: str) -> None:
    acme = await client(name)
    async with db.tenant(acme) as session:
        for n in range(12):
            await integrations.upsert_integration(session, "webhook", f"https://{n}.example")
        assert await plan.room_for_integration(session, "webhook", "https://more.example") is None
