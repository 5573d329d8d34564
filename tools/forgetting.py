"""Knowing again whom we have forgotten: keyed fingerprints of addresses that tell nobody (C34)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from core.errors import NotFound
from stores import archives, erasure
from stores.db import Session
from stores.erasure import Person
from stores.vault import Vault

KEY_NAME = "privacy.subject"


async def key(session: Session, vault: Vault) -> str:
    """The client's key of fingerprints, made at first use."""
    try:
        return await vault.open(session, KEY_NAME)
    except NotFound:
        made = secrets.token_hex(32)
        await vault.seal(session, KEY_NAME, made)
        return made


def fingerprints(with_key: str, addresses: Iterable[str]) -> str:
    """One for each address, without case, joined by commas."""
    return ",".join(sorted({_one(with_key, address) for address in addresses}))


def _one(with_key: str, address: str) -> str:
    return hmac.new(with_key.encode(), address.lower().encode(), hashlib.sha256).hexdigest()


async def forget_again(session: Session, vault: Vault, *, at: datetime) -> int:
    """After a restore: whoever was forgotten since the backup was made goes again; how many addresses."""
    done = [
        row.subject
        for row in await archives.list_requests(session, limit=100_000)
        if row.kind == "deletion" and row.scope == "person" and row.state == "done" and row.subject
    ]
    if not done:
        return 0
    known, with_key, count = set(",".join(done).split(",")), await key(session, vault), 0
    for address in sorted(await erasure.addresses(session)):
        who = Person(also=(address,))
        if _one(with_key, address) in known and (found := await erasure.traces(session, who)).any:
            await erasure.erase(session, who, found, at=at)
            count += 1
    return count
