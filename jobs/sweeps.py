"""Recurring work: each sweep looks for what is due in the stores, does it, and may run in many processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from loguru import logger

from core.clock import Clock
from core.errors import SeiketsuError
from jobs import lifecycle, webhooks
from stores import idempotency
from stores.db import Database
from tools import (
    availability,
    delivery,
    dialling,
    follow_up,
    listing_feeds,
    meaning,
    measure,
    metering,
    offers,
    plan,
    reminders,
    routing,
    sign_in,
)
from tools.base import Ports


@dataclass(frozen=True)
class Sweep:
    """``run`` is called every ``seconds``; it must be harmless when two processes run it at once."""

    name: str
    seconds: float
    run: Callable[[Database, Ports, Clock], Awaitable[None]]


async def _guesses(db: Database, ports: Ports, clock: Clock) -> None:
    await sign_in.forget_guesses(db, clock)


async def _letters(db: Database, ports: Ports, clock: Clock) -> None:
    await delivery.flush_all(db, ports.mail, clock)


async def _replies(db: Database, ports: Ports, clock: Clock) -> None:
    async with db.platform("whose replies to repeated requests have expired") as session:
        tenants = await idempotency.with_expired(session, now=clock.now())
    for tenant_id in tenants:
        async with db.tenant(tenant_id) as session:
            await idempotency.purge(session, now=clock.now())


async def _plans(db: Database, ports: Ports, clock: Clock) -> None:
    await plan.change_due(db, clock)
    await metering.notify_all(db, clock)


async def _measures(db: Database, ports: Ports, clock: Clock) -> None:
    await measure.measure_all(db, clock)


async def _levels(db: Database, ports: Ports, clock: Clock) -> None:
    await measure.watch_levels(db, clock)


SWEEPS: Sequence[Sweep] = (
    Sweep("measures", 30.0, _measures),
    Sweep("levels", 300.0, _levels),
    Sweep("webhooks", 10.0, webhooks.sweep),
    Sweep("data requests", 60.0, lifecycle.requests),
    Sweep("retention", 3600.0, lifecycle.expired),
    Sweep("letters", 60.0, _letters),
    Sweep("guesses", 3600.0, _guesses),
    Sweep("plans", 300.0, _plans),
    Sweep("replies", 900.0, _replies),
    Sweep("reminders", 60.0, reminders.sweep),
    Sweep("holds", 600.0, offers.sweep),
    Sweep("claims", 20.0, routing.sweep),
    Sweep("calendars", 60.0, availability.sweep),
    Sweep("follow-up", 60.0, follow_up.sweep),
    Sweep("calls to place", 15.0, dialling.sweep),
    Sweep("listings", 60.0, listing_feeds.sweep),
    Sweep("meanings", 60.0, meaning.sweep),
)
"""Everything that recurs, in no order."""


async def keep_sweeping(db: Database, ports: Ports, clock: Clock, sweeps: Sequence[Sweep] = SWEEPS) -> None:
    """Run all sweeps for ever. One that fails is logged and tried again at its next turn."""
    async with asyncio.TaskGroup() as group:
        for sweep in sweeps:
            group.create_task(_keep(sweep, db, ports, clock), name=f"sweep {sweep.name}")


async def _keep(sweep: Sweep, db: Database, ports: Ports, clock: Clock) -> None:
    while True:
        try:
            await sweep.run(db, ports, clock)
        except SeiketsuError as error:
            logger.warning("sweep {} waits: {}", sweep.name, error.code)
        except Exception as error:
            logger.error("sweep {} broke: {}", sweep.name, type(error).__name__)
        await asyncio.sleep(sweep.seconds)
