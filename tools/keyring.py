"""Turning the vault's keys while the service runs: new ones in, all wrapped anew, old ones out (A040).

No process is ever without the key it needs: the new key is on the ring before anything is wrapped with it,
and the old one leaves only when nothing is wrapped with it any more.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from core.clock import Clock
from core.errors import Conflict, NotFound
from stores import file_keys, receipts
from stores.db import Database
from stores.vault import RingFile, Vault


@dataclass(frozen=True)
class KeyState:
    """One key-encryption key: whether it is on the ring, whether it is the current one, what it wraps."""

    kid: str
    on_ring: bool
    current: bool
    wraps: int

    @property
    def droppable(self) -> bool:
        """Nothing needs it any more."""
        return self.on_ring and not self.current and self.wraps == 0

    @property
    def lost(self) -> bool:
        """Something needs it, and it is not there."""
        return not self.on_ring and self.wraps > 0


async def status(db: Database, vault: Vault) -> list[KeyState]:
    """Every key on the ring or in use."""
    async with db.platform("which keys wrap data keys") as session:
        used = await vault.in_use(session)
    ring = vault.ring
    return [
        KeyState(kid, kid in ring.keys, kid == ring.current, used.get(kid, 0))
        for kid in sorted({*ring.keys, *used})
    ]


async def rotate(db: Database, vault: Vault, *, settle: float = 0.0) -> tuple[str, int]:
    """Make a new key current and wrap every data key with it; its id, and how many were wrapped anew.

    ``settle``: seconds between putting the key on the ring and using it, for rings that reach the machines
    one after the other. A ring that is not a file cannot be changed here: then the data keys are wrapped
    with whatever is current.
    """
    if isinstance(vault.source, RingFile):
        kid = vault.source.add()
        if settle:
            await asyncio.sleep(settle)
        vault.source.promote(kid)
    return vault.ring.current, await rewrap(db, vault)


async def rewrap(db: Database, vault: Vault) -> int:
    """Wrap every data key that is not wrapped with the current key; how many."""
    total = 0
    while True:
        async with db.platform("wrap data keys with the current key") as session:
            done = await vault.rotate(session)
        if not done:
            return total
        total += done


async def drop(db: Database, vault: Vault, kid: str) -> None:
    """Take a key off the ring. NotFound; Conflict while anything needs it."""
    if not isinstance(vault.source, RingFile):
        raise Conflict("this ring is a setting; take the key out of SEIKETSU_SECRET_KEY")
    state = next((s for s in await status(db, vault) if s.kid == kid and s.on_ring), None)
    if state is None:
        raise NotFound("no such key on the ring")
    if not state.droppable:
        raise Conflict(
            f"{state.wraps} data keys are wrapped with it" if state.wraps else "it is the current key"
        )
    vault.source.drop(kid)


async def renew(db: Database, vault: Vault, clock: Clock, tenant_id: UUID, *, actor: str) -> int:
    """A new data key for one tenant, and a new key for its files; how many secrets were sealed anew.

    Files that are there keep the key they were sealed with until they are old enough to go.
    """
    async with db.tenant(tenant_id) as session:
        count = await vault.renew(session, at=clock.now())
        await file_keys.renew(session, vault)
        await receipts.audit(
            session,
            actor=actor,
            action="renew_data_key",
            subject="data_key",
            at=clock.now(),
            after={"secrets": count, "kid": vault.ring.current},
        )
    return count
