"""Organisations, people, numbers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.errors import Conflict, SeiketsuError
from core.ids import HOUSE_TENANT, new_id
from stores import tenancy
from stores.db import Database

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme Real Estate", "acme-real-estate"),  # A022's own example
        ("Smith & Sons' Realty, LLC.", "smith-and-sons-realty-llc"),
        ("Peña Homes", "pena-homes"),
        ("K2", "k2-brokerage"),
        ("東京", "brokerage"),
        ("x" * 60, "x" * 40),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert tenancy.slugify(name) == slug


async def test_ten_at_once_with_one_name_get_ten_slugs(db: Database) -> None:
    """A015: a clash takes the next number, also in a race."""

    async def register() -> str:
        async with db.tenant(new_id()) as session:
            return (await tenancy.create_tenant(session, "Acme Real Estate")).slug

    slugs = await asyncio.gather(*(register() for _ in range(10)))
    assert sorted(slugs) == sorted(["acme-real-estate", *(f"acme-real-estate-{n}" for n in range(2, 11))])


async def test_a_long_name_keeps_its_suffix_within_forty(db: Database) -> None:
    for expected in ("x" * 40, "x" * 38 + "-2"):
        async with db.tenant(new_id()) as session:
            assert (await tenancy.create_tenant(session, "x" * 60)).slug == expected


async def test_only_a_taken_slug_is_tried_again(db: Database) -> None:
    with pytest.raises(SeiketsuError, match="ck_tenants_status"):
        async with db.tenant(new_id()) as session:
            await tenancy.create_tenant(session, "Acme", status="unheard of")


async def test_the_house_is_there_and_is_no_client(db: Database, tenant_id: UUID) -> None:
    async with db.platform("test") as session:
        house = await tenancy.tenant_by_slug(session, "seiketsu")
        assert house is not None
        assert (house.id, house.status) == (HOUSE_TENANT, "live")
        assert [t.id for t in await tenancy.list_tenants(session)] == [tenant_id]


async def test_twenty_claimers_of_one_number_and_one_gets_it(db: Database, tenant_id: UUID) -> None:
    others = [tenant_id]
    for n in range(3):
        async with db.tenant(new_id()) as session:
            others.append((await tenancy.create_tenant(session, f"Other {n}")).id)

    async def claim(n: int) -> str | None:
        try:
            async with db.tenant(others[n % 4]) as session:
                return (await tenancy.claim_number(session, ["+13035550111"], provider="dev")).e164
        except Conflict:
            return None

    won = [r for r in await asyncio.gather(*(claim(n) for n in range(20))) if r]
    assert won == ["+13035550111"]


async def test_claimers_of_a_pool_all_get_different_numbers(db: Database, tenant_id: UUID) -> None:
    pool = [f"+1303555{n:04d}" for n in range(200, 208)]

    async def claim() -> str:
        async with db.tenant(tenant_id) as session:
            return (await tenancy.claim_number(session, pool, provider="dev")).e164

    assert sorted(await asyncio.gather(*(claim() for _ in pool))) == pool


async def test_a_released_number_routes_nowhere_and_can_be_claimed_again(
    db: Database, tenant_id: UUID
) -> None:
    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, ["+13035550111"], provider="dev")
    async with db.platform("test") as session:
        assert await tenancy.route_number(session, "+13035550111") == tenancy.Route(
            tenant_id, "active", "live"
        )
    async with db.tenant(tenant_id) as session:
        assert await tenancy.release_number(session, "+13035550111")
        assert not await tenancy.release_number(session, "+13035550111")
    async with db.platform("test") as session:
        assert await tenancy.route_number(session, "+13035550111") is None
    async with db.tenant(HOUSE_TENANT) as session:
        await tenancy.claim_number(session, ["+13035550111"], provider="dev")
    async with db.platform("test") as session:
        route = await tenancy.route_number(session, "+13035550111")
    assert route is not None
    assert route.tenant_id == HOUSE_TENANT


async def test_profile_and_rules_are_one_a_tenant(db: Database, tenant_id: UUID) -> None:
    for greeting in ("Hello", "Good day"):
        async with db.tenant(tenant_id) as session:
            profile = await tenancy.upsert_profile(session, greeting=greeting)
            rules = await tenancy.upsert_rules(session, routing={"mode": "round_robin"})
    assert (profile.greeting, profile.persona_name) == ("Good day", "Alex")
    assert rules.version == 2


async def test_an_unknown_column_is_an_error_and_not_lost(db: Database, tenant_id: UUID) -> None:
    with pytest.raises(AttributeError):
        async with db.tenant(tenant_id) as session:
            await tenancy.upsert_profile(session, greting="Hello")


async def test_members_are_known_by_their_address_whatever_its_case(db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        first = await tenancy.add_member(session, name="Dana", email="Dana@Example.com", role="admin")
        again = await tenancy.add_member(session, name="Dana Reyes", email="dana@example.com", role="owner")
        assert first.id == again.id
        proved = await tenancy.set_member_verified(session, first.id, at=NOW)
        assert (proved.status, proved.email_verified_at) == ("active", NOW)
        assert [m.name for m in await tenancy.members(session)] == ["Dana Reyes"]


async def test_going_live_is_stamped_once(db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        assert (await tenancy.set_status(session, "live", at=NOW)).activated_at == NOW
        paused = await tenancy.set_status(session, "suspended", at=NOW, reason="unpaid")
        assert paused.suspended_reason == "unpaid"
        again = await tenancy.set_status(session, "live", at=datetime.now(UTC))
    assert (again.activated_at, again.suspended_reason) == (NOW, None)
