"""Speech providers: one file each, with a module-level ``PROVIDER``; the index is the folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from agent.speech.providers.base import Provider


@lru_cache(maxsize=1)
def providers() -> dict[str, Provider]:
    """Every provider in this folder by name. A file without a ``PROVIDER`` (``base``) is passed over."""
    found: dict[str, Provider] = {}
    for module in pkgutil.iter_modules(__path__):
        provider = getattr(importlib.import_module(f"{__name__}.{module.name}"), "PROVIDER", None)
        if provider is not None:
            found[provider.name] = provider
    return found
