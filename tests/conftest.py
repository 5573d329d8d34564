"""Shared by all tests: one embedded Postgres a process, a fresh migrated database a test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from hypothesis import settings

from core.ids import new_id
from stores import tenancy
from stores.cluster import Cluster
from stores.db import Database
from tests.postgres import migrated_template, quick_folder

# A run that turns red without a change teaches people to ignore red: examples are the same every time.
# New ones are looked for on purpose: make test ARGS="--hypothesis-profile=explore".
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("steady")


IN_REAL_TIME = (
    "tests/line/",
    "tests/web/test_talk",
    "tests/web/test_chat",
    "tests/simulate/",
    "tests/jobs/",
    "tests/quota/",
    "tests/api/test_idem",
)
"""Tests of calls, processes that are killed, and races: their clock is the machine's."""


MOST_WORKERS = 4
"""Each has a Postgres and, where it speaks, the models: about 1 GB."""


def pytest_xdist_auto_num_workers() -> int:
    """``-n auto``: a process a core that this run may use."""
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_WORKERS, mine)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that talk in real time on cores shared with others get a second and a third try.

    Between processes (``-n``) a file stays together, with its fixtures, and all that is real time stays in
    one: two calls at once would take the processor from one another, beside arithmetic they do not mind.
    """
    for item in items:
        marked = any(item.get_closest_marker(name) for name in ("speech", "slow", "browser"))
        group = item.nodeid.partition("::")[0]
        if marked or any(place in item.nodeid for place in IN_REAL_TIME):
            item.add_marker(pytest.mark.flaky(reruns=2, reruns_delay=1))
            group = "real time"
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running server whose database is migrated and used only as a template."""
    home = Path(tempfile.mkdtemp(prefix="seiketsu-tests-", dir=quick_folder()))
    try:
        with migrated_template(home) as ready:
            yield ready
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def fresh(cluster: Cluster) -> AsyncIterator[Cluster]:
    """The address of a database of the test's own (tens of milliseconds)."""
    name = f"t_{new_id().hex}"
    admin = await asyncpg.connect(
        cluster.admin.set(database="postgres").render_as_string(hide_password=False)
    )
    await admin.execute(f"create database {name} template {cluster.admin.database} strategy file_copy")
    try:
        yield replace(cluster, admin=cluster.admin.set(database=name))
    finally:
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


@pytest.fixture
async def db(fresh: Cluster) -> AsyncIterator[Database]:
    """A migrated database holding the house tenant and nothing else."""
    database = Database(fresh)
    yield database
    await database.close()


@pytest.fixture
async def tenant_id(db: Database) -> UUID:
    """A client, live: "Acme Real Estate"."""
    async with db.tenant(new_id()) as session:
        tenant = await tenancy.create_tenant(
            session, "Acme Real Estate", status="live", timezone="America/Denver", states=["CO"]
        )
    return tenant.id
