"""The worker: DBOS on our own Postgres, in a thread and a loop of its own (docs/decisions/0007).

DBOS remembers which steps of a piece of work have ended and runs the rest again. What it leaves to others
is here: that a request becomes a piece of work exactly once, and that the work of a worker that died is
taken over by one that lives, within ``LEASE`` and a beat. Only this file knows DBOS.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from loguru import logger

from core.errors import SeiketsuError, StartupError
from core.ids import HOUSE_TENANT, new_id
from core.processes import runs
from jobs.work import Job, Result, Step, StepFailed, Steps, attempt
from stores import jobs
from stores.cluster import JOBS_SCHEMA, Cluster
from stores.db import Database
from tools.base import Work

VERSION = "seiketsu-jobs-1"
"""Kept by hand: DBOS gives a worker only work of its own version. Raised only when steps of work that is
under way would no longer be found again under their names and in their order."""
BEAT_SECONDS = 2.0
LEASE = timedelta(seconds=10)
"""A worker not heard of for this long is taken for dead. Its steps bear it if it is not."""
LOOK_SECONDS = 1.0
MOST_AT_ONCE = 8
"""Pieces of work a worker takes at a time; what is more waits for it or goes to another worker."""
GRACE_SECONDS = 8.0
"""How long a stopping worker waits for what it has begun."""

_in_this_process = threading.Lock()
"""DBOS is one to a process."""
_current: Engine | None = None


class Engine:
    """One worker. ``make_work`` builds what the work needs: on the worker's loop, over its own database."""

    def __init__(
        self,
        cluster: Cluster,
        make_work: Callable[[Database], Work],
        catalogue: Mapping[str, Job],
        *,
        lease: timedelta = LEASE,
        beat_seconds: float = BEAT_SECONDS,
        look_seconds: float = LOOK_SECONDS,
        most: int = MOST_AT_ONCE,
    ):
        self.executor = f"{socket.gethostname()[:40]}-{os.getpid()}-{new_id().hex[-8:]}"
        self.catalogue = catalogue
        self.running: set[str] = set()
        self.work: Work | None = None
        self._cluster, self._make_work = cluster, make_work
        self._lease, self._beat_seconds, self._look_seconds = lease, beat_seconds, look_seconds
        self._most = most
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: asyncio.Event | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    # -- from outside -------------------------------------------------------------------------------

    async def open(self) -> bool:
        """Start; False when another worker runs in this process already. StartupError."""
        if not _in_this_process.acquire(blocking=False):
            logger.warning("another worker runs in this process; requests are left to it")
            return False
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        caller = asyncio.get_running_loop()

        def tell(error: BaseException | None) -> None:
            def settle() -> None:
                if not ready.done():
                    ready.set_exception(error) if error else ready.set_result(None)

            with contextlib.suppress(RuntimeError):  # nobody waits any more
                caller.call_soon_threadsafe(settle)

        self._thread = threading.Thread(target=self._run, args=(tell,), name="jobs", daemon=True)
        self._thread.start()
        try:
            await ready
        except BaseException:
            await self.close()
            raise
        return True

    def nudge(self) -> None:
        """Look for requests now."""
        if self._loop is not None and self._wake is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake.set)

    async def close(self) -> None:
        """Take nothing new, give what is under way a little time, and leave the rest to others."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
        await asyncio.to_thread(thread.join, GRACE_SECONDS + 15)
        _in_this_process.release()

    # -- the worker's own loop ----------------------------------------------------------------------

    def _run(self, tell: Callable[[BaseException | None], None]) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self._loop = loop
        try:
            loop.run_until_complete(self._live(tell))
        except Exception as error:
            tell(error)
            logger.error("the worker ended: {}", type(error).__name__)
        finally:
            # steps that are in the middle are left there, as if this process had died: others go on with them
            loop.call_soon(loop.stop)
            loop.run_forever()

    async def _live(self, tell: Callable[[BaseException | None], None]) -> None:
        global _current
        self._wake, self._stop = asyncio.Event(), asyncio.Event()
        db = Database(self._cluster, pool_size=self._most)
        try:
            self.work = self._make_work(db)
            await self._beat(db)
            _current = self
            self._launch()
            await self._take_over(db)
            tell(None)
            tasks = [
                asyncio.create_task(self._every(self._beat_seconds, self._watch, db), name="job beats"),
                asyncio.create_task(self._look(db), name="job requests"),
            ]
            await self._stop.wait()
            for task in tasks:
                task.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GRACE_SECONDS):
                    while self.running:
                        self._wake.clear()
                        await self._wake.wait()
            await asyncio.to_thread(DBOS.destroy)
            with contextlib.suppress(SeiketsuError):
                async with db.tenant(HOUSE_TENANT) as session:
                    await jobs.stopped(session, self.executor)
        finally:
            _current = None
            await db.disconnect()

    def _launch(self) -> None:
        """Start DBOS. From this thread, so that it runs the work on this loop."""
        config: DBOSConfig = {
            "name": "seiketsu",
            "system_database_url": self._cluster.jobs_url(),
            "dbos_system_schema": JOBS_SCHEMA,
            "application_version": VERSION,
            "executor_id": self.executor,
            # the default serializer is pickle: whoever may write the schema could run code
            "serializer": DBOSPortableJSONSerializer(),
            "sys_db_pool_size": 4,
            "log_level": "ERROR",
            "enable_otlp": False,
        }
        try:
            DBOS(config=config)
            _quiet()
            DBOS.launch()
        except SeiketsuError:
            raise
        except Exception as error:
            with contextlib.suppress(Exception):
                DBOS.destroy()
            raise StartupError(f"durable work cannot start ({type(error).__name__})") from None

    async def _every(self, seconds: float, act: Callable[[Database], Awaitable[None]], db: Database) -> None:
        while True:
            try:
                await act(db)
            except SeiketsuError as error:
                logger.warning("the worker waits for the database: {}", error.code)
            except Exception as error:
                logger.error("the worker stumbled: {}", type(error).__name__)
            await asyncio.sleep(seconds)

    async def _watch(self, db: Database) -> None:
        await self._beat(db)
        await self._take_over(db)

    async def _beat(self, db: Database) -> None:
        async with db.tenant(HOUSE_TENANT, durable=False) as session:
            await jobs.beat(session, self.executor, place=place(), pid=os.getpid(), version=VERSION)

    async def _take_over(self, db: Database) -> None:
        """Go on with the work of workers that are gone; one of those that live takes each over."""
        async with db.tenant(HOUSE_TENANT) as session:
            others = [w for w in await jobs.workers(session) if w.executor != self.executor]
            dead = [w.id for w in others if w.place == place() and not runs(w.pid)]
            for worker in await jobs.silent(session, self._lease, dead=dead):
                if worker.executor == self.executor:
                    continue
                # resumed before the row is gone: if we die between the two, the next one does both again
                left = await asyncio.to_thread(_resume, worker.executor)
                await jobs.forget(session, worker)
                logger.info("took over {} pieces of work from {}", left, worker.executor)

    async def _look(self, db: Database) -> None:
        assert self._wake is not None
        while True:
            more = False
            try:
                more = await self._take(db)
            except SeiketsuError as error:
                logger.warning("requests wait for the database: {}", error.code)
            except Exception as error:
                logger.error("a request could not be taken: {}", type(error).__name__)
            if more:
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._look_seconds)
            self._wake.clear()

    async def _take(self, db: Database) -> bool:
        """Give waiting requests to the engine; True when there may be more and room for them."""
        room = self._most - len(self.running)
        if room <= 0:
            return False
        async with db.platform("durable work that has been asked for", recurring=True) as session:
            rows = await jobs.waiting(session, limit=room)
            for row in rows:
                await self._begin(row)
                # started before it is marked: if we die between the two, it is started again, as the same
                await jobs.taken(session, row, self.executor)
        return len(rows) == room and len(self.running) < self._most

    async def _begin(self, row: jobs.JobRequest) -> None:
        with SetWorkflowID(f"{row.tenant_id}/{row.key}"):
            await DBOS.start_workflow_async(_piece_of_work, row.name, str(row.tenant_id), row.key, row.args)

    async def run(self, name: str, tenant_id: UUID, key: str, args: Mapping[str, Any]) -> Result:
        """One piece of work, from its beginning; steps that have ended are not done again."""
        assert self.work is not None
        assert self._wake is not None
        piece = f"{tenant_id}/{key}"
        self.running.add(piece)
        try:
            job = self.catalogue.get(name)
            steps: Steps = DurableSteps()
            if job is None:
                result: Result = {"failed": "unknown_job", "why": f"nobody knows how to do {name}"}
            else:
                result = await job(self.work, steps, tenant_id, args)

            async def note() -> Result:
                assert self.work is not None
                async with self.work.db.tenant(tenant_id) as session:
                    await jobs.ended(session, key, ok="failed" not in result)
                return {}

            await steps.do("ended", note, tries=12)
            return result
        finally:
            self.running.discard(piece)
            self._wake.set()


class DurableSteps:
    """Steps that DBOS remembers."""

    async def do(self, name: str, step: Step, *, tries: int = 6) -> Result:
        """See ``jobs.work.Steps``."""
        turn = 0

        async def once() -> Result:
            nonlocal turn
            turn += 1
            try:
                return await attempt(name, step)
            except StepFailed as failed:
                if failed.again and turn < tries:
                    logger.warning("step {} is tried again: {}", name, failed)
                    raise
                return {"failed": failed.code, "why": failed.why}

        return await DBOS.run_step_async(
            {
                "name": name,
                "retries_allowed": True,
                "max_attempts": tries,
                "interval_seconds": 0.25,
                "backoff_rate": 2.0,
            },
            once,
        )


@DBOS.workflow(name="piece_of_work")
async def _piece_of_work(name: str, tenant_id: str, key: str, args: dict[str, Any]) -> Result:
    if _current is None:
        raise RuntimeError("no worker")
    return await _current.run(name, UUID(tenant_id), key, args)


def _resume(executor: str) -> int:
    """Put what an executor had under way back into the queue, for whoever lives."""
    left: Sequence[Any] = DBOS.list_workflows(
        status="PENDING", executor_id=executor, load_input=False, load_output=False
    )
    if left:
        DBOS.resume_workflows([one.workflow_id for one in left])
    return len(left)


def place() -> str:
    """Where a process id of ours means something: the machine since it booted, and its namespace of ids."""
    with contextlib.suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.readlink('/proc/self/ns/pid')}"
    return f"unknown-{os.getpid()}"


def _quiet() -> None:
    """DBOS's lines go the way of all others, without its own handler and its advertisement."""
    log = logging.getLogger("dbos")
    log.handlers = []
    log.propagate = True
    log.setLevel(logging.ERROR)  # what is worth a warning, a step tried again for one, is said here
