"""The process's speech: everything heavy, loaded once, warmed before the first call, shared by all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loguru import logger
from pipecat.processors.frame_processor import FrameProcessor

from agent.speech.cache import PcmCache
from agent.speech.judge import TurnJudge
from agent.speech.patches import changed
from agent.speech.providers import providers
from agent.speech.providers.base import Build, Parts, SpeechProfile
from agent.speech.recognizer import ModelChoice, Recognizer
from agent.speech.spanish_voice import SpanishVoice, missing
from agent.speech.speakable import speakable
from agent.speech.tongues import aloud
from agent.speech.turns import Turns, build_turns
from agent.speech.vad import VoiceActivity
from agent.speech.voice import Voice
from agent.understanding.base import Patience
from core.errors import InvalidInput, Problem, StartupError
from flows.languages import ENGLISH


@dataclass(frozen=True)
class CallServices:
    """One call's ears, mouth and turn taking; nothing in it is shared with another call but weights."""

    stt: FrameProcessor
    tts: FrameProcessor
    turns: Turns


class SpeechEngine:
    """``await load(...)``, ``await warm()``, then ``for_call`` any number of times, then ``close()``.

    ``options`` are the providers' (``openai_api_key``, ``openai_base_url``, ``piper_url`` ...).
    ``production`` refuses providers that are for measurements only. Without ``embedded`` the embedded
    recogniser and voice are not loaded (all calls speak through vendors).
    """

    def __init__(
        self,
        *,
        model: ModelChoice = "auto",
        workers: int | None = None,
        phrase_cache_bytes: int = 48 * 1024 * 1024,
        options: Mapping[str, str] | None = None,
        production: bool = False,
        embedded: bool = True,
    ):
        self.ready = False
        self.load_seconds = 0.0
        self.warm_seconds = 0.0
        self.options = dict(options or {})
        self.production = production
        self.cache = PcmCache(phrase_cache_bytes)
        self.activity = VoiceActivity()
        self.judge = TurnJudge()
        self.recognizer: Recognizer | None = None
        self.voice: Voice | None = None
        self._model: ModelChoice = model
        self._workers = workers
        self._embedded = embedded

    # -- life --------------------------------------------------------------------------------

    async def load(self, cache_dir: Path) -> None:
        """Verify and load every model, off the event loop. Raises ``WeightsError``, ``StartupError``."""
        began = time.perf_counter()
        altered = changed()
        if altered:
            step = "install the locked version: uv sync"
            raise StartupError(
                "the installed pipecat is not the one this release was made for",
                problems=[Problem("has changed", where=name, next_step=step) for name in altered],
            )
        work: list[Callable[[], None]] = [self.activity.load, self.judge.load]
        if self._embedded:
            self.recognizer = Recognizer(cache_dir, model=self._model, workers=self._workers)
            self.voice = Voice(cache=self.cache)
            if not missing():
                self.voice.spanish = SpanishVoice(cache_dir, self.voice.engine)
            work += [self.recognizer.load, self.voice.load]
        await asyncio.gather(*(asyncio.to_thread(step) for step in work))
        self.load_seconds = time.perf_counter() - began

    async def warm(self) -> None:
        """Run everything once, so that no caller pays for a first time; then the engine is ready."""
        began = time.perf_counter()
        # one after the other: the recogniser measures this host while nothing else runs
        if self.recognizer is not None:
            await asyncio.to_thread(self.recognizer.warm)
        if self.voice is not None:
            await asyncio.to_thread(self.voice.warm)
        await asyncio.to_thread(self.activity.warm)
        await asyncio.to_thread(self.judge.warm)
        await asyncio.to_thread(_warm_text)
        self.warm_seconds = time.perf_counter() - began
        self.ready = True
        logger.info(
            "speech is ready: {} at {:.0f} ms a sentence, loaded in {:.1f} s, warmed in {:.1f} s",
            self.recognizer.model_name if self.recognizer else "no embedded recogniser",
            self.recognizer.measured_ms if self.recognizer else 0.0,
            self.load_seconds,
            self.warm_seconds,
        )

    async def prime(
        self,
        texts: Iterable[str],
        *,
        profile: SpeechProfile | None = None,
        rate: int = 8000,
        language: str = ENGLISH,
    ) -> int:
        """Make phrases that will recur (openings, asks) ahead of the calls; returns how many were new."""
        profile = profile or SpeechProfile()
        voice = profile.voice if language == ENGLISH else profile.spanish
        if self.voice is None or profile.tts != "embedded" or not voice:
            return 0
        spoken = [aloud(text, language) for text in texts]
        return await self.voice.prime(spoken, rate=rate, speed=profile.speed, voice=voice)

    def close(self) -> None:
        """Stop the threads and let go of the weights."""
        self.ready = False
        for part in (self.recognizer, self.voice, self.activity, self.judge):
            if part is not None:
                part.close()

    # -- calls -------------------------------------------------------------------------------

    def check(self, profile: SpeechProfile) -> list[Problem]:
        """What keeps a profile from being used, with what to do; empty when it can be."""
        problems = []
        for kind, name in (("stt", profile.stt), ("tts", profile.tts)):
            choices = self.choices(kind)
            if name not in choices:
                step = f"choose one of: {', '.join(choices)}"
                problems.append(Problem(f"no provider {name!r}", where=kind, next_step=step))
                continue
            problems += [
                Problem("is not set", where=option, next_step=f"set {option.upper()}")
                for option in providers()[name].needs
                if not self.options.get(option)
            ]
        return problems

    def choices(self, kind: str) -> list[str]:
        """Names of the providers that can be chosen for ``stt`` or ``tts``."""
        return sorted(
            name
            for name, provider in providers().items()
            if getattr(provider, kind) and (provider.production or not self.production)
        )

    def for_call(
        self,
        profile: SpeechProfile | None = None,
        *,
        vocabulary: Sequence[str] = (),
        patience: Patience = "open",
        muted: bool = False,
        keep_idle: bool = False,
    ) -> CallServices:
        """New services for one call, in well under a millisecond once warm.

        Raises ``InvalidInput`` for a profile that cannot be used (``check`` tells beforehand).
        """
        profile = profile or SpeechProfile()
        problems = self.check(profile)
        if problems:
            raise InvalidInput("this voice profile cannot be used", problems=problems)
        parts = Parts(self.recognizer, self.voice, self.options, tuple(vocabulary))
        return CallServices(
            stt=_build(providers()[profile.stt].stt, profile, parts),
            tts=_build(providers()[profile.tts].tts, profile, parts),
            turns=build_turns(
                self.activity.detector(), self.judge, patience=patience, muted=muted, keep_idle=keep_idle
            ),
        )


def _build(build: Build | None, profile: SpeechProfile, parts: Parts) -> FrameProcessor:
    assert build is not None  # check() has seen to it
    return build(profile, parts)


def _warm_text() -> None:
    """The first use of pipecat's sentence splitter and of our text rules builds their tables."""
    from pipecat.utils.string import match_endofsentence

    match_endofsentence("Hello there. How are you?")
    speakable("Call (303) 555-0142.")
    providers()
