"""CRM connectors: what waits says so, what is registered and approved is used (A046)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.crm import Connector, Connectors, Tested


class Vendor:
    vendor = "hubspot"

    def __init__(self, config: Mapping[str, Any]):
        self.config = config

    async def test(self) -> Tested:
        return Tested(True, "connected", "written, read, removed", {"contact": "7"}, 12.34)


async def test_a_vendor_without_connector_or_approval_waits_and_claims_nothing() -> None:
    connectors = Connectors()
    waiting: Connector = connectors.connector("hubspot", {}, waits_for="your approval")
    assert await waiting.test() == Tested(False, "pending_link", "waits for your approval")
    connectors.register("hubspot", Vendor)
    not_yet = connectors.connector("hubspot", {"approved": False}, waits_for="your approval")
    assert (await not_yet.test()).state == "pending_link"


async def test_an_approved_vendor_is_tested_for_real() -> None:
    connectors = Connectors()
    connectors.register("hubspot", Vendor)
    assert connectors.has("hubspot") and not connectors.has("zoho")
    tested = await connectors.connector("hubspot", {"approved": True}, waits_for="x").test()
    assert tested.as_dict("now") == {
        "ok": True, "at": "now", "detail": "written, read, removed", "ids": {"contact": "7"}, "ms": 12.3,
    }  # fmt: skip
