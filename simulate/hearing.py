"""What the agent's recogniser makes of a caller's sentence: the same sound and the same recogniser as on a
call, but no line and no clock, so that the result does not depend on how busy the machine is.

What is left out: turn taking (each sentence is decoded whole, as the service decodes a turn at its last
pause) and talking over each other. ``--door audio`` has both.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

from agent.speech import loops, recognizer
from agent.speech.heard import Heard
from agent.speech.recognizer import Recognizer
from agent.speech.stt import LANGUAGES, expected
from agent.understanding.base import Patience
from simulate.sound import RATE, from_mulaw
from simulate.voice import CachedVoice

SLOWER = (1.0, 0.92, 0.85)
"""How fast something is said the first time, the second time, and from then on."""


@dataclass(frozen=True)
class Spoken:
    """One sentence on its way: what was said, what was heard, and how sure the recogniser was."""

    said: str
    heard: str
    confidence: float = 1.0
    take: int = 1
    language: str = "en"


class Line(Protocol):
    """How a caller's words come to the agent."""

    async def say(
        self,
        text: str,
        *,
        vocabulary: Sequence[str] = (),
        patience: Patience = "open",
        take: int = 1,
        language: str = "en",
        careful: bool = False,
    ) -> Spoken:
        """The words as they arrive; ``take`` counts how often the caller has said them.

        ``language`` is the one that was spoken last.
        """


class Written:
    """Words arrive as they were meant."""

    async def say(
        self,
        text: str,
        *,
        vocabulary: Sequence[str] = (),
        patience: Patience = "open",
        take: int = 1,
        language: str = "en",
        careful: bool = False,
    ) -> Spoken:
        """Unchanged."""
        return Spoken(text, text, 1.0, take, language)


@dataclass
class Hearing:
    """Words arrive through a voice, a telephone, noise ``snr_db`` below the speech, and the recogniser.

    ``folder`` keeps what was recognised, by everything the result depends on (None: nothing is kept).
    """

    recognizer: Recognizer
    voice: CachedVoice
    snr_db: float | None = None
    folder: Path | None = None
    decoded: int = field(default=0, init=False)
    """How often the recogniser was really asked."""

    async def say(
        self,
        text: str,
        *,
        vocabulary: Sequence[str] = (),
        patience: Patience = "open",
        take: int = 1,
        language: str = "en",
        careful: bool = False,
    ) -> Spoken:
        """What is heard, with the recogniser's confidence."""
        words = expected(vocabulary, spelling=patience == "spelled")
        path = self._path(text, words, take, language, careful)
        if path is not None and path.exists():
            return Spoken(**json.loads(path.read_text("utf-8")))
        heard = await self._decode(text, words, take, language, careful)
        spoken = Spoken(text, heard.text, round(heard.confidence, 4), take, heard.language or language)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_text(json.dumps(asdict(spoken), ensure_ascii=False), "utf-8")
            part.replace(path)
        return spoken

    async def _decode(
        self, text: str, words: Sequence[str], take: int, language: str, careful: bool
    ) -> Heard:
        speed = SLOWER[min(take, len(SLOWER)) - 1]
        clip = await self.voice.utterance(text, speed=speed, snr_db=self.snr_db, take=take)
        sound = from_mulaw(b"".join(clip.packets)).astype("<i2").tobytes()
        self.decoded += 1
        return await self.recognizer.hear(
            sound, RATE, words=words, language=language, others=LANGUAGES, careful=careful
        )

    def _path(self, text: str, words: Sequence[str], take: int, language: str, careful: bool) -> Path | None:
        if self.folder is None:
            return None
        model, noise = self.recognizer.model_name, self.snr_db
        key = [model, _version(), self.voice.style, noise, take, text, list(words), language, careful]
        digest = hashlib.sha256(json.dumps(key).encode()).hexdigest()
        return self.folder / digest[:2] / f"{digest}.json"


@cache
def _version() -> str:
    """The recogniser's code is part of every key: a change to it is measured anew."""
    code = "".join(inspect.getsource(module) for module in (recognizer, loops))
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def noise_name(snr_db: float | None) -> str:
    """As a person writes it."""
    return "clean" if snr_db is None else f"{snr_db:g} dB"
