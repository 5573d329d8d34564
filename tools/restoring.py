"""One tenant brought back from its backup, in one transaction, while all others go on (A031, C35)."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.errors import Conflict
from stores import lifecycle, receipts
from stores.db import Database, Session
from stores.vault import Unreadable, Vault, open_under
from tools import forgetting
from tools.archives import CHUNK, FILE, Damaged, look_into, recordings_of


@dataclass(frozen=True)
class Restored:
    """What came back."""

    tenant_id: UUID
    rows: Mapping[str, int]
    secrets: int
    files: int
    forgotten: int = 0
    """People who were removed again: they had asked for it since the backup was made."""


async def restore(
    db: Database,
    path: Path,
    *,
    key: bytes | None,
    vault: Vault,
    data_dir: Path,
    clock: Clock,
    actor: str,
) -> Restored:
    """Bring one tenant back as it was, in one transaction; whatever it has now is replaced.

    Nobody else's rows are touched: all of it is done in the tenant's own session. Where the tenant still has
    an audit trail, that trail and the other proof (``lifecycle.OUTLIVE``) stay as they are and go on; proof
    is never set back; and whoever asked to be forgotten since the backup was made is removed again.
    Raises Damaged; Conflict when a number or a name is somebody else's by now, or the
    tenant was deleted for good.
    """
    manifest = await asyncio.to_thread(look_into, path)
    if manifest["kind"] != "backup":
        raise Damaged("only a backup can be restored; this is an export")
    tenant_id, at = UUID(manifest["tenant"]), clock.now()
    opened = await asyncio.to_thread(_open_secrets, path, key, tenant_id)
    with zipfile.ZipFile(path) as archive:
        async with db.tenant(tenant_id) as session:
            if await lifecycle.was_deleted(session):
                raise Conflict("this tenant was deleted for good", code="deleted")
            fresh = await lifecycle.audit_is_empty(session)
            if not fresh:  # the key by which the forgotten are known must not be set back
                opened[forgetting.KEY_NAME] = await forgetting.key(session, vault)
            await lifecycle.clear(session, keep=lifecycle.OUTLIVE)
            there = {name for name in lifecycle.archived() if f"rows/{name}.jsonl" in manifest["sha256"]}
            wanted = there if fresh else there - lifecycle.OUTLIVE.keys()
            rows = await _put_rows(session, archive, wanted, recordings_of(data_dir, tenant_id))
            for name, plain in opened.items():
                await vault.seal(session, name, plain)
            again = await forgetting.forget_again(session, vault, at=at)
            await receipts.audit(
                session,
                actor=actor,
                action="restore_tenant",
                subject=f"tenant:{tenant_id}",
                at=at,
                after={"made_at": manifest["made_at"], "rows": sum(rows.values()), "forgotten_again": again},
            )
        files = await asyncio.to_thread(_put_files, archive, recordings_of(data_dir, tenant_id))
    return Restored(tenant_id, rows, len(opened), files, again)


async def _put_rows(
    session: Session, archive: zipfile.ZipFile, wanted: Collection[str], folder: Path
) -> dict[str, int]:
    """The tenant and the rows of these tables, parents first; how many of each."""
    (own,) = _lines(archive, "tenants")
    await lifecycle.put_tenant(session, own)
    rows: dict[str, int] = {}
    for name, model in lifecycle.archived().items():
        if name not in wanted:
            continue
        rows[name] = 0
        for batch in _batches(_lines(archive, name)):
            for row in batch if name == "calls" else ():
                _follow_files(row, folder)
            rows[name] += await lifecycle.put(session, model, batch)
    return rows


def _open_secrets(path: Path, key: bytes | None, tenant_id: UUID) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        sealed: dict[str, str] = json.loads(archive.read("secrets.json"))
    if not sealed:
        return {}
    if key is None:
        raise Damaged("the backup holds secrets; its key is needed")
    opened = {}
    for name, box in sealed.items():
        try:
            opened[name] = open_under(key, base64.b64decode(box), f"{tenant_id}|{name}")
        except (Unreadable, ValueError):
            raise Damaged("this is not the key of this backup") from None
    return opened


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with archive.open(f"rows/{name}.jsonl") as member:
        for line in member:
            yield json.loads(line)


def _batches(rows: Iterator[dict[str, Any]], size: int = 500) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _follow_files(call: dict[str, Any], folder: Path) -> None:
    """A restored call's files lie where this installation keeps them."""
    for name in ("recording_path", "transcript_path"):
        if call.get(name):
            call[name] = str(folder / Path(call[name]).name)


def _put_files(archive: zipfile.ZipFile, folder: Path) -> int:
    count = 0
    for member in archive.namelist():
        place, _, name = member.partition("/")
        if place != "recordings" or not FILE.fullmatch(name):
            continue
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out, archive.open(member) as source:
            while chunk := source.read(CHUNK):
                out.write(chunk)
        count += 1
    return count
