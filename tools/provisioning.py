"""Setting a tenant up in four recorded steps, as people ask for it: ordered, repeated, canceled, retried.

Registration (A015) happens at once, in the transaction of the request or of the call: tenant, admin,
evidence, and the wish for the rest. The rest is durable work (jobs/provisioning.py), whose steps are in
provisioning_steps.py, and backwards in provisioning_back.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from core.clock import Clock
from core.errors import Conflict
from core.ids import new_id
from policies import plans
from policies.launch import blockers, reminders
from stores import (
    identity,
    jobs,
    provisioning,
    receipts,
    tenancy,
)
from stores.db import Session
from stores.provisioning import Provisioning
from tools import journey, launch, passwords, runs
from tools.accounts import Credentials, open_admin_account
from tools.base import Work
from tools.runs import JOB, ask, step_done

STALE = timedelta(minutes=10)
"""A run that has not moved for so long may be asked for again, whatever its job says."""


@dataclass(frozen=True)
class Order:
    """What a tenant is asked for with."""

    organization_name: str
    admin_email: str
    subscription_tier: str
    initial_users: int
    integration_requirements: tuple[str, ...] = ()
    language: str = "en"
    voice_profile: str = "professional_female"

    def as_dict(self) -> dict[str, Any]:
        """As it is stored with the run."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {
            "integration_requirements": list(self.integration_requirements)
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Order:
        """From a stored run."""
        return cls(**{**stored, "integration_requirements": tuple(stored["integration_requirements"])})


@dataclass(frozen=True)
class Ordered:
    """A registered tenant. ``credentials`` are None when they were handed over and used before."""

    tenant_id: UUID
    slug: str
    run_id: UUID
    credentials: Credentials | None


# --- step 1, and the wish for the others ------------------------------------------------------------------


async def order(
    work: Work, wanted: Order, *, key: str | None, body_hash: str, actor: str, retry_of: UUID | None = None
) -> Ordered:
    """Register a tenant and have the rest done; everything or nothing.

    ``key``: fingerprint of the idempotency key. Conflict when it stands for a run already: see ``again``.
    """
    tenant_id, now = new_id(), work.clock.now()
    tier = plans.tier_for(wanted.initial_users).tier
    async with _door(), work.db.tenant(tenant_id) as session:
        tenant = await tenancy.create_tenant(
            session,
            wanted.organization_name,
            plan=wanted.subscription_tier,
            team_size=wanted.initial_users,
            tier=tier,
        )
        run = await provisioning.open_run(
            session,
            "api",
            at=now,
            request=wanted.as_dict(),
            idempotency_key=key,
            body_hash=body_hash,
            retry_of=retry_of,
        )
        await tenancy.update_tenant(session, settings=journey.ended(tenant, "register_organization", now))
        credentials = await _open_admin(session, wanted, work.clock, actor, run)
        await step_done(session, run, "registration", work.clock, {"slug": tenant.slug, "door": "api"})
        await receipts.audit(
            session,
            actor=actor,
            action="provision",
            subject=str(run.id),
            at=now,
            after={"plan": wanted.subscription_tier, "slug": tenant.slug},
        )
        await ask(session, run)
    nudge(work)
    return Ordered(tenant_id, tenant.slug, run.id, credentials)


_AT_ONCE = 4
"""Registrations at a time in a process. Each waits for a password's hash with a connection in its hand, and
calls need connections, too."""
_doors: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _door() -> asyncio.Semaphore:
    return _doors.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))


async def again(work: Work, found: provisioning.Found, *, body_hash: str, actor: str) -> Ordered:
    """The reply of a request that was done but perhaps never heard: fresh credentials for the same tenant.

    Only while nobody has used the ones before. Conflict (``idempotency_key_reused``) for another body.
    """
    if found.body_hash != body_hash:
        raise Conflict("this Idempotency-Key stands for another request", code="idempotency_key_reused")
    async with work.db.tenant(found.tenant_id) as session:
        run = await provisioning.run_of(session, found.id, lock=True)
        tenant = await tenancy.get_tenant(session)
        if run.state in ("undoing", "failed", "canceled"):
            raise Conflict("this provisioning has failed; retry it", code="provisioning_failed")
        try:
            credentials = await _open_admin(session, Order.of(run.request), work.clock, actor, run)
        except Conflict:
            credentials = None
        return Ordered(tenant.id, tenant.slug, run.id, credentials)


def nudge(work: Work) -> None:
    """Tell the worker that something has been asked for."""
    if work.ports.jobs is not None:
        work.ports.jobs.nudge()


async def _open_admin(
    session: Session, wanted: Order, clock: Clock, actor: str, run: Provisioning
) -> Credentials:
    """The admin's account; and proof, while the password is at hand, that it opens it (A018)."""
    name = wanted.admin_email.split("@")[0].replace(".", " ").replace("_", " ").title()
    credentials = await open_admin_account(
        session, email=wanted.admin_email, name=name, clock=clock, actor=actor
    )
    held = await identity.credential(session, credentials.member_id)
    right, _ = await passwords.verify(credentials.temporary_password, held.password_hash if held else None)
    run.checks = dict(run.checks or {}) | {
        "credentials": {"ok": right, "opened": right, "at": clock.now().isoformat()}
    }
    return credentials


def account_name(tenant_id: UUID) -> str:
    """What the carrier's account of a tenant is called."""
    return f"seiketsu:{tenant_id}"


async def cancel_run(work: Work, tenant_id: UUID, run_id: UUID, *, actor: str) -> None:
    """Have a run undone. Conflict for one that is over, is not the newest, or whose tenant is live."""
    async with work.db.tenant(tenant_id) as session:
        newest = await provisioning.latest(session, lock=True)
        tenant = await tenancy.get_tenant(session)
        if newest is None or newest.id != run_id:
            raise Conflict("a later run has taken its place", code="overtaken")
        if tenant.status == "live":
            raise Conflict("this client is live; close it instead", code="live")
        if await runs.cancel(session, at=work.clock.now()) is None:
            raise Conflict("there is nothing to cancel any more", code="over")
        await receipts.audit(
            session,
            actor=actor,
            action="cancel_provisioning",
            subject=str(run_id),
            at=work.clock.now(),
        )
    nudge(work)


async def retry(work: Work, tenant_id: UUID, run_id: UUID, *, actor: str) -> Ordered | None:
    """Try again: a failed request as a new tenant, what is stuck where it stands (None). Conflict."""
    now = work.clock.now()
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        state, source, request = run.state, run.source, dict(run.request)
        body_hash = run.body_hash or ""
        if state in ("waiting", "done"):
            raise Conflict("this provisioning has not failed", code="not_failed")
        settled = await jobs.state_of(session, f"{JOB}:{run.id}:{run.attempt}") in ("done", "failed", None)
        stale = await provisioning.stands_still(session, run_id, STALE)
        if state not in ("failed", "canceled") and not (settled or stale):
            raise Conflict("this provisioning is still under way", code="under_way")
        if source == "conversation" or state not in ("failed", "canceled"):
            if source == "conversation" and state in ("failed", "canceled"):
                tenant = await tenancy.get_tenant(session)
                if tenant.status == "closed":
                    raise Conflict("this client has closed its account", code="closed")
                run.state, run.cancel_wanted, run.problem = "queued", False, None
                for step in await provisioning.steps(session, run_id):
                    if step.state != "done":
                        step.state = "waiting"
            run.attempt += 1
            await provisioning.note(session, run, "retried", at=now, detail={"attempt": run.attempt})
            await ask(session, run)
            again_ = True
        else:
            again_ = False
    if again_:
        nudge(work)
        return None
    return await order(work, Order.of(request), key=None, body_hash=body_hash, actor=actor, retry_of=run_id)


async def left_to_do(session: Session) -> list[dict[str, str]]:
    """What keeps the session's tenant's agent from going live, and what it is reminded of (A015, A048)."""
    tenant = await tenancy.get_tenant(session)
    if tenant.status == "live":
        return []
    green = await launch.gates(session)
    found = [{"gate": g.name, "says": g.says, "blocks": "yes"} for g in blockers(green)]
    return found + [{"gate": g.name, "says": g.says, "blocks": "no"} for g in reminders(green)]
