"""Placing the calls that are wanted: allowed by the gate at that moment, placed at most once (C01-C05, C42).

A try goes ``planned`` -> ``claimed`` (the gate is asked) -> ``placing`` (the carrier is asked) -> ``placed``.
A process that dies before ``placing`` has rung nobody; one that dies after it may have, so the carrier is
asked which calls it made before anything is dialled again. What it reports is in tools/dial_reports.py.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import NotFound, NotSignedIn, Refused, SeiketsuError, Unavailable
from core.ids import new_token
from integrations.twilio import CallOrder, Calls, PlacedCall
from policies import dialing
from policies.regions import states as all_states
from stores import consents, dials, leads, receipts, support, tenancy
from stores.db import Database, Session
from stores.dials import Dial
from tools import billing, dial_gate, dial_reports, follow_up
from tools.base import Ports

Sleep = Callable[[float], Awaitable[None]]
PASSES = frozenset({"quiet_hours", "attempts_day"})
"""Refusals that are over after a while; any other one is for good."""


@dataclass(frozen=True)
class Dialler:
    """What placing calls needs. ``carrier``: integrations.twilio.Calls."""

    db: Database
    clock: Clock
    carrier: Calls
    public_url: str
    admission: Any = None

    # -- one call -------------------------------------------------------------------------------------

    async def dial(self, tenant_id: UUID, dial_id: UUID) -> bool:
        """Place a call that is due, if it may be; whether the carrier was asked. Two at once place one."""
        row = await self._claim(tenant_id, dial_id)
        if row is None:
            return False
        key = f"dial:{row.id}:{row.tries}"
        denied = await self.admission.admit("outbound", tenant_id, key=key) if self.admission else None
        if denied is not None:
            await self._wait(tenant_id, row, "quota" if denied.why == "quota" else denied.why)
            return False
        try:
            return await self._place_if_allowed(tenant_id, row)
        finally:
            if self.admission is not None:
                # once it is picked up the call holds a line under the carrier's id
                await self.admission.release(tenant_id, key)

    async def _claim(self, tenant_id: UUID, dial_id: UUID) -> Dial | None:
        now = self.clock.now()
        async with self.db.tenant(tenant_id) as session:
            row = await dials.get(session, dial_id, lock=True)
            if row.status != dials.WAITING or row.due_at > now:
                return None
            reason = await obstacle(session, row, now)
            if reason is not None:
                await dial_reports.stop(session, row, reason, now)
                return None
            line = next((n.e164 for n in await tenancy.numbers(session) if n.status == "active"), None)
            if line is None or await dials.under_way(session, row.phone):
                why = "busy" if line else "no_number"
                minutes = dialing.dialing().calls.wait_minutes[why]
                await dials.move(session, row, {"reason": why, "due_at": now + timedelta(minutes=minutes)})
                return None
            return await dials.move(
                session,
                row,
                {
                    "status": "claimed", "nonce": new_token(), "claimed_at": now, "looked_at": None,
                    "caller_id": line, "sid": None, "call_id": None, "outcome": None, "answered_by": None,
                    "reason": None, "attempt_id": None,
                },
            )  # fmt: skip

    async def _place_if_allowed(self, tenant_id: UUID, row: Dial) -> bool:
        async with self.db.tenant(tenant_id) as session:
            lead = await _lead(session, row)
        state = state_of(lead.property_address if lead else None)
        decision = await dial_gate.may_call(
            self.db,
            self.clock,
            tenant_id,
            row.phone,
            purpose=row.why,
            state=state,
            marketing=row.why in ("follow_up", "manual"),
        )
        if not decision.allowed:
            await self._refused(tenant_id, row, decision.reason, state)
            return False
        order = await self._order(tenant_id, row, decision.attempt_id)
        if order is None:
            return False
        await self._place(tenant_id, row, order)
        return True

    async def _order(self, tenant_id: UUID, row: Dial, attempt_id: UUID | None) -> CallOrder | None:
        """The last look before the carrier is asked: an opt-out may have come in meanwhile (C06)."""
        calls = dialing.dialing().calls
        async with self.db.tenant(tenant_id) as session:
            current = await dials.get(session, row.id, lock=True)
            if (current.status, current.nonce) != ("claimed", row.nonce):
                await dial_gate.was_not_placed(session, attempt_id)
                return None
            rules = await tenancy.get_rules(session)
            profile = await tenancy.get_profile(session)
            minutes = profile.max_call_minutes if profile else 20
            await dials.move(
                session,
                current,
                {"status": "placing", "tries": current.tries + 1, "attempt_id": attempt_id},
            )
        query = urlencode({"tenant": str(tenant_id), "dial": str(row.id), "try": row.nonce or ""})
        root = f"{self.public_url.rstrip('/')}/twilio/outbound"
        return CallOrder(
            to=row.phone,
            from_=str(row.caller_id),
            answer=f"{root}/answer?{query}",
            status=f"{root}/status?{query}",
            machine=f"{root}/machine?{query}",
            ring_seconds=calls.ring_seconds,
            machine_seconds=calls.machine_seconds,
            longest=60 * minutes + 60,
            leave_words=bool(rules and (rules.compliance or {}).get("voicemail") == "message"),
        )

    async def _place(self, tenant_id: UUID, row: Dial, order: CallOrder) -> None:
        try:
            placed = await self.carrier.place(order)
        except Unavailable:
            # nobody knows whether it rings: the carrier's own reports say so, or it is asked later
            logger.warning("the carrier did not answer when a call was placed")
            return
        except Refused as error:
            await self._not_placed(tenant_id, row, "carrier_busy", seconds=error.retry_after)
            return
        except NotSignedIn:
            logger.error("the carrier refuses our credentials: no calls are placed")
            await self._not_placed(tenant_id, row, "carrier_refused")
            return
        except SeiketsuError:
            await self._not_placed(tenant_id, row, "carrier_declined")
            return
        async with self.db.tenant(tenant_id) as session:
            current = await dials.get(session, row.id, lock=True)
            if current.nonce != row.nonce:
                return
            fields: dict[str, Any] = {"sid": placed.sid, "account_sid": placed.account or None}
            if current.status == "placing":  # its reports may have been quicker than this answer
                fields["status"] = "placed"
            await dials.move(session, current, fields)
            await _audit(session, current, "call.placed", self.clock.now())

    # -- not now, or not at all -----------------------------------------------------------------------

    async def _wait(self, tenant_id: UUID, row: Dial, reason: str) -> None:
        minutes = dialing.dialing().calls.wait_minutes
        async with self.db.tenant(tenant_id) as session:
            current = await dials.get(session, row.id, lock=True)
            if (current.status, current.nonce) == ("claimed", row.nonce):
                due = self.clock.now() + timedelta(minutes=minutes.get(reason, minutes["busy"]))
                await dials.move(session, current, {"status": "planned", "reason": reason, "due_at": due})

    async def _refused(self, tenant_id: UUID, row: Dial, reason: str, state: str | None) -> None:
        now = self.clock.now()
        async with self.db.tenant(tenant_id) as session:
            current = await dials.get(session, row.id, lock=True)
            if (current.status, current.nonce) != ("claimed", row.nonce):
                return
            later = now + timedelta(days=1) if reason == "attempts_day" else now
            due = await next_hour(session, row.phone, later, state) if reason in PASSES else None
            if due is None:
                await dial_reports.stop(session, current, reason, now)
                return
            await dials.move(session, current, {"status": "planned", "reason": reason, "due_at": due})

    async def _not_placed(
        self, tenant_id: UUID, row: Dial, reason: str, *, seconds: float | None = None
    ) -> None:
        """The carrier said no: nobody was rung, and it does not count. ``seconds``: wait at least so long."""
        now = self.clock.now()
        wait = max(seconds or 0.0, 60.0 * dialing.dialing().calls.wait_minutes.get(reason, 0))
        async with self.db.tenant(tenant_id) as session:
            current = await dials.get(session, row.id, lock=True)
            if (current.status, current.nonce) != ("placing", row.nonce):
                return
            await dial_gate.was_not_placed(session, current.attempt_id)
            await dials.move(session, current, {"tries": current.tries - 1, "attempt_id": None})
            if reason == "carrier_declined":
                await dial_reports.stop(session, current, reason, now)
            else:
                due = now + timedelta(seconds=wait)
                await dials.move(session, current, {"status": "planned", "reason": reason, "due_at": due})

    # -- lost sight of ----------------------------------------------------------------------------------

    async def find_lost(self, tenant_id: UUID, dial_id: UUID) -> None:
        """What became of a try that nothing was heard of: the carrier knows. Never dials."""
        now = self.clock.now()
        async with self.db.tenant(tenant_id) as session:
            row = await dials.get(session, dial_id, lock=True)
            quiet = timedelta(seconds=dialing.dialing().calls.lost_seconds)
            since = row.looked_at or row.claimed_at
            if row.status not in dials.UNDER_WAY or since is None or now - since < quiet:
                return
            if row.status == "claimed":  # nobody was rung
                await dial_gate.was_not_placed(session, row.attempt_id)
                await dials.move(session, row, {"status": "planned", "due_at": now})
                return
            await dials.move(session, row, {"looked_at": now})
        try:
            found = await self._at_the_carrier(row)
        except NotFound:
            found = PlacedCall(str(row.sid), "failed", None, None)  # it gave us that id, and forgot it
        except SeiketsuError as error:
            logger.warning("the carrier cannot say what became of a call: {}", error.code)
            return
        if found is None:
            await self._never_placed(tenant_id, row)
            return
        await dial_reports.heard(
            self.db,
            self.clock,
            dial_reports.Report(tenant_id, row.id, str(row.nonce), found.sid, found.account),
            status=found.status,
            answered_by=found.answered_by,
        )

    async def _at_the_carrier(self, row: Dial) -> PlacedCall | None:
        if row.sid is not None:
            return await self.carrier.look(row.account_sid or "", row.sid)
        assert row.claimed_at is not None
        began = row.claimed_at
        found = await self.carrier.placed_since(row.phone, str(row.caller_id), began)
        return max(found, key=lambda one: one.created or began, default=None)

    async def _never_placed(self, tenant_id: UUID, row: Dial) -> None:
        now = self.clock.now()
        async with self.db.tenant(tenant_id) as session:
            current = await dials.get(session, row.id, lock=True)
            if current.nonce != row.nonce or current.status not in ("placing", "placed"):
                return
            await dial_gate.was_not_placed(session, current.attempt_id)
            await dials.move(
                session,
                current,
                {"status": "planned", "due_at": now, "tries": current.tries - 1, "reason": "not_placed"},
            )


# -- whether it is still wanted -----------------------------------------------------------------------


async def obstacle(session: Session, row: Dial, now: datetime) -> str | None:
    """Why a call is not wanted any more, before the gate is asked; None when it is."""
    tenant = await tenancy.get_tenant(session)
    if tenant.status != "live":
        return "closed"
    if billing.outbound_suspended(tenant, now):
        return "payment_overdue"
    if await consents.listed(session, row.phone) is not None:
        return "listed"
    lead = await _lead(session, row)
    if lead is not None and lead.test:
        return "test"
    if row.callback_id is not None:
        back = await support.get_callback(session, row.callback_id)
        if back is None or back.status != "booked":
            return "gone"
        if back.claimed_by is not None:
            return "claimed"
    if row.why != "follow_up":
        return "opt_out" if lead is not None and lead.dnc else None
    if lead is None:
        return "gone"
    if now - row.created_at > timedelta(hours=dialing.dialing().calls.late_hours) and row.tries == 0:
        waited = row.due_at + timedelta(hours=dialing.dialing().calls.late_hours)
        if now > waited:
            return "late"
    return await follow_up.stop_reason(session, lead) or await follow_up.answered_reason(session, lead)


async def next_hour(session: Session, phone: str, now: datetime, state: str | None) -> datetime | None:
    """When this person may be called next, by the law and the client's own hours."""
    rules = await tenancy.get_rules(session)
    own = (rules.compliance or {}).get("quiet_hours") if rules is not None else None
    target = dialing.Target(phone, state=state)
    return dialing.next_allowed(dialing.states_of(target), dialing.zones_of(target), now, own)


def state_of(address: str | None) -> str | None:
    """The state at the end of an address ("12 Cherry Lane, Denver, CO 80202"); None when none is named."""
    found = re.search(r"\b([A-Z]{2})\b\.?,?\s*(?:\d{5}(?:-\d{4})?)?\s*(?:USA?)?\s*$", address or "")
    return found[1] if found and found[1] in all_states() else None


async def _lead(session: Session, row: Dial) -> leads.Lead | None:
    if row.lead_id is None:
        return None
    return await leads.get_lead(session, row.lead_id)


async def _audit(session: Session, row: Dial, action: str, now: datetime) -> None:
    await receipts.audit(
        session,
        actor="dialler",
        action=action,
        subject=f"phone ending {row.phone[-4:]}",
        at=now,
        after={"dial": str(row.id), "why": row.why, "try": row.tries, "for": row.actor},
    )


# -- the sweep ------------------------------------------------------------------------------------------


async def sweep(db: Database, ports: Ports, clock: Clock, *, sleep: Sleep = asyncio.sleep) -> None:
    """Place what is due and look for what was lost sight of, for every client. Nothing without a carrier."""
    if ports.calls is None:
        return
    dialler = Dialler(db, clock, ports.calls, ports.public_url, ports.admission)
    calls = dialing.dialing().calls
    now = clock.now()
    lost = now - timedelta(seconds=calls.lost_seconds)
    async with db.platform("whose calls are due, or were lost sight of") as session:
        found = await dials.tenants_with_work(session, now=now, before=lost)
    for tenant_id in found:
        async with db.tenant(tenant_id) as session:
            stale = await dials.stale(session, before=lost)
        for dial_id in stale:
            await dialler.find_lost(tenant_id, dial_id)
        async with db.tenant(tenant_id) as session:
            due = await dials.due(session, now=now)
        for dial_id in due:
            if await dialler.dial(tenant_id, dial_id):
                await sleep(calls.pause_seconds)
