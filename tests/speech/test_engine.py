"""The engine: ready only when warm, services per call, providers by name, problems told beforehand."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pipecat.frames.frames import TTSAudioRawFrame, TTSSpeakFrame
from pipecat.pipeline.worker import PipelineParams
from pipecat.tests.utils import run_test

from agent.speech import engine as engine_module
from agent.speech.engine import SpeechEngine
from agent.speech.providers import providers
from agent.speech.providers.base import SpeechProfile
from core.errors import InvalidInput, StartupError
from tests.speech.conftest import model_cache

OPTIONS = {"openai_api_key": "k", "openai_base_url": "http://127.0.0.1:9/v1"}


@pytest.fixture(scope="module")
def engine():
    engine = SpeechEngine(model="base", options=OPTIONS)

    async def start():
        await engine.load(model_cache())
        assert not engine.ready, "loaded is not warm"
        await engine.warm()

    with ThreadPoolExecutor(1) as aside:  # a loop of its own, so that the fixture can serve a module
        aside.submit(asyncio.run, start()).result()
    yield engine
    engine.close()


@pytest.mark.speech
class TestLoaded:
    async def test_a_call_costs_next_to_nothing(self, engine):
        assert engine.ready and engine.recognizer.measured_ms > 0
        engine.for_call()
        took = []
        for _ in range(20):
            began = time.perf_counter()
            engine.for_call(SpeechProfile(speed=1.1), vocabulary=("kvCORE",))
            took.append(time.perf_counter() - began)
        assert sorted(took)[10] < 0.005

    async def test_calls_share_weights_and_nothing_else(self, engine):
        one, two = engine.for_call(), engine.for_call(patience="short", muted=True)
        assert one.turns.vad._model is not two.turns.vad._model
        assert one.turns.vad._model._session is two.turns.vad._model._session
        one.turns.control.mute(False)
        one.stt.set_vocabulary(("kvCORE",))
        assert two.turns.control.muted and two.stt._words == ()

    async def test_primed_phrases_are_those_that_will_be_spoken(self, engine):
        asked = "Is it (303) 555-0142?"
        assert await engine.prime([asked]) == 1
        misses = engine.cache.tally.misses
        line = PipelineParams(audio_out_sample_rate=8000)
        speak = [TTSSpeakFrame(asked)]
        down, _ = await run_test(engine.for_call().tts, frames_to_send=speak, pipeline_params=line)
        assert any(isinstance(f, TTSAudioRawFrame) for f in down)
        assert engine.cache.tally.misses == misses

    async def test_openai_services_are_built_for_the_given_endpoint(self, engine):
        services = engine.for_call(
            SpeechProfile(stt="openai", tts="openai", voice="nova"), vocabulary=("kvCORE",)
        )
        assert str(services.stt._client.base_url) == "http://127.0.0.1:9/v1/"
        assert services.tts._settings.voice == "nova" and services.stt._settings.prompt == "kvCORE"

    @pytest.mark.parametrize(("language", "sent"), [("en", True), ("es", True), ("", False)])
    async def test_an_endpoint_is_told_the_language_of_the_line_or_finds_it_out(
        self, engine, language: str, sent: bool
    ) -> None:
        asked: list[dict[str, Any]] = []

        async def create(**how: Any) -> Any:
            asked.append(how)
            return SimpleNamespace(text="Hola")

        ears = engine.for_call(
            SpeechProfile(stt="openai", tts="stub", language=language), vocabulary=("kvCORE",)
        ).stt
        ears._client = SimpleNamespace(audio=SimpleNamespace(transcriptions=SimpleNamespace(create=create)))
        assert (await ears._transcribe(b"RIFF")).text == "Hola"
        assert asked[0].get("language") == (language if sent else None) and asked[0]["prompt"] == "kvCORE"

    async def test_the_stub_needs_no_models_and_speaks_in_tones(self, engine):
        services = engine.for_call(SpeechProfile(stt="stub", tts="stub"))
        down, _ = await run_test(services.tts, frames_to_send=[TTSSpeakFrame("Hello.")])
        assert sum(len(f.audio) for f in down if isinstance(f, TTSAudioRawFrame)) > 1000


def test_problems_of_a_profile_are_told_all_at_once_with_a_next_step():
    engine = SpeechEngine(production=True)
    problems = engine.check(SpeechProfile(stt="stub", tts="openai"))
    assert [p.where for p in problems] == ["stt", "openai_api_key"]
    assert "embedded" in problems[0].next_step and "stub" not in problems[0].next_step
    with pytest.raises(InvalidInput):
        engine.for_call(SpeechProfile(stt="nobody"))


def test_every_provider_file_is_found_and_the_stub_is_not_for_production():
    found = providers()
    assert {"embedded", "openai", "stub", "piper_http"} <= set(found)
    assert [p.name for p in found.values() if not p.production] == ["stub"]
    assert found["piper_http"].stt is None


async def test_a_changed_pipecat_is_refused_at_start(monkeypatch, tmp_path):
    monkeypatch.setattr(engine_module, "changed", lambda: ["VADAnalyzer._run_analyzer"])
    with pytest.raises(StartupError, match="uv sync"):
        await SpeechEngine().load(tmp_path)


def test_profiles_are_plain_values():
    assert replace(SpeechProfile(), speed=1.1) == SpeechProfile(speed=1.1)
