"""Scenarios of pipecat.evals in text: the same pipeline, turn book and conversation as a call."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pipecat.evals.scenario import EvalScenarioFile
from pipecat.evals.session import EvalSession, EvalSessionParams

from service.app import create_app
from tests.evals.conftest import Door
from tests.web.conftest import settings_for

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
AT_ONCE = 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_scenarios(path: Path, door: Door) -> None:
    """Each is a call of its own; most of their time is waiting, so several are on at once."""
    room = asyncio.Semaphore(AT_ONCE)

    async def play(scenario: Any) -> Any:
        async with room:
            params = EvalSessionParams(default_timeout_ms=5000)
            return await EvalSession.from_scenario(scenario, door.line(scenario.name), params=params).run()

    results = await asyncio.gather(*(play(scenario) for scenario in EvalScenarioFile.load(path)))
    wrong = [
        "\n".join([result.scenario_name, *map(str, result.failures), *result.debug_log[-40:]])
        for result in results
        if not result.passed
    ]
    assert not wrong, "\n\n".join(wrong)


def test_the_service_has_no_such_door(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    assert not [route for route in app.routes if "eval" in getattr(route, "path", "")]
