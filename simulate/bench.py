"""Speed, measured beside stock pipecat parts in the same run, and written down with the command.

``latency``: calls with real speech to the service on this machine, one at a time, as a caller lives them.
``load``: simultaneous calls with stub speech, first to a bot of stock parts, then to the service: some
to compare what one costs, then as many as one core is to carry.
"""

from __future__ import annotations

import asyncio
import platform
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.errors import SeiketsuError
from core.settings import ONBOARDING
from simulate.bench_report import Bench
from simulate.client import ServiceClient
from simulate.demo import fresh_broker
from simulate.load import Load, load, openings, pin, spread
from simulate.script import load_script
from simulate.service import ROOT, LocalService, free_port, stub_speech
from simulate.suite import Stage, play
from simulate.voice import PiperVoice

SAID = "Can you say that one more time please?"
"""Two seconds of speech without a pause, and a request that never brings a form to its end."""
ADMIN_KEY = "bench-" + "0" * 26
SCRIPTS = Path(__file__).parent / "scripts"
Tell = Callable[[str], None]


async def measure(
    *, calls: int, crowd: int, seconds: float, what: str, tell: Tell = lambda text: None, command: str = ""
) -> Bench:
    """Run what is named by ``what`` (``all``, ``latency``, ``load``), each on a fresh data folder."""
    bench = Bench(command, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), _host())
    with TemporaryDirectory(prefix="seiketsu-bench-") as folder:
        voice = PiperVoice(Path(folder) / "voices")
        try:
            if what in ("all", "latency"):
                bench.latency = await _latency(Path(folder) / "latency", voice, tell)
            if what in ("all", "load"):
                clip = await voice.clip(SAID)
                for number, found in ((calls, bench.load), (crowd, bench.crowd)):
                    tell(f"{number} calls to a bot of stock parts, {seconds:.0f} s ...")
                    found["stock"] = (await _stock(clip, number, seconds)).as_dict()
                    tell(f"{number} calls to the service, {seconds:.0f} s ...")
                    ours = Path(folder) / f"load-{number}"
                    found["ours"] = (await _ours(ours, clip, number, seconds)).as_dict()
        finally:
            await voice.close()
    return bench


async def _latency(folder: Path, voice: PiperVoice, tell: Tell) -> dict[str, Any]:
    """A whole onboarding and a lead's call in real speech; then ten short calls for the opening."""
    service = LocalService(folder, settings={"SEIKETSU_ADMIN_KEY": ADMIN_KEY, "SEIKETSU_BRAIN": "guided"})
    client = ServiceClient(service.url, ADMIN_KEY)
    try:
        await service.start()
        await service.ready()
        tell("a broker phones in, in real speech (some minutes) ...")
        stage = Stage(client, ONBOARDING, voice, quiet=0.6)
        broker = await play(await fresh_broker(client, load_script(SCRIPTS / "broker.yaml")), stage, "phone")
        replies = [value * 1000 for value in broker.latencies]
        tell("ten short calls ...")
        firsts = await openings(service.url, ONBOARDING, 10)
    finally:
        await client.close()
        await service.stop()
    return {
        "turns": broker.turns,
        "seconds": round(broker.seconds, 1),
        "reply_ms": spread(replies),
        "first_media_ms": spread(firsts),
        "failures": broker.failures,
    }


async def _stock(clip: Any, calls: int, seconds: float) -> Load:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulate.stock_bot", "--port", str(port), cwd=ROOT, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        await until_it_answers(url)
        pin(process.pid, 0)
        return await load(
            "stock pipecat", url, process.pid, clip, to=ONBOARDING, calls=calls, seconds=seconds
        )
    finally:
        process.terminate()
        await process.wait()


async def _ours(folder: Path, clip: Any, calls: int, seconds: float) -> Load:
    settings = {
        "SEIKETSU_ADMIN_KEY": ADMIN_KEY,
        **stub_speech(),
        "SEIKETSU_MAX_CALLS": str(calls + 2),
    }
    service = LocalService(folder, settings=settings)
    try:
        await service.start()
        await service.ready()
        assert service.process is not None
        pin(service.process.pid, 0)
        return await load(
            "seiketsu", service.url, service.process.pid, clip, to=ONBOARDING, calls=calls, seconds=seconds
        )
    finally:
        await service.stop()


async def until_it_answers(url: str) -> None:
    """Wait up to a minute for a service's HTTP; SeiketsuError when it stays silent."""
    client = ServiceClient(url)
    try:
        for _ in range(300):
            if await client.ready() is not None:
                return
            await asyncio.sleep(0.2)
    finally:
        await client.close()
    raise SeiketsuError("the stock bot did not start")


def _host() -> dict[str, Any]:
    import psutil

    return {
        "cores": psutil.cpu_count(),
        "Python": platform.python_version(),
        "pipecat": version("pipecat-ai"),
        "system": f"{platform.system()} {platform.machine()}",
    }
