"""Provisioning as durable work: four steps forward, or as many back (A015-A019)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from jobs.work import Result, Steps
from stores.provisioning import STEPS
from tools import provisioning_back, provisioning_steps
from tools.base import Work

FORWARD_TRIES, BACK_TRIES = 7, 12
"""A carrier or a database that is away is waited for, about 15 seconds forward and eight minutes back."""


async def provision(work: Work, steps: Steps, tenant_id: UUID, args: Mapping[str, Any]) -> Result:
    """Do what is left of a run's steps; when one fails, or somebody has canceled, undo them in reverse."""
    run_id = UUID(args["provisioning_id"])
    for name in STEPS:
        came = await steps.do(
            name, partial(provisioning_steps.do, work, tenant_id, run_id, name), tries=FORWARD_TRIES
        )
        if came.get("state") != "done":
            if came.get("failed") and came.get("state") != "failed":
                # it never came to an answer of its own: the carrier stayed away, or we have a fault
                note = partial(_note, work, tenant_id, run_id, name, str(came["failed"]), str(came["why"]))
                await steps.do(f"note {name}", note, tries=BACK_TRIES)
            break
    else:
        came = await steps.do(
            "end", partial(provisioning_steps.end, work, tenant_id, run_id), tries=BACK_TRIES
        )
        if came.get("state") != "stop":
            return came
    return await _back(work, steps, tenant_id, run_id)


async def _back(work: Work, steps: Steps, tenant_id: UUID, run_id: UUID) -> Result:
    begin = partial(provisioning_back.begin_undoing, work, tenant_id, run_id)
    await steps.do("begin undoing", begin, tries=BACK_TRIES)
    for name in reversed(STEPS):
        back = partial(provisioning_back.undo, work, tenant_id, run_id, name)
        gone = await steps.do(f"undo {name}", back, tries=BACK_TRIES)
        if "failed" in gone:
            return gone  # the run stays "undoing", for somebody to look at and to retry
    return await steps.do(
        "end undoing", partial(provisioning_back.end_undoing, work, tenant_id, run_id), tries=BACK_TRIES
    )


async def _note(work: Work, tenant_id: UUID, run_id: UUID, name: str, code: str, why: str) -> Result:
    await provisioning_steps.fail(work, tenant_id, run_id, name, code, why)
    return {}
