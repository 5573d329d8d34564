"""Workers in processes of their own, to be killed: one process imports everything, then forks each of them.

Spoken to in lines of JSON: {"data_dir", "url", "carrier", "point", "lease", "red", "nap"} in, {"pid"} out.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

PASSED = {"name": "buyer", "title": "Buyer", "passed": True, "failures": [], "seconds": 0.1}


async def rehearsed(tenant_id: UUID) -> list[Mapping[str, Any]]:
    """Test conversations that pass, at no cost."""
    return [{**PASSED, "name": f"s{n}", "turns": [0.01, 0.02]} for n in range(6)]


async def failing(tenant_id: UUID) -> list[Mapping[str, Any]]:
    return [{**one, "passed": False} for one in await rehearsed(tenant_id)]


def napping(folder: Path) -> Any:
    """Test conversations long enough to be stopped in; a file says when."""

    async def nap(tenant_id: UUID) -> list[Mapping[str, Any]]:
        (folder / "napping").touch()
        await asyncio.sleep(0.5)
        return await rehearsed(tenant_id)

    return nap


class Mortal:
    """Steps that end the process at a point: ``in NAME`` (done, not yet remembered) or ``after NAME``."""

    def __init__(self, steps: Any, point: str | None):
        self._steps, self._point = steps, point

    async def do(self, name: str, step: Any, *, tries: int = 6) -> Any:
        async def deadly() -> Any:
            result = await step()
            if self._point == f"in {name}":
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        result = await self._steps.do(name, deadly, tries=tries)
        if self._point == f"after {name}":
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def settings_of(order: Mapping[str, Any]) -> Any:
    from tests.jobs.carrier import PARENT
    from tests.web.conftest import settings_for

    more = {}
    if order.get("carrier"):
        more = {
            "twilio_account_sid": PARENT,
            "twilio_auth_token": "parent",
            "twilio_api_url": order["carrier"],
        }
    return settings_for(Path(order["data_dir"]), database_url=order["url"], **more)


def engine_of(order: Mapping[str, Any]) -> Any:
    """The engine as the service makes it; only test conversations are quick, and steps may be deadly."""
    from datetime import timedelta
    from functools import partial

    from jobs.catalogue import CATALOGUE
    from jobs.engine import Engine
    from service.outside import make_carrier
    from service.parts import make_parts
    from stores.cluster import parse
    from stores.vault import open_vault
    from tools.base import Work

    settings = settings_of(order)
    cluster = parse(order["url"], Path(order["data_dir"]))

    def make_work(db: Any) -> Work:
        parts = make_parts(settings, db, make_carrier(settings))
        for client in (parts.ports.numbers, parts.ports.accounts):
            for http in (getattr(client, "_client", None), getattr(client, "_http", None)):
                if http is not None:
                    http.headers["user-agent"] = f"worker/{os.getpid()}"
        rehearse = failing if order.get("red") else rehearsed
        if order.get("nap"):
            rehearse = napping(Path(order["data_dir"]))
        ports = replace(parts.ports, rehearse=rehearse)
        return Work(db, ports, parts.clock, open_vault(settings), settings.origin)

    async def mortal(job: Any, work: Any, steps: Any, tenant_id: UUID, args: Any) -> Any:
        return await job(work, Mortal(steps, order.get("point")), tenant_id, args)

    catalogue = {name: partial(mortal, job) for name, job in CATALOGUE.items()}
    lease = timedelta(seconds=order.get("lease", 10))
    return Engine(cluster, make_work, catalogue, lease=lease, beat_seconds=0.3, look_seconds=0.2)


async def live(order: Mapping[str, Any]) -> None:
    engine = engine_of(order)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await engine.open()
    await stop.wait()
    await engine.close()


def main() -> None:
    import service.parts  # noqa: F401 imported once, for all that are forked

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asyncio.run(live(json.loads(line)))
            os._exit(0)
        print(json.dumps({"pid": pid}), flush=True)


if __name__ == "__main__":
    main()
