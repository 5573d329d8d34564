"""How a client pays for its plan: a checkout begun, and what the provider says came of it (A028).

The state is in ``Tenant.settings["billing"]``: status, the provider's ids, and which events were taken in.
Never how somebody paid: that is between them and the provider.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from core.errors import Conflict
from integrations.payments import Order, PaymentEvent, Payments
from policies import plans
from prompts.messages import message
from stores import outbox, tenancy
from stores.db import Session
from tools.base import Args, NoArgs, ToolContext, ToolResult, tool, unchanged

REMEMBERED = 50
"""Ids of events that are kept, so that one sent again is known."""
BANK_DAYS = 14
"""How long a bank debit may take; meanwhile no second payment is begun."""
PAYING = frozenset({"active", "past_due"})


def state_of(tenant: tenancy.Tenant) -> dict[str, Any]:
    """The billing state of a client, as stored; ``{"status": "none"}`` before there is one."""
    return {"status": "none", **tenant.settings.get("billing", {})}


def suspends_on(tenant: tenancy.Tenant) -> datetime | None:
    """From when on the agent places no calls because the plan is not paid for; None while it is."""
    found = state_of(tenant)
    if found["status"] != "past_due" or not found.get("at"):
        return None
    return datetime.fromisoformat(found["at"]) + timedelta(days=plans.grace_days())


def outbound_suspended(tenant: tenancy.Tenant, now: datetime) -> bool:
    """Whether the grace is over: calls that the agent would place wait, callers are answered as ever."""
    since = suspends_on(tenant)
    return since is not None and now >= since


def obstacle(tenant: tenancy.Tenant, payments: Payments | None) -> tuple[str, str] | None:
    """Why no checkout can begin now (code, sentence); None when one can."""
    if payments is None:
        return "not_set_up", "Paying online is not set up here. We send an invoice."
    if tenant.plan is None:
        return "no_plan", "Choose a plan first."
    if not payments.sells(tenant.plan):
        return "no_price", "This plan cannot be paid for online. We send an invoice."
    if state_of(tenant)["status"] in PAYING:
        return "has_subscription", "This plan is being paid for already."
    return None


async def open_page(ctx: ToolContext, args: NoArgs) -> Mapping[str, Any]:
    """Ask the provider for a page, and close an earlier one: nobody shall pay twice."""
    payments: Payments | None = ctx.ports.payments
    async with ctx.db.tenant(ctx.tenant) as session:
        tenant = await tenancy.get_tenant(session)
        owners = await tenancy.owners(session)
    before = state_of(tenant)
    if (why := obstacle(tenant, payments)) is not None:
        raise Conflict(why[1], code=why[0])
    assert payments is not None, "that is the first obstacle"
    open_one = before.get("checkout")
    if open_one and before.get("provider") == payments.name:
        still = int(before.get("expires") or 0) > ctx.clock.now().timestamp()
        if still and not await payments.expire(open_one):
            raise Conflict(
                "An earlier payment is being completed; look again in a moment.", code="being_paid"
            )
    seed = f"{ctx.conversation_id}|{before.get('reference')}|{tenant.plan}"
    reference = hashlib.sha256(seed.encode()).hexdigest()[:32]
    email = owners[0].email if owners else None
    page = await payments.checkout(Order(ctx.tenant, str(tenant.plan), reference, email))
    return {"page": page, "plan": tenant.plan, "reference": reference, "before": before.get("reference")}


@tool("begin_checkout", NoArgs, before=open_page, statuses=("pending",), facts=("url", "plan", "expires"))
async def begin_checkout(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """Begin paying for the plan on the provider's own page."""
    tenant = await tenancy.get_tenant(session, lock=True)
    before, opened = state_of(tenant), ctx.outside
    if before["status"] in PAYING or before.get("reference") != opened["before"]:
        raise Conflict("Something about this payment has just changed; try again.", code="changed_meanwhile")
    page = opened["page"]
    after = {
        "status": "pending",
        "provider": ctx.ports.payments.name,
        "customer": before.get("customer"),
        "subscription": None,
        "plan": opened["plan"],
        "at": ctx.clock.now().isoformat(),
        "reference": opened["reference"],
        "checkout": page.id,
        "expires": page.expires,
        "event_at": 0,
        "seen": before.get("seen", []),
    }
    await _keep(session, tenant, after)
    return ToolResult(
        status="pending",
        facts={"url": page.url, "plan": opened["plan"], "expires": page.expires},
        before=_told(before),
        after=_told(after),
    )


class EventArgs(Args):
    """What a provider told, already checked and cut down (integrations.payments.PaymentEvent)."""

    event: str
    provider: str
    kind: Literal["completed", "processing", "expired", "subscription"]
    reference: str
    created: int
    standing: Literal["pending", "active", "past_due", "cancelled"] | None = None
    plan: str | None = None
    customer: str | None = None
    subscription: str | None = None


def args_of(provider: str, event: PaymentEvent) -> dict[str, Any]:
    """An event as the arguments of ``note_payment``."""
    return {
        "event": event.id,
        "provider": provider,
        "kind": event.kind,
        "reference": event.reference,
        "created": event.created,
        "standing": event.standing,
        "plan": event.plan,
        "customer": event.customer,
        "subscription": event.subscription,
    }


@tool("note_payment", EventArgs, statuses=("noted", "ignored"), facts=("why", "billing"))
async def note_payment(ctx: ToolContext, session: Session, args: EventArgs) -> ToolResult:
    """Take in what the payment provider tells; events come late, twice and in any order.

    Only events of the client's own latest checkout count. Of two about it the later one in the provider's
    time stands; what it adds to our knowledge (ids) is taken from either. An end is never taken back.
    """
    tenant = await tenancy.get_tenant(session, lock=True)
    before = state_of(tenant)
    if args.event in before.get("seen", []):
        return unchanged("ignored", why="seen")
    if (before.get("provider"), before.get("reference")) != (args.provider, args.reference):
        return unchanged("ignored", why="not_its_checkout")
    after = {**before, "seen": [*before.get("seen", []), args.event][-REMEMBERED:]}
    for name in ("customer", "subscription"):
        after[name] = before.get(name) or getattr(args, name)
    late = args.created < before.get("event_at", 0) or before["status"] == "cancelled"
    if args.kind == "expired":
        # a checkout that was paid cannot run out; such an event is older than it looks
        if before["status"] == "pending" and not late:
            after |= {"status": "none", "checkout": None, "event_at": args.created}
    elif not late and not (args.standing == "pending" and before["status"] in PAYING):
        after |= {
            "status": args.standing or before["status"],
            "plan": args.plan or before.get("plan"),
            "event_at": args.created,
        }
        if after["status"] != "pending":
            after["checkout"] = None
        elif args.kind == "processing":
            after["expires"] = args.created + BANK_DAYS * 86_400
    if after["status"] != before["status"]:
        after["at"] = datetime.fromtimestamp(args.created, UTC).isoformat()
    await _keep(session, tenant, after)
    if after["status"] == "past_due" != before["status"]:
        await _tell_owners(session, tenant)
    return ToolResult(
        status="noted", facts={"billing": after["status"]}, before=_told(before), after=_told(after)
    )


async def _tell_owners(session: Session, tenant: tenancy.Tenant) -> None:
    """A letter when a payment has failed: what goes on, and what stops when."""
    day = suspends_on(tenant)
    assert day is not None, "it was just written"
    for owner in await tenancy.owners(session):
        facts = {"name": owner.name, "organization": tenant.brand_name, "date": day.date().isoformat()}
        text = message("payment_failed", facts)
        await outbox.queue_message(
            session, kind="email", to=owner.email, subject=text.subject, body=text.body
        )


async def _keep(session: Session, tenant: tenancy.Tenant, billing: dict[str, Any]) -> None:
    await tenancy.update_tenant(session, settings={**tenant.settings, "billing": billing})


def _told(billing: Mapping[str, Any]) -> dict[str, Any]:
    """As the audit trail keeps it."""
    names = ("status", "provider", "customer", "subscription", "plan")
    return {name: billing.get(name) for name in names}
