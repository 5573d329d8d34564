"""Callers of tests/scenarios and of simulate/scripts against the real service, in text over HTTP."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.console import Console

from simulate import show
from simulate.client import ServiceClient
from simulate.script import DoorName, Script, load_folder, load_script
from simulate.suite import Stage, play
from stores.db import Database
from tests.simulate.service import serving
from tests.web.conftest import HOUSE, KEY, make_app, settings_for

ROOT = Path(__file__).parents[2]
SCENARIOS = load_folder(ROOT / "tests/scenarios")
BROKERS = ("broker", "broker_short", "broker_resumes")


@pytest.fixture
async def stage(db: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    async with serving(make_app(settings_for(tmp_path), db)) as url:
        client = ServiceClient(url, KEY)
        yield Stage(client, HOUSE)
        await client.close()


async def passes(script: Script, stage: Stage, door: DoorName = "chat") -> None:
    """Play it; what was said is shown when it fails."""
    seen = io.StringIO()
    console = Console(file=seen, width=140, emoji=False)
    result = await play(script, stage, door, on_exchange=lambda who, what: show.exchange(console, who, what))
    assert (result.failures, result.troubles) == ([], []), seen.getvalue()


@pytest.mark.parametrize("script", SCENARIOS, ids=lambda script: script.caller)
async def test_scenario(script: Script, stage: Stage) -> None:
    await passes(script, stage)


@pytest.mark.parametrize("name", BROKERS)
async def test_a_brokerage_sets_itself_up_and_its_leads_are_kept(name: str, stage: Stage) -> None:
    await passes(load_script(ROOT / f"simulate/scripts/{name}.yaml"), stage)
    if name == "broker":
        for lead in ("lead_buyer", "lead_seller"):
            await passes(load_script(ROOT / f"simulate/scripts/{lead}.yaml"), stage)


async def test_the_same_over_a_chat_socket(stage: Stage) -> None:
    script = load_script(ROOT / "simulate/scripts/broker.yaml")
    await passes(script, stage, "socket")
