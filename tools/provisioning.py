"""Setting a tenant up in four recorded steps, and undoing them (A015-A022).

Registration happens at once, in the transaction of the request or of the call: tenant, admin, evidence, and
the wish for the rest. The rest is durable work (jobs/provisioning.py), whose steps are here. Each of them may
be done twice, by two workers at once even: what is outside is asked for by a key of the tenant's, and what
is stored is stored under the lock of the run, by the first who comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from core.clock import Clock
from core.errors import Conflict, NotFound, Refused, SeiketsuError, Unavailable
from core.ids import HOUSE_TENANT, fingerprint, new_id, new_token
from integrations.numbers import is_area_code
from policies import compliance, crms, plans, rules, standards, voices
from policies.business_hours import standard as standard_hours
from policies.launch import blockers, reminders
from policies.provisioning import provisioning as policy
from policies.provisioning import review_items, tasks_for
from prompts.messages import message
from stores import (
    assistance,
    identity,
    integrations,
    jobs,
    outbox,
    provisioning,
    receipts,
    tenancy,
)
from stores.db import Session
from stores.probe import isolation
from stores.provisioning import Provisioning
from tools import journey, launch, letters, lines, passwords, runs
from tools.accounts import Credentials, open_admin_account
from tools.base import Work
from tools.connections import BuiltInList
from tools.registration import owner_of
from tools.runs import JOB, all_green, ask, judge, step_done
from tools.voice import LOCALES

Outcome = dict[str, Any]
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


# --- the steps ----------------------------------------------------------------------------------------


async def do(work: Work, tenant_id: UUID, run_id: UUID, name: str) -> Outcome:
    """One step, done once. ``{"state": "done" | "stop" | "failed", ...}``.

    ``stop``: the run is to be undone. Raises Unavailable when it is worth another try.
    """
    step = _STEPS[name]
    if not await _begin(work, tenant_id, run_id, name):
        return {"state": "stop"}
    async with work.db.tenant(tenant_id) as session:
        if (await provisioning.step(session, run_id, name)).state == "done":
            return {"state": "done"}
    try:
        await step(work, tenant_id, run_id)
    except Unavailable:
        raise
    except SeiketsuError as error:
        await fail(work, tenant_id, run_id, name, error.code, error.message)
        return {"state": "failed", "failed": error.code, "why": error.message}
    return {"state": "done"}


async def fail(work: Work, tenant_id: UUID, run_id: UUID, name: str, code: str, why: str) -> None:
    """Note that a step has failed for good."""
    now = work.clock.now()
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        step = await provisioning.step(session, run_id, name)
        step.state, step.finished_at = "failed", now
        run.problem = {"step": name, "code": code, "why": why}
        detail = {"code": code, "why": why}
        await provisioning.note(session, run, "step_failed", at=now, step=name, detail=detail)


async def end(work: Work, tenant_id: UUID, run_id: UUID) -> Outcome:
    """All four steps are done: the letter, the people's part, and the state the run ends in."""
    now = work.clock.now()
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        if run.cancel_wanted:
            return {"state": "stop"}
        if run.state not in ("waiting", "done"):
            if run.source == "api":
                await _welcome(work, session)
            run.state = "done" if all_green(run) else "waiting"
            run.finished_at, run.problem = now, None
            await provisioning.note(session, run, run.state, at=now)
        state = run.state
    return {"state": state}


async def _begin(work: Work, tenant_id: UUID, run_id: UUID, name: str) -> bool:
    """Note that a step begins. False when the run is to be undone instead."""
    now = work.clock.now()
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        tenant = await tenancy.get_tenant(session)
        if run.cancel_wanted or tenant.status == "closed" or run.state in ("undoing", "failed", "canceled"):
            run.cancel_wanted = True
            return False
        if await provisioning.earlier_open(session, run_id):
            raise Unavailable("an earlier run of this tenant is still being undone")
        step = await provisioning.step(session, run_id, name)
        if step.state != "done":
            if run.state == "queued":
                run.state = "running"
            step.state, step.attempts = "running", step.attempts + 1
            step.started_at = step.started_at or now
            await provisioning.note(
                session, run, "step_started", at=now, step=name, detail={"attempt": step.attempts}
            )
    return True


async def _settle(
    work: Work,
    tenant_id: UUID,
    run_id: UUID,
    name: str,
    write: Callable[[Session, Provisioning], Awaitable[Mapping[str, Any]]],
) -> None:
    """Store what a step has made and that it is done, once: who comes second changes nothing."""
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        if (await provisioning.step(session, run_id, name)).state == "done":
            return
        detail = await write(session, run)
        await step_done(session, run, name, work.clock, detail)


async def _registration(work: Work, tenant_id: UUID, run_id: UUID) -> None:
    """Done with the request or the call itself; here it is only looked at."""

    async def write(session: Session, run: Provisioning) -> Mapping[str, Any]:
        tenant = await tenancy.get_tenant(session)
        return {"slug": tenant.slug}

    await _settle(work, tenant_id, run_id, "registration", write)


async def _resources(work: Work, tenant_id: UUID, run_id: UUID) -> None:
    """The plan's limits, the data key, the standard rules and law, and the people's part."""

    async def write(session: Session, run: Provisioning) -> Mapping[str, Any]:
        tenant = await tenancy.get_tenant(session)
        if tenant.plan is not None and tenant.plan not in {p.value for p in plans.all_plans()}:
            raise Refused(f"there is no plan {tenant.plan}", code="unknown_plan")
        if tenant.plan and not plans.allows(tenant.plan, "users", tenant.team_size or 1):
            raise Refused("the team does not fit the plan", code="does_not_fit")
        sealed = await work.vault.encrypt(session, "provisioning", b"key check")
        opened = await work.vault.decrypt(session, "provisioning", sealed)
        if opened != b"key check":
            raise Refused("the data key does not open what it sealed", code="data_key")
        run.resources = run.resources | {"data_key": True}
        if run.source == "api":
            # a conversation asks for the rules itself, and for the yes to fair housing first
            law = {"compliance": compliance.profile_for(tenant.states)}
            await provisioning.standard_rules(session, rules.standard_rules() | law)
        await assistance.open_review(session, [item.name for item in review_items(tenant.plan)])
        await plan_people(session, tenant, work.clock)
        return {"plan": tenant.plan, "limits": limits_of(tenant.plan), "data_key": "opens"}

    await _settle(work, tenant_id, run_id, "resources", write)


def limits_of(plan: str | None) -> dict[str, Any]:
    """The plan's quotas as data (A016); None means there is no limit."""
    if plan is None:
        return {}
    one = plans.plan(plan)
    return {
        name: getattr(one, name)
        for name in ("api_calls", "voice_minutes", "storage_gb", "users", "integrations")
    }


async def plan_people(session: Session, tenant: tenancy.Tenant, clock: Clock) -> None:
    """The specialist's tasks (tier 2) or the project's milestones (tier 3), with dates (A009, A010)."""
    for place, (kind, item) in enumerate(tasks_for(tenant.tier), 1):
        due = clock.now() + timedelta(days=item.days or 0)
        await assistance.plan_task(
            session, kind, item.name, {"title": item.title, "place": place, "due_at": due}
        )


async def _infrastructure(work: Work, tenant_id: UUID, run_id: UUID) -> None:
    """The carrier's account and the number, the agent, and the places where integrations go."""
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        line = await lines.current(session)
        codes = [] if line is not None or run.source != "api" else _codes(work)
        # what may be bought is noted before it is: whoever undoes it after a crash knows where to look
        run.resources = run.resources | {"codes": codes, "account": account_name(tenant_id)}
    account = None
    if work.ports.accounts is not None:
        account = await work.ports.accounts.ensure(account_name(tenant_id))
    candidates = await _number(work, tenant_id, codes) if codes else None

    async def write(session: Session, run: Provisioning) -> Mapping[str, Any]:
        made: dict[str, Any] = {"monitoring": "labelled with the tenant"}
        if account is not None:
            run.resources = run.resources | {"account_sid": account.sid}
            made["account"] = account.sid
            if account.token is not None:
                await work.vault.seal(session, "carrier.token", account.token)
        line = await lines.current(session)
        if line is None and candidates is not None:
            line = await lines.claim(session, candidates)
            if line is None:
                raise Unavailable("the number was taken by somebody else meanwhile")
        if line is None and run.source == "api":
            raise Refused("no telephone number is to be had", code="no_number")
        if line is not None:
            run.resources = run.resources | {"number": line.e164}
            made["number"] = line.e164
        if run.source == "api":
            made |= await _furnish(session, Order.of(run.request))
        return made

    await _settle(work, tenant_id, run_id, "infrastructure", write)


def account_name(tenant_id: UUID) -> str:
    """What the carrier's account of a tenant is called."""
    return f"seiketsu:{tenant_id}"


def _codes(work: Work) -> list[str]:
    first = standards.area_code(work.ports.onboarding_number)
    codes = [first] if first and is_area_code(first) else []
    return codes + [code for code in policy().area_codes if code not in codes]


async def _number(work: Work, tenant_id: UUID, codes: list[str]) -> dict[str, Any] | None:
    """A number bought under the tenant's own key, so once; where they cost nothing, all to choose from."""
    free: dict[str, Any] | None = None
    for code in codes:
        found = await work.ports.numbers.find(code, key=f"{tenant_id}:{code}")
        if not found.candidates:
            continue
        if found.sid is not None:
            return {"candidates": list(found.candidates), "provider": found.provider, "sid": found.sid}
        free = free or {"candidates": [], "provider": found.provider}
        free["candidates"] += found.candidates
    return free


async def _furnish(session: Session, wanted: Order) -> dict[str, Any]:
    """The agent with the standard and what was wished for, the lead list, and the CRMs that were named."""
    tenant = await tenancy.get_tenant(session)
    profile = {
        "voice_profile": wanted.voice_profile,
        "languages": [LOCALES.get(wanted.language, wanted.language)],
        "hours": {day: spans for day, spans in standard_hours().items() if spans},
        "greeting": compliance.without_prefix(standards.standard_greeting(tenant.brand_name)),
        "persona_name": voices.voices().default_persona,
    }
    await provisioning.standard_profile(session, profile)
    tested = await BuiltInList(session).test()
    test = {"ok": tested.ok, "detail": tested.detail}
    await integrations.upsert_integration(session, "crm", "builtin", state=tested.state, last_test=test)
    for vendor in wanted.integration_requirements:
        if vendor != "builtin":
            await integrations.upsert_integration(session, "crm", vendor, state="pending_link")
    return {
        "agent": profile["voice_profile"],
        "integrations": ["builtin", *wanted.integration_requirements],
        "waits_for": {v: crms.waits_for(v) for v in wanted.integration_requirements if v != "builtin"},
    }


async def _validation(work: Work, tenant_id: UUID, run_id: UUID) -> None:
    """Four checks, each really made; their results are stored whatever they are (A018)."""
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id)
        source, known = run.source, dict(run.checks)
    found: dict[str, dict[str, Any]] = {}
    wall = await isolation(work.db, tenant_id)
    stranger = await _sees_another(work, tenant_id)
    attack = await work.ports.check_security(tenant_id) if work.ports.check_security else None
    found["isolation"] = {
        "ok": wall.holds and not stranger and (attack is None or bool(attack["passed"])),
        "tables": wall.tables,
        "rows_without_tenant": wall.without_tenant,
        "rows_of_others": wall.of_others,
        "unforced_tables": wall.unforced,
        "another_tenant_seen": stranger,
        "attack": dict(attack["checks"]) if attack is not None else {},
    }
    found["credentials"] = await _credentials(work, tenant_id, known.get("credentials"), source)
    if source == "api":
        if work.ports.rehearse is None:
            raise Refused("test conversations cannot be placed here", code="no_rehearsal")
        results = [dict(one) for one in await work.ports.rehearse(tenant_id)]
        found |= judge(results)
    else:
        # the caller is still setting the agent up, and its test calls are a step of that very call
        later = {"ok": None, "later": "placed by the set-up itself, once the agent is configured"}
        found |= {name: known.get(name) or later for name in ("conversation", "latency")}
        results = []

    async def write(session: Session, run: Provisioning) -> Mapping[str, Any]:
        at = work.clock.now().isoformat()
        run.checks = run.checks | {name: {**result, "at": at} for name, result in found.items()}
        if results:
            await launch.keep_rehearsals(session, results, now=work.clock.now())
        return {name: result["ok"] for name, result in found.items()}

    red = [name for name, result in found.items() if result["ok"] is False]
    if red:
        async with work.db.tenant(tenant_id) as session:
            run = await provisioning.run_of(session, run_id, lock=True)
            at = work.clock.now().isoformat()
            run.checks = run.checks | {name: {**result, "at": at} for name, result in found.items()}
        raise Refused(f"these checks failed: {', '.join(red)}", code="checks_failed")
    await _settle(work, tenant_id, run_id, "validation", write)


async def _sees_another(work: Work, tenant_id: UUID) -> bool:
    """Whether this tenant's own session can see a tenant that is not its own: the house, which always is."""
    async with work.db.tenant(tenant_id) as session:
        try:
            await tenancy.get_tenant(session, HOUSE_TENANT)
        except NotFound:
            return False
    return True


async def _credentials(
    work: Work, tenant_id: UUID, known: Mapping[str, Any] | None, source: str
) -> dict[str, Any]:
    """That the admin has a way in that must be changed, or has changed it already."""
    async with work.db.tenant(tenant_id) as session:
        owner = await owner_of(session)
        if owner is None:
            return {"ok": None, "later": "the admin has not named an e-mail yet"}
        held = await identity.credential(session, owner.id)
        if source != "api" and (held is None or held.password_hash is None):
            return {"ok": True, "way": "one-time link by e-mail"}
        opened = bool((known or {}).get("opened"))
        usable = held is not None and held.password_hash is not None
        temporary = held is not None and held.must_change and held.temporary_until is not None
        chosen = held is not None and not held.must_change
        return {
            "ok": opened and usable and (temporary or chosen),
            "opened": opened,
            "must_change": temporary,
            "chosen": chosen,
        }


async def _welcome(work: Work, session: Session) -> None:
    """The letter that proves the address, with the terms and the plan's link (A015)."""
    tenant, owner = await tenancy.get_tenant(session), await owner_of(session)
    if owner is None:
        return
    urls = {}
    for purpose, name in (("verify_email", "verify_url"), ("terms", "terms_url"), ("billing", "billing_url")):
        token = new_token()
        await outbox.create_link(
            session,
            token_hash=fingerprint(token),
            purpose=purpose,
            payload={"member_id": str(owner.id)},
            expires_at=work.clock.now() + letters.BY_MAIL,
        )
        urls[name] = f"{work.public_url}/l/{token}"
    version = compliance.compliance().terms.version
    facts = {"name": owner.name, "organization": tenant.brand_name, "terms_version": version, **urls}
    text = message("provisioned", facts)
    await outbox.queue_message(session, kind="email", to=owner.email, subject=text.subject, body=text.body)


_STEPS: Mapping[str, Callable[[Work, UUID, UUID], Awaitable[None]]] = {
    "registration": _registration,
    "resources": _resources,
    "infrastructure": _infrastructure,
    "validation": _validation,
}


# --- undoing --------------------------------------------------------------------------------------------


async def begin_undoing(work: Work, tenant_id: UUID, run_id: UUID) -> Outcome:
    """The run goes backwards from here; nothing makes it go forward again."""
    now = work.clock.now()
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        if run.state not in ("undoing", "failed", "canceled"):
            run.state = "undoing"
            await provisioning.note(session, run, "undoing", at=now, detail=run.problem or {})
    return {}


async def undo(work: Work, tenant_id: UUID, run_id: UUID, name: str) -> Outcome:
    """Take back what a step has made, however far it came. May be done twice. Unavailable."""
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id)
        step = await provisioning.step(session, run_id, name)
        untouched, gone = step.state == "waiting", step.state == "undone"
    if gone:
        return {}
    taken: dict[str, Any] = {}
    if not untouched or name == "registration":
        back = _UNDO.get(name)
        taken = await back(work, tenant_id, run) if back is not None else {}
    now = work.clock.now()
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        step = await provisioning.step(session, run_id, name)
        if step.state not in ("undone", "waiting"):
            step.state, step.finished_at = "undone", now
            await provisioning.note(session, run, "step_undone", at=now, step=name, detail=taken)
    return {}


async def end_undoing(work: Work, tenant_id: UUID, run_id: UUID) -> Outcome:
    """Everything is taken back."""
    now = work.clock.now()
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        if run.state == "undoing":
            run.state = "failed" if run.problem else "canceled"
            run.finished_at = now
            await provisioning.note(session, run, run.state, at=now, detail=run.problem or {})
            await receipts.audit(
                session,
                actor="provisioning",
                action=f"provisioning {run.state}",
                subject=str(run.id),
                at=now,
                after={"problem": run.problem},
            )
        state = run.state
    return {"state": state}


async def _undo_infrastructure(work: Work, tenant_id: UUID, run: Provisioning) -> dict[str, Any]:
    """The number back to the carrier, and the carrier's account closed."""
    taken: dict[str, Any] = {}
    if run.source == "api":
        async with work.db.tenant(tenant_id) as session:
            held = [(line.e164, line.provider_sid) for line in await tenancy.numbers(session)]
        for code in run.resources.get("codes", ()):
            # bought, and the worker died before it could be noted
            found = await work.ports.numbers.owned(key=f"{tenant_id}:{code}")
            held += [(e164, found.sid) for e164 in found.candidates if (e164, found.sid) not in held]
        for e164, sid in held:
            await work.ports.numbers.release(e164, sid)
            async with work.db.tenant(tenant_id) as session:
                await tenancy.release_number(session, e164)
        taken["numbers"] = [e164 for e164, _ in held]
    async with work.db.tenant(tenant_id) as session:
        newest = await provisioning.latest(session)
    if newest is not None and newest.id != run.id:
        return taken | {"account": "kept: a later run uses it"}
    if work.ports.accounts is not None:
        await work.ports.accounts.shut(account_name(tenant_id))
        taken["account"] = "closed"
    return taken


async def _undo_resources(work: Work, tenant_id: UUID, run: Provisioning) -> dict[str, Any]:
    """The data key destroyed; a conversation's client keeps its own, it may come back."""
    if run.source != "api":
        return {}
    async with work.db.tenant(tenant_id) as session:
        await work.vault.shred(session, at=work.clock.now())
    return {"data_key": "shredded"}


async def _undo_registration(work: Work, tenant_id: UUID, run: Provisioning) -> dict[str, Any]:
    """The tenant closed, its people without a way in, its name free again. A conversation undoes its own."""
    if run.source != "api":
        return {}
    async with work.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        if tenant.status == "closed":
            return {"tenant": "closed"}
        for member in await tenancy.members(session):
            await identity.close_sessions(session, member.id)
            await identity.void_links(session, member.id, purposes=("setup", "reset", "verify_email"))
            await identity.forget_credential(session, member.id)
            member.status = "removed"
        await tenancy.set_status(session, "closed", at=work.clock.now())
        suffix = f"-closed-{tenant.id.hex[-6:]}"
        await tenancy.update_tenant(session, slug=tenant.slug[: 40 - len(suffix)] + suffix)
    return {"tenant": "closed"}


_UNDO: Mapping[str, Callable[[Work, UUID, Provisioning], Awaitable[dict[str, Any]]]] = {
    "infrastructure": _undo_infrastructure,
    "resources": _undo_resources,
    "registration": _undo_registration,
}


# --- what people ask of a run ----------------------------------------------------------------------------


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
