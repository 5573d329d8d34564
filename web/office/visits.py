"""What the office's one-time links do: an appointment seen or cancelled, a lead taken, no more letters."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from core.errors import NotFound
from policies import compliance
from stores import appointments, follow_up, leads, outbox, routing, tenancy
from stores.appointments import Appointment
from stores.db import Session
from tools import agenda
from tools import routing as giving
from tools.appointment_letters import letter_facts, tell_agent
from tools.appointments import call_off
from web.visit import Closed, Done, Given, Purpose, Sheet, Visit


class CancelAppointment:
    """The appointment, with a button that calls it off."""

    async def sheet(self, visit: Visit) -> Sheet:
        """When, with whom, where. Only the first name of whom it is with."""
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            row = await self._row(session, visit)
            office = await agenda.open_office(session)
            facts = letter_facts(office, row, visit.parts.clock.now(), "")
            notice = compliance.template("touring") if row.buyer_agreement_required else ""
        shown = {**facts, "place": row.place or "", "notice": notice}
        return Sheet("appointment", shown, button="Cancel this appointment")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Call it off, once, and tell the agent."""
        now = visit.parts.clock.now()
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            row = await self._row(session, visit)
            await visit.burn(session)
            office = await agenda.open_office(session)
            await call_off(session, row, at=now, by="client")
            await tell_agent(session, office, row, now=now, key="appointment_off_agent_email")
            await visit.proof(session, "cancel_appointment", str(row.id), {"status": "cancelled"})
        return Done("Your appointment is cancelled.")

    async def _row(self, session: Session, visit: Visit) -> Appointment:
        row = await appointment_of(session, visit.link)
        if row is None or row.status != "booked" or row.starts_at <= visit.parts.clock.now():
            raise Closed("withdrawn")
        return row


class ClaimLead:
    """A member takes the lead they were offered."""

    async def sheet(self, visit: Visit) -> Sheet:
        """What kind of lead it is; who it is, only after it was taken and signed in."""
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            row = await self._row(session, visit)
            lead = await leads.get_lead(session, row.lead_id)
            tenant = await tenancy.get_tenant(session)
        facts = {
            "brand": tenant.brand_name,
            "intent": lead.intent,
            "areas": ", ".join(lead.areas),
            "why": row.reason,
        }
        return Sheet("claim_lead", facts, button="I take this lead")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Theirs, once."""
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            row = await self._row(session, visit)
            await visit.burn(session)
            await giving.claim(session, row.id, at=visit.parts.clock.now())
            lead = await leads.get_lead(session, row.lead_id)
            await visit.proof(session, "claim_lead", str(row.lead_id), {"member": str(row.member_id)})
        who = " · ".join(p for p in (lead.name, *lead.phones[:1], *lead.emails[:1]) if p)
        return Done("The lead is yours.", [who] if who else ())

    async def _row(self, session: Session, visit: Visit) -> routing.Assignment:
        try:
            row = await routing.get_assignment(session, UUID(str(visit.link.payload["assignment"])))
        except NotFound:
            raise Closed("withdrawn") from None
        if row.status != "offered":
            raise Closed("withdrawn")
        return row


class StopFollowUp:
    """No more letters of the cadence. No question asked (CAN-SPAM, C16)."""

    async def sheet(self, visit: Visit) -> Sheet:
        """Whose letters."""
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            tenant = await tenancy.get_tenant(session)
        return Sheet("stop_follow_up", {"brand": tenant.brand_name}, button="No more messages")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Stop, and refuse e-mail from now on."""
        now = visit.parts.clock.now()
        lead_id = UUID(str(visit.link.payload["lead"]))
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            await visit.burn(session)
            await follow_up.stop(session, lead_id, "unsubscribed")
            try:
                lead = await leads.get_lead(session, lead_id)
            except NotFound:
                lead = None
            for address in lead.emails if lead is not None else ():
                await follow_up.refuse_email(session, address, evidence=f"link:{visit.link.id}", at=now)
            await visit.proof(session, "stop_follow_up", str(lead_id), {"status": "stopped"})
        return Done("You will get no more of these messages.")


async def appointment_of(session: Session, link: outbox.Link) -> Appointment | None:
    """The appointment a link is about, if it is still there."""
    try:
        return await appointments.get_appointment(session, UUID(str(link.payload["appointment"])))
    except NotFound:
        return None


PURPOSES: Mapping[str, Purpose] = {
    "appointment": CancelAppointment(),
    "claim_lead": ClaimLead(),
    "stop_follow_up": StopFollowUp(),
}
"""Purpose of a link -> what it does."""
