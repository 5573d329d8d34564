"""What is left to do outside when a client has been closed (A037)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from jobs.work import Result, Steps
from tools import standing
from tools.base import Work


async def close_tenant(work: Work, steps: Steps, tenant_id: UUID, args: Mapping[str, Any]) -> Result:
    """Numbers and the carrier's account are given back."""
    for name, step in (
        ("numbers", partial(standing.give_back_numbers, work, tenant_id)),
        ("account", partial(standing.shut_account, work, tenant_id)),
    ):
        done: Result = await steps.do(name, step, tries=12)
        if "failed" in done:
            return done
    return {}
