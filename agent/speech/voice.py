"""Text to PCM: one hibari engine a process, a phrase cache before it, a small thread pool behind it.

The names of Spanish speakers are voices like the others, made by ``SpanishVoice`` on its own thread.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import soxr
from hibari import Hibari

from agent.speech.cache import Key, PcmCache
from agent.speech.samples import Samples
from agent.speech.spanish_voice import GAIN as SPANISH_GAIN
from agent.speech.spanish_voice import SPANISH_VOICES, SpanishVoice, pieces
from agent.speech.timbre import EMBEDDED_VOICES, speak
from agent.speech.weights import HIBARI_VOICE, HIBARI_WORDS, verified

SPEEDS = (0.7, 1.4)
_GAIN = 1.7
"""The engine speaks at -27 dBFS; telephone speech is expected near -22 (ITU-T P.56 active level)."""
_CEILING = 0.9
_SILENT = 0.006
_LEAD = 0.02
_TRAIL = 0.18
_GIVE_WAY = 0.1
_SEED = 20
"""The breath noise is random: a fixed seed makes a phrase the same every time it is made."""

_LETTER_A = re.compile(
    r"\bA\b(?=\s+as in\b)|(?<=\b[A-Z0-9][ ,] )A\b|(?<=\b[A-Z0-9] )A\b|\bA\b(?=,?\s[A-Z0-9]\b)"
)


@dataclass(slots=True)
class VoiceTally:
    """Counters of a process, for metrics."""

    phrases: int = 0
    audio_seconds: float = 0.0
    synthesis_seconds: float = 0.0
    waiting: int = 0


class Voice:
    """The process's text-to-speech. ``speak`` yields one piece of PCM a sentence, cached by its text."""

    def __init__(
        self, *, workers: int = 2, cache: PcmCache | None = None, spanish: SpanishVoice | None = None
    ):
        self.cache = cache or PcmCache()
        self.spanish = spanish
        self.tally = VoiceTally()
        self._engine: Hibari | None = None
        self._pool = ThreadPoolExecutor(max(1, min(workers, os.cpu_count() or 1)), thread_name_prefix="speak")
        self._making: dict[Key, asyncio.Task[bytes]] = {}

    # -- life --------------------------------------------------------------------------------

    def load(self) -> None:
        """Verify and load the voice (off the event loop). Raises ``WeightsError``."""
        verified(HIBARI_WORDS)
        model = verified(HIBARI_VOICE)
        self._engine = Hibari(voice="heart", model=str(model), threads=1)

    def warm(self) -> None:
        """Load what the engine loads on first use (dictionaries, unknown-word net), off the event loop."""
        self.synthesize("Warming up with kvCORE.", speed=1.0, rate=8000)

    def close(self) -> None:
        """Stop the threads and forget the phrases being made."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self.spanish is not None:
            self.spanish.close()
        self._engine = None

    # -- speaking ----------------------------------------------------------------------------

    def sentences(self, text: str, voice: str = "heart") -> list[str]:
        """How a text is cut into pieces that are made, cached and started one at a time."""
        if voice in SPANISH_VOICES:
            return pieces(text)
        return [s.strip() for s in self._ready().split_sentences(text) if s.strip()]

    async def speak(
        self, text: str, *, rate: int, speed: float = 1.0, voice: str = "heart"
    ) -> AsyncIterator[bytes]:
        """16-bit mono PCM at ``rate`` Hz, sentence by sentence.

        The next sentence is made while this one is taken. Raises ``ValueError`` for a voice that is not
        in the package, ``WeightsError`` for one whose extra is not installed.
        """
        cut = self.sentences(text, voice)
        ahead: asyncio.Future[bytes] | None = None
        for number, piece in enumerate(cut):
            pcm = await (ahead or self.sentence(piece, rate=rate, speed=speed, voice=voice))
            follows = cut[number + 1] if number + 1 < len(cut) else None
            ahead = (
                asyncio.ensure_future(self.sentence(follows, rate=rate, speed=speed, voice=voice))
                if follows
                else None
            )
            if pcm:
                yield pcm

    async def sentence(self, text: str, *, rate: int, speed: float = 1.0, voice: str = "heart") -> bytes:
        """PCM of one sentence, from the cache or made; calls that want the same at once share the work."""
        check_voice(voice)
        speed = round(min(max(speed, SPEEDS[0]), SPEEDS[1]), 2)
        key = (voice, speed, rate, text)
        pcm = self.cache.get(key)
        if pcm is not None:
            return pcm
        making = self._making.get(key)
        if making is None:
            making = asyncio.create_task(self._make(key))
            self._making[key] = making
            making.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(making)

    async def prime(
        self, texts: Iterable[str], *, rate: int, speed: float = 1.0, voice: str = "heart"
    ) -> int:
        """Make recurring phrases ahead (openings, asks); returns how many sentences were new.

        Spanish ones give way to whatever a caller waits for, and are kept on disk.
        """
        new = 0
        for text in texts:
            for piece in self.sentences(text, voice):
                if (voice, round(speed, 2), rate, piece) in self.cache:
                    continue
                if self.spanish is not None and voice in SPANISH_VOICES:
                    while self.tally.waiting:  # noqa: ASYNC110 - a caller's sentence is never delayed by this
                        await asyncio.sleep(_GIVE_WAY)
                    pcm = await self.sentence(piece, rate=rate, speed=speed, voice=voice)
                    await asyncio.to_thread(self.spanish.keep, voice, round(speed, 2), rate, piece, pcm)
                else:
                    await self.sentence(piece, rate=rate, speed=speed, voice=voice)
                new += 1
        return new

    async def _make(self, key: Key) -> bytes:
        voice, speed, rate, text = key
        self.tally.waiting += 1
        try:
            pcm = await asyncio.get_running_loop().run_in_executor(
                self._pool_of(voice), lambda: self._pcm(text, speed=speed, rate=rate, voice=voice)
            )
        finally:
            self.tally.waiting -= 1
        self.cache.put(key, pcm)
        return pcm

    def _pool_of(self, voice: str) -> ThreadPoolExecutor:
        """Slow Spanish work never stands before an English sentence."""
        return self.spanish.pool if self.spanish is not None and voice in SPANISH_VOICES else self._pool

    def _pcm(self, text: str, *, speed: float, rate: int, voice: str) -> bytes:
        """From the disk where a Spanish sentence is kept there, else made."""
        kept = None
        if self.spanish is not None and voice in SPANISH_VOICES:
            kept = self.spanish.kept(voice, speed, rate, text)
        return kept if kept is not None else self.synthesize(text, speed=speed, rate=rate, voice=voice)

    def synthesize(self, text: str, *, speed: float, rate: int, voice: str = "heart") -> bytes:
        """Make one sentence in the calling thread: 16-bit mono PCM, trimmed of the silence around it."""
        began = time.perf_counter()
        made, wave = self._wave(text, speed, voice)
        if rate != made and len(wave):
            wave = soxr.resample(wave, made, rate, quality="HQ")
        pcm = (np.clip(wave, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
        self.tally.phrases += 1
        self.tally.audio_seconds += len(pcm) / 2 / rate
        self.tally.synthesis_seconds += time.perf_counter() - began
        return pcm

    def _wave(self, text: str, speed: float, voice: str) -> tuple[int, Samples]:
        """The engine's own rate, and the sentence trimmed and as loud as a telephone expects."""
        if voice in SPANISH_VOICES:
            if self.spanish is None:
                raise ValueError(f"no embedded voice {voice!r}: no Spanish voice is loaded")
            wave = self.spanish.wave(text, voice, speed)
            return self.spanish.rate, louder(trimmed(wave, self.spanish.rate), SPANISH_GAIN)
        engine = self._ready()
        text = _LETTER_A.sub("[A](/ˈA/)", text)
        wave = speak(engine, text, EMBEDDED_VOICES[voice], speed, _SEED)
        return engine.sample_rate, louder(trimmed(wave, engine.sample_rate))

    def engine(self) -> Hibari:
        """The English engine; RuntimeError while it is not loaded."""
        return self._ready()

    def _ready(self) -> Hibari:
        if self._engine is None:
            raise RuntimeError("the voice is not loaded")
        return self._engine


def trimmed(wave: Samples, rate: int) -> Samples:
    """Cut the engine's 0.3 s of silence before and 0.5 s after a sentence: callers wait through it."""
    heard = np.flatnonzero(np.abs(wave) > _SILENT)
    if not len(heard):
        return wave[:0]
    first = max(0, int(heard[0]) - int(_LEAD * rate))
    last = int(heard[-1]) + int(_TRAIL * rate)
    return wave[first:last]


def check_voice(name: str) -> None:
    """Raises ``ValueError`` for a name that no embedded voice has."""
    if name not in EMBEDDED_VOICES and name not in SPANISH_VOICES:
        raise ValueError(
            f"no embedded voice {name!r}: there is {', '.join((*EMBEDDED_VOICES, *SPANISH_VOICES))}"
        )


def louder(wave: Samples, gain: float = _GAIN) -> Samples:
    """Raise to telephone level; peaks above the ceiling are bent, not clipped."""
    wave = wave * gain
    over = np.abs(wave) > _CEILING
    if over.any():
        bent = _CEILING + (1 - _CEILING) * np.tanh((np.abs(wave) - _CEILING) / (1 - _CEILING))
        wave = np.where(over, np.sign(wave) * bent, wave)
    return wave.astype(np.float32)
