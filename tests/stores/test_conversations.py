"""Snapshots, event log, turns, coming back, and who drives."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.errors import Conflict, NotFound
from core.ids import HOUSE_TENANT
from stores import conversations
from stores.db import Database

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
async def talk(db: Database, tenant_id: UUID) -> UUID:
    async with db.tenant(tenant_id) as session:
        row = await conversations.create(
            session, channel="voice", flow="buyer", flow_version=1, caller="+13035550123"
        )
    return row.id


async def test_of_two_who_read_the_same_version_one_saves(db: Database, tenant_id: UUID, talk: UUID) -> None:
    async def save(n: int) -> int | None:
        try:
            async with db.tenant(tenant_id) as session:
                return await conversations.keep(
                    session, talk, 0, "line", now=NOW, seconds=30, state={"n": n}, step="area"
                )
        except Conflict:
            return None

    assert sorted(await asyncio.gather(*(save(n) for n in range(8))), key=str) == [1, *[None] * 7]
    async with db.tenant(tenant_id) as session:
        stored = await conversations.load(session, talk)
        assert (stored.version, stored.step) == (1, "area")
        assert await conversations.keep(session, talk, 1, "line", now=NOW, seconds=30, state={}) == 2
        assert (await conversations.load(session, talk)).version == 2  # not the row read before


async def test_what_a_garbled_line_says_is_stored_readable(db: Database, tenant_id: UUID, talk: UUID) -> None:
    """NUL and half a surrogate pair cannot be stored; the rest of the words must not be lost for them."""
    garbled = "a\x00b\ud83dc é 🏠 \\u0000"
    async with db.tenant(tenant_id) as session:
        heard = ("heard", {"text": garbled, "\x00": [garbled]})
        said = {"role": "caller", "text": garbled, "channel": "voice", "started_at": NOW}
        await conversations.append(session, talk, events=[heard], turns=[said], at=NOW)
    async with db.tenant(tenant_id) as session:
        (event,) = await conversations.events(session, talk)
        (turn,) = await conversations.turns(session, talk)
    clean = "a\ufffdb\ufffdc é 🏠 \\u0000"
    assert turn.text == clean
    assert event.data == {"text": clean, "\ufffd": [clean]}


async def test_events_and_turns_are_numbered_in_order(db: Database, tenant_id: UUID, talk: UUID) -> None:
    for batch in ([("a", {}), ("b", {})], [("c", {})]):
        async with db.tenant(tenant_id, durable=False) as session:
            said = [{"role": "agent", "text": k, "channel": "voice", "started_at": NOW} for k, _ in batch]
            last = await conversations.append(session, talk, events=batch, turns=said, at=NOW)
    async with db.tenant(tenant_id) as session:
        log = await conversations.events(session, talk)
        assert [(e.seq, e.kind) for e in log] == [(1, "a"), (2, "b"), (3, "c")]
        assert last == 3
        assert [t.n for t in await conversations.turns(session, talk)] == [1, 2, 3]
        assert [e.kind for e in await conversations.events(session, talk, after=2)] == ["c"]


async def test_a_resume_code_finds_its_conversation_within_the_tenant(
    db: Database, tenant_id: UUID, talk: UUID
) -> None:
    async with db.tenant(tenant_id) as session:
        code = await conversations.give_resume_code(session, talk)
        assert len(code) == 6 and code.isdigit()
        found = await conversations.find_by_resume_code(session, code)
        assert found and found.id == talk
        assert code not in (found.resume_code_hash or "")
        suggested = await conversations.latest_open_by_caller(session, "+13035550123")
        assert suggested and suggested.id == talk
        assert [await conversations.count_resume_failure(session, talk) for _ in range(2)] == [1, 2]
    async with db.tenant(HOUSE_TENANT) as session:
        assert await conversations.find_by_resume_code(session, code) is None
    async with db.tenant(tenant_id) as session:
        assert await conversations.end(session, talk, at=NOW, reason="done")
        assert not await conversations.end(session, talk, at=NOW, reason="again")
        assert await conversations.find_by_resume_code(session, code) is None
        assert await conversations.latest_open_by_caller(session, "+13035550123") is None


async def test_a_taken_code_is_not_given_twice(
    db: Database, tenant_id: UUID, talk: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["111111", "111111", "222222"])
    monkeypatch.setattr(conversations, "resume_code", lambda: next(codes))
    async with db.tenant(tenant_id) as session:
        other = await conversations.create(session, channel="chat", flow="buyer", flow_version=1)
        given = [await conversations.give_resume_code(session, t) for t in (talk, other.id)]
    assert given == ["111111", "222222"]


async def test_two_calls_cannot_drive_one_conversation(db: Database, tenant_id: UUID, talk: UUID) -> None:
    async def take(owner: str, at: datetime = NOW) -> bool:
        async with db.tenant(tenant_id) as session:
            return await conversations.take_lease(session, talk, owner, now=at, seconds=30)

    assert sum(await asyncio.gather(*(take(f"call-{n}") for n in range(10)))) == 1
    async with db.tenant(tenant_id) as session:
        owner = (await conversations.load(session, talk)).lease_owner
    assert owner
    assert await take(owner)  # the same call, back on another process
    assert not await take("other", NOW + timedelta(seconds=29))
    async with db.tenant(tenant_id) as session:
        assert await conversations.renew_lease(session, talk, owner, now=NOW, seconds=60)
    assert not await take("other", NOW + timedelta(seconds=59))
    assert await take("other", NOW + timedelta(seconds=60))  # its process died: the lease runs out
    async with db.tenant(tenant_id) as session:
        assert not await conversations.renew_lease(session, talk, owner, now=NOW, seconds=60)
        await conversations.release_lease(session, talk, owner)  # not its own any more
        assert (await conversations.load(session, talk)).lease_owner == "other"


async def test_what_is_not_there_is_not_found(db: Database, tenant_id: UUID, talk: UUID) -> None:
    async with db.tenant(HOUSE_TENANT) as session:
        with pytest.raises(NotFound):
            await conversations.load(session, talk)
    async with db.platform("test") as session:
        assert (await conversations.load(session, talk)).tenant_id == tenant_id
