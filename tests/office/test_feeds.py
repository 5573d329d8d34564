"""Listings come by themselves: what changed, what vanished, what failed, and who is told (A047)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from core.errors import Conflict, Unavailable
from integrations.http import Reply
from stores import listing_feeds, support
from stores.vault import KeyRing, Vault
from tests.office.conftest import Office
from tools import acts
from tools import listing_feeds as feeds
from tools.base import Ports

ROOT = "https://mls.example/odata"
PORTS = Ports(vault=Vault(KeyRing({"k1": b"1" * 32}, "k1")))


def home(key: str, at: str, **more: Any) -> dict[str, Any]:
    return {
        "ListingKey": key, "ListingId": key, "UnparsedAddress": f"{key} Main St", "City": "Denver",
        "StandardStatus": "Active", "ListPrice": 400000, "ModificationTimestamp": at,
    } | more  # fmt: skip


class Mls:
    """A RESO server that checks what it is asked."""

    def __init__(self) -> None:
        self.homes = {k: home(k, f"2026-11-2{n}T10:00:00Z") for n, k in enumerate(("M1", "M2", "M3"))}
        self.status = 200
        self.filters: list[str] = []

    async def get(self, url: str, headers: Mapping[str, str], *, timeout: float, most: int) -> Reply:
        assert headers["Authorization"] == "Bearer t0ken" and url.startswith(ROOT)
        query = parse_qs(urlsplit(url).query)
        self.filters.append(query["$filter"][0])
        since = self.filters[-1].partition("ModificationTimestamp gt ")[2]
        found = [h for h in self.homes.values() if h["ModificationTimestamp"] > since]
        if "StandardStatus" in self.filters[-1]:
            found = [h for h in found if h["StandardStatus"] == "Active"]
        if self.status == 0:
            raise Unavailable("away")
        return Reply(self.status, {}, json.dumps({"value": found}).encode())


async def run(office: Office, tool: str, args: Mapping[str, Any], **secrets: str) -> Any:
    return await acts.run(
        office.db, office.clock, PORTS, tool, args, tenant_id=office.tenant_id, actor="member:1",
        key=f"{tool}|{office.clock.now()}", secrets=secrets,
    )  # fmt: skip


@pytest.fixture
async def feed(office: Office) -> tuple[Mls, UUID]:
    done = await run(office, "add_listing_feed", {"name": "metro", "root": ROOT}, token="t0ken")
    return Mls(), UUID(done.facts["feed_id"])


async def sweep(office: Office, mls: Mls) -> None:
    await feeds.sweep(office.db, PORTS, office.clock, reader=mls, pause=0.0)


async def row(office: Office, feed_id: UUID) -> Any:
    async with office.db.tenant(office.tenant_id) as session:
        return await listing_feeds.get(session, feed_id)


async def test_all_of_it_first_then_only_what_changed(office: Office, feed: Any) -> None:
    mls, feed_id = feed
    await sweep(office, mls)
    await sweep(office, mls)
    assert len(mls.filters) == 1, "it is not due again yet"
    first = await row(office, feed_id)
    assert (first.last["added"], first.last["whole"], first.failures) == (3, True, 0)
    assert first.watermark.isoformat() == "2026-11-22T10:00:00+00:00"
    office.clock.advance(minutes=60)
    mls.homes["M1"] = home("M1", "2026-11-23T12:00:00Z", StandardStatus="Closed")
    mls.homes["M4"] = home("M4", "2026-11-23T13:00:00Z", ListPrice=1)
    await sweep(office, mls)
    assert mls.filters[-1] == "ModificationTimestamp gt 2026-11-22T10:00:00Z", "of every status"
    second = await row(office, feed_id)
    assert (second.last["added"], second.last["changed"], second.last["whole"]) == (1, 1, False)
    assert second.next_at == office.clock.now() + timedelta(minutes=60)


async def test_what_vanished_there_is_off_the_market_the_next_day(office: Office, feed: Any) -> None:
    mls, feed_id = feed
    await sweep(office, mls)
    del mls.homes["M2"]
    office.clock.advance(hours=1)
    await sweep(office, mls)
    assert (await row(office, feed_id)).last["removed"] == 0, "nothing said that it is gone"
    office.clock.advance(hours=24)
    await sweep(office, mls)
    assert (await row(office, feed_id)).last["removed"] == 1


async def test_an_empty_answer_takes_nothing_off_the_market(office: Office, feed: Any) -> None:
    mls, feed_id = feed
    await sweep(office, mls)
    mls.homes.clear()
    office.clock.advance(days=2)
    await sweep(office, mls)
    found = await row(office, feed_id)
    assert (found.failures, found.error) == (1, "the MLS sent no listing at all")


@pytest.mark.parametrize(
    ("status", "why"), [(401, "the MLS refused the token"), (0, "away"), (400, "answered 400")]
)
async def test_errors_slow_it_down_and_open_one_ticket(
    office: Office, feed: Any, status: int, why: str
) -> None:
    mls, feed_id = feed
    mls.status = status
    waits = []
    for _ in range(5):
        await sweep(office, mls)
        found = await row(office, feed_id)
        waits.append((found.next_at - office.clock.now()) // timedelta(minutes=1))
        office.clock.advance(minutes=waits[-1])
    assert waits == [5, 10, 20, 40, 60] and why in found.error
    async with office.db.tenant(office.tenant_id) as session:
        (ticket,) = await support.list_tickets(session)
    assert ticket.subject == "Listings of metro cannot be read" and "t0ken" not in ticket.body
    mls.status = 200
    await sweep(office, mls)
    found = await row(office, feed_id)
    assert (found.failures, found.error, found.ticket_id) == (0, None, None)
    async with office.db.tenant(office.tenant_id) as session:
        assert (await support.get_ticket(session, ticket.id)).status == "solved"


async def test_now_a_rest_another_token_and_the_end(office: Office, feed: Any) -> None:
    mls, feed_id = feed
    await sweep(office, mls)
    await run(office, "run_listing_feed", {"feed_id": feed_id})
    await sweep(office, mls)
    assert len(mls.filters) == 2, "without waiting for its hour"
    office.clock.advance(minutes=1)
    await run(office, "change_listing_feed", {"feed_id": feed_id, "enabled": False})
    await sweep(office, mls)
    assert len(mls.filters) == 2
    with pytest.raises(Conflict):
        await run(office, "run_listing_feed", {"feed_id": feed_id})
    await run(office, "remove_listing_feed", {"feed_id": feed_id})
    async with office.db.tenant(office.tenant_id) as session:
        assert await listing_feeds.feeds(session) == []
        assert feeds.secret_of(feed_id) not in await PORTS.vault.names(session)


async def test_two_processes_read_it_once(office: Office, feed: Any) -> None:
    mls, _ = feed
    await asyncio.gather(sweep(office, mls), sweep(office, mls))
    assert len(mls.filters) == 1
