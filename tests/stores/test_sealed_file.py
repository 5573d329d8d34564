"""A030, C31: what lies on disk is sealed, and behaves as a file; keys turn, files go on being readable."""

from __future__ import annotations

import asyncio
import errno
import os
import tracemalloc
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import FakeClock
from stores import file_keys
from stores.db import Database
from stores.file_keys import FileKeys
from stores.sealed_file import FIRST, PIECE, SealedFile
from stores.vault import KeyRing, RingFile, Unreadable, Vault
from tools import keyring

KEYS = FileKeys(uuid4(), {1: b"k" * 32})
EDGES = st.sampled_from([0, 1, 44, FIRST - 1, FIRST, FIRST + 1, FIRST + PIECE, FIRST + PIECE + 1, 3 * PIECE])
WRITES = st.lists(st.tuples(EDGES, st.sampled_from([1, 44, FIRST, PIECE - 1, 2 * PIECE + 7])), max_size=6)


@given(WRITES, st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_it_holds_what_a_file_would(tmp_path: Path, writes: list[tuple[int, int]], reopened: bool) -> None:
    path, plain = tmp_path / f"{uuid4()}.wav", bytearray()
    file = KEYS.changing(path)
    for turn, (at, count) in enumerate(writes):
        at, content = min(at, len(plain)), bytes([turn + 1]) * count
        plain[at : at + count] = content
        file.seek(at)
        assert file.write(content) == count
        if reopened:
            file.close()
            file = KEYS.changing(path)
    file.close()
    with KEYS.reading(path) as kept:
        assert file_keys.size_of(kept) == len(plain)
        assert kept.read() == bytes(plain)
        kept.seek(FIRST - 3)
        assert kept.read(9) == bytes(plain[FIRST - 3 : FIRST + 6])


def _made(path: Path, content: bytes, keys: FileKeys = KEYS) -> Path:
    with keys.changing(path) as file:
        file.write(content)
    return path


def test_nothing_of_it_can_be_seen_on_disk(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.wav", b"RIFF" + b"secret words " * 3000)
    raw = path.read_bytes()
    assert b"RIFF" not in raw and b"secret" not in raw and path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("change", ["bit", "swapped", "cut", "renamed", "another client", "another key"])
def test_what_was_meddled_with_does_not_open(tmp_path: Path, change: str) -> None:
    path, keys = _made(tmp_path / "a.wav", os.urandom(4 * PIECE)), KEYS
    raw, sealed = bytearray(path.read_bytes()), PIECE + 28
    if change == "bit":
        raw[-100] ^= 1
    elif change == "swapped":
        raw[128 : 128 + 2 * sealed] = raw[128 + sealed : 128 + 2 * sealed] + raw[128 : 128 + sealed]
    elif change == "cut":
        del raw[128 + 2 * sealed :]
    elif change == "another client":
        keys = FileKeys(uuid4(), KEYS.keys)
    elif change == "another key":
        keys = FileKeys(KEYS.tenant_id, {1: b"x" * 32})
    path.write_bytes(raw)
    if change == "renamed":
        path = path.rename(tmp_path / "b.wav")
    with pytest.raises(Unreadable), keys.reading(path) as file:
        file.read()


def test_whoever_dies_before_the_head_leaves_the_shorter_file(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.wav", b"a" * 2 * PIECE)
    head = path.read_bytes()[:128]
    with KEYS.changing(path) as file:
        file.seek(0, os.SEEK_END)
        file.write(b"b" * 2 * PIECE)
    path.write_bytes(head + path.read_bytes()[128:])
    with KEYS.changing(path) as file:
        assert file.read() == b"a" * 2 * PIECE
        file.write(b"c")
    with KEYS.reading(path) as file:
        assert file.read() == b"a" * 2 * PIECE + b"c"


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _made(tmp_path / "a.wav", b"a" * (PIECE + 100))
    file, write = KEYS.changing(path), os.pwrite

    def full(handle: int, data: bytes, place: int) -> int:
        if len(data) > PIECE // 2:
            write(handle, data[:200], place)  # what still fits
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, data, place)

    monkeypatch.setattr(os, "pwrite", full)
    file.seek(0, os.SEEK_END)
    with pytest.raises(OSError, match="No space"):
        file.write(b"b" * PIECE)
    file.close()
    monkeypatch.undo()
    with KEYS.reading(path) as kept:
        assert kept.read() == b"a" * (PIECE + 100)


def test_a_long_call_never_lies_in_memory(tmp_path: Path) -> None:
    path, part = tmp_path / "long.wav", bytes(64_000)
    for _ in range(300):  # ten minutes, two seconds at a time
        with KEYS.changing(path) as file:
            file.seek(0, os.SEEK_END)
            file.write(part)
    tracemalloc.start()
    with KEYS.reading(path) as file:
        read = sum(iter(lambda: len(file.read(1 << 16)), 0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == 300 * 64_000 and peak < 1_000_000


def test_files_from_before_are_read_and_go_on_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "old.wav"
    path.write_bytes(b"RIFF....")
    with KEYS.changing(path) as file:
        file.seek(0, os.SEEK_END)
        file.write(b"more")
    with KEYS.reading(path) as file:
        assert file.read() == b"RIFF....more"


def test_a_whole_file_is_replaced_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "call.json"
    KEYS.put(path, b"first")

    def broken(self: SealedFile, data: Any, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SealedFile, "write", broken)
    with pytest.raises(OSError, match="No space"):
        KEYS.put(path, b"second")
    with KEYS.reading(path) as file:
        assert file.read() == b"first"


# --- whose keys --------------------------------------------------------------------------------------


async def _keys(db: Database, vault: Vault, tenant: UUID) -> FileKeys:
    async with db.tenant(tenant) as session:
        return await file_keys.to_write(session, vault)


async def test_everybody_who_comes_first_gets_the_same_key(db: Database, tenant_id: UUID) -> None:
    vault = Vault(KeyRing({"k1": b"1" * 32}, "k1"))
    found = await asyncio.gather(*(_keys(db, vault, tenant_id) for _ in range(5)))
    assert {tuple(keys.keys.items()) for keys in found} == {tuple(found[0].keys.items())}


async def test_turned_keys_open_old_files_and_seal_new_ones(
    db: Database, tenant_id: UUID, tmp_path: Path
) -> None:
    vault = Vault(RingFile(tmp_path / "ring.json"))
    first = await _keys(db, vault, tenant_id)
    old = _made(tmp_path / "old.wav", b"old", first)
    before = vault.ring.current
    await keyring.rotate(db, vault)
    await keyring.drop(db, vault, before)
    await keyring.renew(db, vault, FakeClock(), tenant_id, actor="operator")
    now = await _keys(db, vault, tenant_id)
    new = _made(tmp_path / "new.wav", b"new", now)
    for path in (old, new):
        with now.reading(path) as file:
            assert file.read() == path.stem.encode()
    with pytest.raises(Unreadable):
        first.reading(new)
    with now.changing(old) as file:
        file.seek(0, os.SEEK_END)
        file.write(b"er")
    with first.reading(old) as file:
        assert file.read() == b"older", "a call that was on goes on"


async def test_a_deleted_clients_files_are_noise(db: Database, tenant_id: UUID) -> None:
    vault = Vault(KeyRing({"k1": b"1" * 32}, "k1"))
    await _keys(db, vault, tenant_id)
    async with db.tenant(tenant_id) as session:
        await vault.shred(session, at=FakeClock().now())
    with pytest.raises(Unreadable):
        await _keys(db, vault, tenant_id)
