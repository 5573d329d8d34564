"""Keys are turned while everything goes on; at no moment can something not be opened (A030, A040)."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from uuid import UUID

import pytest

from core.clock import FakeClock
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.settings import Settings
from stores import receipts, tenancy
from stores.db import Database
from stores.vault import KeyRing, RingFile, Unreadable, Vault, open_vault
from tools import keyring


async def clients(db: Database, vault: Vault, n: int) -> list[UUID]:
    """Clients, each with two secrets."""
    ids = [new_id() for _ in range(n)]
    for number, tenant in enumerate(ids):
        async with db.tenant(tenant) as session:
            await tenancy.create_tenant(session, f"Client {number}")
            await vault.seal(session, "a", f"a of {number}")
            await vault.seal(session, "b", f"b of {number}")
    return ids


class Traffic:
    """Processes of the service: each has a vault of its own on the same file, and never stops."""

    def __init__(self, db: Database, path: Path, tenants: list[UUID]):
        self.db, self.path, self.tenants = db, path, tenants
        self.stopped, self.opened, self.sealed = asyncio.Event(), 0, 0

    async def process(self, n: int) -> None:
        vault = Vault(RingFile(self.path))
        while not self.stopped.is_set():
            for number, tenant in enumerate(self.tenants):
                async with self.db.tenant(tenant) as session:
                    assert await vault.open(session, "a") == f"a of {number}"
                    self.opened += 1
                async with self.db.tenant(tenant) as session:
                    self.sealed += 1
                    written = str(self.sealed)
                    await vault.seal(session, f"c{n}", written)
                    assert await vault.open(session, f"c{n}") == written


async def test_turned_again_and_again_under_traffic(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    vault = Vault(RingFile(path))
    tenants = await clients(db, vault, 6)
    traffic = Traffic(db, path, tenants)
    processes = [asyncio.create_task(traffic.process(n)) for n in range(3)]
    for _ in range(4):
        before = traffic.opened
        old = vault.ring.current
        new, _ = await keyring.rotate(db, vault)
        assert new == vault.ring.current != old
        await keyring.drop(db, vault, old)
        assert old not in vault.ring.keys
        for tenant in tenants[::2]:
            await keyring.renew(db, vault, FakeClock(), tenant, actor="operator")
        while traffic.opened < before + 10 and not any(p.done() for p in processes):
            await asyncio.sleep(0.01)
    traffic.stopped.set()
    await asyncio.gather(*processes)  # raises what any of them met
    states = await keyring.status(db, vault)
    assert [(s.current, s.wraps) for s in states] == [(True, len(tenants))]
    assert traffic.opened >= 40 and traffic.sealed >= 40
    async with db.tenant(tenants[0]) as session:
        assert "renew_data_key" in [e.action for e in await receipts.audit_trail(session)]
        assert await receipts.verify_chain(session) is None


async def test_a_key_in_use_is_not_dropped(db: Database, tmp_path: Path) -> None:
    vault = Vault(RingFile(tmp_path / "ring.json"))
    await clients(db, vault, 2)
    assert isinstance(vault.source, RingFile)
    new = vault.source.add()
    vault.source.promote(new)
    with pytest.raises(Conflict, match="2 data keys"):
        await keyring.drop(db, vault, "k1")
    with pytest.raises(Conflict, match="current"):
        await keyring.drop(db, vault, new)
    with pytest.raises(NotFound):
        await keyring.drop(db, vault, "k9")
    assert await keyring.rewrap(db, vault) == 2
    await keyring.drop(db, vault, "k1")
    with pytest.raises(Conflict, match="setting"):
        await keyring.drop(db, Vault(vault.ring), new)


async def test_after_a_rotation_the_old_ring_opens_nothing(db: Database, tmp_path: Path) -> None:
    vault = Vault(RingFile(tmp_path / "ring.json"))
    (tenant,) = await clients(db, vault, 1)
    stolen = Vault(vault.ring)
    await keyring.rotate(db, vault)
    async with db.tenant(tenant) as session:
        assert await vault.open(session, "a") == "a of 0"
        with pytest.raises(Unreadable):
            await stolen.open(session, "a")


async def test_a_lost_key_is_seen(db: Database, tmp_path: Path) -> None:
    await clients(db, Vault(KeyRing({"gone": b"1" * 32}, "gone")), 1)
    states = await keyring.status(db, Vault(KeyRing({"k1": b"2" * 32}, "k1")))
    assert [(s.kid, s.lost) for s in states] == [("gone", True), ("k1", False)]


async def test_a_renewed_data_key_leaves_the_old_one_worthless(db: Database, tenant_id: UUID) -> None:
    vault = Vault(KeyRing({"k1": b"1" * 32}, "k1"))
    async with db.tenant(tenant_id) as session:
        await vault.seal(session, "a", "s3cret")
        short = await vault.encrypt(session, "row:1", b"for hours")
    assert await keyring.renew(db, vault, FakeClock(), tenant_id, actor="operator") == 1
    async with db.tenant(tenant_id) as session:
        assert await vault.open(session, "a") == "s3cret"
        assert await vault.decrypt(session, "row:1", short) == b"for hours", "until the next renewal"
    await keyring.renew(db, vault, FakeClock(), tenant_id, actor="operator")
    async with db.tenant(tenant_id) as session:
        with pytest.raises(Unreadable):
            await vault.decrypt(session, "row:1", short)


def test_a_ring_turned_by_many_at_once_loses_no_key(tmp_path: Path) -> None:
    """Each with a descriptor of its own, as processes have; a reader never sees half a ring."""
    path = tmp_path / "ring.json"
    RingFile(path).now()

    def turn() -> None:
        ring = RingFile(path)
        for _ in range(5):
            ring.promote(ring.add())

    turning = [threading.Thread(target=turn) for _ in range(4)]
    for thread in turning:
        thread.start()
    watching = RingFile(path)
    while any(thread.is_alive() for thread in turning):
        ring = watching.now()
        assert ring.current in ring.keys
    assert len(watching.now().keys) == 21
    assert path.stat().st_mode & 0o077 == 0


def test_where_the_ring_comes_from(tmp_path: Path) -> None:
    def made(**given: object) -> Vault:
        return open_vault(Settings(_env_file=None, data_dir=tmp_path, **given))  # type: ignore[arg-type]

    words = made(secret_key="a long passphrase of the operator")
    assert words.ring.current == "secret-key"
    moved = made(secret_key="a long passphrase of the operator", key_ring=tmp_path / "moved.json")
    assert moved.ring == words.ring, "a new file begins with the key there was"
    assert isinstance(moved.source, RingFile)
    moved.source.promote(moved.source.add())
    again = made(secret_key="a long passphrase of the operator", key_ring=tmp_path / "moved.json")
    assert again.ring.current == "k1" and set(again.ring.keys) == {"k1", "secret-key"}
    assert made().ring == made().ring
