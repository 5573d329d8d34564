"""Forty clients with 10,000 leads each: what list, search and write cost, and what isolation adds (A032).

Both sides run in one process on one scratch database, turn by turn, so that whatever else the machine does
hits both: the stores' own functions under both walls, and the same queries written by hand for a role without
any.
"""

from __future__ import annotations

import asyncio
import os
import platform
import random
import re
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from stores import crowd, leads
from stores.crowd import Unwalled
from stores.db import Database, opened

CLIENTS, LEADS = 40, 10_000
TARGET_MS = 30.0
HEADING = "## Many clients in one database"

Turn = Callable[[int, int], Awaitable[Any]]
"""One query for the n-th client about its m-th lead."""


@dataclass
class Measured:
    """What was found. Milliseconds by name of the query: under both walls, and without."""

    command: str
    at: str
    clients: int
    leads: int
    turns: int
    host: dict[str, Any]
    fill_seconds: float = 0.0
    walled: dict[str, dict[str, float]] = field(default_factory=dict)
    bare: dict[str, dict[str, float]] = field(default_factory=dict)
    crowded: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether every query is within the target at its 95th percentile, one at a time."""
        return all(found["p95"] <= TARGET_MS for found in self.walled.values())


async def measure(
    *,
    clients: int = CLIENTS,
    leads: int = LEADS,
    turns: int = 200,
    workers: int = 8,
    tell: Callable[[str], Any] = lambda _: None,
    command: str = "",
    url: str | None = None,
) -> Measured:
    """Make a scratch database, measure, leave nothing behind. ``url``: another server's empty database."""
    found = Measured(command, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", clients, leads, turns, _host())
    folder = Path(tempfile.mkdtemp(prefix="seiketsu-bench-"))
    try:
        tell("Starting a scratch database ...")
        async with opened(folder, url, pool_size=workers) as db:
            began = time.perf_counter()
            tell(f"Filling it: {clients} clients with {leads:,} leads each ...")
            await crowd.fill(db.cluster, clients=clients, leads=leads)
            found.fill_seconds = round(time.perf_counter() - began, 1)
            await _measure(db, found, workers, tell)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


async def _measure(db: Database, found: Measured, workers: int, tell: Callable[[str], Any]) -> None:
    bare = Unwalled(db.cluster, pool_size=workers)
    try:
        ours, theirs = _walled(db), _bare(bare)
        for name in ours:
            tell(f"Measuring: {name} ...")
            samples = await _by_turns(ours[name], theirs[name], found)
            found.walled[name], found.bare[name] = (_percentiles(s) for s in samples)
        tell(f"Measuring: {workers} at once ...")
        found.crowded = await _at_once(ours, found, workers)
    finally:
        await bare.close()


def _lead(n: int, m: int) -> UUID:
    return UUID(int=(m << 64) + n)


def _walled(db: Database) -> dict[str, Turn]:
    """The stores' own functions in a tenant's session."""

    async def first_page(n: int, m: int) -> None:
        async with db.tenant(crowd.client(n)) as session:
            page, _ = await leads.list_leads(session)
            assert len(page) == 50

    async def later_page(n: int, m: int) -> None:
        async with db.tenant(crowd.client(n)) as session:
            await leads.list_leads(session, before=_lead(n, m))

    async def by_phone(n: int, m: int) -> None:
        async with db.tenant(crowd.client(n)) as session:
            await leads.list_leads(session, phone=crowd.phone(n, m))

    async def by_words(n: int, m: int) -> None:
        async with db.tenant(crowd.client(n)) as session:
            await leads.list_leads(session, words=f"person{m}.")

    async def one(n: int, m: int) -> None:
        async with db.tenant(crowd.client(n)) as session:
            await leads.get_lead(session, _lead(n, m))

    async def write(n: int, m: int) -> None:
        async with db.tenant(crowd.client(n)) as session:
            await leads.add_lead(session, intent="buyer", name="New", phones=["+13035550142"], test=True)

    return {
        "one lead": one,
        "list, first page": first_page,
        "list, a later page": later_page,
        "search by telephone": by_phone,
        "search by words": by_words,
        "write, on disk": write,
    }


def _bare(bare: Unwalled) -> dict[str, Turn]:
    """The same by hand, without walls."""

    async def first_page(n: int, m: int) -> None:
        async with bare.session() as session:
            await crowd.list_leads(session, crowd.client(n))

    async def later_page(n: int, m: int) -> None:
        async with bare.session() as session:
            await crowd.list_leads(session, crowd.client(n), before=_lead(n, m))

    async def by_phone(n: int, m: int) -> None:
        async with bare.session() as session:
            await crowd.list_leads(session, crowd.client(n), phone=crowd.phone(n, m))

    async def by_words(n: int, m: int) -> None:
        async with bare.session() as session:
            await crowd.list_leads(session, crowd.client(n), words=f"person{m}.")

    async def one(n: int, m: int) -> None:
        async with bare.session() as session:
            await crowd.get_lead(session, crowd.client(n), _lead(n, m))

    async def write(n: int, m: int) -> None:
        async with bare.session() as session:
            await crowd.add_lead(session, crowd.client(n), "New")

    return {
        "one lead": one,
        "list, first page": first_page,
        "list, a later page": later_page,
        "search by telephone": by_phone,
        "search by words": by_words,
        "write, on disk": write,
    }


async def _by_turns(ours: Turn, theirs: Turn, found: Measured) -> tuple[list[float], list[float]]:
    """Each query for the same client about the same lead by both sides, who take turns at being first."""
    dice = random.Random(32)
    samples: tuple[list[float], list[float]] = ([], [])
    for turn in range(found.turns + 10):
        n, m = dice.randint(1, found.clients), dice.randint(1, found.leads)
        for side in (0, 1) if turn % 2 else (1, 0):
            began = time.perf_counter()
            await (ours, theirs)[side](n, m)
            if turn >= 10:  # the first ones compile their statements
                samples[side].append((time.perf_counter() - began) * 1000)
    return samples


async def _at_once(ours: dict[str, Turn], found: Measured, workers: int) -> dict[str, dict[str, float]]:
    """A mixture of everything, by many at once in one process."""
    samples: dict[str, list[float]] = {name: [] for name in ours}

    async def worker(number: int) -> None:
        dice = random.Random(number)
        for _ in range(found.turns // 2):
            name = dice.choice(list(ours))
            began = time.perf_counter()
            await ours[name](dice.randint(1, found.clients), dice.randint(1, found.leads))
            samples[name].append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(worker(n) for n in range(workers)))
    return {name: _percentiles(values) for name, values in samples.items() if values}


def _percentiles(samples: list[float]) -> dict[str, float]:
    ordered = sorted(samples)
    at = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    return {name: round(ordered[min(len(ordered) - 1, int(len(ordered) * q))], 1) for name, q in at.items()}


def _host() -> dict[str, Any]:
    busy = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(),
        "Python": platform.python_version(),
        "load average before": f"{busy:.1f}",
    }


def section(found: Measured) -> str:
    """The report as a part of docs/performance.md."""
    verdict = "met" if found.met else "**missed**"
    lines = [
        HEADING,
        "",
        f"Measured {found.at} by `{found.command}`; "
        f"{', '.join(f'{name} {value}' for name, value in found.host.items())}. {found.clients} clients "
        f"with {found.leads:,} leads each, as they come, mixed. Times are the application's, from "
        f"opening the session to the commit, {found.turns} each for clients and leads at random. *Isolated*: "
        "the stores' own functions, narrowed by the session and again by forced row-level security. *By "
        "hand*: the same query with a WHERE in an ordinary session, as a role that row-level security does "
        "not bind; both in turns in one run.",
        "",
        f"Target: p95 of list, search and write within {TARGET_MS:.0f} ms, row-level security included: "
        f"{verdict}.",
        "",
        "| | isolated p50 ms | p95 ms | by hand p50 ms | p95 ms | isolation costs, p50 | 8 at once p95 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, ours in found.walled.items():
        bare, busy = found.bare[name], found.crowded.get(name, {})
        ratio = f"x {ours['p50'] / bare['p50']:.2f} (+{ours['p50'] - bare['p50']:.1f} ms)"
        cells = (ours["p50"], ours["p95"], bare["p50"], bare["p95"], ratio, busy.get("p95", ""))
        lines.append(f"| {name} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def kept_section(path: Path) -> str:
    """This report as it stands in a file of reports; empty when it is not there."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.search(rf"^{re.escape(HEADING)}$.*?(?=^## |\Z)", text, re.M | re.S)
    return found.group(0).rstrip() + "\n" if found else ""


def write(found: Measured, path: Path) -> None:
    """Put this report into the file of reports, in place of its last one; the others stay."""
    text = path.read_text(encoding="utf-8") if path.exists() else "# Speed\n"
    old = kept_section(path).rstrip()
    new = section(found).rstrip()
    text = text.replace(old, new) if old else f"{text.rstrip()}\n\n{new}\n"
    path.write_text(text.rstrip() + "\n", encoding="utf-8")
