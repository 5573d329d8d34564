"""What people must do for a lead that was saved: whom to call, by when, and whom to leave alone (C29)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from policies import compliance, dispositions
from stores import leads, tenancy
from stores.db import Session
from tools import consent
from tools.base import ToolContext
from tools.lead_args import INTENTS, LeadArgs

BY_MAIL = "(by e-mail: no calls, no texts)"
"""At the end of a task about somebody who wants an e-mail instead."""
CHASES = frozenset({"call_back", "appointment", "send_info"})
"""Tasks that end in somebody contacting the lead."""


async def add_tasks(ctx: ToolContext, session: Session, args: LeadArgs, lead: leads.Lead) -> None:
    """What a person must do now. Nothing is chased when another agent represents the caller (C29), and
    nobody is chased twice for the same thing when they call again."""
    now = ctx.clock.now()
    stops = lead.dnc or dispositions.follow_up_stops(lead.disposition)
    if stops:
        for task in await leads.open_tasks(session, lead_id=lead.id):
            if task.kind in CHASES:
                await leads.set_task_status(session, task.id, "cancelled")
    by_person = "" if consent.ai_voice_welcome(lead) else f" {compliance.PEOPLE_ONLY}"
    if _by_mail(args):
        by_person = f" {BY_MAIL}"
    for task in await leads.open_tasks(session, lead_id=lead.id):
        # a wish that came after the task was written down
        if task.kind in CHASES and by_person and not task.title.endswith(by_person):
            task.title = f"{task.title}{by_person}"
    have = {t.kind for t in await leads.open_tasks(session, lead_id=lead.id)}
    if lead.duplicate_of is not None:
        have |= {
            t.kind for t in await leads.open_tasks(session, lead_id=lead.duplicate_of) if t.kind in CHASES
        }
    wanted: list[tuple[str, str, timedelta]] = []
    if args.special_request:
        wanted.append(("accommodation", "Accommodation request: see the lead", timedelta(hours=4)))
    todo = dispositions.disposition(lead.disposition or "new").task
    if todo is not None and not lead.dnc and _may_contact(args):
        wanted.append((todo.kind, todo.title, timedelta(minutes=todo.minutes)))
    asks = bool(lead.appointment) and not (lead.appointment or {}).get("id")
    if asks and not stops and args.intent in INTENTS:
        wanted.append(("appointment", "Agree on the time of the meeting", timedelta(hours=2)))
    if args.listed and args.listed_until and not lead.dnc:
        wanted.append(await _after_listing(session, args.listed_until, now))
    for kind, title, delay in wanted:
        if kind not in have:
            have.add(kind)
            said = f"{title}{by_person}" if kind in CHASES else title
            await leads.add_task(session, kind=kind, title=said, due_at=now + delay, lead_id=lead.id)


async def _after_listing(session: Session, end: date, now: datetime) -> tuple[str, str, timedelta]:
    """The call somebody wants once another firm's listing has ended: the morning after, not before (C29)."""
    zone = ZoneInfo((await tenancy.get_tenant(session)).timezone or "America/New_York")
    title = f"Their listing with another firm ends {end:%B} {end.day}: call after that, as asked, not before"
    return "listing_ends", title, datetime.combine(end + timedelta(days=1), time(9), tzinfo=zone) - now


def _may_contact(args: LeadArgs) -> bool:
    """Whoever said no to being contacted is on nobody's list, unless an e-mail is what they asked for."""
    return args.consent_contact is not False or _by_mail(args)


def _by_mail(args: LeadArgs) -> bool:
    return args.contact_limits == "mail_only" and args.email is not None
