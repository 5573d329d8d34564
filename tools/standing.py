"""Suspending, resuming and closing a client (A037): its callers hear a sentence, its people a reason.

Nobody else's rows are touched. Calls that are on go on to their end; what a tenant may do is asked when a
call rings, a message comes or a request is made.
"""

from __future__ import annotations

from uuid import UUID

from core.errors import Conflict, NotAllowed
from core.ids import HOUSE_TENANT
from stores import identity, jobs, receipts, tenancy
from stores.db import Session
from stores.tenancy import Tenant
from tools import runs
from tools.base import Work
from tools.provisioning import account_name, nudge

CLOSE_JOB = "close_tenant"
STANDS = ("onboarding", "live", "paused")


async def suspend(work: Work, tenant_id: UUID, reason: str, *, actor: str) -> Tenant:
    """Stop a client's agent and keep its people out; again changes the reason. Conflict when closed."""
    _not_the_house(tenant_id)
    async with work.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        if tenant.status == "closed":
            raise Conflict("this client is closed", code="closed")
        before = tenant.status
        if before != "suspended":
            await tenancy.update_tenant(session, settings=tenant.settings | {"suspended_from": before})
        await tenancy.set_status(session, "suspended", at=work.clock.now(), reason=reason)
        await _audit(work, session, actor, "suspend", before, "suspended", reason=reason)
        return tenant


async def resume(work: Work, tenant_id: UUID, *, actor: str) -> Tenant:
    """As it was before it was suspended. Conflict when it is not suspended."""
    async with work.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        if tenant.status != "suspended":
            raise Conflict("this client is not suspended", code="not_suspended")
        settings = dict(tenant.settings)
        was = settings.pop("suspended_from", "onboarding")
        await tenancy.update_tenant(session, settings=settings)
        await tenancy.set_status(session, was if was in STANDS else "onboarding", at=work.clock.now())
        await _audit(work, session, actor, "resume", "suspended", tenant.status)
        return tenant


async def close(work: Work, tenant_id: UUID, *, actor: str) -> Tenant:
    """End it: no call is taken, everybody is signed out, numbers and the carrier's account are given back.

    The data stays until it is deleted. A second time changes nothing.
    """
    _not_the_house(tenant_id)
    async with work.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        if tenant.status == "closed":
            return tenant
        before = tenant.status
        for member in await tenancy.members(session):
            await identity.close_sessions(session, member.id)
        await tenancy.set_status(session, "closed", at=work.clock.now())
        await runs.note_closed(session, at=work.clock.now())
        await _audit(work, session, actor, "close", before, "closed")
        await jobs.ask(session, CLOSE_JOB, f"{CLOSE_JOB}:{tenant_id}", {})
    nudge(work)
    return tenant


async def give_back_numbers(work: Work, tenant_id: UUID) -> dict[str, int]:
    """A closed client's lines to the carrier. May be done twice. Unavailable."""
    async with work.db.tenant(tenant_id) as session:
        held = [(line.e164, line.provider_sid) for line in await tenancy.numbers(session)]
    for e164, sid in held:
        await work.ports.numbers.release(e164, sid)
        async with work.db.tenant(tenant_id) as session:
            await tenancy.release_number(session, e164)
    return {"numbers": len(held)}


async def shut_account(work: Work, tenant_id: UUID) -> dict[str, bool]:
    """A closed client's account with the carrier. May be done twice. Unavailable."""
    if work.ports.accounts is not None:
        await work.ports.accounts.shut(account_name(tenant_id))
    return {"account": work.ports.accounts is not None}


def _not_the_house(tenant_id: UUID) -> None:
    if tenant_id == HOUSE_TENANT:
        raise NotAllowed("the house itself stays open")


async def _audit(
    work: Work, session: Session, actor: str, action: str, before: str, after: str, **more: str
) -> None:
    await receipts.audit(
        session,
        actor=actor,
        action=action,
        subject="tenant",
        at=work.clock.now(),
        before={"status": before},
        after={"status": after, **more},
    )
