"""The tests' Postgres: embedded and fast (no fsync), in a loop of its own so that any test can use it."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stores.cluster import Cluster
from stores.db import open_database


def quick_folder() -> Path | None:
    """Memory, where there is enough of it: a database per test is 20 times quicker there than on a disk."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    return memory if roomy else None


@contextmanager
def migrated_template(home: Path) -> Iterator[Cluster]:
    """Start, migrate, let go of the template (a database in use cannot be copied), stop at the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="tests-postgres", daemon=True)
    thread.start()

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    database = run(open_database(home, fsync=False))
    try:
        run(database.disconnect())
        yield database.cluster
    finally:
        run(database.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
