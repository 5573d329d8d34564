"""Postgres without set-up: the wheel's programs under our own supervision.

One server a data folder, shared by every process that opens it. Each user holds a shared lock that the
kernel drops when it dies, however it dies; the last one to leave stops the server. A server that dies is
started again. Nothing listens on the network, and the socket and the data are closed to other users.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from loguru import logger

from core.errors import Problem, StartupError
from stores.cluster import secret_file
from stores.runner import Runner, choose_runner

DATABASE = "seiketsu"
_PORT = 5432
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_LOG_BYTES = 10_000_000


class EmbeddedPostgres:
    """The server of one folder. ``start`` and ``stop`` in every process that uses it."""

    def __init__(self, home: Path, *, fsync: bool = True):
        self.home = home.absolute()
        self._fsync = fsync
        self._runner: Runner | None = None
        self._users: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: asyncio.Task[None] | None = None

    # --- for the application ------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the server, or join the one that runs. StartupError."""
        await asyncio.to_thread(self._join)
        self._watch = asyncio.create_task(self._keep_running(), name="postgres-watch")

    async def stop(self) -> None:
        """Leave; the last user stops the server."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        await asyncio.to_thread(self._leave)

    @property
    def url(self) -> str:
        """Address as the superuser, password included: not for logs."""
        return f"postgresql://postgres:{self._secret()}@/{DATABASE}?host={self.socket_dir()}"

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._pid() if self._listens() else None

    # --- joining and leaving --------------------------------------------------------------------------

    def _join(self) -> None:
        self._runner = choose_runner(self.home)
        with self._exclusive():
            self._initialise()
            self._ensure_running()
            self._users = os.open(self.home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def _leave(self) -> None:
        if self._users is None:
            return
        with self._exclusive():
            try:
                fcntl.flock(self._users, fcntl.LOCK_UN)
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                logger.debug("embedded postgres stays up for other processes")
            else:
                self._shut_down()
            finally:
                os.close(self._users)
                self._users = None

    async def _keep_running(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            if await asyncio.to_thread(self._alive):
                continue
            logger.warning("embedded postgres is gone; starting it again")
            try:
                await asyncio.to_thread(self._restart)
            except (StartupError, OSError) as failed:
                logger.error("embedded postgres does not come back: {}", failed)

    def _restart(self) -> None:
        with self._exclusive():
            self._ensure_running()

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        lock = os.open(self.home / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    # --- the server -----------------------------------------------------------------------------------

    @property
    def _run(self) -> Runner:
        if self._runner is None:
            raise RuntimeError("start() first")
        return self._runner

    @property
    def _data(self) -> Path:
        return self._run.home / "cluster"

    @property
    def _log(self) -> Path:
        return self._run.home / "log"

    def _secret(self) -> str:
        return secret_file(self.home / "secret")

    def socket_dir(self) -> Path:
        """Beside the data, or where that path is too long for a socket (107 bytes) a folder in /tmp."""
        beside = self._run.home / "socket"
        if len(os.fsencode(beside / f".s.PGSQL.{_PORT}")) <= 100:
            return beside
        mark = hashlib.sha256(os.fsencode(self._run.home)).hexdigest()[:16]
        return Path("/tmp") / f"seiketsu-{os.geteuid()}-{mark}"  # noqa: S108 ownership is checked below

    def _socket(self, suffix: str = "") -> Path:
        return self.socket_dir() / f".s.PGSQL.{_PORT}{suffix}"

    def _private_dir(self, path: Path) -> None:
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
            self._run.own(path)
        found = path.lstat()
        owner = os.geteuid() if self._run.uid is None else self._run.uid
        if path.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise _trouble(f"{path} is not ours alone", "remove it")

    def _initialise(self) -> None:
        _, said = self._run.run("postgres", "--version")
        major = re.findall(r"\d+", said)[0]
        if self._data.exists():
            made_by = (self._data / "PG_VERSION").read_text().strip()
            if made_by != major:
                raise _trouble(
                    f"the data was made by Postgres {made_by}, the programs are {major}",
                    f"dump it with Postgres {made_by} and restore it, or move {self._data} away",
                )
            return
        # text that sorts the same on every machine: Postgres' own UTF-8 since 17, plain C before
        builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        locale = builtin if int(major) >= 17 else ("--locale=C",)
        partial, password = self._run.home / "cluster.partial", self._run.home / "password.once"
        _remove(partial)
        try:
            password.touch(mode=0o600)
            password.write_text(self._secret())
            self._run.own(password)
            code, said = self._run.run(
                "initdb",
                *("-D", str(partial), "-U", "postgres", "-E", "UTF8", "--data-checksums"),
                *locale,
                *("--auth=scram-sha-256", f"--pwfile={password}", *(() if self._fsync else ("--no-sync",))),
            )
        finally:
            password.unlink(missing_ok=True)
        if code != 0:
            raise _trouble(f"initdb failed: {_last_line(said)}", "look at the disk and the folder's rights")
        partial.rename(self._data)

    def _ensure_running(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        tried = False
        while time.monotonic() < deadline:
            if self._listens():
                if self._ready():
                    self._make_database()
                    return
            elif self._process is None or self._process.poll() is not None:
                if tried:
                    self._check_failed_start()
                if self._may_start():
                    self._spawn()
                    tried = True
            time.sleep(0.03)
        raise _trouble(f"Postgres does not start: {_reason(self._log)}", f"read {self._log}")

    def _check_failed_start(self) -> None:
        """A start that failed because the dead one is not quite gone is tried again. StartupError else."""
        said = _tail(self._log)
        if "lock file" not in said and "shared memory block" not in said:
            raise _trouble(f"Postgres stopped at once: {_reason(self._log)}", f"read {self._log}")
        time.sleep(0.3)

    def _spawn(self) -> None:
        self._private_dir(self.socket_dir())
        if self._log.exists() and self._log.stat().st_size > _LOG_BYTES:
            self._log.replace(self._log.with_suffix(".old"))
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir()),
            "unix_socket_permissions": "0700",
            "port": str(_PORT),
            "max_connections": "100",
            "shared_buffers": "64MB",
            "password_encryption": "scram-sha-256",
            # what a row holds is personal data: neither details nor parameters go to the log
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        if not self._fsync:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.ftruncate(log, 0)
            arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            self._process = self._run.popen("postgres", "-D", str(self._data), *arguments, log=log)
        finally:
            os.close(log)

    def _shut_down(self) -> None:
        pid = self._pid()
        if pid is None or not self._is_ours(pid):
            return
        for how, patience in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, 5.0)):
            with suppress(ProcessLookupError):
                os.kill(pid, how)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                self._reap()
                if not _runs(pid):
                    return
                time.sleep(0.02)
        logger.error("embedded postgres does not stop")

    def _make_database(self) -> None:
        code = asyncio.run(_create_database(self.url)) if not (self._run.home / "created").exists() else False
        if code:
            (self._run.home / "created").touch()

    # --- what is known of the running one -------------------------------------------------------------

    def _alive(self) -> bool:
        self._reap()
        pid = self._pid()
        return pid is not None and _runs(pid)

    def _reap(self) -> None:
        if self._process is not None:
            self._process.poll()

    def _pid_file(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _pid(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _ready(self) -> bool:
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _listens(self) -> bool:
        probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            probe.connect(str(self._socket()))
        except OSError:
            return False
        finally:
            probe.close()
        return True

    def _is_ours(self, pid: int) -> bool:
        """Does that process run in our data folder? (Ids are used again after a reboot.)"""
        try:
            return os.readlink(f"/proc/{pid}/cwd") == str(self._data)
        except FileNotFoundError:
            return not Path("/proc/self/cwd").exists() and _runs(pid)  # no /proc here: trust the file
        except OSError:
            return False

    def _may_start(self) -> bool:
        """Is the way clear? Postgres itself clears a pid file of the dead, but not one whose id is a zombie's
        or now belongs to another process; that one goes once nothing runs in the data folder any more."""
        pid = self._pid()
        if pid is None:
            return True
        self._reap()
        if not _exists(pid):
            return True
        if _runs(pid) and self._is_ours(pid):
            return False  # starting or stopping
        if any(self._is_ours(int(p.name)) for p in Path("/proc").glob("[0-9]*")):
            return False  # its children have not noticed yet
        for stale in (self._data / "postmaster.pid", self._socket(".lock"), self._socket()):
            stale.unlink(missing_ok=True)
        return True


async def _create_database(url: str) -> bool:
    import asyncpg

    connection = await asyncpg.connect(url.replace(f"/{DATABASE}?", "/postgres?"))
    try:
        await connection.execute(f"create database {DATABASE}")
    except asyncpg.DuplicateDatabaseError:
        pass
    finally:
        await connection.close()
    return True


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runs(pid: int) -> bool:
    """Exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return not Path("/proc/self/stat").exists() and _exists(pid)


def _remove(path: Path) -> None:
    import shutil

    if path.exists():
        shutil.rmtree(path)


def _tail(log: Path) -> str:
    try:
        return log.read_text(errors="replace")[-4000:]
    except OSError:
        return ""


def _reason(log: Path) -> str:
    return _last_line(_tail(log))


def _last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if "FATAL" in line or "error" in line] or said.splitlines()
    return lines[-1] if lines else "no reason given"


def _trouble(message: str, next_step: str) -> StartupError:
    return StartupError(
        "no database", problems=[Problem(message, where="embedded Postgres", next_step=next_step)]
    )
