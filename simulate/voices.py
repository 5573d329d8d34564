"""Every voice a caller can have, by name."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hibari import Hibari

from agent.speech.kokoro import SPEAKERS, Kokoro
from agent.speech.samples import Samples
from agent.speech.speakable import speakable
from agent.speech.timbre import EMBEDDED_VOICES
from agent.speech.timbre import speak as speak_embedded
from agent.speech.weights import HIBARI_VOICE, HIBARI_WORDS, verified
from core.errors import InvalidInput, Problem, StartupError
from simulate.voice import CachedVoice, PiperVoice, VoiceError

RATE_MADE = 24_000
"""Both engines make sound at this rate."""


@dataclass(frozen=True)
class Kind:
    """What is known of a voice: ``sex`` f or m, ISO 639-1 language, accent, and the engine behind it."""

    sex: str
    language: str
    accent: str
    engine: str


KINDS: dict[str, Kind] = {
    "joe": Kind("m", "en", "American", "piper"),
    **{name: Kind(s.sex, s.language, s.accent, "kokoro") for name, s in SPEAKERS.items()},
    "oak": Kind("m", "en", "American", "hibari"),
    "elm": Kind("m", "en", "American", "hibari"),
    "wren": Kind("f", "en", "American", "hibari"),
    "heart": Kind("f", "en", "American", "hibari"),
}
"""hibari's are the agent's own; the others no agent speaks English with."""

DEFAULT_VOICES = ("bella", "joe")
"""A woman and a man, of two engines."""
SPANISH_VOICES = ("dora", "alex")


class Engines:
    """The engines in this process, each loaded on first use, in whatever thread asks first."""

    def __init__(self, models: Path):
        self.models = models
        self._lock = threading.Lock()
        self._english: Hibari | None = None
        self._kokoro: Kokoro | None = None

    @property
    def english(self) -> Hibari:
        """hibari."""
        with self._lock:
            if self._english is None:
                verified(HIBARI_WORDS)
                self._english = Hibari(voice="heart", model=str(verified(HIBARI_VOICE)), threads=1)
            return self._english

    @property
    def kokoro(self) -> Kokoro:
        """Kokoro; raises StartupError where the extra is not installed."""
        english = self.english
        with self._lock:
            if self._kokoro is None:
                self._kokoro = Kokoro(self.models, english)
            return self._kokoro


class EngineVoice(CachedVoice):
    """A voice made in this process, in a thread; raises VoiceError where its engine is not installed."""

    def __init__(self, name: str, engines: Engines, cache: Path | None = None):
        super().__init__(cache)
        self.name, self.engines = name, engines
        self.style = f"{name}-3"

    async def made(self, text: str, speed: float) -> tuple[int, bytes]:
        """From the engine."""
        try:
            wave = await asyncio.to_thread(self._speak, text, speed)
        except StartupError as wrong:
            raise VoiceError(f"{wrong}; is the extra installed? uv sync --extra kokoro") from wrong
        return RATE_MADE, (np.clip(wave, -1, 1) * 32767).astype("<i2").tobytes()

    def _speak(self, text: str, speed: float) -> Samples:
        kind = KINDS[self.name]
        said = text if kind.language == "es" else speakable(text)
        if said and said[-1].isalnum():
            said = f"{said[0].upper()}{said[1:]}."  # else a single word is left hanging in the air
        if kind.engine == "kokoro":
            return self.engines.kokoro.speak(said, self.name, speed)
        return speak_embedded(self.engines.english, said, EMBEDDED_VOICES[self.name], speed, 3)


def voice_named(name: str, engines: Engines, cache: Path | None = None) -> CachedVoice:
    """The voice of that name; InvalidInput with the names there are when there is none."""
    if name not in KINDS:
        raise InvalidInput(
            "no such voice",
            problems=[
                Problem(f"no voice {name!r}", where="--voice", next_step=f"one of: {', '.join(KINDS)}")
            ],
        )
    return PiperVoice(cache) if KINDS[name].engine == "piper" else EngineVoice(name, engines, cache)
