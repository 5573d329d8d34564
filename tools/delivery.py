"""Letters leave after the transaction that promised them has committed, and are tried again until they do."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import SeiketsuError, Unavailable
from integrations.outbox import Letter, Undeliverable
from stores import outbox
from stores.db import Database
from tools import texts

MOST_ATTEMPTS = 5

_running: set[asyncio.Task[int]] = set()


async def flush(db: Database, mail: Any, clock: Clock, tenant_id: UUID) -> int:
    """Send what a tenant's outbox holds; how many left. What fails stays queued, up to five tries."""
    sent = 0
    async with db.tenant(tenant_id) as session:
        for row in await outbox.take_queued(session, most_attempts=MOST_ATTEMPTS):
            body = await texts.body_if_allowed(session, row, mail, clock) if row.kind == "sms" else row.body
            if body is None:
                continue
            letter = Letter(
                id=str(row.id),
                kind="sms" if row.kind == "sms" else "email",
                to=row.to_,
                body=body,
                subject=row.subject,
                calendar=row.calendar,
            )
            try:
                await mail.send(letter)
            except Undeliverable as never:
                await outbox.mark_failed(session, row.id, never.message, final=True)
            except SeiketsuError as later:
                final = row.attempts + 1 >= MOST_ATTEMPTS
                await outbox.mark_failed(session, row.id, later.message, final=final)
            else:
                await outbox.mark_sent(session, row.id, at=clock.now())
                sent += 1
    return sent


async def flush_all(db: Database, mail: Any, clock: Clock) -> int:
    """Send what any tenant's outbox holds: after a start, and every minute for what failed."""
    async with db.platform("letters waiting to be sent") as session:
        waiting = await outbox.tenants_with_queued(session)
    return sum([await flush(db, mail, clock, tenant_id) for tenant_id in waiting])


def soon(db: Database, mail: Any, clock: Clock, tenant_id: UUID) -> None:
    """Flush in the background: a slow mail server is no reason to keep a caller waiting."""
    if mail is None:
        return
    task = asyncio.create_task(flush(db, mail, clock, tenant_id), name="letters")
    _running.add(task)
    task.add_done_callback(_finished)


async def settle() -> None:
    """Wait for the flushes that are under way (shutdown, tests)."""
    while _running:
        await asyncio.gather(*_running, return_exceptions=True)


def _finished(task: asyncio.Task[int]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    error = task.exception()
    if isinstance(error, Unavailable):
        logger.warning("letters wait: {}", error.code)
    elif error is not None:
        logger.error("letters could not be sent: {}", type(error).__name__)
