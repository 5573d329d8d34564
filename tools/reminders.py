"""Reminders of appointments: a day and an hour before, each once, the way that was agreed to (C03)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from core.clock import Clock
from core.ids import fingerprint, new_token
from policies import appointments as policy
from policies.reminders import reminders_due
from prompts.messages import message
from stores import appointments, outbox
from stores.appointments import Appointment
from stores.db import Database, Session
from tools import agenda, letters
from tools.appointment_letters import language_of, letter_facts
from tools.base import Ports


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """Remind people of tomorrow's and the next hour's appointments, the way they agreed to (C03)."""
    now = clock.now()
    until = now + timedelta(minutes=max(policy.appointments().reminders.values()) + 1)
    async with db.platform("appointments to be reminded of") as session:
        waiting = await appointments.tenants_with_bookings(session, since=now, until=until)
    for tenant_id in waiting:
        async with db.tenant(tenant_id) as session:
            await remind(session, now=now, until=until, public_url=ports.public_url)


async def remind(session: Session, *, now: datetime, until: datetime, public_url: str) -> int:
    """Send a tenant's due reminders, each once; how many appointments got one."""
    office: agenda.Office | None = None
    count = 0
    for row in await appointments.to_remind(session, since=now, until=until):
        due = reminders_due(row.starts_at, row.timezone, now=now, booked_at=row.created_at, sent=row.reminded)
        ways = list(row.reminded.get("ways") or ())
        if not due or not ways:
            continue
        office = office or await agenda.open_office(session)
        await _write(session, office, row, ways, now=now, public_url=public_url)
        stamps = dict.fromkeys(due, now.isoformat())
        await appointments.change_appointment(session, row, {"reminded": {**row.reminded, **stamps}})
        count += 1
    return count


async def _write(
    session: Session,
    office: agenda.Office,
    row: Appointment,
    ways: Collection[str],
    *,
    now: datetime,
    public_url: str,
) -> None:
    """One reminder, with a link on which the appointment can be called off until it begins."""
    token = new_token()
    await outbox.create_link(
        session,
        token_hash=fingerprint(token),
        purpose="appointment",
        payload={"appointment": str(row.id), "sequence": row.sequence},
        expires_at=row.starts_at,
        conversation_id=row.conversation_id,
    )
    facts = letter_facts(office, row, now, f"{public_url}/l/{token}", await language_of(session, row))
    if "sms" in ways and row.phone and not await letters.opted_out(session, row.phone):
        body = message("appointment_reminder_sms", facts).body
        await outbox.queue_message(
            session, kind="sms", to=row.phone, body=body, conversation_id=row.conversation_id
        )
    if "email" in ways and row.email:
        text = message("appointment_reminder_email", facts)
        await outbox.queue_message(session, kind="email", to=row.email, subject=text.subject, body=text.body)
