"""The slot types, one file each; this index is rebuilt from the folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from agent.understanding.base import SlotType


@cache
def slot_types() -> dict[str, SlotType]:
    """Every slot type by name. A module without a ``TYPE`` is a helper and starts with ``_``."""
    found: dict[str, SlotType] = {}
    for info in pkgutil.iter_modules(__path__):
        if info.name.startswith("_"):
            continue
        kind: SlotType = importlib.import_module(f"{__name__}.{info.name}").TYPE
        found[kind.name] = kind
    return found
