"""Tools run outside conversations: by the API, a page or a job (docs/decisions/0008).

The tool, its transaction, its receipt and its audit row are the same; only there is no conversation. The
receipt is filed under the act's key alone, so the same request sent again finds it and writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.errors import InvalidInput, Problem
from core.ids import HOUSE_TENANT
from stores.db import Database, Session
from tools import registry
from tools.base import Ports, ToolContext, ToolResult


async def run(
    db: Database,
    clock: Clock,
    ports: Ports,
    name: str,
    args: Mapping[str, Any],
    *,
    tenant_id: UUID,
    actor: str,
    key: str,
    channel: str = "api",
    public_url: str = "",
    guard: Callable[[Session], Awaitable[None]] | None = None,
    secrets: Mapping[str, Any] | None = None,
    vault: Any = None,
) -> ToolResult:
    """Run a tool for a tenant, once per ``key``. ``actor`` ("member:<id>") goes into the audit trail.

    ``guard`` may stop the write from inside its transaction. ``secrets`` are for the tool alone
    (``ctx.slots``): arguments stay in receipts. A refusal is InvalidInput with a problem for every argument
    it names; what the tool and the outside raise passes through.
    """
    act = hashlib.sha256(f"{tenant_id}|{key}".encode()).digest()
    ctx = ToolContext(
        db=db,
        clock=clock,
        ports=replace(ports, vault=vault or ports.vault),
        home=HOUSE_TENANT,
        subject=tenant_id,
        conversation_id=UUID(bytes=act[:16], version=5),
        channel=channel,
        actor=actor,
        public_url=public_url,
        act=True,
        slots=dict(secrets or {}),
        guard=guard,
    )
    result = await registry.run(ctx, name, args, key=f"act:{act.hex()}")
    if not result.ok:
        raise InvalidInput(
            result.message or "This cannot be accepted.",
            problems=[Problem(why, slot, code=result.status) for slot, why in result.slots.items()],
            code=result.status if result.status != "invalid" else None,
        )
    return result
