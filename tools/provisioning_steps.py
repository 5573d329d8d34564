"""The steps of provisioning, each recorded (A015-A018).

Each may be done twice, by two workers at once even: what is outside is asked for by a key of the tenant's,
and what is stored is stored under the lock of the run, by the first who comes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.errors import Refused, SeiketsuError, Unavailable
from core.ids import fingerprint, new_token
from integrations.numbers import is_area_code
from policies import compliance, crms, greetings, plans, rules, standards, voices
from policies.business_hours import standard as standard_hours
from policies.provisioning import provisioning as policy
from policies.provisioning import review_items, tasks_for
from prompts.messages import message
from stores import (
    assistance,
    integrations,
    outbox,
    provisioning,
    tenancy,
)
from stores.db import Session
from stores.provisioning import Provisioning
from tools import letters, lines
from tools.base import Work
from tools.connections import BuiltInList
from tools.provisioning import Order, account_name
from tools.provisioning_checks import validation
from tools.registration import owner_of
from tools.runs import all_green, settle
from tools.voice import LOCALES

Outcome = dict[str, Any]
"""How a step came out: ``state``, and what is to be known of it."""


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


async def _registration(work: Work, tenant_id: UUID, run_id: UUID) -> None:
    """Done with the request or the call itself; here it is only looked at."""

    async def write(session: Session, run: Provisioning) -> Mapping[str, Any]:
        tenant = await tenancy.get_tenant(session)
        return {"slug": tenant.slug}

    await settle(work, tenant_id, run_id, "registration", write)


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

    await settle(work, tenant_id, run_id, "resources", write)


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

    await settle(work, tenant_id, run_id, "infrastructure", write)


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
        "greeting": compliance.without_prefix(greetings.standard_greeting(tenant.brand_name)),
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
    "validation": validation,
}
