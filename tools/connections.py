"""CRM, lead sources, calendar and webhook: chosen, tested, or honestly waiting for the client (A046)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from integrations.crm import Connectors, State, Tested
from integrations.http import address_problem
from policies import crms, lead_sources, plans
from stores import integrations, leads, tenancy
from stores.db import Session
from tools import letters, webhooks
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.plan import CONNECTIONS
from tools.registration import owner_of
from tools.values import Text

CALENDARS = ("builtin", "google", "microsoft", "calendly")


class ConnectArgs(Args):
    """The connections step; what is not named stays as it is."""

    crm_vendor: str | None = None
    crm_name: Text | None = None
    """What a system is called that is on no list of ours."""
    lead_sources: list[str] | None = None
    other_sources: Text | None = None
    """Sources by name that are not on our list: kept with the office's settings."""
    webhook_url: Text | None = None
    calendar: str | None = None
    crm_key: bool | None = None


class BuiltInList:
    """The built-in lead list as a connector: its test writes a real lead, reads it back, takes it away."""

    vendor = "builtin"

    def __init__(self, session: Session):
        self._session = session

    async def test(self) -> Tested:
        """A test contact there and back."""
        began = time.perf_counter()
        # no conversation led to this one; NULL clashes with nothing
        nobody = cast(UUID, None)
        wrote = await leads.upsert_lead(
            self._session, nobody, intent="other", name="Sync Test", source="sync_test", test=True
        )
        found, _ = await leads.list_leads(self._session, limit=1, include_tests=True)
        came_back = bool(found) and found[0].id == wrote.id and found[0].name == "Sync Test"
        await leads.delete_lead(self._session, wrote.id)
        ms = (time.perf_counter() - began) * 1000
        state: State = "connected" if came_back else "failed"
        return Tested(came_back, state, "written, read back, removed", {"lead": str(wrote.id)}, ms)


async def restore_connections(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The connections as they were before."""
    before = await snapshot(session)
    wanted = {(row["kind"], row["vendor"]) for row in undo["rows"]}
    for row in await integrations.list_integrations(session):
        if (row.kind, row.vendor) not in wanted:
            await integrations.remove_integration(session, row.id)
    for row_ in undo["rows"]:
        fields = {k: v for k, v in row_.items() if k not in ("kind", "vendor")}
        await integrations.upsert_integration(session, row_["kind"], row_["vendor"], **fields)
    await webhooks.follow(ctx, session)
    return ToolResult(status="undone", before={"rows": before}, after={"rows": undo["rows"]})


@tool(
    "connect_tools",
    ConnectArgs,
    undo=restore_connections,
    statuses=("connected", "pending"),
    facts=("sync_result", "crm_label", "crm_state"),
)
async def connect_tools(ctx: ToolContext, session: Session, args: ConnectArgs) -> ToolResult:
    """Choose the client's CRM, lead sources, calendar and webhook, and test what can be tested."""
    refusal = await _refusal(session, args)
    if refusal is None and args.webhook_url:
        why = address_problem(args.webhook_url, local=ctx.ports.webhooks_local)
        refusal = refused(webhook_url=f"{why} Which address is it?") if why else None
    if refusal is not None:
        return refusal
    before = await snapshot(session)
    notes = [await _built_in(ctx, session)]
    pending = await _crm(ctx, session, args, notes) if args.crm_vendor else False
    if args.lead_sources is not None:
        await _sources(session, args.lead_sources)
    if args.lead_sources is not None or args.other_sources is not None:
        await _others(session, args)
    if args.calendar is not None:
        await _calendar(session, args.calendar)
    if args.webhook_url is not None:
        typed = [
            row.vendor
            for row in await integrations.list_integrations(session, kind="webhook")
            if row.config.get("source") == "api"
        ]
        await _only(session, "webhook", args.webhook_url, *typed)
        await integrations.upsert_integration(session, "webhook", args.webhook_url)
        await webhooks.follow(ctx, session)
        notes.append("The webhook gets new leads and calls from now on. Its secret is on the webhooks page.")
    vendor = crms.vendor(args.crm_vendor or "builtin")
    return ToolResult(
        status="pending" if pending else "connected",
        facts={
            "sync_result": " ".join(notes),
            "crm_label": _called(vendor, args),
            "crm_state": "pending_link" if pending else "connected",
        },
        undo={"rows": before},
        before={"rows": before},
        after={"rows": await snapshot(session)},
    )


async def snapshot(session: Session) -> list[dict[str, Any]]:
    """Every connection as plain data."""
    return [
        {
            "kind": row.kind,
            "vendor": row.vendor,
            "state": row.state,
            "config": dict(row.config),
            "last_test": row.last_test,
        }
        for row in await integrations.list_integrations(session)
    ]


async def _refusal(session: Session, args: ConnectArgs) -> ToolResult | None:
    if args.crm_vendor and args.crm_vendor not in {v.value for v in crms.vendors()}:
        return refused(
            crm_vendor="I don't know that system. Which CRM do you use? Say other for anything else."
        )
    unknown = set(args.lead_sources or ()) - {s.value for s in lead_sources.sources()}
    if unknown:
        return refused(
            lead_sources="Where do your leads come from? Your website, Zillow, signs, something else?"
        )
    if args.calendar and args.calendar not in CALENDARS:
        return refused(calendar="Which calendar? Google, Microsoft, Calendly, or the built-in slots?")
    if args.webhook_url and not args.webhook_url.startswith("https://"):
        return refused(webhook_url="The webhook address has to start with https. What is it?")
    tenant = await tenancy.get_tenant(session)
    if tenant.plan is None:
        return None
    taken = {
        (row.kind, row.vendor)
        for row in await integrations.list_integrations(session)
        if row.kind in CONNECTIONS and row.vendor != "builtin"
    }
    # the new choice of a kind replaces the old one
    for kind, wish in (("crm", args.crm_vendor), ("calendar", args.calendar), ("webhook", args.webhook_url)):
        if wish is not None:
            taken = {t for t in taken if t[0] != kind} | ({(kind, wish)} if wish != "builtin" else set())
    if plans.allows(tenant.plan, "integrations", len(taken)):
        return None
    hint = plans.upgrade_hint(tenant.plan, "integrations", len(taken))
    slot = "webhook_url" if args.webhook_url else "calendar" if args.calendar else "crm_vendor"
    return ToolResult(
        status="refused", ok=False, message=hint, slots={slot: f"{hint} What should I leave out?"}
    )


async def _built_in(ctx: ToolContext, session: Session) -> str:
    tested = await BuiltInList(session).test()
    await integrations.upsert_integration(
        session,
        "crm",
        "builtin",
        state=tested.state,
        config={"tier": 0, "route": "builtin"},
        last_test=tested.as_dict(ctx.clock.now().isoformat()),
    )
    return (
        "The lead list works: a test entry went in and came back."
        if tested.ok
        else "The lead list didn't pass its test."
    )


async def _crm(ctx: ToolContext, session: Session, args: ConnectArgs, notes: list[str]) -> bool:
    """Note the vendor, test it, send its link; whether it still waits for the client."""
    assert args.crm_vendor is not None
    await _only(session, "crm", args.crm_vendor, "builtin")
    if args.crm_vendor == "builtin":
        return False
    vendor, waits = crms.vendor(args.crm_vendor), crms.waits_for(args.crm_vendor)
    connectors = ctx.ports.crm if isinstance(ctx.ports.crm, Connectors) else Connectors()
    called = _called(vendor, args)
    config = {"tier": vendor.tier, "route": vendor.route, "waits_for": waits}
    config |= {"name": called} if called != vendor.label else {}
    tested = await connectors.connector(vendor.value, config, waits_for=waits).test()
    await integrations.upsert_integration(
        session,
        "crm",
        vendor.value,
        state=tested.state,
        config=config,
        last_test=tested.as_dict(ctx.clock.now().isoformat()),
    )
    if tested.state == "connected":
        notes.append(f"{called} is connected, and a test contact came through.")
        return False
    owner = await owner_of(session)
    if owner is None:
        notes.append(f"{called} waits for {waits}.")
        return True
    tenant = await tenancy.get_tenant(session)
    url = await letters.link(
        ctx, session, "connect_crm", lasts=letters.BY_MAIL, payload={"vendor": vendor.value}
    )
    facts = {
        "name": owner.name,
        "organization": tenant.brand_name,
        "vendor": called,
        "waits_for": waits,
        "url": url,
    }
    await letters.email(ctx, session, owner.email, "crm", facts)
    notes.append(f"{called} waits for {waits}. I've e-mailed you the link.")
    return True


def _called(vendor: crms.Vendor, args: ConnectArgs) -> str:
    """What the client calls its system, where it is on no list of ours."""
    return args.crm_name if args.crm_name and vendor.value == "other" else vendor.label


async def _others(session: Session, args: ConnectArgs) -> None:
    """Sources by name, kept as long as "other" is among those that are chosen."""
    tenant = await tenancy.get_tenant(session)
    others = args.other_sources or tenant.settings.get("other_sources")
    if args.lead_sources is not None and "other" not in args.lead_sources:
        others = None
    if others != tenant.settings.get("other_sources"):
        await tenancy.update_tenant(session, settings={**tenant.settings, "other_sources": others})


async def _sources(session: Session, wanted: Sequence[str]) -> None:
    await _only(session, "lead_source", *wanted)
    for name in wanted:
        how = lead_sources.source(name).how
        # a call needs nothing but the number; the others wait for the address they post or write to
        state = "connected" if how == "number" else "chosen"
        await integrations.upsert_integration(session, "lead_source", name, state=state, config={"how": how})


async def _calendar(session: Session, name: str) -> None:
    await _only(session, "calendar", name)
    state = "connected" if name == "builtin" else "pending_link"
    await integrations.upsert_integration(session, "calendar", name, state=state)


async def _only(session: Session, kind: str, *keep: str) -> None:
    """Forget what was chosen before for this kind and is not wanted any more."""
    for row in await integrations.list_integrations(session, kind=kind):
        if row.vendor not in keep:
            await integrations.remove_integration(session, row.id)
