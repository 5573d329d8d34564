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
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
from loguru import logger
from sqlalchemy import URL

from core.errors import Problem, StartupError
from stores.cluster import connect
from stores.postmaster import PORT, Postmaster
from stores.private import private_file
from stores.runner import Runner, choose_runner

DATABASE = "seiketsu"
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_SOCKET_PATH = 100
"""Longest path for a socket, in bytes: the kernel takes 107."""


class EmbeddedPostgres:
    """The server of one folder. ``start`` and ``stop`` in every process that uses it."""

    def __init__(self, home: Path, *, fsync: bool = True):
        self.home = home.absolute()
        self._fsync = fsync
        self._runner: Runner | None = None
        self._server: Postmaster | None = None
        self._users: int | None = None
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
    def url(self) -> URL:
        """Address as the superuser, password included: not for logs."""
        return URL.create(
            "postgresql",
            username="postgres",
            password=private_file(self.home / "secret"),
            database=DATABASE,
            query={"host": str(self.socket_dir())},
        )

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._postmaster.pid() if self._postmaster.listens() else None

    def socket_dir(self) -> Path:
        """Beside the data, or where that path is too long for a socket a folder in /tmp."""
        beside = self._run.home / "socket"
        short = len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH
        if short and not set(str(beside)) & {",", '"'}:  # which mean something in Postgres' setting
            return beside
        mark = hashlib.sha256(os.fsencode(self._run.home)).hexdigest()[:16]
        return Path("/tmp") / f"seiketsu-{os.geteuid()}-{mark}"  # noqa: S108 ownership is checked before use

    # --- joining and leaving --------------------------------------------------------------------------

    def _join(self) -> None:
        self._runner = choose_runner(self.home)
        self._server = Postmaster(self._data, self.socket_dir())
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
                if not self._postmaster.stop(_STOP_SECONDS):
                    logger.error("embedded postgres does not stop")
            finally:
                os.close(self._users)
                self._users = None

    async def _keep_running(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            if await asyncio.to_thread(self._postmaster.alive):
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
    def _postmaster(self) -> Postmaster:
        if self._server is None:
            raise RuntimeError("start() first")
        return self._server

    @property
    def _data(self) -> Path:
        return self._run.home / "cluster"

    @property
    def _log(self) -> Path:
        return self._run.home / "log"

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
        shutil.rmtree(partial, ignore_errors=True)
        try:
            password.touch(mode=0o600)
            password.write_text(private_file(self.home / "secret"))
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
            if self._postmaster.listens():
                if self._postmaster.ready():
                    self._make_database()
                    return
            elif not self._postmaster.reap():
                if tried:
                    self._check_failed_start()
                if self._postmaster.way_is_clear():
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
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir()),
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "max_connections": "100",
            "shared_buffers": "64MB",
            "password_encryption": "scram-sha-256",
            "log_checkpoints": "off",
            # what a row holds is personal data: neither details nor parameters go to the log
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        if not self._fsync:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        with suppress(FileNotFoundError):
            self._log.replace(self._log.with_suffix(".old"))
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            self._postmaster.process = self._run.popen("postgres", "-D", str(self._data), *arguments, log=log)
        finally:
            os.close(log)

    def _make_database(self) -> None:
        done = self._run.home / "created"
        if not done.exists():
            asyncio.run(_create_database(self.url))
            done.touch()


async def _create_database(url: URL) -> None:
    connection = await connect(url.set(database="postgres"))
    try:
        await connection.execute(f"create database {DATABASE}")
    except asyncpg.DuplicateDatabaseError:
        pass
    finally:
        await connection.close()


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
