"""Following a lead up by the client's cadence, and stopping the moment it must (A092, C03, C06, C29, C46).

Steps are planned when the lead is saved and sent by a sweep. Each is looked at again before it leaves: has
the person answered, opted out, booked, or an agent of their own? Is it a decent hour there?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.ids import fingerprint, new_token
from policies import dialing, dispositions
from policies import rules as rules_policy
from prompts.messages import message, messages
from stores import consents, dials, follow_up, leads, listings, outbox, tenancy
from stores.db import Database, Session
from tools import dial_gate
from tools.base import NoArgs, Ports, ToolContext, ToolResult, tool, unchanged
from tools.listing_words import describe

LATE = timedelta(hours=20)
"""A step that could not leave for so long is not sent after the next one is due."""
UNSUBSCRIBE_LASTS = timedelta(days=60)


async def unplan(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Nothing is sent any more."""
    await follow_up.stop(session, UUID(undo["lead"]), "taken back")
    return ToolResult(status="undone", after={"lead": undo["lead"]})


@tool(
    "plan_follow_up",
    NoArgs,
    at_home=True,
    undo=unplan,
    statuses=("planned", "none"),
    facts=("steps",),
)
async def plan_follow_up(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """Plan the messages of the client's cadence for the conversation's lead."""
    lead = await leads.lead_of_conversation(session, ctx.conversation_id)
    if lead is None or ctx.rehearsal:
        return unchanged("none", steps=0)
    count = await plan(session, lead, now=ctx.clock.now())
    if not count:
        return unchanged("none", steps=0)
    return ToolResult(
        status="planned", facts={"steps": count}, undo={"lead": str(lead.id)}, after={"steps": count}
    )


async def plan(session: Session, lead: leads.Lead, *, now: datetime) -> int:
    """Write the steps a lead does not have yet; how many. None for somebody who must be left alone."""
    if lead.test or await stop_reason(session, lead) is not None:
        return 0
    rules = await tenancy.get_rules(session)
    steps: Sequence[Mapping[str, Any]] = (
        rules.follow_up if rules is not None else rules_policy.cadence("standard")
    )
    written = 0
    for number, step in enumerate(steps):
        channel = str(step.get("channel") or "email")
        if _address(lead, channel) is None or not _has_words(channel, str(step.get("template"))):
            continue
        row = await follow_up.plan_step(
            session,
            lead_id=lead.id,
            step=number,
            channel=channel,
            template=str(step["template"]),
            due_at=now + timedelta(minutes=int(step["minutes"])),
            stop_on=list(step.get("stop") or rules_policy.rules().follow_up_stop),
        )
        written += row is not None
    return written


def _has_words(channel: str, template: str) -> bool:
    if channel == "call":
        return template in dialing.dialing().purposes
    return f"follow_up_{template}_{channel}" in messages()


async def replied(session: Session, address: str, *, now: datetime) -> int:
    """Somebody wrote back or called: the steps of all their leads stop. ``address``: E.164."""
    await dials.stop(session, "reply", at=now, phones=[address], why=["follow_up"])
    found, _ = await leads.list_leads(session, phone=address, limit=50)
    return sum([await follow_up.stop(session, lead.id, "reply") for lead in found])


async def stop_reason(session: Session, lead: leads.Lead) -> str | None:
    """Why a lead gets nothing any more; None while it may."""
    phones = list(lead.phones)
    if lead.dnc or any([await consents.listed(session, p) is not None for p in phones]):
        return "opt_out"
    if lead.represented == "exclusive":
        return "represented"
    if (lead.appointment or {}).get("status") == "booked":
        return "appointment"
    if lead.disposition == "appointment_set":
        return "appointment"
    if dispositions.follow_up_stops(lead.disposition):
        return str(lead.disposition)
    # who refused an artificial voice alone is still written to, and called by people
    ways = [c for kind, c in (lead.consent or {}).items() if kind != "voice_ai" and isinstance(c, dict)]
    if ways and all(c.get("granted") is False for c in ways):
        return "no_consent"
    return None


async def answered_reason(session: Session, lead: leads.Lead) -> str | None:
    """``reply`` when the person has been in touch again since."""
    return "reply" if await _answered(session, lead) else None


async def _answered(session: Session, lead: leads.Lead) -> bool:
    """Whether the person has been in touch again since: a later lead under the same number."""
    for phone in lead.phones:
        later, _ = await leads.list_leads(session, phone=phone, limit=5)
        if any(other.id > lead.id for other in later):
            return True
    return False


def _address(lead: leads.Lead, channel: str) -> str | None:
    return next(iter(lead.emails if channel == "email" else lead.phones), None)


# --- sending ----------------------------------------------------------------------------------------------


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """Send what is due, for every client."""
    now = clock.now()
    async with db.platform("follow-up that is due") as session:
        waiting = await follow_up.tenants_with_due(session, now=now)
    for tenant_id in waiting:
        async with db.tenant(tenant_id) as session:
            sent = await send_due(session, now=now, public_url=ports.public_url)
        if sent:
            logger.info("follow-up: {} messages", sent)


async def send_due(session: Session, *, now: datetime, public_url: str) -> int:
    """Send a tenant's due steps, each once; how many left. What must not leave is stopped with its reason."""
    tenant = await tenancy.get_tenant(session)
    rows = await follow_up.take_due(session, now=now)
    if tenant.status != "live":
        for row in rows:
            await follow_up.settle(session, row, "planned", due_at=now + timedelta(hours=1))
        return 0
    sent = 0
    newest = {row.lead_id: row.step for row in sorted(rows, key=lambda r: r.step)}
    for row in rows:
        lead = await leads.get_lead(session, row.lead_id)
        reason = await stop_reason(session, lead)
        if reason is None and "reply" in row.stop_on and await _answered(session, lead):
            reason = "reply"
        if reason is not None:
            await follow_up.stop(session, lead.id, reason)
            continue
        if row.step < newest[row.lead_id] and now - row.due_at > LATE:
            await follow_up.settle(session, row, "skipped", reason="late")
            continue
        sent += await _send(session, tenant, lead, row, now=now, public_url=public_url)
    return sent


async def _send(
    session: Session,
    tenant: tenancy.Tenant,
    lead: leads.Lead,
    row: follow_up.FollowUp,
    *,
    now: datetime,
    public_url: str,
) -> bool:
    to = _address(lead, row.channel)
    if row.channel == "call" and to is not None:
        # the gate is asked when it is dialled; there the hour counts, too
        await dials.plan(
            session,
            subject=f"follow_up:{row.id}",
            phone=to,
            lead_id=lead.id,
            why="follow_up",
            template=row.template,
            actor="cadence",
            due_at=now,
        )
        await follow_up.settle(session, row, "sent", sent_at=now)
        return True
    why = await _refusal(session, tenant, row.channel, to)
    if to is None or why:
        await follow_up.settle(session, row, "skipped", reason=why or "no_address")
        return False
    later = await _later(session, tenant, lead, now)
    if later is not None:
        await follow_up.settle(session, row, "planned", due_at=later)
        return False
    url = await _unsubscribe(session, lead, now=now, public_url=public_url)
    facts = await _facts(session, tenant, lead, url)
    text = message(f"follow_up_{row.template}_{row.channel}", facts)
    body = text.body
    if row.channel == "sms":
        body = dialing.first_text(tenant.brand_name, body)
    await outbox.queue_message(
        session,
        kind=row.channel,
        to=to,
        subject=text.subject,
        body=body,
        conversation_id=lead.conversation_id,
    )
    await follow_up.settle(session, row, "sent", sent_at=now)
    return True


async def _refusal(session: Session, tenant: tenancy.Tenant, channel: str, to: str | None) -> str:
    """Why nothing may leave this way; "" when it may (C01, C06, C15)."""
    if to is None:
        return "no_address"
    if channel == "sms":
        registered = bool((tenant.settings or {}).get("sms_registered"))
        answer = await dial_gate.may_text(session, to, asked_here=False, registered=registered)
        return "" if answer == dialing.ALLOWED else answer
    held = (await consents.consents(session, to)).get("email")
    return "email_refused" if held is not None and not held.granted else ""


async def _later(
    session: Session, tenant: tenancy.Tenant, lead: leads.Lead, now: datetime
) -> datetime | None:
    """When it may leave, if this is no decent hour where the person may be (C03)."""
    rules = await tenancy.get_rules(session)
    own = (rules.compliance or {}).get("quiet_hours") if rules is not None else None
    own = {k: own[k] for k in ("open", "close", "days") if k in own} if isinstance(own, dict) else None
    states: Sequence[str] = tuple(tenant.states)
    zones: Sequence[str] = (tenant.timezone or "America/New_York",)
    if lead.phones:
        target = dialing.Target(lead.phones[0])
        states = dialing.states_of(target) or states
        zones = dialing.zones_of(target) or zones
    if all(dialing.in_hours(states, zone, now, own) for zone in zones):
        return None
    return dialing.next_allowed(states, zones, now, own) or now + timedelta(days=1)


async def _unsubscribe(session: Session, lead: leads.Lead, *, now: datetime, public_url: str) -> str:
    token = new_token()
    await outbox.create_link(
        session,
        token_hash=fingerprint(token),
        purpose="stop_follow_up",
        payload={"lead": str(lead.id)},
        expires_at=now + UNSUBSCRIBE_LASTS,
        conversation_id=lead.conversation_id,
    )
    return f"{public_url}/l/{token}"


async def _facts(
    session: Session, tenant: tenancy.Tenant, lead: leads.Lead, url: str
) -> Mapping[str, object]:
    numbers = await tenancy.numbers(session)
    search = listings.Search(
        areas=tuple(lead.areas),
        price_min=lead.price_min,
        price_max=lead.price_max,
        beds=lead.beds,
        baths=lead.baths,
    )
    homes: Sequence[listings.Listing] = ()
    if lead.intent in ("buyer", "renter", "investor") and (lead.areas or lead.price_max):
        homes, _ = await listings.search_listings(session, search, limit=3)
    said = "\n".join(f"- {describe(home)} (MLS {home.mls_id})" for home in homes)
    spanish = lead.language == "es"
    lead_in = "Casas como la que describió:" if spanish else "Homes like the one you described:"
    return {
        "language": lead.language or "en",
        "brand": tenant.brand_name,
        "name": (lead.name or ("qué tal" if spanish else "there")).split(" ")[0],
        "number": numbers[0].e164 if numbers else tenant.main_phone or "",
        "homes": f"\n{lead_in}\n{said}\n" if said else "",
        "address": f"\n{tenant.address}" if tenant.address else "",
        "license": f"\n{'Licencia' if spanish else 'License'} {tenant.license}" if tenant.license else "",
        "url": url,
    }
