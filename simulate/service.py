"""The service as a process of its own, started and stopped by a demo, a benchmark or a test."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.errors import Unavailable
from simulate.client import ServiceClient, operator_key

ROOT = Path(__file__).resolve().parent.parent


def stub_speech(*, texts: Path | None = None, pace: float | None = None) -> dict[str, str]:
    """Settings of a service that hears whistles (``simulate.whistle``) and speaks in tones, without a key.

    ``texts``: the list that the caller's side whistles from; ``pace``: how long it speaks beside a person.
    """
    settings = {"SEIKETSU_BRAIN": "guided", "SEIKETSU_STT": "stub", "SEIKETSU_TTS": "stub"}
    if texts is not None:
        settings["SEIKETSU_STUB_TEXTS"] = str(texts)
    if pace is not None:
        settings["SEIKETSU_STUB_PACE"] = str(pace)
    return settings


class LocalService:
    """``seiketsu serve`` on this machine. ``settings`` are environment variables on top of our own.

    Its output goes to ``log``. ``stop`` is graceful first: the service has a database to put down.
    """

    def __init__(self, data_dir: Path, *, port: int | None = None, settings: dict[str, str] | None = None):
        self.data_dir = data_dir
        self.port = port or free_port()
        self.settings = settings or {}
        self.log = data_dir / "service.log"
        self.process: Process | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def key(self) -> str | None:
        """The operator's key, once the service has made one."""
        return operator_key(self.data_dir, self.settings.get("SEIKETSU_ADMIN_KEY"))

    async def start(self) -> None:
        """Start the process; it is not ready yet."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        settings = {
            "SEIKETSU_PORT": str(self.port),
            "SEIKETSU_HOST": "127.0.0.1",
            "SEIKETSU_DATA_DIR": str(self.data_dir),
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }
        with self.log.open("wb") as log:
            # env(1) adds to the environment that is inherited, and becomes the service itself
            self.process = await asyncio.create_subprocess_exec(
                "env",
                *(f"{name}={value}" for name, value in settings.items()),
                sys.executable,
                "-m",
                "server",
                "serve",
                cwd=ROOT,
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
            )

    async def ready(
        self,
        *,
        timeout: float = 300.0,
        on_progress: Callable[[dict[str, Any] | None], None] = lambda seen: None,
    ) -> None:
        """Wait for ``/readyz``; Unavailable (with the end of the log) when it dies or takes too long."""
        client = ServiceClient(self.url)
        until = asyncio.get_running_loop().time() + timeout
        try:
            while asyncio.get_running_loop().time() < until:
                if self.process is not None and self.process.returncode is not None:
                    raise Unavailable(
                        f"the service ended with code {self.process.returncode}:\n{self.tail()}"
                    )
                seen = await client.ready()
                on_progress(seen)
                if seen is not None and seen["ready"]:
                    return
                await asyncio.sleep(0.2)
        finally:
            await client.close()
        raise Unavailable(f"the service was not ready after {timeout:.0f} s:\n{self.tail()}")

    async def stop(self, *, grace: float = 20.0) -> None:
        """Ask it to end; after ``grace`` seconds make it."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), grace)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """A TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
