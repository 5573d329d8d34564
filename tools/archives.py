"""One tenant in one file: an export for people, a backup for a machine (A031, C35).

Both are zip files with a manifest of checksums. An export holds JSON and CSV of every table, and the
recordings as they sound. A backup holds what a restore needs: recordings as they lie, sealed, and the secrets
(the keys of the recordings among them) sealed under a key of their own, which is kept apart from the file.
Neither holds a row of anybody else: it is read through the tenant's session.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import hashlib
import io
import json
import os
import re
import secrets
import tempfile
import zipfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from core.clock import Clock
from core.errors import InvalidInput
from stores import file_keys, lifecycle, tenancy
from stores.base import tenant_of, to_json
from stores.db import Database, Session
from stores.file_keys import FileKeys
from stores.vault import Unreadable, Vault, seal_under

FORMAT = 1
FILE = re.compile(r"[0-9a-f-]{36}(\.[0-9a-z-]+)?\.(wav|json)")
"""Names of recordings and transcripts."""
CHUNK = 1 << 20
"""Bytes that are copied at a time."""

Step = Callable[[int, int], Awaitable[None]]
"""Told how many tables of how many are done."""


class Damaged(InvalidInput):
    """A file that is no archive, was changed, or does not open with this key."""

    code = "damaged_archive"


@dataclass(frozen=True)
class Made:
    """A finished file. ``key`` opens the secrets of a backup; an export has none."""

    path: Path
    size: int
    sha256: str
    rows: Mapping[str, int]
    key: bytes | None = None


@dataclass
class _Writer:
    """A zip that is being written, with the checksum of every member."""

    zip: zipfile.ZipFile
    members: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, source: IO[bytes]) -> None:
        """Copy a member in. Blocking."""
        digest = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
        self.members[name] = digest.hexdigest()

    async def put(self, name: str, content: bytes) -> None:
        """A member from memory."""
        await asyncio.to_thread(self.add, name, io.BytesIO(content))


def recordings_of(data_dir: Path, tenant_id: UUID) -> Path:
    """Where a tenant's recordings and transcripts lie (agent.recording)."""
    return data_dir / "recordings" / str(tenant_id)


def archives_of(data_dir: Path, tenant_id: UUID) -> Path:
    """Where a tenant's exports lie."""
    return data_dir / "archives" / str(tenant_id)


async def export(
    db: Database,
    tenant_id: UUID,
    path: Path,
    *,
    vault: Vault,
    data_dir: Path,
    clock: Clock,
    step: Step | None = None,
) -> Made:
    """Write an export. Everything in it is of one moment. NotFound, Unreadable."""
    return await _make(db, tenant_id, path, "export", vault, data_dir, clock, step)


async def backup(
    db: Database,
    tenant_id: UUID,
    path: Path,
    *,
    vault: Vault,
    data_dir: Path,
    clock: Clock,
    step: Step | None = None,
) -> Made:
    """Write a backup; ``key`` of the result is needed to restore the secrets in it. NotFound, Unreadable."""
    return await _make(db, tenant_id, path, "backup", vault, data_dir, clock, step)


async def _make(
    db: Database,
    tenant_id: UUID,
    path: Path,
    kind: str,
    vault: Vault,
    data_dir: Path,
    clock: Clock,
    step: Step | None,
) -> Made:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.part")
    key = secrets.token_bytes(32) if kind == "backup" else None
    handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
                writer = _Writer(archive)
                async with db.tenant(tenant_id, snapshot=True) as session:
                    rows = await _tables(session, writer, kind, step)
                    if key is not None:
                        await writer.put("secrets.json", await _secrets(session, vault, key))
                    keys = await file_keys.to_read(session, vault) if key is None else None
                lost = await asyncio.to_thread(_recordings, writer, recordings_of(data_dir, tenant_id), keys)
                manifest = {
                    "format": FORMAT,
                    "kind": kind,
                    "tenant": str(tenant_id),
                    "made_at": clock.now().isoformat(),
                    "rows": rows,
                    "left_out": lifecycle.NOT_ARCHIVED,
                    "unreadable": lost,
                    "sha256": writer.members,
                }
                archive.writestr("manifest.json", json.dumps(manifest, indent=1))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    size, digest = await asyncio.to_thread(lambda: (path.stat().st_size, digest_of(path)))
    return Made(path, size, digest, rows, key)


async def _tables(session: Session, writer: _Writer, kind: str, step: Step | None) -> dict[str, int]:
    hide = kind == "export"
    own = lifecycle.packed(await tenancy.get_tenant(session), hide=hide)
    await _table(writer, kind, "tenants", [own])
    rows, all_tables = {"tenants": 1}, lifecycle.archived()
    for done, (name, model) in enumerate(all_tables.items(), 1):
        head = [column.name for _, column in lifecycle.columns(model, hide=hide)]
        with _spool() as lines, _spool() as sheet:
            text = io.TextIOWrapper(sheet, "utf-8", newline="", write_through=True)
            table = csv.DictWriter(text, head)
            table.writeheader()
            rows[name] = 0
            async for batch in lifecycle.rows(session, model):
                packed = [lifecycle.packed(row, hide=hide) for row in batch]
                await asyncio.to_thread(_append, lines, table if hide else None, packed, rows[name])
                rows[name] += len(packed)
            if hide:
                lines.write(b"\n]\n" if rows[name] else b"[]\n")
                await asyncio.to_thread(_rewound, writer, f"json/{name}.json", lines)
                await asyncio.to_thread(_rewound, writer, f"csv/{name}.csv", sheet)
            else:
                await asyncio.to_thread(_rewound, writer, f"rows/{name}.jsonl", lines)
            text.detach()
        if step is not None:
            await step(done, len(all_tables))
    return rows


async def _table(writer: _Writer, kind: str, name: str, rows: list[dict[str, Any]]) -> None:
    if kind == "export":
        await writer.put(f"json/{name}.json", to_json(rows).encode())
        await writer.put(f"csv/{name}.csv", _sheet(rows))
    else:
        await writer.put(f"rows/{name}.jsonl", b"".join(to_json(row).encode() + b"\n" for row in rows))


def _sheet(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(_cells(row) for row in rows)
    return text.getvalue().encode()


def _append(
    lines: IO[bytes], table: csv.DictWriter[str] | None, rows: list[dict[str, Any]], before: int
) -> None:
    if table is None:
        lines.write(b"".join(to_json(row).encode() + b"\n" for row in rows))
        return
    lines.write(b"[\n" if not before else b",\n")
    lines.write(b",\n".join(to_json(row).encode() for row in rows))
    table.writerows(_cells(row) for row in rows)


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """For a spreadsheet: lists as JSON, and no text that it would run as a formula."""
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return to_json(value)
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and not re.fullmatch(r"[+-]?[\d.]+", value):
        return f"'{value}"
    return value


@contextmanager
def _spool() -> Iterator[IO[bytes]]:
    with tempfile.SpooledTemporaryFile(max_size=8 * CHUNK) as file:
        yield file


def _rewound(writer: _Writer, name: str, source: IO[bytes]) -> None:
    source.seek(0)
    writer.add(name, source)


def _recordings(writer: _Writer, folder: Path, keys: FileKeys | None) -> list[str]:
    """Add the recordings as they lie, or with the keys as they sound; names of those that do not open."""
    lost: list[str] = []
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not file.is_file() or not FILE.fullmatch(file.name):
            continue
        try:
            source = file.open("rb") if keys is None else keys.reading(file)
        except Unreadable:
            lost.append(file.name)
            continue
        with source:
            writer.add(f"recordings/{file.name}", source)
    return lost


async def _secrets(session: Session, vault: Vault, key: bytes) -> bytes:
    sealed, tenant = {}, tenant_of(session)
    for name in await vault.names(session):
        box = seal_under(key, await vault.open(session, name), f"{tenant}|{name}")
        sealed[name] = base64.b64encode(box).decode()
    return json.dumps(sealed).encode()


def digest_of(path: Path) -> str:
    """SHA-256 of a file. Blocking."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def look_into(path: Path) -> dict[str, Any]:
    """The manifest of an archive whose every member is as it was written. Blocking. Damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            if manifest["format"] != FORMAT:
                raise Damaged(f"this archive is of format {manifest['format']}, not {FORMAT}")
            names = {n for n in archive.namelist() if n != "manifest.json"}
            if names != set(manifest["sha256"]):
                raise Damaged("the archive does not hold what its manifest says")
            for name, expected in manifest["sha256"].items():
                digest = hashlib.sha256()
                with archive.open(name) as member:
                    while chunk := member.read(CHUNK):
                        digest.update(chunk)
                if digest.hexdigest() != expected:
                    raise Damaged(f"{name} was changed")
            return manifest
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError):
        raise Damaged("this is not an archive, or it is broken") from None


def keep_key(path: Path, key: bytes, tenant_id: UUID, at: datetime) -> None:
    """A backup's key in a private file of its own. Blocking; FileExistsError when there is one already."""
    text = json.dumps(
        {"tenant": str(tenant_id), "made_at": at.isoformat(), "key": base64.b64encode(key).decode()}
    )
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text + "\n")


def read_key(path: Path) -> bytes:
    """A key as ``keep_key`` left it. Damaged."""
    try:
        return base64.b64decode(json.loads(path.read_text())["key"])
    except (OSError, ValueError, KeyError, TypeError):
        raise Damaged("this is not a backup's key") from None
