"""Files only their owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def private_file(path: Path, make: Callable[[], str] = lambda: secrets.token_hex(32)) -> str:
    """What the file holds; at first use what ``make`` makes. Of several processes the first one decides."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with open(draft, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as new:
            new.write(make())
        with suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all
        draft.unlink()
    return path.read_text()
