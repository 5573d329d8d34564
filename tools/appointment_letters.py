"""What is said and written of an appointment: to the caller, to the agent, into calendars (C03, C30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from integrations.calendars import invitation
from policies import appointments as policy
from policies import compliance
from policies.moment_words import when_words, when_words_es
from prompts.messages import message
from stores import appointments, leads, outbox
from stores.appointments import Appointment
from stores.db import Session
from tools import agenda, letters
from tools.base import ToolContext


def first_name(office: agenda.Office, row: Appointment) -> str:
    """The first name of whom it is with."""
    person = office.people.get(row.member_id)
    return person.first if person else "the agent"


def booking_words(
    office: agenda.Office, row: Appointment, now: datetime, sent: Sequence[str]
) -> dict[str, Any]:
    """What may be said of a booking: only what is so."""
    what = policy.appointments().kinds[row.kind].words
    first = first_name(office, row)
    when = when_words(row.starts_at, row.timezone, now, zone=True)
    notice = compliance.template("touring") if row.buyer_agreement_required else ""
    confirmation = {
        (): "",
        ("sms",): "I've texted you the confirmation.",
        ("email",): "I've sent you the confirmation by e-mail.",
    }.get(tuple(sent), "I've sent you the confirmation by text and e-mail.")
    said = " ".join(p for p in (f"You're booked: {what} with {first} {when}.", notice, confirmation) if p)
    return {
        "when": when,
        "agent": first,
        "booking_result": said,
        "appointment_id": str(row.id),
        "confirmation": confirmation,
        "kind": row.kind,
        "agreement_notice": notice,
    }


async def confirm(
    ctx: ToolContext,
    session: Session,
    office: agenda.Office,
    row: Appointment,
    *,
    text_ok: bool | None,
    key: str,
) -> list[str]:
    """Write to the caller where they agreed to it: which ways were used ("sms", "email")."""
    now = ctx.clock.now()
    sent = []
    url = ""
    if (text_ok and row.phone) or row.email:
        url = await letters.link(
            ctx,
            session,
            "appointment",
            lasts=max(row.starts_at - now, timedelta(minutes=30)),
            payload={"appointment": str(row.id), "sequence": row.sequence},
        )
    facts = letter_facts(office, row, now, url, await language_of(session, row, ctx.slots))
    if text_ok and row.phone and await letters.sms(ctx, session, row.phone, f"{key}_sms", facts):
        sent.append("sms")
    if row.email:
        file = calendar_of(row, office, now)
        await letters.email(ctx, session, row.email, f"{key}_email", facts, calendar=file)
        sent.append("email")
    await appointments.change_appointment(session, row, {"reminded": {"ways": sent}})
    return sent


async def language_of(session: Session, row: Appointment, slots: Mapping[str, Any] | None = None) -> str:
    """What the person with this appointment would rather read: said now, else kept with the lead."""
    said = (slots or {}).get("language")
    if said or row.conversation_id is None:
        return str(said or "en")
    lead = await leads.lead_of_conversation(session, row.conversation_id)
    return str(lead.language or "en") if lead is not None else "en"


def letter_facts(
    office: agenda.Office, row: Appointment, now: datetime, url: str, language: str = "en"
) -> dict[str, object]:
    """Placeholders of the letters about an appointment, in words of the receiver's language."""
    kind = policy.appointments().kinds[row.kind]
    if language == "es":
        return {
            "language": language,
            "brand": office.brand,
            "name": (row.name or "").split(" ")[0] or "qué tal",
            "what": kind.label_es or kind.label,
            "agent": first_name(office, row),
            "when": when_words_es(row.starts_at, row.timezone),
            "place": f"\nDónde: {row.place}" if row.place else "",
            "notice": f"\n{compliance.template('touring', 'es')}" if row.buyer_agreement_required else "",
            "url": url,
            "address": f"\n{office.address}" if office.address else "",
        }
    return {
        "brand": office.brand,
        "name": (row.name or "there").split(" ")[0],
        "what": kind.label,
        "agent": first_name(office, row),
        "when": when_words(row.starts_at, row.timezone, now, zone=True),
        "place": f"\nWhere: {row.place}" if row.place else "",
        "notice": f"\n{compliance.template('touring')}" if row.buyer_agreement_required else "",
        "url": url,
        "address": f"\n{office.address}" if office.address else "",
    }


async def tell_agent(
    session: Session, office: agenda.Office, row: Appointment, *, now: datetime, key: str
) -> None:
    """Write to the member whose time it is."""
    person = office.people.get(row.member_id)
    if person is None or row.test:
        return
    facts = letter_facts(office, row, now, "") | {
        "name": person.first,
        "client": row.name or "a caller",
        "phone": row.phone or "no number",
    }
    text = message(key, facts)
    await outbox.queue_message(
        session,
        kind="email",
        to=person.email,
        subject=text.subject,
        body=text.body,
        calendar=calendar_of(row, office, now),
    )


def calendar_of(row: Appointment, office: agenda.Office, now: datetime) -> str:
    """The appointment as a calendar file; a later one of the same appointment replaces it."""
    label = policy.appointments().kinds[row.kind].label.capitalize()
    body = invitation(
        uid=f"{row.id}@seiketsu",
        sequence=row.sequence,
        start=row.starts_at,
        end=row.ends_at,
        summary=f"{label} with {first_name(office, row)}, {office.brand}",
        description=compliance.template("touring") if row.buyer_agreement_required else "",
        place=row.place,
        stamp=now,
        cancelled=row.status == "cancelled",
    )
    return body.decode()
