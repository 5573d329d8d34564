"""Recurring work on data: exports, requests, retention."""

from __future__ import annotations

from core.clock import Clock
from stores.db import Database
from tools import data_requests, retention
from tools.base import Ports


async def requests(db: Database, ports: Ports, clock: Clock) -> None:
    """Exports that wait, deletions that are due, clocks that run out (C34, C35)."""
    await data_requests.sweep(db, ports, clock)


async def expired(db: Database, ports: Ports, clock: Clock) -> None:
    """What was kept long enough (C33)."""
    await retention.sweep(db, ports, clock)
