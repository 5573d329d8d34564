"""Whether another process of this machine is still there."""

from __future__ import annotations

import os
from pathlib import Path


def exists(pid: int) -> bool:
    """Whether there is a process of that id, be it a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def runs(pid: int) -> bool:
    """Whether it exists and is no zombie: killed, but not yet looked for by its parent."""
    if not exists(pid):
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return exists(pid)  # it went just now, or there is no /proc that shows it to us
