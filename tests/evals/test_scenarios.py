"""Scenarios of pipecat.evals in text: the same pipeline, turn book and conversation as a call."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipecat.evals.scenario import EvalScenarioFile
from pipecat.evals.session import EvalSession, EvalSessionParams

from server import create_app
from tests.evals.conftest import Door
from tests.web.conftest import settings_for

HERE = Path(__file__).parent
SCENARIOS = [scenario for path in sorted(HERE.glob("*.yaml")) for scenario in EvalScenarioFile.load(path)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_scenario(scenario, door: Door) -> None:
    params = EvalSessionParams(default_timeout_ms=5000)
    result = await EvalSession.from_scenario(scenario, door.line(scenario.name), params=params).run()
    assert result.passed, "\n".join([*map(str, result.failures), *result.debug_log[-40:]])


def test_the_service_has_no_such_door(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    assert not [route for route in app.routes if "eval" in getattr(route, "path", "")]
