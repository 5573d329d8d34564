"""A client's keys for its recordings and transcripts: in the vault, they turn and end with it (A030, A040).

They are secrets like any other: sealed anew when the data key is renewed (which also begins a new one: what
is recorded from then on has nothing to do with the old), sealed in a backup under its key, and noise once
the client is deleted.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from stores.base import Session, tenant_of
from stores.sealed_file import SealedFile, key_number
from stores.vault import Unreadable, Vault

_PREFIX = "files."


@dataclass(frozen=True)
class FileKeys:
    """A client's file keys by number; the highest one seals what is new."""

    tenant_id: UUID
    keys: Mapping[int, bytes] = field(repr=False)

    def reading(self, path: Path) -> BinaryIO:
        """A kept file, sealed or (older ones) not, open to be read. Blocking. Unreadable, OSError."""
        number = key_number(path)
        if number is None:
            return path.open("rb")
        if number not in self.keys:
            raise Unreadable("the key this file is sealed with is not there")
        return cast(BinaryIO, SealedFile(path, self.keys[number], number, self._name(path)))

    def changing(self, path: Path) -> BinaryIO:
        """A kept file, made if need be, open to be read and changed. Blocking. Unreadable, OSError.

        One that was begun before there were keys goes on as it is.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number: int | None = max(self.keys)
        with suppress(FileNotFoundError):
            number = key_number(path) if path.stat().st_size else number
        if number is None:
            return path.open("r+b", buffering=0)
        if number not in self.keys:
            raise Unreadable("the key this file is sealed with is not there")
        return cast(BinaryIO, SealedFile(path, self.keys[number], number, self._name(path), change=True))

    def put(self, path: Path, content: bytes) -> None:
        """Replace a file by what is given, whole or not at all. Blocking. OSError."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        number = max(self.keys)
        with SealedFile(part, self.keys[number], number, self._name(path), change=True) as file:
            file.write(content)
        part.replace(path)

    def _name(self, path: Path) -> str:
        return f"{self.tenant_id}|{path.name}"


def size_of(file: BinaryIO) -> int:
    """Bytes in an open file; it stands at its beginning afterwards. Blocking."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


async def to_read(session: Session, vault: Vault) -> FileKeys:
    """The keys the session's tenant has, maybe none. Unreadable when they were shredded."""
    found = await vault.open_all(session, _PREFIX)
    return FileKeys(
        tenant_of(session), {int(n.removeprefix(_PREFIX)): bytes.fromhex(k) for n, k in found.items()}
    )


async def to_write(session: Session, vault: Vault) -> FileKeys:
    """The keys, with a first one made if need be; of several at once everybody gets the same. Unreadable."""
    keys = await to_read(session, vault)
    return keys if keys.keys else await _begin(session, vault, 1)


async def renew(session: Session, vault: Vault) -> None:
    """A new key for what is sealed from now on; older files keep theirs. Nothing, where there is none yet."""
    keys = await to_read(session, vault)
    if keys.keys:
        await _begin(session, vault, max(keys.keys) + 1)


async def _begin(session: Session, vault: Vault, number: int) -> FileKeys:
    await vault.seal_first(session, f"{_PREFIX}{number}", secrets.token_hex(32))
    return await to_read(session, vault)
