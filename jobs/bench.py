"""What an operator's command works with: the database, the outside world, the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from core.clock import Clock, SystemClock
from core.errors import NotFound
from core.settings import Settings
from jobs.terminal import database, settings
from stores import tenancy
from stores.db import Database
from stores.vault import Vault
from tools.base import Ports

ACTOR = "operator/cli"


_ports: list[Callable[[Settings], Ports]] = []
"""How the composition root makes the outside world."""


@dataclass(frozen=True)
class Bench:
    """What a command works with."""

    db: Database
    ports: Ports
    clock: Clock
    settings: Settings

    @property
    def vault(self) -> Vault:
        """The installation's vault."""
        vault = self.ports.vault
        assert isinstance(vault, Vault)
        return vault

    async def tenant(self, name: str) -> UUID:
        """A client by slug or id. NotFound."""
        async with self.db.platform("the operator names a client") as session:
            row = await tenancy.tenant_by_slug(session, name)
            if row is None:
                try:
                    row = await tenancy.get_tenant(session, UUID(name))
                except ValueError:
                    raise NotFound(f"no client is called {name!r}") from None
            return row.id


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    """The database and the outside world as the settings describe them."""
    configured = settings()
    async with database(configured) as db:
        yield Bench(db, _ports[-1](configured), SystemClock(), configured)


def use(ports: Callable[[Settings], Ports]) -> None:
    """What makes the outside world the commands work with: the composition root's."""
    _ports.append(ports)
