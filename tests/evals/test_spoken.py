"""Scenarios of pipecat.evals in sound: a caller's voice, the embedded recogniser, real turn taking."""

from __future__ import annotations

import shutil
import tempfile
import wave
from pathlib import Path

import pytest
import yaml
from pipecat.evals.scenario import EvalScenarioFile
from pipecat.evals.session import EvalSession, EvalSessionParams

from agent.speech.providers import stub
from agent.speech.recognizer import Recognizer
from simulate.voice import PiperVoice
from tests.evals.conftest import Door
from tests.speech.conftest import model_cache

SPOKEN = Path(__file__).parent / "spoken" / "onboarding.yaml"
NAMES = [scenario["name"] for scenario in yaml.safe_load(SPOKEN.read_text())["scenarios"]]


@pytest.fixture
async def spoken(tmp_path: Path) -> EvalScenarioFile:
    """The file with a sound for every turn beside it."""
    voice = PiperVoice(Path(tempfile.gettempdir()) / "seiketsu-test-voice")
    shutil.copy(SPOKEN, tmp_path / SPOKEN.name)
    for scenario in yaml.safe_load(SPOKEN.read_text())["scenarios"]:
        for turn in scenario["turns"]:
            if "audio" not in turn:
                continue
            with wave.open(str(tmp_path / turn["audio"]), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(8000)
                file.writeframes((await voice.samples(turn["user"])).tobytes())
    await voice.close()
    return EvalScenarioFile.load(tmp_path / SPOKEN.name)


@pytest.fixture(scope="module")
def ears(engine):
    """The engine of the text scenarios with real ears."""
    engine.recognizer = Recognizer(model_cache(), model="base", workers=2)
    engine.recognizer.load()
    engine.recognizer.warm()
    yield
    engine.recognizer.close()
    engine.recognizer = None


@pytest.mark.speech
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
async def test_scenario(
    name: str, spoken: EvalScenarioFile, ears: None, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stub, "SECONDS_PER_CHARACTER", 0.03)  # twice as fast as a person
    stub.tone.cache_clear()
    scenario = spoken[f"onboarding/{name}"]
    params = EvalSessionParams(default_timeout_ms=15_000)
    result = await EvalSession.from_scenario(scenario, door.line("onboarding"), params=params).run()
    stub.tone.cache_clear()
    assert result.passed, "\n".join([*map(str, result.failures), *result.debug_log[-40:]])
