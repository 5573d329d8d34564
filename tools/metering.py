"""What use leads to: notices at 80 and 100 percent, an alarm where fair use is exceeded (A026, A027).

Counting itself is in the stores, inside the act's own transaction. Here the counters meet the plan.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from loguru import logger

from core.clock import Clock
from core.errors import SeiketsuError
from policies import admission, plans
from policies.admission import METERED, UNITS, WORDS, Letter, Metered
from stores import outbox, support, tenancy, usage
from stores.db import Database, Session
from tools import events

PAGE = 200


async def files_stored(session: Session, paths: Iterable[str | Path], *, at: datetime) -> int:
    """Count files by what they weigh now; the tenant's bytes in all.

    The path names the act: a file that has grown is corrected, one that is gone weighs nothing. Say so after
    deleting, in the transaction that forgets the path.
    """
    total = 0
    for path in paths:
        size = await asyncio.to_thread(_size, Path(path))
        total = await usage.meter(session, "storage_bytes", str(path), size, at=at)
    return total


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


async def notify(session: Session, *, now: datetime) -> list[str]:
    """Tell the tenant's owners and admins what has been reached and was not told this month.

    Rows, letters and tickets are written in the session's transaction; of any number at once, one tells.
    Returns what was told, as ``limit:level``.
    """
    tenant = await tenancy.get_tenant(session)
    if tenant.plan is None:
        return []
    used = await usage.used(session, at=now)
    told: list[str] = []
    known: frozenset[tuple[str, str]] | None = None
    for limit in METERED:
        counter, unit = UNITS[limit]
        cap = admission.ceiling(tenant.plan, limit)
        fair = plans.plan(tenant.plan).fair_use.get(limit)
        due: tuple[str, ...] = ()
        if cap is not None:
            due = tuple(str(level) for level in admission.levels_reached(used[counter], cap))
        elif fair is not None and used[counter] > fair * unit:
            due, cap = ("fair_use",), fair * unit
        if not due or cap is None:
            continue
        known = await usage.noticed(session, at=now) if known is None else known
        fresh = [
            level
            for level in due
            if (limit, level) not in known
            and await usage.notice_once(
                session,
                limit_name=limit,
                level=level,
                used=used[counter] // unit,
                allowed=cap // unit,
                at=now,
            )
        ]
        if fresh:
            # whoever jumps over 80 % gets one letter, about 100 %
            await _tell(session, tenant, limit, fresh[-1], used[counter] // unit, cap // unit, now)
            told_of = {
                "limit": limit,
                "level": fresh[-1],
                "used": used[counter] // unit,
                "allowed": cap // unit,
            }
            await events.emit(session, "usage.notice", told_of, at=now)
            told += [f"{limit}:{level}" for level in fresh]
    return told


async def _tell(
    session: Session,
    tenant: tenancy.Tenant,
    limit: Metered,
    level: str,
    used: int,
    allowed: int,
    now: datetime,
) -> None:
    if level == "fair_use":
        await support.open_ticket(
            session,
            category="account",
            priority="medium",
            subject=f"Fair use: {used:,} of {allowed:,} {WORDS[limit]} this month",
            body="An unlimited plan is used more than expected. Nothing is refused; talk to the client.",
            channel="system",
        )
        logger.warning("fair use exceeded: {} {}", limit, used)
        return
    policy = admission.admission()
    stage: Literal["near", "reached"] = "reached" if int(level) >= 100 else "near"
    plan = plans.plan(tenant.plan or "")
    grace = {
        "voice_minutes": policy.voice.inbound_grace_percent,
        "storage_gb": policy.storage.recording_grace_percent,
    }.get(limit, 0)
    facts = {
        "percent": level,
        "what": WORDS[limit],
        "used": f"{used:,}",
        "allowed": f"{allowed:,}",
        "plan": plan.label,
        "consequence": policy.consequences[stage][limit].strip().format(grace=grace),
        "resets": f"{usage.month_end(now):%B} 1 (UTC)",
        "way_up": plans.upgrade_hint(plan.value, limit, allowed + 1),
    }
    await write_to_admins(
        session, policy.letters.reached if stage == "reached" else policy.letters.near, facts
    )


async def write_to_admins(session: Session, letter: Letter, facts: Mapping[str, object]) -> int:
    """Promise an e-mail to every owner and admin of the session's tenant; how many there are."""
    tenant = await tenancy.get_tenant(session)
    people = [m for m in await tenancy.members(session) if m.role in ("owner", "admin")]
    for person in people:
        values = {**facts, "brand": tenant.brand_name, "name": person.name}
        await outbox.queue_message(
            session,
            kind="email",
            to=person.email,
            subject=letter.subject.format_map(values),
            body=letter.body.format_map(values).strip(),
        )
    return len(people)


async def notify_all(db: Database, clock: Clock) -> int:
    """Every tenant's notices that no call or request has brought yet. Returns how many were told."""
    told, after = 0, None
    while True:
        async with db.platform("what clients have used is compared with their plans") as session:
            page = await tenancy.list_tenants(session, after=after, limit=PAGE)
        for tenant in page:
            try:
                async with db.tenant(tenant.id) as session:
                    told += len(await notify(session, now=clock.now()))
            except SeiketsuError as error:
                logger.warning("usage notices wait: {}", error.code)
        if len(page) < PAGE:
            return told
        after = page[-1].id
