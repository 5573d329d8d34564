"""CRM connectors behind one shape. Each vendor is a registration; what waits for the client says so.

The built-in lead list is always the store of record (its connector lives with the tool that has the
store's session). A vendor without a connector is chosen all the same: its connection stays pending and
its test says honestly what it waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

State = Literal["chosen", "pending_link", "connected", "failed"]
"""``pending_link``: waits for the client to approve or to enter a key on a page."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What a sync test found. ``ids``: what was written and taken away again; ``ms``: how long it took."""

    __test__: ClassVar[bool] = False  # pytest would take the name for a test's

    ok: bool
    state: State
    detail: str
    ids: Mapping[str, str] = field(default_factory=dict)
    ms: float = 0.0

    def as_dict(self, at: str) -> dict[str, Any]:
        """As stored in the integration's ``last_test``."""
        return {
            "ok": self.ok,
            "at": at,
            "detail": self.detail,
            "ids": dict(self.ids),
            "ms": round(self.ms, 1),
        }


class Connector(Protocol):
    """One vendor for one client."""

    vendor: str

    async def test(self) -> Tested:
        """Write a test contact, read it back, take it away. Never raises: a failure is a result."""


class Waiting:
    """A vendor the client has chosen and not approved yet."""

    def __init__(self, vendor: str, waits_for: str):
        self.vendor = vendor
        self._waits_for = waits_for

    async def test(self) -> Tested:
        """Nothing can be written before the approval, so nothing is claimed."""
        return Tested(False, "pending_link", f"waits for {self._waits_for}")


Factory = Callable[[Mapping[str, Any]], Connector]
"""Builds a connector from a connection's stored config and opened secrets."""


class Connectors:
    """Vendor name -> factory. Adding a vendor is one file with a connector and one call of ``register``."""

    def __init__(self) -> None:
        self._factories: dict[str, Factory] = {}

    def register(self, vendor: str, factory: Factory) -> None:
        """Make a vendor connectable; a second registration replaces the first (tests do)."""
        self._factories[vendor] = factory

    def has(self, vendor: str) -> bool:
        """Whether this vendor can be connected at all yet."""
        return vendor in self._factories

    def connector(self, vendor: str, config: Mapping[str, Any], *, waits_for: str) -> Connector:
        """The vendor's connector; one that waits, when there is none or nothing is approved yet."""
        factory = self._factories.get(vendor)
        if factory is None or not config.get("approved"):
            return Waiting(vendor, waits_for)
        return factory(config)
