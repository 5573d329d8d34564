"""Who is there, who is gone, and who is dead without having been looked for."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from core.processes import exists, runs


def test_living_dead_and_buried() -> None:
    assert exists(os.getpid()) and runs(os.getpid()) and runs(1)
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    until = time.monotonic() + 30
    while runs(child.pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert exists(child.pid) and not runs(child.pid), "a zombie"
    child.wait()
    assert not exists(child.pid) and not runs(child.pid)
