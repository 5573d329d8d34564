"""Giving a lead to somebody, and to the next when nobody takes it (A047, A091, C21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import NotFound
from core.ids import fingerprint, new_token
from policies import routing as policy
from prompts.messages import message
from stores import appointments, leads, outbox, routing, tenancy
from stores.db import Database, Session
from tools.base import NoArgs, Ports, ToolContext, ToolResult, tool, unchanged

TEAM = ("owner", "admin", "agent")


FACTS = ("agent", "agent_name", "claim_minutes", "why")
NOBODY = {"agent": "", "agent_name": "", "claim_minutes": 0, "why": ""}


async def unroute(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The lead is nobody's again."""
    row = await routing.get_assignment(session, UUID(undo["assignment"]))
    await routing.close(session, row, "withdrawn")
    return ToolResult(status="undone", after={"assignment": str(row.id), "status": "withdrawn"})


@tool(
    "route_lead",
    NoArgs,
    at_home=True,
    undo=unroute,
    statuses=("routed", "already", "nobody", "no_lead", "represented"),
    facts=FACTS,
)
async def route_lead(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """Give the conversation's lead to the member whose turn it is, by the client's rules."""
    lead = await leads.lead_of_conversation(session, ctx.conversation_id)
    if lead is None or ctx.rehearsal:
        return unchanged("no_lead", **NOBODY)
    if lead.represented == "exclusive" or lead.dnc:
        return unchanged("represented", **NOBODY)
    given = await give(session, lead, now=ctx.clock.now(), public_url=ctx.public_url)
    if given is None:
        return unchanged("nobody", **NOBODY)
    facts = {
        "agent": given.name.split(" ")[0],
        "agent_name": given.name,
        "claim_minutes": given.minutes,
        "why": given.assignment.reason,
    }
    if not given.fresh:
        return unchanged("already", **facts)
    return ToolResult(
        status="routed",
        facts=facts,
        undo={"assignment": str(given.assignment.id)},
        after={
            "lead": str(lead.id),
            "member": str(given.assignment.member_id),
            "why": given.assignment.reason,
        },
    )


@dataclass(frozen=True)
class Given:
    """To whom a lead went. ``fresh``: just now."""

    assignment: routing.Assignment
    name: str
    minutes: int
    fresh: bool = True


async def give(
    session: Session,
    lead: leads.Lead,
    *,
    now: datetime,
    public_url: str = "",
    skip: Sequence[str] = (),
) -> Given | None:
    """Assign a lead that is nobody's; None when there is nobody to give it to."""
    await routing.lock(session)
    people = await team(session)
    names = {p.id: p.name for p in people}
    had = await routing.current(session, lead.id)
    if had is not None:
        return Given(had, names.get(str(had.member_id), ""), 0, fresh=False)
    rules = await tenancy.get_rules(session)
    settings = dict(rules.routing) if rules and rules.routing else {}
    choice = policy.pick(settings, facts_of(lead), people, skip=skip)
    if choice is None:
        return None
    hot = bool(lead.extra.get("hot"))
    minutes = 0 if choice.final else policy.claim_minutes(settings, hot=hot)
    row = await routing.assign(
        session,
        lead_id=lead.id,
        member_id=UUID(choice.person.id),
        mode=choice.mode,
        reason=choice.why,
        given_at=now,
        claim_by=None if choice.final else now + timedelta(minutes=minutes),
    )
    due = now + timedelta(minutes=minutes or (15 if hot else 240))
    await leads.add_task(
        session,
        kind="claim",
        title=f"{'Hot lead' if hot else 'New lead'} for {choice.person.name}: take it and call",
        due_at=due,
        lead_id=lead.id,
    )
    await _tell(session, row, lead, choice.person, minutes, now=now, public_url=public_url)
    return Given(row, choice.person.name, minutes)


async def _tell(
    session: Session,
    row: routing.Assignment,
    lead: leads.Lead,
    person: policy.Person,
    minutes: int,
    *,
    now: datetime,
    public_url: str,
) -> None:
    """The member learns of it by e-mail, with a link that claims it; nothing says who the lead is."""
    if not person.email:
        return
    tenant = await tenancy.get_tenant(session)
    token = new_token()
    await outbox.create_link(
        session,
        token_hash=fingerprint(token),
        purpose="claim_lead",
        payload={"assignment": str(row.id)},
        expires_at=now + timedelta(minutes=minutes or 1440),
        conversation_id=lead.conversation_id,
    )
    areas = f" in {', '.join(lead.areas)}" if lead.areas else ""
    text = message(
        "lead_offer_email",
        {
            "name": person.name.split(" ")[0],
            "brand": tenant.brand_name,
            "what": f"{lead.intent}{areas}",
            "heat": "A hot lead" if lead.extra.get("hot") else "A lead",
            "why": row.reason,
            "deadline": f"Please take it within {minutes} minutes." if minutes else "It stays with you.",
            "url": f"{public_url}/l/{token}",
        },
    )
    await outbox.queue_message(session, kind="email", to=person.email, subject=text.subject, body=text.body)


async def claim(session: Session, assignment_id: UUID, *, at: datetime) -> routing.Assignment:
    """The member takes the lead. NotFound when it is somebody else's by now."""
    row = await routing.get_assignment(session, assignment_id)
    if row.status == "claimed":
        return row
    if row.status != "offered":
        raise NotFound("this lead has gone to somebody else")
    row = await routing.claim(session, row, at=at)
    await _settle_tasks(session, row.lead_id, "done")
    return row


async def _settle_tasks(session: Session, lead_id: UUID, status: str) -> None:
    for task in await leads.open_tasks(session, lead_id=lead_id):
        if task.kind == "claim":
            await leads.set_task_status(session, task.id, status)


async def team(session: Session) -> list[policy.Person]:
    """The client's people as routing sees them: what they take, and how many leads they have had."""
    agendas = {a.member_id: a for a in await appointments.agendas(session)}
    turns = await routing.turns(session)
    people = []
    for member in await tenancy.members(session):
        if member.role not in TEAM:
            continue
        agenda = agendas.get(member.id)
        given, last = turns.get(member.id, (0, None))
        people.append(
            policy.Person(
                id=str(member.id),
                name=member.name,
                email=member.email,
                role=member.role,
                areas=tuple(agenda.areas) if agenda else (),
                price_min=agenda.price_min if agenda else None,
                price_max=agenda.price_max if agenda else None,
                languages=tuple(agenda.languages) if agenda and agenda.languages else ("en",),
                weight=agenda.weight if agenda else 1,
                takes_leads=(agenda.takes_leads if agenda else True) and member.status == "active",
                given=given,
                last=last,
            )
        )
    if not any(p.takes_leads for p in people):
        # a team that was only just invited: better somebody than nobody
        return [replace(p, takes_leads=True) for p in people]
    return people


def facts_of(lead: leads.Lead) -> policy.LeadFacts:
    """The few facts of a lead that may decide where it goes (C21)."""
    price = lead.price_max or lead.price_min
    language = (lead.language or "").split("-")[0] or None
    return policy.LeadFacts(
        areas=tuple(lead.areas),
        price=price,
        language=language,
        source=lead.source,
        intent=lead.intent,
    )


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """Offers nobody took in time go to the next; the last one asked keeps the lead."""
    now = clock.now()
    async with db.platform("leads nobody took in time") as session:
        waiting = await routing.tenants_with_run_out(session, now=now)
    for tenant_id in waiting:
        async with db.tenant(tenant_id) as session:
            await routing.lock(session)
            for row in await routing.run_out(session, now=now):
                await routing.close(session, row, "expired")
                await _settle_tasks(session, row.lead_id, "cancelled")
                lead = await leads.get_lead(session, row.lead_id)
                past = [str(a.member_id) for a in await routing.history(session, row.lead_id)]
                public_url = ports.public_url
                given = await give(session, lead, now=now, public_url=public_url, skip=past)
                logger.info("a lead goes to the next member: {}", given is not None)
