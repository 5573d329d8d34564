"""Provisioning undone: what each step has made is taken back, in reverse; also twice (A019)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from stores import (
    identity,
    provisioning,
    receipts,
    tenancy,
)
from stores.provisioning import Provisioning
from tools.base import Work
from tools.provisioning import account_name


async def begin_undoing(work: Work, tenant_id: UUID, run_id: UUID) -> dict[str, Any]:
    """The run goes backwards from here; nothing makes it go forward again."""
    now = work.clock.now()
    async with work.db.tenant(tenant_id) as session:
        run = await provisioning.run_of(session, run_id, lock=True)
        if run.state not in ("undoing", "failed", "canceled"):
            run.state = "undoing"
            await provisioning.note(session, run, "undoing", at=now, detail=run.problem or {})
    return {}


async def undo(work: Work, tenant_id: UUID, run_id: UUID, name: str) -> dict[str, Any]:
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


async def end_undoing(work: Work, tenant_id: UUID, run_id: UUID) -> dict[str, Any]:
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
