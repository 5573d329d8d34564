"""The embedded server through its accidents. Each test has a server of its own, on a real folder."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from core.errors import StartupError, Unavailable
from core.ids import HOUSE_TENANT
from stores import runner, support
from stores.db import Database, open_database
from stores.embedded import EmbeddedPostgres
from tests.postgres import quick_folder

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")

APP = """
import asyncio, sys
from pathlib import Path
from stores import support
from stores.db import open_database
from core.ids import HOUSE_TENANT

async def main():
    db = await open_database(Path(sys.argv[1]), fsync=False)
    async with db.tenant(HOUSE_TENANT) as session:
        await support.record_survey(session, kind="app", score=1)
    print("ready", db._embedded.pid, flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await db.close()

asyncio.run(main())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder nobody else may enter."""
    path = Path(tempfile.mkdtemp(prefix="sk", dir=quick_folder()))
    yield path
    shutil.rmtree(path)


class App:
    """Another process that uses the same data folder."""

    def __init__(self, home: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-c", APP, str(home)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    async def ready(self) -> int:
        assert self.process.stdout
        line = await asyncio.to_thread(self.process.stdout.readline)
        assert line.startswith("ready"), line
        return int(line.split()[1])

    async def leave(self) -> None:
        await asyncio.to_thread(self.process.communicate, "\n", 30)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


async def answers(db: Database) -> int:
    """How many times an app has written."""
    async with db.tenant(HOUSE_TENANT) as session:
        return len(await support.list_surveys(session))


async def gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        await asyncio.sleep(0.02)
    return False


@asynccontextmanager
async def opened(home: Path) -> Any:
    db = await open_database(home, fsync=False)
    try:
        yield db
    finally:
        await db.close()


def server(db: Database) -> EmbeddedPostgres:
    assert db._embedded
    return db._embedded


async def test_closed_to_others_and_kept_over_a_restart(home: Path) -> None:
    async with opened(home) as db:
        pid = server(db).pid
        for path in (home / "postgres", home / "postgres" / "cluster", server(db).socket_dir()):
            assert path.stat().st_mode & 0o077 == 0, path
        for path in ("secret", "log"):
            assert (home / "postgres" / path).stat().st_mode & 0o077 == 0, path
        address = server(db).url
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(address.set(password="postgres").render_as_string(hide_password=False))
        admin = await asyncpg.connect(address.render_as_string(hide_password=False))
        settings = {
            name: await admin.fetchval(f"show {name}")
            for name in (
                "listen_addresses",
                "data_checksums",
                "password_encryption",
                "unix_socket_permissions",
            )
        }
        assert list(settings.values()) == ["", "on", "scram-sha-256", "0700"]
        assert await admin.fetchval("select 'Z' < 'a'")  # sorted by code point, as on every machine
        await admin.close()
        async with db.tenant(HOUSE_TENANT) as session:
            await support.record_survey(session, kind="x", score=1)
    assert pid
    assert await gone(pid)
    async with opened(home) as db:
        assert server(db).pid != pid
        assert await answers(db) == 1


async def test_killed_server_comes_back_under_the_application(home: Path) -> None:
    async with opened(home) as db:
        pid = server(db).pid
        assert pid

        async def killed_in_the_middle() -> None:
            async with db.tenant(HOUSE_TENANT) as session:
                await support.record_survey(session, kind="lost", score=1)
                os.kill(pid, signal.SIGKILL)
                await asyncio.sleep(0.3)
                await support.record_survey(session, kind="lost", score=1)

        with pytest.raises(Unavailable):
            await killed_in_the_middle()
        async with db.tenant(HOUSE_TENANT) as session:  # begun while it is still down: waits
            await support.record_survey(session, kind="kept", score=1)
        assert server(db).pid not in (pid, None)
        assert await answers(db) == 1
        assert await db.ping()


async def test_killed_application_leaves_a_server_the_next_one_takes_over(home: Path) -> None:
    app = App(home)
    pid = await app.ready()
    app.kill()
    async with opened(home) as db:
        assert server(db).pid == pid
        assert await answers(db) == 1
    assert await gone(pid)


async def test_both_killed(home: Path) -> None:
    """The dead server's pid may stay a zombie where process 1 does not reap."""
    app = App(home)
    pid = await app.ready()
    app.kill()
    os.kill(pid, signal.SIGKILL)
    async with opened(home) as db:
        assert server(db).pid != pid
        assert await answers(db) == 1


async def test_the_last_one_out_stops_it(home: Path) -> None:
    """Three start at once on an empty folder; one leaves, one is killed, the server stays for the third."""
    apps = [App(home), App(home)]
    async with opened(home) as db:
        pids = {await app.ready() for app in apps} | {server(db).pid}
        assert len(pids) == 1
        apps[0].kill()
    (pid,) = pids
    assert pid
    assert not await gone(pid, 0.5)
    await apps[1].leave()
    assert await gone(pid)


async def test_a_pid_file_that_names_somebody_else(home: Path) -> None:
    """As after a container restart: the number in the file now belongs to an innocent process."""
    async with opened(home):
        pass
    cluster = home / "postgres" / "cluster"
    innocent = subprocess.Popen(["sleep", "60"])
    (cluster / "postmaster.pid").write_text(f"{innocent.pid}\n{cluster}\n0\n5432\n\n\n\nready\n")
    async with opened(home) as db:
        assert server(db).pid != innocent.pid
    assert innocent.poll() is None
    innocent.kill()
    innocent.wait()


async def test_a_path_too_long_for_a_socket(home: Path) -> None:
    deep = home / ("d" * 60) / "with space, comma, 100% and ü"
    async with opened(deep) as db:
        sockets = server(db).socket_dir()
        assert await db.ping()
        assert not sockets.is_relative_to(deep)
        assert sockets.stat().st_mode & 0o077 == 0
    shutil.rmtree(sockets)
    sockets.symlink_to(home)  # somebody was there first
    with pytest.raises(StartupError, match="not ours alone"):
        await open_database(deep, fsync=False)
    sockets.unlink()


async def test_a_broken_folder_is_said_at_once(home: Path) -> None:
    async with opened(home):
        pass
    (home / "postgres" / "cluster" / "global" / "pg_control").unlink()
    began = time.monotonic()
    with pytest.raises(StartupError, match="pg_control"):
        await open_database(home, fsync=False)
    assert time.monotonic() - began < 10


async def test_data_of_another_major_version_is_left_alone(home: Path) -> None:
    async with opened(home):
        pass
    (home / "postgres" / "cluster" / "PG_VERSION").write_text("12\n")
    with pytest.raises(StartupError, match=r"made by Postgres 12"):
        await open_database(home, fsync=False)


@as_root
async def test_root_steps_down_and_opens_no_door(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without user namespaces: programs and data go where the service user can reach them."""
    state = Path(tempfile.mkdtemp(prefix="sk-state"))
    monkeypatch.setattr(runner, "STATE", state / "seiketsu")
    state.chmod(0o755)
    monkeypatch.setattr(runner, "_user_namespace", lambda *_: None)
    monkeypatch.setattr(runner, "_reaches", lambda user, path: False)
    for _ in range(2):
        async with opened(home) as db:
            pid = server(db).pid
            assert Path(f"/proc/{pid}").stat().st_uid != 0
            assert await db.ping()
    assert home.stat().st_mode & 0o077 == 0
    data = server(db)._run.home
    assert data.is_relative_to(state) and data.stat().st_mode & 0o077 == 0
    monkeypatch.undo()
    monkeypatch.setattr(runner, "STATE", state / "seiketsu")
    async with opened(home) as db:  # namespaces work now, but the data is the service user's already
        assert server(db)._run.home == data
    shutil.rmtree(state)


@as_root
def test_an_ordinary_user_needs_nothing_more(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    if not runner._reaches(nobody, runner.binaries_dir() / "postgres"):
        pytest.skip("nobody cannot reach this checkout")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            code = asyncio.run(_as_a_user(home))
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


async def _as_a_user(home: Path) -> int:
    async with opened(home / "var") as db:
        pid = server(db).pid
        assert Path(f"/proc/{pid}").stat().st_uid == os.geteuid() != 0
        return 0 if await db.ping() else 1


# --- DATABASE_URL ------------------------------------------------------------------------------------


async def test_a_given_database_with_an_owner_that_is_no_superuser(home: Path) -> None:
    host = EmbeddedPostgres(home / "host", fsync=False)
    await host.start()
    try:
        admin = await asyncpg.connect(host.url.render_as_string(hide_password=False))
        await admin.execute("create role customer login createrole password 'from the customer'")
        await admin.execute("create database theirs owner customer")
        await admin.close()
        given = host.url.set(username="customer", password="from the customer", database="theirs")
        url = given.render_as_string(hide_password=False)
        for machine in ("one", "two"):  # each with a data folder of its own
            db = await open_database(home / machine, url)
            assert await answers(db) == 0
            await db.close()
        assert not (home / "one" / "postgres").exists()
        await asyncpg.connect(url)
        for wrong, said in (
            (given.set(password="wrong"), "cannot be reached"),
            (given.set(database="nowhere"), "cannot be reached"),
            (make_url("sqlite:///x.db"), "not a Postgres database"),
        ):
            with pytest.raises(StartupError, match=said) as refused:
                await open_database(home / "one", wrong.render_as_string(hide_password=False))
            assert "wrong" not in str(refused.value)
    finally:
        await host.stop()
