"""Secrets at rest: AES-256-GCM under a data key for each tenant, itself wrapped by a key ring (A030).

What is sealed for one tenant or under one name cannot be opened as another's: tenant and name are
authenticated with every ciphertext. Destroying a tenant's data key shreds all its secrets.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound, SeiketsuError, StartupError
from stores.base import Base, Session, TenantRow, insert_unless_there, of_tenant, tenant_of
from stores.private import private_file

_NONCE = 12


class Unreadable(SeiketsuError):
    """A ciphertext does not belong here, was changed, or its key is gone."""

    code = "unreadable"


@dataclass(frozen=True)
class KeyRing:
    """Key-encryption keys by id, 32 bytes each; ``current`` wraps what is new."""

    keys: Mapping[str, bytes]
    current: str

    def __post_init__(self) -> None:
        if self.current not in self.keys or any(len(k) != 32 for k in self.keys.values()):
            raise StartupError("the vault's key ring needs 32-byte keys and a current one among them")

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """From JSON ``{"current": "k2", "keys": {"k1": base64, "k2": base64}}``."""
        try:
            raw = json.loads(text)
            return cls({k: base64.b64decode(v) for k, v in raw["keys"].items()}, raw["current"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise StartupError("the vault's key ring is not readable") from None

    @classmethod
    def in_file(cls, path: Path) -> KeyRing:
        """Development: the ring in a file only its owner can read, made at first use."""
        return cls.parse(private_file(path, cls._drawn))

    @staticmethod
    def _drawn() -> str:
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        return json.dumps({"current": "dev", "keys": {"dev": key}})


class DataKey(TenantRow, Base):
    """A tenant's data key, wrapped. ``wrapped`` is NULL once shredded."""

    __tablename__ = "data_keys"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id"))

    kid: Mapped[str]
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous: Mapped[bytes | None] = mapped_column(LargeBinary)
    renewed_at: Mapped[datetime | None]
    shredded_at: Mapped[datetime | None]


class Secret(TenantRow, Base):
    """One sealed value: nonce and ciphertext."""

    __tablename__ = "secrets"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "name"))

    name: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


def _encrypt(key: bytes, plain: bytes, aad: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, aad.encode())


def _decrypt(key: bytes, sealed: bytes, aad: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], aad.encode())
    except InvalidTag:
        raise Unreadable("a sealed value does not open with this tenant, name and key") from None


class Vault:
    """Seals and opens the secrets of the session's tenant."""

    def __init__(self, ring: KeyRing):
        self.ring = ring

    async def seal(self, session: Session, name: str, plain: str) -> None:
        """Store a secret under a name, replacing what was there."""
        tenant = tenant_of(session)
        sealed = _encrypt(await self._data_key(session, create=True), plain.encode(), f"{tenant}|{name}")
        row = await insert_unless_there(
            session, Secret, {"name": name, "sealed": sealed}, conflict=["tenant_id", "name"]
        )
        if row is None:
            (await session.scalars(select(Secret).where(Secret.name == name))).one().sealed = sealed
            await session.flush()

    async def open(self, session: Session, name: str) -> str:
        """The secret of that name. NotFound; Unreadable when tampered with or shredded."""
        row = await session.scalar(select(Secret).where(Secret.name == name))
        if row is None:
            raise NotFound("no such secret")
        return _decrypt(await self._data_key(session), row.sealed, f"{tenant_of(session)}|{name}").decode()

    async def encrypt(self, session: Session, name: str, plain: bytes) -> bytes:
        """Seal something that is kept in a row of its own."""
        key = await self._data_key(session, create=True)
        return _encrypt(key, plain, f"{tenant_of(session)}|{name}")

    async def decrypt(self, session: Session, name: str, sealed: bytes) -> bytes:
        """What ``encrypt`` sealed under that name. Unreadable."""
        return _decrypt(await self._data_key(session), sealed, f"{tenant_of(session)}|{name}")

    async def forget(self, session: Session, name: str) -> None:
        """Remove one secret."""
        row = await session.scalar(select(Secret).where(Secret.name == name))
        if row is not None:
            await session.delete(row)
            await session.flush()

    async def rotate(self, session: Session) -> int:
        """Platform: wrap every data key under the ring's current key; returns how many changed."""
        query = select(DataKey).where(DataKey.kid != self.ring.current, DataKey.wrapped.is_not(None))
        stale = (await session.scalars(query.with_for_update())).all()
        for row in stale:
            row.wrapped = self._wrap(row.tenant_id, self._unwrap(row))
            row.kid = self.ring.current
        await session.flush()
        return len(stale)

    async def shred(self, session: Session, *, at: datetime) -> None:
        """Destroy the tenant's data key: nothing sealed for it can be opened again."""
        row = await session.scalar(select(DataKey).with_for_update())
        if row is not None:
            row.wrapped, row.shredded_at = None, at
            await session.flush()

    async def _data_key(self, session: Session, *, create: bool = False) -> bytes:
        if create:
            values = {
                "kid": self.ring.current,
                "wrapped": self._wrap(tenant_of(session), secrets.token_bytes(32)),
            }
            await insert_unless_there(session, DataKey, values, conflict=["tenant_id"])
        row = await session.scalar(select(DataKey))
        if row is None:
            raise Unreadable("this tenant has no data key")
        return self._unwrap(row)

    def _wrap(self, tenant: UUID, key: bytes) -> bytes:
        return _encrypt(self.ring.keys[self.ring.current], key, f"{tenant}|data-key")

    def _unwrap(self, row: DataKey) -> bytes:
        if row.wrapped is None:
            raise Unreadable("this tenant's secrets were shredded", code="shredded")
        kek = self.ring.keys.get(row.kid)
        if kek is None:
            raise Unreadable("the key that wraps this tenant's data key is not on the ring")
        return _decrypt(kek, row.wrapped, f"{row.tenant_id}|data-key")
