"""Receipts happen once; the audit trail shows every touch (C44)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.errors import Conflict
from core.ids import HOUSE_TENANT, new_id
from stores import receipts
from stores.cluster import Cluster
from stores.db import Database

NOW = datetime(2026, 11, 23, 16, 0, 0, 123456, tzinfo=UTC)


async def write(db: Database, tenant_id: UUID, key: str, **fields: Any) -> receipts.Receipt:
    async with db.tenant(tenant_id) as session:
        return await receipts.write_receipt(
            session, tool="save", key=key, arguments={}, result={"ok": True}, status="done", **fields
        )


async def test_one_key_one_receipt(db: Database, tenant_id: UUID) -> None:
    results = await asyncio.gather(*(write(db, tenant_id, "k") for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(r, receipts.Receipt) for r in results) == 1
    assert {type(r) for r in results} == {receipts.Receipt, Conflict}
    await write(db, HOUSE_TENANT, "k")  # a key is the tenant's own


async def test_undo_takes_back_the_newest_first(db: Database, tenant_id: UUID) -> None:
    talk = new_id()
    await write(db, tenant_id, "1", conversation_id=talk, undo={"n": 1})
    await write(db, tenant_id, "2", conversation_id=talk, undo={"n": 2})
    await write(db, tenant_id, "3", conversation_id=talk)  # cannot be undone
    taken = []
    for _ in range(3):
        async with db.tenant(tenant_id) as session:
            last = await receipts.latest_undoable(session, talk)
            taken.append(last and last.undo)
            if last:
                await receipts.mark_undone(session, last.id, at=NOW)
    assert taken == [{"n": 2}, {"n": 1}, None]


async def _trail(db: Database, tenant_id: UUID, n: int) -> None:
    for i in range(n):
        async with db.tenant(tenant_id) as session:
            await receipts.audit(
                session,
                actor="caller",
                action="save",
                subject="lead",
                at=NOW,
                before=None,
                after={"i": i, "x": 1.5},
            )


async def _verify(db: Database, tenant_id: UUID) -> int | None:
    async with db.tenant(tenant_id) as session:
        return await receipts.verify_chain(session)


async def test_many_writers_make_one_chain(db: Database, tenant_id: UUID) -> None:
    await asyncio.gather(*(_trail(db, tenant_id, 3) for _ in range(8)))
    await _trail(db, HOUSE_TENANT, 1)
    assert await _verify(db, tenant_id) is None
    async with db.tenant(tenant_id) as session:
        assert [e.seq for e in await receipts.audit_trail(session)] == list(range(1, 25))
        assert len(await receipts.audit_trail(session, after=20, limit=3)) == 3


@pytest.mark.parametrize(
    ("tampering", "seen_at"),
    [
        ('update audit_entries set after = \'{"i": 99, "x": 1.5}\' where seq = 3', 3),
        ("update audit_entries set actor = 'nobody' where seq = 1", 1),
        ("update audit_entries set at = at + interval '1 microsecond' where seq = 2", 2),
        ("delete from audit_entries where seq = 2", 2),
        ("delete from audit_entries where seq = 5", 5),
        ("delete from audit_entries", 1),
        ("update audit_entries set seq = seq + 10", 1),
    ],
)
async def test_tampering_shows(
    db: Database, fresh: Cluster, tenant_id: UUID, tampering: str, seen_at: int
) -> None:
    """Done as the superuser with the trigger out of the way: nobody with less can touch the trail at all."""
    await _trail(db, tenant_id, 5)
    assert await _verify(db, tenant_id) is None
    admin = await asyncpg.connect(fresh.admin.render_as_string(hide_password=False))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await admin.execute(tampering)
    async with admin.transaction():
        await admin.execute("set local session_replication_role = replica")
        await admin.execute(tampering)
    await admin.close()
    assert await _verify(db, tenant_id) == seen_at
