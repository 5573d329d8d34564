"""What was kept long enough goes; what was not stays; the proof stays longest (C33)."""

from __future__ import annotations

import os
import time
from typing import Any

from stores import archives as store
from stores import calls, leads, receipts, tenancy, webhooks
from stores.cluster import Cluster
from tests.lifecycle.conftest import OTHER, PHONE, House
from tests.lifecycle.test_archives import raw
from tools import archives, exports, retention


async def go(house: House, **kw: Any) -> dict[str, int]:
    removed = await retention.run(house.db, house.clock, house.data_dir, house.tenant, **kw)
    return {k: v for k, v in removed.counts.items() if v}


def files(house: House) -> list[str]:
    folder = archives.recordings_of(house.data_dir, house.tenant)
    return sorted(p.suffix for p in folder.iterdir())


async def test_sound_words_and_proof_go_at_their_own_times(house: House, fresh: Cluster) -> None:
    async with house.db.tenant(house.tenant) as session:
        await house.call(session, PHONE, "Maria Reed")
    house.clock.advance(days=89)
    assert await go(house) == {}
    house.clock.advance(days=2)
    assert await go(house, dry_run=True) == {"recordings": 1}
    assert files(house) == [".json", ".wav"], "a dry run removes nothing"
    assert await go(house) == {"recordings": 1}
    assert files(house) == [".json"]
    async with house.db.tenant(house.tenant) as session:
        await house.call(session, OTHER, "Otto")
    house.clock.advance(days=275)
    removed = await go(house)
    # (receipts and messages are dated by the database's clock, so here both people's are a year old)
    assert removed == {"conversations": 1, "call_events": 1, "receipts": 2, "messages": 2, "recordings": 1}
    after = await raw(fresh, house.tenant)
    assert PHONE not in repr(
        [after[t] for t in ("turns", "conversation_events", "conversations", "receipts")]
    )
    assert OTHER in repr(after["turns"]) and files(house) == [".json"]
    assert len(after["leads"]) == 2 and len(after["calls"]) == 2, "the client's own records stay"
    house.clock.advance(days=1825)
    assert (await go(house))["audit_entries"] >= 2
    async with house.db.tenant(house.tenant) as session:
        assert await receipts.verify_chain(session) is None, "the chain holds when its text is gone"


async def test_a_client_has_days_of_its_own(house: House) -> None:
    async with house.db.tenant(house.tenant) as session:
        await house.call(session, PHONE, "Maria Reed")
        own = {"retention_days": {"audio": 7, "transcript": 30, "proof": 1, "other": 3}}
        await tenancy.upsert_rules(session, compliance=own)
    house.clock.advance(days=8)
    assert await go(house) == {"recordings": 1}
    house.clock.advance(days=30)
    removed = await go(house)
    assert removed["conversations"] == 1 and "audit_entries" not in removed, "proof has a floor"
    async with house.db.tenant(house.tenant) as session:
        (lead,), _ = await leads.list_leads(session)
        assert lead.conversation_id is None and lead.name == "Maria Reed"
        assert (await calls.get_call(session, lead.call_id)).transcript_path is None  # type: ignore[arg-type, union-attr]


async def test_files_nobody_points_to_go_and_young_ones_stay(house: House) -> None:
    folder = archives.recordings_of(house.data_dir, house.tenant)
    folder.mkdir(parents=True)
    (folder / "stray.wav").write_bytes(b"x")
    (folder / "going-on.wav").write_bytes(b"x")
    two_hours_ago = time.time() - 7200
    os.utime(folder / "stray.wav", (two_hours_ago, two_hours_ago))
    assert await go(house) == {"stray_files": 1}
    assert [p.name for p in folder.iterdir()] == ["going-on.wav"]


async def test_told_events_expire_unless_one_is_still_to_be_sent(house: House) -> None:
    async with house.db.tenant(house.tenant) as session:
        await webhooks.add_endpoint(session, "https://hooks.example.com/", events=["*"])
        for _ in range(2):
            await webhooks.emit(session, "lead.created", {}, at=house.clock.now())
        (one, _) = await webhooks.claim_due(
            session, now=house.clock.now(), lease=retention.timedelta(0), limit=5
        )
        one.status = "delivered"
    house.clock.advance(days=31)
    assert await go(house) == {"webhook_events": 1}


async def test_an_export_is_made_fetched_and_expires(house: House) -> None:
    first = await exports.order(house.db, house.clock, house.tenant, actor="member:dana")
    again = await exports.order(house.db, house.clock, house.tenant, actor="member:dana")
    assert again.id == first.id, "one at a time"
    # a maker that died: its claim runs out
    async with house.db.tenant(house.tenant) as session:
        await store.claim_archive(session, now=house.clock.now(), lease=retention.timedelta(minutes=30))
    assert await exports.make_waiting(house.db, house.clock, house.ports, house.tenant) == 0
    house.clock.advance(minutes=31)
    assert await exports.make_waiting(house.db, house.clock, house.ports, house.tenant) == 1
    path = await exports.fetch(house.db, house.clock, house.tenant, first.id, actor="member:dana")
    assert archives.look_into(path)["kind"] == "export"
    house.clock.advance(hours=49)
    await go(house)
    async with house.db.tenant(house.tenant) as session:
        assert (await store.get_archive(session, first.id)).state == "gone"
        assert [e.action for e in await receipts.audit_trail(session)][-2:] == [
            "order_export",
            "fetch_export",
        ]
    assert not path.exists()
