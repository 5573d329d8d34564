"""The recording of a call, opened to be played: only below its tenant's own folder, whatever the row says."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from core.errors import Conflict, NotFound
from stores import calls, file_keys
from stores.calls import Call
from stores.db import Database, Session
from stores.vault import Vault
from tools.archives import recordings_of


async def open_recording(session: Session, vault: Vault, data_dir: Path, call: Call) -> BinaryIO:
    """The sound of a call of the session's tenant, as WAV. NotFound; Unreadable when its key is gone."""
    keys = await file_keys.to_read(session, vault)

    def look() -> BinaryIO | None:
        home = recordings_of(data_dir.resolve(), call.tenant_id)
        path = Path(call.recording_path or "").resolve()
        return keys.reading(path) if path.is_relative_to(home) and path.is_file() else None

    file = await asyncio.to_thread(look)
    if file is None:
        raise NotFound("there is no recording of this call")
    return file


async def unseal_recording(db: Database, vault: Vault, data_dir: Path, key: str, path: Path) -> int:
    """Write the recording of any client's call into a new file, for the operator's eyes only; its bytes.

    ``key``: the call's id or the carrier's. NotFound, Unreadable; Conflict when the file is there already.
    """
    async with db.platform("the operator fetches a recording") as session:
        tenant_id = (await calls.find_call(session, key)).tenant_id
    async with db.tenant(tenant_id) as session:
        call = await calls.find_call(session, key)
        file = await open_recording(session, vault, data_dir, call)

    def write() -> int:
        with file, open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as plain:
            shutil.copyfileobj(file, plain)
            return plain.tell()

    try:
        return await asyncio.to_thread(write)
    except FileExistsError:
        raise Conflict(f"{path} is there already") from None
