"""Sending webhooks: at once when this process wrote an event, and every few seconds for all the rest."""

from __future__ import annotations

import asyncio
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import SeiketsuError
from stores import webhooks
from stores.db import Database
from tools.base import Ports
from tools.webhooks import Sender


def sender(db: Database, ports: Ports, clock: Clock) -> Sender | None:
    """Who sends; None where there is nothing to send with (tests of other things)."""
    if ports.vault is None or ports.webhooks is None:
        return None
    return Sender(db, ports.vault, ports.webhooks, clock)


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """Send what is due: retries, and what a process that died left behind."""
    one = sender(db, ports, clock)
    if one is not None:
        await one.flush_all()


async def keep_nudged(db: Database, ports: Ports, clock: Clock) -> None:
    """For ever: as soon as a transaction of this process has told of something, send it."""
    one = sender(db, ports, clock)
    if one is None:
        return
    loop, waiting, sending = asyncio.get_running_loop(), asyncio.Event(), set[asyncio.Task[None]]()
    tenants: set[UUID] = set()

    def nudge(tenant: UUID) -> None:
        tenants.add(tenant)
        loop.call_soon_threadsafe(waiting.set)

    webhooks.nudges.add(nudge)
    try:
        while True:
            await waiting.wait()
            waiting.clear()
            # sent beside each other: a receiver that thinks for ten seconds holds up nobody else's
            while tenants:
                task = asyncio.create_task(_send(one, tenants.pop()))
                sending.add(task)
                task.add_done_callback(sending.discard)
    finally:
        webhooks.nudges.discard(nudge)


async def _send(one: Sender, tenant: UUID) -> None:
    try:
        await one.flush(tenant)
    except SeiketsuError as error:
        logger.warning("webhooks wait: {}", error.code)
    except Exception as error:
        logger.error("webhooks could not be sent: {}", type(error).__name__)
