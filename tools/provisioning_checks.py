"""Provisioning's last step: isolation, credentials, conversation and latency, really tried (A018)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.errors import NotFound, Refused
from core.ids import HOUSE_TENANT
from stores import (
    identity,
    provisioning,
    tenancy,
)
from stores.db import Session
from stores.probe import isolation
from stores.provisioning import Provisioning
from tools import launch
from tools.base import Work
from tools.registration import owner_of
from tools.runs import judge, settle


async def validation(work: Work, tenant_id: UUID, run_id: UUID) -> None:
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
    await settle(work, tenant_id, run_id, "validation", write)


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
