"""Connections kept by hand. A secret goes into the vault and never out again (A030)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from core.errors import Conflict, NotFound, Unavailable
from integrations.crm import Connectors
from policies import crms, lead_sources, plans
from stores import integrations, tenancy
from stores.db import Session
from tools import webhooks
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.connections import CALENDARS, BuiltInList
from tools.plan import CONNECTIONS


class NewConnection(Args):
    """A connection. A secret comes beside the arguments (``ctx.slots["secret"]``), which are kept."""

    kind: str
    vendor: str
    config: dict[str, Any] = {}


class ConnectionChange(Args):
    """Settings to replace."""

    integration_id: UUID
    config: dict[str, Any] | None = None


class OneConnection(Args):
    """Which."""

    integration_id: UUID


def plain(row: integrations.Integration) -> dict[str, Any]:
    """A connection as the audit trail keeps it."""
    return {"kind": row.kind, "vendor": row.vendor, "state": row.state, "config": dict(row.config)}


@tool("add_connection", NewConnection, statuses=("added",), facts=("integration_id",))
async def add_connection(ctx: ToolContext, session: Session, args: NewConnection) -> ToolResult:
    """Connect something: within the plan, and only what there is."""
    tenant = await tenancy.get_tenant(session, lock=True)
    rows = await integrations.list_integrations(session)
    if any((row.kind, row.vendor) == (args.kind, args.vendor) for row in rows):
        raise Conflict("this is connected already; change that connection", code="already_connected")
    if refusal := _unknown(args):
        return refusal
    if tenant.plan is not None and args.kind in CONNECTIONS and args.vendor != "builtin":
        taken = sum(1 for row in rows if row.kind in CONNECTIONS and row.vendor != "builtin") + 1
        if not plans.allows(tenant.plan, "integrations", taken):
            hint = plans.upgrade_hint(tenant.plan, "integrations", taken)
            return ToolResult(status="over_plan", ok=False, message=hint, slots={"vendor": hint})
    secret = await _seal(ctx, session, args.kind, args.vendor)
    config = {**args.config, **_standing(args.kind, args.vendor), **({"approved": True} if secret else {})}
    row = await integrations.upsert_integration(
        session, args.kind, args.vendor, state=_first_state(args.kind, args.vendor), config=config
    )
    await webhooks.follow(ctx, session)
    return ToolResult(
        status="added",
        facts={"integration_id": str(row.id)},
        after=plain(row) | {"secret": "set" if secret else "none"},
    )


@tool("change_connection", ConnectionChange, statuses=("changed",))
async def change_connection(ctx: ToolContext, session: Session, args: ConnectionChange) -> ToolResult:
    """Change a connection's settings or its secret; it has to be tested again."""
    row = await integrations.get_integration(session, args.integration_id, lock=True)
    before = plain(row)
    secret = await _seal(ctx, session, row.kind, row.vendor)
    config = dict(row.config) if args.config is None else {**args.config, **_standing(row.kind, row.vendor)}
    if secret or row.config.get("approved"):
        config["approved"] = True
    state = row.state if (args.config is None and not secret) else _first_state(row.kind, row.vendor)
    row = await integrations.change_integration(session, row.id, config=config, state=state)
    after = plain(row) | ({"secret": "replaced"} if secret else {})
    return ToolResult(status="changed", before=before, after=after)


@tool("remove_connection", OneConnection, statuses=("removed",))
async def remove_connection(ctx: ToolContext, session: Session, args: OneConnection) -> ToolResult:
    """Forget a connection and its secret. The built-in lead list stays: it is the store of record."""
    row = await integrations.get_integration(session, args.integration_id, lock=True)
    if (row.kind, row.vendor) == ("crm", "builtin"):
        raise Conflict("the built-in lead list cannot be removed", code="builtin")
    before = plain(row)
    if ctx.ports.vault is not None:
        await ctx.ports.vault.forget(session, f"{row.kind}:{row.vendor}")
    await integrations.remove_integration(session, row.id)
    await webhooks.follow(ctx, session)
    return ToolResult(status="removed", before=before)


@tool("test_connection", OneConnection, statuses=("passed", "not_passed"), facts=("ok",), repeatable=True)
async def test_connection(ctx: ToolContext, session: Session, args: OneConnection) -> ToolResult:
    """Try a connection with a test contact that goes there, comes back and is taken away."""
    row = await integrations.get_integration(session, args.integration_id)
    before = plain(row)
    if row.kind != "crm":
        raise Conflict("only a CRM can be tested from here", code="not_testable")
    if row.vendor == "builtin":
        tested = await BuiltInList(session).test()
    else:
        connectors = ctx.ports.crm if isinstance(ctx.ports.crm, Connectors) else Connectors()
        config = {**row.config, **await _opened(ctx, session, row)}
        waits = crms.waits_for(row.vendor)
        if config.get("approved"):
            waits = f"our team to finish the connection to {crms.vendor(row.vendor).label}"
        tested = await connectors.connector(row.vendor, config, waits_for=waits).test()
    at = ctx.clock.now().isoformat()
    row = await integrations.change_integration(
        session, row.id, state=tested.state, last_test=tested.as_dict(at)
    )
    status = "passed" if tested.ok else "not_passed"
    return ToolResult(status=status, facts={"ok": tested.ok}, before=before, after=plain(row))


def _unknown(args: NewConnection) -> ToolResult | None:
    known = {
        "crm": [v.value for v in crms.vendors()],
        "lead_source": [s.value for s in lead_sources.sources()],
        "calendar": list(CALENDARS),
    }.get(args.kind)
    if known is None:
        url = urlsplit(args.vendor)
        if url.scheme != "https" or not url.hostname or "." not in url.hostname:
            return refused(
                "A webhook needs a public address.", vendor="is an address that starts with https://"
            )
        return None
    if args.vendor not in known:
        return refused("There is no such connection.", vendor=f"is none of {', '.join(sorted(known))}")
    return None


def _standing(kind: str, vendor: str) -> dict[str, Any]:
    """What a connection's settings always say."""
    if kind == "crm":
        one = crms.vendor(vendor)
        return {"tier": one.tier, "route": one.route, "waits_for": crms.waits_for(vendor)}
    if kind == "lead_source":
        return {"how": lead_sources.source(vendor).how}
    return {}


def _first_state(kind: str, vendor: str) -> str:
    if vendor == "builtin" or (kind == "lead_source" and lead_sources.source(vendor).how == "number"):
        return "connected"
    return "pending_link" if kind in ("crm", "calendar") else "chosen"


async def _seal(ctx: ToolContext, session: Session, kind: str, vendor: str) -> bool:
    secret = ctx.slots.get("secret")
    if secret is None:
        return False
    if ctx.ports.vault is None:
        raise Unavailable("secrets cannot be kept at the moment")
    await ctx.ports.vault.seal(session, f"{kind}:{vendor}", secret)
    return True


async def _opened(ctx: ToolContext, session: Session, row: integrations.Integration) -> dict[str, Any]:
    if ctx.ports.vault is None:
        return {}
    try:
        return {"key": await ctx.ports.vault.open(session, f"{row.kind}:{row.vendor}")}
    except NotFound:
        return {}
