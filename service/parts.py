"""What the conversations and the durable work of a process share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from agent.acts import COMMANDS
from agent.parts import Parts
from agent.rehearsal import Rehearsal
from core.errors import Problem
from core.settings import Settings
from flows.linter import check_folder
from flows.loader import load_all
from integrations.twilio import Twilio
from jobs.catalogue import CATALOGUE
from jobs.engine import Engine
from jobs.requests import Requests
from service.outside import make_carrier, make_ports
from stores.cluster import Cluster
from stores.db import Database
from stores.vault import open_vault
from tools import registry
from tools.admission import Admission, Rationed
from tools.base import CheckSecurity, Work
from web.self_check import check_security

FLOWS = Path(__file__).parents[1] / "flows"


def flow_problems() -> list[Problem]:
    """Everything the linter finds in the shipped flows, with file, line and key."""
    from agent.understanding.types import slot_types

    return check_folder(FLOWS, types=tuple(slot_types()), tools=registry.specs(), commands=COMMANDS)


def make_parts(
    settings: Settings,
    db: Database,
    carrier: Twilio | None = None,
    on_job: Callable[[], None] | None = None,
) -> Parts:
    """What every conversation of this process shares. ``on_job``: wakes the worker, where one runs here."""
    parts = Parts(
        db=db,
        flows=load_all(FLOWS),
        ports=replace(make_ports(settings, carrier), jobs=Requests(db, on_job)),
        public_url=settings.origin,
        onboarding_number=settings.onboarding_number,
    )
    admission = Admission(db, parts.clock, capacity=settings.lines)
    rehearse = Rationed(Rehearsal(parts), admission)
    parts = replace(parts, ports=replace(parts.ports, rehearse=rehearse, admission=admission))
    return replace(parts, ports=replace(parts.ports, check_security=make_check(settings, parts)))


def make_check(settings: Settings, parts: Parts) -> CheckSecurity:
    """The quick self-check of one client, against an application over these very parts (their loop's)."""
    from service.app import create_app  # which is made of these parts

    made: list[FastAPI] = []

    async def check(tenant_id: UUID) -> Mapping[str, Any]:
        if not made:
            made.append(create_app(settings))
            made[0].state.parts = parts
        return (await check_security(made[0], tenant_id=tenant_id, quick=True)).as_dict()

    return check


def make_worker(settings: Settings, cluster: Cluster) -> Engine:
    """Durable work, with parts of its own: they belong to the worker's loop."""

    def make_work(db: Database) -> Work:
        parts = make_parts(settings, db, make_carrier(settings), lambda: engine.nudge())
        return Work(db, parts.ports, parts.clock, open_vault(settings), settings.origin)

    engine = Engine(cluster, make_work, CATALOGUE)
    return engine
