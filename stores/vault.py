"""Secrets at rest: AES-256-GCM under a data key for each tenant, itself wrapped by a key ring (A030).

What is sealed for one tenant or under one name cannot be opened as another's: tenant and name are
authenticated with every ciphertext. Destroying a tenant's data key shreds all its secrets.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import Conflict, NotFound, SeiketsuError, StartupError
from core.settings import Settings
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
    def from_passphrase(cls, words: str) -> KeyRing:
        """A ring of one key, stretched out of a passphrase."""
        key = hashlib.scrypt(words.encode(), salt=b"seiketsu.vault.1", n=2**14, r=8, p=1, dklen=32)
        return cls({"secret-key": key}, "secret-key")

    @classmethod
    def in_file(cls, path: Path) -> KeyRing:
        """The ring in a file only its owner can read, made at first use."""
        return cls.parse(private_file(path, cls._drawn))

    @staticmethod
    def _drawn() -> str:
        return KeyRing({"k1": secrets.token_bytes(32)}, "k1").as_json()

    def as_json(self) -> str:
        """The form ``parse`` reads."""
        keys = {kid: base64.b64encode(key).decode() for kid, key in self.keys.items()}
        return json.dumps({"current": self.current, "keys": keys})


class RingFile:
    """A ring in a private file. Every look at it is fresh, so all processes follow a rotation at once.

    The file is replaced whole (rename), never rewritten in place: a reader sees the old ring or the new one.
    """

    def __init__(self, path: Path, first: KeyRing | None = None):
        self.path = path
        self._first = first
        self._seen: tuple[int, int, int] | None = None
        self._ring: KeyRing | None = None

    def now(self) -> KeyRing:
        """The ring as the file holds it. StartupError when it cannot be read."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            private_file(self.path, self._first.as_json if self._first else KeyRing._drawn)
            stat = self.path.stat()
        mark = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if self._ring is None or mark != self._seen:
            self._ring, self._seen = KeyRing.parse(self.path.read_text()), mark
        return self._ring

    def add(self) -> str:
        """Put a new key on the ring, not used yet; its id."""
        with self._alone():
            ring = self.now()
            kid = f"k{1 + max((int(k[1:]) for k in ring.keys if k[0] == 'k' and k[1:].isdigit()), default=0)}"
            self._write(KeyRing({**ring.keys, kid: secrets.token_bytes(32)}, ring.current))
        return kid

    def promote(self, kid: str) -> None:
        """From now on that key wraps what is new. StartupError when it is not on the ring."""
        with self._alone():
            self._write(KeyRing(self.now().keys, kid))

    def drop(self, kid: str) -> None:
        """Take a key off the ring for good. Conflict for the current one."""
        with self._alone():
            ring = self.now()
            if kid == ring.current:
                raise Conflict("the current key cannot be dropped; rotate first")
            self._write(KeyRing({k: v for k, v in ring.keys.items() if k != kid}, ring.current))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.now()
        lock = os.open(self.path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _write(self, ring: KeyRing) -> None:
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        with open(draft, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as new:
            new.write(ring.as_json())
            new.flush()
            os.fsync(new.fileno())
        draft.replace(self.path)


class DataKey(TenantRow, Base):
    """A tenant's data key, wrapped by the ring's key ``kid``. ``wrapped`` is NULL once shredded.

    ``previous``: the data key before the last renewal, for what is sealed in rows of its own (``encrypt``).
    """

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


def seal_under(key: bytes, plain: str, aad: str) -> bytes:
    """A text sealed under a key of 32 bytes; opens with the same ``aad`` only."""
    return _encrypt(key, plain.encode(), aad)


def open_under(key: bytes, sealed: bytes, aad: str) -> str:
    """What ``seal_under`` sealed. Unreadable."""
    return _decrypt(key, sealed, aad).decode()


class Vault:
    """Seals and opens the secrets of the session's tenant."""

    def __init__(self, ring: KeyRing | RingFile):
        self.source = ring

    @property
    def ring(self) -> KeyRing:
        """The ring as it is now."""
        return self.source.now() if isinstance(self.source, RingFile) else self.source

    async def seal(self, session: Session, name: str, plain: str) -> None:
        """Store a secret under a name, replacing what was there."""
        key = await self._data_key(session, create=True)
        sealed = _encrypt(key, plain.encode(), f"{tenant_of(session)}|{name}")
        row = await insert_unless_there(
            session, Secret, {"name": name, "sealed": sealed}, conflict=["tenant_id", "name"]
        )
        if row is None:
            (await session.scalars(select(Secret).where(Secret.name == name))).one().sealed = sealed
            await session.flush()

    async def open(self, session: Session, name: str) -> str:
        """The secret of that name. NotFound; Unreadable when tampered with or shredded."""
        # secret and key in one look: a renewal between two looks would leave them not fitting
        query = select(Secret.sealed, DataKey).where(
            Secret.name == name, DataKey.tenant_id == Secret.tenant_id
        )
        found = (await session.execute(query, execution_options={"populate_existing": True})).one_or_none()
        if found is None:
            raise NotFound("no such secret")
        return _decrypt(self._unwrap(found[1]), found[0], f"{tenant_of(session)}|{name}").decode()

    async def seal_first(self, session: Session, name: str, plain: str) -> bool:
        """Store a secret under a name nothing is stored under; of several at once the first one counts."""
        key = await self._data_key(session, create=True)
        sealed = _encrypt(key, plain.encode(), f"{tenant_of(session)}|{name}")
        values = {"name": name, "sealed": sealed}
        return await insert_unless_there(session, Secret, values, conflict=["tenant_id", "name"]) is not None

    async def open_all(self, session: Session, prefix: str) -> dict[str, str]:
        """Every secret whose name begins so. Unreadable when tampered with or shredded."""
        query = select(Secret.name, Secret.sealed, DataKey).where(
            Secret.name.startswith(prefix, autoescape=True), DataKey.tenant_id == Secret.tenant_id
        )
        rows = (await session.execute(query, execution_options={"populate_existing": True})).all()
        return {
            name: _decrypt(self._unwrap(key), sealed, f"{tenant_of(session)}|{name}").decode()
            for name, sealed, key in rows
        }

    async def names(self, session: Session) -> Sequence[str]:
        """The names under which secrets are kept, in order."""
        return (await session.scalars(select(Secret.name).order_by(Secret.name))).all()

    async def encrypt(self, session: Session, name: str, plain: bytes) -> bytes:
        """Seal something that is kept in a row of its own; for what is needed for hours, not for years:
        after two renewals of the tenant's key it cannot be opened any more.
        """
        key = await self._data_key(session, create=True)
        return _encrypt(key, plain, f"{tenant_of(session)}|{name}")

    async def decrypt(self, session: Session, name: str, sealed: bytes) -> bytes:
        """What ``encrypt`` sealed under that name. Unreadable."""
        row = await self._row(session)
        aad = f"{tenant_of(session)}|{name}"
        try:
            return _decrypt(self._unwrap(row), sealed, aad)
        except Unreadable:
            if row.previous is None or row.wrapped is None:
                raise
            return _decrypt(self._unwrap(row, row.previous), sealed, aad)

    async def forget(self, session: Session, name: str) -> None:
        """Remove one secret."""
        row = await session.scalar(select(Secret).where(Secret.name == name))
        if row is not None:
            await session.delete(row)
            await session.flush()

    async def rotate(self, session: Session, *, limit: int = 500) -> int:
        """Platform: wrap data keys under the ring's current key; returns how many changed (0: all done)."""
        ring = self.ring
        query = select(DataKey).where(DataKey.kid != ring.current, DataKey.wrapped.is_not(None))
        stale = (
            await session.scalars(query.order_by(DataKey.tenant_id).limit(limit).with_for_update())
        ).all()
        for row in stale:
            plain, previous = self._unwrap(row), row.previous
            row.wrapped = self._wrap(ring, row.tenant_id, plain)
            if previous is not None:
                row.previous = self._wrap(ring, row.tenant_id, self._unwrap(row, previous))
            row.kid = ring.current
        await session.flush()
        return len(stale)

    async def in_use(self, session: Session) -> dict[str, int]:
        """Platform: how many data keys each key of the ring (or one that is missing there) wraps."""
        query = select(DataKey.kid, func.count(DataKey.id)).where(DataKey.wrapped.is_not(None))
        rows = (await session.execute(query.group_by(DataKey.kid))).all()
        return {str(row[0]): int(row[1]) for row in rows}

    async def renew(self, session: Session, *, at: datetime) -> int:
        """A new data key for the tenant: all its secrets are sealed anew with it; how many."""
        row = await session.scalar(
            select(DataKey).with_for_update().execution_options(populate_existing=True)
        )
        if row is None:
            return 0
        old, new, ring = self._unwrap(row), secrets.token_bytes(32), self.ring
        held = (await session.scalars(select(Secret).with_for_update())).all()
        for secret in held:
            aad = f"{row.tenant_id}|{secret.name}"
            secret.sealed = _encrypt(new, _decrypt(old, secret.sealed, aad), aad)
        row.previous = self._wrap(ring, row.tenant_id, old)
        row.wrapped = self._wrap(ring, row.tenant_id, new)
        row.kid, row.renewed_at = ring.current, at
        await session.flush()
        return len(held)

    async def shred(self, session: Session, *, at: datetime) -> int:
        """Destroy the tenant's data key: nothing sealed for it can be opened again. How many secrets
        became noise.
        """
        row = await session.scalar(select(DataKey).with_for_update())
        if row is None:
            return 0
        row.wrapped, row.previous, row.shredded_at = None, None, row.shredded_at or at
        await session.flush()
        return len(await self.names(session))

    async def _data_key(self, session: Session, *, create: bool = False) -> bytes:
        if create:
            ring = self.ring
            values = {
                "kid": ring.current,
                "wrapped": self._wrap(ring, tenant_of(session), secrets.token_bytes(32)),
            }
            await insert_unless_there(session, DataKey, values, conflict=["tenant_id"])
        return self._unwrap(await self._row(session, hold=create))

    async def _row(self, session: Session, *, hold: bool = False) -> DataKey:
        """The tenant's key; ``hold``: nobody renews it before the transaction ends."""
        query = select(DataKey).execution_options(populate_existing=True)
        row = await session.scalar(query.with_for_update(read=True) if hold else query)
        if row is None:
            raise Unreadable("this tenant has no data key")
        return row

    def _wrap(self, ring: KeyRing, tenant: UUID, key: bytes) -> bytes:
        return _encrypt(ring.keys[ring.current], key, f"{tenant}|data-key")

    def _unwrap(self, row: DataKey, wrapped: bytes | None = None) -> bytes:
        wrapped = row.wrapped if wrapped is None else wrapped
        if row.wrapped is None or wrapped is None:
            raise Unreadable("this tenant's secrets were shredded", code="shredded")
        kek = self.ring.keys.get(row.kid)
        if kek is None:
            raise Unreadable("the key that wraps this tenant's data key is not on the ring")
        return _decrypt(kek, wrapped, f"{row.tenant_id}|data-key")


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation.

    Its ring is in the file ``SEIKETSU_KEY_RING`` (which ``seiketsu keys rotate`` can change), else in
    ``SEIKETSU_SECRET_KEY`` (a JSON ring, or a passphrase), else in ``vault.json`` beside the data. A file
    that is named and not there yet begins with the key of ``SEIKETSU_SECRET_KEY``, so that moving from the
    one to the other loses nothing.
    """
    words = settings.secret_key.get_secret_value() if settings.secret_key else ""
    fixed = None
    if words:
        fixed = KeyRing.parse(words) if words.lstrip().startswith("{") else KeyRing.from_passphrase(words)
    if settings.key_ring is not None:
        return Vault(RingFile(settings.key_ring, fixed))
    return Vault(fixed or RingFile(settings.data_dir / "vault.json"))
