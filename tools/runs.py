"""The record of a run: opened with the registration, noted, canceled; what the test conversations show of it.

Below registration and launch, which write to it in their own transactions; the steps are in provisioning.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.ranks import percentile
from policies import rules
from policies.provisioning import provisioning as policy
from stores import jobs, provisioning
from stores.db import Session
from stores.provisioning import Provisioning
from tools.base import Work

JOB = "provision"
CHECKS = ("conversation", "isolation", "latency", "credentials")
"""What step 4 finds out, and stores."""


async def record(session: Session, clock: Clock) -> Provisioning:
    """A conversation has just registered the session's tenant: its run, in the same transaction."""
    run = await provisioning.open_run(session, "conversation", at=clock.now())
    await step_done(session, run, "registration", clock, {"door": "conversation"})
    await ask(session, run)
    return run


async def ask(session: Session, run: Provisioning) -> None:
    """Want the steps of a run done, or undone, when this transaction has committed."""
    await jobs.ask(session, JOB, f"{JOB}:{run.id}:{run.attempt}", {"provisioning_id": str(run.id)})


async def step_done(
    session: Session, run: Provisioning, name: str, clock: Clock, detail: Mapping[str, Any]
) -> None:
    """Note that a step of a run (locked, or just made) is done; ``detail`` is shown to the operator."""
    now = clock.now()
    step = await provisioning.step(session, run.id, name)
    step.state, step.finished_at, step.detail = "done", now, dict(detail)
    step.started_at = step.started_at or now
    step.attempts = step.attempts or 1
    await provisioning.note(session, run, "step_done", at=now, step=name, detail=detail)


async def cancel(session: Session, *, at: datetime) -> Provisioning | None:
    """Have the session's tenant's newest run undone; None when there is nothing to undo."""
    run = await provisioning.latest(session, lock=True)
    if run is None or run.state in ("failed", "canceled", "undoing") or run.cancel_wanted:
        return None
    over = run.state in ("waiting", "done")
    run.cancel_wanted = True
    if over:
        run.state = "undoing"
        run.attempt += 1
        await ask(session, run)
    await provisioning.note(session, run, "cancel_wanted", at=at)
    return run


async def note_closed(session: Session, *, at: datetime) -> None:
    """The client is closed for good: a run that is under way stops, and undoes what it has made."""
    run = await provisioning.latest(session, lock=True)
    if run is not None and run.state in ("queued", "running"):
        run.cancel_wanted = True
        await provisioning.note(session, run, "cancel_wanted", at=at)


async def note_rehearsals(session: Session, results: list[dict[str, Any]], *, clock: Clock) -> None:
    """The set-up's own test calls are its end-to-end check: keep them with the run that waits for them."""
    run = await provisioning.latest(session, lock=True)
    if run is None or run.source != "conversation" or run.state in ("undoing", "failed", "canceled"):
        return
    at = clock.now().isoformat()
    run.checks = run.checks | {name: {**found, "at": at} for name, found in judge(results).items()}
    if run.state == "waiting" and all_green(run):
        run.state = "done"
        run.finished_at = clock.now()
        await provisioning.note(session, run, "done", at=clock.now())


def judge(results: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The end-to-end test and the latency baseline, from the test conversations."""
    failed = [str(one["name"]) for one in results if not one["passed"]]
    turns = [seconds for one in results for seconds in one.get("turns", ())]
    p50, p95 = percentile(turns, 0.5), percentile(turns, 0.95)
    baseline: dict[str, Any] = {"ok": None, "later": "no turn was measured"}
    if p50 is not None and p95 is not None:
        limit = policy().latency_p95_seconds
        baseline = {
            "ok": p95 <= limit,
            "turns": len(turns),
            "p50_ms": round(p50 * 1000, 1),
            "p95_ms": round(p95 * 1000, 1),
            "limit_ms": round(limit * 1000),
        }
    return {
        "conversation": {
            "ok": not failed and len(results) >= rules.rules().must_rehearse,
            "placed": len(results),
            "failed": failed,
        },
        "latency": baseline,
    }


def all_green(run: Provisioning) -> bool:
    """Whether all four checks of step 4 have passed."""
    return all((run.checks.get(name) or {}).get("ok") for name in CHECKS)


async def settle(
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
