"""Where a client is on its way (A011-A014): when each phase began and ended, kept with the tenant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from policies.launch import phase_ended_by
from stores.tenancy import Tenant

_ORDER = ("registration", "configuration", "validation", "launch")


def ended(tenant: Tenant, tool: str, now: datetime, *, began: datetime | None = None) -> dict[str, Any]:
    """The tenant's settings with the phase that this tool ends, and the next one begun."""
    settings = dict(tenant.settings)
    phase = phase_ended_by(tool)
    if phase is None:
        return settings
    phases = {name: dict(entry) for name, entry in settings.get("phases", {}).items()}
    entry = phases.setdefault(phase, {})
    entry.setdefault("started_at", (began or now).isoformat())
    entry["ended_at"] = now.isoformat()
    entry["seconds"] = round((now - datetime.fromisoformat(entry["started_at"])).total_seconds())
    place = _ORDER.index(phase) + 1
    if place < len(_ORDER):
        phases.setdefault(_ORDER[place], {}).setdefault("started_at", now.isoformat())
    return settings | {"phases": phases}
