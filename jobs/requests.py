"""The door to durable work: a request is a row, written with the act that needs it (tools.base.Jobs)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from stores import jobs
from stores.db import Database, Session


class Requests:
    """Asks; does nothing itself. ``on_nudge``: wakes the worker of this process, where there is one."""

    def __init__(self, db: Database, on_nudge: Callable[[], None] | None = None):
        self._db, self._on_nudge = db, on_nudge

    async def ask(self, session: Session, name: str, key: str, args: Mapping[str, Any]) -> bool:
        """See ``tools.base.Jobs``."""
        return await jobs.ask(session, name, key, args)

    def nudge(self) -> None:
        """See ``tools.base.Jobs``."""
        if self._on_nudge is not None:
            self._on_nudge()

    async def start(self, name: str, key: str, tenant_id: UUID, args: Mapping[str, Any]) -> bool:
        """See ``tools.base.Jobs``."""
        async with self._db.tenant(tenant_id) as session:
            new = await jobs.ask(session, name, key, args)
        self.nudge()
        return new

    async def status(self, key: str, tenant_id: UUID) -> str | None:
        """See ``tools.base.Jobs``."""
        async with self._db.tenant(tenant_id) as session:
            return await jobs.state_of(session, key)
