"""Sealed secrets open for their own tenant and name only (A030)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from core.errors import NotFound, StartupError
from core.ids import HOUSE_TENANT
from stores.cluster import Cluster
from stores.db import Database
from stores.vault import KeyRing, Unreadable, Vault

OLD = KeyRing({"k1": b"1" * 32}, "k1")
BOTH = KeyRing({"k1": b"1" * 32, "k2": b"2" * 32}, "k2")
NEW = KeyRing({"k2": b"2" * 32}, "k2")


async def _seal(
    db: Database, tenant: UUID, ring: KeyRing, name: str = "crm.token", value: str = "s3cret"
) -> None:
    async with db.tenant(tenant) as session:
        await Vault(ring).seal(session, name, value)


async def _open(db: Database, tenant: UUID, ring: KeyRing, name: str = "crm.token") -> str:
    async with db.tenant(tenant) as session:
        return await Vault(ring).open(session, name)


async def test_sealed_replaced_and_forgotten(db: Database, tenant_id: UUID) -> None:
    await _seal(db, tenant_id, OLD)
    await _seal(db, tenant_id, OLD, value="nëw")
    assert await _open(db, tenant_id, OLD) == "nëw"
    async with db.tenant(tenant_id) as session:
        await Vault(OLD).forget(session, "crm.token")
        with pytest.raises(NotFound):
            await Vault(OLD).open(session, "crm.token")


async def test_a_ciphertext_put_elsewhere_does_not_open(
    db: Database, fresh: Cluster, tenant_id: UUID
) -> None:
    """What a thief with write access to the database would try: move, rename, exchange keys, flip a bit."""
    await _seal(db, tenant_id, OLD)
    await _seal(db, tenant_id, OLD, name="other")
    await _seal(db, HOUSE_TENANT, OLD)
    admin = await asyncpg.connect(fresh.admin.render_as_string(hide_password=False))
    sealed = await admin.fetch("select tenant_id, sealed from secrets")
    assert len({r["sealed"] for r in sealed}) == 3
    assert not any(b"s3cret" in r["sealed"] for r in sealed)
    mine = f"tenant_id = '{tenant_id}' and name = 'crm.token'"
    another = f"tenant_id = '{tenant_id}' and name = 'other'"
    theirs = f"(select sealed from secrets where tenant_id = '{HOUSE_TENANT}')"
    for tampering in (
        f"update secrets set sealed = {theirs} where {mine}",
        f"update secrets set sealed = (select sealed from secrets where {another}) where {mine}",
        f"update secrets set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where {mine}",
        f"update data_keys set wrapped = (select wrapped from data_keys where tenant_id = '{HOUSE_TENANT}')",
    ):
        transaction = admin.transaction()
        before = await admin.fetch("select * from secrets"), await admin.fetch("select * from data_keys")
        async with transaction:
            await admin.execute(tampering)
        with pytest.raises(Unreadable):
            await _open(db, tenant_id, OLD)
        for row in before[0]:
            await admin.execute("update secrets set sealed = $1 where id = $2", row["sealed"], row["id"])
        for row in before[1]:
            await admin.execute("update data_keys set wrapped = $1 where id = $2", row["wrapped"], row["id"])
    assert await _open(db, tenant_id, OLD) == "s3cret"
    await admin.close()


async def test_after_rotation_the_old_key_can_be_thrown_away(db: Database, tenant_id: UUID) -> None:
    await _seal(db, tenant_id, OLD)
    await _seal(db, HOUSE_TENANT, OLD)
    with pytest.raises(Unreadable):
        await _open(db, tenant_id, NEW)
    async with db.platform("rotate the vault's keys") as session:
        assert await Vault(BOTH).rotate(session) == 2
        assert await Vault(BOTH).rotate(session) == 0
    assert await _open(db, tenant_id, NEW) == "s3cret"
    with pytest.raises(Unreadable):
        await _open(db, tenant_id, OLD)


async def test_shredding_one_tenant_leaves_the_other(db: Database, tenant_id: UUID) -> None:
    await _seal(db, tenant_id, OLD)
    await _seal(db, HOUSE_TENANT, OLD)
    async with db.tenant(tenant_id) as session:
        await Vault(OLD).shred(session, at=datetime.now(UTC))
    with pytest.raises(Unreadable):
        await _open(db, tenant_id, OLD)
    with pytest.raises(Unreadable):
        await _seal(db, tenant_id, OLD)
    assert await _open(db, HOUSE_TENANT, OLD) == "s3cret"


def test_the_development_ring_is_kept_and_private(tmp_path: Path) -> None:
    file = tmp_path / "new" / "vault.json"
    assert KeyRing.in_file(file) == KeyRing.in_file(file)
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"current": "a", "keys": {"a": "c2hvcnQ="}}', '{"current": "b", "keys": {}}']
)
def test_a_bad_ring_stops_the_start(text: str) -> None:
    with pytest.raises(StartupError):
        KeyRing.parse(text)
