"""The gate before calls and texts that nobody asked for: off by default, every no has a reason (C01-C05).

Nothing dials without it. It answers from the tenant's own rows and the policies, writes what it said into
``dial_attempts`` and the audit trail, and fails closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.clock import Clock
from core.ids import HOUSE_TENANT
from policies import dialing
from policies.dialing import ALLOWED, Standing, Target
from stores import consents, leads, receipts, tenancy
from stores.db import Database, Session


@dataclass(frozen=True)
class Decision:
    """``reason`` is a key of policies/dialing.yaml, ``words`` the sentence for it."""

    allowed: bool
    reason: str
    words: str
    attempt_id: UUID | None = None
    """The row that counts it: taken back when the carrier never placed the call."""


async def may_call(
    db: Database,
    clock: Clock,
    tenant_id: UUID,
    phone: str,
    *,
    purpose: str,
    state: str | None = None,
    zone: str | None = None,
    marketing: bool = True,
) -> Decision:
    """Ask before a call is placed; a yes counts as an attempt. ``state``, ``zone``: of the lead's address."""
    async with db.tenant(tenant_id) as session:
        now = clock.now()
        standing = await _standing(session, phone, now, marketing)
        target = Target(phone, state=state, zone=zone)
        reason = dialing.may_dial(target, standing, now)
        return await _told(session, phone, purpose, reason, now)


async def may_text(session: Session, phone: str, *, asked_here: bool, registered: bool) -> str:
    """``allowed`` or why a text may not leave (C15), in the transaction that would send it.

    ``asked_here``: the person asked for this very text in a conversation from this number; that is
    consent to the one message. ``registered``: the sender is registered, or none is needed.
    """
    if await consents.listed(session, phone):
        return "listed"
    if not registered:
        return "sms_sender"
    if asked_here:
        return ALLOWED
    held = (await consents.consents(session, phone)).get("sms")
    return ALLOWED if held is not None and held.granted else "sms_consent"


async def refused(session: Session, phone: str, action: str, reason: str, at: datetime) -> None:
    """The audit row of a refusal; the number is masked to its last digits (C32, C44)."""
    await receipts.audit(
        session,
        actor="gate",
        action=action,
        subject=f"phone ending {phone[-4:]}",
        at=at,
        after={"allowed": False, "reason": reason, "why": dialing.dialing().reasons[reason]},
    )


async def was_not_placed(session: Session, attempt_id: UUID | None) -> None:
    """The carrier never placed the call that was let through: it does not count against the number."""
    if attempt_id is not None:
        await consents.uncount_attempt(session, attempt_id, reason="not_placed")


async def _standing(session: Session, phone: str, now: datetime, marketing: bool) -> Standing:
    # one question at a time per client, or two callers would both be the third of the day
    rules = await tenancy.get_rules(session, lock=True)
    settings = dict(rules.compliance) if rules else {}
    past = await consents.history(session, phone)
    newest = next((row for row in reversed(past) if row.kind == "voice_ai"), None)
    by_people = next((row for row in reversed(past) if row.kind == "voice"), None)
    known, _ = await leads.list_leads(session, phone=phone, limit=50)
    return Standing(
        settings=settings,
        consent={"granted": newest.granted, "text_version": newest.text_version, "at": newest.at}
        if newest
        else None,
        people_may_call=by_people is not None and by_people.granted,
        listed=await consents.listed(session, phone) is not None or any(lead.dnc for lead in known),
        agreed_beforehand=bool(newest and newest.granted and newest.evidence.startswith("prior_agreement:")),
        calls_today=await consents.attempts_since(session, phone, now - timedelta(days=1)),
        calls_this_week=await consents.attempts_since(session, phone, now - timedelta(days=7)),
        represented=any(lead.represented == "exclusive" for lead in known),
        marketing=marketing,
    )


async def _told(session: Session, phone: str, purpose: str, reason: str, now: datetime) -> Decision:
    allowed = reason == ALLOWED
    noted = await consents.note_attempt(
        session, phone, purpose=purpose, allowed=allowed, reason=reason, at=now
    )
    words = dialing.dialing().reasons[reason]
    if allowed:
        await receipts.audit(
            session,
            actor="gate",
            action="call.allowed",
            subject=f"phone ending {phone[-4:]}",
            at=now,
            after={"allowed": True, "purpose": purpose},
        )
    else:
        await refused(session, phone, "call.refused", reason, now)
    return Decision(allowed, reason, words, noted.id)


def is_house(tenant_id: UUID) -> bool:
    """Texts of the house are links its own callers asked for; only its list stands in their way."""
    return tenant_id == HOUSE_TENANT
