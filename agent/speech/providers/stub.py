"""Speech that costs nothing, for load measurements and tests: tones out, one fixed sentence in."""

from __future__ import annotations

import math
from array import array
from collections.abc import AsyncGenerator
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from pipecat.frames.frames import Frame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from agent.speech.heard import Heard
from agent.speech.providers.base import Parts, Provider, SpeechProfile
from agent.speech.recognizer import Recognizer
from agent.speech.stt import EmbeddedSTTService
from agent.speech.whistle import TextList, read

SECONDS_PER_CHARACTER = 0.06
_SAID = "yes that is right"


@lru_cache(maxsize=64)
def tone(characters: int, rate: int) -> bytes:
    """A 300 Hz tone as long as a sentence of so many characters takes to say, 16-bit mono PCM."""
    count = int(min(8.0, max(0.3, characters * SECONDS_PER_CHARACTER)) * rate)
    return array("h", (int(8000 * math.sin(2 * math.pi * 300 * i / rate)) for i in range(count))).tobytes()


class StubRecognizer:
    """Hears the option ``stub_says`` (a fixed sentence) in everything that is longer than a cough.

    With ``texts`` it hears what is whistled (agent.speech.whistle), and nothing where nothing is.
    """

    model_name = "stub"
    p99_seconds = 0.4
    idle = True

    def __init__(self, said: str = _SAID, texts: TextList | None = None):
        self._said, self._texts = said, texts

    def speaks(self, language: str) -> bool:
        """Every language alike."""
        return True

    async def hear(self, pcm: bytes, rate: int, **_: Any) -> Heard:
        """At once."""
        seconds = len(pcm) / 2 / rate
        if self._texts is not None:
            number = read(np.frombuffer(pcm, "<i2"), rate)
            said = self._texts.text(number) if number is not None else None
            return Heard(said, 0.95, seconds=seconds) if said else Heard(dropped="silence")
        return Heard(self._said, 0.95, seconds=seconds) if seconds > 0.3 else Heard(dropped="silence")


class StubTTSService(TTSService):
    """Speaks in tones."""

    def __init__(self, pace: float | None = None) -> None:
        self._pace = pace
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="stub", voice="tone", language="en"),
        )

    def can_generate_metrics(self) -> bool:
        """As the embedded voice does."""
        return True

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """One tone a sentence."""
        await self.stop_ttfb_metrics()
        length = round(len(text) * self._pace) if self._pace else len(text)
        yield TTSAudioRawFrame(tone(length, self.sample_rate), self.sample_rate, 1, context_id=context_id)


def ears(profile: SpeechProfile, parts: Parts) -> FrameProcessor:
    """The embedded service with the work taken out."""
    path = parts.options.get("stub_texts")
    stub = StubRecognizer(parts.options.get("stub_says") or _SAID, TextList(Path(path)) if path else None)
    return EmbeddedSTTService(cast(Recognizer, stub), language=profile.language)


def mouth(profile: SpeechProfile, parts: Parts) -> FrameProcessor:
    """Tones; the option ``stub_pace`` (1.0: as long as the words would take) makes them shorter."""
    pace = parts.options.get("stub_pace")
    return StubTTSService(float(pace) if pace else None)


PROVIDER = Provider("stub", stt=ears, tts=mouth, production=False)
