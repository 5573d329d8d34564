"""What can be known of a Postgres server from outside: its pid file, its socket, its processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.processes import exists, runs

PORT = 5432
"""Only part of the socket's name; nothing listens on the network."""


@dataclass
class Postmaster:
    """The server of one data folder, whoever started it. ``process`` is it when that was us."""

    data: Path
    sockets: Path
    process: subprocess.Popen[bytes] | None = None

    def pid(self) -> int | None:
        """Process id by the pid file; it may be dead."""
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def ready(self) -> bool:
        """Does it say that it takes connections?"""
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def listens(self) -> bool:
        """Does somebody answer at the socket?"""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.socket()))
            except OSError:
                return False
        return True

    def alive(self) -> bool:
        """Is the process of the pid file there, and no zombie?"""
        self.reap()
        pid = self.pid()
        return pid is not None and runs(pid)

    def reap(self) -> bool:
        """Take note of our child's end; is it still there?"""
        return self.process is not None and self.process.poll() is None

    def socket(self, suffix: str = "") -> Path:
        """The socket, or with ``.lock`` its lock file."""
        return self.sockets / f".s.PGSQL.{PORT}{suffix}"

    def way_is_clear(self) -> bool:
        """May a server be started? Removes what a dead one left, where Postgres itself would stumble over it.

        Postgres clears a pid file of the dead, but not one whose id is a zombie's or now belongs to another
        process. That one goes once nothing runs in the data folder any more.
        """
        self.reap()
        pid = self.pid()
        if pid is None or not exists(pid):
            return True
        if runs(pid) and self._is_here(pid):
            return False  # starting or stopping
        if any(self._is_here(int(p.name)) for p in Path("/proc").glob("[0-9]*")):
            return False  # its children have not noticed yet
        for stale in (self.data / "postmaster.pid", self.socket(".lock"), self.socket()):
            stale.unlink(missing_ok=True)
        return True

    def stop(self, patience: float) -> bool:
        """Fast shutdown, after ``patience`` seconds a hard one; False when it still runs."""
        pid = self.pid()
        if pid is None or not self._is_here(pid):
            return True
        for how, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0)):
            with suppress(ProcessLookupError):
                os.kill(pid, how)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                self.reap()
                if not runs(pid):
                    return True
                time.sleep(0.02)
        return False

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _is_here(self, pid: int) -> bool:
        """Does that process run in our data folder? (Ids are used again after a reboot.)"""
        try:
            return os.readlink(f"/proc/{pid}/cwd") == str(self.data)
        except FileNotFoundError:
            return not Path("/proc/self/cwd").exists() and runs(pid)  # no /proc here: trust the file
        except OSError:
            return False
